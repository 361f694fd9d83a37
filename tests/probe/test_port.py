#!/usr/bin/python3
"""Who refuses a connection, and how sure `culprit probe` may be of that.

    test_port.py PROGRAM

Needs root.
"""

import stage

import processes
import topology
from stage import done
from tap import PROGRAM, check

WORDS = ["--routers", "5", *stage.limits(5), "--serve", "22:banner"]


def play(family, words, target=None):
    def act(path):
        if target:
            path.server_address = lambda _: target
        return stage.probe(path, PROGRAM, family, "--only", "route,mtu")

    return stage.play([*WORDS, *words], act)


REFUSED = (
    ("3", "forward", "tcp dport 22 reject", "path", 3, "certain"),
    ("server", "input", "tcp dport 22 reject", "target", 6, "certain"),
    (
        "4",
        "forward",
        "tcp dport 22 reject with icmpx admin-prohibited",
        "path",
        4,
        "certain",
    ),
    (
        "4",
        "forward",
        "tcp dport 22 reject with icmpx host-unreachable",
        "path",
        4,
        "possible",
    ),
)


def port_state(run):
    found = [
        finding
        for finding in stage.findings(run)
        if finding["finding"] == "port-state"
    ]
    return found[0] if len(found) == 1 else {}


def is_refusal(family, rule, by, hop, grade, run):
    state = port_state(run)
    check(
        run["is_same"]
        and state.get("state") == "rejected"
        and state["by"] == by
        and state["hop"] == hop
        and state["grade"] == grade
        and ("could_also_be" in state) == (grade != "certain"),
        f"IPv{family}: {rule}: who refused is named, {grade}",
        run["text"],
    )


def is_down(family, run):
    state = port_state(run)
    hops = [line["ttl"] for line in run["lines"] if line["type"] == "hop"]
    check(
        run["is_same"]
        and state.get("grade") == "possible"
        and "down" in state["could_also_be"]
        and "advice" not in state
        and state.get("hop", 5) == 5
        and hops in ([1, 2, 3, 4, 5], [1, 2, 3, 4]),
        f"IPv{family}: a host that is down was not refused for certain, and "
        "the router that misses it stands where it stands",
        run["text"],
    )


def main():
    pool = processes.Pool(4)
    down = {
        family: pool.submit(play, family, [], target)
        for family, target in ((4, "10.77.6.77"), (6, "fd77:6::77"))
    }
    refused = [
        (
            (family, rule, *expected),
            pool.submit(
                play, family, ["--nft", f"{node}:{topology.chain(hook, rule)}"]
            ),
        )
        for family in (4, 6)
        for node, hook, rule, *expected in REFUSED
    ]
    for expected, call in refused:
        is_refusal(*expected, call.result())
    for family, call in down.items():
        is_down(family, call.result())


main()
done()
