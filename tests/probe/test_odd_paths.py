#!/usr/bin/python3
"""Paths whose routers, devices and servers are unlike the lab's other ones: is
all that `culprit probe` says of them with `certain` or `likely` true, and is
nothing excluded that is there?

    test_odd_paths.py PROGRAM [--all | --only PATTERN]

Without an option some of them; `make probe-odd-paths` plays all. Needs root.
"""

import argparse
import os
import re

import stage

import odd_judge
import odd_paths
import odd_paths_more
import odd_servers
import processes
from tap import check

THEMES = (
    odd_paths.errors,
    odd_paths.claims,
    odd_paths.hop_limits,
    odd_paths_more.kinds_of_packets,
    odd_paths_more.routes,
    odd_paths_more.changes,
    odd_paths_more.fragments,
    odd_paths_more.firewalls,
    odd_paths_more.tunnels,
    odd_servers.hosts,
    odd_servers.kinds,
)
# Those that were judged wrongly once, with a twin, and a few others.
USUAL = (
    "quote 8 bytes, limit, IPv6",
    "quote with labels, length told, hole, IPv4",
    "PTB from hop 4, IPv4",
    "PTB from the target, IPv6",
    "PTB late 0.3 s, IPv6",
    "PTB late 1.2 s, IPv4",
    "a hop takes none, hole, IPv6",
    "no ICMP back, hole, IPv4",
    "no echo above 1024 there, nothing else answers, IPv4",
    "hole of 1400, only echo answers, IPv6",
    "echo replies of 84 bytes, IPv4",
    "echo replies of 84 bytes, hole back, IPv4",
    "echo replies of 84 bytes, hole back, IPv6",
    "own connections at hop 2, hole behind, IPv4",
    "MSS 1300 in the SYN-ACK, hole above, IPv4",
    "no fragments shorter than 100, this host tracks connections, IPv4",
    "no fragments shorter than 100, this host tracks connections, IPv6",
    "20 large packets a second, 5 at once, IPv4",
    "10 large packets a second, 1 at once, IPv6",
)


def play(shape, family, program):
    def act(path):
        if shape.act:
            shape.act(path)
        return stage.probe(
            path, program, family, "-p", str(shape.port), *shape.probe
        )

    return stage.play(shape.words, act, shape.devices)


def chosen(options):
    for theme in THEMES:
        for shape in theme():
            for family in shape.families:
                name = f"{shape.name}, IPv{family}"
                if (
                    options.all
                    or (options.only and re.search(options.only, name))
                    or (not options.only and name in USUAL)
                ):
                    yield name, shape, family


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", help="those whose name has the pattern")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("program")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    pool = processes.Pool(options.jobs)
    calls = [
        (name, shape, pool.submit(play, shape, family, program))
        for name, shape, family in chosen(options)
    ]
    for name, shape, call in calls:
        run = call.result()
        found = odd_judge.wrong(shape, run)
        check(
            not found,
            f"{name}: what is said is true",
            "\n".join([*found, f"{run['seconds']:.1f} s", run["text"]]),
        )
    stage.done()


main()
