#!/usr/bin/env python3
"""The report does not depend on the number of threads: byte for byte the same
JSON for every --jobs, of committed captures and of a generated one, from a file
and from a pipe, as pcap, pcapng and zst. tests/unit/test_parts.c does the same to
all committed captures, without the threads."""
import concurrent.futures
import os
import re
import shutil
import subprocess
import tempfile

from tap import PROGRAM, check, done, skip, some_captures

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
JOBS = (1, 2, 3, 8)
CAPTURES = 40
PACKETS, FLOWS, SEED = "60000", "3000", "7"
FILE = re.compile(rb'"file":"[^"]*"')


def report(path, jobs, given=None):
    """(JSON but for the file's name, exit code)"""
    done_ = subprocess.run(
        [PROGRAM, "analyze", "--json", "--all-flows", f"--jobs={jobs}", path],
        input=given, capture_output=True, check=False)
    return FILE.sub(b'"file":""', done_.stdout), done_.returncode


def differs(path):
    """The first number of threads with another report; None: none has."""
    one = report(path, JOBS[0])
    return next((jobs for jobs in JOBS[1:] if report(path, jobs) != one), None)


def committed():
    paths = some_captures(CAPTURES)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [f"{path}: --jobs {jobs}" for path, jobs in
                 zip(paths, pool.map(differs, paths)) if jobs]
    check("the JSON of committed captures is the same for every number of "
          "threads", len(paths) >= CAPTURES // 2 and not wrong,
          "\n".join(wrong[:9]))


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


def generated(folder):
    path = os.path.join(folder, "x.pcap")
    program = os.path.join(os.path.dirname(PROGRAM), "bench", "generate")
    if not os.path.exists(program):
        program = os.path.join(TOP, "build", "bench", "generate")
    with open(path, "wb") as out:
        subprocess.run([program, "mixed", PACKETS, FLOWS, SEED], stdout=out,
                       check=True)
    first = report(path, 1)
    check("the generated capture has incidents to compare",
          first[0].count(b'"type":"incident"') > 9)
    for name, form, given in forms(folder, path):
        wrong = [jobs for jobs in JOBS
                 if report(form, jobs, given)[0] != first[0]]
        check(f"{name} of many connections, the same for every number of "
              "threads", not wrong, f"--jobs {wrong}")


def bounds():
    path = os.path.join(TOP, "tests", "captures", "lab")
    usage = subprocess.run([PROGRAM, "analyze", "--jobs=0", path],
                           capture_output=True, check=False)
    check("no thread at all is wrong usage", usage.returncode == 2)
    usage = subprocess.run([PROGRAM, "analyze", "--jobs=65", path],
                           capture_output=True, check=False)
    check("and so are too many", usage.returncode == 2)


committed()
bounds()
with tempfile.TemporaryDirectory(prefix="culprit-jobs-") as place:
    generated(place)
done()
