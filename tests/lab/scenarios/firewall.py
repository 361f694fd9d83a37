"""Firewalls on the path: refused, dropped, forgotten, answered for."""

import dataclasses

import recipes
from recipes import ADD, FORWARD, IDLE, LONG_IDLE, OPEN, STRICT, TIMEOUT, stateful
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import chain

# A lone reset to a lone SYN could be the server's own: nothing else of the
# server was seen that it could be compared with.
REJECTED_BARE = says("syn-rejected middlebox middlebox", open=True)
REJECTED = says("syn-rejected middlebox middlebox")
REJECTED_ICMP = says(
    "syn-rejected middlebox middlebox", "icmp-unreachable middlebox middlebox"
)
NOT_THERE = says("syn-rejected middlebox middlebox", open=True, unseen=True)
DROPPED = says(
    "syn-unanswered none middlebox",
    "syn-unanswered none unknown",
    "syn-unanswered none path-loss",
    open=True,
)
NOT_DROPPED_THERE = says(
    "syn-unanswered none middlebox", open=True, unseen=True
)
BOX = says(
    "firewall-reject middlebox middlebox",
    "injected middlebox middlebox",
)
BOX_UNSEEN = says(
    "firewall-reject middlebox middlebox",
    "injected middlebox middlebox",
    "retransmission-timeout none *",
    open=True,
    unseen=True,
)
UNREACHABLE = says(
    "icmp-unreachable middlebox *",
    "syn-rejected middlebox middlebox",
)
ELSEWHERE = says("icmp-unreachable middlebox *", open=True, unseen=True)


def known_host(steps):
    """Puts an open connection to another port of the server before."""
    return (
        OPEN + steps + "\nclient close\nserver expect eof\nserver close\n"
        "wait 0.2"
    )


def reject(hop, name, rule, wanted, truth, seen):
    """A SYN to port 9090 that a router refuses, after a good connection.

    The reset of router 2 differs by one hop from the server's packets; paths
    wobble by as much, so that the client need not be sure.
    """
    box = f"r{hop}"
    one_off = hop == 2 and "reset" in rule
    beyond = ["r2", "server"] if hop == 1 else ["server"]
    return Scenario(
        name,
        f"Router {hop} answers the SYN: {rule}.",
        known_host(f"client/2 connect 9090 gets={wanted}"),
        {
            "*": truth,
            **({"client": REJECTED_BARE} if one_off else {}),
            **{vantage: NOT_THERE for vantage in beyond},
        },
        nft={box: chain("forward", f"tcp dport 9090 {rule}")},
        seen=seen,
    )


SCENARIOS = [
    reject(
        1,
        "syn-reset-r1",
        "reject with tcp reset",
        "refused",
        REJECTED,
        ("client sees from=server flags=RA ttl=64 port=9090 label=0",),
    ),
    reject(
        2,
        "syn-reset-r2",
        "reject with tcp reset",
        "refused",
        REJECTED,
        ("client sees from=server flags=RA ttl=63 port=9090",),
    ),
    reject(
        1,
        "syn-admin-r1",
        "reject with icmpx type admin-prohibited",
        "prohibited",
        REJECTED_ICMP,
        ("client sees from=r1 icmp=admin ttl=64",),
    ),
    reject(
        2,
        "syn-admin-r2",
        "reject with icmpx type admin-prohibited",
        "prohibited",
        REJECTED_ICMP,
        ("client sees from=r2 icmp=admin ttl=63 quoted-ttl=62",),
    ),
    reject(
        2,
        "syn-port-unreachable-r2",
        "reject",
        "refused",
        REJECTED_ICMP,
        ("client sees from=r2 icmp=port ttl=63",),
    ),
    Scenario(
        "syn-reset-r1-bare",
        "Router 1 resets the only SYN of the recording.",
        "client connect 9090 gets=refused",
        {"*": NOT_THERE, "client": REJECTED_BARE, "r1": REJECTED_BARE},
        nft={"r1": chain("forward", "tcp dport 9090 reject with tcp reset")},
        seen=("client sees from=server flags=RA ttl=64",),
        twin="closed-port",
    ),
    Scenario(
        "connection-limit",
        "Router 1 allows one connection at a time and resets the next SYN.",
        OPEN + "client/2 connect gets=refused\nclient exchange\nwait 0.2",
        {"*": REJECTED, "r2": NOT_THERE, "server": NOT_THERE},
        nft={
            "r1": chain(
                "forward",
                "tcp flags syn ct state new ct count over 1 "
                "reject with tcp reset",
            )
        },
        seen=("client sees from=server flags=RA ttl=64",),
    ),
    Scenario(
        "syn-dropped-r1",
        "Router 1 drops the SYNs to one port.",
        known_host("client/2 start 9090\nwait 5.5"),
        {
            "*": NOT_DROPPED_THERE,
            "client": DROPPED,
            "r1": DROPPED,
        },
        nft={"r1": chain("forward", "tcp dport 9090 drop")},
        seen=("client sees 4+ from=client flags=S port=9090",),
    ),
    Scenario(
        "syn-ack-dropped-r1",
        "Router 1 drops the answers of one port.",
        known_host("client/2 start 9090\nwait 5.5"),
        from_everywhere(DROPPED),
        nft={
            "r1": chain("forward", "tcp sport 9090 drop"),
            # Somebody listens there: a forwarded port.
            "server": chain(
                "prerouting",
                "tcp dport 9090 redirect to :8080",
                kind="nat",
                priority="dstnat",
            ),
        },
        seen=(
            "client sees 4+ from=client flags=S port=9090",
            "server sees from=server flags=SA port=9090",
        ),
    ),
    Scenario(
        "syn-lost-once",
        "The first SYN is lost, the second one gets through.",
        "server listen\nclient start\nwait 0.6\n"
        "r1 nft flush table inet filter_forward\nserver accept\n"
        "wait 0.2\nclient exchange\nclient close\nserver expect eof\n"
        "server close\nwait 0.2",
        from_everywhere(INNOCENT),
        nft={"r1": chain("forward", "tcp flags syn drop")},
        seen=("client sees 2+ from=client flags=S",),
        twin="syn-dropped-r1",
    ),
    Scenario(
        "policy-change-client-data",
        "A rule of router 1 starts to reset the connection's packets.",
        OPEN + f"r1 {ADD} ip protocol tcp reject with tcp reset\n"
        f"r1 {ADD} ip6 nexthdr tcp reject with tcp reset\n"
        "client send 9\nclient expect reset\nwait 0.5",
        {"*": BOX, "r2": BOX_UNSEEN, "server": BOX_UNSEEN},
        nft={"r1": FORWARD},
        seen=(
            "client sees from=server flags=R ttl=64 win=0 id=0 label=0",
            "server lacks flags=R",
        ),
    ),
    Scenario(
        "policy-change-server-data",
        "The same, and the server is the first to send.",
        OPEN + f"r1 {ADD} ip protocol tcp reject with tcp reset\n"
        f"r1 {ADD} ip6 nexthdr tcp reject with tcp reset\n"
        "server send 9\nserver expect reset\nwait 0.5",
        # one hop nearer than the client: its host, if the client was a
        # container that is gone, answers from there too
        {
            "*": BOX,
            "client": BOX_UNSEEN,
            "server": dataclasses.replace(BOX, open=True),
        },
        nft={"r1": FORWARD},
        seen=(
            "server sees from=client flags=R ttl=63 win=0",
            "client lacks flags=R",
        ),
    ),
    Scenario(
        "conntrack-flushed",
        "Somebody flushes router 1's connections; it resets strangers.",
        OPEN + "r1 run conntrack -F\nclient send 9\nclient expect reset\n"
        "wait 0.3",
        {
            "*": says(
                "firewall-reject middlebox middlebox",
                "state-expired middlebox *",
                "injected middlebox middlebox",
            ),
            "r2": BOX_UNSEEN,
            "server": BOX_UNSEEN,
        },
        nft={"r1": stateful("reject with tcp reset")},
        sysctl={"r1": {"net/netfilter/nf_conntrack_tcp_loose": 0}},
        seen=("client sees from=server flags=R ttl=64",),
    ),
    Scenario(
        "server-reset-swallowed",
        "Router 1 lost its connections and takes the server's own reset for "
        "an invalid packet; the client hears of it only when it sends.",
        OPEN + "r1 run conntrack -F\nserver abort\nwait 0.5\n"
        "r1 nft flush chain inet filter_forward forward\n"
        "client send 9\nclient expect reset\nwait 0.3",
        {
            "client": says("unknown-connection server *", open=True),
            "*": says(
                "abort server server", "unknown-connection server *", open=True
            ),
            "server": says(
                "abort server server", "unknown-connection server server"
            ),
        },
        nft={"r1": recipes.INVALID_DROP},
        sysctl={"r1": {"net/netfilter/nf_conntrack_tcp_loose": 0}},
        seen=(
            "server sees from=server flags=RA",
            "client lacks flags=RA",
            "client sees from=server flags=R ttl=62",
        ),
    ),
    Scenario(
        "state-expired-reset-client",
        "Router 1 forgot an idle connection and resets the client.",
        OPEN + IDLE + "client send 9\nclient expect reset\nwait 0.3",
        {
            "*": recipes.FORGOTTEN_BOX,
            "r2": recipes.UNSEEN,
            "server": recipes.UNSEEN,
        },
        nft={"r1": stateful("reject with tcp reset")},
        sysctl={"r1": STRICT},
        seen=("client sees from=server flags=R ttl=64 after=3 label=0",),
    ),
    Scenario(
        "state-expired-reset-server",
        "Router 1 forgot an idle connection and resets the server.",
        OPEN + IDLE + "server send 9\nserver expect reset\nwait 0.3",
        {"*": recipes.FORGOTTEN_BOX, "client": recipes.UNSEEN},
        nft={"r1": stateful("reject with tcp reset")},
        sysctl={"r1": STRICT},
        seen=("server sees from=client flags=R ttl=63 after=3",),
    ),
    Scenario(
        "state-expired-drop",
        "Router 1 forgot an idle connection and drops it.",
        OPEN + IDLE + "client send 9\nclient retransmits 6",
        {
            "*": recipes.FORGOTTEN_SILENT,
            "r2": recipes.UNSEEN,
            "server": recipes.UNSEEN,
        },
        nft={"r1": stateful("drop")},
        sysctl={"r1": STRICT},
        seen=(
            "client sees 4+ from=client len=9",
            "server lacks len=9",
        ),
    ),
    Scenario(
        "state-expired-drop-loose",
        "The same after a longer pause and with loose 1: only SYNs may begin "
        "a connection.",
        OPEN + LONG_IDLE + "client send 9\nclient retransmits 6",
        {
            "*": recipes.FORGOTTEN_SILENT,
            "r2": recipes.UNSEEN,
            "server": recipes.UNSEEN,
        },
        nft={"r1": stateful("drop")},
        sysctl={"r1": TIMEOUT},
        seen=("client sees 4+ from=client len=9", "server lacks len=9"),
    ),
    Scenario(
        "state-expired-port-unreachable",
        "Router 1 forgot an idle connection and says port unreachable.",
        OPEN + LONG_IDLE + "client send 9\nclient retransmits 5",
        {
            "*": recipes.FORGOTTEN_ICMP,
            "r2": recipes.UNSEEN,
            "server": recipes.UNSEEN,
        },
        nft={"r1": stateful("reject")},
        sysctl={"r1": STRICT},
        seen=("client sees 3+ from=r1 icmp=port ttl=64",),
    ),
    Scenario(
        "state-expired-admin",
        "Router 1 forgot an idle connection and says prohibited.",
        OPEN + LONG_IDLE + "client send 9\nclient retransmits 5",
        {
            "*": recipes.FORGOTTEN_ICMP,
            "r2": recipes.UNSEEN,
            "server": recipes.UNSEEN,
        },
        nft={"r1": stateful("reject with icmpx type admin-prohibited")},
        sysctl={"r1": STRICT},
        seen=("client sees 3+ from=r1 icmp=admin",),
    ),
    Scenario(
        "state-kept-by-traffic",
        "The same firewall; the connection is never idle for long.",
        OPEN + ("wait 1.2\nclient exchange\n" * 4)
        + "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        nft={"r1": stateful("reject with tcp reset")},
        sysctl={"r1": STRICT},
        twin="state-expired-reset-client",
    ),
    Scenario(
        "state-kept-by-keepalives",
        "The same firewall; keepalives save the idle connection.",
        OPEN + "client set keepalive 1 1 3\nwait 4.5\nclient exchange\n"
        "client close\nserver expect eof\nserver close\nwait 0.2",
        from_everywhere(INNOCENT),
        nft={"r1": stateful("drop")},
        sysctl={"r1": STRICT},
        twin="state-expired-drop",
    ),
    Scenario(
        "no-firewall-long-idle",
        "The connection is idle as long, and nobody forgets it.",
        OPEN + IDLE + "client exchange\nclient close\nserver expect eof\n"
        "server close\nwait 0.2",
        from_everywhere(INNOCENT),
        twin="state-expired-drop",
    ),
    Scenario(
        "server-absent",
        "The server is switched off: router 2 gets no answer to its ARP.",
        "server run ip link set to-r2 down\n"
        "client connect 8080 gets=unreachable",
        {"*": UNREACHABLE, "server": ELSEWHERE},
        seen=("client sees from=r2 icmp=host",),
    ),
    Scenario(
        "server-absent-midstream",
        "The server is switched off in the middle of a connection.",
        OPEN + "server run ip link set to-r2 down\n"
        "r2 run ip neigh flush all\nclient send 9\n"
        "client retransmits 6",
        {
            "*": says(
                "icmp-unreachable middlebox *",
                "retransmission-timeout none *",
            ),
            "server": ELSEWHERE,
        },
        seen=(
            "client sees from=r2 icmp=host",
            "client sees 4+ from=client len=9",
        ),
    ),
    Scenario(
        "no-route",
        "Router 2 has no route to the server and says so.",
        "r2 run ip route add unreachable $server/$bits\n"
        "client connect 8080 gets=unreachable",
        {"*": UNREACHABLE, "server": ELSEWHERE},
        seen=("client sees from=r2 icmp=any",),
    ),
    Scenario(
        "prohibited-route",
        "Router 2 has a prohibit route for the server.",
        "r2 run ip route add prohibit $server/$bits\n"
        "client connect 8080 gets=prohibited",
        {"*": UNREACHABLE, "server": ELSEWHERE},
        seen=("client sees from=r2 icmp=admin",),
    ),
    Scenario(
        "blackhole-route",
        "Router 2 has a blackhole route for the server.",
        "r2 run ip route add blackhole $server/$bits\n"
        "client start\nwait 5.5",
        {
            "client": DROPPED,
            "r1": DROPPED,
            "r2": DROPPED,
            "server": NOT_DROPPED_THERE,
        },
        seen=("client sees 4+ from=client flags=S",),
    ),
    Scenario(
        "routing-loop",
        "Router 2 sends the server's packets back to router 1.",
        "r2 run ip route add $server/$bits via $r1out\n"
        "client start\nwait 2.5",
        {"*": UNREACHABLE, "server": ELSEWHERE},
        seen=("client sees icmp=ttl",),
    ),
]
