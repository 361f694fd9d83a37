"""Devices that forget idle connections, for paths of the lab: Linux' own
connection tracking with a short time-out, as a firewall that drops, resets or
rejects what it does not know, or as a NAT."""

import topology

ROUTERS = 5
# Kernels' timers may end so much sooner (HZ 100), and packets pass the device so
# much later, or earlier, than they do the prober.
JIFFY = 0.01
KINDS = ("silent", "reset", "remapped")
EXPIRY = {
    "silent": "silent",
    "reset": "reset-by-box",
    "rejected": "error-by-box",
    "remapped": "reset-by-server",
    # a port that none of the others had is reset by the server
    "crowded": "port-moved|reset-by-server",
}
# A NAT with few more ports than the prober has connections, 69.
CROWDED = "masquerade to :40000-40079 fully-random"
VERDICTS = {
    "silent": "drop",
    "reset": "reject with tcp reset",
    "rejected": "reject with icmpx type admin-prohibited",
}


def device(router, seconds, kind):
    """Options of path.py for one device at a router."""
    if kind == "remapped":
        return ["--nat", f"{router}:{seconds}:random"]
    if kind == "crowded":
        chain = topology.chain(
            "postrouting", f'iifname "to-r{router - 1}" meta l4proto tcp '
            f"{CROWDED}", kind="nat", priority="srcnat",
        )
        name = "net.netfilter.nf_conntrack_tcp_timeout_established"
        return [
            *("--nft", f"{router}:{chain}"),
            *("--sysctl", f"r{router}:{name}={seconds}"),
        ]
    rule = (
        "tcp flags & (fin | syn | rst | ack) != syn "
        f"ct state {{ new, invalid }} {VERDICTS[kind]}"
    )
    name = f"r{router}:net.netfilter.nf_conntrack_tcp"
    return [
        *("--nft", f"{router}:{topology.chain('forward', rule)}"),
        *("--sysctl", f"{name}_timeout_established={seconds}"),
        *("--sysctl", f"{name}_loose=0"),
    ]


def timeouts(run):
    """What a run found of them."""
    return [
        line
        for line in run["lines"]
        if line["type"] == "finding" and line["finding"] == "idle-timeout"
    ]


def width(finding):
    """Of the interval, as a share of the idle time that was survived."""
    return finding["died_s"] / finding["survived_s"] - 1


def wrong(run, router, seconds, kind, widest=0.05, is_ssh=False):
    """What is not as planted, or None. An SSH server gets few connections: which
    hop of a NAT it is may rest on one of them."""
    found = timeouts(run)
    if len(found) != 1:
        return f"{len(found)} findings"
    finding = found[0]
    died = finding.get("died_s", 0) + JIFFY
    survived = finding.get("survived_s", 0) - JIFFY
    if not survived < seconds <= died:
        return "the time-out is not within the interval"
    if width(finding) > widest:
        return f"the interval is {100 * width(finding):.1f} % wide"
    if finding["on_expiry"] not in EXPIRY[kind].split("|"):
        return f"{finding['on_expiry']}, planted {EXPIRY[kind]}"
    if finding.get("hop") != router:
        return f"hop {finding.get('hop')}, planted {router}"
    grades = ("certain", "likely")[: 1 + (is_ssh and kind == "remapped")]
    return None if finding["grade"] in grades else finding["grade"]
