#!/usr/bin/python3
"""Plays probes on paths of the lab and keeps their recordings, one a case, in
tests/captures/probe: how the probe's packets are judged is pinned there
(tests/verdicts.txt), also when the prober has changed since.

    recordings.py PROGRAM FOLDER [NAME...]

A name that is given chooses the cases that begin with it. Needs root.
"""

import concurrent.futures
import lzma
import os
import subprocess
import sys
import time

import stage

from planted import LIMITS, ROUTERS
from recorded_cases import cases

# Whoever reads it makes room for this window, whatever it is of; the sanitizers
# mark it as used, and as free again. The 64 MB of preset 9 took them most of the
# time of each of thousands of damages.
WINDOW = [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 20}]


def record(path, program, case):
    """The bytes of the last run's recording."""
    recording = f"/run/lab/{time.monotonic_ns()}.pcapng"
    target = case.target or path.server_address(case.family)
    with path.client.inside():
        for _ in range(case.runs):
            done = subprocess.run(
                [program, "probe", target, *case.words, "-w", recording],
                capture_output=True, check=False, text=True,
            )
    if not os.path.exists(recording):
        raise RuntimeError(f"{case.name}: {done.stderr}")
    with open(recording, "rb") as file:
        return done.returncode, file.read()


def play(case, program, folder):
    kept = os.path.join(folder, f"{case.name}.pcapng.xz")

    def act(path):
        if case.change:
            case.change(path)
        status, recorded = record(path, program, case)
        with lzma.open(kept, "wb", filters=WINDOW) as file:
            file.write(recorded)
        return status

    status = stage.play(
        ["--routers", str(ROUTERS), *LIMITS, *case.options], act
    )
    return case.name, status, os.path.getsize(kept)


def main():
    program, folder = map(os.path.abspath, sys.argv[1:3])
    chosen = [case for case in cases()
              if not sys.argv[3:] or case.name.startswith(tuple(sys.argv[3:]))]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, status, size in pool.map(
            lambda case: play(case, program, folder), chosen
        ):
            print(f"{name}: {size} bytes, exit status {status}", flush=True)


if __name__ == "__main__":
    main()
