#!/usr/bin/env python3
"""The bounds on memory hold, evictions are counted, a flood hides nothing."""
import ctypes
import functools
import json
import os
import resource
import struct
import subprocess
import tempfile
import threading

from tap import PROGRAM, check, done, run, skip
import craft

SYNS = 300_000
FLOWS = 20_000
# what is measured has the pages of a usual run (tests/run.py forgoes large ones)
ctypes.CDLL(None).prctl(41, 0, 0, 0, 0)  # PR_SET_THP_DISABLE
# the sanitizers reserve terabytes of addresses for themselves
IS_SANITIZED = "sanitized" in PROGRAM
ALLOWED_BYTES = 80 << 20


def record(number, source, source_port, target, target_port, sequence, flags,
           acknowledged=0):
    tcp = struct.pack("!HHIIBBHHH", source_port, target_port, sequence,
                      acknowledged, 5 << 4, flags, 64240, 0, 0)
    ip = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(tcp), number & 0xffff,
                     0x4000, 64, 6, 0, source, target)
    frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + tcp
    return struct.pack("<IIII", 1700000000 + number // 1000000,
                       number % 1000000, len(frame), len(frame)) + frame


@functools.cache
def flooded():
    """A connection is made, SYNs of others flood in, then it is reset."""
    client, server = 0x0a000001, 0xc0000201
    out = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 128, 1),
           record(1, client, 40000, server, 80, 1000, 0x02),
           record(2, server, 80, client, 40000, 5000, 0x12, 1001),
           record(3, client, 40000, server, 80, 1001, 0x10, 5001)]
    for i in range(SYNS):
        out.append(record(10 + i, 0x0b000000 + i, 1024 + i % 60000, server,
                          80, i, 0x02))
    out.append(record(SYNS + 20, server, 80, client, 40000, 5001, 0x14, 1001))
    return b"".join(out)


def write_flood(pipe):
    try:
        pipe.write(flooded())
    finally:
        pipe.close()


def limit():
    if not IS_SANITIZED:
        resource.setrlimit(resource.RLIMIT_AS, (ALLOWED_BYTES, ALLOWED_BYTES))


def flood(max_flows):
    """Exit code, JSON lines, standard error."""
    process = subprocess.Popen(
        [PROGRAM, "analyze", "--json", f"--max-flows={max_flows}", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=limit)
    writer = threading.Thread(target=write_flood, args=(process.stdin,))
    writer.start()
    output, errors = process.stdout.read(), process.stderr.read()
    writer.join()
    lines = [json.loads(line) for line in output.splitlines()]
    return process.wait(), lines, errors.decode()


code, lines, errors = flood(FLOWS)
summary = lines[-1] if lines else {}
check(code == 0 and summary.get("packets") == SYNS + 4,
      f"a flood of {SYNS} SYNs is read to its end within "
      f"{ALLOWED_BYTES >> 20} MB of addresses", errors)
check(summary.get("evicted_flows") == SYNS + 1 - FLOWS,
      f"with --max-flows={FLOWS} all other connections count as evicted",
      summary)
check(any(line.get("frame") == SYNS + 4 for line in lines),
      "an established connection outlives the flood, and its reset is judged",
      lines[:2])


def packed_beyond_memory(packer):
    """A whole capture whose decoder wants a larger window than there is."""
    plain = craft.pcap(craft.reset_after_data(("10.0.0.1", 40000),
                                              ("10.0.0.2", 80)))
    packed = subprocess.run(packer, input=plain, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=True).stdout
    done_ = subprocess.run([PROGRAM, "analyze", "-"], input=packed,
                           capture_output=True, preexec_fn=limit, check=False)
    return done_.returncode, done_.stderr.decode()


if IS_SANITIZED:
    skip("a decoder that finds no memory says so",
         "the sanitizers can't be limited")
else:
    for packer in (["zstd", "--ultra", "-22", "--long=27", "-"],
                   ["xz", "--lzma2=dict=96MiB", "-"]):
        code, errors = packed_beyond_memory(packer)
        check(code == 1 and "no memory to decompress" in errors and
              "damaged" not in errors,
              f"{packer[0]} data that finds no memory is not called damaged",
              (code, errors))
if IS_SANITIZED:
    skip("without a bound, memory runs out and is counted",
         "the sanitizers can't be limited")
else:
    code, lines, errors = flood("none")
    summary = lines[-1] if lines else {}
    check(code == 0 and summary.get("packets") == SYNS + 4 and
          summary.get("evicted_flows", 0) > 0,
          "without a bound, connections that find no memory are counted",
          errors or summary)


def peak_of(options, file):
    """Exit code, peak memory in bytes, what is said."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([PROGRAM, "analyze", "--json", *options],
                                   stdin=file, stdout=subprocess.DEVNULL,
                                   stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        return (process.returncode, usage.ru_maxrss * 1024,
                errors.read().decode())


def large_frames(jobs):
    """Frames of 60 MB, in a file that is mostly holes."""
    frame_bytes = 60_000_000
    with tempfile.TemporaryFile() as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 0, 1))
        for i in range(24):
            file.write(struct.pack("<IIII", 1700000000 + i, 0, frame_bytes,
                                   frame_bytes))
            file.seek(frame_bytes, os.SEEK_CUR)
        file.truncate()
        file.seek(0)
        return peak_of([f"--jobs={jobs}", "-"], file)


def packed_in_a_window(packer, file):
    """Data with a large window, on files: what this process holds, its child
    would have held."""
    plain = craft.pcap(craft.reset_after_data(("10.0.0.1", 40000),
                                              ("10.0.0.2", 80)))
    with tempfile.TemporaryFile() as whole:
        whole.write(plain)
        whole.truncate(300 << 20)
        whole.seek(0)
        subprocess.run(packer, stdin=whole, stdout=file,
                       stderr=subprocess.DEVNULL, check=True)


def windows(file, memory):
    """Peak memory of an analysis of such data, and what is said."""
    file.seek(0)
    return peak_of(["--jobs=1", f"--memory={memory}", "-"], file)


def are_bounded(packer):
    with tempfile.TemporaryFile() as file:
        packed_in_a_window(packer, file)
        code, peak, errors = windows(file, "200M")
        check(code == 1 and "--memory" in errors,
              f"a window of {packer[0]} above a third of --memory is refused",
              (code, errors))
        code, peak, errors = windows(file, "500M")
        check("--memory" not in errors and peak < 250_000_000,
              f"and taken where it is below, {packer[0]}",
              (code, peak, errors))


if IS_SANITIZED:
    skip("windows of decompression are within --memory",
         "the sanitizers take memory of their own")
    skip("large frames are not held many at a time",
         "the sanitizers take memory of their own")
else:
    code, peak, errors = large_frames(2)
    check(code == 0 and peak < 200_000_000,
          "large frames are not held many at a time", (code, peak, errors))
    for packer in (["zstd", "-q", "--ultra", "-1", "--long=27", "-"],
                   ["xz", "-0", "--lzma2=preset=0,dict=96MiB", "-"]):
        are_bounded(packer)


def limited(kib, *words):
    return subprocess.run(
        [PROGRAM, *words], capture_output=True, check=False, preexec_fn=lambda:
        resource.setrlimit(resource.RLIMIT_AS, (kib << 10, kib << 10)))


def what_finds_no_memory(folder):
    """It is said for as little memory as the program runs with: exit 0 only
    where every connection was judged."""
    capture = os.path.join(folder, "a.pcap")
    other = os.path.join(folder, "b.pcap")
    for path in (capture, other):
        with open(path, "wb") as file:
            file.write(craft.pcap(craft.handshake(("10.0.0.1", 40000),
                                                  ("10.0.0.2", 80))))
    for words in (["analyze", "--jobs=1", capture],
                  ["analyze", f"--at=a={capture}", f"--at=b={other}"],
                  ["timeline", "--frame=1", capture],
                  ["compare", capture, other]):
        left_out, wrong = 0, []
        whole = run(*words)
        for kib in range(16000, 80000, 1000):
            done_ = limited(kib, *words)
            is_told = b"culprit: no memory for " in done_.stderr and \
                b" is not judged" in done_.stderr
            left_out += is_told
            if is_told and (done_.returncode != 1 or
                            b"none failed" in b" ".join(
                                done_.stdout.split()) or
                            b"no TCP connection" in done_.stdout) or \
                    done_.returncode == 0 and done_.stdout != whole.stdout:
                wrong.append((kib, done_))
        check(whole.returncode == 0 and left_out and not wrong,
              f"{words[0]}: packets that find no memory are told, exit 1",
              (left_out, wrong[:2]))
    wrong = [done_ for done_ in (
        limited(kib, "analyze", "--json", "--jobs=1", capture)
        for kib in range(16000, 80000, 1000))
        if done_.returncode and b'"complete":true' in done_.stdout]
    check(not wrong, "such a report is marked as not complete", wrong[:2])


def dead_connections(path):
    frames = []
    for number in range(400):
        client = (f"10.{number >> 8}.{number % 7}.{number % 250 + 1}",
                  40000 + number)
        frames += craft.reset_after_data(client, ("10.1.0.2", 80 + number % 3),
                                         at=1700000000 + 300 * number)
    with open(path, "wb") as file:
        file.write(craft.pcap(frames))


def verdicts_that_find_no_memory(folder):
    """The same of verdicts that can't be kept, for each output of a timeline,
    whose reports don't say it; and no limit ends a command by a signal."""
    capture = os.path.join(folder, "many.pcap")
    made = os.path.join(folder, "made")
    dead_connections(capture)
    other = os.path.join(folder, "other.pcap")
    dead_connections(other)
    for words in (["timeline", capture], ["timeline", "--json", capture],
                  ["timeline", "-w", made, capture],
                  ["timeline", f"--html={made}", capture],
                  ["compare", capture, other]):
        def outcome(done_):
            with open(made, "rb") as file:
                return done_.stdout, file.read()
        with open(made, "wb"):
            pass
        whole = run(*words)
        wanted = outcome(whole)
        told, wrong = 0, []
        for kib in range(14000, 42000, 400):
            done_ = limited(kib, *words)
            if done_.returncode == 127:
                continue  # not even the libraries found memory
            told += b"no memory for the verdict of " in done_.stderr
            if done_.returncode not in (0, 1) or \
                    done_.returncode == 1 and not done_.stderr or \
                    done_.returncode == 0 and outcome(done_) != wanted or \
                    b"No connection failed here" in \
                    done_.stdout + done_.stderr:
                wrong.append((kib, done_))
        is_told = told or words[0] == "compare"
        check(whole.returncode == 0 and is_told and not wrong,
              f"{' '.join(words[:2]).replace(folder, '')}: with whatever "
              "memory, a whole report or exit 1 and a sentence",
              (told, wrong[:2]))
    ended = [limited(kib, "analyze", "--jobs=1", capture).returncode
             for kib in range(14000, 42000, 400)]
    check(0 in ended and 1 in ended and not set(ended) - {0, 1, 127},
          "with whatever memory analyze ends by itself", ended)


if IS_SANITIZED:
    skip("packets that find no memory are told",
         "the sanitizers can't be limited")
else:
    with tempfile.TemporaryDirectory() as top:
        what_finds_no_memory(top)
        verdicts_that_find_no_memory(top)

done()
