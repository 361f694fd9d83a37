#!/usr/bin/python3
"""Does a server heed a "too big"? Real kernels that do, that never hear of it,
that get over it after a while, and that let others cut their packets."""


import stage

import processes
import topology
from stage import done
from tap import PROGRAM, check

DEAF = [
    "--nft",
    "server:"
    + topology.chain(
        "input",
        "icmp type destination-unreachable drop;icmpv6 type packet-too-big drop",
        table="deaf",
    ),
]
PROBING = ["--sysctl", "server:net.ipv4.tcp_mtu_probing=1"]
HOLE = ["--hole", "2:1400:silent:reverse"]


def play(family, port, words, experiments):
    def act(path):
        run = stage.probe(
            path, PROGRAM, family, "-p", str(port), "--only", experiments
        )
        run["log"] = stage.sshd_log(path)
        return run

    words = ["--routers", "2", *stage.limits(2), "--delay-ms", "3", *words]
    words += ["--serve", "22:ssh", "--serve", "443:tls", "--serve", "23:echo"]
    words += ["--serve", "80:hesitant", "--serve", "8080:slow"]
    return stage.play(words, act)


def ignored(run):
    return [
        finding
        for finding in stage.findings(run)
        if finding["finding"] == "too-big-ignored"
    ]


def fact(finding, name):
    for row in finding["evidence"]:
        if row["fact"] == name:
            return row
    return {}


def show(run):
    return f"{run['seconds']:.2f} s\n{stage.findings(run)}\n{run['said']}"


def is_heeded(run):
    return (
        run["is_same"]
        and not ignored(run)
        and stage.listed(run, "excluded", "too-big-ignored")
    )


def is_ignored(run):
    found = ignored(run)
    return (
        run["is_same"]
        and len(found) == 1
        and found[0]["grade"] == "likely"
        and found[0]["direction"] == "reverse"
        and fact(found[0], "smaller-segments")["found"] == "never"
    )


def is_late(run):
    found = ignored(run)
    after = found and fact(found[0], "smaller-segments")["found"]
    return (
        run["is_same"]
        and len(found) == 1
        and after.startswith("after ")
        and 1 < float(after.split()[1]) < 10
    )


def is_untold(run):
    """Nothing is claimed, and not even that it is excluded."""
    return (
        run["is_same"]
        and not ignored(run)
        and stage.listed(run, "undetermined", "too-big-ignored")
    )


CASES = (
    ("a healthy sshd heeds it", 4, 22, [], "too-big", is_heeded),
    ("a healthy sshd heeds it", 6, 22, [], "too-big", is_heeded),
    ("a TLS server heeds it", 4, 443, [], "too-big", is_heeded),
    ("one that hesitates heeds it", 4, 80, [], "too-big", is_heeded),
    ("one that is slow heeds it", 4, 8080, [], "too-big", is_heeded),
    ("one that hesitates and never hears it", 6, 80, DEAF, "too-big",
     is_ignored),
    ("sshd behind a hole heeds it", 4, 22, HOLE, "mtu,too-big", is_heeded),
    ("one that never hears it", 4, 22, DEAF, "too-big", is_ignored),
    ("one that never hears it", 6, 443, DEAF, "too-big", is_ignored),
    (
        "one that gets over it",
        4,
        22,
        DEAF + PROBING,
        "too-big",
        is_late,
    ),
    (
        "one that lets its packets be cut",
        4,
        22,
        ["--sysctl", "server:net.ipv4.ip_no_pmtu_disc=1"],
        "too-big",
        is_untold,
    ),
    ("one that says nothing", 4, 23, [], "too-big", is_untold),
)


def main():
    pool = processes.Pool(4)
    runs = [
        (case, pool.submit(play, case[1], case[2], case[3], case[4]))
        for case in CASES
    ]
    for (name, family, port, _, _, holds), call in runs:
        run = call.result()
        check(
            run["status"] == 0 and holds(run),
            f"IPv{family}, port {port}: {name}",
            show(run),
        )
        said = [
            line
            for line in run["log"]
            if not line.startswith(
                ("Server listening", "Bind to port", "Connection closed")
            )
            and "Connection closed by remote host" not in line
        ]
        check(not said, f"IPv{family}, {name}: no complaint", str(said))
    quiet = play(4, 22, [], "route,mtu")
    check(
        "too-big" not in quiet["lines"][-1]["experiments"],
        "it is not done unless it is asked for",
        show(quiet),
    )


main()
done()
