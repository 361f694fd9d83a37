#!/usr/bin/env python3
"""Live capture, on the loopback of a network namespace of its own (root)."""
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from live import Round, end, finish, listen, namespace, provoke, talk
from tap import PROGRAM, check, done, run, skip

check(run("capture").returncode == 2, "capture without -i is wrong usage")
twice = run("capture", "-i", "lo", "-i", "eth0")
check(twice.returncode == 2 and b"-i any" in twice.stderr,
      "several -i are wrong usage, and it is said what to do", twice.stderr)
check(run("capture", "-i", "lo", "-Q", "up").returncode == 2,
      "a direction that is none is wrong usage")
check(run("capture", "-i", "lo", "-w", "-").returncode == 2,
      "recording and report can't both be standard output")
check(run("capture", "-i", "lo", "-C", "1").returncode == 2 and
      run("capture", "-i", "lo", "-G", "1", "-w", "-", "-o", "/dev/null")
      .returncode == 2, "-C and -G take turns between files, named with -w")
check(run("capture", "-i", "lo", "-W", "1", "-w", "x").returncode == 2,
      "-W alone is wrong usage")
refused = run("capture", "-i", "nfqueue:3")
check(refused.returncode == 2 and b"use nflog" in refused.stderr,
      "a queue whose packets wait for a verdict is not captured on",
      refused.stderr)


def files_sorted(output):
    """The same, with the files in the order of their names: a first file may
    be empty, and has no time then by which `analyze` could order it."""
    lines = [json.loads(line) for line in incidents(output)]
    return [{**line, "files": sorted(line.get("files", []))}
            for line in lines]


def incidents(output):
    return [line for line in output.splitlines()
            if json.loads(line)["type"] in ("incident", "summary")]


def recorded(folder):
    """The files in it, in their order, and whether each is a whole pcapng."""
    names = sorted(os.path.join(folder, n) for n in os.listdir(folder))
    judged = [run("analyze", "--json", name).returncode for name in names]
    return names, all(code == 0 for code in judged)


def rotates(parent):
    """-C, -G, -W, in a folder where only root may create files."""
    def record(*arguments):
        folder = tempfile.mkdtemp(dir=parent)
        return folder, listen("--json", "-U", *arguments, "-w",
                              os.path.join(folder, "part"))

    folder, process = record("-C", "1")
    provoke(4060)
    talk(lambda: len(os.listdir(folder)) == 3)
    provoke(4070)
    code, output, errors = end(process)
    live = incidents(output)
    names, is_whole = recorded(folder)
    sizes = [os.path.getsize(name) for name in names]
    check(code == 0 and is_whole and 2 <= len(names) < 9 and
          [os.path.basename(n) for n in names[:2]] == ["part", "part1"] and
          all(1000000 < size < 1020000 for size in sizes[:-1]),
          "-C goes on in another file above so many bytes",
          (code, errors, names, sizes))
    later = incidents(run("analyze", "--json", *names).stdout)
    check(live == later, "files of a rotated recording are judged the same "
          "later, with the same files and frames named",
          b"\n".join(live + [b"--"] + later))
    check(os.stat(names[-1]).st_uid == os.getuid(),
          "later files are created as the calling user too")

    folder, process = record("-C", "1", "-W", "12")
    talk(lambda: len(os.listdir(folder)) == 2)
    end(process)
    names, is_whole = recorded(folder)
    check(is_whole and len(names) >= 2 and
          [os.path.basename(n) for n in names[:2]] == ["part00", "part01"],
          "-W gives names that sort", names)

    folder, process = record("-C", "1", "-W", "2")
    provoke(4080)
    talk(Round(folder).is_over)
    code, output, errors = end(process)
    names, is_whole = recorded(folder)
    gone = [json.loads(line) for line in incidents(output)]
    check(is_whole and [os.path.basename(n) for n in names] ==
          ["part0", "part1"], "-C and -W take turns between so many files",
          names)
    check(gone[0]["type"] == "incident" and "file" not in gone[0],
          "no file is named for packets that have been overwritten", gone)

    folder = tempfile.mkdtemp(dir=parent)
    process = listen("--json", "-G", "1", "-W", "2", "-w",
                     os.path.join(folder, "part-%s"))
    talk(lambda: process.poll() is not None)
    code, output, errors = finish(process)
    names, is_whole = recorded(folder)
    times = [int(name.rsplit("-", 1)[1]) for name in names]
    check(code == 0 and is_whole and len(times) == 2 and
          times[1] > times[0], "-G begins a file named by its time, -W ends "
          "the capture after so many", (code, errors, names))
    later = run("analyze", "--json", *names).stdout
    check(files_sorted(output) == files_sorted(later),
          "and what came later is neither recorded nor judged",
          output + later)

    folder = tempfile.mkdtemp(dir=parent)
    name = os.path.join(folder, "one", "part")
    refused = run("capture", "-i", "lo", "-C", "1", "-w", name)
    check(refused.returncode == 2 and b"can't be created" in refused.stderr,
          "a file that can't be created is told at once", refused.stderr)
    os.mkdir(os.path.dirname(name))
    process = listen("-C", "1", "-w", name)
    moved = os.path.join(folder, "moved")
    os.rename(os.path.dirname(name), moved)
    os.mkdir(os.path.join(moved, "part2"))
    last = os.path.join(moved, "part3")
    talk(lambda: os.path.exists(last) or process.poll() is not None)
    code, output, errors = end(process)
    check(code == 1 and b"part2: it is a directory" in errors and
          b"the recording goes on in " + name.encode() + b"1\n" in errors and
          b"packets captured" in errors,
          "so is a later one, and the recording goes on in the one before",
          errors)
    check(run("analyze", "-q", os.path.join(moved, "part"),
              os.path.join(moved, "part1"), last).returncode == 0,
          "a folder that is moved meanwhile takes the files with it",
          os.listdir(moved))


def netfilter_log():
    """Packets that a rule logs, by a socket of netlink."""
    rules = ("add table inet t; add chain inet t o { type filter hook output "
             "priority 0; }; add rule inet t o udp dport 4090 log group 7")
    if not shutil.which("nft") or subprocess.run(
            ["nft", rules], stderr=subprocess.DEVNULL,
            check=False).returncode != 0:
        skip("nflog is captured on", "no nft, or no netfilter")
        return
    process = subprocess.Popen(
        [PROGRAM, "capture", "-i", "nflog:7", "--json", "-c", "3"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL)
    process.stderr.readline()
    time.sleep(0.5)  # nothing there yet: no end
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for _ in range(3):
            out.sendto(b"x", ("127.0.0.1", 4090))
    code, output, errors = finish(process)
    check(code == 0 and
          json.loads(output.splitlines()[-1])["packets"] == 3,
          "nflog is captured on, also while nothing is logged",
          (code, output, errors))
    subprocess.run(["nft", "delete table inet t"], check=True)


why = namespace()
if why:
    skip("captures on a loopback of its own", why)
    done()

listed = run("capture", "-D").stdout.decode().splitlines()
check(any(re.fullmatch(r"\d+\. lo [^[]*\[loopback\]", line)
          for line in listed) and
      not any("[loopback]" in line for line in listed if ". any " in line),
      "-D lists the interfaces and says which is the loopback", listed)
with tempfile.TemporaryDirectory() as folder:
    recording = os.path.join(folder, "live.pcapng")
    process = listen("--json", "-w", recording)
    provoke(4000)
    time.sleep(0.4)
    code, output, errors = end(process)
    live = incidents(output)
    later = incidents(run("analyze", "--json", recording).stdout)
    check(code == 0 and len(live) >= 2,
          "Ctrl-C ends it with the report, exit 0", (code, output, errors))
    check(live == later, "what it recorded is judged the same later, byte for "
          "byte", b"\n".join(live + [b"--"] + later))
    found = {json.loads(line).get("mechanism") for line in live}
    check("abort" in found, "an abort is told", found)

    process = listen("-c", "5")
    provoke(4010)
    code, output, errors = finish(process)
    check(code == 0 and b"5 packets captured" in errors,
          "-c stops after so many packets", errors)

    process = listen("tcp", "port", "4020")
    provoke(4020)
    provoke(4030)
    time.sleep(0.4)
    code, output, errors = end(process, signal.SIGTERM)
    check(code == 0 and b":4020" in output and b"4030" not in output,
          "a trailing filter is applied, SIGTERM ends it as Ctrl-C does",
          output)

    process = listen()
    provoke(4040)
    time.sleep(0.4)
    code, output, errors = end(process)
    check(b"failed in" in output and re.search(rb"\d+ packets captured", errors),
          "the report comes at the end, the counts go to standard error",
          output + errors)
    process = listen()
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        state = status.read()
    end(process)
    capabilities = re.search(r"CapEff:\s*([0-9a-f]+)", state)
    user = re.search(r"Uid:\s*(\d+)", state)
    check(capabilities and int(capabilities.group(1), 16) == 0 and
          user and user.group(1) != "0",
          "while it listens it has no capability and is not root", state)
    rotates(folder)
    netfilter_log()
    full = run("capture", "-i", "lo", "-w", "/dev/full")
    check(full.returncode == 1 and b"full" in full.stderr,
          "a disk that is full is said at once, exit 1", full.stderr)
    full = listen("-w", recording,
                  before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                    (1000, 1000)))
    provoke(4050)
    code, output, errors = finish(full)
    check(code == 1 and b"can't be written" in errors and
          b"packets captured" in errors and
          run("analyze", "-q", recording).returncode == 0,
          "one that gets full ends it with the report, exit 1, and what was "
          "written is whole", errors)
done()
