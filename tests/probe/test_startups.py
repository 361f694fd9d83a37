#!/usr/bin/python3
"""An sshd whose processes are slow to end, as on a busy host, still has the
connections that were closed a moment ago. Does `culprit probe` stay below
MaxStartups all the same?

    test_startups.py PROGRAM [MS]

Needs root, and a C compiler. Five routers with their kernels' limits of ICMP
errors, 20 ms; sshd's processes live MS milliseconds longer. Its MaxStartups
refuses every connection beyond ten, instead of some.
"""

import os
import subprocess
import sys

import stage

import packets_read
import processes
import sshd
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
PORT = 22
LEAST_CLOSED = 8  # connections: as many as are open at once
LONGER_MS = int(sys.argv[2]) if len(sys.argv) > 2 else 150
MOST_S = 15  # of a default run
OPTIONS = "MaxStartups 10"
# Of each connection's two processes the one without a system call filter.
SLOW_END = """
#include <sys/syscall.h>
#include <unistd.h>
void _exit(int status)
{
	if (getuid() == 0)
		usleep(LONGER_MS * 1000);
	for (;;)
		syscall(SYS_exit_group, status);
}
"""
RUNS = (
    ("the path's experiments", ["--only", "mtu,reverse"]),
    ("a default run", []),
)


def slow_end():
    """The library that makes a process's end slow."""
    os.makedirs(stage.RECORDINGS, exist_ok=True)
    library = os.path.join(stage.RECORDINGS, "slow-end.so")
    subprocess.run(
        ["cc", "-shared", "-fPIC", f"-DLONGER_MS={LONGER_MS}", "-xc", "-",
         "-o", library],
        input=SLOW_END,
        text=True,
        check=True,
    )
    return library


def play(family, words, environment):
    def act(path):
        sshd.start(path.server, OPTIONS, environment=environment)
        run = stage.probe(path, PROGRAM, family, *words)
        stage.wait_unguarded(3)
        run["log"] = stage.sshd_log(path)
        return run

    base = stage.usual_path(ROUTERS)
    return stage.play(base[: base.index("--serve")], act)


def closings_ms(run):
    """How long after our FIN the server's came, of each connection that we
    closed first."""
    ours, theirs, closed_by_it = {}, {}, set()
    for packet in packets_read.read(run["recording"])[0]:
        if not packet.flags & packets_read.FIN:
            continue
        if packet.dport == PORT:
            if packet.sport not in closed_by_it:
                ours.setdefault(packet.sport, packet.time_ns)
        elif packet.dport not in ours:
            closed_by_it.add(packet.dport)
        else:
            theirs.setdefault(packet.dport, packet.time_ns)
    return [(at - ours[port]) / 1e6 for port, at in theirs.items()]


def is_slow(run):
    """Else nothing was tested."""
    closings = closings_ms(run)
    return len(closings) >= LEAST_CLOSED and min(closings) >= LONGER_MS


def refusals(run):
    return [line for line in run["log"] if "MaxStartups" in line]


def agreement(run):
    """How many connections passed the whole size."""
    return [
        row["found"]
        for finding in stage.findings(run)
        for row in finding["evidence"]
        if row["fact"] == "flows-agree"
    ]


def main():
    library = slow_end()
    pool = processes.Pool(2)
    begun = [
        (pool.submit(play, family, words, {"LD_PRELOAD": library}), family,
         what, words)
        for family in (4, 6)
        for what, words in RUNS
    ]
    for call, family, what, words in begun:
        run = call.result()
        check(
            run["status"] == 0
            and run["is_same"]
            and is_slow(run)
            and not refusals(run)
            and run["seconds"] <= MOST_S
            and (not words or agreement(run) == ["12 of 12 pass 1500"]),
            f"IPv{family}: {what} opens no connection beyond ten",
            f"{run['seconds']:.1f} s, {agreement(run)}\n"
            f"the server's FINs after {closings_ms(run)} ms\n"
            + "\n".join(run["log"][-12:])
            + f"\n{run['text']}",
        )


main()
done()
