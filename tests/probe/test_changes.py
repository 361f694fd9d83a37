#!/usr/bin/python3
"""Paths that take less since some time in the run, with a router that says so
and without: what does `culprit probe` say of the size? And of a black hole that
is gone since some time?

    test_changes.py PROGRAM [TIMES]

Needs root. Five routers with their kernels' limits of ICMP errors, 20 ms. The
change comes with a packet, not with a time.
"""

import sys

import stage

import processes
import shapes
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
BASE = stage.usual_path(ROUTERS)
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 1
POOL = processes.Pool(4)
# Bytes of large packets that pass: in the first round of the search there are
# nine, the other methods and connections send nine more.
DURING, BEHIND, LATE = 8000, 14000, 30000
# As many large ones that are lost, in the first round, while the size is
# searched, while it is sent again, while the hops are asked.
GONE = (6000, 20000, 50000, 60000, 66000, 72000, 80000)
REFUSED, LOST = "meta mark set 1", "drop"


def play(family, verdict, passing):
    def act(path):
        shapes.narrow_since(path, verdict, passing)
        return stage.probe(path, PROGRAM, family)

    return POOL.submit(stage.play, BASE, act)


def mended(family, losing):
    def act(path):
        shapes.wide_since(path, losing)
        return stage.probe(path, PROGRAM, family)

    return POOL.submit(stage.play, BASE, act)


def forward(run):
    return [
        (finding["finding"], finding.get("mtu"), finding["grade"])
        for finding in stage.findings(run)
        if finding.get("direction") == "forward"
        and finding["finding"] in ("path-mtu", "pmtu-black-hole")
    ]


def is_told(run, word):
    """The size since then, likely, with the packet that was the last."""
    found = [
        finding
        for finding in stage.findings(run)
        if finding["finding"] == word and finding["direction"] == "forward"
    ]
    return (
        len(found) == len(forward(run)) == 1
        and found[0]["grade"] == "likely"
        and (
            found[0]["mtu"] == 1400
            # nothing between was sent again
            or "any size from 576 to 1499" in found[0]["could_also_be"]
        )
        and any(
            row["fact"] == "path-kept" and not row["holds"]
            for row in found[0]["evidence"]
        )
    )


def main():
    cases = [
        (family, verdict, word, passing)
        for _ in range(TIMES)
        for family in (4, 6)
        for verdict, word in (
            (REFUSED, "path-mtu"),
            (LOST, "pmtu-black-hole"),
        )
        for passing in (DURING, BEHIND, LATE)
    ]
    begun = [
        (play(family, verdict, passing), family, word, passing)
        for family, verdict, word, passing in cases
    ]
    for call, family, word, passing in begun:
        run = call.result()
        check(
            run["is_same"] and is_told(run, word),
            f"IPv{family}: of a path that takes 1400 since {passing} bytes of "
            f"larger ones, that is told, {word}",
            f"{forward(run)}\n{run['text']}",
        )
    begun = [
        (mended(family, losing), family, losing)
        for _ in range(TIMES)
        for family in (4, 6)
        for losing in GONE
    ]
    for call, family, losing in begun:
        run = call.result()
        check(
            run["is_same"]
            and not any(
                word == "pmtu-black-hole" and grade in ("certain", "likely")
                for word, _, grade in forward(run)
            ),
            f"IPv{family}: a black hole that is gone after {losing} bytes is "
            "possible at most",
            f"{forward(run)}\n{run['text']}",
        )
    for family in (4, 6):
        run = play(family, LOST, 1 << 30).result()
        check(
            forward(run) == [("path-mtu", 1500, "certain")],
            f"IPv{family}: one that does not change is certain",
            run["text"],
        )


main()
done()
