"""Things that answer for the server: proxies, SYN proxies, balancers."""

from recipes import IDLE, OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link, chain

REDIRECT = chain(
    "prerouting",
    'iifname "to-client" tcp dport 8080 redirect to :3128',
    kind="nat",
    priority="dstnat",
)
TPROXY = chain(
    "prerouting",
    'iifname "to-client" tcp dport 8080 '
    "tproxy ip to :3128 meta mark set 1 accept\n"
    'iifname "to-client" tcp dport 8080 '
    "tproxy ip6 to :3128 meta mark set 1 accept",
    priority="mangle",
)
TPROXY_ROUTES = (
    "r1 run ip rule add fwmark 1 lookup 100\n"
    "r1 run ip -6 rule add fwmark 1 lookup 100\n"
    "r1 run ip route add local 0.0.0.0/0 dev lo table 100\n"
    "r1 run ip -6 route add local ::/0 dev lo table 100\n"
)
# With checksum offload: Linux 6.18's nft synproxy drops IPv6 packets whose
# checksum it has to verify itself.
SYNPROXY = chain(
    "prerouting",
    'iifname "to-client" tcp dport 8080 tcp flags syn notrack',
    priority="raw",
) + chain(
    "forward",
    "tcp dport 8080 ct state invalid,untracked synproxy mss 1460 wscale 7 "
    "timestamp sack-perm; ct state invalid drop",
)

# The client has nothing to compare with: whatever answers is the server.
PROXY_BARE = says(
    "proxy-closed middlebox middlebox",
    "proxy-closed * *",
    "late-data server *",
    open=True,
    unseen=True,
)
PROXY = says(
    "proxy-closed middlebox *",
    "proxy-closed server *",
    "late-data middlebox *",
    open=True,
)
OTHER_BACKEND = says(
    "unknown-connection server middlebox",
    "unknown-connection server unknown",
    open=True,
)
# The other end of an exchange that has gone to somebody else.
LEFT_ALONE = says("unknown-connection server unknown", open=True, unseen=True)

PROXY_START = "r1 forward listen=3128 port=8080 {}\n"
PROXY_OPEN = (
    "server listen\n"
    "client connect\nclient send 5\nserver accept\nserver recv 5\n"
    "server send 7\nclient recv 7\n"
)
# Another port of the server, not proxied, shows the server's own TTL.
KNOWN = (
    "server listen 9090\nclient/2 connect 9090\nserver/2 accept\n"
    "client/2 exchange\nclient/2 close\nserver/2 expect eof\n"
    "server/2 close\n"
)

SCENARIOS = [
    Scenario(
        "proxy-idle-close",
        "A transparent proxy closes an idle connection; the client sends.",
        PROXY_OPEN + "wait 3\nclient send 9\nwait 0.2",
        {
            "client": PROXY_BARE,
            "r1": PROXY_BARE,
            "*": INNOCENT,
        },
        before=PROXY_START.format("idle=2"),
        nft={"r1": REDIRECT},
        seen=(
            "client sees from=server flags=F ttl=64",
            "client sees from=server flags=R ttl=64 win=0",
            "server sees from=r1 flags=F",
        ),
    ),
    Scenario(
        "proxy-idle-close-known-host",
        "The same, and another port shows how far the server really is.",
        KNOWN + PROXY_OPEN + "wait 3\nclient send 9\nwait 0.2",
        {
            "client": PROXY,
            "r1": PROXY,
            "*": INNOCENT,
        },
        before=PROXY_START.format("idle=2"),
        nft={"r1": REDIRECT},
        seen=(
            "client sees from=server port=9090 ttl=62",
            "client sees from=server flags=R ttl=64 win=0 port=8080",
        ),
    ),
    Scenario(
        "proxy-killed",
        "A transparent proxy is killed; the client sends.",
        PROXY_OPEN + "r1 kill-proxy\nwait 0.5\nclient send 9\nwait 0.2",
        {
            "client": PROXY_BARE,
            "r1": PROXY_BARE,
            "*": INNOCENT,
        },
        before=PROXY_START.format(""),
        nft={"r1": REDIRECT},
        seen=(
            "client sees from=server flags=F ttl=64",
            "client sees from=server flags=R ttl=64",
        ),
    ),
    Scenario(
        "proxy-backend-closed",
        "A transparent proxy answers, but the server's port is closed.",
        "client connect\nclient send 9\nwait 0.5\nclient send 9\nwait 0.3",
        {
            "client": says(
                "proxy-closed middlebox *",
                "proxy-closed server *",
                "abort server *",
                "late-data server *",
                open=True,
                unseen=True,
            ),
            "r1": says(
                "proxy-closed * *",
                "abort server *",
                "late-data server *",
                "port-closed server server",
                open=True,
                unseen=True,
            ),
            "*": says(
                "port-closed server server",
                "syn-rejected server server",
                open=True,
            ),
        },
        before=PROXY_START.format(""),
        nft={"r1": REDIRECT},
        seen=(
            "client sees from=server flags=SA ttl=64",
            "server sees from=server flags=RA",
        ),
    ),
    Scenario(
        "proxy-works",
        "A transparent proxy that does its work.",
        PROXY_OPEN + "client send 5\nserver recv 5\nserver send 7\n"
        "client recv 7\nclient close\nserver expect eof\nserver close\n"
        "wait 0.3",
        from_everywhere(INNOCENT),
        before=PROXY_START.format(""),
        nft={"r1": REDIRECT},
        seen=("client sees from=server flags=SA ttl=64",),
        twin="proxy-killed",
    ),
    Scenario(
        "tproxy-refuses",
        "A TPROXY answers the request itself, politely, and closes.",
        "client connect\nclient send 14\nclient recv 22\nclient expect eof\n"
        "client close\nwait 0.3",
        from_everywhere(INNOCENT),
        before=TPROXY_ROUTES
        + PROXY_START.format("transparent greeting=HTTP/1.0_403_Forbidden"),
        nft={"r1": TPROXY},
        seen=(
            "client sees from=server len=22 ttl=64",
            "client sees from=server flags=F ttl=64",
            "server lacks from=client",
        ),
        twin="proxy-killed",
    ),
    Scenario(
        "synproxy-works",
        "A SYN proxy: the SYN-ACK comes from nearer than all the rest.",
        OPEN + "client exchange\nclient close\nserver expect eof\n"
        "server close\nwait 0.2",
        from_everywhere(INNOCENT),
        nft={"r1": SYNPROXY},
        offload=True,
        sysctl={"r1": {"net/netfilter/nf_conntrack_tcp_loose": 0}},
        seen=(
            "client sees from=server flags=SA ttl=64 win=0",
            "client sees from=server len=7 ttl=62",
        ),
        twin="synproxy-backend-closed",
    ),
    Scenario(
        "synproxy-server-aborts",
        "Behind a SYN proxy the server aborts: its TTL is that of its data, "
        "not of the SYN-ACK (Linux 6.18 translates the number of the reset "
        "wrongly; the client ignores it).",
        OPEN + "client exchange\nserver abort\nwait 0.5",
        from_everywhere(says("abort server server", open=True)),
        nft={"r1": SYNPROXY},
        offload=True,
        sysctl={"r1": {"net/netfilter/nf_conntrack_tcp_loose": 0}},
        seen=("client sees from=server flags=RA ttl=62",),
    ),
    Scenario(
        "synproxy-backend-closed",
        "A SYN proxy answers for a port that is closed.",
        "client start\nwait 1.5",
        {
            "*": says(
                "port-closed server server",
                "port-closed server *",
                "syn-rejected server server",
                open=True,
            ),
            "client": says(
                "port-closed server server",
                "proxy-closed * *",
                "abort server *",
                "unknown-connection server *",
                open=True,
            ),
            "r1": says(
                "port-closed server server",
                "proxy-closed * *",
                "abort server *",
                "unknown-connection server *",
                "syn-rejected server server",
                open=True,
            ),
        },
        nft={"r1": SYNPROXY},
        offload=True,
        sysctl={"r1": {"net/netfilter/nf_conntrack_tcp_loose": 0}},
        seen=(
            "client sees from=server flags=SA ttl=64 win=0",
            "client sees from=server flags=RA ttl=62",
        ),
    ),
    Scenario(
        "balancer-other-backend",
        "A balancer without state sends an established connection to "
        "another server.",
        "server listen\nserver2 listen\nclient connect to=$vip\n"
        "server accept\nclient exchange\n"
        "r2 run ip route replace $vip/$bits via $server2\n"
        "client send 9\nclient expect reset\nwait 0.3",
        {"*": OTHER_BACKEND, "server": LEFT_ALONE},
        before="client vip",
        servers=2,
        seen=(
            "client sees from=vip flags=R ttl=62",
            "server2 sees from=client len=9",
        ),
    ),
    Scenario(
        "balancer-other-backend-after-idle",
        "The same after an idle time, which is not to blame.",
        "server listen\nserver2 listen\nclient connect to=$vip\n"
        "server accept\nclient exchange\nwait 3\n"
        "r2 run ip route replace $vip/$bits via $server2\n"
        "client send 9\nclient expect reset\nwait 0.3",
        {
            "*": says(
                *(" ".join(reading) for reading in OTHER_BACKEND.right),
                "state-expired server nat-timeout",
                open=True,
            ),
            "server": LEFT_ALONE,
        },
        before="client vip",
        servers=2,
        seen=("client sees from=vip flags=R ttl=62 after=3",),
    ),
    Scenario(
        "balancer-keeps-backend",
        "The balancer moves new connections only: two servers, no harm.",
        "server listen\nserver2 listen\nclient connect to=$vip\n"
        "server accept\nclient exchange\nclient close\n"
        "server expect eof\nserver close\n"
        "r2 run ip route replace $vip/$bits via $server2\n"
        "client/2 connect to=$vip\nserver2/2 accept\nclient/2 exchange\n"
        "client/2 close\nserver2/2 expect eof\nserver2/2 close\nwait 0.2",
        from_everywhere(INNOCENT),
        before="client vip",
        servers=2,
        twin="balancer-other-backend",
    ),
    Scenario(
        "balancer-moves-too-early",
        "The balancer moves a connection while its last acknowledgement is "
        "under way: the other server resets it, which hurts nobody.",
        "server listen\nserver2 listen\nclient connect to=$vip\n"
        "server accept\nclient exchange\nclient close\n"
        "server expect eof\nserver close\n"
        "r2 run ip route replace $vip/$bits via $server2\nwait 1",
        from_everywhere(
            says("unknown-connection server *", open=True, unseen=True)
        ),
        before="client vip",
        servers=2,
        links={1: Link(wire={"both": "delay_ms=250"})},
        seen=("server2 sees from=vip flags=R",),
    ),
    Scenario(
        "balancer-different-distance",
        "Two servers behind one address, one of them further away.",
        "server listen\nserver2 listen\nclient connect to=$vip\n"
        "server accept\nclient exchange\n"
        "r2 run ip route replace $vip/$bits via $server2\n"
        "client send 9\nclient expect reset\nwait 0.3",
        {
            "*": says(
                *(" ".join(reading) for reading in OTHER_BACKEND.right),
                "firewall-reject middlebox middlebox",
                "injected middlebox middlebox",
                "unknown-connection middlebox middlebox",
                open=True,
            ),
            "server": LEFT_ALONE,
            "server2": OTHER_BACKEND,
        },
        before="client vip",
        servers=2,
        links={4: Link(wire={"reverse": "add_ttl=-3"})},
        seen=("client sees from=vip flags=R ttl=59",),
    ),
    Scenario(
        "wire-expires-silent",
        "A box on the wire forgets an idle connection and drops it.",
        OPEN + IDLE + "client send 9\nclient retransmits 6",
        {
            "*": says(
                "state-expired none nat-timeout",
                "state-expired none middlebox",
                "retransmission-timeout none unknown",
                open=True,
            ),
            "r2": says(
                "state-expired none nat-timeout", open=True, unseen=True
            ),
            "server": says(
                "state-expired none nat-timeout", open=True, unseen=True
            ),
        },
        links={2: Link(wire={"both": "delay_ms=5", "idle": "seconds=2,silent"})},
        seen=("client sees 4+ from=client len=9", "server lacks len=9"),
    ),
    Scenario(
        "wire-expires-reset-sender",
        "A box on the wire forgets an idle connection and resets who speaks.",
        OPEN + IDLE + "client send 9\nclient expect reset\nwait 0.3",
        {
            "*": says(
                "state-expired middlebox nat-timeout",
                "state-expired middlebox middlebox",
                "firewall-reject middlebox middlebox",
                "firewall-reject middlebox nat-timeout",
                open=True,  # see recipes.FORGOTTEN_BOX
            ),
            "r2": says(
                "state-expired none nat-timeout", open=True, unseen=True
            ),
            "server": says(
                "state-expired none nat-timeout", open=True, unseen=True
            ),
        },
        links={
            2: Link(
                wire={
                    "both": "delay_ms=5",
                    "idle": "seconds=2,reset_sender,ttl=255",
                }
            )
        },
        seen=("client sees from=server flags=R ttl=254",),
    ),
    Scenario(
        "wire-expires-reset-both",
        "A box on the wire resets both ends when the idle time is up, as "
        "Azure's balancer can.",
        OPEN + "client expect reset 14\nwait 0.3",
        from_everywhere(
            says(
                "state-expired middlebox nat-timeout",
                "state-expired middlebox middlebox",
                "firewall-reject middlebox middlebox",
                "firewall-reject middlebox nat-timeout",
                "injected middlebox middlebox",
            )
        ),
        links={
            2: Link(
                wire={
                    "both": "delay_ms=5",
                    "idle": "seconds=11,reset_both,ttl=128",
                }
            )
        },
        seen=(
            "client sees from=server flags=R ttl=127",
            "server sees from=client flags=R ttl=127",
        ),
    ),
    Scenario(
        "wire-expires-not-yet",
        "The same box; keepalives keep the connection in its memory.",
        OPEN + "client set keepalive 1 1 3\nwait 4\nclient exchange\n"
        "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        links={2: Link(wire={"idle": "seconds=2,silent"})},
        twin="wire-expires-silent",
    ),
]
