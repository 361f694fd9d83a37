#!/usr/bin/python3
"""Probes that follow one another at once meet routers that have spent what
errors they may send: does each of them name the link of a black hole all the
same, and soon? A hop that is silent by nature is not waited for.

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
SECONDS = 6
MUTE = "icmp type time-exceeded drop\nicmpv6 type time-exceeded drop"


def cases():
    for family, link, how in (
        (4, 1, "silent:forward"),
        (6, 3, "silent:forward"),
        (4, 4, "no-icmp"),
        (6, ROUTERS, "no-icmp"),
        (4, ROUTERS + 1, "silent:forward"),
    ):
        yield Case(
            family,
            f"a hole on link {link}, {how}",
            ["--hole", f"{link}:1390:{how}", "--delay-ms", "2"],
            "route,mtu",
            [
                "pmtu-black-hole mtu 1390 "
                f"after_hop {link - 1} before_hop {link}"
            ],
        )


def run(case, program):
    """What is wrong, or None."""
    loop = f"for i in {'1 ' * TIMES}; do {program}"
    done = planted.probe(case, loop, "/dev/null; done")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = [line for line in lines if line["type"] == "finding"]
    found = [planted.summarised(line) for line in found]
    took = [line["seconds"] for line in lines if line["type"] == "summary"]
    if found != case.expected * TIMES:
        return f"found {found}"
    if max(took) > SECONDS or len(took) != TIMES:
        return f"took {took}"
    return None


def silent_by_nature(program):
    """The hop before the hole never reports anything."""
    case = Case(
        4,
        "a silent hop beside a hole is not waited for",
        [
            "--hole",
            "4:1390:silent:forward",
            *planted.rules(3, ("output", "0", MUTE)),
        ],
        "route,mtu",
        [],
    )
    done = planted.probe(case, program, "/dev/null")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = [planted.summarised(one) for one in lines if "finding" in one]
    took = [one["seconds"] for one in lines if one["type"] == "summary"]
    wanted = ["pmtu-black-hole mtu 1390 after_hop 2 before_hop 4"]
    if found != wanted or took[0] > 1:
        return f"found {found} in {took}; {done.stderr.strip()}"
    return None


def main():
    program = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0:
        print("ok 1 # SKIP probes that follow one another: not root")
        return 0
    all_cases = list(cases())
    with concurrent.futures.ThreadPoolExecutor(len(all_cases)) as pool:
        wrong = list(pool.map(lambda case: run(case, program), all_cases))
    names = [
        f"IPv{case.family}, {case.name}: named {TIMES} times in a row"
        for case in all_cases
    ]
    wrong.append(silent_by_nature(program))
    names.append("a silent hop beside a hole is not waited for")
    for number, (name, why) in enumerate(zip(names, wrong), 1):
        print(f"{'not ok' if why else 'ok'} {number} - {name}")
        if why:
            print(f"# {why}")
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
