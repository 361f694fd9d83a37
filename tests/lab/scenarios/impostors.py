"""Devices that take the look of an end for their resets, and ends that look
like such devices. The device sits on link 2."""

from recipes import OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from scenarios.injection import (
    AFTERMATH,
    ANSWERED_FAR,
    FAR,
    FORGED,
    FORGED_OPEN,
    SPEAK,
    SPEAK_ANSWERED,
    TOO_EARLY,
    WORD,
    device,
)
from topology import Link, chain

ABORT = says("abort server server")
ABORT_CLIENT = says("abort client client")
END = "client close\nserver expect eof\nserver close\nwait 0.2"
CLOSE_ENOUGH = "delay_ms=1"
# What an inline system does with a packet that it does not like.
INLINE = "style=snort,to_sender,to_receiver,inline,copy_ttl,block_ms=5000"

# Hosts whose every packet has the same identification.
CONSTANT = {
    "client": chain("output", "meta l4proto tcp ip id set 1"),
    "server": chain("output", "meta l4proto tcp ip id set 1"),
}


# All that is odd about such a reset in IPv6 is the missing timestamp, and some
# systems abort so: from there the two look alike.
LIKE_SERVERS = says(
    *(" ".join(reading) for reading in FORGED_OPEN.right),
    "abort server server",
    open=True,
)
LIKE_CLIENTS = says(
    *(" ".join(reading) for reading in FORGED_OPEN.right),
    "abort client client",
    open=True,
)
ANSWERED = OPEN + f"client send {WORD}\nserver recv 9\nserver send 700\n"
SLIPPED_IN = says("injected middlebox middlebox")
# The packet does not pass there; what the client's kernel makes of it does.
SLIPPED_AFTERMATH = says(
    *(" ".join(reading) for reading in AFTERMATH.right),
    "late-data client *",
    "abort client *",
    open=True,
    unseen=True,
)


def inject(words):
    return f"keyword={WORD},{words}"


IPS_FAR = {
    2: Link(wire={"both": CLOSE_ENOUGH, "inject": inject(INLINE)}),
    3: FAR,
}
IPS_AROUND = {
    1: Link(
        wire={
            "both": CLOSE_ENOUGH,
            "inject": inject("style=snort,to_receiver,copy_ttl"),
        }
    ),
    2: Link(
        wire={
            "both": CLOSE_ENOUGH,
            "inject": inject("style=snort,to_sender,copy_ttl"),
        }
    ),
    3: FAR,
}

SCENARIOS = [
    Scenario(
        "tap-copies-peer",
        "A tap answers with the header of the packet that it saw: TTL and "
        "identification are the client's. The server's answer follows.",
        SPEAK_ANSWERED,
        {"client": FORGED_OPEN, "r1": FORGED_OPEN, "*": AFTERMATH},
        links=device("style=copies-peer,to_sender,mirror_ttl"),
        seen=(
            "client sees from=server flags=RA ttl=62 win=0",
            "client sees from=server len=700",
        ),
        twin="constant-identification-abort",
    ),
    Scenario(
        "tap-copies-side",
        "A tap whose reset continues the server's TTL and identification. "
        "The server's answer follows.",
        SPEAK_ANSWERED,
        {"client": FORGED_OPEN, "r1": FORGED_OPEN, "*": AFTERMATH},
        links=device("style=copies-side,to_sender,copy_ttl"),
        seen=(
            "client sees from=server flags=RA ttl=62 win=0",
            "client sees from=server len=700",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "tap-copies-side-far",
        "The same far from the server: all that is wrong with the reset is "
        "that it comes too early.",
        ANSWERED_FAR,
        {"client": FORGED, "r1": FORGED, "*": AFTERMATH},
        links={
            2: Link(
                wire={
                    "both": CLOSE_ENOUGH,
                    "inject": inject("style=copies-side,to_sender,copy_ttl"),
                }
            ),
            3: FAR,
        },
        seen=(
            f"client sees from=server flags=RA ttl=62 win=0 {TOO_EARLY}",
            "client sees from=server len=700",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "ips-inline",
        "An inline IPS swallows a packet and resets both ends with their "
        "own TTL, without DF, and with identifications of its own.",
        SPEAK,
        from_everywhere(FORGED_OPEN),
        links=device(INLINE),
        families=(4,),
        seen=(
            "client sees from=server flags=RA ttl=62 df=0",
            "server sees from=client flags=RA ttl=62 df=0",
            f"server lacks from=client len={len(WORD)}",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "ips-inline-v6",
        "The same where IP has neither DF nor identification.",
        SPEAK,
        {"*": LIKE_SERVERS, "r2": LIKE_CLIENTS, "server": LIKE_CLIENTS},
        links=device(INLINE),
        families=(6,),
        seen=(
            "client sees from=server flags=RA ttl=62 win=0 options=none",
            "server sees from=client flags=RA ttl=62 win=0 options=none",
            f"server lacks from=client len={len(WORD)}",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "ips-inline-far",
        "The same IPS, far from the server: too early for a reset of the "
        "server's, which acknowledges what cannot have reached it.",
        SPEAK,
        {"*": FORGED_OPEN, "client": FORGED, "r1": FORGED},
        links=IPS_FAR,
        families=(4,),
        seen=(
            f"client sees from=server flags=RA ttl=62 df=0 {TOO_EARLY}",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "ips-inline-far-v6",
        "The same where IP has neither DF nor identification.",
        SPEAK,
        {"*": LIKE_CLIENTS, "client": FORGED, "r1": FORGED},
        links=IPS_FAR,
        families=(6,),
        seen=(
            f"client sees from=server flags=RA ttl=62 win=0 {TOO_EARLY}",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "ips-around-the-recording",
        "Router 1 is recorded inside an IPS: the resets to both ends pass it "
        "within a millisecond, each before its sender could have known.",
        SPEAK,
        {"*": FORGED_OPEN, "client": FORGED, "r1": FORGED},
        links=IPS_AROUND,
        families=(4,),
        seen=(
            f"client sees from=server flags=RA {TOO_EARLY}",
            "r1 sees from=server flags=RA ttl=63 df=0",
            "r1 sees from=client flags=RA ttl=64 df=0",
        ),
        twin="both-abort-at-once",
    ),
    Scenario(
        "ips-around-the-recording-v6",
        "The same where IP has neither DF nor identification.",
        SPEAK,
        {"*": LIKE_CLIENTS, "client": FORGED, "r1": FORGED},
        links=IPS_AROUND,
        families=(6,),
        seen=(
            f"client sees from=server flags=RA {TOO_EARLY}",
            "r1 sees from=server flags=RA ttl=63 win=0",
            "r1 sees from=client flags=RA ttl=64 win=0",
        ),
        twin="both-abort-at-once",
    ),
    Scenario(
        "syn-reset-for-the-client",
        "A tap answers a SYN by resetting the server in the client's name, "
        "TTL and identification included. The client goes on, and the "
        "server's kernel knows nothing of it.",
        "server listen\nclient connect\nclient send 9\nclient expect reset\n"
        "wait 0.3",
        {"server": FORGED_OPEN, "r2": FORGED_OPEN, "*": AFTERMATH},
        links={
            2: Link(
                wire={
                    "both": CLOSE_ENOUGH,
                    "inject": "syn,style=copies-side,to_receiver,copy_ttl",
                }
            ),
            3: Link(wire={"both": "delay_ms=10"}),
        },
        seen=(
            "server sees from=client flags=RA ttl=62",
            "client sees from=server flags=SA",
            "client sees from=server flags=R",
        ),
        twin="health-check",
    ),
    Scenario(
        "forged-answer",
        "A tap answers for the server with a page of its own; the true "
        "answer comes after it, for the same bytes.",
        ANSWERED + "client expect data\nwait 0.1\nclient expect data\n" + END,
        {"client": SLIPPED_IN, "r1": SLIPPED_IN, "*": SLIPPED_AFTERMATH},
        links=device("style=answer,to_sender"),
        seen=(
            "client sees from=server ttl=96 len=>60",
            "client sees from=server len=700 ttl=62",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "forged-answer-and-fin",
        "A tap answers for the server and closes in its name; the true "
        "answer comes after it.",
        ANSWERED + "client expect data\nclient expect eof\nclient close\n"
        "wait 0.5",
        {"client": SLIPPED_IN, "r1": SLIPPED_IN, "*": SLIPPED_AFTERMATH},
        links=device("style=answer-fin,to_sender"),
        seen=(
            "client sees from=server ttl=96 flags=F",
            "client sees from=server len=700 ttl=62",
        ),
        twin="server-aborts-at-word",
    ),
    Scenario(
        "forged-fin",
        "A tap closes the connection in the server's name; the server's "
        "answer comes after it.",
        ANSWERED + "client expect eof\nclient close\nwait 0.5",
        {"client": SLIPPED_IN, "r1": SLIPPED_IN, "*": SLIPPED_AFTERMATH},
        links=device("style=fin,to_sender"),
        seen=(
            "client sees from=server ttl=96 flags=F",
            "client sees from=server len=700 ttl=62",
        ),
        twin="server-closed-then-data",
    ),
    Scenario(
        "answer-sent-again",
        "The network delivers everything twice, the server's answer too.",
        ANSWERED + "client recv 700\nwait 0.3\n" + END,
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "delay_ms=5,duplicate=100"})},
        seen=("client sees 2+ from=server len=700",),
        twin="forged-answer",
    ),
    Scenario(
        "both-abort-at-once",
        "Both programs abort at the same moment; the resets cross.",
        OPEN + "client exchange\nwait 0.3\nclient abort\nserver abort\n"
        "wait 0.3",
        from_everywhere(
            says("abort client client", "abort server server")
        ),
        links={2: Link(wire={"both": "delay_ms=30"})},
        seen=(
            "r1 sees from=server flags=RA win=!0",
            "r1 sees from=client flags=RA win=!0",
        ),
        twin="ips-around-the-recording",
    ),
    Scenario(
        "constant-identification-abort",
        "Both hosts give all packets the same identification; the server "
        "aborts.",
        OPEN + "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT),
        nft=CONSTANT,
        families=(4,),
        seen=(
            "client sees from=server flags=RA id=1",
            "client lacks from=server id=!1",
        ),
        twin="tap-copies-peer",
    ),
    Scenario(
        "constant-identification-client-abort",
        "Both hosts give all packets the same identification; the client "
        "aborts.",
        OPEN + "client exchange\nclient abort\nserver expect reset\nwait 0.2",
        from_everywhere(ABORT_CLIENT),
        nft=CONSTANT,
        families=(4,),
        seen=(
            "server sees from=client flags=RA id=1",
            "server lacks from=client id=!1",
        ),
        twin="tap-copies-peer",
    ),
    Scenario(
        "constant-identification",
        "Both hosts give all packets the same identification; they close.",
        OPEN + "client exchange\n" * 3 + END,
        from_everywhere(INNOCENT),
        nft=CONSTANT,
        families=(4,),
        seen=("client lacks from=server id=!1",),
        twin="tap-copies-peer",
    ),
]
