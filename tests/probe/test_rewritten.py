#!/usr/bin/python3
"""Headers that devices change, planted at each hop: does `culprit probe` name
the field and the hop, and nothing else? Their healthy twins: nothing is named.

    test_rewritten.py PROGRAM

Kernels' default limits of ICMP errors are on. Needs root.
"""

import planted
from planted import ROUTERS, Case, at_router

# words of the wire, what has to be found, and whether the target, which
# quotes no options, can tell of it too; all others are seen by routers only
WIRED = (
    ("mss=1300", ["mss-clamped"], False),
    ("clear_df", ["df-cleared"], True),
    ("tos=32", ["rewritten dscp", "rewritten ecn"], True),
    ("strip_timestamps", ["rewritten timestamps"], False),
    ("strip_sack", ["rewritten sack-permitted"], False),
    ("strip_wscale", ["rewritten window-scale"], False),
    ("sequence_shift=100000", ["rewritten sequence"], False),
)


def rotated(family, shift):
    """All of them at once, each on another link."""
    options, expected = [], []
    for index, (words, found, is_quoted_by_target) in enumerate(WIRED):
        link = (index + shift) % (ROUTERS + 1) + 1
        if words == "clear_df" and family == 6:
            continue
        options += ["--wire", f"{link}:forward:{words}"]
        if link <= ROUTERS or is_quoted_by_target:
            expected += [f"{name} hop {link - 1}" for name in found]
    return options, expected


def cases():
    for family in (4, 6):
        for shift in range(ROUTERS + 1):
            options, expected = rotated(family, shift)
            yield family, f"all, turned by {shift}", options, expected
        for router in range(1, ROUTERS):
            for kind, word in (
                ("translated", "source"),
                ("half translated", "source"),
                ("ttl", "ttl"),
                ("ip-id", "ip-id"),
                ("ecn-flags", "ecn-flags"),
            ):
                # Addresses of hop 1 may have one checksum in IPv6.
                if (kind == "ip-id" and family == 6) or (
                    router == 1 and kind == "half translated"
                ):
                    continue
                yield (
                    family,
                    f"{kind} at hop {router}",
                    at_router(family, router, kind),
                    [f"rewritten {word} hop {router}"],
                )
        shown = f"10.77.{ROUTERS + 1}.99"
        yield (
            family,
            "sent on to another address at hop 3",
            at_router(family, 3, "sent on"),
            ["rewritten target hop 3"],
            shown if family == 4 else f"fd77:{ROUTERS + 1}::99",
        )
        # A kernel's NAT puts back everything: nothing may be said.
        for kind in ("kernel", "kernel, other ports"):
            yield (
                family,
                f"translated by a {kind}",
                at_router(family, 3, kind),
                [],
            )
        yield family, "healthy", [], []


planted.main(
    Case(family, name, options, "route,rewritten", expected, *target)
    for family, name, options, expected, *target in cases()
)
