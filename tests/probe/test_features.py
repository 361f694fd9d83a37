#!/usr/bin/python3
"""Devices that drop SYNs for an option or flag that they have: does
`culprit probe` find which, and where?

    test_features.py PROGRAM [TIMES]

Needs root. Five routers with their kernels' limits of ICMP errors, 20 ms.
"""

import sys

import stage

import processes
import topology
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
BASE = stage.usual_path(ROUTERS)
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 1
POOL = processes.Pool(4)
TIMESTAMPS = "tcp flags & (syn | ack) == syn tcp option timestamp exists drop"
ECN = "tcp flags & (syn | ack | ecn | cwr) == syn | ecn | cwr drop"
DSCP = (
    "meta nfproto ipv4 tcp flags & (syn | ack) == syn ip dscp != 0 drop\n"
    "meta nfproto ipv6 tcp flags & (syn | ack) == syn ip6 dscp != 0 drop"
)
# what, rules of the router, router, what is found: (field, after, before)
CASES = (
    ("timestamps at hop 2", TIMESTAMPS, 2, [("timestamps", 2, 3)]),
    ("timestamps at hop 1", TIMESTAMPS, 1, [("timestamps", 1, 2)]),
    ("timestamps at hop 4", TIMESTAMPS, 4, [("timestamps", 4, 5)]),
    ("ECN at hop 2", ECN, 2, [("ecn-flags", 2, 3)]),
    ("a DSCP at hop 3", DSCP, 3, [("dscp", 3, 4)]),
    (
        "both timestamps and ECN at hop 2",
        f"{TIMESTAMPS}\n{ECN}",
        2,
        [("timestamps", 2, 3), ("ecn-flags", 2, 3)],
    ),
    # behind the last router nothing is seen of it
    ("timestamps at the last router", TIMESTAMPS, 5, []),
    ("no option", "", 2, []),
    # the connections of the run go on
    (
        "all SYNs but the first ones",
        "tcp flags & (syn | ack) == syn ip ttl < 40 drop\n"
        "tcp flags & (syn | ack) == syn ip6 hoplimit < 40 drop",
        2,
        [],
    ),
)


def play(family, rules, router):
    words = []
    if rules:
        # what comes from the last router's side are answers
        words = ["--nft", f"{router}:{topology.chain('forward', rules)}"]

    def act(path):
        return stage.probe(path, PROGRAM, family, "--only", "rewritten")

    return POOL.submit(stage.play, [*BASE, *words], act)


def main():
    begun = [
        (play(family, case[1], case[2]), family, case)
        for _ in range(TIMES)
        for family in (4, 6)
        for case in CASES
    ]
    for call, family, case in begun:
        run = call.result()
        found = [
            (finding["field"], finding["after_hop"], finding["before_hop"])
            for finding in stage.findings(run)
            if finding["finding"] == "option-refused"
        ]
        check(
            run["status"] == 0
            and run["is_same"]
            and found == case[3]
            and all(
                finding["grade"] == "likely"
                for finding in stage.findings(run)
                if finding["finding"] == "option-refused"
            ),
            f"IPv{family}: SYNs that a device drops for {case[0]}",
            f"{found} in {run['seconds']:.1f} s\n{run['text']}",
        )


main()
done()
