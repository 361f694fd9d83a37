#!/usr/bin/python3
"""Whether "too big" is never sent or lost on its way: does `culprit probe` say
what the packets tell, and that nothing is known where they tell nothing?

    test_notice.py PROGRAM

Needs root.
"""

import concurrent.futures
import json
import os

import planted
import stage
from planted import Case

import tap

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
            "for this size it is never sent",
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


def run(family, options):
    """The advice where a hole was found, and where the recording is."""
    recording = stage.recording()
    case = Case(family, None, options, "route,mtu", [])
    done = planted.probe(case, tap.PROGRAM, recording)
    holes = [
        line
        for line in map(json.loads, done.stdout.splitlines())
        if line.get("finding") == "pmtu-black-hole"
    ]
    advice = holes[0]["advice"] if len(holes) == 1 else ""
    return advice, f"{holes}\n{done.stderr}\n{recording}"


def main():
    if os.geteuid() != 0:
        tap.skip('"too big" messages', "not root")
        stage.done()
    all_cases = list(cases())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        told = pool.map(lambda case: run(case[0], case[2]), all_cases)
        for (family, name, _, sentence), (advice, said) in zip(all_cases, told):
            tap.check(sentence in advice, f"IPv{family}, {name}", said)
    stage.done()


if __name__ == "__main__":
    main()
