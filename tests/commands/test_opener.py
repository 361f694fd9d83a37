#!/usr/bin/env python3
"""The process that opens the files of a rotating recording (root): what it
holds, and what it refuses. What its sandbox forbids: tests/unit/
test_opener_sandbox.c."""
import json
import os
import re
import stat
import subprocess
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


def captured(errors):
    """How many packets a capture says that it has captured."""
    return int(re.search(rb"(\d+) packets captured", errors).group(1))


def recorded(*files):
    """How many packets these files have."""
    summary = json.loads(run("analyze", "--json", *files).stdout.splitlines()
                         [-1])
    return summary["packets"]


def refuses(folder):
    """What lies in the way of a later file is not taken, and does not end the
    capture."""
    evidence = os.path.join(folder, "evidence")
    with open(evidence, "wb") as file:
        file.write(b"evidence")

    def in_the_way(words, make):
        """A capture whose second file is made by `make` beforehand."""
        made = tempfile.mkdtemp(dir=folder)
        os.chmod(made, 0o1777)
        first, second, third = (os.path.join(made, name)
                                for name in ("part", "part1", "part2"))
        make(second)
        process = listen("-C", "1", "-w", first)
        talk(lambda: os.path.exists(third) or process.poll() is not None)
        code, output, errors = end(process)
        with open(evidence, "rb") as file:
            kept = file.read() == b"evidence"
        check(code == 1 and errors.count(b"part1: ") == 1 and
              b"the recording goes on in " + first.encode() in errors and
              b"1 file of the recording could not be begun" in errors and
              b"packets" in output and kept,
              f"{words} is not taken for a later file; that is told, and so "
              "the exit status", (code, errors, kept))
        check(os.path.getsize(first) > 2000000 and
              recorded(first, third) == captured(errors),
              "the recording goes on in the file before, and in the one after "
              "it, without a loss", errors)
    in_the_way("a symbolic link, even root's own,",
               lambda path: os.symlink(evidence, path))
    in_the_way("a file with another name",
               lambda path: os.link(evidence, path))
    in_the_way("a FIFO", os.mkfifo)

    def theirs(path):
        with open(path, "wb"):
            os.chown(path, NOBODY, NOBODY)
    in_the_way("in a folder like /tmp another user's file", theirs)
    in_the_way_of_periods(folder, theirs)
    ring_is_lost(folder)
    ring_keeps_its_only_file(folder)


def in_the_way_of_periods(folder, make):
    """The same with -G, where the names of seconds to come are known."""
    made = tempfile.mkdtemp(dir=folder)
    os.chmod(made, 0o1777)
    name = os.path.join(made, "c-%s")
    began = int(time.time())
    planted = [name.replace("%s", str(began + i)) for i in (2, 3, 4)]
    for path in planted:
        make(path)
    process = listen("-G", "1", "-w", name)
    talk(lambda: len(os.listdir(made)) - len(planted) >= 3 or
         process.poll() is not None)
    code, _, errors = end(process)
    files = sorted({os.path.join(made, one) for one in os.listdir(made)} -
                   set(planted))
    check(code == 1 and errors.count(b"the recording goes on in ") == 1 and
          not any(os.path.getsize(path) for path in planted) and
          time.time() - began > 4 and
          recorded(*files) == captured(errors),
          "nor does it end where names of times to come are taken",
          (code, errors, os.listdir(made)))


def ring_is_lost(folder):
    """The size of a ring has a bound, also when none of its files is left."""
    made = tempfile.mkdtemp(dir=folder)
    names = [os.path.join(made, name) for name in ("part0", "part1")]
    os.mkfifo(names[1])
    process = listen("-C", "1", "-W", "2", "-w", names[0][:-1])
    os.rename(names[0], os.path.join(made, "moved"))
    os.mkfifo(names[0])
    talk(lambda: process.poll() is not None)
    code, output, errors = finish(process)
    check(code == 1 and b"packets" in output and b"part1: " in errors and
          b"part0: " in errors and
          run("analyze", "-q", os.path.join(made, "moved")).returncode == 0,
          "a ring of which no file can be taken ends the capture with a "
          "report", (code, errors))


def ring_keeps_its_only_file(folder):
    """Nor is the only file that is left erased when its turn comes again."""
    made = tempfile.mkdtemp(dir=folder)
    names = [os.path.join(made, name) for name in ("part0", "part1")]
    os.mkfifo(names[1])
    process = listen("-C", "1", "-W", "2", "-w", names[0][:-1])
    talk(lambda: process.poll() is not None)
    code, _, errors = finish(process)
    check(code == 1 and b"part1: " in errors and
          b"no other file of the ring" in errors and
          os.path.getsize(names[0]) > 2_000_000 and
          0 < recorded(names[0]) <= captured(errors),
          "a ring of one file that can be taken ends with all that was "
          "captured", (code, errors))


def keeps_apart(folder):
    """No file of a rotation is the report, and that is found out at the
    start."""
    def capture(*words):
        """The capture, which ends after a packet; its report is "part12"."""
        process = subprocess.Popen(
            [PROGRAM, "capture", "-i", "lo", "-c", "1", "-o",
             os.path.join(folder, "part12"), *words], stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        talk(lambda: process.poll() is not None)
        return finish(process)

    def refuses(words, file="part"):
        report = os.path.join(folder, "part12")
        with open(report, "wb") as old:
            old.write(b"old")
        os.chmod(report, 0o644)
        code, _, errors = capture("-w", os.path.join(folder, file), *words)
        with open(report, "rb") as old:
            kept = old.read() == b"old"
        check(code == 2 and kept and
              b"part12: the report writes there too" in errors and
              stat.S_IMODE(os.stat(report).st_mode) == 0o644 and
              os.listdir(folder) == ["part12"],
              f"-w {file} {' '.join(words)} -o part12: wrong usage, and "
              "nothing has changed", (code, errors))
    refuses(["-C", "1"])
    refuses(["-C", "1"], "part1")
    refuses(["-C", "1"], "part12")
    refuses(["-C", "1", "-W", "13"])
    refuses(["-G", "60"], "part12")
    refuses(["-C", "1", "-G", "999999999"])
    for words in (["-C", "1", "-W", "12"], ["-C", "1", "-W", "101"],
                  ["-G", "60"]):
        code, _, errors = capture("-w", os.path.join(folder, "part"), *words)
        check(code == 0, f"-w part {' '.join(words)} -o part12: a name that "
              "the rotation does not reach", errors)



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


def zone_that_goes_back(in_s, by_s):
    """A time zone whose local time goes back so soon, by so many seconds."""
    until = time.gmtime(int(time.time()) + in_s + by_s)
    return (f"STD0DST-0:00:{by_s:02},0/0,{until.tm_yday - 1}/"
            + time.strftime("%H:%M:%S", until))


def clock_goes_back(folder):
    """Names that come again within a run, as each autumn."""
    def capture(name, zone, *words):
        made = tempfile.mkdtemp(dir=folder)
        began = time.monotonic()
        os.environ["TZ"] = zone
        try:
            process = listen("-w", os.path.join(made, name), *words)
        finally:
            del os.environ["TZ"]
        talk(lambda: time.monotonic() - began > 13)
        code, _, errors = end(process)
        files = [os.path.join(made, one) for one in sorted(os.listdir(made))]
        return code, errors, files

    for words in ([], ["-C", "1"]):
        code, errors, files = capture("c%H%M%S", zone_that_goes_back(6, 8),
                                      "-G", "2", *words)
        check(code == 0 and recorded(*files) == captured(errors),
              f"-G 2 {' '.join(words)}: where local time goes back no file of "
              "the run is emptied", (code, errors, files))
        check(any("+0000" in name for name in files) and
              any("+0000" not in name for name in files),
              "names that come again have the offset from UTC", files)
    code, errors, files = capture("d%Y", "UTC", "-G", "3")
    check(code == 0 and len(files) >= 4 and files[1] == files[0] + ".1" and
          recorded(*files) == captured(errors),
          "nor where the format is coarser than the period",
          (code, errors, files))


why = namespace()
if why:
    skip("the process that opens files", why)
    done()
with tempfile.TemporaryDirectory() as top:
    os.chmod(top, 0o755)
    for test in (keeps_little, refuses, keeps_apart, folders_by_time,
                 clock_goes_back):
        test(tempfile.mkdtemp(dir=top))
done()
