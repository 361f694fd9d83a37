#!/usr/bin/python3
"""Whether "too big" is never sent or lost on its way: does `culprit probe` say
what the packets tell, and that nothing is known where they tell nothing?

    test_notice.py PROGRAM

Needs root.
"""

import json
import os

import planted
import stage
from planted import Case

import processes
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


def run(case):
    """The advice where a hole was found, and where the recording is."""
    family, _, options, _ = case
    recording = stage.recording()
    planned = Case(family, None, options, "route,mtu", [])
    _, said, complaint = planted.probe(planned, tap.PROGRAM, recording)[0]
    holes = [
        line
        for line in map(json.loads, said.splitlines())
        if line.get("finding") == "pmtu-black-hole"
    ]
    advice = holes[0]["advice"] if len(holes) == 1 else ""
    return advice, f"{holes}\n{complaint}\n{recording}"


def main():
    if os.geteuid() != 0:
        tap.skip('"too big" messages', "not root")
        stage.done()
    all_cases = list(cases())
    told = processes.Pool(2).map(run, all_cases)
    for (family, name, _, sentence), (advice, said) in zip(all_cases, told):
        tap.check(sentence in advice, f"IPv{family}, {name}", said)
    stage.done()


if __name__ == "__main__":
    main()
