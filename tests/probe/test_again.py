#!/usr/bin/python3
"""Probes that follow one another at once meet routers that have spent what
errors they may send: do they name the link of a black hole all the same? On a
busy machine one may wait in vain, and then names a stretch that holds it. A
hop that is silent by nature is not waited for.

    test_again.py PROGRAM

Kernels' default limits of ICMP errors are on. Needs root.
"""

import json
import os

import planted
import stage
from planted import ROUTERS, Case

import processes
import tap

TIMES = 3
WIDE = 2  # of the later ones of all cases
MTU = 1390
MOST_ASKED = 3  # times at once, without waiting
MUTE = "icmp type time-exceeded drop\nicmpv6 type time-exceeded drop"


def cases():
    for family, link, how in (
        (4, 1, "silent:forward"),
        (6, 3, "silent:forward"),
        (4, 4, "no-icmp"),
        (6, ROUTERS, "no-icmp"),
        (4, ROUTERS + 1, "silent:forward"),
    ):
        yield link, Case(
            family,
            f"a hole on link {link}, {how}",
            ["--hole", f"{link}:{MTU}:{how}", "--delay-ms", "2"],
            "route,mtu",
            [
                f"pmtu-black-hole mtu {MTU} "
                f"after_hop {link - 1} before_hop {link}"
            ],
        )


def is_found(line):
    """These servers say too little for the way back to be measured, which is
    said as an undetermined finding."""
    return line["type"] == "finding" and line["grade"] != "undetermined"


def findings(runs):
    """Those of all runs."""
    return [
        line
        for _, said, _ in runs
        for line in map(json.loads, said.splitlines())
        if is_found(line)
    ]


def run(planned):
    """What is wrong, or None; and how many of the later ones were wide."""
    link, case = planned
    found = findings(
        planted.probe(case, tap.PROGRAM, *[os.devnull] * TIMES)
    )
    words = [planted.summarised(line) for line in found]
    if len(found) != TIMES or words[:1] != case.expected:
        return f"found {words}", 0
    for one in found:
        if (
            one["finding"] != "pmtu-black-hole"
            or one["mtu"] != MTU
            or not one["after_hop"] < link <= one["before_hop"]
        ):
            return f"found {words}", 0
    return None, sum(word != words[0] for word in words)


def silent_by_nature():
    """The hop before the hole never reports anything. Who waits for a router
    asks it again afterwards."""
    case = Case(
        4,
        "a silent hop beside a hole is not waited for",
        [
            "--hole",
            f"4:{MTU}:silent:forward",
            *planted.rules(3, ("output", "0", MUTE)),
        ],
        "route,mtu",
        [],
    )
    recording = stage.recording()
    runs = planted.probe(case, tap.PROGRAM, recording)
    found = [planted.summarised(one) for one in findings(runs)]
    wanted = [f"pmtu-black-hole mtu {MTU} after_hop 2 before_hop 4"]
    with open(recording, "rb") as file:
        asked = file.read().count(f"does {MTU + 1} reach hop 3?".encode())
    tap.check(
        found == wanted and 0 < asked <= MOST_ASKED,
        case.name,
        f"found {found}, asked {asked} times\n{runs[0][2]}\n{recording}",
    )


def main():
    if os.geteuid() != 0:
        tap.skip("probes that follow one another", "not root")
        stage.done()
    all_cases = list(cases())
    told = list(processes.Pool(len(all_cases)).map(run, all_cases))
    for (_, case), (why, _) in zip(all_cases, told):
        tap.check(
            not why,
            f"IPv{case.family}, {case.name}: named {TIMES} times in a row",
            why,
        )
    wide = sum(count for _, count in told)
    tap.check(
        wide <= WIDE,
        "later probes wait until routers speak again, and are exact",
        f"{wide} were wide",
    )
    silent_by_nature()
    stage.done()


if __name__ == "__main__":
    main()
