#!/usr/bin/python3
"""Paths that are no plain line: a way back over other routers, a device that
ends the connection or hands it on while echo goes elsewhere, what changes while
it is measured. Does `culprit probe` mix them up?

    test_shapes.py PROGRAM

Needs root.
"""

import functools

import stage

import processes
import shapes
import topology
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
LIMITS = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
POOL = processes.Pool(4)
BANNER = ["--serve", "22:banner"]


def play(family, words, change=None, target=None, only="route,mtu"):
    """Begins one run, on a path that is changed first."""

    def act(path):
        if change:
            change(path)
        if target:
            path.server_address = lambda _: target
        return stage.probe(path, PROGRAM, family, "--only", only)

    return POOL.submit(stage.play, [*LIMITS, *words], act)


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


# Each of these begins runs and yields, for each, what to demand of it.


def narrow_way_back(family):
    for mtu in (1400, 1500):
        yield (
            play(
                family, SSH, lambda path, mtu=mtu: shapes.detour(path, mtu)
            ),
            lambda run, mtu=mtu: demand(
                run,
                [
                    FREE,
                    # the target may remember it, and no link have it
                    (
                        "path-mtu",
                        "reverse",
                        mtu,
                        "likely" if mtu < 1500 else "certain",
                    ),
                ],
                f"IPv{family}: a way back of {mtu} over other routers that "
                'say "too big" is measured, though echo comes back in pieces',
            ),
        )


def others_echo(family):
    third = "10.77.3.2" if family == 4 else "fd77:3::2"
    yield (
        play(family, [*BANNER, "--hole", "5:1400:silent"], shapes.to_itself),
        lambda run: demand(
            run,
            [("path-mtu", "forward", 1500, "likely")],
            f"IPv{family}: a hole behind a device that ends the connection, "
            "which echo passes, is none of its way back",
        ),
    )
    yield (
        play(
            family,
            [*BANNER, "--hole", "2:1400:silent:forward"],
            shapes.to_itself,
        ),
        lambda run: demand(
            run,
            [("pmtu-black-hole", "forward", 1400, "certain")],
            f"IPv{family}: a hole before it is found",
        ),
    )
    # That device's errors are rationed, and stand for three hops.
    yield (
        play(
            family,
            [*BANNER, "--hole", "5:1400:silent:forward"],
            shapes.to_server,
            third,
        ),
        lambda run: check(
            run["is_same"]
            and [way[:3] for way in ways(run)]
            == [("pmtu-black-hole", "forward", 1400)],
            f"IPv{family}: a way back is not measured by the echo of a "
            "device that hands the connection on",
            run["text"],
        ),
    )


def refused_since(family, run):
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


def vanishing_since(family, run):
    found = [
        finding
        for finding in stage.findings(run)
        if finding.get("direction") == "forward"
    ]
    check(
        run["is_same"]
        and len(found) == 1
        and found[0]["finding"] == "pmtu-black-hole"
        and found[0]["mtu"] == 1400
        and found[0]["grade"] == "likely"
        and "earlier in the run" in found[0]["could_also_be"],
        f"IPv{family}: a size that vanishes since is a hole, and not certain",
        run["text"],
    )


def changes(family):
    """What arrived once is no proof of what passes since."""
    for verdict, demanded in (
        ("meta mark set 1", refused_since),
        ("drop", vanishing_since),
    ):
        yield (
            play(
                family,
                BANNER,
                lambda path, verdict=verdict: shapes.narrow_since(
                    path, verdict
                ),
                only="route,mtu,loss",
            ),
            lambda run, demanded=demanded: demanded(family, run),
        )


def ways_back():
    """Half of all ports get nothing above 1400 bytes back. Rarely those that
    do and those that do not fall so that they look like one size."""
    rule = 'iifname "to-r4" tcp dport & 2 == 2 meta length > 1400 drop'
    words = [*SSH, "--nft", f"3:{topology.chain('forward', rule)}"]
    wrong = []
    for family in (4, 6) * 4:
        yield (
            play(family, words),
            lambda run: wrong.extend(
                run["text"]
                for finding in stage.findings(run)
                if finding["finding"] == "pmtu-black-hole"
                and finding["grade"] == "certain"
                and finding["mtu"] != 1400
            ),
        )
    yield (
        None,
        lambda _: check(
            len(wrong) <= 1,
            "connections that come back on ways of different sizes have no "
            "size in common for certain",
            "\n".join(wrong),
        ),
    )


def first_answered(family, hole, run):
    found = [
        (finding["finding"], finding["grade"])
        for finding in stage.findings(run)
        if finding.get("direction") != "reverse"
    ]
    check(
        run["is_same"]
        and found == [("pmtu-black-hole" if hole else "path-mtu", "certain")],
        f"IPv{family}: a handshake that completes late is no loss, "
        f"{' '.join(hole)}",
        run["text"],
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
        yield (
            play(family, [*BANNER, *words, *hole], only="route,mtu,loss"),
            lambda run, hole=hole: first_answered(family, hole, run),
        )


def without_size(family, run):
    found = [
        finding
        for finding in stage.findings(run)
        if finding.get("direction") != "reverse"
    ]
    check(
        run["is_same"]
        and len(found) == 1
        and found[0]["finding"] == "pmtu-black-hole"
        and found[0]["grade"] == "undetermined"
        and "mtu" not in found[0],
        f"IPv{family}: that nothing large passes is told, and no size",
        run["text"],
    )


def nothing_large(family):
    """Nothing above 200 bytes passes, which no link would do."""
    yield (
        play(family, [*BANNER, "--hole", "3:200:silent"]),
        lambda run: without_size(family, run),
    )


def of_one_kind(family, protocol, expected, run):
    found = [way for way in ways(run) if way[0] != "path-mtu"]
    check(
        run["is_same"] and found == [expected],
        f"IPv{family}: a device that drops large packets of {protocol} only "
        f"is no hole for certain: {expected[3]}",
        run["text"],
    )


def before_a_limit(family, is_told, run):
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
        f"IPv{family}: a hole for larger packets before an honest limit is "
        f"told: {is_told}",
        run["text"],
    )


def by_kind(family):
    """What only one kind of packet meets is no matter of size alone."""
    large = "meta l4proto {} meta length > 1000 drop"
    for protocol, expected in (
        ("tcp", ("pmtu-black-hole", "forward", 1000, "likely")),
        ("{ icmp, icmpv6 }", ("pmtu-black-hole", "reverse", 1000, "possible")),
    ):
        rule = topology.chain("forward", large.format(protocol))
        yield (
            play(family, [*BANNER, "--nft", f"3:{rule}"]),
            lambda run, protocol=protocol, expected=expected: of_one_kind(
                family, protocol, expected, run
            ),
        )
    for words in (["--hole", "2:1450:silent"], []):
        yield (
            play(family, [*BANNER, *words, "--hole", "5:1400:icmp"]),
            lambda run, is_told=bool(words): before_a_limit(
                family, is_told, run
            ),
        )


def is_mere_loss(family, way, run):
    found = [finding["finding"] for finding in stage.findings(run)]
    check(
        run["is_same"] and found == ["loss"],
        f"IPv{family}: loss of 20 % {way} is no dropper of fragments",
        run["text"],
    )


def no_dropper(run):
    """What is not as planted, or None."""
    found = [
        finding.get("kind")
        for finding in stage.findings(run)
        if finding["finding"] != "loss"
    ]
    if not found:
        return stage.Less("loss alone is told")
    return None if "any" in found else f"{found}"


def is_dropper(family, again, run):
    name = f"IPv{family}: a dropper is found behind loss of 10 %"
    said, run = stage.settled(
        name, run, no_dropper, lambda: again().result()
    )
    check(run["is_same"] and not said, name, f"{said}\n{run['text']}")


def lossy_fragments(family):
    """All of eight pieces arrive in a sixth of the cases."""
    for way in ("forward", "reverse"):
        yield (
            play(
                family,
                [*BANNER, "--loss", f"3:20:{way}"],
                only="route,fragments,loss",
            ),
            lambda run, way=way: is_mere_loss(family, way, run),
        )
    dropper = functools.partial(
        play,
        family,
        [*BANNER, "--loss", "3:10", "--wire", "4:forward:drop_fragments"],
        only="route,fragments,loss",
    )
    yield dropper(), lambda run: is_dropper(family, dropper, run)


def main():
    begun = []
    for version in (4, 6):
        for theme in (
            lossy_fragments,
            changes,
            by_kind,
            first_answers,
            nothing_large,
            narrow_way_back,
            others_echo,
        ):
            begun += theme(version)
    begun += ways_back()
    for call, demanded in begun:
        demanded(call and call.result())


main()
done()
