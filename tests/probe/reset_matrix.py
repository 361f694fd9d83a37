#!/usr/bin/python3
"""Devices that reset connections on certain bytes, in every style on every
link, IPv4 and IPv6. For `make probe-reset`; test_reset.py plays some."""

import argparse
import statistics
import time

import stage

import processes
from reset_cases import cases, device, path, wrong
from tap import check

LONG_S = 5


def play(program, case, words):
    def act(built):
        return stage.probe(built, program, case[0], "--only", "reset", *words)

    return stage.play([*path(), *device(*case[1:]), "--serve", "22:ssh"], act)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    pool = processes.Pool(options.jobs)
    started = time.monotonic()
    calls = [
        (case, pool.submit(play, options.program, case, []))
        for number, case in enumerate(cases())
        if number % options.every == 0
    ]
    took, sent = [], []
    for case, call in calls:
        run = call.result()
        family, link, style, inline, both, hop_limit = case
        said = wrong(run, family, link, style, inline, hop_limit)
        check(
            run["status"] == 0 and run["is_same"] and not said,
            f"IPv{family}: {style} on link {link}"
            f"{', in the path' * inline}{', to both ends' * both}{hop_limit}",
            f"{said}\n{run['text']}\n{run['said']}",
        )
        took.append(float(run["lines"][-1]["seconds"]))
        if took[-1] > LONG_S:
            print(f"# that took {took[-1]:.1f} s\n# {run['said']}")
        sent.append(run["lines"][-1]["sent"])
    print(
        f"# {len(took)} cases: {statistics.median(took):.1f} s, "
        f"at most {max(took):.1f} s; {statistics.median(sent)} packets, "
        f"at most {max(sent)}; {time.monotonic() - started:.0f} s in all"
    )


main()
stage.done()
