#!/usr/bin/python3
"""Droppers of fragments on each link, and devices that put fragments together
at each hop: does `culprit probe` name the place, and nothing else?

In IPv4 the target says after half a minute that pieces are missing; most cases
have one that says so sooner.

    test_fragments.py PROGRAM

Kernels' default limits of ICMP errors are on. Needs root.
"""

import planted
from planted import ROUTERS, Case, later, rules, tiny_first

IMPATIENT = ["--sysctl", "server:net.ipv4.ipfrag_time=3"]


def dropped(kind, link):
    return [f"fragments-dropped {kind} after_hop {link - 1} before_hop {link}"]


def together(family):
    """What fitted one piece nearly, IPv6 sends on whole: it then arrives, and
    says nothing of the place."""
    found = (
        dropped("any", 4)
        if family == 4
        else [f"fragments-dropped {kind}" for kind in ("two", "many", "reversed")]
    )
    return found + ["rewritten fragmentation hop 2"]


def unplaced(kind):
    return [f"fragments-dropped {kind}"]


def slow():
    """A target that says after 30 s what it misses; that says nothing; and
    whose word comes by a NAT that forgets whom it is for in as long."""
    yield (
        4,
        "later pieces dropped at hop 3, said after half a minute",
        later(4, 3),
        unplaced("later"),
    )
    yield (
        4,
        "dropped on the last link",
        ["--wire", f"{ROUTERS + 1}:forward:drop_fragments"],
        dropped("any", ROUTERS + 1),
    )
    yield (
        4,
        "later pieces dropped at hop 3 behind a NAT at hop 1",
        ["--nat", "1", *later(4, 3)],
        [
            f"fragments-dropped later after_hop 1 before_hop {ROUTERS + 1}",
            "rewritten fragmentation hop 1",
        ],
    )
    yield (
        4,
        "no error comes from the last router, dropped on the last link",
        ["--wire", f"{ROUTERS + 1}:forward:drop_fragments"]
        + rules(
            ROUTERS,
            ("output", "0", "icmp type time-exceeded drop"),
        ),
        [f"fragments-dropped any after_hop {ROUTERS - 1} before_hop {ROUTERS + 1}"],
    )


def cases():
    yield from slow()
    for family in (4, 6):
        for link in range(1, ROUTERS + (family == 6) + 1):
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
        for link in (1, 3, ROUTERS + 1):
            yield (
                family,
                f"later pieces dropped on link {link}",
                later(family, link) + IMPATIENT,
                # before the first router nobody reports any
                dropped("later", link)
                if family == 6 and link > 1
                else unplaced("later"),
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
        yield family, "healthy", IMPATIENT, []
    # Both kinds get through a device that holds what is not complete.
    yield (
        6,
        "later pieces dropped on link 2, put together at hop 4",
        ["--nat", "4", *later(6, 2)],
        dropped("later", 2),
    )


planted.main(
    (
        Case(family, name, options, "route,fragments", expected)
        for family, name, options, expected in cases()
    ),
    at_once=4,  # they wait more than they work
)
