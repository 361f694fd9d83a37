"""Paths that lose, reorder, duplicate, delay: bad, but nobody's murder."""

from recipes import ADD, FORWARD, OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link

TALK = (
    OPEN + "client send 60000\nserver recv 60000\nserver send 60000\n"
    "client recv 60000\nclient close\nserver expect eof\nserver close\n"
    "wait 0.5"
)
# A little talk, large and small, for the worst losses.
SHORT_TALK = (
    OPEN + "client send 12000\nserver recv 12000\nserver send 12000\n"
    "client recv 12000\nclient exchange\nclient close\n"
    "server expect eof\nserver close\nwait 1"
)
DEAD = says("retransmission-timeout none *", open=True)
DEAD_UNSEEN = says("retransmission-timeout none *", open=True, unseen=True)


def bad(name, story, words, steps=TALK, seen=()):
    return Scenario(
        name,
        story,
        steps,
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "delay_ms=2," + words})},
        seen=seen,
        twin="all-lost",
    )


SCENARIOS = [
    bad("loss-0.1", "0.1 % of the packets are lost.", "loss=0.1"),
    bad("loss-1", "1 % of the packets are lost.", "loss=1"),
    bad("loss-3", "3 % of the packets are lost.", "loss=3"),
    bad("loss-5", "5 % of the packets are lost.", "loss=5"),
    bad("loss-10", "10 % are lost.", "loss=10", SHORT_TALK),
    bad("loss-20", "20 % are lost.", "loss=20", SHORT_TALK),
    bad(
        "loss-small-talk",
        "10 % are lost, of small packets only.",
        "loss=10",
        OPEN + "client exchange\n" * 20
        + "client close\nserver expect eof\nserver close\nwait 0.5",
    ),
    bad("reordered", "20 % overtake.", "reorder=20,reorder_ms=4"),
    bad(
        "reordered-far",
        "5 % come 60 ms late.",
        "reorder=5,reorder_ms=60",
    ),
    bad("duplicated", "20 % come twice.", "duplicate=20"),
    bad("jitter", "The delay jumps by 30 ms.", "jitter_ms=30", SHORT_TALK),
    bad("slow-link", "A link of 1 Mbit/s.", "kbit=1000"),
    bad(
        "long-delay",
        "A round trip of 600 ms: the first retransmissions are in vain.",
        "delay_ms=300",
        OPEN + "client send 9000\nserver recv 9000\nclient close\n"
        "server expect eof\nserver close\nwait 1",
    ),
    Scenario(
        "outage",
        "Nothing passes for two seconds, then everything again.",
        OPEN + f"r2 {ADD} drop\nclient send 9\nclient retransmits 2\n"
        "r2 nft flush chain inet filter_forward forward\nserver recv 9\n"
        "client exchange\nclient close\nserver expect eof\n"
        "server close\nwait 0.3",
        from_everywhere(INNOCENT),
        nft={"r2": FORWARD},
        seen=("client sees 3+ from=client len=9",),
        twin="all-lost",
    ),
    Scenario(
        "all-lost",
        "After a while everything is lost, small and large.",
        OPEN + f"r2 {ADD} drop\nclient send 5000\n"
        "client retransmits 6",
        {"*": DEAD, "server": DEAD_UNSEEN},
        nft={"r2": FORWARD},
        seen=("client sees 4+ from=client len=>1300",),
    ),
    Scenario(
        "all-lost-small",
        "After a while everything is lost; only small packets were sent.",
        OPEN + f"r2 {ADD} drop\nclient send 9\nclient retransmits 6",
        {"*": DEAD, "server": DEAD_UNSEEN},
        nft={"r2": FORWARD},
        seen=("client sees 4+ from=client len=9",),
    ),
    Scenario(
        "answers-lost",
        "Data arrive; every answer is lost.",
        OPEN + f"r2 {ADD} iifname to-server drop\nclient send 9\n"
        "client retransmits 6",
        {
            "*": DEAD,
            "r2": DEAD_UNSEEN,
            "server": DEAD_UNSEEN,
        },
        nft={"r2": FORWARD},
        seen=(
            "client sees 4+ from=client len=9",
            "server sees 4+ from=client len=9",
        ),
    ),
    Scenario(
        "server-data-lost",
        "Everything the server sends after a while is lost.",
        OPEN + f"r1 {ADD} iifname to-r2 drop\nserver send 5000\n"
        "server retransmits 6",
        {"server": DEAD, "r2": DEAD, "r1": DEAD, "client": DEAD_UNSEEN},
        nft={"r1": FORWARD},
        seen=("server sees 4+ from=server len=>1300",),
    ),
    Scenario(
        "loss-then-abort",
        "5 % are lost; in the end the server aborts.",
        OPEN + "client send 30000\nserver recv 30000\nwait 0.3\n"
        "server abort\nclient expect reset",
        from_everywhere(says("abort server server")),
        links={2: Link(wire={"forward": "loss=5", "reverse": "delay_ms=2"})},
    ),
]
