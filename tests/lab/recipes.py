"""Pieces that many scenarios share: openings, rule sets, sets of readings."""

from scenario import says
from topology import chain

# An established connection that has carried a little both ways.
OPEN = """
server listen
client connect
server accept
client exchange
"""

# conntrack forgets an established connection after this many seconds ...
TIMEOUT = {"net/netfilter/nf_conntrack_tcp_timeout_established": 2}
# ... and, with loose 0, does not pick one up in the middle.
STRICT = {**TIMEOUT, "net/netfilter/nf_conntrack_tcp_loose": 0}
IDLE = "wait 3.2\n"
# Longer than the shortest timer of a device that is known.
LONG_IDLE = "wait 11\n"

# An empty forward chain, for rules that a step adds:
# `r1 nft add rule inet filter_forward forward ...`
FORWARD = chain("forward", "")
ADD = "nft add rule inet filter_forward forward"


def masquerade(flags=""):
    """r1 translates what comes from the client."""
    return chain(
        "postrouting",
        f'iifname "to-client" masquerade {flags}',
        kind="nat",
        priority="srcnat",
    )


def stateful(last):
    """A forward chain that lets known connections and SYNs pass."""
    return chain(
        "forward",
        "ct state established,related accept;"
        "tcp flags & (syn|ack|rst|fin) == syn ct state new accept;"
        "meta l4proto { icmp, ipv6-icmp } accept;" + last,
    )


INVALID_DROP = chain("forward", "ct state invalid drop")

# The readings of one thing as seen from different places. The order matters:
# the first one is what happened.

# A forgotten mapping, and the far kernel answers for it.
FORGOTTEN = says(
    "state-expired server nat-timeout",
    "unknown-connection server unknown",
    open=True,
)
# A forgotten mapping, and nobody answers.
FORGOTTEN_SILENT = says(
    "state-expired none nat-timeout",
    "state-expired none middlebox",
    "retransmission-timeout none unknown",
    "retransmission-timeout none middlebox",
    open=True,
)
# A forgotten connection, and the box itself answers. The lab's timers are 2 and
# 3 s, shorter than any device's: after so short a silence a table that somebody
# flushed looks the same (conntrack-flushed), and one connection measures no
# timer.
FORGOTTEN_BOX = says(
    "state-expired middlebox nat-timeout",
    "state-expired middlebox middlebox",
    "firewall-reject middlebox nat-timeout",
    "firewall-reject middlebox middlebox",
    open=True,
)
FORGOTTEN_BOX_OPEN = says(
    "state-expired middlebox nat-timeout",
    "state-expired middlebox middlebox",
    "firewall-reject middlebox nat-timeout",
    "firewall-reject middlebox middlebox",
    "injected middlebox middlebox",
    open=True,
)
# The same by ICMP.
FORGOTTEN_ICMP = says(
    "state-expired middlebox nat-timeout",
    "state-expired middlebox middlebox",
    "firewall-reject middlebox nat-timeout",
    "firewall-reject middlebox middlebox",
    "icmp-unreachable middlebox middlebox",
    "icmp-unreachable middlebox nat-timeout",
    "icmp-unreachable middlebox unknown",
)
# Nothing of it can be seen from there.
UNSEEN = says("state-expired none nat-timeout", open=True, unseen=True)
