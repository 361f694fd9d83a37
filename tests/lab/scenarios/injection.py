"""Devices that forge resets when they see a word, and real resets that look
like it. The device sits on link 2."""

import dataclasses

from recipes import OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link

FORGED = says(
    "injected middlebox middlebox", "firewall-reject middlebox middlebox"
)
FORGED_OPEN = says(
    "injected middlebox middlebox",
    "firewall-reject middlebox middlebox",
    "unknown-connection server unknown",
    "unknown-connection client unknown",
    open=True,
)
# Where the forged packet itself does not pass: the wounded end's kernel
# answers what still arrives.
AFTERMATH = says(
    "injected middlebox middlebox",
    "firewall-reject middlebox middlebox",
    "unknown-connection server unknown",
    "unknown-connection client unknown",
    "unknown-connection server middlebox",
    "unknown-connection client middlebox",
    "retransmission-timeout none *",
    open=True,
    unseen=True,
)
HARMLESS = says(
    "injected middlebox middlebox",
    "firewall-reject middlebox middlebox",
    open=True,
    unseen=True,
)
# nothing in the packets tells that it was sent from the path
BLIND = says(
    "injected unknown unknown",
    "injected middlebox middlebox",
    open=True,
    unseen=True,
)
ABORT = says("abort server server")

WORD = "forbidden"
# The server answers whatever came through, as servers do.
SPEAK = (
    OPEN + f"client send {WORD}\nwait 0.1\n"
    "client expect reset\nwait 0.3"
)
SPEAK_ANSWERED = (
    OPEN + f"client send {WORD}\nserver recv 9\nserver send 700\n"
    "client expect reset\nwait 0.4"
)

# The server, far behind the device: a busy machine may hold the device's
# packets up for as long as a short path takes.
FAR = Link(wire={"both": "delay_ms=150"})
# Well within a quarter of the round trip, or the device was held up.
TOO_EARLY = "soon=60"
# The reset of the client's kernel for an answer that comes after all.
ANSWERED_FAR = SPEAK_ANSWERED + "\nserver expect reset\nwait 0.2"


def device(words, delay="delay_ms=5"):
    return {
        2: Link(
            wire={"both": delay, "inject": f"keyword={WORD},{words}"}
        )
    }


def tap(style, extra="", name="", seen=()):
    """An on-path tap that resets both ends; the word still arrives."""
    return Scenario(
        name or f"tap-{style}",
        f"A tap resets both ends, style {style} {extra}".rstrip() + ".",
        OPEN + f"client send {WORD}\nwait 0.05\nclient expect reset\n"
        "wait 0.3",
        # over IPv6 a restarted host's bare reset may come by another route
        from_everywhere(
            dataclasses.replace(FORGED, open=style == "bare")
        ),
        links=device(f"style={style},to_sender,to_receiver" + extra),
        seen=("client sees from=server flags=R ttl=!62",)
        if style in ("single", "client-header", "pair-256", "bare")
        else seen,
    )


SCENARIOS = [
    tap("triple", seen=("client sees 3 from=server flags=RA ttl=165",)),
    tap("train", seen=("client sees 3 from=server flags=RA ttl=96",)),
    tap("single"),
    tap("client-header"),
    tap("window-8192", seen=("client sees from=server flags=RA win=8192",)),
    tap("pair-256"),
    tap("bare"),
    tap("pair-12503", seen=("client sees 2 from=server flags=R",)),
    tap("ip-id-64", seen=("client sees from=server flags=R id=64",)),
    tap("ip-id-minus-26", seen=("client sees from=server flags=R",)),
    Scenario(
        "tap-client-only",
        "A tap resets the client only; the server answers, too late.",
        SPEAK_ANSWERED,
        {"client": FORGED, "r1": FORGED, "*": AFTERMATH},
        links=device("style=single,to_sender"),
        seen=(
            "client sees from=server flags=R ttl=112",
            "client sees from=server len=700",
            "server sees from=client flags=R ttl=62",
        ),
    ),
    Scenario(
        "tap-server-only",
        "A tap resets the server only.",
        OPEN + f"client send {WORD}\nclient expect reset\nwait 0.4",
        {"server": FORGED, "r2": FORGED, "*": AFTERMATH},
        links=device("style=single,to_receiver"),
        seen=(
            "server sees from=client flags=R ttl=112",
            "client sees from=server flags=R ttl=62",
        ),
    ),
    Scenario(
        "tap-copied-ttl",
        "A tap that copies the server's TTL; the server's answer follows.",
        SPEAK_ANSWERED,
        {"client": FORGED_OPEN, "r1": FORGED_OPEN, "*": AFTERMATH},
        links=device("style=exact,to_sender,copy_ttl"),
        seen=(
            "client sees from=server flags=R ttl=62",
            "client sees from=server len=700",
        ),
    ),
    Scenario(
        "tap-copied-ttl-perfect",
        "A forgery like a kernel's own reset, TTL and all; the server's "
        "answer follows.",
        SPEAK_ANSWERED,
        {"client": FORGED_OPEN, "r1": FORGED_OPEN, "*": AFTERMATH},
        links=device("style=linux,to_sender,copy_ttl"),
        seen=("client sees from=server flags=R ttl=62 win=0 id=0",),
    ),
    Scenario(
        "tap-mirrored-ttl",
        "A tap that sends back the TTL of the client's packet.",
        SPEAK_ANSWERED,
        {"client": FORGED_OPEN, "r1": FORGED_OPEN, "*": AFTERMATH},
        links=device("style=single,to_sender,mirror_ttl"),
        seen=("client sees from=server flags=R ttl=62",),
    ),
    Scenario(
        "tap-far",
        "A tap far from the server: the forgery comes too early to be the "
        "server's.",
        ANSWERED_FAR,
        {"client": FORGED, "r1": FORGED, "*": AFTERMATH},
        links={
            2: Link(
                wire={
                    "both": "delay_ms=1",
                    "inject": f"keyword={WORD},style=single,to_sender",
                }
            ),
            3: FAR,
        },
        seen=(f"client sees from=server flags=R ttl=112 {TOO_EARLY}",),
    ),
    Scenario(
        "tap-too-late",
        "The tap's reset comes after the server's answer: a lost race, and "
        "its number is old.",
        OPEN + f"client send {WORD}\nserver recv 9\nserver send 700\n"
        "client recv 700\nwait 0.5\nclient exchange\nclient close\n"
        "server expect eof\nserver close\nwait 0.2",
        {"client": HARMLESS, "r1": HARMLESS, "*": INNOCENT},
        links=device("style=window-8192,to_sender,delay_ms=200"),
        seen=("client sees from=server flags=RA win=8192 ttl=49",),
    ),
    Scenario(
        "inline-both",
        "A box swallows the word, resets both ends and blocks the rest.",
        SPEAK,
        # one hop nearer than either end: their hosts answer from there too
        from_everywhere(dataclasses.replace(FORGED, open=True)),
        links=device(
            "style=linux,to_sender,to_receiver,inline,ttl=64,block_ms=5000"
        ),
        seen=(
            "client sees from=server flags=R ttl=63",
            "server sees from=client flags=R ttl=63",
            f"server lacks from=client len={len(WORD)}",
        ),
    ),
    Scenario(
        "inline-client-only",
        "A box swallows the word and resets the client only.",
        SPEAK,
        {"client": FORGED, "r1": FORGED, "*": AFTERMATH},
        links=device("style=window-8192,to_sender,inline,block_ms=5000"),
        seen=("client sees from=server flags=RA ttl=49",),
    ),
    Scenario(
        "inline-silent",
        "A box swallows the word and everything after it, without a reset.",
        OPEN + f"client send {WORD}\nclient retransmits 6",
        {
            "client": says("retransmission-timeout none *", open=True),
            "r1": says("retransmission-timeout none *", open=True),
            "*": AFTERMATH,
        },
        links=device("style=linux,inline,block_ms=60000"),
        seen=("client sees 4+ from=client len=9",),
    ),
    Scenario(
        "syn-injected",
        "A tap answers the SYN with a reset; the server's SYN-ACK comes "
        "after it.",
        "server listen\nclient connect gets=refused\nwait 1.5",
        {
            "client": says(
                "injected middlebox middlebox",
                "syn-rejected middlebox middlebox",
            ),
            "r1": says(
                "injected middlebox middlebox",
                "syn-rejected middlebox middlebox",
            ),
            "*": says(
                "injected middlebox middlebox",
                "syn-rejected middlebox middlebox",
                "unknown-connection client *",
                "abort client *",
                open=True,
                unseen=True,
            ),
        },
        links={
            2: Link(
                wire={
                    "both": "delay_ms=5",
                    "inject": "syn,style=window-8192,to_sender,ttl=238",
                }
            )
        },
        seen=(
            "client sees from=server flags=RA ttl=237",
            "client sees from=server flags=SA ttl=62",
        ),
    ),
    Scenario(
        "reverse-word",
        "The box looks at what the server sends, and resets both.",
        OPEN + f"server send {WORD}\nwait 0.1\nserver expect reset\nwait 0.3",
        from_everywhere(FORGED),
        links=device("style=triple,from_far,to_sender,to_receiver"),
        seen=("server sees 3 from=client flags=RA ttl=165",),
    ),
    Scenario(
        "forged-in-window",
        "A forged reset with a number inside the window: a challenge ACK, "
        "and the connection lives.",
        OPEN + f"client send {WORD}\nserver recv 9\nwait 0.5\n"
        "client exchange\nclient close\nserver expect eof\n"
        "server close\nwait 0.2",
        {"client": HARMLESS, "r1": HARMLESS, "*": HARMLESS},
        links=device("style=in-window,to_sender"),
        seen=("client sees from=server flags=R ttl=96 id=7777",),
        twin="tap-single",
    ),
    Scenario(
        "forged-out-of-window",
        "A forged reset far outside the window is ignored.",
        OPEN + f"client send {WORD}\nserver recv 9\nwait 0.5\n"
        "client exchange\nclient close\nserver expect eof\n"
        "server close\nwait 0.2",
        from_everywhere(BLIND),
        links=device("style=out-of-window,to_sender"),
        seen=("client sees from=server flags=R ttl=96 id=7777",),
        twin="tap-single",
    ),
    Scenario(
        "word-not-said",
        "The same device; the word is never said.",
        OPEN + "client send permitted\nserver recv 9\nclient exchange\n"
        "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        links=device("style=triple,to_sender,to_receiver"),
        twin="tap-triple",
    ),
    Scenario(
        "server-aborts-at-word",
        "The server itself aborts when it reads the word.",
        OPEN + f"client send {WORD}\nserver recv 9\nserver abort\n"
        "client expect reset\nwait 0.2",
        from_everywhere(ABORT),
        links={2: Link(wire={"both": "delay_ms=5"})},
        seen=("client sees from=server flags=RA ttl=62",),
        twin="tap-triple",
    ),
    Scenario(
        "server-aborts-wobbling-ttl",
        "The server aborts; the TTL of all its packets wobbles by 2.",
        OPEN + "client exchange\n" * 6 + "server abort\n"
        "client expect reset\nwait 0.2",
        from_everywhere(ABORT),
        links={2: Link(wire={"both": "delay_ms=5,wobble_ttl=2"})},
        seen=("client sees from=server flags=RA ttl=>58",),
        twin="tap-single",
    ),
    Scenario(
        "server-aborts-duplicated",
        "The server aborts; the network delivers the reset twice.",
        OPEN + "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT),
        links={2: Link(wire={"both": "delay_ms=5,duplicate=100"})},
        seen=("client sees 2 from=server flags=RA",),
        twin="tap-pair-12503",
    ),
    Scenario(
        "server-aborts-normalised-ttl",
        "A device sets every TTL to 64; the server aborts.",
        OPEN + "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT),
        links={2: Link(wire={"both": "delay_ms=5,ttl=64"})},
        seen=("client sees from=server flags=RA ttl=63",),
        twin="tap-single",
    ),
    Scenario(
        "server-aborts-while-sending",
        "The server aborts while its data are still on their way; packets "
        "overtake each other.",
        OPEN + "server send 30000\nserver abort\nwait 1",
        from_everywhere(
            says("abort server server", "late-data server *", open=True)
        ),
        links={
            2: Link(wire={"both": "delay_ms=5,reorder=30,reorder_ms=3"})
        },
        seen=("client sees from=server flags=RA",),
        twin="tap-single",
    ),
]
