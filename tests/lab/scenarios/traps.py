"""Recordings that look guilty and are not, and guilty ones in odd clothes."""

from capture import Point
from recipes import OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link, chain

ABORT = says("abort server server")
ABORT_OPEN = says(
    "abort server server", "unknown-connection server unknown", open=True
)
CLOSE = "client close\nserver expect eof\nserver close\nwait 0.2"
BIG = (
    OPEN + "client send 60000\nserver recv 60000\nserver send 60000\n"
    "client recv 60000\n"
)
DELAY = {2: Link(wire={"both": "delay_ms=5"})}


def ends(**options):
    return {
        "client": Point("client", "to-r1", **options),
        "server": Point("server", "to-r2", **options),
    }


TWO_WAYS = "client/2 connect\nserver/2 accept\n"


def longer(port):
    """Rules for router 2: what comes back to that port has gone further."""
    return (
        f"iifname to-server tcp dport {port} ip ttl set 60\n"
        f"iifname to-server tcp dport {port} ip6 hoplimit set 60"
    )


SCENARIOS = [
    Scenario(
        "offload",
        "Super-packets of segmentation offload: lengths far above the MTU.",
        BIG + CLOSE,
        from_everywhere(INNOCENT),
        offload=True,
        seen=("client sees len=>1460",),
        twin="hole-forward-link-2",
    ),
    Scenario(
        "offload-abort",
        "The same, and the server aborts in the end.",
        BIG + "server abort\nclient expect reset",
        from_everywhere(ABORT),
        offload=True,
        seen=("client sees from=server flags=RA",),
    ),
    Scenario(
        "wobbling-ttl",
        "The TTL wobbles by 2 both ways.",
        OPEN + "client exchange\n" * 8 + CLOSE,
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "delay_ms=3,wobble_ttl=2"})},
        twin="tap-single",
    ),
    Scenario(
        "route-change",
        "In the middle the way back becomes longer.",
        OPEN + "client exchange\nclient exchange\n"
        "r2 nft add rule inet filter_forward forward iifname to-server "
        "ip ttl set 60\nr2 nft add rule inet filter_forward forward "
        "iifname to-server ip6 hoplimit set 60\n"
        "client exchange\nclient exchange\n" + CLOSE,
        from_everywhere(INNOCENT),
        nft={"r2": chain("forward", "")},
        twin="tap-single",
    ),
    Scenario(
        "route-change-abort",
        "In the middle the way back becomes longer; later the server aborts.",
        OPEN + "client exchange\nclient exchange\n"
        "r2 nft add rule inet filter_forward forward iifname to-server "
        "ip ttl set 60\nr2 nft add rule inet filter_forward forward "
        "iifname to-server ip6 hoplimit set 60\n"
        "client exchange\nclient exchange\nserver abort\n"
        "client expect reset\nwait 0.2",
        from_everywhere(ABORT),
        nft={"r2": chain("forward", "")},
        seen=("client sees from=server flags=RA ttl=59",),
    ),
    Scenario(
        "equal-cost-paths",
        "Two connections of one host come back by ways of unequal length.",
        OPEN + TWO_WAYS + "client exchange\nclient/2 exchange\n"
        "client/2 close\nserver/2 expect eof\nserver/2 close\n" + CLOSE,
        from_everywhere(INNOCENT),
        nft={"r2": chain("forward", longer(40002))},
        seen=("client sees from=server flags=SA ttl=59",),
        twin="tap-single",
    ),
    Scenario(
        "equal-cost-paths-abort",
        "The same; the server aborts the one with the longer way.",
        OPEN + TWO_WAYS + "client exchange\nclient/2 exchange\n"
        "client/2 exchange\nserver/2 abort\nclient/2 expect reset\nwait 0.2",
        from_everywhere(ABORT),
        nft={"r2": chain("forward", longer(40002))},
        seen=("client sees from=server flags=RA ttl=59",),
    ),
    Scenario(
        "equal-cost-paths-closed-port",
        "Two connections come back by the short way, a refusal by the long.",
        OPEN + TWO_WAYS + "client exchange\nclient/2 exchange\n"
        "client/3 connect port=9 gets=refused\nwait 0.2",
        from_everywhere(
            says(
                "port-closed server server",
                "syn-rejected server server",
                "syn-rejected unknown unknown",
                "syn-rejected middlebox middlebox",
                open=True,
            )
        ),
        nft={"r2": chain("forward", longer(40003))},
        seen=("client sees from=server flags=RA ttl=59",),
        twin="connection-limit",
    ),
    Scenario(
        "any-at-the-client",
        "The client is recorded on all interfaces.",
        BIG + CLOSE,
        from_everywhere(INNOCENT),
        points={"client": Point("client", "any")},
    ),
    Scenario(
        "any-at-the-client-abort",
        "The client is recorded on all interfaces; the server aborts.",
        OPEN + "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT),
        points={"client": Point("client", "any")},
    ),
    Scenario(
        "own-firewall",
        "The client's own firewall resets its socket: the reset is on no "
        "wire, only on the loopback interface.",
        OPEN + "client nft add rule inet filter_output output "
        "tcp dport 8080 reject with tcp reset\nclient send 9\n"
        "client expect reset\nwait 0.3",
        {
            "client": says(
                "firewall-reject client client",
                "firewall-reject middlebox *",
                "abort client *",
                "firewall-reject unknown *",
                "firewall-reject client *",
                open=True,
                unseen=True,
            ),
            "*": INNOCENT,
        },
        nft={"client": chain("output", "")},
        points={"client": Point("client", "any")},
        seen=("client sees from=server flags=R ttl=64", "r1 lacks flags=R"),
    ),
    Scenario(
        "port-reused",
        "A second connection with the same ports, soon after the first.",
        OPEN + "client close\nserver expect eof\nserver close\nwait 1.2\n"
        "client connect\nserver accept\nclient exchange\n" + CLOSE,
        from_everywhere(INNOCENT),
        sysctl={"client": {"net/ipv4/tcp_tw_reuse": 1}},
        seen=("client sees 2+ from=client flags=S",),
        twin="client-rebooted-same-port",
    ),
    Scenario(
        "port-reused-after-abort",
        "A connection is aborted; a second one with the same ports is fine.",
        OPEN + "server abort\nclient expect reset\nclient close\n"
        "client connect\nserver accept\nclient exchange\n" + CLOSE,
        from_everywhere(ABORT),
        seen=("client sees 2+ from=client flags=S",),
    ),
    Scenario(
        "late-reset-meets-new-connection",
        "A connection is aborted while an acknowledgement is under way; the "
        "answer to it, a reset, meets the SYN of the next connection with "
        "the same ports, which is fine.",
        OPEN + "server abort\nclient expect reset\nclient close\n"
        "client connect\nserver accept\nclient exchange\n" + CLOSE,
        from_everywhere(ABORT),
        links={
            1: Link(wire={"both": "delay_ms=15"}),
            3: Link(wire={"both": "delay_ms=25"}),
        },
        seen=(
            "client sees from=server flags=R win=0 ttl=62",
            "client sees from=server flags=SA",
        ),
        twin="",
    ),
    Scenario(
        "capture-loses",
        "The recorders lose a quarter of the packets; nobody else does.",
        OPEN + "client exchange\n" * 20 + CLOSE,
        from_everywhere(INNOCENT),
        points=ends(lose_percent=25),
        twin="all-lost",
    ),
    Scenario(
        "capture-loses-large",
        "The same with large packets.",
        BIG + CLOSE,
        from_everywhere(INNOCENT),
        points=ends(lose_percent=25),
        twin="hole-forward-link-2",
    ),
    Scenario(
        "snap-54",
        "Only 54 bytes of each packet are kept: no options (IPv4).",
        BIG + CLOSE,
        from_everywhere(INNOCENT),
        points=ends(snap_bytes=54),
        families=(4,),
        twin="snap-54-abort",
    ),
    Scenario(
        "snap-54-abort",
        "Only 54 bytes are kept; the server aborts.",
        OPEN + "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT, client=ABORT_OPEN, server=ABORT_OPEN),
        points=ends(snap_bytes=54),
        families=(4,),
    ),
    Scenario(
        "snap-96-abort",
        "Only 96 bytes are kept; the server aborts.",
        OPEN + "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT),
        points=ends(snap_bytes=96),
    ),
    Scenario(
        "midstream",
        "The recording begins in the middle of a connection.",
        OPEN + "capture client\ncapture server\nclient exchange\n"
        "client exchange\n" + CLOSE,
        from_everywhere(INNOCENT),
        points=ends(late=True),
        seen=("client lacks flags=S",),
        twin="server-linger-0",
    ),
    Scenario(
        "midstream-abort",
        "The recording begins in the middle; then the server aborts.",
        OPEN + "capture client\ncapture server\nclient exchange\n"
        "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT),
        points=ends(late=True),
        seen=("client lacks flags=S", "client sees from=server flags=RA"),
    ),
    Scenario(
        "only-the-end",
        "The recording holds nothing but the end: a reset without a past.",
        OPEN + "capture client\ncapture server\nserver abort\n"
        "client expect reset\nwait 0.2",
        from_everywhere(ABORT, client=says(
            "abort server server", open=True, unseen=True
        ), server=says("abort server server", open=True, unseen=True)),
        points=ends(late=True),
        seen=("client sees 1 from=server flags=RA",),
    ),
    Scenario(
        "shifted-numbers",
        "A device shifts the client's sequence numbers, and does it well.",
        BIG + CLOSE,
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "delay_ms=2,loss=2",
                             "forward": "sequence_shift=123456"})},
        twin="tap-single",
    ),
    Scenario(
        "shifted-numbers-sack-forgotten",
        "A device shifts the numbers and forgets those in SACK; loss makes "
        "it hurt, but the connection survives.",
        OPEN + "client send 60000\nserver recv 60000\n" + CLOSE,
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "delay_ms=2,loss=2",
                             "forward": "sequence_shift=123456,"
                             "sack_unshifted"})},
        twin="all-lost",
    ),
    Scenario(
        "options-stripped",
        "A device strips timestamps and SACK.",
        BIG + CLOSE,
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "strip_timestamps,strip_sack"})},
        seen=("server sees flags=S",),
        twin="tap-single",
    ),
    Scenario(
        "options-stripped-abort",
        "A device strips timestamps and SACK; the server aborts.",
        OPEN + "client exchange\nserver abort\nclient expect reset\nwait 0.2",
        from_everywhere(ABORT),
        links={2: Link(wire={"both": "strip_timestamps,strip_sack"})},
    ),
    Scenario(
        "normalised-ttl",
        "A device sets every TTL to 64.",
        OPEN + "client exchange\n" * 4 + CLOSE,
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "ttl=64"})},
        twin="server-aborts-normalised-ttl",
    ),
    Scenario(
        "health-check",
        "A health check: SYN, SYN-ACK, and a reset instead of a talk.",
        "server listen\nclient connect\nclient abort\nwait 0.3",
        from_everywhere(says("abort client client", "orderly * *", open=True,
                             unseen=True)),
        seen=("client sees from=client flags=RA",),
    ),
    Scenario(
        "reset-after-close",
        "The answer is complete, both ends have closed; a late reset hurts "
        "nobody.",
        OPEN + "server close\nwait 0.1\nclient abort\nwait 0.3",
        from_everywhere(
            says("abort client client", "orderly * *", open=True, unseen=True)
        ),
        seen=("client sees from=server flags=F",),
        twin="client-linger-0",
    ),
    Scenario(
        "impatient-reader",
        "A browser that aborts an idle connection after its answer.",
        OPEN + "wait 2.5\nclient abort\nserver expect reset\nwait 0.2",
        from_everywhere(says("abort client client", open=True, unseen=True)),
        twin="client-linger-0",
    ),
    Scenario(
        "two-connections-one-dies",
        "Of two connections one is aborted; the other goes on.",
        OPEN + "client/2 connect\nserver/2 accept\nclient/2 exchange\n"
        "server abort\nclient expect reset\nclient/2 exchange\n"
        "client/2 close\nserver/2 expect eof\nserver/2 close\nwait 0.2",
        from_everywhere(ABORT),
    ),
    Scenario(
        "simultaneous-close",
        "Both ends close at once.",
        OPEN + "server shutdown\nclient shutdown\nwait 0.2\n"
        "server expect eof\nclient expect eof\nclient close\nserver close\n"
        "wait 0.2",
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "delay_ms=30"})},
        seen=("client sees 2+ flags=F",),
        twin="server-linger-0",
    ),
    Scenario(
        "still-talking",
        "The recording ends while the connection lives.",
        OPEN + "client exchange\nclient exchange\n",
        from_everywhere(INNOCENT),
        twin="server-linger-0",
    ),
    Scenario(
        "still-idle",
        "The recording ends while the connection is idle and lives.",
        OPEN + "wait 4",
        from_everywhere(INNOCENT),
        twin="state-expired-drop",
    ),
]
