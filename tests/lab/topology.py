"""A path of network namespaces: client, routers, server, and its links.

    client --1-- r1 --2-- r2 -- ... --n+1-- server

Link k carries 10.77.k.0/24 and fd77:k::/64. On link 1 the client is .2 and
r1 is .1; on every other link the end nearer to the client is .1 and the
further one .2. With two routers that is client 10.77.1.2, r1 10.77.1.1 and
10.77.2.1, r2 10.77.2.2 and 10.77.3.1, server 10.77.3.2.

Interfaces are named after what they lead to: `to-client`, `to-r2`,
`to-server`. A link is a veth pair, or, when it is given anything to do that
the kernel cannot, a pair of TAPs with tests/lab/wire between them.

To be used inside kernel.fork_sandbox only.
"""

import contextlib
import dataclasses
import os
import re
import select
import socket
import subprocess
import time

import cable
import kernel
import netlink

BUILD = os.path.abspath(
    os.path.join(os.path.dirname(__file__), "..", "..", "build", "lab")
)

# What every node starts with. Duplicate address detection would cost a second
# per interface; the ICMP rate limit would hide answers the scenarios count.
SYSCTLS = {
    "net/ipv6/conf/all/accept_dad": 0,
    "net/ipv6/conf/default/accept_dad": 0,
    "net/ipv6/conf/default/router_solicitations": 0,
    "net/ipv4/conf/all/rp_filter": 0,
    "net/ipv4/conf/default/rp_filter": 0,
    "net/ipv4/icmp_ratelimit": 0,
    "net/ipv6/icmp/ratelimit": 0,
    "net/ipv4/ip_local_port_range": "30000 60000",
    # By default every socket of a dead namespace's peer would be probed
    # for 15 minutes.
    "net/ipv4/tcp_retries2": 15,
}
ROUTER_SYSCTLS = {
    "net/ipv4/ip_forward": 1,
    "net/ipv6/conf/all/forwarding": 1,
    "net/ipv4/conf/all/send_redirects": 0,
    "net/ipv4/conf/default/send_redirects": 0,
}


class LabError(Exception):
    """Something the lab needs does not work; the message says what."""


@dataclasses.dataclass
class Router:
    """One router. `nft` holds statements for `nft -f`, `sysctl` overrides."""

    nft: str = ""
    sysctl: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Link:
    """One link. `mtu` is set at both ends.

    `wire` holds options of tests/lab/wire, for example
    {"forward": "delay_ms=5,loss=1", "inject": "keyword=x,style=train"}.
    `device` is one of tests/lab/cable.py, instead of a wire.
    """

    mtu: int = 1500
    wire: dict = dataclasses.field(default_factory=dict)
    device: object = None


def chain(hook, rules, kind="filter", priority="0", table=None):
    """An nftables chain in a table of its own, for `nft -f`.

    `rules` are rules joined by ";" or newlines.
    """
    table = table or f"{kind}_{hook}"
    lines = [rule.strip() for rule in re.split(r"[;\n]", rules)]
    body = "\n".join(line for line in lines if line)
    return (
        f"table inet {table} {{\nchain {hook} {{\n"
        f"type {kind} hook {hook} priority {priority};\n{body}\n}}\n}}\n"
    )


class Node:
    """A network namespace that this process holds open."""

    def __init__(self, name):
        self.name = name
        self.interfaces = []
        kernel.unshare(kernel.CLONE_NEWNET)
        self.descriptor = os.open("/proc/self/ns/net", os.O_RDONLY)
        os.set_inheritable(self.descriptor, True)

    @contextlib.contextmanager
    def inside(self):
        """Makes this the current namespace of the calling thread."""
        before = os.open("/proc/self/ns/net", os.O_RDONLY)
        kernel.setns(self.descriptor)
        try:
            yield self
        finally:
            kernel.setns(before)
            os.close(before)

    def sysctl(self, values):
        with self.inside():
            for name, value in values.items():
                kernel.write_file("/proc/sys/" + name, value)

    def run(self, words, text=None, check=True):
        """Runs a program in the namespace; returns its standard output."""
        with self.inside():
            done = subprocess.run(
                words, input=text, text=True, capture_output=True, check=False
            )
        if check and done.returncode != 0:
            raise LabError(
                f"{self.name}: {' '.join(words)}: "
                f"{(done.stderr or done.stdout).strip()}"
            )
        return done.stdout

    def start(self, words, **options):
        """Starts a program in the namespace; returns the Popen."""
        with self.inside():
            return subprocess.Popen(words, **options)

    def socket(self, family, kind=socket.SOCK_STREAM, protocol=0):
        """A socket that lives in the namespace."""
        with self.inside():
            return socket.socket(family, kind, protocol)

    def nft(self, text):
        if text.strip():
            self.run(["nft", "-f", "-"], text=text)

    def request(self, requests):
        """Sends requests of netlink.py."""
        with self.socket(
            socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE
        ) as ours:
            try:
                netlink.send(ours, requests)
            except netlink.Refused as error:
                raise LabError(f"{self.name}: {error}") from error

    def ip(self, text):
        """Runs lines of the ip command, for what is done to a path that is
        there."""
        if text.strip():
            self.run(["ip", "-batch", "-"], text=text)


def wait_ready(process, what, seconds=60):
    """Waits for a tool's line "ready"; its standard output is a pipe."""
    readable, _, _ = select.select([process.stdout], [], [], seconds)
    if not readable or process.stdout.readline().strip() != b"ready":
        process.kill()
        said = process.stderr.read() if process.stderr else b""
        raise LabError(f"{what} did not start: {said.decode().strip()}")


class Path:
    """The path itself; making one builds it.

    routers, links: one Router per hop and one Link more than that. `servers`
    more than one puts each on the last router, over links n+1, n+2, ...
    `offload` leaves the interfaces' offloads on.
    """

    def __init__(self, routers, links=None, servers=1, offload=False, seed=1):
        self.hops = len(routers)
        wanted = self.hops + servers
        self.links = list(links or [])
        self.links += [Link() for _ in range(wanted - len(self.links))]
        self.offload = offload
        self.seed = seed
        self.processes = []
        self.client = Node("client")
        self.routers = [Node(f"r{k + 1}") for k in range(self.hops)]
        self.servers = [
            Node("server" if k == 0 else f"server{k + 1}")
            for k in range(servers)
        ]
        self.server = self.servers[0]
        self.nodes = [self.client, *self.routers, *self.servers]
        for node in self.nodes:
            node.sysctl(SYSCTLS)
        for node in self.routers:
            node.sysctl(ROUTER_SYSCTLS)
        for number in range(1, wanted + 1):
            self._connect(number)
        for node in self.nodes:
            self._configure(node)
        for node in self.nodes:
            self._wait_running(node)
        for node in self.nodes:
            node.request(self._neighbours(node))
        for node, router in zip(self.routers, routers):
            node.sysctl(router.sysctl)
            node.nft(router.nft)

    def node(self, name):
        for node in self.nodes:
            if node.name == name:
                return node
        raise LabError(f"no node named {name}")

    def ends(self, number):
        """The two nodes of a link, the one nearer to the client first."""
        line = [self.client, *self.routers]
        near = line[min(number, len(line)) - 1]
        if number <= self.hops:
            return near, line[number]
        return near, self.servers[number - self.hops - 1]

    def address(self, node, number, family):
        """A node's address on a link; family is 4 or 6."""
        near = self.ends(number)[0] is node
        last = (2 if near else 1) if number == 1 and self.hops else (
            1 if near else 2
        )
        return (
            f"10.77.{number}.{last}" if family == 4 else f"fd77:{number}::{last}"
        )

    def hardware(self, node, number):
        """A node's link-layer address on a link."""
        far = self.ends(number)[1] is node
        return f"02:77:00:00:{number:02x}:{1 + far:02x}"

    def client_address(self, family):
        return self.address(self.client, 1, family)

    def server_address(self, family, which=0):
        number = self.hops + 1 + which
        return self.address(self.servers[which], number, family)

    def _connect(self, number):
        near, far = self.ends(number)
        names = ("to-" + far.name, "to-" + near.name)
        near.interfaces.append((names[0], number))
        far.interfaces.append((names[1], number))
        link = self.links[number - 1]
        if link.device:
            cable.start(near, far, names, link.device)
        elif link.wire:
            self._start_wire(near, far, names, link.wire, number)
        else:
            near.request([netlink.veth(*names, far.descriptor)])

    def _start_wire(self, near, far, names, options, number):
        words = [
            os.path.join(BUILD, "wire"),
            "--near",
            f"{near.descriptor}:{names[0]}",
            "--far",
            f"{far.descriptor}:{names[1]}",
            "--seed",
            str(self.seed * 100 + number),
        ]
        for name, value in options.items():
            if name != "seed":
                words += ["--" + name, value]
            else:
                words[words.index("--seed") + 1] = str(value)
        process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(near.descriptor, far.descriptor),
        )
        self.processes.append(process)
        wait_ready(process, f"wire on link {number}")

    def _configure(self, node):
        requests = [netlink.up("lo")]
        with node.inside():
            for name, number in node.interfaces:
                index = socket.if_nametoindex(name)
                mtu = self.links[number - 1].mtu
                requests += [
                    netlink.up(name, self.hardware(node, number), mtu),
                    netlink.address(index, self.address(node, number, 4), 24),
                    netlink.address(index, self.address(node, number, 6), 64),
                ]
                for feature in () if self.offload else kernel.OFFLOAD_COMMANDS:
                    # A TAP has some of them fixed: off.
                    with contextlib.suppress(OSError):
                        kernel.set_offload(name, feature, False)
        node.request(requests + self._routes(node))

    def _wait_running(self, node, seconds=60):
        deadline = time.monotonic() + seconds
        with node.inside(), node.socket(
            socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE
        ) as ours:
            for name, _ in node.interfaces:
                while not (
                    kernel.is_running(name) and netlink.sends(ours, name)
                ):
                    if time.monotonic() > deadline:
                        raise LabError(f"{node.name}: {name} stays down")
                    time.sleep(0.005)

    def _neighbours(self, node):
        """Neighbour entries, or the first packet would wait for two more.

        Stale ones: they serve at once, and are probed as any other. Known to
        a link that is not up yet they would be forgotten.
        """
        requests = []
        for name, number in node.interfaces:
            near, far = self.ends(number)
            other = far if near is node else near
            with node.inside():
                index = socket.if_nametoindex(name)
            requests += [
                netlink.stale_neighbour(
                    index,
                    self.address(other, number, family),
                    self.hardware(other, number),
                )
                for family in (4, 6)
            ]
        return requests

    def _routes(self, node):
        requests = []
        here = self.nodes.index(node)
        for number in range(1, len(self.links) + 1):
            if number in [own for _, own in node.interfaces]:
                continue
            if node in self.servers:
                own = node.interfaces[0][1]
                via = self.ends(own)[0]
            elif number > here:
                via, own = self.ends(here + 1)[1], here + 1
            else:
                via, own = self.ends(here)[0], here
            for family, net, bits in (
                (4, f"10.77.{number}.0", 24),
                (6, f"fd77:{number}::", 64),
            ):
                gateway = self.address(via, own, family)
                requests.append(netlink.route(net, bits, gateway))
        return requests

    def names(self, family):
        """Words that rules and steps may use in braces."""
        words = {
            "client": self.client_address(family),
            "server": self.server_address(family),
            "ip": "ip" if family == 4 else "ip6",
            "nfproto": "ipv4" if family == 4 else "ipv6",
            "icmp": "icmp" if family == 4 else "icmpv6",
            "bits": "32" if family == 4 else "128",
            # For several servers behind one address; a scenario routes it.
            "vip": "10.77.99.9" if family == 4 else "fd77:99::9",
        }
        for number in range(1, len(self.links) + 1):
            words[f"net{number}"] = (
                f"10.77.{number}.0/24"
                if family == 4
                else f"fd77:{number}::/64"
            )
        for which in range(1, len(self.servers)):
            words[f"server{which + 1}"] = self.server_address(family, which)
        for hop, node in enumerate(self.routers, 1):
            words[f"r{hop}"] = self.address(node, hop, family)
            words[f"r{hop}out"] = self.address(node, hop + 1, family)
        return words

    def stop(self):
        """Ends the wires; the namespaces end with the process."""
        for process in self.processes:
            process.kill()
            process.wait()
