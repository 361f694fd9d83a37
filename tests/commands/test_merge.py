#!/usr/bin/env python3
"""`culprit merge` gives the report of one run over all captures: byte for byte
the same JSON from 1, 7 and 100 contiguous pieces in any order, of committed
captures and of a generated one; and it refuses what is not whole."""
import json
import os
import random
import re
import shutil
import struct
import subprocess
import tempfile
import zlib

from copies import beside_a_stray
from pieces import pieces
from tap import (PROGRAM, captures, check, done, lab, probe_recordings, run,
                 run_often, some_captures)
from waiting import wait_until

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
# Memory errors show in fewer than what the reports are compared of.
IS_SANITIZED = "sanitized" in PROGRAM
CAPTURES = int(os.environ.get("MERGE_CAPTURES", "12" if IS_SANITIZED else "40"))
PACKETS = os.environ.get("MERGE_PACKETS", "15000" if IS_SANITIZED else "60000")
FLOWS = "250" if IS_SANITIZED else "1000"  # at once, of those packets
COUNTS = (1, 7, 100)
# where it stands in which file: another in a piece than in the uncut file
# Wireshark counts in a file, and pieces are several.
STREAM = re.compile(rb',"tcp_stream":\d+')
PLACE = re.compile(rb'"(?:file|frame|first_frame|last_frame|against)":'
                   rb'(?:"[^"]*"|\d+)')
FILES = re.compile(rb'"files":\[[^\]]*\]')
RESET = lab("c1_closed_port.client.pcap")
random.seed(7)


def without_places(report):
    return STREAM.sub(b"", PLACE.sub(b"", FILES.sub(b'"file":""', report)))


def write_pieces(folder, path, count):
    """Paths of the pieces in the order of their times, and whether that is
    the order of their frames; none if the capture is not split here."""
    with open(path, "rb") as file:
        parts, is_in_order = pieces(file.read(), count)
    paths = []
    for number, piece in enumerate(parts):
        paths.append(os.path.join(folder, f"piece{number}"))
        with open(paths[-1], "wb") as file:
            file.write(piece)
    return paths, is_in_order


def partial(out, *paths, options=()):
    return run_often("analyze", *options, f"--partial={out}", *paths)


def partials(paths):
    """Of one piece each, in any order."""
    for path in paths:
        made = partial(path + ".part", path)
        if made.returncode or made.stderr:
            return []
    outs = [path + ".part" for path in paths]
    random.shuffle(outs)
    return outs


def outcome(*arguments):
    # the fork server takes 64 arguments
    done_ = (run_often if len(arguments) < 60 else run)(*arguments)
    return done_.stdout, done_.returncode


def differs(path, count):
    """Why the pieces' report is another than that of one run; None: it is
    not."""
    with tempfile.TemporaryDirectory() as folder:
        paths, is_in_order = write_pieces(folder, path, count)
        if not paths:
            return "not split"
        outs = partials(paths)
        if not outs:
            return "no partial results"
        merged = outcome("merge", "--json", "--all-flows", *outs)
        if merged != outcome("analyze", "--json", "--all-flows", *paths):
            return "another report than of one run over the pieces"
        random.shuffle(paths)
        if is_in_order and merged != outcome("analyze", "--json",
                                             "--all-flows", *paths):
            return "another report than of one run in another order"
        whole = outcome("analyze", "--json", "--all-flows", path)
        if is_in_order and (
                without_places(merged[0]) != without_places(whole[0]) or
                merged[1] != whole[1]):
            return "another report than of the uncut file"
    return None


def committed():
    recordings = set(probe_recordings())
    paths = [path for path in some_captures(CAPTURES)
             if path not in recordings]
    for count in COUNTS:
        wrong = []
        judged = 0
        for path in paths:
            why = differs(path, count)
            judged += why is None
            if why and why != "not split":
                wrong.append(f"{path}: {why}")
        check(judged >= len(paths) // 2 and not wrong,
              f"committed captures in {count} pieces, in any order, give the "
              f"JSON of one run", "\n".join(wrong[:9]) or judged)


def generate(path):
    program = os.path.join(os.path.dirname(PROGRAM), "bench", "generate")
    if not os.path.exists(program):
        program = os.path.join(TOP, "build", "bench", "generate")
    with open(path, "wb") as out:
        subprocess.run([program, "planted", PACKETS, FLOWS, "7", "20",
                        os.devnull], stdout=out, check=True)


def generated(folder):
    path = os.path.join(folder, "planted.pcap")
    generate(path)
    for count in COUNTS:
        why = differs(path, count)
        check(why is None, f"{PACKETS} planted packets in {count} pieces give "
              f"the JSON of one run", why)
    paths, _ = write_pieces(folder, path, 7)
    outs = partials(paths)
    one = outcome("merge", "--json", "--jobs=1", *outs)
    check(all(outcome("merge", "--json", f"--jobs={jobs}", *outs) == one
              for jobs in (2, 3, 8)),
          "the number of threads changes nothing")
    several = [os.path.join(folder, name) for name in ("a", "b")]
    partial(several[0], *paths[:3])
    partial(several[1], *paths[3:])
    check(outcome("merge", "--json", *reversed(several)) == one,
          "a partial result of several files is as one of each")
    for options in (("--text",), ("--text", "-v"), ("-q",)):
        merged = outcome("merge", *options, *outs)
        check(merged[1] == 0 and
              merged == outcome("analyze", *options, *paths),
              f"the report with {' '.join(options)} is that of one run")
    filtered = [path + ".filtered" for path in paths]
    for path, out in zip(paths, filtered):
        partial(out, path, options=("--filter", "tcp port 443"))
    check(outcome("merge", "--json", "--all-flows", *filtered) ==
          outcome("analyze", "--json", "--all-flows", "--filter",
                  "tcp port 443", *paths),
          "what a filter leaves keeps its frames' numbers")
    refused = run("merge", outs[0], filtered[1])
    check(refused.returncode == 2 and b"one filter" in refused.stderr,
          "partial results with different filters are refused", refused)
    size = sum(os.path.getsize(path) for path in paths)
    check(sum(map(os.path.getsize, outs)) < size / 2,
          "partial results are smaller than what they are of")


def places():
    """Captures of two places at the same time are told apart as ever."""
    pair = [lab(f"all-lost-small.v4/{name}.pcapng")
            for name in ("client", "r1")]
    with tempfile.TemporaryDirectory() as folder:
        outs = [os.path.join(folder, name) for name in "ab"]
        for files in (beside_a_stray(folder, "client-linger-0.v4"), pair):
            for path, out in zip(files, outs):
                partial(out, path)
            merged = outcome("merge", "--json", *outs)
            check(merged == outcome("analyze", "--json", *files) and
                  b'"capture_points"' in merged[0],
                  "captures of two places give the report of one run")
        named = [f"--at=near={outs[0]}", f"--at=far={outs[1]}"]
        check(outcome("merge", "--json", *named) ==
              outcome("analyze", "--json", f"--at=near={pair[0]}",
                      f"--at=far={pair[1]}"),
              "places have the names that merge is given")
        both = partial(outs[0], *pair)
        check(both.returncode == 2 and b"of another capture point" in
              both.stderr, "one partial result is not of two places", both)


def damage(folder, out):
    with open(out, "rb") as file:
        whole = file.read()
    bad = os.path.join(folder, "bad.part")

    def merged(raw):
        with open(bad, "wb") as file:
            file.write(raw)
        return run_often("merge", "--json", bad)

    wrong = []
    for bit in random.sample(range(8 * len(whole)), 300):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        ended = merged(flipped)
        if ended.returncode != 1 or ended.stdout or b"bad.part: " not in \
                ended.stderr:
            wrong.append((bit, ended))
    check(not wrong, "a bit that is another is found, and nothing reported",
          wrong[:2])
    wrong = [size for size in {*random.sample(range(len(whole)), 100), 0}
             if (lambda ended: ended.returncode != 1 or ended.stdout or
                 b"not whole" not in ended.stderr and size > 26)(
                     merged(whole[:size]))]
    check(not wrong, "a partial result that is cut off is told as not whole",
          wrong[:9])
    # a right checksum does not make it right: what follows is foreign
    wrong = []
    for _ in range(300):
        hostile = bytearray(whole)
        for bit in random.sample(range(8 * 26, 8 * (len(whole) - 8)), 3):
            hostile[bit // 8] ^= 1 << bit % 8
        hostile[-8:-4] = struct.pack("<I", zlib.crc32(hostile[:-8]))
        ended = merged(hostile)
        if ended.returncode not in (0, 1):
            wrong.append(ended)
    check(not wrong, "hostile partial results are read to some end", wrong[:2])
    other = merged(whole.replace(b"culprit partial 1", b"culprit partial 9"))
    check(other.returncode == 1 and b"of version 9; this culprit reads" in
          other.stderr, "that of another version is refused", other)
    more = merged(whole + b"x")
    check(more.returncode == 1 and not more.stdout,
          "something behind its end is found", more)


def same_times(folder):
    """A capture from which a tool made another, with other ports: both have
    the same times, and neither is the other."""
    paths = [os.path.join(folder, f"{port}.pcap") for port in (443, 15432)]
    for path in paths:
        port = int(os.path.basename(path)[:-5])
        record = bytes.fromhex(
            "020000000001020000000002" "0800" "45000028000140004006" "0000"
            "0a000001" "0a000002" "9c40") + port.to_bytes(2, "big") + (
                bytes.fromhex("00000001" "00000000" "50020200" "00000000"))
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535,
                                   1))
            for second in range(3):
                file.write(struct.pack("<IIII", 1700000000 + second, 0,
                                       len(record), len(record)) + record)
    outs = [path + ".part" for path in paths]
    for path, out in zip(paths, outs):
        partial(out, path)
    check(outcome("merge", "--json", *outs) ==
          outcome("analyze", "--json", *paths),
          "two captures of the same times are two", run("merge", *outs))


def refusals(folder):
    out = os.path.join(folder, "a.part")
    again = os.path.join(folder, "again.part")
    same_times(folder)
    partial(out, RESET)
    shutil.copy(RESET, os.path.join(folder, "copy.pcapng"))
    partial(again, os.path.join(folder, "copy.pcapng"))
    for arguments, code, words in (
            (("merge",), 2, b"merge needs partial results"),
            (("merge", RESET), 1, b"it is no partial result"),
            (("merge", os.path.join(folder, "none")), 1, b"no such file"),
            (("merge", "/dev/null"), 1, b"has to be a plain file"),
            (("merge", out, out), 2, b"of the same piece"),
            (("merge", out, again), 2, b"of the same piece"),
            (("merge", "-o", out, out), 2, b"input"),
            (("analyze", "--partial", RESET, RESET), 2, b"input"),
            (("analyze", "--partial", out, "-o", again, RESET), 2,
             b"-o does not go with --partial"),
            (("analyze", "--partial", out, "--fail-on", "any", RESET), 2,
             b"--fail-on does not go with --partial"),
            (("analyze", "--partial", again, probe_recordings()[0]), 2,
             b"recording of a probe"),
            (("merge", "--fail-on", "any", out), 3, b"")):
        ended = run(*arguments)
        check(ended.returncode == code and words in ended.stderr,
              f"{' '.join(map(os.path.basename, arguments))} ends with {code}",
              ended)
    partial(out, RESET)
    damage(folder, out)


def cut_off(folder):
    """A piece that ends early: one run tells of it, and so does merge."""
    with open(captures()[0], "rb") as file:
        raw = file.read()
    path = os.path.join(folder, "cut.pcap")
    with open(path, "wb") as file:
        file.write(raw[:-5])
    out = path + ".part"
    made = partial(out, path)
    one = run_often("analyze", "--json", path)
    merged = run_often("merge", "--json", out)
    check(made.returncode == 1 and made.stderr == one.stderr and
          (merged.stdout, merged.returncode, merged.stderr) ==
          (one.stdout, 1, one.stderr),
          "a capture that is cut off is told as by one run", (made, merged))
    check(not json.loads(merged.stdout.splitlines()[-1])["complete"],
          "and the report is not complete")


def short(folder):
    """Cut off anywhere, up to its beginning: it is not whole."""
    out = os.path.join(folder, "short.part")
    partial(out, captures()[0])
    with open(out, "rb") as file:
        whole = file.read()
    told = set()
    for size in [*range(1, 40), len(whole) // 2, len(whole) - 1]:
        with open(out, "wb") as file:
            file.write(whole[:size])
        ended = run("merge", out)
        told.add((ended.returncode, b"not whole" in ended.stderr,
                  ended.stdout))
    check(told == {(1, True, b"")}, "what is cut off anywhere is not whole",
          told)


def killed(folder):
    """A writer that is killed leaves nothing that merge takes."""
    fifo = os.path.join(folder, "fifo")
    out = os.path.join(folder, "killed.part")
    os.mkfifo(fifo)
    with subprocess.Popen([PROGRAM, "analyze", f"--partial={out}", fifo],
                          stderr=subprocess.DEVNULL) as program:
        with open(RESET, "rb") as file, open(fifo, "wb", 0) as writer:
            writer.write(file.read()[:-20])
            wait_until(lambda: os.path.exists(out) and os.path.getsize(out))
            program.kill()
            program.wait()
    ended = run("merge", out)
    check(ended.returncode == 1 and b"not whole" in ended.stderr and
          not ended.stdout, "what a killed run leaves is refused", ended)


def main():
    committed()
    places()
    with tempfile.TemporaryDirectory() as folder:
        refusals(folder)
        cut_off(folder)
        short(folder)
        killed(folder)
    with tempfile.TemporaryDirectory() as folder:
        generated(folder)
    done()


main()
