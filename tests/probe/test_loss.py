#!/usr/bin/python3
"""Loss on a link: does `culprit probe --only loss` name the hop, and say
nothing of routers that only ration their errors?

    test_loss.py PROGRAM

Kernels' default limits of ICMP errors are on. Needs root.
"""

import planted
from planted import ROUTERS, Case


def lossy(link):
    """What is found, and what is right too: by chance, a hop behind the link
    may lose significantly more than the whole path does; then it is not taken
    for the end of the stretch, and a later one is."""
    exact = [f"loss hop {link} after_hop {link - 1} before_hop {link}"]
    wider = [
        [f"loss after_hop {link - 1} before_hop {behind}"]
        for behind in range(link + 1, ROUTERS + 2)
    ]
    return exact, wider


def is_unplayed(findings):
    """Chance took every SYN, and nothing else is made of it."""
    return any(
        one["finding"] == "port-state" and one["grade"] == "possible"
        for one in findings
    )


def cases():
    for family, link in ((4, 1), (6, 3), (4, 4), (6, ROUTERS + 1)):
        yield (
            family,
            f"a fifth lost each way on link {link}",
            ["--loss", f"{link}:20"],
            *lossy(link),
        )
    # Hop 2 reports one packet in four seconds; what is lost is lost behind.
    yield (
        4,
        "a router that rations more than others, loss on link 4",
        ["--loss", "4:20", "--sysctl", "r2:net.ipv4.icmp_ratelimit=4000"],
        *lossy(4),
    )
    yield (
        4,
        "a router that rations its errors, no loss",
        ["--sysctl", "r2:net.ipv4.icmp_ratelimit=4000"],
        [],
        (),
    )


planted.main(
    (
        Case(family, name, options, "loss", expected, wider=wider)
        for family, name, options, expected, wider in cases()
    ),
    at_once=6,  # they wait, mostly
    is_unplayed=is_unplayed,
)
