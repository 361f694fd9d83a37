#!/usr/bin/env python3
"""The report does not depend on the number of threads: byte for byte the same
JSON for every --jobs, of committed captures and of a generated one, from a file
and from a pipe, as pcap, pcapng and zst. tests/unit/test_parts.c does the same to
all committed captures, without the threads."""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading

from fork_server import ForkServer
from tap import PROGRAM, check, done, skip, some_captures

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
IS_SANITIZED = "sanitized" in PROGRAM
# What is only compared with is run without the sanitizers.
PLAIN = os.path.join(os.path.dirname(os.path.dirname(PROGRAM)), "culprit")
LOADED = threading.local()  # the program, once for each thread
JOBS = (1, 2, 3, 8)
CAPTURES = 40
# fewer packets take as many turns between threads
PLANTED = "planted", *(("15000", "250") if IS_SANITIZED else
                       ("60000", "1000")), "7", "20"
# more than the memory for them holds, so that all parts write to the file
RESETS = "reset", "40000", "7"
FILE = re.compile(rb'"file":"[^"]*"')


def report(path, jobs, *options, form="--json", given=None, program=PROGRAM):
    """(the report but for the file's name, exit code)"""
    done_ = subprocess.run(
        [program, "analyze", form, *options, f"--jobs={jobs}", path],
        input=given, capture_output=True, check=False)
    return FILE.sub(b'"file":""', done_.stdout), done_.returncode


def differs(path):
    """The first number of threads with another report; None: none has."""
    if not hasattr(LOADED, "server"):
        LOADED.server = ForkServer(PROGRAM)
    one, *others = (
        LOADED.server.run("analyze", "--json", "--all-flows", f"--jobs={jobs}",
                          path)
        for jobs in JOBS)
    return next((jobs for jobs, other in zip(JOBS[1:], others)
                 if (other.stdout, other.returncode) !=
                 (one.stdout, one.returncode)), None)


def committed():
    paths = some_captures(CAPTURES)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [f"{path}: --jobs {jobs}" for path, jobs in
                 zip(paths, pool.map(differs, paths)) if jobs]
    check(len(paths) >= CAPTURES // 2 and not wrong,
          "the JSON of committed captures is the same for every number of "
          "threads", "\n".join(wrong[:9]))


def forms(folder, path):
    """(name, path, standard input) of the same packets."""
    with open(path, "rb") as file:
        raw = file.read()
    yield "pcap", path, None
    yield "pcap on standard input", "-", raw
    if shutil.which("zstd"):
        packed = os.path.join(folder, "x.pcap.zst")
        subprocess.run(["zstd", "-q", path, "-o", packed], check=True)
        yield "zst", packed, None
    else:
        skip("zst", "zstd is not installed")
    if shutil.which("editcap"):
        blocks = os.path.join(folder, "x.pcapng")
        subprocess.run(["editcap", "-F", "pcapng", path, blocks], check=True)
        yield "pcapng", blocks, None
    else:
        skip("pcapng", "editcap is not installed")


def generate(path, *arguments):
    program = os.path.join(os.path.dirname(PROGRAM), "bench", "generate")
    if not os.path.exists(program):
        program = os.path.join(TOP, "build", "bench", "generate")
    with open(path, "wb") as out:
        subprocess.run([program, *arguments], stdout=out, check=True)


def generated(folder):
    path = os.path.join(folder, "x.pcap")
    generate(path, *PLANTED, os.path.join(folder, "truth"))
    first = report(path, 1, "--all-flows")
    check(first[0].count(b'"type":"incident"') > 9,
          "the generated capture has incidents to compare")
    for name, form, given in forms(folder, path):
        wrong = [jobs for jobs in JOBS
                 if report(form, jobs, "--all-flows", given=given) != first]
        check(not wrong, f"{name} of many connections, the same for every "
              "number of threads", f"--jobs {wrong}")


def spilled(folder):
    path = os.path.join(folder, "resets.pcap")
    generate(path, *RESETS)
    # what has to be told is the same of both builds; what is met below is not
    one = report(path, 1, "--memory=200M",
                 program=PLAIN if IS_SANITIZED else PROGRAM)
    two = report(path, 2, "--memory=200M")
    summary = json.loads(one[0].splitlines()[-1])
    check(summary["complete"] and summary["incidents"] == int(RESETS[1]),
          "of what is in the temporary file, all is told", summary)
    check(one == two, "and the same by two threads, which share it")
    # what is met here is the bound of memory; half of the sanitizers' time is
    # the JSON of so many incidents, which they have seen above
    form = "-q" if IS_SANITIZED else "--json"
    bounded = report(path, 1, "--memory=64M", form=form)
    check(report(path, 8, "--memory=64M", form=form) == bounded,
          "with little memory there are fewer threads, of which each has enough")


def bounds():
    path = os.path.join(TOP, "tests", "captures", "lab")
    usage = subprocess.run([PROGRAM, "analyze", "--jobs=0", path],
                           capture_output=True, check=False)
    check(usage.returncode == 2, "no thread at all is wrong usage")
    usage = subprocess.run([PROGRAM, "analyze", "--jobs=65", path],
                           capture_output=True, check=False)
    check(usage.returncode == 2, "and so are too many")


committed()
bounds()
with tempfile.TemporaryDirectory(prefix="culprit-jobs-") as place:
    generated(place)
    spilled(place)
done()
