#!/usr/bin/python3
"""Every device that forgets idle connections at every hop: five hops, time-outs
of 4 to 60 s, three behaviours, against an echo server; and against sshd, which
gets eight connections at once. For `make probe-idle`; test_idle.py plays some."""

import argparse
import statistics
import time

import stage

import processes
from idle_cases import KINDS, ROUTERS, device, timeouts, width, wrong
from tap import check

SECONDS = (4, 15, 30, 60)
SSH_SECONDS = (4, 15, 30)
SERVERS = {"echo": ("80:echo", "80"), "sshd": ("22:ssh", "22")}


def play(program, server, family, router, seconds, kind):
    serve, port = SERVERS[server]

    def act(path):
        return stage.probe(
            path, program, family, "--only", "idle", "-p", port,
            "--idle-max", "100",
        )

    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    return stage.play(
        [*words, *device(router, seconds, kind), "--serve", serve], act
    )


def cases(servers):
    number = 0
    for server in servers:
        times = SECONDS if server == "echo" else SSH_SECONDS
        for seconds in sorted(times, reverse=True):
            for router in range(1, ROUTERS + 1):
                for kind in KINDS:
                    number += 1
                    yield server, 4 + 2 * (number % 2), router, seconds, kind


def summarise(server, results):
    """What the cases of one server took, on one line for each time-out."""
    for seconds in sorted({case[3] for case, _ in results}):
        runs = [run for case, run in results if case[3] == seconds]
        widths = [
            width(finding) for run in runs for finding in timeouts(run)
            if "died_s" in finding and "survived_s" in finding
        ]
        took = [run["lines"][-1]["seconds"] for run in runs]
        sent = [run["lines"][-1]["sent"] for run in runs]
        exact = sum(
            finding.get("hop") == case[2]
            for case, run in results if case[3] == seconds
            for finding in timeouts(run)
        )
        print(
            f"# {server}, {seconds} s: hop exact in {exact} of {len(runs)}, "
            f"interval at most {100 * max(widths):.1f} %, "
            f"time-outs {statistics.median(float(t) for t in took) / seconds:.2f}, "
            f"at most {max(float(t) for t in took) / seconds:.2f}, "
            f"packets {min(sent)} to {max(sent)}"
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--jobs", type=int, default=16)
    parser.add_argument("--only", choices=SERVERS)
    options = parser.parse_args()
    pool = processes.Pool(options.jobs)
    started = time.monotonic()
    calls = [
        (case, pool.submit(play, options.program, *case))
        for case in cases([options.only] if options.only else SERVERS)
    ]
    results = {}
    for case, call in calls:
        run = call.result()
        server, family, router, seconds, kind = case
        said = wrong(
            run, router, seconds, kind, is_ssh=server != "echo"
        )
        check(
            run["status"] == 0 and run["is_same"] and not said,
            f"{server}, IPv{family}: {kind}, hop {router}, {seconds} s",
            f"{said}\n{run['text']}\n{run['said']}",
        )
        results.setdefault(server, []).append((case, run))
    for server, played in results.items():
        summarise(server, played)
    print(f"# {time.monotonic() - started:.0f} s in all")


main()
stage.done()
