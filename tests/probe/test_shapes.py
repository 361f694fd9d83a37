#!/usr/bin/python3
"""Paths that are no plain line: a way back over other routers, a device that
ends the connection or hands it on while echo goes elsewhere, what changes while
it is measured. Does `culprit probe` mix them up?

    test_shapes.py PROGRAM

Needs root.
"""

import stage

import topology
from shapes import detour, narrow_since, to_itself, to_server
from tap import PROGRAM, check, done

ROUTERS = 5
LIMITS = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
BANNER = ["--serve", "22:banner"]


def play(family, words, change=None, target=None, only="route,mtu"):
    """One run, on a path that is changed first."""

    def act(path):
        if change:
            change(path)
        if target:
            path.server_address = lambda _: target
        return stage.probe(path, PROGRAM, family, "--only", only)

    return stage.play([*LIMITS, *words], act)


def ways(run):
    """(finding, direction, size, grade) of what was measured."""
    return sorted(
        (
            finding["finding"],
            finding["direction"],
            finding.get("mtu"),
            finding["grade"],
        )
        for finding in stage.findings(run)
        if "direction" in finding
        and finding["finding"] != "rewritten"
        and finding["grade"] != "undetermined"
    )


def demand(run, expected, sentence):
    check(
        run["status"] == 0 and run["is_same"] and ways(run) == expected,
        sentence,
        f"{ways(run)}\n{run['said']}\n{run['text']}",
    )


FREE = ("path-mtu", "forward", 1500, "certain")
SSH = ["--serve", "22:ssh"]


def narrow_way_back(family):
    for mtu in (1400, 1500):
        run = play(family, SSH, lambda path, mtu=mtu: detour(path, mtu))
        demand(
            run,
            [FREE, ("path-mtu", "reverse", mtu, "certain")],
            f"IPv{family}: a way back of {mtu} over other routers that say "
            '"too big" is measured, though echo comes back in pieces',
        )


def others_echo(family):
    third = "10.77.3.2" if family == 4 else "fd77:3::2"
    run = play(family, [*BANNER, "--hole", "5:1400:silent"], to_itself)
    demand(
        run,
        [FREE],
        f"IPv{family}: a hole behind a device that ends the connection, "
        "which echo passes, is none of its way back",
    )
    run = play(
        family,
        [*BANNER, "--hole", "2:1400:silent:forward"],
        to_itself,
    )
    demand(
        run,
        [("pmtu-black-hole", "forward", 1400, "certain")],
        f"IPv{family}: a hole before it is found",
    )
    run = play(
        family,
        [*BANNER, "--hole", "5:1400:silent:forward"],
        to_server,
        third,
    )
    # That device's errors are rationed, and stand for three hops.
    check(
        run["is_same"]
        and [way[:3] for way in ways(run)]
        == [("pmtu-black-hole", "forward", 1400)],
        f"IPv{family}: a way back is not measured by the echo of a device "
        "that hands the connection on",
        run["text"],
    )


def changes(family):
    """What arrived once is no proof of what passes since."""
    run = play(
        family,
        BANNER,
        lambda path: narrow_since(path, "meta mark set 1"),
        only="route,mtu,loss",
    )
    found = [
        finding
        for finding in stage.findings(run)
        if finding.get("direction") != "reverse"
    ]
    check(
        run["is_same"]
        and len(found) == 1
        and found[0]["mtu"] == 1400
        and found[0]["limited_after_hop"] == 3
        and found[0]["grade"] == "likely",
        f"IPv{family}: a size that is refused since is not the path's, and "
        "what is refused is not lost",
        run["text"],
    )
    run = play(
        family,
        BANNER,
        lambda path: narrow_since(path, "drop"),
        only="route,mtu,loss",
    )
    check(
        run["is_same"]
        and all(
            finding["grade"] == "likely" and "since" in finding["could_also_be"]
            for finding in stage.findings(run)
            if finding["finding"] == "path-mtu"
            and finding["direction"] == "forward"
        )
        and any(
            finding["finding"] == "loss" and finding["percent_large"] > 80
            for finding in stage.findings(run)
        ),
        f"IPv{family}: a size that vanishes since is not certain to pass",
        run["text"],
    )


def ways_back():
    """Half of all ports get nothing above 1400 bytes back. Rarely those that
    do and those that do not fall so that they look like one size."""
    rule = 'iifname "to-r4" tcp dport & 2 == 2 meta length > 1400 drop'
    words = [*SSH, "--nft", f"3:{topology.chain('forward', rule)}"]
    wrong = [
        run["text"]
        for run in (play(family, words) for family in (4, 6) * 4)
        for finding in stage.findings(run)
        if finding["finding"] == "pmtu-black-hole"
        and finding["mtu"] != 1400
        and finding["grade"] == "certain"
    ]
    check(
        len(wrong) <= 1,
        "connections that come back on ways of different sizes have no size "
        "in common for certain",
        "\n".join(wrong),
    )


def first_answers(family):
    """The packet that completes the handshake is lost: the server is deaf to
    what comes right behind it."""
    rule = (
        'iifname "to-r2" tcp dport 22 tcp flags & (syn | ack | fin) == ack '
        "meta length <= 60 quota until 65 bytes drop"
    )
    words = ["--nft", f"3:{topology.chain('forward', rule)}"]
    for hole in ([], ["--hole", "4:1400:silent:forward"]):
        run = play(family, [*BANNER, *words, *hole], only="route,mtu,loss")
        found = [
            (finding["finding"], finding["grade"])
            for finding in stage.findings(run)
            if finding.get("direction") != "reverse"
        ]
        check(
            run["is_same"]
            and found
            == [("pmtu-black-hole" if hole else "path-mtu", "certain")],
            f"IPv{family}: a handshake that completes late is no loss, "
            f"{' '.join(hole)}",
            run["text"],
        )


def nothing_large(family):
    """Nothing above 200 bytes passes, which no link would do."""
    run = play(family, [*BANNER, "--hole", "3:200:silent"])
    found = stage.findings(run)
    check(
        run["is_same"]
        and len(found) == 1
        and found[0]["finding"] == "pmtu-black-hole"
        and found[0]["grade"] == "undetermined"
        and "mtu" not in found[0],
        f"IPv{family}: that nothing large passes is told, and no size",
        run["text"],
    )


def by_kind(family):
    """What only one kind of packet meets is no matter of size alone."""
    large = 'meta l4proto {} meta length > 1000 drop'
    for protocol, expected in (
        ("tcp", ("pmtu-black-hole", "forward", 1000, "likely")),
        ("{ icmp, icmpv6 }", ("pmtu-black-hole", "reverse", 1000, "possible")),
    ):
        rule = topology.chain("forward", large.format(protocol))
        run = play(family, [*BANNER, "--nft", f"3:{rule}"])
        found = [way for way in ways(run) if way[0] != "path-mtu"]
        check(
            run["is_same"] and found == [expected],
            f"IPv{family}: a device that drops large packets of {protocol} "
            f"only is no hole for certain: {expected[3]}",
            run["text"],
        )
    for words in (["--hole", "2:1450:silent"], []):
        is_told = bool(words)
        run = play(family, [*BANNER, *words, "--hole", "5:1400:icmp"])
        facts = [
            row["fact"]
            for finding in stage.findings(run)
            if finding.get("limited_after_hop") == 4
            for row in finding["evidence"]
        ]
        check(
            run["is_same"]
            and facts
            and ("larger-sizes-refused" in facts) == is_told,
            f"IPv{family}: a hole for larger packets before an honest limit "
            f"is told: {is_told}",
            run["text"],
        )


def lossy_fragments(family):
    """All of eight pieces arrive in a sixth of the cases."""
    for way in ("forward", "reverse"):
        run = play(
            family,
            [*BANNER, "--loss", f"3:20:{way}"],
            only="route,fragments,loss",
        )
        found = [finding["finding"] for finding in stage.findings(run)]
        check(
            run["is_same"] and found == ["loss"],
            f"IPv{family}: loss of 20 % {way} is no dropper of fragments",
            run["text"],
        )
    run = play(
        family,
        [*BANNER, "--loss", "3:10", "--wire", "4:forward:drop_fragments"],
        only="route,fragments,loss",
    )
    found = [finding.get("kind") for finding in stage.findings(run)]
    check(
        run["is_same"] and "any" in found,
        f"IPv{family}: a dropper is found behind loss of 10 %",
        run["text"],
    )


for version in (4, 6):
    lossy_fragments(version)
    changes(version)
    by_kind(version)
    first_answers(version)
    nothing_large(version)
    narrow_way_back(version)
    others_echo(version)
ways_back()
done()
