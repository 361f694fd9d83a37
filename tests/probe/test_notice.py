#!/usr/bin/python3
"""Whether "too big" is never sent or lost on its way: does `culprit probe` say
what the packets tell, and that nothing is known where they tell nothing?

    test_notice.py PROGRAM

Needs root.
"""

import json
import os
import sys

import planted
from planted import Case

NEVER = "never sent, or filtered by its type"
UNKNOWN = "is not known"
HOLE = ["--hole", "4:1380:silent:forward"]


def rules(words):
    return planted.rules(3, ("output", "0", words))


def cases():
    """Options, and a sentence of the advice."""
    for family in (4, 6):
        yield family, "a silent device on the link", HOLE, NEVER
        # 1380 fits the interface's 1400: the wire is what drops it silently.
        yield (
            family,
            "a router that says it of other sizes only",
            ["--mtu", "4:1400", *HOLE],
            "of this one it is never sent",
        )
        yield (
            family,
            "a router that says nothing at all",
            [
                *HOLE,
                *rules(
                    "icmp type { time-exceeded, destination-unreachable } "
                    "drop\n"
                    "icmpv6 type { time-exceeded, packet-too-big } drop"
                ),
            ],
            UNKNOWN,
        )


def main():
    program = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0:
        print("ok 1 # SKIP \"too big\" messages: not root")
        return 0
    bad = 0
    for number, (family, name, options, sentence) in enumerate(cases(), 1):
        case = Case(family, name, options, "route,mtu", [])
        done = planted.probe(case, program, "/dev/null")
        holes = [
            line
            for line in map(json.loads, done.stdout.splitlines())
            if line.get("finding") == "pmtu-black-hole"
        ]
        advice = holes[0]["advice"] if len(holes) == 1 else ""
        is_right = sentence in advice
        bad += not is_right
        print(
            f"{'ok' if is_right else 'not ok'} {number} - IPv{family}, {name}"
        )
        if not is_right:
            print(f"# {holes} {done.stderr.strip()}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
