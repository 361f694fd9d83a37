"""A NAT on router 1 that forgets idle connections, in all the ways it can."""

import recipes
from recipes import (
    FORGOTTEN,
    FORGOTTEN_BOX,
    FORGOTTEN_SILENT,
    IDLE,
    INVALID_DROP,
    OPEN,
    STRICT,
    TIMEOUT,
    UNSEEN,
    masquerade,
)
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import chain

STRANGER = says(
    "state-expired server nat-timeout",
    "nat-mismatch server nat-timeout",
    "nat-mismatch server middlebox",
    "unknown-connection server unknown",
    "unknown-connection server nat-timeout",
    open=True,
)
STALLED = says(
    "state-expired none nat-timeout",
    "retransmission-timeout none *",
    open=True,
    unseen=True,
)

SCENARIOS = [
    Scenario(
        "nat-port-kept",
        "The mapping expired and came back with the same port: it survives.",
        OPEN + IDLE + "client exchange\nwait 0.2\nclient close\n"
        "server expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        nft={"r1": masquerade()},
        sysctl={"r1": TIMEOUT},
        seen=("server sees from=r1 len=5 after=3",),
        twin="nat-random-port",
    ),
    Scenario(
        "nat-random-port",
        "The mapping expired and came back with another port.",
        OPEN + IDLE + "client send 9\nclient expect reset\nwait 0.3",
        {"*": FORGOTTEN, "r1": STRANGER, "r2": STRANGER, "server": STRANGER},
        nft={"r1": masquerade("fully-random")},
        sysctl={"r1": TIMEOUT},
        seen=(
            "client sees from=server flags=R ttl=62 win=0 id=0 after=3",
            "server sees from=r1 len=9",
        ),
    ),
    Scenario(
        "nat-random-port-active",
        "The same NAT; the connection is never idle for long.",
        OPEN + ("wait 1.2\nclient exchange\n" * 4)
        + "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        nft={"r1": masquerade("fully-random")},
        sysctl={"r1": TIMEOUT},
        twin="nat-random-port",
    ),
    Scenario(
        "nat-leak-no-route",
        "Forgotten, not picked up: the private source leaks, and nobody "
        "knows the way back.",
        "r2 run ip route del $net1\n" + OPEN + IDLE
        + "client send 9\nclient retransmits 6",
        {"*": FORGOTTEN_SILENT, "r2": STRANGER, "server": STRANGER},
        nft={"r1": masquerade()},
        sysctl={"r1": STRICT},
        seen=(
            "client sees 4+ from=client len=9",
            "server sees from=client len=9",
            "server sees from=server flags=R",
        ),
    ),
    Scenario(
        "nat-leak-routed",
        "Forgotten, not picked up: the private source leaks and the "
        "server's reset finds back.",
        OPEN + IDLE + "client send 9\nclient expect reset\nwait 0.3",
        {"*": FORGOTTEN, "r1": STRANGER, "r2": STRANGER, "server": STRANGER},
        nft={"r1": masquerade()},
        sysctl={"r1": STRICT},
        seen=(
            "client sees from=server flags=R ttl=62 after=3",
            "server sees from=client len=9",
        ),
    ),
    Scenario(
        "nat-invalid-drop",
        "Forgotten, and packets of unknown connections are dropped.",
        OPEN + IDLE + "client send 9\nclient retransmits 6",
        {"*": FORGOTTEN_SILENT, "r2": UNSEEN, "server": UNSEEN},
        nft={"r1": masquerade() + INVALID_DROP},
        sysctl={"r1": STRICT},
        seen=("client sees 4+ from=client len=9", "server lacks len=9"),
    ),
    Scenario(
        "nat-invalid-reset",
        "Forgotten, and packets of unknown connections are reset.",
        OPEN + IDLE + "client send 9\nclient expect reset\nwait 0.3",
        {"*": FORGOTTEN_BOX, "r2": UNSEEN, "server": UNSEEN},
        nft={
            "r1": masquerade()
            + chain(
                "forward", "ct state invalid meta l4proto tcp "
                "reject with tcp reset"
            )
        },
        sysctl={"r1": STRICT},
        seen=("client sees from=server flags=R ttl=64 after=3",),
    ),
    Scenario(
        "nat-server-speaks",
        "Forgotten; the server speaks first and the NAT's kernel resets it.",
        OPEN + IDLE + "server send 9\nserver expect reset\nwait 0.3\n"
        "client send 5\nclient expect reset",
        {
            "*": recipes.FORGOTTEN_BOX_OPEN,
            "client": FORGOTTEN,
            "r1": says(
                *(" ".join(r) for r in recipes.FORGOTTEN_BOX_OPEN.right),
                "state-expired server nat-timeout",
                "unknown-connection server unknown",
                open=True,
            ),
            "r2": says(
                *(" ".join(r) for r in recipes.FORGOTTEN_BOX_OPEN.right),
                "state-expired client nat-timeout",
                "unknown-connection client unknown",
                "state-expired server nat-timeout",
                "unknown-connection server unknown",
                open=True,
            ),
            "server": says(
                *(" ".join(r) for r in recipes.FORGOTTEN_BOX_OPEN.right),
                "state-expired client nat-timeout",
                "unknown-connection client unknown",
                "state-expired server nat-timeout",
                "unknown-connection server unknown",
                open=True,
            ),
        },
        nft={"r1": masquerade()},
        sysctl={"r1": TIMEOUT},
        seen=(
            "server sees from=r1 flags=R ttl=63 after=3",
            "client sees from=server flags=R ttl=62 after=3",
        ),
    ),
    Scenario(
        "nat-server-speaks-dropped",
        "Forgotten; the server's packets die at the NAT until the client "
        "speaks and the mapping is made again.",
        OPEN + IDLE + "server send 9\nclient expect silence 2.5\n"
        "client send 5\nserver recv 5\nclient recv 9\nwait 0.2",
        {"*": STALLED, "client": INNOCENT},
        nft={
            "r1": masquerade()
            + chain("input", 'iifname "to-r2" meta l4proto tcp drop')
        },
        sysctl={"r1": TIMEOUT},
        seen=("server sees 3+ from=server len=9",),
    ),
    Scenario(
        "nat-server-idle-close",
        "Forgotten; the server's FIN never arrives, the client sends later.",
        OPEN + IDLE + "server close\nwait 2\nclient send 9\n"
        "client expect reset\nwait 0.2",
        {
            "*": says(
                "state-expired server nat-timeout",
                "unknown-connection server unknown",
                "late-data server *",
                "state-expired none nat-timeout",
                open=True,
            ),
        },
        nft={
            "r1": masquerade()
            + chain("input", 'iifname "to-r2" meta l4proto tcp drop')
        },
        sysctl={"r1": TIMEOUT},
        seen=(
            "client lacks flags=F",
            "server sees 2+ from=server flags=F",
            "client sees from=server flags=R ttl=62",
        ),
    ),
]
