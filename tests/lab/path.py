#!/usr/bin/python3
"""Runs a command at the client's end of a path that has something wrong.

    path.py --routers 5 --delay-ms 10 --hole 3:1400:silent -- COMMAND...

Links are numbered from the client: link 1 joins client and r1, link k joins
r(k-1) and rk, the last one joins the last router and the server. The command
finds the addresses in its environment (LAB_SERVER4, LAB_R2_6, ...) and its
exit status is ours. See docs/lab.md.
"""

import argparse
import os
import re
import signal
import sys

import capture
import kernel
import servers
import sshd
import topology


def split(text, least, most, what):
    words = text.split(":", most - 1)
    if len(words) < least:
        raise SystemExit(f"path.py: {what}: too few words in {text!r}")
    return words + [None] * (most - len(words))


class Plan:
    """What the options ask for, before anything exists."""

    def __init__(self, options):
        count = options.routers
        self.routers = [topology.Router() for _ in range(count)]
        self.links = [topology.Link() for _ in range(count + 1)]
        for link in self.links:
            self._delay(link, options)
        for text in options.mtu:
            number, size = split(text, 2, 2, "--mtu")
            self.link(number).mtu = int(size)
        for text in options.hole:
            self._hole(*split(text, 3, 4, "--hole"))
        for text in options.loss:
            number, percent, way = split(text, 2, 3, "--loss")
            self.wire(number, way or "both", f"loss={percent}")
        for text in options.wire:
            number, kind, words = split(text, 3, 3, "--wire")
            self.wire(number, kind, words)
        for text in options.idle:
            number, seconds, how = split(text, 2, 3, "--idle")
            how = (how or "silent").replace("-", "_")
            self.wire(number, "idle", f"seconds={seconds},{how}")
        for text in options.nat:
            self._nat(*split(text, 1, 3, "--nat"))
        for text in options.mss:
            number, size = split(text, 2, 2, "--mss")
            self.nft(
                number,
                topology.chain(
                    "forward",
                    f"tcp flags syn tcp option maxseg size set {size}",
                    priority="mangle",
                    table="clamp",
                ),
            )
        for text in options.nft:
            number, rules = split(text, 2, 2, "--nft")
            if rules.startswith("@"):
                with open(rules[1:], encoding="utf-8") as file:
                    rules = file.read()
            if number != "server" and number != "client":
                self.nft(number, rules)

    def _delay(self, link, options):
        words = []
        if options.delay_ms:
            words.append(f"delay_ms={options.delay_ms}")
        if options.jitter_ms:
            words.append(f"jitter_ms={options.jitter_ms}")
        if words:
            link.wire["both"] = ",".join(words)

    def link(self, number):
        if not 1 <= int(number) <= len(self.links):
            raise SystemExit(f"path.py: there is no link {number}")
        return self.links[int(number) - 1]

    def wire(self, number, kind, words):
        wire = self.link(number).wire
        wire[kind] = wire[kind] + "," + words if kind in wire else words

    def nft(self, number, text):
        if not 1 <= int(number) <= len(self.routers):
            raise SystemExit(f"path.py: there is no router {number}")
        self.routers[int(number) - 1].nft += text + "\n"

    def _hole(self, number, size, how, way):
        if how == "silent":
            self.wire(number, way or "both", f"drop_larger={size}")
            return
        if way:
            raise SystemExit("path.py: a real MTU has no direction")
        self.link(number).mtu = int(size)
        if how == "no-icmp":
            rules = topology.chain(
                "output",
                "icmp type destination-unreachable drop;"
                "icmpv6 type packet-too-big drop",
                table="quiet",
            )
            for hop in (int(number) - 1, int(number)):
                if 1 <= hop <= len(self.routers):
                    self.nft(hop, rules)
        elif how != "icmp":
            raise SystemExit(f"path.py: --hole: {how}?")

    def _nat(self, number, seconds, kind):
        hop = int(number)
        flags = "fully-random" if kind == "random" else ""
        inside = "to-client" if hop == 1 else f"to-r{hop - 1}"
        self.nft(
            number,
            topology.chain(
                "postrouting",
                f'iifname "{inside}" masquerade {flags}',
                kind="nat",
                priority="srcnat",
            ),
        )
        if seconds:
            self.routers[hop - 1].sysctl[
                "net/netfilter/nf_conntrack_tcp_timeout_established"
            ] = seconds
        if kind == "strict":
            self.routers[hop - 1].sysctl[
                "net/netfilter/nf_conntrack_tcp_loose"
            ] = 0


def environment(path):
    words = dict(os.environ)
    for family in (4, 6):
        words[f"LAB_CLIENT{family}"] = path.client_address(family)
        words[f"LAB_SERVER{family}"] = path.server_address(family)
        for hop, router in enumerate(path.routers, 1):
            words[f"LAB_R{hop}_{family}"] = path.address(router, hop, family)
    words["LAB_ROUTERS"] = str(path.hops)
    words["LAB_INTERFACE"] = path.client.interfaces[0][0]
    return words


def serve(path, words):
    for text in words:
        port, kind, argument = split(text, 2, 3, "--serve")
        if kind == "ssh":
            sshd.start(path.server, f"Port {port}\n{argument or ''}")
        elif kind in servers.KINDS:
            servers.start(path.server, int(port), kind, argument)
        else:
            raise SystemExit(f"path.py: --serve: {kind}?")


def build(options, devices=None):
    """Makes the path and starts its servers; in a sandbox only. `devices` are
    those of tests/lab/cable.py, by link."""
    plan = Plan(options)
    for number, device in (devices or {}).items():
        plan.link(number).device = device
    path = topology.Path(
        plan.routers, plan.links, offload=options.offload, seed=options.seed
    )
    for text in options.nft:
        name, rules = split(text, 2, 2, "--nft")
        if name in ("server", "client"):
            path.node(name).nft(rules)
    for text in options.sysctl:
        name, setting = split(text, 2, 2, "--sysctl")
        path.node(name).sysctl(
            dict([setting.replace(".", "/").split("=", 1)])
        )
    serve(path, options.serve)
    return path


def live(options):
    path = build(options)
    recorder = None
    if options.capture:
        recorder = capture.Recorder(
            path,
            os.path.abspath(options.capture),
            capture.default_points(path),
            lambda point: {"point": point.node, "path": sys.argv[1:]},
        )
    process = path.client.start(options.command, env=environment(path))
    # The terminal's Ctrl-C reaches the command; we wait for what it does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = process.wait()
    if recorder:
        recorder.stop()
    path.stop()
    return 128 - status if status < 0 else status


def parse(words):
    parser = argparse.ArgumentParser(
        prog="path.py", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("--routers", type=int, default=2, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--delay-ms", type=float, default=0, help="one way, on each link"
    )
    parser.add_argument("--jitter-ms", type=float, default=0)
    parser.add_argument("--offload", action="store_true")
    parser.add_argument("--capture", metavar="FOLDER")
    for name, shape, text in (
        ("hole", "LINK:BYTES:silent|icmp|no-icmp[:forward|reverse]", "MTU"),
        ("mtu", "LINK:BYTES", "MTU of both ends of a link"),
        ("loss", "LINK:PERCENT[:forward|reverse]", "random loss"),
        ("wire", "LINK:KIND:WORDS", "any option of the wire"),
        ("idle", "LINK:SECONDS[:silent|reset-sender|reset-both]", "state"),
        ("nat", "ROUTER[:SECONDS[:keep|random|strict]]", "masquerade"),
        ("mss", "ROUTER:BYTES", "MSS clamp"),
        ("nft", "ROUTER|client|server:RULES|@FILE", "nftables rules"),
        ("sysctl", "NODE:NAME=VALUE", "kernel setting of a node"),
        (
            "serve",
            "PORT:KIND[:ARGUMENT]",
            "a server: ssh, " + ", ".join(servers.KINDS),
        ),
    ):
        parser.add_argument(
            "--" + name, action="append", default=[], metavar=shape, help=text
        )
    parser.add_argument("command", nargs="+")
    return parser.parse_args(words)


def main():
    options = parse(sys.argv[1:])
    reason = kernel.why_not()
    if reason:
        print(f"path.py: cannot build namespaces: {reason}", file=sys.stderr)
        return 77
    missing = [
        tool
        for tool in ("wire", "tap")
        if not os.path.exists(os.path.join(topology.BUILD, tool))
    ]
    if missing:
        print("path.py: run make lab-tools first", file=sys.stderr)
        return 77
    if not re.search(r"/s?bin", os.environ.get("PATH", "")):
        os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"

    def work():
        try:
            return live(options)
        except (topology.LabError, OSError) as error:
            print(f"path.py: {error}", file=sys.stderr)
            return 70
        except SystemExit as error:
            print(error, file=sys.stderr)
            return 2

    return kernel.run_in_sandbox(work)


if __name__ == "__main__":
    sys.exit(main())
