#!/usr/bin/python3
"""Several limits of the forward path at once, and "too big" that is rationed:
what does `culprit probe` find, exclude and leave open?

    test_limits.py PROGRAM [TIMES]

Needs root. Five routers with their kernels' limits of ICMP errors, 20 ms.
"""

import sys

import stage

import processes
import topology
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
BASE = stage.usual_path(ROUTERS)
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 1
POOL = processes.Pool(4)
# As Cisco IOS does unless it is told otherwise.
TWO_A_SECOND = "limit rate over 2/second burst 1 packets"
ONE_IN_TEN = "numgen random mod 10 != 0"


def rationed(router, how):
    """The router sends few of its "too big"."""
    rules = "\n".join(
        f"{kind} {how} drop"
        for kind in (
            "icmp type destination-unreachable",
            "icmpv6 type packet-too-big",
        )
    )
    return ["--nft", f"{router}:{topology.chain('output', rules)}"]


CLEARED = [
    "--nft",
    "2:"
    + topology.chain(
        "forward",
        "ip frag-off & 0x4000 == 0x4000 ip frag-off set ip frag-off & 0xbfff",
    ),
]


CLAMP = ["--mss", "2:1300"]


def lengths(least, most):
    """The third router drops packets of these."""
    rule = f'iifname "to-r2" meta length {least}-{most} drop'
    return ["--nft", f"3:{topology.chain('forward', rule)}"]


def half(of):
    """By turns, as where a router balances packets over two routes."""
    rule = f'iifname "to-r2" {of} numgen random mod 2 == 0 drop'
    return ["--nft", f"3:{topology.chain('forward', rule)}"]


HALF_OF_THE_LARGE = half("meta length > 1400")
HALF_OF_ALL = half("")


def play(family, words, only="mtu"):
    def act(path):
        return stage.probe(path, PROGRAM, family, "--only", only)

    return POOL.submit(stage.play, [*BASE, *words], act)


def forward(run):
    """(finding, size, grade, after the hop) of the way there."""
    return sorted(
        (
            finding["finding"],
            finding.get("mtu"),
            finding["grade"],
            finding.get("after_hop", finding.get("limited_after_hop")),
        )
        for finding in stage.findings(run)
        if finding.get("direction") == "forward"
    )


def hole_is_listed(run, kind):
    return bool(stage.listed(run, kind, "pmtu-black-hole", "forward"))


def limit(size, hop, grade="certain"):
    return ("path-mtu", size, grade, hop)


def hole(size, after, grade="certain"):
    return ("pmtu-black-hole", size, grade, after)


# what, options, all that is found on the way there, where a black hole stands
# that is not found ("excluded", "undetermined", None: it is found), and the
# families, unless both, and what is run, unless it is "mtu"
CASES = (
    (
        'a rationed "too big", two a second, is a path MTU',
        ["--hole", "4:1400:icmp", *rationed(3, TWO_A_SECOND)],
        [[limit(1400, 3)]],
        ("excluded",),
    ),
    (
        "so is one that is not rationed",
        ["--hole", "4:1400:icmp"],
        [[limit(1400, 3)]],
        ("excluded",),
    ),
    (
        'one "too big" in ten is a path MTU',
        ["--hole", "4:1400:icmp", *rationed(3, ONE_IN_TEN)],
        [[limit(1400, 3)], [limit(1400, 3, "likely")]],
        ("excluded", "undetermined"),
    ),
    (
        "a silent hole is one where no \"too big\" comes",
        ["--hole", "4:1400:silent"],
        [[hole(1400, 3)]],
        (None,),
    ),
    (
        "a hole in front of a reported limit is found, and both have a link",
        ["--hole", "2:1450:silent", "--hole", "5:1400:icmp"],
        [[limit(1400, 4), hole(1450, 1)]],
        (None,),
    ),
    (
        "where DF is cleared before a smaller link, that link is found",
        ["--hole", "5:1400:icmp", *CLEARED],
        [[limit(1400, 4)]],
        ("excluded",),
        (4,),
    ),
    (
        "so is it where its MTU is no multiple of eight",
        ["--hole", "4:1403:icmp", *CLEARED],
        [[limit(1403, 3)]],
        ("excluded",),
        (4,),
    ),
    (
        "where it is cleared before the last link, the size is not certain",
        ["--hole", "6:1400:icmp", *CLEARED],
        [[limit(1500, None, "likely")]],
        ("excluded",),
        (4,),
    ),
    (
        "where it is cleared and no link is smaller, the size is not certain",
        CLEARED,
        [[limit(1500, None, "likely")]],
        ("excluded",),
        (4,),
    ),
    (
        "where it is not cleared there is the limit",
        ["--hole", "5:1400:icmp"],
        [[limit(1400, 4)]],
        ("excluded",),
        (4,),
    ),
    (
        "without that hole there is the limit alone",
        ["--hole", "5:1400:icmp"],
        [[limit(1400, 4)]],
        ("excluded",),
    ),
    (
        "a hole behind a reported limit is found, and both have a link",
        ["--hole", "2:1450:icmp", "--hole", "5:1400:silent"],
        [[limit(1450, 1, "likely"), hole(1400, 4)]],
        (None,),
    ),
    (
        "that half of the large packets are lost excludes no hole",
        HALF_OF_THE_LARGE,
        [[limit(1500, None, "likely")]],
        ("undetermined",),
        (4, 6),
        "mtu,loss",
    ),
    (
        "that half of all packets are lost is no matter of size",
        HALF_OF_ALL,
        [[limit(1500, None)], [limit(1500, None, "likely")], []],
        ("excluded", "undetermined"),
        (4, 6),
        "mtu,loss",
    ),
    (
        "sizes that are lost between others are told, and are no limit",
        lengths(1420, 1450),
        [[limit(1500, None), ("pmtu-black-hole", None, "likely", None)]],
        (None,),
    ),
    (
        "so are smaller ones",
        lengths(1000, 1100),
        [[limit(1500, None), ("pmtu-black-hole", None, "likely", None)]],
        (None,),
    ),
    (
        "two reported limits are one path MTU",
        ["--hole", "2:1450:icmp", "--hole", "5:1400:icmp"],
        [[limit(1400, 4)]],
        ("excluded",),
    ),
)


def clamp(arrived):
    """(of what the SYN offers, the grade, the hop) is found."""
    return ("mss-clamped", arrived, "certain", 2)


# what, options, all that is found of sizes, and of the clamp
CLAMPED = (
    (
        "a clamp and a reported limit are both found",
        [*CLAMP, "--hole", "5:1400:icmp"],
        [limit(1400, 4)],
        [clamp(1300)],
    ),
    (
        "a clamp and a silent hole are both found",
        [*CLAMP, "--hole", "5:1400:silent:forward"],
        [hole(1400, 4)],
        [clamp(1300)],
    ),
    (
        "a clamp alone is no limit",
        CLAMP,
        [limit(1500, None)],
        [clamp(1300)],
    ),
    (
        "a limit alone is no clamp",
        ["--hole", "5:1400:icmp"],
        [limit(1400, 4)],
        [],
    ),
)


def tell_clamped(family, case, run):
    sizes = [one for one in forward(run) if one[0] != "mss-clamped"]
    clamps = [
        (found["finding"], found["arrived"], found["grade"], found["hop"])
        for found in stage.findings(run)
        if found["finding"] == "mss-clamped"
        and found["direction"] == "forward"
    ]
    check(
        run["is_same"] and sizes == case[2] and clamps == case[3],
        f"IPv{family}: {case[0]}",
        f"{sizes} {clamps}\n{run['text']}",
    )


def tell(family, case, run):
    what, _, expected, lists = case[:4]
    found = forward(run)
    listed = [
        kind
        for kind in ("excluded", "undetermined")
        if hole_is_listed(run, kind)
    ] or [None]
    check(
        run["status"] == 0
        and run["is_same"]
        and found in [sorted(one) for one in expected]
        and listed[0] in lists,
        f"IPv{family}: {what}",
        f"{found} {listed} in {run['seconds']:.1f} s\n{run['text']}",
    )


def main():
    begun = [
        (play(family, *case[1:2], *case[5:]), family, case)
        for _ in range(TIMES)
        for family in (4, 6)
        for case in CASES
        if family in (case[4] if len(case) > 4 else (4, 6))
    ]
    clamped = [
        (play(family, case[1], "mtu,rewritten"), family, case)
        for _ in range(TIMES)
        for family in (4, 6)
        for case in CLAMPED
    ]
    for call, family, case in begun:
        tell(family, case, call.result())
    for call, family, case in clamped:
        tell_clamped(family, case, call.result())


main()
done()
