#!/usr/bin/python3
"""Packets that overtake each other are not lost ones, and much loss is never
nothing: paths whose packets come in any order, with and without loss, and
handshakes whose ACKs do not arrive.

    test_jitter.py PROGRAM [RUNS]

RUNS is how often each path without loss is probed; one has to be judged right
as often. Kernels' default limits of ICMP errors are on. Needs root.
"""

import sys

import stage

import processes
import topology
from stage import done
from tap import PROGRAM, check

ROUTERS = 3
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
# Each packet is delayed alone, by up to so much; or some, by so much.
DISORDERS = (
    "spread_ms=2",
    "spread_ms=10",
    "spread_ms=30",
    "spread_ms=50",
    "reorder=30,reorder_ms=5",
)
ONLY_ACKS = "tcp dport 22 tcp flags & (syn|ack|fin|rst|psh) == ack "
NO_ECHO = [
    "--nft",
    "server:"
    + topology.chain(
        "input",
        "icmp type echo-request drop;icmpv6 type echo-request drop",
        table="mute",
    ),
]


def acks_lost(rule):
    return ["--nft", "2:" + topology.chain("forward", ONLY_ACKS + rule)]


def play(family, options, only, runs=1, more=()):
    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    words += ["--serve", "22:ssh", "--delay-ms", "2.5", *options]

    def act(path):
        return [
            stage.probe(path, PROGRAM, family, "--only", only, *more)
            for _ in range(runs)
        ]

    return stage.play(words, act)


def said_of_loss(run):
    """(grade, row's evidence words) of each finding of loss."""
    return [
        (finding["grade"], [row["fact"] for row in finding["evidence"]])
        for finding in stage.findings(run)
        if finding["finding"] == "loss"
    ]


def is_without_tcp(run):
    """No SYN was answered, or no old data: the server may not have got the ACK
    of the handshake in time."""
    found = stage.findings(run)
    return any(
        finding["finding"] == "port-state" and finding["state"] == "filtered"
        for finding in found
    ) or not any(
        row["fact"] == "tcp-agrees"
        for finding in found
        for row in finding["evidence"]
    )


def is_healthy(run):
    found = stage.findings(run)
    return run["is_same"] and all(
        (one["finding"], one.get("mtu")) == ("path-mtu", 1500) for one in found
    ) and found


def show(runs):
    return "\n".join(
        f"{stage.findings(run)}\n{run['text']}" for run in runs
    )


def check_disorder(pool):
    calls = [
        (
            f"IPv{family}, {words}",
            pool.submit(
                play, family, ["--wire", f"3:both:{words}"], "mtu,loss", RUNS
            ),
        )
        for number, words in enumerate(DISORDERS)
        for family in ((4, 6) if RUNS > 3 else ((4, 6)[number % 2],))
    ]
    for name, call in calls:
        runs = call.result()
        wrong = [run for run in runs if not is_healthy(run)]
        check(
            not wrong,
            f"{name}: in {len(runs)} runs no packet is called lost",
            show(wrong),
        )


def check_loss(pool):
    """The twins: on the same paths a fifth, or more than half, is lost. Where
    no connection came to be in time, only echo measures it, and a target may
    ration echo: then, and only then, it is likely."""
    calls = [
        (
            share,
            f"IPv{family}, {share} % lost each way, {words}",
            pool.submit(
                play,
                family,
                ["--wire", f"3:both:loss={share},{words}"],
                "mtu,loss",
            ),
        )
        for family, share, words in (
            (4, 10, "spread_ms=10"),
            (6, 10, "reorder=30,reorder_ms=5"),
            (6, 23, "spread_ms=2"),
            (4, 37, "delay_ms=1"),
        )
    ]
    for share, name, call in calls:
        (run,) = call.result()
        expected = ("certain", ["old-data-answered"])
        if share > 20 and is_without_tcp(run):
            expected = ("likely", ["echo-answered"])
        check(
            said_of_loss(run) == [expected] and run["is_same"],
            f"{name}: that is loss",
            show([run]),
        )


def check_late_handshake(pool):
    """The server answers the run's first SYNs, and its SYN-ACKs are lost, while
    other connections show that the round trip is short: with these seeds of
    the wire, mostly."""
    calls = [
        (
            seed,
            pool.submit(
                play,
                4,
                ["--wire", "3:both:loss=10,spread_ms=10", "--seed", seed],
                "mtu,loss",
            ),
        )
        for seed in ("39", "55")
    ]
    for seed, call in calls:
        (run,) = call.result()
        check(
            said_of_loss(run) == [("certain", ["old-data-answered"])]
            and run["is_same"],
            f"seed {seed}: the run's connection opens late, and measures loss",
            show([run]),
        )


def check_handshakes(pool):
    two = "meta length < 61 limit rate 1/hour burst 2 packets drop"
    calls = [
        (name, is_told, pool.submit(play, family, options, "loss"))
        for family, name, options, is_told in (
            (4, "the first two ACKs lost", acks_lost(two), False),
            (6, "the first two ACKs lost, IPv6",
             acks_lost("meta length < 81 limit rate 1/hour burst 2 packets "
                       "drop"), False),
            (4, "all ACKs lost", acks_lost("drop"), True),
            (
                6,
                "all ACKs lost, no echo",
                acks_lost("drop") + NO_ECHO,
                True,
            ),
        )
    ]
    for name, is_told, call in calls:
        (run,) = call.result()
        told = said_of_loss(run)
        check(
            [grade for grade, _ in told] == ["undetermined"] * is_told
            and all(facts for _, facts in told)
            and run["is_same"],
            f"{name}: {'not passed over' if is_told else 'no loss'}",
            show([run]),
        )


def check_rate_limit(pool):
    """A token bucket drops what is sent fast: its loss goes with the rate, and
    the advice says how to see that."""
    rule = "limit rate over 100/second burst 5 packets drop"
    limited = ["--nft", "2:" + topology.chain("forward", rule)]
    calls = [
        (family, pool.submit(play, family, limited, "loss", 1, more))
        for family, more in ((4, ()), (6, ("--rate", "10")))
    ]
    for family, call in calls:
        (run,) = call.result()
        advice = [
            finding.get("advice", "")
            for finding in stage.findings(run)
            if finding["finding"] == "loss"
        ]
        check(
            run["is_same"]
            and (
                len(advice) == 1 and "--rate 10" in advice[0]
                if family == 4
                else not advice and stage.listed(run, "excluded", "loss")
            ),
            "packets that a rate limit drops are lost"
            if family == 4
            else "with a rate below the limit none is",
            show([run]),
        )


def main():
    pool = processes.Pool(4)
    check_disorder(pool)
    if RUNS == 3:
        check_loss(pool)
        check_late_handshake(pool)
        check_handshakes(pool)
        check_rate_limit(pool)


main()
done()
