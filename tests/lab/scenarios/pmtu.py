"""Sizes that do not fit: black holes, deaf senders, and working discovery."""

from recipes import OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link, chain

HOLE = says("pmtu-black-hole none path-mtu")
# Beyond the hole only the small ones arrive.
BEYOND = says(
    "pmtu-black-hole none path-mtu",
    "retransmission-timeout none unknown",
    open=True,
    unseen=True,
)
IGNORED = says("pmtu-ignored * *", "pmtu-black-hole none path-mtu")

QUIET = chain(
    "output",
    "icmp type destination-unreachable drop;"
    "icmpv6 type packet-too-big drop",
    table="quiet",
)
DEAF = chain(
    "input",
    "icmp type destination-unreachable drop;"
    "icmpv6 type packet-too-big drop",
    table="deaf",
)

UP = OPEN + "client send 5000\nclient retransmits 8"
DOWN = OPEN + "client send 9\nserver recv 9\nserver send 5000\nserver retransmits 8"
UP_ARRIVES = (
    OPEN + "client send 5000\nserver recv 5000\nclient close\n"
    "server expect eof\nserver close\nwait 0.2"
)
DOWN_ARRIVES = (
    OPEN + "client send 9\nserver recv 9\nserver send 5000\n"
    "client recv 5000\nclient close\nserver expect eof\nserver close\n"
    "wait 0.2"
)


def wire(link, **options):
    return {link: Link(wire=options)}


def silent(name, link, way, size):
    """A size limit on a wire, without a word to anybody."""
    forward = way == "forward"
    near = [f"r{k}" for k in range(1, link)]
    far = [f"r{k}" for k in range(link, 3)]
    sender_side = ["client", *near] if forward else [*far, "server"]
    others = [*far, "server"] if forward else ["client", *near]
    sender = "client" if forward else "server"
    return Scenario(
        name,
        f"Packets above {size} bytes vanish {way} on link {link}.",
        UP if forward else DOWN,
        {
            **{vantage: HOLE for vantage in sender_side},
            **{vantage: BEYOND for vantage in others},
        },
        links=wire(link, **{way: f"drop_larger={size}"}),
        seen=(
            f"{sender} sees 6+ from={sender} len=>1300",
            f"{sender} lacks icmp=too-big",
        ),
    )


SCENARIOS = [
    silent("hole-forward-link-1", 1, "forward", 1400),
    silent("hole-forward-link-2", 2, "forward", 1400),
    silent("hole-forward-link-3", 3, "forward", 1300),
    silent("hole-reverse-link-1", 1, "reverse", 1300),
    silent("hole-reverse-link-2", 2, "reverse", 1400),
    silent("hole-reverse-link-3", 3, "reverse", 1400),
    Scenario(
        "hole-forward-one-byte",
        "Only full-size packets vanish: the limit is one byte below them.",
        UP,
        {"client": HOLE, "r1": HOLE, "*": BEYOND},
        links=wire(2, forward="drop_larger=1499"),
        seen=("client sees 6+ from=client len=>1400",),
    ),
    Scenario(
        "hole-with-delay",
        "A black hole on a path of 40 ms.",
        UP,
        {"client": HOLE, "r1": HOLE, "*": BEYOND},
        links=wire(2, both="delay_ms=20", forward="drop_larger=1400"),
        seen=("client sees 6+ from=client len=>1300",),
    ),
    Scenario(
        "true-mtu-filtered-forward",
        "Router 2's link has an MTU of 1400; its complaints are filtered.",
        UP,
        {"client": HOLE, "r1": HOLE, "r2": HOLE, "server": BEYOND},
        links={3: Link(mtu=1400)},
        # The server's own MSS would give it away.
        nft={
            "r2": QUIET
            + chain(
                "forward",
                "tcp flags syn tcp option maxseg size set 1460",
                table="mss",
            )
        },
        before="server run ip link set to-r2 mtu 1500",
        seen=(
            "client sees 6+ from=client len=>1300",
            "client lacks icmp=too-big",
        ),
    ),
    Scenario(
        "true-mtu-filtered-at-r1",
        "Router 2 complains, router 1 drops the complaint.",
        UP,
        {"client": HOLE, "r1": IGNORED, "r2": IGNORED, "server": BEYOND},
        links={3: Link(mtu=1400)},
        nft={
            "r1": chain(
                "forward",
                "icmp type destination-unreachable drop;"
                "icmpv6 type packet-too-big drop",
            )
        },
        before="server run ip link set to-r2 mtu 1500",
        seen=(
            "r2 sees icmp=too-big",
            "client lacks icmp=too-big",
            "client sees 6+ from=client len=>1300",
        ),
    ),
    Scenario(
        "true-mtu-reported",
        "The same MTU; the complaint arrives and is heeded.",
        UP_ARRIVES,
        from_everywhere(INNOCENT),
        links={3: Link(mtu=1400)},
        before="server run ip link set to-r2 mtu 1500",
        seen=("client sees icmp=too-big",),
        twin="true-mtu-filtered-forward",
    ),
    Scenario(
        "true-mtu-reported-reverse",
        "An MTU of 1400 on the way to the client, reported to the server.",
        DOWN_ARRIVES,
        from_everywhere(INNOCENT),
        links={1: Link(mtu=1400)},
        before="client run ip link set to-r1 mtu 1500",
        seen=("server sees icmp=too-big",),
        twin="hole-reverse-link-1",
    ),
    Scenario(
        "true-mtu-reported-odd-address",
        "The complaint comes from an address of the router that is not on "
        "the path.",
        UP_ARRIVES,
        from_everywhere(INNOCENT),
        links={3: Link(mtu=1400)},
        before="server run ip link set to-r2 mtu 1500\n"
        "r2 run ip addr add $vip/$bits dev lo\nwait 0.5\n"
        "r2 run ip route replace $net1 via $r1out src $vip",
        seen=("client sees from=vip icmp=too-big",),
        twin="true-mtu-filtered-at-r1",
    ),
    Scenario(
        "complaint-ignored",
        "The complaint reaches the client's host, which ignores it.",
        UP,
        {"*": IGNORED, "server": BEYOND},
        links={3: Link(mtu=1400)},
        nft={"client": DEAF},
        before="server run ip link set to-r2 mtu 1500",
        seen=(
            "client sees 3+ icmp=too-big",
            "client sees 4+ from=client len=>1380",
        ),
    ),
    Scenario(
        "complaint-ignored-reverse",
        "The complaint reaches the server's host, which ignores it.",
        DOWN,
        {"*": IGNORED, "client": BEYOND},
        links={1: Link(mtu=1400)},
        nft={"server": DEAF},
        before="client run ip link set to-r1 mtu 1500",
        seen=(
            "server sees 3+ icmp=too-big",
            "server sees 4+ from=server len=>1380",
        ),
    ),
    Scenario(
        "hole-probing-1",
        "A black hole; the client's kernel finds a way after some seconds "
        "(tcp_mtu_probing=1).",
        OPEN + "client send 5000\nserver recv 5000\nwait 0.5",
        {"client": HOLE, "r1": HOLE, "*": BEYOND},
        links=wire(2, forward="drop_larger=1400"),
        sysctl={"client": {"net/ipv4/tcp_mtu_probing": 1}},
        seen=(
            "client sees 4+ from=client len=>1300",
            "client sees from=client len=1024",
        ),
        families=(4,),
    ),
    Scenario(
        "hole-probing-1-v6",
        "The same in IPv6.",
        OPEN + "client send 5000\nserver recv 5000\nwait 0.5",
        {"client": HOLE, "r1": HOLE, "*": BEYOND},
        links=wire(2, forward="drop_larger=1400"),
        sysctl={"client": {"net/ipv4/tcp_mtu_probing": 1}},
        seen=("client sees 4+ from=client len=>1300",),
        families=(6,),
    ),
    Scenario(
        "hole-probing-2",
        "A black hole that hurts nobody: the client begins small and probes "
        "(tcp_mtu_probing=2).",
        UP_ARRIVES,
        from_everywhere(
            says("pmtu-black-hole none path-mtu", open=True, unseen=True)
        ),
        links=wire(2, forward="drop_larger=1400"),
        sysctl={"client": {"net/ipv4/tcp_mtu_probing": 2}},
        twin="hole-forward-link-2",
    ),
    Scenario(
        "mss-clamped",
        "The same hole, and router 1 clamps the MSS: it works.",
        UP_ARRIVES,
        from_everywhere(INNOCENT),
        links=wire(2, both="drop_larger=1400"),
        nft={
            "r1": chain(
                "forward",
                "tcp flags syn tcp option maxseg size set 1300",
                table="mss",
            )
        },
        seen=("server sees mss=1300 flags=S",),
        twin="hole-forward-link-2",
    ),
    Scenario(
        "mss-clamped-on-wire",
        "A device on the wire clamps the MSS.",
        DOWN_ARRIVES,
        from_everywhere(INNOCENT),
        links=wire(2, both="mss=1200,drop_larger=1400"),
        seen=("server sees mss=1200 flags=S", "client sees mss=1200"),
        twin="hole-reverse-link-2",
    ),
    Scenario(
        "hole-small-talk",
        "The hole is there, but nothing large is ever sent.",
        OPEN + ("client exchange\nwait 0.3\n" * 5)
        + "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        links=wire(2, both="drop_larger=1000"),
        twin="hole-forward-link-2",
    ),
    Scenario(
        "fragments-lost",
        "A device clears DF, the next router fragments, and the fragments "
        "are dropped further on.",
        UP,
        {
            "client": says(
                "pmtu-black-hole none path-mtu",
                "retransmission-timeout none unknown",
            ),
            "*": BEYOND,
        },
        links={
            1: Link(wire={"forward": "clear_df"}),
            2: Link(mtu=1400),
            3: Link(wire={"forward": "drop_fragments"}),
        },
        families=(4,),
        seen=("client sees 6+ from=client len=>1300",),
    ),
    Scenario(
        "fragments-pass",
        "A device clears DF, the next router fragments: it works.",
        UP_ARRIVES,
        from_everywhere(INNOCENT),
        links={1: Link(wire={"forward": "clear_df"}), 2: Link(mtu=1400)},
        families=(4,),
        seen=("r2 sees from=client df=0",),
        twin="fragments-lost",
    ),
    Scenario(
        "large-lost-once",
        "One large segment is lost and sent again: no black hole.",
        UP_ARRIVES,
        from_everywhere(INNOCENT),
        nft={
            "r1": chain(
                "forward", "meta length > 1300 numgen inc mod 100 == 1 drop"
            )
        },
        seen=("client sees 4+ from=client len=>1300",),
        twin="hole-forward-link-2",
    ),
]
