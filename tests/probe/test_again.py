#!/usr/bin/python3
"""Probes that follow one another at once meet routers that have spent what
errors they may send: do they name the link of a black hole all the same? On a
busy machine one may wait in vain, and then names a stretch that holds it. A
hop that is silent by nature is not waited for.

    test_again.py PROGRAM

Kernels' default limits of ICMP errors are on. Needs root.
"""

import concurrent.futures
import json
import os
import sys

import planted
from planted import ROUTERS, Case

TIMES = 3
WIDE = 2  # of the later ones of all cases
MTU = 1390
REFILL_SECONDS = 4  # what waiting takes
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


def run(case, link, program):
    """What is wrong, or None; and how many of the later ones were wide."""
    loop = f"for i in {'1 ' * TIMES}; do {program}"
    done = planted.probe(case, loop, "/dev/null; done")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = [line for line in lines if line["type"] == "finding"]
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


def silent_by_nature(program):
    """The hop before the hole never reports anything."""
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
    done = planted.probe(case, program, "/dev/null")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = [planted.summarised(one) for one in lines if "finding" in one]
    took = [one["seconds"] for one in lines if one["type"] == "summary"]
    wanted = [f"pmtu-black-hole mtu {MTU} after_hop 2 before_hop 4"]
    if found != wanted or took[0] > REFILL_SECONDS:
        return f"found {found} in {took}; {done.stderr.strip()}"
    return None


def main():
    program = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0:
        print("ok 1 # SKIP probes that follow one another: not root")
        return 0
    all_cases = list(cases())
    with concurrent.futures.ThreadPoolExecutor(len(all_cases)) as pool:
        told = list(
            pool.map(lambda one: run(one[1], one[0], program), all_cases)
        )
    wrong = [why for why, _ in told]
    names = [
        f"IPv{case.family}, {case.name}: named {TIMES} times in a row"
        for _, case in all_cases
    ]
    wide = sum(count for _, count in told)
    wrong.append(f"{wide} were wide" if wide > WIDE else None)
    names.append("later probes wait until routers speak again, and are exact")
    wrong.append(silent_by_nature(program))
    names.append("a silent hop beside a hole is not waited for")
    for number, (name, why) in enumerate(zip(names, wrong), 1):
        print(f"{'not ok' if why else 'ok'} {number} - {name}")
        if why:
            print(f"# {why}")
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
