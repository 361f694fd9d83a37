"""Connections that somebody ends at last, and what had gone wrong before:
outages that a time-out hides, requests without an answer, shut windows."""

from recipes import ADD, FORWARD, OPEN
from scenario import INNOCENT, Scenario, from_everywhere, says
from topology import Link

END = "client close\nserver expect eof\nserver close\nwait 0.2"
BEGIN = "server listen\nclient connect\nserver accept\n"
# The server's large packets vanish beyond r2; who ends it comes after.
HOLE = {2: Link(wire={"reverse": "drop_larger=1400"})}
HANG = (
    OPEN + "client send 9\nserver recv 9\nserver send 3000\n"
    "server retransmits 5\n"
)
# The FIN is on the last segment: as one of its own it would wait for the
# window where the losses come first.
HANG_CLOSED = HANG.replace(
    "send 3000\n", "send 3000 more\nserver shutdown\n"
)
HANG_SEEN = (
    "server sees 5+ from=server len=>1300",
    "client lacks from=server len=>1300",
)
HOLED = says("pmtu-black-hole * path-mtu")
# Beyond the hole only the small ones arrive.
BEYOND = says(
    "pmtu-black-hole * path-mtu",
    "retransmission-timeout * *",
    "no-response * server",
    open=True,
    unseen=True,
)
IN_HOLE = {"server": HOLED, "r2": HOLED, "*": BEYOND}

DEAD = says("retransmission-timeout * *", open=True)
# Where nothing of the lost packets was seen: somebody waited, and aborted.
GAVE_UP = says(
    "retransmission-timeout * *",
    "no-response * server",
    "abort client client",
    open=True,
    unseen=True,
)
# Large packets have passed, and the last ones of a transfer do not.
TAIL = (
    OPEN + "server send 6000\nclient recv 6000\n"
    f"r2 {ADD} iifname to-server drop\nserver send 5000\n"
    "server retransmits 3\n"
)

ASK = (
    "client send GET /slow HTTP/1.1\\r\\nHost: server\\r\\n\\r\\n\n"
    "server expect data\n"
)
LOG = "client send <13>Oct 11 22:14:15 host app: line\\n\nserver expect data\n"
UNANSWERED = says("no-response * server", open=True)
SMALL_BUFFER = {"server": {"net/ipv4/tcp_rmem": "4096 8192 8192"}}
SHUT = says("window-closed * server", "window-closed * unknown")

# A device zeroes the scale in the client's SYN: the server reads each window
# of the client's as a small part of what it is.
ZEROED = {2: Link(wire={"both": "delay_ms=50", "forward": "wscale=0"})}
MISREAD = says("window-closed * middlebox", "window-closed * unknown")
MISREAD_UNSEEN = says(
    "window-closed * middlebox",
    "window-closed * unknown",
    "window-closed * client",
    "window-closed * server",
    "abort client *",
    open=True,
    unseen=True,
)
DOWNLOAD = BEGIN + "client send 9\nserver recv 9\n"

SCENARIOS = [
    Scenario(
        "hole-server-resets",
        "A black hole towards the client. The server loses patience and "
        "resets.",
        HANG + "wait 0.6\nserver abort\nclient expect reset\nwait 0.2",
        IN_HOLE,
        links=HOLE,
        seen=HANG_SEEN + ("client sees from=server flags=RA",),
        twin="server-abort-after-idle",
    ),
    Scenario(
        "hole-client-resets",
        "A black hole towards the client, whose user aborts.",
        HANG + "wait 0.6\nclient abort\nserver expect reset\nwait 0.2",
        IN_HOLE,
        links=HOLE,
        seen=HANG_SEEN + ("server sees from=client flags=RA",),
        twin="client-linger-0",
    ),
    Scenario(
        "hole-both-close",
        "A black hole towards the client. Both close; the server's kernel "
        "keeps its FIN until the data before it are through, which is never.",
        HANG + "server close\nwait 0.2\nclient close\nwait 2.5",
        IN_HOLE,
        links=HOLE,
        seen=HANG_SEEN
        + (
            "server sees from=client flags=F",
            "server sees from=server len=>1300 after=2",
        ),
        twin="simultaneous-close",
    ),
    Scenario(
        "hole-closed-response",
        "The server sends its response and a FIN at once; the large part "
        "of it vanishes, the FIN arrives. The client's user closes.",
        HANG_CLOSED + "client close\nwait 1",
        IN_HOLE,
        links=HOLE,
        seen=HANG_SEEN
        + (
            "client sees from=server flags=F",
            "server sees from=client flags=F",
        ),
        twin="loss-at-the-end",
    ),
    Scenario(
        "hole-closed-response-reset",
        "The same, and the client's user aborts.",
        HANG_CLOSED + "client abort\nserver expect reset\nwait 0.2",
        IN_HOLE,
        links=HOLE,
        seen=HANG_SEEN
        + (
            "client sees from=server flags=F",
            "server sees from=client flags=RA",
        ),
        twin="client-linger-0",
    ),
    Scenario(
        "hole-up-server-times-out",
        "A black hole towards the server, which waits for the request and "
        "closes; the client's kernel goes on.",
        OPEN + "client send 3000\nclient retransmits 5\nserver close\n"
        "wait 0.3\nclient abort\nwait 0.3",
        {"client": HOLED, "r1": HOLED, "*": BEYOND},
        links={2: Link(wire={"forward": "drop_larger=1400"})},
        seen=(
            "client sees 5+ from=client len=>1300",
            "server lacks from=client len=>1300",
            "client sees from=server flags=F",
        ),
        twin="idle-server-times-out",
    ),
    Scenario(
        "idle-server-times-out",
        "All has arrived; the server closes an idle connection and the "
        "client closes, too.",
        OPEN + "server send 2000\nclient recv 2000\nwait 3\nserver close\n"
        "client expect eof\nclient close\nwait 0.3",
        from_everywhere(INNOCENT),
        links={2: Link(wire={"both": "delay_ms=5"})},
        twin="hole-up-server-times-out",
    ),
    Scenario(
        "loss-at-the-end",
        "The last packets of a transfer are lost, three times over; then "
        "they arrive.",
        TAIL + "r2 nft flush chain inet filter_forward forward\n"
        "client recv 5000\n" + END,
        from_everywhere(INNOCENT),
        nft={"r2": FORWARD},
        seen=(
            "server sees 3+ from=server len=>1300",
            "server lacks flags=R",
        ),
        twin="hole-reverse-link-2",
    ),
    Scenario(
        "large-loss-at-the-end",
        "The same, and only large packets are lost: for as long as it "
        "lasts it looks like a black hole.",
        TAIL.replace("drop", "meta length > 1400 drop")
        + "r2 nft flush chain inet filter_forward forward\n"
        "client recv 5000\n" + END,
        from_everywhere(INNOCENT),
        nft={"r2": FORWARD},
        seen=(
            "server sees 3+ from=server len=>1300",
            "server lacks flags=R",
        ),
        twin="hole-reverse-link-2",
    ),
    Scenario(
        "loss-at-the-end-given-up",
        "The last packets of a transfer are lost, and nothing else comes "
        "from the server either; the client's user aborts.",
        TAIL + "server retransmits 5\nclient abort\nserver expect reset\n"
        "wait 0.2",
        {"*": DEAD, "client": GAVE_UP, "r1": GAVE_UP},
        nft={"r2": FORWARD},
        seen=(
            "server sees 5+ from=server len=>1300",
            "server sees from=client flags=RA",
        ),
        twin="client-linger-0",
    ),
    Scenario(
        "request-unanswered",
        "A request is acknowledged and never answered; the client gives up "
        "and closes.",
        BEGIN + ASK + "client expect silence 6\n" + END,
        from_everywhere(UNANSWERED),
        seen=("client lacks from=server len=>0",),
        twin="request-answered-late",
    ),
    Scenario(
        "second-request-unanswered",
        "The first request is answered, the second is acknowledged and "
        "never answered; the client gives up and aborts.",
        BEGIN + ASK + "server send HTTP/1.1 204 No Content\\r\\n\\r\\n\n"
        "client expect data\n" + ASK + "client expect silence 6\n"
        "client abort\nserver expect reset\nwait 0.2",
        from_everywhere(
            says("no-response * server", "abort client client", open=True)
        ),
        seen=("client sees from=client flags=RA",),
        twin="client-linger-0",
    ),
    Scenario(
        "request-answered-late",
        "A request is answered after four seconds.",
        BEGIN + ASK + "wait 4\n"
        "server send HTTP/1.1 204 No Content\\r\\n\\r\\n\n"
        "client expect data\n" + END,
        from_everywhere(INNOCENT),
        twin="request-unanswered",
    ),
    Scenario(
        "log-never-answered",
        "A client sends lines to a server that has nothing to say, as to a "
        "collector of logs, and closes.",
        BEGIN + LOG + "wait 1.5\n" + LOG + "wait 6\n" + LOG + "wait 6\n"
        + END,
        from_everywhere(INNOCENT),
        seen=("client lacks from=server len=>0",),
        twin="request-unanswered",
    ),
    Scenario(
        "window-stays-shut",
        "The server's program stops reading; after a while of a shut window "
        "the client aborts.",
        OPEN + "client push 60000\nwait 12\nclient abort\nwait 0.3\n"
        "server expect data\nwait 0.2",
        from_everywhere(SHUT),
        sysctl=SMALL_BUFFER,
        seen=(
            "client sees 3+ from=server win=0",
            "client sees from=client flags=RA",
        ),
        twin="window-opens-again",
    ),
    Scenario(
        "window-opens-again",
        "The server's program stops reading for four seconds; then all "
        "arrives.",
        OPEN + "client send 9000\nwait 4\nserver recv 9000\n" + END,
        from_everywhere(INNOCENT),
        sysctl=SMALL_BUFFER,
        seen=("client sees 3+ from=server win=0",),
        twin="window-stays-shut",
    ),
    Scenario(
        "window-scale-zeroed",
        "A device zeroes the window scale of the client's SYN; the server "
        "reads windows of 64 kB as 63 bytes, and the download crawls until "
        "the client's user aborts.",
        DOWNLOAD + "server send 2000\nwait 1.2\nclient abort\nwait 0.4",
        {
            "client": MISREAD,
            "r1": MISREAD,
            # Beyond the device the scale is zero, and the server right.
            "*": MISREAD_UNSEEN,
        },
        links=ZEROED,
        seen=(
            "client lacks from=server len=>100",
            "client sees 6+ from=server len=>9",
            "client sees from=client flags=RA",
        ),
        twin="window-scale-stripped",
    ),
    Scenario(
        "window-scale-stripped-one-way",
        "A device strips the window scale from the SYN-ACK only; the client "
        "reads the server's windows of 64 kB as 64 bytes, and the upload "
        "crawls until the client's user aborts.",
        OPEN + "wait 0.3\nclient send 4000\nwait 6\nclient abort\nwait 0.4",
        {
            "server": MISREAD,
            "r2": MISREAD,
            # Behind the device the SYN-ACK has no scale, and the client is
            # right.
            "*": MISREAD_UNSEEN,
        },
        links={
            2: Link(wire={"both": "delay_ms=50", "reverse": "strip_wscale"})
        },
        seen=(
            "client lacks from=client len=>100",
            "client sees 2+ from=client len=>9",
            "client sees from=client flags=RA",
        ),
        twin="window-scale-stripped",
    ),
    Scenario(
        "window-scale-stripped",
        "A device strips the window scale from SYNs, so that neither side "
        "uses one: the download arrives.",
        DOWNLOAD + "server send 9000\nclient recv 9000\n" + END,
        from_everywhere(INNOCENT),
        links={
            2: Link(wire={"both": "delay_ms=50", "forward": "strip_wscale"})
        },
        twin="window-scale-zeroed",
    ),
]
