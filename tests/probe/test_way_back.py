#!/usr/bin/python3
"""The way back for servers of every kind: answers whose segments are all full,
answers of few words, none; echo that is filtered; servers without SACK, closed
ports, targets that remember an earlier path; routes that differ by port. Each
with its twin without a hole.

    test_way_back.py PROGRAM [TIMES]

Kernels' default limits of ICMP errors are on. Needs root.
"""

import re
import sys

import stage

import processes
import topology
from stage import done
from tap import PROGRAM, check

ROUTERS = 3
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 1
HOLE = ["--hole", "3:1400:silent:reverse"]
NO_ECHO = [
    "--nft",
    "server:"
    + topology.chain(
        "input",
        "icmp type echo-request drop;icmpv6 type echo-request drop",
        table="mute",
    ),
]
NO_SACK = ["--sysctl", "server:net.ipv4.tcp_sack=0"]


def by_port(rule):
    return ["--nft", "2:" + topology.chain("forward", rule)]


def limits(even, odd):
    """What passes to ports of each parity."""
    return ";".join(
        f"tcp sport {{22, 80}} @th,31,1 {parity} meta length > {most} drop"
        for parity, most in enumerate((even, odd))
    )


def page(size):
    return ["--serve", f"80:answer:{size}"]


SSH = ["--serve", "22:ssh"]
MUTE = ["--serve", "2000:discard"]
# what, IP version, port, path, what is said of the way back
CERTAIN = "pmtu-black-hole certain 1400"
POSSIBLE = "pmtu-black-hole possible 1400"
OPEN = "path-mtu undetermined"
FREE = "path-mtu certain 1500"
SOME = "pmtu-black-hole likely"
PLACES = (
    ("a long page", 4, 80, page(20000) + NO_ECHO + HOLE, CERTAIN),
    ("a long page", 6, 80, page(20000) + NO_ECHO + HOLE, CERTAIN),
    ("a long page, no hole", 6, 80, page(20000) + NO_ECHO, FREE),
    ("few words", 6, 80, page(1430) + NO_ECHO + HOLE, CERTAIN),
    ("few words, no hole", 4, 80, page(1430) + NO_ECHO, OPEN),
    ("no words", 4, 2000, MUTE + NO_ECHO + HOLE, OPEN),
    ("no words, no hole", 6, 2000, MUTE + NO_ECHO, OPEN),
    ("no words, and echo", 6, 2000, MUTE + HOLE, POSSIBLE),
    ("no words, and echo, no hole", 4, 2000, MUTE, FREE),
    ("a closed port", 4, 81, HOLE, POSSIBLE),
    ("a closed port", 6, 81, HOLE, POSSIBLE),
    ("a closed port, no hole", 6, 81, [], FREE),
    ("no SACK", 4, 22, SSH + NO_SACK + HOLE, "pmtu-black-hole * 1400"),
    (
        "segments to even ports",
        4,
        22,
        SSH + by_port("tcp sport 22 @th,31,1 0 meta length > 1400 drop"),
        SOME,
    ),
    (
        "segments to odd ports",
        6,
        22,
        SSH + by_port("tcp sport 22 @th,31,1 1 meta length > 1400 drop"),
        SOME,
    ),
    (
        "larger segments to even ports than to odd ones",
        6,
        80,
        page(20000) + by_port(limits(1460, 1400)),
        SOME,
    ),
)


def play(family, port, options):
    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    words += ["--delay-ms", "2.5", *options]

    def act(path):
        return stage.probe(
            path, PROGRAM, family, "-p", str(port), "--only", "mtu"
        )

    return stage.play(words, act)


def said(run, direction):
    """"pmtu-black-hole certain 1400" for each finding of a direction."""
    return [
        " ".join(
            [finding["finding"], finding["grade"]]
            + [str(finding[key]) for key in ("mtu",) if key in finding]
        )
        for finding in stage.findings(run)
        if finding.get("direction") == direction
    ]


def is_as(found, expected):
    """Each word as expected; `*` is any grade."""
    return len(found) == 1 and all(
        a in (b, "*") for a, b in zip(expected.split(), found[0].split())
    ) and len(found[0].split()) == len(expected.split())


def is_excluded(run):
    """Whether a black hole of the way back is in that list of the report."""
    part = run["text"].partition("excluded")[2].partition("not determined")[0]
    return bool(re.search(r"black\s+hole,\s+reverse", part))


def check_places(pool):
    calls = [
        (f"{what}, IPv{family}", expected, pool.submit(play, family, port, words))
        for what, family, port, words, expected in PLACES
        for _ in range(TIMES)
    ]
    for name, expected, call in calls:
        run = call.result()
        check(
            is_as(said(run, "reverse"), expected)
            and is_excluded(run) == (expected == FREE)
            and run["is_same"],
            f"{name}: {expected}",
            f"{run['seconds']:.2f} s\n{run['text']}",
        )
        check(
            not any("black-hole" in line for line in said(run, "forward")),
            f"{name}: the forward path is not accused",
            run["text"],
        )


def remember(family):
    """A probe of a path that was narrower when the target learned of it."""
    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS), *SSH]
    words += ["--delay-ms", "2.5"]

    def act(path):
        near, far = path.routers[1], path.routers[2]
        for mtu in (1280, 1500):
            for node, name in ((near, "to-r3"), (far, "to-r2")):
                node.ip(f"link set {name} mtu {mtu}\n")
            run = stage.probe(path, PROGRAM, family, "--only", "mtu")
        return run

    return stage.play(words, act)


def check_memory(pool):
    for family, call in [
        (family, pool.submit(remember, family)) for family in (4, 6)
    ]:
        run = call.result()
        back = [
            finding
            for finding in stage.findings(run)
            if finding.get("direction") == "reverse"
        ]
        check(
            len(back) == 1
            and back[0]["grade"] in ("likely", "possible")
            and "earlier path" in back[0]["could_also_be"]
            and run["is_same"],
            f"IPv{family}: what the target remembers may be of an earlier path",
            run["text"],
        )


def check_forward_by_port(pool):
    """The run's port is even, as those that clients get."""
    rule = "meta l4proto tcp @th,15,1 0 meta length > 1400 drop"
    run = pool.submit(play, 4, 22, SSH + by_port(rule)).result()
    found = said(run, "forward")
    check(
        len(found) == 1
        and found[0].startswith("pmtu-black-hole")
        and found[0].endswith("1400")
        and not is_excluded(run),
        "a hole for even ports is one for clients",
        run["text"],
    )


def check_limits_by_port(pool):
    """The few connections to sshd tell that the limits differ, or measure one
    of them; what is neither is no more than possible."""
    sizes = (1400, 1460)
    words = SSH + by_port(limits(*sizes))
    run = pool.submit(play, 4, 22, words).result()
    found = said(run, "reverse")
    kind, grade, *size = (found or ["nothing"])[0].split() + [""]
    check(
        len(found) == 1
        and kind == "pmtu-black-hole"
        and (
            grade == "possible"
            or (grade == "likely" and size[0] in ("", *map(str, sizes)))
        )
        and not is_excluded(run)
        and run["is_same"],
        "larger segments to odd ports than to even ones: no size of neither",
        f"{run['seconds']:.2f} s\n{run['text']}",
    )


def main():
    pool = processes.Pool(4)
    check_places(pool)
    if TIMES == 1:
        check_memory(pool)
        check_forward_by_port(pool)
        check_limits_by_port(pool)


main()
done()
