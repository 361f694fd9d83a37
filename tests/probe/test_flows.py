#!/usr/bin/python3
"""Paths on which connections differ: routers with two routes, of which one is
smaller, and devices that treat some ports otherwise. Does `culprit probe` tell
that, and exclude nothing?

    test_flows.py PROGRAM [TIMES]

Needs root. Five routers with their kernels' limits of ICMP errors, 20 ms.
"""

import sys

import stage

import processes
import shapes
import topology
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
BASE = stage.usual_path(ROUTERS)
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 1
POOL = processes.Pool(4)
LARGE = "meta length > 1400 drop"
MOST_PACKETS = 400
ALL = "route,mtu,reverse,fragments,rewritten,loss"


def by_port(remainder):
    rule = f"tcp dport 22 tcp sport & 1 == {remainder} {LARGE}"
    return ["--nft", f"3:{topology.chain('forward', rule)}"]


def play(family, words, change=None, only="mtu"):
    def act(path):
        if change:
            change(path)
        run = stage.probe(path, PROGRAM, family, "--only", only)
        if change:
            run["taken"] = shapes.branches_taken(path)
        return run

    return POOL.submit(stage.play, [*BASE, *words], act)


def way_there(run, word):
    return [
        finding
        for finding in stage.findings(run)
        if finding["finding"] == word
        and finding.get("direction") == "forward"
    ]


def says(finding, fact):
    return [row for row in finding["evidence"] if row["fact"] == fact]


def is_open(run):
    """No black hole of the way there is excluded."""
    return not stage.listed(run, "excluded", "pmtu-black-hole", "forward")


def is_hole_of_some(run, is_other_route):
    """One hole of 1400, which says how many lose it; no certain 1500."""
    holes = way_there(run, "pmtu-black-hole")
    if len(holes) != 1 or holes[0]["mtu"] != 1400 or not is_open(run):
        return False
    told = says(holes[0], "flows-agree")
    routers = says(holes[0], "same-routers")
    return (
        bool(told)
        and told[0]["found"].endswith("of 12 lose 1401 bytes")
        and not told[0]["holds"]
        and bool(routers)
        and routers[0]["holds"] != is_other_route
        and not any(
            finding["grade"] == "certain"
            for finding in way_there(run, "path-mtu")
        )
    )


def is_healthy(run):
    """All connections pass 1500, and the hole is excluded."""
    found = way_there(run, "path-mtu")
    return (
        len(found) == 1
        and found[0]["mtu"] == 1500
        and found[0]["grade"] == "certain"
        and says(found[0], "flows-agree")[0]["found"] == "12 of 12 pass 1500"
        and not way_there(run, "pmtu-black-hole")
        and not is_open(run)
        and "backends" not in run["lines"][-1]
    )


def is_cheap(run):
    summary = [line for line in run["lines"] if line["type"] == "summary"][0]
    return is_healthy(run) and summary["sent"] <= MOST_PACKETS


def is_limit_of_some(run):
    found = way_there(run, "path-mtu")
    return (
        sorted(finding["mtu"] for finding in found) in ([1400, 1500], [1400])
        and all(finding["grade"] == "likely" for finding in found)
        and not way_there(run, "pmtu-black-hole")
        and is_open(run)
    )


def is_hole_of_all(run):
    holes = way_there(run, "pmtu-black-hole")
    return (
        len(holes) == 1
        and holes[0]["mtu"] == 1400
        and holes[0]["grade"] == "certain"
        and says(holes[0], "flows-agree")[0]["holds"]
    )


def is_whole(run):
    """Nothing is wrong where the connections went; echo and UDP may have
    gone where packets are lost."""
    found = way_there(run, "path-mtu")
    return [finding["mtu"] for finding in found] == [1500] and not way_there(
        run, "pmtu-black-hole"
    )


def is_of_aside(word):
    """What the branch of all connections has; certain only where echo and UDP
    do not pass more on the other."""

    def is_right(run):
        found = way_there(run, "path-mtu") + way_there(run, "pmtu-black-hole")
        more = [
            row
            for fact in ("icmp-echo-agrees", "udp-agrees")
            for row in says(found[0], fact)
            if not row["holds"]
        ]
        return (
            [(one["finding"], one["mtu"]) for one in found] == [(word, 1400)]
            and found[0]["grade"] == ("likely" if more else "certain")
        )

    return is_right


def by_branch(of_both, of_straight, of_aside):
    """Of one run in a hundred all connections take one branch: what is right
    follows from what the kernel chose."""

    def is_right(run):
        straight, aside = run["taken"]
        if not aside:
            return of_straight(run)
        return of_both(run) if straight else of_aside(run)

    return is_right


def is_limit_of_all(run):
    found = way_there(run, "path-mtu")
    return (
        [(one["mtu"], one["grade"]) for one in found] == [(1300, "certain")]
        and says(found[0], "flows-agree")[0]["holds"]
    )


LIMIT = ["--hole", "6:1300:icmp"]
STRAY = "tcp dport 22 tcp flags & (syn | ack) == ack ct state invalid"


def with_strays(verdict, *words):
    """The third router does that to ACKs of connections that it does not
    know."""
    rule = topology.chain("forward", f"{STRAY} {verdict}")
    strict = "r3:net.netfilter.nf_conntrack_tcp_loose=0"
    return ["--sysctl", strict, "--nft", f"3:{rule}", *words]


def is_without_strays(run):
    """The eight connections alone are compared."""
    found = way_there(run, "path-mtu")
    return is_limit_of_all(run) and says(found[0], "flows-agree")[0][
        "found"
    ].startswith("8 of 8 ")


def two_servers(family):
    """A balancer's, by the port: one has another system's initial TTL."""

    def act(path):
        limit = "ip ttl" if family == 4 else "ip6 hoplimit"
        rule = f"tcp sport 22 tcp dport & 1 == 1 {limit} set 128"
        path.server.nft(topology.chain("output", rule))
        return stage.probe(path, PROGRAM, family, "--only", "mtu")

    return POOL.submit(stage.play, BASE, act)


CASES = (
    (
        "a hole for odd ports only is told, and not by the run's own",
        by_port(1),
        None,
        lambda run: is_hole_of_some(run, False),
    ),
    (
        "a hole for even ports only is told, and that others pass",
        by_port(0),
        None,
        lambda run: is_hole_of_some(run, False),
    ),
    (
        "a hole on one of two routes is told, with a router of it",
        [],
        lambda path: shapes.branches(path, rules=LARGE),
        by_branch(
            lambda run: is_hole_of_some(run, True),
            is_whole,
            is_of_aside("pmtu-black-hole"),
        ),
    ),
    (
        "a hole on the longer of two routes is told",
        [],
        lambda path: shapes.branches(path, rules=LARGE, longer=True),
        by_branch(
            lambda run: is_hole_of_some(run, True),
            is_whole,
            is_of_aside("pmtu-black-hole"),
        ),
    ),
    (
        "two routes of one size are healthy",
        [],
        shapes.branches,
        is_healthy,
    ),
    (
        "two routes of different length and one size are healthy",
        [],
        lambda path: shapes.branches(path, longer=True),
        is_healthy,
    ),
    (
        "a reported limit of one of two routes is no hole, and no certain one",
        [],
        lambda path: shapes.branches(path, mtu=1400),
        by_branch(is_limit_of_some, is_whole, is_of_aside("path-mtu")),
    ),
    (
        "a hole that all connections meet is certain",
        ["--hole", "4:1400:silent"],
        None,
        is_hole_of_all,
    ),
    (
        "a hole for odd ports in front of a reported limit is not excluded",
        [*by_port(1), *LIMIT],
        None,
        lambda run: is_limit_of_all(run) and is_open(run),
    ),
    (
        "stray segments that a firewall drops are not compared",
        with_strays("drop", *LIMIT),
        None,
        is_without_strays,
    ),
    (
        "nor are those that a router resets in front of the limit",
        with_strays("reject with tcp reset", *LIMIT),
        None,
        is_without_strays,
    ),
    (
        "where all connections meet a reported limit alone, it is",
        LIMIT,
        None,
        lambda run: is_limit_of_all(run) and not is_open(run),
    ),
)


def main():
    begun = [
        (play(family, case[1], case[2]), family, case)
        for _ in range(TIMES)
        for family in (4, 6)
        for case in CASES
    ]
    for call, family, case in begun:
        run = call.result()
        check(
            run["status"] == 0 and run["is_same"] and case[3](run),
            f"IPv{family}: {case[0]}",
            f"in {run['seconds']:.1f} s, {run.get('taken')}\n{run['text']}",
        )
    for family in (4, 6):
        run = two_servers(family).result()
        found = way_there(run, "path-mtu")
        check(
            run["is_same"]
            and run["lines"][-1].get("backends") == 2
            and "at least 2 answer at this port" in run["text"]
            and [finding["mtu"] for finding in found] == [1500]
            and len(stage.findings(run)) == 2,
            f"IPv{family}: two servers at one address are told",
            run["text"],
        )
    for family in (4, 6):
        run = play(family, [], only=ALL).result()
        check(
            run["is_same"] and is_cheap(run),
            f"IPv{family}: a healthy path takes at most {MOST_PACKETS} packets",
            f"in {run['seconds']:.1f} s\n{run['text']}",
        )


main()
done()
