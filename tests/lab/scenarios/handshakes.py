"""Handshakes out of the ordinary: both sides begin, ECN is refused, an
earlier connection of the same ports is still there."""

from recipes import FORWARD, OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link, chain

END = "client close\nserver expect eof\nserver close\nwait 0.2"
ABORT_CLIENT = says("abort client client")
# Where the server's SYN passes first, it is as good a client.
ABORT_EITHER = says("abort client client", "abort server server")

# The SYN arrives and is dropped unheard, as its retransmissions are; then the
# server itself connects.
SPLIT = (
    "client start\nwait 0.2\nserver start from=8080 port=40001 to=$client\n"
    "wait 0.2\nclient exchange\nclient exchange\n"
)
DEAF = chain(
    "input", "tcp flags & (syn|ack) == syn drop", table="deaf"
)
# Both SYNs are on their way when the other one comes.
TOGETHER = (
    "client start\nwait 0.01\nserver start from=8080 port=40001 to=$client\n"
    "wait 0.8\nclient exchange\nwait 0.3\nclient exchange\nwait 0.3\n"
)
CROSSING = {2: Link(wire={"both": "delay_ms=250"})}

ASKS_FOR_ECN = {"client": {"net/ipv4/tcp_ecn": 1}}
ONLY_ECN = "tcp flags & (syn|ack|ecn|cwr) == (syn|ecn|cwr) "
PLAIN_AFTER = (
    "client sysctl net/ipv4/tcp_ecn=0\nclient/2 connect\nserver/2 accept\n"
    "client/2 exchange\nclient/2 close\nserver/2 expect eof\n"
    "server/2 close\nwait 0.2"
)
ECN_REFUSED = (
    "server listen\nclient connect gets=refused\nwait 0.1\n" + PLAIN_AFTER
)
ECN_DROPPED = says(
    "option-refused none middlebox",
    "option-refused none unknown",
    open=True,
)
ECN_DROPPED_UNSEEN = says(
    "option-refused none middlebox", open=True, unseen=True
)

HALF_OPEN = says("half-open server *")
# Cleared by the client's reset, it costs a second at most.
CLEARED = says(
    "half-open server *",
    "unknown-connection client *",
    "late-data client *",
    open=True,
    unseen=True,
)
# The server closes first; then the client's clock has gone back, so that its
# SYN is an old one to the server's TIME-WAIT.
OLD_SYN = (
    OPEN + "server close\nclient expect eof\nclient close\nwait 1.2\n"
    "client nft add rule inet filter_output output tcp flags == syn "
    "{} tcp option timestamp tsval set 1\n"
)
# Timestamps count from the start, and not from a number drawn by lot.
PLAIN_CLOCK = {"client": {"net/ipv4/tcp_timestamps": 2}}
NO_RESETS = chain("forward", 'iifname "to-client" tcp flags rst drop')
SYN_AGAIN = "client connect wait=5 gets=timeout\nwait 0.2"

SCENARIOS = [
    Scenario(
        "split-handshake",
        "The server answers the SYN with a SYN of its own, the client that "
        "with a SYN-ACK; all is well.",
        SPLIT + END,
        from_everywhere(INNOCENT),
        nft={"server": DEAF},
        seen=(
            "client sees from=server flags=S",
            "client sees from=client flags=SA",
            "client lacks from=server flags=SA",
        ),
        twin="split-handshake-client-aborts",
    ),
    Scenario(
        "split-handshake-client-aborts",
        "The server answers the SYN with a SYN of its own; later the client "
        "aborts.",
        SPLIT + "client abort\nserver expect reset\nwait 0.2",
        from_everywhere(ABORT_CLIENT),
        nft={"server": DEAF},
        seen=(
            "client sees from=server flags=S",
            "client sees from=client flags=SA",
            "client sees from=client flags=RA",
        ),
    ),
    Scenario(
        "simultaneous-open",
        "Both ends connect to each other and the SYNs cross; all is well.",
        TOGETHER + END,
        from_everywhere(INNOCENT),
        links=CROSSING,
        seen=(
            "client sees from=client flags=S",
            "client sees from=server flags=S",
            "client sees from=client flags=SA",
            "client sees from=server flags=SA",
        ),
        twin="simultaneous-open-client-aborts",
    ),
    Scenario(
        "simultaneous-open-client-aborts",
        "Both ends connect to each other; later the one that was first "
        "aborts.",
        TOGETHER + "client abort\nserver expect reset\nwait 0.2",
        {
            "*": ABORT_CLIENT,
            "r2": ABORT_EITHER,
            "server": ABORT_EITHER,
        },
        links=CROSSING,
        seen=(
            "client sees from=client flags=S",
            "client sees from=server flags=S",
            "client sees from=client flags=RA",
        ),
    ),
    Scenario(
        "ecn-refused-r1",
        "Router 1 resets SYNs that ask for ECN; plain ones pass.",
        ECN_REFUSED,
        {
            "*": says(
                "option-refused middlebox middlebox",
                "syn-rejected middlebox middlebox",
                open=True,  # one connection shows how far the server is
            ),
            "r2": INNOCENT,
            "server": INNOCENT,
        },
        nft={"r1": chain("forward", ONLY_ECN + "reject with tcp reset")},
        sysctl=ASKS_FOR_ECN,
        seen=(
            "client sees from=server flags=RA ttl=64",
            "client sees from=server flags=SA ttl=62",
        ),
        twin="ecn-accepted",
    ),
    Scenario(
        "ecn-refused-host",
        "The server's own firewall resets SYNs that ask for ECN.",
        ECN_REFUSED,
        from_everywhere(
            says(
                "option-refused server server",
                "option-refused server middlebox",
                "option-refused server unknown",
                "syn-rejected server server",
                open=True,
            )
        ),
        nft={"server": chain("input", ONLY_ECN + "reject with tcp reset")},
        sysctl=ASKS_FOR_ECN,
        seen=(
            "client sees from=server flags=RA ttl=62",
            "client sees from=server flags=SA ttl=62",
        ),
        twin="ecn-refused-then-started",
    ),
    Scenario(
        "ecn-refused-then-started",
        "A SYN with ECN meets a closed port, which is opened before the "
        "plain SYN comes.",
        "client connect gets=refused\nwait 1\nserver listen\n" + PLAIN_AFTER,
        from_everywhere(
            says(
                "port-closed server server",
                "syn-rejected server server",
                open=True,
            )
        ),
        sysctl=ASKS_FOR_ECN,
        seen=("client sees from=server flags=RA ttl=62",),
        twin="ecn-refused-host",
    ),
    Scenario(
        "ecn-closed-port",
        "A closed port refuses SYNs with ECN and without it.",
        "client connect gets=refused\nclient sysctl net/ipv4/tcp_ecn=0\n"
        "client/2 connect gets=refused\nwait 0.2",
        from_everywhere(
            says(
                "port-closed server server",
                "syn-rejected server server",
                open=True,
            )
        ),
        sysctl=ASKS_FOR_ECN,
        seen=("client sees 2 from=server flags=RA",),
        twin="ecn-refused-host",
    ),
    Scenario(
        "ecn-dropped",
        "Router 2 drops SYNs that ask for ECN; the client's second one does "
        "not, and the connection lives, a second late.",
        "server listen\nclient connect\nserver accept\nclient exchange\n"
        + END,
        {
            "*": ECN_DROPPED_UNSEEN,
            "server": INNOCENT,
        },
        nft={"r2": chain("forward", ONLY_ECN + "drop")},
        sysctl=ASKS_FOR_ECN,
        seen=(
            "client sees 2 from=client flags=S",
            "server sees 1 from=client flags=S",
        ),
        twin="ecn-accepted",
    ),
    Scenario(
        "ecn-dropped-for-good",
        "Router 2 drops SYNs that ask for ECN, and the client repeats them "
        "as they are; another connection without ECN is answered.",
        "server listen\nclient connect wait=4 gets=timeout\n" + PLAIN_AFTER,
        {
            "*": ECN_DROPPED,
            "server": INNOCENT,
        },
        nft={"r2": chain("forward", ONLY_ECN + "drop")},
        sysctl={
            "client": {
                "net/ipv4/tcp_ecn": 1,
                "net/ipv4/tcp_ecn_fallback": 0,
            }
        },
        seen=(
            "client sees 3+ from=client flags=S",
            "client sees 1 from=server flags=SA",
        ),
        twin="ecn-accepted",
    ),
    Scenario(
        "ecn-accepted",
        "SYNs with ECN and without it are answered.",
        OPEN + PLAIN_AFTER + "\n" + END,
        from_everywhere(INNOCENT),
        sysctl=ASKS_FOR_ECN,
        seen=("client sees 2+ from=server flags=SA",),
        twin="ecn-refused-r1",
    ),
    Scenario(
        "syn-timestamp-rewritten",
        "A device rewrites the timestamp of the SYN. The SYN-ACK echoes what "
        "the client never sent: its kernel resets that and sends the same "
        "SYN again, as RFC 9293 has it (3.10.7.3).",
        "server listen\nclient connect wait=5 gets=timeout\nwait 0.2",
        from_everywhere(
            says(
                "option-refused client middlebox",
                "option-refused client unknown",
                open=True,
            )
        ),
        nft={
            "r1": chain(
                "forward",
                "tcp flags == syn tcp option timestamp tsval set 1",
            )
        },
        seen=(
            "client sees 2+ from=server flags=SA",
            "client sees 2+ from=client flags=R",
            "client sees 2+ from=client flags=S",
        ),
        twin="ecn-accepted",
    ),
    Scenario(
        "half-open-reset-lost",
        "A client that was restarted connects from the same port. Each SYN "
        "is answered with the old connection's ACK, and a firewall drops "
        "the resets with which the client replies.",
        OPEN + "client reboot\nwait 0.5\n" + SYN_AGAIN,
        from_everywhere(HALF_OPEN),
        nft={"r1": NO_RESETS},
        seen=(
            "client sees 2+ from=client flags=S after=0.4",
            "client sees 2+ from=server flags=A after=0.4",
            "client sees 2+ from=client flags=R after=0.4",
            "server lacks from=client flags=R",
        ),
        twin="client-rebooted-same-port",
    ),
    Scenario(
        "half-open-ack-lost",
        "The same; a firewall drops the old connection's ACKs.",
        OPEN + "client reboot\nwait 0.5\nr2 nft add rule inet filter_forward "
        "forward iifname to-server tcp flags == ack drop\n" + SYN_AGAIN,
        {
            "*": HALF_OPEN,
            "client": says("syn-unanswered none *", open=True),
            "r1": says("syn-unanswered none *", open=True),
        },
        nft={"r2": FORWARD},
        seen=(
            "client sees 2+ from=client flags=S after=0.4",
            "client lacks from=server after=0.4",
            "server sees 2+ from=server flags=A after=0.4",
        ),
        twin="client-rebooted-same-port",
    ),
    Scenario(
        "fin-wait-2-port-reused",
        "The server never closed; the client's kernel has given up waiting "
        "for that and uses the port again: ACK of the old connection, "
        "reset, and a second later a new one that lives.",
        OPEN + "client close\nserver expect eof\nserver hand-off\nwait 2.5\n"
        "client connect\nserver accept\nclient exchange\n" + END,
        from_everywhere(CLEARED),
        sysctl={"client": {"net/ipv4/tcp_fin_timeout": 1}},
        seen=(
            "client sees from=client flags=R after=2",
            "client sees from=server flags=SA after=2",
        ),
        twin="half-open-reset-lost",
    ),
    Scenario(
        "time-wait-answers",
        "The server has closed first and waits. The SYN of the next "
        "connection of these ports seems old to it: ACK of the old "
        "connection, reset, and at once a new one that lives.",
        OLD_SYN.format("limit rate 1/hour burst 1 packets")
        + "client connect wait=9\nserver accept\n"
        "client exchange\n" + END,
        from_everywhere(CLEARED),
        nft={"client": chain("output", "")},
        sysctl=PLAIN_CLOCK,
        seen=(
            "client sees 2+ from=client flags=S after=1",
            "client sees from=client flags=R after=1",
            "client sees 1 from=server flags=SA after=1",
        ),
        twin="time-wait-answers-reset-lost",
    ),
    Scenario(
        "time-wait-answers-reset-lost",
        "The same; a firewall drops the client's resets, and no connection "
        "comes about.",
        OLD_SYN.format("") + "client connect wait=5 gets=timeout\nwait 0.2",
        from_everywhere(HALF_OPEN),
        nft={"client": chain("output", ""), "r1": NO_RESETS},
        sysctl=PLAIN_CLOCK,
        seen=(
            "client sees 2+ from=client flags=S after=1",
            "client sees 2+ from=server flags=A after=1",
            "server lacks from=client flags=R",
        ),
        twin="time-wait-port-reused",
    ),
    Scenario(
        "time-wait-port-reused",
        "The server has closed first and waits; the client uses its port "
        "again, which the server's kernel lets it.",
        OPEN + "server close\nclient expect eof\nclient close\nwait 1.2\n"
        "client connect\nserver accept\nclient exchange\n" + END,
        from_everywhere(INNOCENT),
        seen=("client sees 2 from=server flags=SA", "client lacks flags=R"),
        twin="half-open-reset-lost",
    ),
]
