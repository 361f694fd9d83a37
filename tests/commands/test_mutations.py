#!/usr/bin/env python3
"""Damaged captures: cut anywhere, any bit turned over.

    test_mutations.py PROGRAM

The many damages are tried inside one process (tests/tools/mutate.c), next to
the sanitized program: MUTATION_CUTS and MUTATION_FLIPS say how many for each
file. `make check` takes some of each, `make mutations` all that are promised.
MUTATION_LOG keeps the outcome of each file, and a run that was cut short goes
on from there as long as `mutate` is the same. The program itself is started
on a few.
"""
import hashlib
import json
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

from tap import PROGRAM, captures, check, done

CUTS = os.environ.get("MUTATION_CUTS", "40")
FLIPS = os.environ.get("MUTATION_FLIPS", "80")
LOG = os.environ.get("MUTATION_LOG")
LINE = re.compile(r"ok \d+ - (.*) survives (\d+) damages$")
SMALL_BYTES = 64 * 1024
STARTED_FILES = 12


def small_captures():
    return [path for path in captures()
            if os.path.getsize(path) <= SMALL_BYTES]


def take_up(log, mutate):
    """The log of this very `mutate`; any other is begun anew."""
    with open(mutate, "rb") as file:
        build = hashlib.sha256(file.read()).hexdigest()
    title = f"# mutate {CUTS} {FLIPS}, build {build}\n"
    log.seek(0)
    if log.readline() != title:
        log.truncate(0)
        log.write(title)
        log.flush()


def survivors(log):
    """The files that came through, with the number of their damages."""
    log.seek(0)
    lines = (LINE.match(line) for line in log)
    return {line[1]: int(line[2]) for line in lines if line}


def in_process(mutate, files):
    """Two processes, each with every other file."""
    with (open(LOG, "a+", errors="replace") if LOG else
          tempfile.TemporaryFile("w+", errors="replace")) as log:
        take_up(log, mutate)
        left = sorted(set(files) - set(survivors(log)))
        start = os.fstat(log.fileno()).st_size
        running = [subprocess.Popen([mutate, CUTS, FLIPS, *part],
                                    stdout=log, stderr=log)
                   for part in (left[0::2], left[1::2]) if part]
        whole = all([process.wait() == 0 for process in running])
        good = {name: damages for name, damages in survivors(log).items()
                if name in files}
        log.seek(start)
        complaints = [line for line in log if not line.startswith("ok ")]
    check(whole and len(good) == len(files) > 0,
          f"{len(good)} of {len(files)} captures survive "
          f"{sum(good.values())} damages", "".join(complaints[-60:]))


def is_json(text):
    lines = text.decode("utf-8").splitlines()  # strict
    return bool(lines) and all(
        isinstance(json.loads(line), dict) for line in lines)


def started(files):
    """The program itself: exit codes, and both of its readers."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "damaged.pcap")
        for number, name in enumerate(files):
            whole = open(name, "rb").read()
            at = (number * 7919 + 31) % len(whole)
            flipped = bytearray(whole)
            flipped[at] ^= 1 << number % 8
            for damaged in (whole[:at], bytes(flipped)):
                with open(path, "wb") as out:
                    out.write(damaged)
                judged = subprocess.run(
                    [PROGRAM, "analyze", "--json", path],
                    stdin=subprocess.DEVNULL, capture_output=True,
                    timeout=60)
                form = ["--svg"] if number % 2 else []
                drawn = subprocess.run(
                    [PROGRAM, "timeline", *form, path],
                    stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
                try:
                    good = is_json(judged.stdout) or (
                        not judged.stdout and judged.returncode == 1)
                    drawn.stdout.decode("utf-8")
                    if form and drawn.stdout:
                        ElementTree.fromstring(drawn.stdout)
                except (ValueError, ElementTree.ParseError):
                    good = False
                if not good or judged.returncode not in (0, 1) or \
                        drawn.returncode not in (0, 1):
                    wrong.append(f"{name} at byte {at}: exits "
                                 f"{judged.returncode}, {drawn.returncode}")
                    wrong.append(judged.stderr.decode(errors="replace"))
                    wrong.append(drawn.stderr.decode(errors="replace"))
    check(not wrong, "the program exits 0 or 1 on damaged captures, with "
          "valid JSON", "\n".join(wrong))


files = small_captures()
mutate = os.path.join(os.path.dirname(PROGRAM), "tools/mutate")
if "sanitized" in PROGRAM:
    in_process(mutate, files)
started(files[::max(1, len(files) // STARTED_FILES)])
done()
