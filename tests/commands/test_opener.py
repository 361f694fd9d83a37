#!/usr/bin/env python3
"""The process that opens the files of a rotating recording (root): what it
holds, and what it refuses. What its sandbox forbids: tests/unit/
test_opener_sandbox.c."""
import os
import re
import stat
import tempfile
import time

from live import end, finish, listen, namespace, talk
from tap import PROGRAM, check, done, run, skip

NOBODY = 65534
IS_SANITIZED = "sanitized" in PROGRAM


def helper_of(process):
    """The process that `capture` has started."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    with open(path, encoding="ascii") as file:
        return int(file.read().split()[0])


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(re.findall(r"(\w+):\s*(.*)", file.read()))


def allowed(pid):
    """What it has open, once it has closed what it handed over, and what it may
    do."""
    limit = time.monotonic() + 5
    while len(os.listdir(f"/proc/{pid}/fd")) > 3 and time.monotonic() < limit:
        time.sleep(0.01)
    links = {name: os.readlink(f"/proc/{pid}/fd/{name}")
             for name in os.listdir(f"/proc/{pid}/fd")}
    return links, status_of(pid)


def keeps_little(folder):
    process = listen("-C", "1", "-w", os.path.join(folder, "part"))
    links, status = allowed(helper_of(process))
    check(int(status["CapEff"], 16) == int(status["CapPrm"], 16) ==
          int(status["CapBnd"], 16) == int(status["CapInh"], 16) == 0 and
          status["NoNewPrivs"] == "1",
          "in a folder of root's the process that opens files keeps no "
          "capability and gains none", status)
    check(sorted(links) == ["0", "1", "2"] and
          links["0"].startswith("socket:") and
          links["1"] == links["2"] == os.path.realpath(folder),
          "it holds a socket and the folder, and nothing else", links)
    if IS_SANITIZED:
        skip("its system calls are on a list", "not under the sanitizers")
    else:
        check(status["Seccomp"] == "2", "its system calls are on a list",
              status)
    end(process)

    ours = os.path.join(folder, "ours")
    os.mkdir(ours)
    for name in ("part", "part1"):
        with open(os.path.join(ours, name), "w", encoding="ascii"):
            os.chmod(os.path.join(ours, name), 0o644)
    process = listen("-C", "1", "-w", os.path.join(ours, "part"))
    talk(lambda: os.stat(os.path.join(ours, "part1")).st_size > 0)
    code, _, errors = end(process)
    modes = [stat.S_IMODE(os.stat(os.path.join(ours, name)).st_mode)
             for name in ("part", "part1")]
    check(code == 0 and modes == [0o600, 0o600],
          "older files that a recording takes become their owner's alone",
          (errors, modes))

    theirs = os.path.join(folder, "theirs")
    os.mkdir(theirs)
    os.chown(theirs, NOBODY, NOBODY)
    process = listen("-C", "1", "-w", os.path.join(theirs, "part"))
    _, status = allowed(helper_of(process))
    check(int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 2 and
          int(status["CapBnd"], 16) == 0,
          "in somebody else's it keeps CAP_DAC_OVERRIDE alone", status)
    talk(lambda: len(os.listdir(theirs)) >= 2)
    code, _, errors = end(process)
    made = {name: os.stat(os.path.join(theirs, name))
            for name in sorted(os.listdir(theirs))}
    check(code == 0 and len(made) >= 2 and
          all(entry.st_uid == os.geteuid() and
              stat.S_IMODE(entry.st_mode) == 0o600
              for entry in made.values()),
          "all files of a recording are the caller's and nobody else may read "
          "them", (errors, made))


def refuses(folder):
    """What lies in the way of a later file ends the capture with a report."""
    evidence = os.path.join(folder, "evidence")
    with open(evidence, "wb") as file:
        file.write(b"evidence")

    def in_the_way(words, make):
        """A capture whose second file is made by `make` beforehand."""
        made = tempfile.mkdtemp(dir=folder)
        second = os.path.join(made, "part1")
        make(second)
        process = listen("-C", "1", "-w", os.path.join(made, "part"))
        talk(lambda: process.poll() is not None)
        code, output, errors = finish(process)
        with open(evidence, "rb") as file:
            kept = file.read() == b"evidence"
        check(code == 1 and b"part1: " in errors and b"packets" in
              output and kept and
              run("analyze", "-q", os.path.join(made, "part")).returncode == 0,
              f"{words} is not taken for a later file, the report is made",
              (code, errors, kept))
    in_the_way("a symbolic link, even root's own,",
               lambda path: os.symlink(evidence, path))
    in_the_way("a file with another name",
               lambda path: os.link(evidence, path))
    in_the_way("a FIFO", os.mkfifo)

    report = os.path.join(folder, "part1")
    process = listen("-C", "1", "-w", os.path.join(folder, "part"), "-o",
                     report)
    talk(lambda: process.poll() is not None)
    code, _, errors = finish(process)
    with open(report, "rb") as file:
        text = file.read()
    check(code == 1 and b"part1: the report writes there too" in errors and
          b" packets, " in text and b"none failed" in text,
          "the report is not overwritten by a later file", (code, errors,
                                                            text[:100]))
    found = run("capture", "-i", "lo", "-C", "1", "-w", report, "-o", report)
    with open(report, "rb") as file:
        kept = file.read() == text
    check(found.returncode == 2 and b"writes there too" in found.stderr and
          kept, "nor by the first: wrong usage, and nothing has changed",
          found.stderr)


def folders_by_time(folder):
    """-G with a folder in its format: as tcpdump, it has to be there."""
    days = os.path.join(folder, "days")
    os.mkdir(days)
    os.mkdir(os.path.join(days, time.strftime("%Y")))
    code, _, errors = end(listen("-G", "60", "-w",
                                 os.path.join(days, "%Y", "part-%%")))
    names = os.listdir(os.path.join(days, time.strftime("%Y")))
    check(code == 0 and names == ["part-%"],
          "a folder may be named by time, too", (errors, names))
    os.symlink(folder, os.path.join(days, "link%"))
    found = run("capture", "-i", "lo", "-G", "60", "-w",
                os.path.join(days, "link%%", "part"))
    check(found.returncode in (2, 4) and
          not os.path.exists(os.path.join(folder, "part")) and found.stderr,
          "no link is followed to one", found.stderr)
    found = run("capture", "-i", "lo", "-G", "60", "-w",
                os.path.join(days, "%Y", "..", "..", "out"))
    check(found.returncode == 4 and
          not os.path.exists(os.path.join(folder, "out")),
          "nor does .. lead out", found.stderr)


why = namespace()
if why:
    skip("the process that opens files", why)
    done()
with tempfile.TemporaryDirectory() as top:
    os.chmod(top, 0o755)
    for test in (keeps_little, refuses, folders_by_time):
        test(tempfile.mkdtemp(dir=top))
done()
