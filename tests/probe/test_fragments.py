#!/usr/bin/python3
"""Droppers of fragments on each link, and devices that put fragments together
at each hop: does `culprit probe` name the place, and nothing else?

    test_fragments.py PROGRAM

Kernels' default limits of ICMP errors are on. Needs root.
"""

import sys

import planted
from planted import ROUTERS, Case, rules


def dropped(kind, link):
    """Routers quote first pieces only: behind the last nobody can say."""
    place = f" after_hop {link - 1} before_hop {link}"
    return [
        f"fragments-dropped {kind}" + (place if link <= ROUTERS else "")
    ]


def together(family):
    """What fitted one piece nearly, IPv6 sends on whole: it then arrives, and
    says nothing of the place."""
    found = (
        dropped("any", 4)
        if family == 4
        else [f"fragments-dropped {kind}" for kind in ("two", "many", "reversed")]
    )
    return found + ["rewritten fragmentation hop 2"]


def tiny_first(family, router):
    """Drops first pieces that do not hold a TCP header."""
    short = (
        "ip frag-off & 0x3fff == 0x2000 ip length < 68 drop"
        if family == 4
        else "exthdr frag exists ip6 length < 68 drop"
    )
    return rules(router, ("prerouting", "-450", short))


def cases():
    for family in (4, 6):
        for link in range(1, ROUTERS + 2):
            yield (
                family,
                f"dropped on link {link}",
                ["--wire", f"{link}:forward:drop_fragments"],
                dropped("any", link),
            )
        for router in range(1, ROUTERS + 1):
            yield (
                family,
                f"put together at hop {router}",
                ["--nat", str(router)],
                [f"rewritten fragmentation hop {router}"],
            )
        yield (
            family,
            "put together at hop 2, dropped on link 4",
            ["--nat", "2", "--wire", "4:forward:drop_fragments"],
            together(family),
        )
        yield (
            family,
            "first pieces of eight bytes dropped at hop 3",
            tiny_first(family, 3),
            dropped("tiny-first", 3),
        )
        yield (
            family,
            "dropped on the way back",
            ["--wire", "3:reverse:drop_fragments"],
            ["fragments-dropped answer reverse"],
        )
        # A hole is none of fragments; its size is not for them to say.
        yield (
            family,
            "only packets above a size vanish",
            ["--hole", "3:1400:silent:forward"],
            ["pmtu-black-hole"],
        )
        yield family, "a limit that is told of", ["--hole", "3:1400:icmp"], []
        yield family, "healthy", [], []


sys.exit(
    planted.main(
        Case(family, name, options, "route,fragments", expected)
        for family, name, options, expected in cases()
    )
)
