#!/usr/bin/python3
"""Paths on which packets of one kind fare otherwise, and nobody answers for the
target: `culprit probe` names no proxy there, and no loss of the whole path.

    test_routes.py PROGRAM

ICMP takes a route that is one hop or two hops longer, one way and both; TCP is
lost for being old data. Needs root. The twins are a router that answers the
port (test_usage.py), and loss of all packets.
"""

import stage
import topology

import processes
import shapes
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
BASE = stage.usual_path(ROUTERS)
# Three of five packets that arrive on connections are lost at the third router.
OLD_DATA = topology.chain(
    "forward",
    "tcp dport 22 tcp flags & (syn | fin | psh) == 0x0 meta length > 60 "
    "numgen random mod 100 < 60 drop",
    table="old_data",
)


def routes(family, more, is_both_ways):
    def act(path):
        shapes.routes_by_protocol(path, more, is_both_ways)
        return stage.probe(path, PROGRAM, family)

    return stage.play(BASE, act)


def check_routes(name, run):
    found = stage.findings(run)
    proxies = [line for line in found if line["finding"] == "proxy"]
    wrong = [
        f"{line['finding']} {line['grade']} {line.get('mtu')}"
        for line in found
        if line["grade"] in ("certain", "likely")
        and (line["finding"], line.get("mtu")) != ("path-mtu", 1500)
    ]
    check(
        run["is_same"]
        and not wrong
        and [line["grade"] for line in proxies] == ["possible"]
        and "could_also_be" in proxies[0],
        f"{name}: a proxy is possible at most",
        f"{wrong}\n{run['text']}",
    )


def losing(family, words):
    def act(path):
        return stage.probe(path, PROGRAM, family)

    return stage.play([*BASE, *words], act)


def check_loss(name, is_for_old_data, run):
    losses = [
        line for line in stage.findings(run) if line["finding"] == "loss"
    ]
    others = [line.get("could_also_be", "") for line in losses]
    check(
        run["is_same"]
        and len(losses) == 1
        and ("old data" in others[0]) == is_for_old_data
        and (not is_for_old_data or losses[0]["grade"] == "likely"),
        name,
        run["text"],
    )


def main():
    pool = processes.Pool(2)
    calls = []
    for family in (4, 6):
        for more in (1, 2):
            for is_both_ways in (False, True):
                name = (
                    f"IPv{family}: ICMP by {more} more, "
                    f"{'both ways' if is_both_ways else 'one way'}"
                )
                call = pool.submit(routes, family, more, is_both_ways)
                calls.append((check_routes, (name,), call))
        for is_for_old_data, words in (
            (True, ["--nft", f"3:{OLD_DATA}"]),
            (False, ["--loss", "3:40:forward"]),
        ):
            name = f"IPv{family}: loss of " + (
                "old data alone is likely" if is_for_old_data
                else "all packets is loss"
            )
            call = pool.submit(losing, family, words)
            calls.append((check_loss, (name, is_for_old_data), call))
    for look, words, call in calls:
        look(*words, call.result())


main()
done()
