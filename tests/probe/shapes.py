"""What makes a path of five routers more than a line: detours, devices that end
connections or hand them on, sizes that pass at first."""

import json

import os

import kernel
import servers
import topology


def join(near, far, number, mtu):
    """A link beside the path's own: 10.88.NUMBER.0/24, near is .1."""
    names = (f"side-{far.name}", f"side-{near.name}")
    peer = f"/proc/{os.getpid()}/fd/{far.descriptor}"
    near.ip(f"link add {names[0]} type veth peer name {names[1]} netns {peer}")
    for last, (node, name) in enumerate(zip((near, far), names), 1):
        node.ip(
            f"link set {name} mtu {mtu} up\n"
            f"addr add 10.88.{number}.{last}/24 dev {name}\n"
            f"addr add fd88:{number}::{last}/64 dev {name} nodad\n"
        )
        with node.inside():
            for feature in kernel.OFFLOAD_COMMANDS:
                kernel.set_offload(name, feature, False)


def detour(path, mtu):
    """What comes back goes from r5 over a router of its own to r1."""
    first, last = path.routers[0], path.routers[-1]
    side = topology.Node("side")
    side.sysctl(topology.SYSCTLS)
    side.sysctl(topology.ROUTER_SYSCTLS)
    path.nodes.append(side)
    join(last, side, 1, 1500)
    join(side, first, 2, mtu)
    last.ip(
        "route replace 10.77.1.0/24 via 10.88.1.2\n"
        "route replace fd77:1::/64 via fd88:1::2\n"
    )
    side.ip(
        "route add 10.77.1.0/24 via 10.88.2.2\n"
        "route add fd77:1::/64 via fd88:2::2\n"
        "route add 10.77.0.0/16 via 10.88.1.1\n"
        "route add fd77::/16 via fd88:1::1\n"
    )
    for node in (last, side, first):
        path._wait_running(node)


def route_through(sides, last):
    """Between the first network and the last one, by the routers `sides` of
    the networks 10.88.1 and fd88:1, 10.88.2 and fd88:2, ..."""
    for number, side in enumerate(sides, 1):
        side.ip(
            f"route add 10.77.{last}.0/24 via 10.88.{number + 1}.2\n"
            f"route add fd77:{last}::/64 via fd88:{number + 1}::2\n"
            f"route add 10.77.0.0/16 via 10.88.{number}.1\n"
            f"route add fd77::/16 via fd88:{number}::1\n"
        )


def branches(path, mtu=1500, rules="", longer=False):
    """What goes to the server takes one of two ways, by its ports: from r2
    over r3, or over routers beside it, to r4. Those have the MTU, and the
    rules."""
    near, far = path.routers[1], path.routers[3]
    sides = [topology.Node("side")] + [topology.Node("aside")] * longer
    chain = [near, *sides, far]
    for side in sides:
        side.sysctl(topology.SYSCTLS)
        side.sysctl(topology.ROUTER_SYSCTLS)
        path.nodes.append(side)
    for number, (left, right) in enumerate(zip(chain, chain[1:]), 1):
        join(left, right, number, mtu if number == len(sides) else 1500)
    if rules:
        sides[-1].nft(topology.chain("forward", rules))
    last = len(path.links)
    route_through(sides, last)
    near.sysctl(
        {
            "net/ipv4/fib_multipath_hash_policy": 1,
            "net/ipv6/fib_multipath_hash_policy": 1,
        }
    )
    for flag, net, main, beside in (
        ("-4", f"10.77.{last}.0/24", "10.77.3.2", "10.88.1.2"),
        ("-6", f"fd77:{last}::/64", "fd77:3::2", "fd88:1::2"),
    ):
        near.run(f"ip {flag} route del {net}".split())
        near.run(
            f"ip {flag} route add {net} nexthop via {main} "
            f"nexthop via {beside}".split()
        )
    near.nft(TAKEN)
    for node in chain:
        path._wait_running(node)


# What r2's kernel chose for each connection, by a secret of its own; which
# connections had packets that are large where they came to it.
TAKEN = """table inet taken {
set large { type inet_service; flags dynamic; size 4096; }
set straight { type inet_service; flags dynamic; size 4096; }
set aside { type inet_service; flags dynamic; size 4096; }
chain prerouting {
type filter hook prerouting priority -1;
tcp dport 22 meta length > 1390 add @large { tcp sport }
}
chain forward {
type filter hook forward priority -1;
tcp dport 22 oifname "to-r3" add @straight { tcp sport }
tcp dport 22 oifname "side-side" add @aside { tcp sport }
}
}
"""


def branches_taken(path):
    """The client's ports whose large packets each of the two branches had."""
    ports = {}
    for name in ("large", "straight", "aside"):
        listed = path.routers[1].run(
            ["nft", "--json", "list", "set", "inet", "taken", name]
        )
        rows = json.loads(listed)["nftables"]
        sets = [row["set"] for row in rows if "set" in row]
        ports[name] = set(sets[0].get("elem", []))
    return [
        sorted(ports["large"] & ports[name]) for name in ("straight", "aside")
    ]


def to_itself(path):
    """The third router ends all connections to port 22."""
    servers.start(path.routers[2], 2222, "banner")
    path.routers[2].nft(
        topology.chain(
            "prerouting",
            "tcp dport 22 redirect to :2222",
            kind="nat",
            priority="dstnat",
        )
    )


def to_server(path):
    """The third router hands connections to its port 22 on to the server."""
    path.routers[2].nft(
        topology.chain(
            "prerouting",
            "meta nfproto ipv4 tcp dport 22 dnat ip to 10.77.6.2\n"
            "meta nfproto ipv6 tcp dport 22 dnat ip6 to fd77:6::2",
            kind="nat",
            priority="dstnat",
        )
    )


def narrow_since(path, verdict, passing=1500):
    """Only the first so many bytes of packets above 1400 bytes, one packet
    unless more is said, pass the third router."""
    rules = f'iifname "to-r2" meta length > 1400 quota over {passing} bytes '
    path.routers[2].nft(
        topology.chain("prerouting", rules + verdict, priority="mangle")
    )
    for flag, target, via in (
        ("-4", "10.77.6.0/24", "10.77.4.2"),
        ("-6", "fd77:6::/64", "fd77:4::2"),
    ):
        path.routers[2].run(f"ip {flag} rule add fwmark 1 table 7".split())
        path.routers[2].run(
            f"ip {flag} route add {target} via {via} mtu lock 1400 "
            "table 7".split()
        )


def wide_since(path, losing):
    """So many bytes of packets above 1400 bytes are lost at the third router,
    and no more."""
    path.routers[2].nft(
        topology.chain(
            "prerouting",
            f'iifname "to-r2" meta length > 1400 quota {losing} bytes drop',
            priority="mangle",
        )
    )


def routes_by_protocol(path, more, is_both_ways=False):
    """What goes to the server by ICMP takes a way over so many routers more
    than TCP does, from r2 to r4; with `is_both_ways` what comes back, too."""
    near, far = path.routers[1], path.routers[3]
    sides = [topology.Node(f"side{k}") for k in range(more + 1)]
    chain = [near, *sides, far]
    for side in sides:
        side.sysctl(topology.SYSCTLS)
        side.sysctl(topology.ROUTER_SYSCTLS)
        path.nodes.append(side)
    for number, (left, right) in enumerate(zip(chain, chain[1:]), 1):
        join(left, right, number, 1500)
    last = len(path.links)
    route_through(sides, last)
    policies = [(near, last, "10.88.1.2", "fd88:1::2", "echo-request")]
    if is_both_ways:
        end = len(chain) - 1
        policies.append(
            (far, 1, f"10.88.{end}.1", f"fd88:{end}::1", "echo-reply")
        )
    for node, net, via4, via6, kind in policies:
        rules = f"icmp type {kind} mark set 1\nicmpv6 type {kind} mark set 1"
        node.nft(topology.chain("prerouting", rules, priority="mangle",
                                table="by_protocol"))
        for flag, target, via in (
            ("-4", f"10.77.{net}.0/24", via4),
            ("-6", f"fd77:{net}::/64", via6),
        ):
            node.run(f"ip {flag} rule add fwmark 1 table 8".split())
            node.run(
                f"ip {flag} route add {target} via {via} table 8".split()
            )
    for node in chain:
        path._wait_running(node)
