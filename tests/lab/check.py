#!/usr/bin/python3
"""The lab as a part of `make check`: check.py PROGRAM.

Tests the lab's own judge, judges the golden recordings, and, where the lab
can run, plays all scenarios. A sanitized program, which takes its time, judges
the golden recordings only. Prints TAP.
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
    failed = run("golden.py", program) != 0
    if "sanitized" not in program:
        failed += run("selftest.py") != 0
        subprocess.run(
            ["make", "--no-print-directory", "-s", "lab-tools"], check=True
        )
        failed += run("run.py", "--program", program) != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
