"""Who answers now is not who answered before: balancers, NATs that lose
their tables, services that are started anew."""

from recipes import OPEN, masquerade
from scenario import INNOCENT, Scenario, from_everywhere, says
from scenarios.proxies import SYNPROXY
from topology import Link, chain

END = "client close\nserver expect eof\nserver close\nwait 0.2"
STRICT_PROXY = {"r1": {"net/netfilter/nf_conntrack_tcp_loose": 0}}
# The device on link 1 is a part of the balancer, as far away as r1.
IDLE_BALANCER = {
    1: Link(wire={"both": "delay_ms=2", "idle": "seconds=2,reset_both,ttl=64"})
}
BALANCER = says(
    "state-expired middlebox nat-timeout",
    "state-expired middlebox middlebox",
    "proxy-closed middlebox middlebox",
    "proxy-closed middlebox nat-timeout",
    "firewall-reject middlebox middlebox",
    "firewall-reject middlebox nat-timeout",
    open=True,
)
# Towards the server its reset has the client's distance: a bare reset that
# breaks the silence is also how some systems abort.
BALANCER_OR_CLIENT = says(
    *(" ".join(reading) for reading in BALANCER.right),
    "abort client client",
    open=True,
)

# r2 hands connections to two servers, by the client's port.
PINNED = chain(
    "prerouting",
    "ip daddr 10.77.99.9 dnat ip to tcp sport map "
    "{ 40001 : 10.77.3.2, 40002 : 10.77.4.2 }\n"
    "ip6 daddr fd77:99::9 dnat ip6 to tcp sport map "
    "{ 40001 : fd77:3::2, 40002 : fd77:4::2 }",
    kind="nat",
    priority="dstnat",
)
TWO_SERVERS = (
    "server listen\nserver2 listen\n"
    "client connect to=$vip\nserver accept\nclient exchange\n"
    "client/2 connect to=$vip\nserver2/2 accept\nclient/2 exchange\n"
    "client exchange\nclient/2 exchange\n"
)
FURTHER = {4: Link(wire={"reverse": "add_ttl=-3"})}

MOVED = says(
    "nat-mismatch server middlebox",
    "unknown-connection server middlebox",
    "unknown-connection server unknown",
    open=True,
)

RESTART = (
    "server forget 8080\nserver stop-listening\n"
    "client set keepalive 1 1 3\nclient expect reset 5\nclient close\n"
)
REFUSED = "client/3 connect gets=refused\nclient/4 connect gets=refused\n"
STARTED = (
    "server listen\nclient/5 connect\nserver/5 accept\nclient/5 exchange\n"
)
# Another service of the same host, which has talked all the time.
OTHER_LIVES = "client/2 exchange\n"
OTHER_END = "client/2 close\nserver/2 expect eof\nserver/2 close\nwait 0.2"
OTHER_OPEN = (
    "server listen 9090\nclient/2 connect 9090\nserver/2 accept\n"
    "client/2 exchange\n"
)
RESTARTED = says(
    "unknown-connection server server",
    "unknown-connection server unknown",
    "port-closed server server",
    open=True,
)

SCENARIOS = [
    Scenario(
        "balancer-resets-idle",
        "A balancer shakes hands for servers that are further away, and "
        "resets both ends when the connection was idle for too long.",
        OPEN + "client exchange\nclient expect reset 5\nwait 0.3",
        {"*": BALANCER_OR_CLIENT, "client": BALANCER},
        nft={"r1": SYNPROXY},
        sysctl=STRICT_PROXY,
        links=IDLE_BALANCER,
        families=(4,),
        seen=(
            "client sees from=server flags=SA ttl=64 win=0",
            "client sees from=server len=7 ttl=62",
            "client sees from=server flags=R ttl=64 after=2",
            "server sees from=client flags=R after=2",
        ),
        twin="balancer-keeps-idle",
    ),
    Scenario(
        "balancer-keeps-idle",
        "The same balancer; the connection is never idle for so long.",
        OPEN + "wait 1.2\nclient exchange\n" * 3 + END,
        from_everywhere(INNOCENT),
        nft={"r1": SYNPROXY},
        sysctl=STRICT_PROXY,
        links=IDLE_BALANCER,
        families=(4,),
        seen=(
            "client sees from=server flags=SA ttl=64 win=0",
            "client sees from=server len=7 ttl=62",
        ),
        twin="balancer-resets-idle",
    ),
    Scenario(
        "balancer-shook-hands-server-aborts-idle",
        "Behind such a balancer the server itself aborts an idle "
        "connection; its reset has its own distance (its number is "
        "translated wrongly by Linux 6.18, and the client ignores it).",
        OPEN + "client exchange\nwait 2.5\nserver abort\nwait 0.3",
        from_everywhere(says("abort server server", open=True)),
        nft={"r1": SYNPROXY},
        sysctl=STRICT_PROXY,
        links={1: Link(wire={"both": "delay_ms=2"})},
        families=(4,),
        seen=(
            "client sees from=server flags=SA ttl=64 win=0",
            "client sees from=server flags=RA ttl=62 after=2",
        ),
        twin="balancer-resets-idle",
    ),
    Scenario(
        "balanced-servers",
        "Two servers behind one address, one further away: each connection "
        "keeps to its own.",
        TWO_SERVERS + "client/2 close\nserver2/2 expect eof\n"
        "server2/2 close\n" + END,
        from_everywhere(INNOCENT),
        before="client vip",
        servers=2,
        links=FURTHER,
        nft={"r2": PINNED},
        seen=(
            "client sees from=vip ttl=62",
            "client sees from=vip ttl=59",
        ),
        twin="balancer-different-distance",
    ),
    Scenario(
        "balanced-servers-abort",
        "Two servers behind one address; the one further away aborts.",
        TWO_SERVERS + "server2/2 abort\nclient/2 expect reset\n" + END,
        {
            "*": says("abort server server"),
            "server": INNOCENT,
        },
        before="client vip",
        servers=2,
        links=FURTHER,
        nft={"r2": PINNED},
        seen=("client sees from=vip flags=RA ttl=59",),
        twin="balancer-different-distance",
    ),
    Scenario(
        "nat-loses-its-table",
        "A NAT loses its table in the middle of a conversation, and the "
        "connection goes on from another port: the server resets it.",
        OPEN + "client exchange\nwait 0.3\nr1 run conntrack -F\n"
        "client send 9\n"
        "client expect reset\nwait 0.2",
        from_everywhere(MOVED),
        nft={"r1": masquerade("fully-random")},
        seen=(
            "client sees from=server flags=R ttl=62 win=0 id=0",
            "server sees from=r1 len=9",
        ),
        twin="nat-keeps-its-table",
    ),
    Scenario(
        "nat-loses-its-table-port-kept",
        "A NAT loses its table and gives the connection the same port "
        "again: it lives.",
        OPEN + "client exchange\nwait 0.3\nr1 run conntrack -F\n"
        "client exchange\nclient exchange\n" + END,
        from_everywhere(INNOCENT),
        nft={"r1": masquerade()},
        twin="nat-loses-its-table",
    ),
    Scenario(
        "nat-keeps-its-table",
        "Two connections through a NAT that gives random ports: the second "
        "is no continuation of the first.",
        OPEN + "client exchange\nclient/2 connect\nserver/2 accept\n"
        "client/2 exchange\nclient exchange\nclient/2 close\n"
        "server/2 expect eof\nserver/2 close\n" + END,
        from_everywhere(INNOCENT),
        nft={"r1": masquerade("fully-random")},
        twin="nat-loses-its-table",
    ),
    Scenario(
        "service-restarted",
        "A service forgets its connections and comes back: a reset to the "
        "client's keepalive, refusals, and then it accepts. Another service "
        "of the host goes on all the time.",
        OTHER_OPEN + OPEN + OTHER_LIVES + RESTART + OTHER_LIVES + REFUSED
        + OTHER_LIVES + STARTED + OTHER_END,
        from_everywhere(RESTARTED),
        seen=(
            "client sees from=server flags=R port=8080 win=0",
            "client sees 2 from=server flags=RA port=8080",
            "client sees 2 from=server flags=SA port=8080",
        ),
        twin="service-refuses-for-a-while",
    ),
    Scenario(
        "service-killed-and-restarted",
        "A service is killed with unread data and started again.",
        OTHER_OPEN + OPEN + "client send 900\nwait 0.2\nserver hand-off\n"
        "server stop-listening\nserver kill\nclient expect reset\n"
        "client close\n" + OTHER_LIVES + REFUSED + STARTED + OTHER_END,
        from_everywhere(
            says(
                "abort server server",
                "port-closed server server",
                "syn-rejected server server",
            )
        ),
        seen=(
            "client sees from=server flags=RA port=8080 win=!0",
            "client sees 2 from=server flags=RA port=8080 win=0",
        ),
        twin="service-refuses-for-a-while",
    ),
    Scenario(
        "service-refuses-for-a-while",
        "A service stops listening and starts again; the connection that it "
        "has lives through it.",
        OTHER_OPEN + OPEN + "server stop-listening\n" + REFUSED
        + "client exchange\n" + STARTED + "client exchange\n" + OTHER_END,
        from_everywhere(
            says(
                "port-closed server server",
                "syn-rejected server server",
            )
        ),
        seen=("client sees 2 from=server flags=RA port=8080 win=0",),
        twin="service-restarted",
    ),
]
