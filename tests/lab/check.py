#!/usr/bin/python3
"""The lab as a part of `make check`: check.py PROGRAM.

Tests the lab's own judge, judges the golden recordings, and, where the lab
can run, plays all scenarios. A sanitized program judges the recordings of the
run before it instead of playing again. Prints TAP.
"""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def run(script, *words):
    sys.stdout.flush()
    return subprocess.run(
        [sys.executable, os.path.join(HERE, script), *words], check=False
    ).returncode


def main(program):
    sanitized = "sanitized" in program
    failed = 0
    if not sanitized:
        failed += run("selftest.py") != 0
        subprocess.run(
            ["make", "--no-print-directory", "-s", "lab-tools"], check=True
        )
    failed += run("golden.py", program) != 0
    failed += run(
        "run.py", "--program", program, *(["--again"] if sanitized else [])
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
