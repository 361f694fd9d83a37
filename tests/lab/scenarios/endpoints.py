"""The endpoints' own doing: closed ports, aborts, crashes, full queues."""

from recipes import ADD, FORWARD, OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link, chain

ABORT_SERVER = says("abort server server")
ABORT_CLIENT = says("abort client client")

# From a lone reset to a lone SYN nobody can tell a closed port from a
# firewall; with the host's usual TTL known, its own kernel it was.
CLOSED_BARE = says(
    "port-closed server server", "syn-rejected server server", open=True
)
CLOSED = says("port-closed server server", "syn-rejected server server")
HOST_REJECT = says(
    "syn-rejected server server", "port-closed server server", open=True
)
LATE = says("late-data server *")
RESTARTED = says(
    "unknown-connection server server",
    "unknown-connection server unknown",
    open=True,
)
CLIENT_RESTARTED = says(
    "unknown-connection client client",
    "unknown-connection client unknown",
    open=True,
)
SYN_LOST = says(
    "syn-unanswered none server",
    "syn-unanswered none unknown",
    "syn-unanswered none path-loss",
    open=True,
)
HOST_CHAIN = chain("input", "tcp dport 9090 reject with tcp reset")

SCENARIOS = [
    Scenario(
        "closed-port",
        "Nobody listens; the server's kernel refuses the SYN.",
        "client connect 8080 gets=refused",
        from_everywhere(CLOSED_BARE),
        seen=(
            "client sees from=server flags=RA ttl=62 win=0 id=0 df=1",
            "server sees from=server flags=RA ttl=64 label=!0",
        ),
    ),
    Scenario(
        "closed-port-known-host",
        "One port of the server answers, another is closed.",
        OPEN + "client/2 connect 9090 gets=refused\nclient close\n"
        "server expect eof\nserver close",
        from_everywhere(CLOSED),
        seen=("client sees from=server flags=RA ttl=62 port=9090",),
    ),
    Scenario(
        "closed-port-dscp",
        "A closed port reflects the SYN's traffic class (IPv4).",
        "client connect 8080 tos=16 gets=refused",
        from_everywhere(CLOSED_BARE),
        families=(4,),
        seen=("client sees from=server flags=RA ttl=62 tos=16",),
    ),
    Scenario(
        "host-firewall-reset",
        "The server's own firewall answers the SYN with a reset.",
        OPEN + "client/2 connect 9090 gets=refused\nclient close\n"
        "server expect eof\nserver close",
        from_everywhere(HOST_REJECT),
        nft={"server": HOST_CHAIN},
        seen=("client sees from=server flags=RA ttl=62 label=0 port=9090",),
    ),
    Scenario(
        "host-firewall-reset-dscp",
        "The same; the reset has lost the SYN's traffic class.",
        "client connect 9090 tos=16 gets=refused",
        from_everywhere(HOST_REJECT),
        nft={"server": HOST_CHAIN},
        families=(4,),
        seen=("client sees from=server flags=RA ttl=62 tos=0",),
    ),
    Scenario(
        "host-firewall-icmp",
        "The server's own firewall answers with port unreachable.",
        "client start 9090\nwait 2.5",
        from_everywhere(
            says(
                "syn-rejected server server",
                "icmp-unreachable server server",
                "port-closed server server",
            )
        ),
        nft={"server": chain("input", "tcp dport 9090 reject")},
        seen=("client sees from=server icmp=port ttl=62",),
    ),
    Scenario(
        "orderly-close",
        "The client closes, then the server: nothing is wrong.",
        OPEN + "client close\nserver expect eof\nserver close\nwait 0.3",
        from_everywhere(INNOCENT),
        seen=("client sees 2 flags=F", "client lacks flags=R"),
        twin="server-killed-then-data",
    ),
    Scenario(
        "orderly-server-first",
        "The server closes first, the client a while later.",
        OPEN + "server close\nclient expect eof\nwait 1\nclient close\nwait 0.3",
        from_everywhere(INNOCENT),
        twin="server-closed-then-data",
    ),
    Scenario(
        "half-closed-then-data",
        "The client half-closes and the server goes on for a while.",
        OPEN + "client shutdown\nserver expect eof\nserver send 3000\n"
        "client recv 3000\nwait 1\nserver send 3000\nclient recv 3000\n"
        "server close\nclient expect eof\nclient close\nwait 0.3",
        from_everywhere(INNOCENT),
        twin="server-closed-then-data",
    ),
    Scenario(
        "server-closes-unread",
        "The server closes with unread data in its buffer.",
        OPEN + "client send 900\nwait 0.2\nserver close\nclient expect reset",
        from_everywhere(ABORT_SERVER),
        seen=("client sees from=server flags=RA ttl=62 win=!0 options=some",),
    ),
    Scenario(
        "client-closes-unread",
        "The client closes with unread data in its buffer.",
        OPEN + "server send 900\nwait 0.2\nclient close\nserver expect reset",
        from_everywhere(ABORT_CLIENT),
        seen=("server sees from=client flags=RA ttl=62 win=!0",),
    ),
    Scenario(
        "server-linger-0",
        "The server's application aborts with linger 0.",
        OPEN + "server abort\nclient expect reset",
        from_everywhere(ABORT_SERVER),
        seen=("client sees from=server flags=RA ttl=62 win=!0",),
        twin="",
    ),
    Scenario(
        "client-linger-0",
        "The client's application aborts with linger 0.",
        OPEN + "client abort\nserver expect reset",
        from_everywhere(ABORT_CLIENT),
        seen=("server sees from=client flags=RA ttl=62 win=!0",),
    ),
    Scenario(
        "server-abort-after-idle",
        "The server aborts a connection that was idle for a while; no "
        "timeout of the path is to blame.",
        OPEN + "wait 3.2\nserver abort\nclient expect reset",
        from_everywhere(ABORT_SERVER),
        seen=("client sees from=server flags=RA ttl=62 after=3",),
        twin="nat-random-port",
    ),
    Scenario(
        "server-killed-unread",
        "The server's process is killed with unread data.",
        OPEN + "client send 900\nwait 0.2\nserver hand-off\nserver kill\n"
        "client expect reset",
        from_everywhere(ABORT_SERVER),
        seen=("client sees from=server flags=RA win=!0",),
    ),
    Scenario(
        "server-killed-then-data",
        "The server's process is killed while idle; the client sends later.",
        OPEN + "server hand-off\nserver kill\nwait 0.5\nclient send 9\n"
        "wait 1\nclient expect eof\nclient close",
        from_everywhere(LATE),
        seen=(
            "client sees from=server flags=F ttl=62",
            "client sees from=server flags=R ttl=62 win=0 id=0",
        ),
    ),
    Scenario(
        "server-closed-then-data",
        "The server closes; the client overlooks it and sends.",
        OPEN + "server close\nwait 0.5\nclient send 9\nwait 0.3",
        from_everywhere(LATE),
        seen=("client sees from=server flags=R ttl=62 win=0",),
    ),
    Scenario(
        "client-closed-then-data",
        "The client closes; the server goes on sending.",
        OPEN + "client close\nwait 0.5\nserver send 9\nwait 0.3",
        from_everywhere(says("late-data client *")),
        seen=("server sees from=client flags=R ttl=62 win=0",),
    ),
    Scenario(
        "server-socket-destroyed",
        "Somebody destroys the server's socket (ss -K).",
        OPEN + "server run ss -K sport = :8080\nclient expect reset",
        from_everywhere(ABORT_SERVER),
        seen=("client sees from=server flags=RA win=!0 ttl=62",),
    ),
    Scenario(
        "client-socket-destroyed",
        "Somebody destroys the client's socket (ss -K).",
        OPEN + "client run ss -K dport = :8080\nserver expect reset",
        from_everywhere(ABORT_CLIENT),
        seen=("server sees from=client flags=RA win=!0 ttl=62",),
    ),
    Scenario(
        "server-rebooted",
        "The server loses power and comes back; the client sends.",
        OPEN + "server reboot\nwait 0.5\nclient send 9\nclient expect reset",
        from_everywhere(RESTARTED),
        seen=("client sees from=server flags=R ttl=62 win=0 id=0",),
    ),
    Scenario(
        "client-rebooted",
        "The client loses power and comes back; the server sends.",
        OPEN + "client reboot\nwait 0.5\nserver send 9\nserver expect reset",
        from_everywhere(CLIENT_RESTARTED),
        seen=("server sees from=client flags=R ttl=62 win=0 id=0",),
    ),
    Scenario(
        "client-rebooted-same-port",
        "After a reboot the client uses the same port again: SYN into an "
        "established connection, challenge ACK, reset, new connection.",
        OPEN + "client reboot\nwait 0.5\nclient connect\n"
        "server accept\nclient exchange\nwait 0.2",
        from_everywhere(
            says(
                "unknown-connection client client",
                "unknown-connection client unknown",
                open=True,
                unseen=True,
            )
        ),
        seen=(
            "server sees from=client flags=R after=0.4",
            "client sees from=server flags=SA after=0.4",
        ),
    ),
    Scenario(
        "keepalive-expires",
        "The path goes dead; the client's keepalives run out.",
        OPEN + "client set keepalive 1 1 3\n"
        f"r2 {ADD} drop\nclient expect timeout 10",
        from_everywhere(
            says("keepalive-timeout client *", open=True),
            server=says(
                "keepalive-timeout client *", open=True, unseen=True
            ),
        ),
        nft={"r2": FORWARD},
        seen=(
            "client sees 3+ from=client flags=A len=0 after=0.9",
            "client sees from=client flags=RA",
        ),
    ),
    Scenario(
        "keepalive-answered",
        "The same keepalives, answered: the connection lives.",
        OPEN + "client set keepalive 1 1 3\nwait 4.5\nclient exchange\n"
        "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        twin="keepalive-expires",
    ),
    Scenario(
        "user-timeout",
        "The path goes dead; the client gives up after its user timeout.",
        OPEN + "client set user-timeout 3000\n"
        f"r2 {ADD} drop\nclient send 9\nclient expect timeout 20",
        from_everywhere(
            says("retransmission-timeout * *", open=True),
            server=says(
                "retransmission-timeout * *", open=True, unseen=True
            ),
        ),
        nft={"r2": FORWARD},
        seen=("client sees 4+ from=client len=9", "client lacks flags=R"),
    ),
    Scenario(
        "retransmissions-exhausted",
        "The path goes dead; every retransmission stays unanswered.",
        OPEN + f"r2 {ADD} drop\nclient send 9\nclient expect timeout 60",
        from_everywhere(
            says("retransmission-timeout * *", open=True),
            server=says(
                "retransmission-timeout * *", open=True, unseen=True
            ),
        ),
        nft={"r2": FORWARD},
        sysctl={"client": {"net/ipv4/tcp_retries2": 5}},
        seen=("client sees 6+ from=client len=9",),
    ),
    Scenario(
        "reader-stops",
        "The server's application stops reading for a while: window zero.",
        OPEN + "client push 4000000\nwait 3\nserver recv 60000\n"
        "server recv 60000\nwait 0.5",
        from_everywhere(INNOCENT),
        seen=("client sees from=server flags=A win=0",),
        twin="retransmissions-exhausted",
    ),
    Scenario(
        "accept-queue-full",
        "The server's accept queue is full; further SYNs are dropped.",
        "server listen backlog=0\nclient connect\nclient/2 start\nwait 4.5",
        from_everywhere(SYN_LOST),
        seen=(
            "client sees 3+ from=client flags=S port=8080 after=0.9",
            "server sees 3+ from=client flags=S after=0.9",
        ),
    ),
    Scenario(
        "accept-queue-overflows",
        "Connections beyond the accept queue look complete to the client "
        "only; the server ignores the data.",
        "server listen backlog=1\nclient/1 start\nclient/2 start\n"
        "client/3 start\nclient/4 start\nwait 0.3\nclient/4 send 9\n"
        "wait 5",
        from_everywhere(
            says(
                "retransmission-timeout none *",
                "syn-unanswered none *",
                open=True,
                unseen=True,
            )
        ),
        links={2: Link(wire={"both": "delay_ms=20"})},
        seen=(
            "client sees 4+ from=server flags=SA",
            "client lacks from=server flags=A",
            "client sees 4+ from=client len=9",
        ),
    ),
    Scenario(
        "server-keepalive-expires",
        "The path goes dead; the server's keepalives run out.",
        OPEN + "server set keepalive 1 1 3\n"
        f"r1 {ADD} drop\nserver expect timeout 10",
        {
            "*": says("keepalive-timeout server *", open=True),
            "client": says(
                "keepalive-timeout server *", open=True, unseen=True
            ),
        },
        nft={"r1": FORWARD},
        seen=(
            "server sees 3+ from=server flags=A len=0 after=0.9",
            "server sees from=server flags=RA",
        ),
    ),
    Scenario(
        "slow-accept",
        "The server accepts late; the kernel holds the connection.",
        "server listen\nclient connect\nclient send 9\nwait 3\n"
        "server accept\nserver recv 9\nserver send 9\nclient recv 9\n"
        "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        twin="accept-queue-full",
    ),
]
