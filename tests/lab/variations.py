"""The same scenarios on other paths and between other stacks.

The truth does not change when the server counts its TTL from 128, when there
are no timestamps, when the path is longer or slower. A verdict that does was
fitted to the lab. What a variation cannot keep is left out by name, with the
reason; conditions on TTLs are not checked, since they are what varies.
"""

import dataclasses
import re

import topology

# Both ends without timestamps, SACK and window scaling.
PLAIN_TCP = {
    "net/ipv4/tcp_timestamps": 0,
    "net/ipv4/tcp_sack": 0,
    "net/ipv4/tcp_window_scaling": 0,
}


def _ends(item, client, server):
    """The scenario with more sysctls at its ends; its own ones win."""
    settings = dict(item.sysctl)
    for node, values in (("client", client), ("server", server)):
        settings[node] = {**values, **settings.get(node, {})}
    if item.servers > 1:
        settings["server2"] = {**server, **settings.get("server2", {})}
    return dataclasses.replace(item, sysctl=settings)


def _without_ttl(item):
    seen = tuple(
        re.sub(r" (quoted-)?ttl=\S+", "", condition)
        for condition in item.seen
    )
    return dataclasses.replace(item, seen=seen)


def server_128(item):
    """The server's packets start with 128, the client's with 64."""
    server = {
        "net/ipv4/ip_default_ttl": 128,
        "net/ipv6/conf/all/hop_limit": 128,
        "net/ipv6/conf/to-r2/hop_limit": 128,
    }
    return _ends(item, {}, server)


def server_255(item):
    """The server's packets start with 255, the client's with 128."""
    client = {
        "net/ipv4/ip_default_ttl": 128,
        "net/ipv6/conf/to-r1/hop_limit": 128,
    }
    server = {
        "net/ipv4/ip_default_ttl": 255,
        "net/ipv6/conf/to-r2/hop_limit": 255,
    }
    return _ends(item, client, server)


def plain_tcp(item):
    if item.theme == "pmtu":
        return None  # without SACK nothing tells which sizes arrive
    if any("sack" in str(link.wire) for link in item.links.values()):
        return None
    seen = tuple(text.replace(" options=some", "") for text in item.seen)
    item = dataclasses.replace(item, seen=seen)
    return _ends(item, PLAIN_TCP, PLAIN_TCP)


def far(item):
    """15 ms each way on the first free link, 25 ms on the last.

    An exchange is over for the client while its last acknowledgement is
    still under way; what the next step does must not meet it.
    """
    links = dict(item.links)
    steps = re.sub(
        r"(client(/\d)? exchange|server2?(/\d)? close)\n",
        r"\1\nwait 0.25\n",
        item.steps,
    )
    item = dataclasses.replace(item, steps=steps)
    for number, words in ((1, "delay_ms=15"), (3, "delay_ms=25,jitter_ms=3")):
        link = links.get(number, topology.Link())
        if not link.wire:
            links[number] = dataclasses.replace(link, wire={"both": words})
    return dataclasses.replace(item, links=links)


def longer(item):
    """Two more routers between r2 and the server, which do nothing."""
    text = item.steps + item.before + "".join(item.nft.values())
    if re.search(r"to-r2|to-server|10\.77\.3\.|\$r2out|\$server/", text):
        return None  # it speaks of the link between r2 and the server
    if item.servers > 1 or item.points or max(item.links, default=0) > 2:
        return None
    truth = dict(item.truth)
    for name in ("r3", "r4"):
        truth[name] = item.truth_at("server")
    return dataclasses.replace(item, routers=4, truth=truth)


VARIATIONS = {
    "server-128": server_128,
    "server-255": server_255,
    "plain-tcp": plain_tcp,
    "far": far,
    "longer": longer,
}

# What does not take place in a variation, and why.
NOT_IN = {
    "far": {
        "offload": "a wire has no offload",
        "offload-abort": "a wire has no offload",
        "synproxy-works": "needs checksum offload in IPv6",
        "synproxy-server-aborts": "needs checksum offload in IPv6",
        "synproxy-backend-closed": "needs checksum offload in IPv6",
        "late-reset-meets-new-connection": "lives on what is under way",
        "balancer-moves-too-early": "lives on what is under way",
        "nat-server-speaks-dropped": "the new mapping expires between two "
        "of the server's retransmissions",
        **dict.fromkeys(
            ("ips-inline-far", "ips-inline-far-v6"),
            "lives on a device that is much nearer than the server",
        ),
    },
    "plain-tcp": {
        "port-reused": "needs timestamps to leave TIME_WAIT early",
        "syn-timestamp-rewritten": "needs timestamps to rewrite",
        "time-wait-answers": "needs timestamps for a SYN to seem old",
        "time-wait-answers-reset-lost": "needs timestamps for a SYN to seem "
        "old",
        "ssh-black-hole": "without SACK nothing tells which sizes arrive",
        **dict.fromkeys(
            (
                "hole-server-resets",
                "hole-client-resets",
                "hole-both-close",
                "hole-closed-response",
                "hole-closed-response-reset",
                "hole-up-server-times-out",
            ),
            "without SACK nothing tells which sizes arrive",
        ),
        **dict.fromkeys(
            ("window-scale-zeroed", "window-scale-stripped-one-way"),
            "needs a window scale to misread",
        ),
    },
}


def of(item):
    """All variations of a scenario, each with the families it runs in.

    They take turns: one variation in IPv4, the next one in IPv6.
    """
    for turn, (name, vary) in enumerate(VARIATIONS.items()):
        if item.name in NOT_IN.get(name, {}):
            continue
        varied = vary(_without_ttl(item))
        if varied is None:
            continue
        family = item.families[(turn + len(item.name)) % len(item.families)]
        yield dataclasses.replace(
            varied,
            name=f"{item.name}+{name}",
            families=(family,),
            twin="",
        )
