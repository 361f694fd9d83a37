"""Paths with routers, devices and servers that are unlike the lab's other ones:
what each is made of, and what is true of it.

Four routers, the server's link has 10 ms each way. Devices stand on links 1 to
4, before the router of that number.
"""

import odd_devices as odd
import stage
import topology

ROUTERS = 4
WIRE = ["--wire", "5:both:delay_ms=10"]
BASE = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
SSH = ["--serve", "22:ssh"]
FULL = ("path-mtu", 1500)
TCP, UDP, ICMP = (6,), (17,), (1, 58)


class Shape:
    """`forward` and `reverse`: the (finding, size) that are true, of which one
    may be told as certain or likely; `more`: other findings that are true;
    `there`: (question, direction) that is not to be excluded."""

    def __init__(self, name, words=(), devices=None, act=None, port=22,
                 families=(4, 6), serve=None, forward=(FULL,),
                 reverse=(FULL,), more=(), there=(), after=None, wire=None,
                 probe=()):
        self.name = name
        self.words = [*BASE, *(WIRE if wire is None else wire),
                      *(SSH if serve is None else serve), *words]
        self.devices = devices
        self.act = act
        self.port = port
        self.families = families
        self.forward = list(forward)
        self.reverse = list(reverse)
        self.more = set(more)
        self.there = set(there)
        self.after = after
        self.probe = list(probe)


def own(number):
    last = 1 if number == 1 else 2
    return (f"10.77.{number}.{last}", f"fd77:{number}::{last}")


def routers(**options):
    """All four."""
    return {k: odd.router(own(k), **options) for k in range(1, ROUTERS + 1)}


def limit_at(number, mtu=1400, others=None, **options):
    """That one reports a limit behind it; the others are as `others`."""
    devices = routers(**(others or {}))
    devices[number] = odd.router(
        own(number), **{**(others or {}), **options}, mtu=mtu
    )
    return devices


def hole(size):
    return [("pmtu-black-hole", size)]


def limit(size):
    return [("path-mtu", size)]


def hole_there(size=1400):
    return {
        "forward": hole(size),
        "there": [("pmtu-black-hole", "forward")],
    }


def nft(node, hook, rules, **options):
    return ["--nft", f"{node}:{topology.chain(hook, rules, **options)}"]


SILENT_AT_4 = {4: odd.drop(odd.larger(1400), False)}


def behind(devices, more):
    """More on the same links, behind those."""
    both = dict(devices)
    for link, device in more.items():
        both[link] = (
            odd.chain(both[link], device) if link in both else device
        )
    return both


def both(devices, name, **options):
    """The shape without a fault, and before a silent hole on link 4: the
    device of link 4 drops before the router there is reached."""
    yield Shape(name, devices=devices, **options)
    yield Shape(
        name + ", hole",
        devices={**devices, 4: odd.chain(
            odd.drop(odd.larger(1400), False), devices.get(4, odd.change(bytes))
        )},
        after=3,
        **{**options, **hole_there()},
    )


def errors():
    """What routers quote, claim and leave out."""
    for name, options in (
        ("quote 8 bytes", {"quote": odd.least}),
        ("quote with labels, length told",
         {"quote": odd.labelled, "word": odd.labelled_word}),
        ("quote with labels, length not told", {"quote": odd.labelled}),
        ("quoted hop limit 0", {"quote": odd.changed(8, 7, b"\0")}),
        ("quoted hop limit 255", {"quote": odd.changed(8, 7, b"\xff")}),
        ("quoted source changed",
         {"quote": odd.changed(12, 8, bytes((192, 168, 7, 7)))}),
        ("quoted target changed",
         {"quote": odd.changed(16, 24, bytes((192, 168, 7, 7)))}),
        ("quoted in host order", {"quote": odd.host_order}),
        ("quoted ID 0", {"quote": odd.changed(4, 2, b"\0\0")}),
        ("quoted checksum 0", {"quote": odd.changed(10, 3, b"\0\0")}),
        ("TE late 1.2 s", {"late": 1.2}),
        ("no TE for TCP", {"answers": lambda s: s.protocol != 6}),
        ("TE for TCP only", {"answers": lambda s: s.protocol == 6}),
        ("TE for UDP only", {"answers": lambda s: s.protocol == 17}),
        ("no TE for large", {"answers": lambda s: len(s.data) < 1000}),
        ("no TE for 1401 and more", {"answers": lambda s: len(s.data) < 1401}),
    ):
        yield from both(routers(**options), name)
        yield Shape(
            name + ", limit",
            devices=limit_at(3, others=options),
            forward=limit(1400), after=3,
        )
    one_mute = routers()
    one_mute[2] = odd.router(own(2), answers=lambda s: len(s.data) < 1000)
    yield from both(one_mute, "router 2 reports no large ones")
    one_mute = routers()
    one_mute[3] = odd.router(own(3), answers=lambda s: len(s.data) < 1000)
    yield from both(one_mute, "router 3 reports no large ones")
    same = {k: odd.router(own(2)) for k in range(1, 5)}
    yield from both(same, "all routers have one address")
    private = {k: odd.router(("192.168.0.1", "fc00::1")) for k in range(1, 5)}
    yield from both(private, "all routers have one private address")
    target = {**routers(), 3: odd.router(("10.77.5.2", "fd77:5::2"))}
    yield from both(target, "TE in the target's name at 3", more=["proxy"])


def claims():
    """PTB that are not as they should be; the limit is 1400 behind hop 3."""
    for name, says in (
        ("0", lambda _: 0),
        ("1600", lambda _: 1600),
        ("the packet's size", lambda size: size),
        ("500", lambda _: 500),
        ("1000", lambda _: 1000),
        ("68", lambda _: 68),
        ("1450", lambda _: 1450),
        ("1300", lambda _: 1300),
        ("1399", lambda _: 1399),
        ("1401", lambda _: 1401),
        ("1 less than the packet", lambda size: size - 1),
        ("65535", lambda _: 65535),
    ):
        yield Shape(
            f"PTB says {name}",
            devices=limit_at(3, says=says),
            forward=limit(1400) + hole(1400), after=3,
        )
    for name, source in (
        ("hop 1", own(1)), ("hop 2", own(2)), ("hop 4", own(4)),
        ("nobody, private", ("192.168.1.1", "fc00::7")),
        ("nobody, public", ("198.51.100.7", "2001:db8::7")),
        ("the target", ("10.77.5.2", "fd77:5::2")),
    ):
        yield Shape(
            f"PTB from {name}",
            devices=limit_at(3, from_other=source),
            forward=limit(1400) + hole(1400), after=3,
        )
    once = {"left": 1}

    def only_once(_):
        once["left"] -= 1
        return once["left"] >= 0

    for name, options in (
        ("late 0.3 s", {"late": 0.3}),
        ("late 1.2 s", {"late": 1.2}),
        ("late 3 s", {"late": 3}),
        ("once", {"is_told": only_once}),
        ("for TCP only", {"is_told": lambda s: s.protocol == 6}),
        ("for UDP only", {"is_told": lambda s: s.protocol == 17}),
        ("for ICMP only", {"is_told": lambda s: s.protocol in ICMP}),
        ("above 1450 only", {"is_told": lambda s: len(s.data) > 1450}),
        ("up to 1450 only", {"is_told": lambda s: len(s.data) <= 1450}),
        ("of 8 bytes", {"quote": odd.least}),
        ("with labels",
         {"quote": odd.labelled}),
    ):
        yield Shape(
            f"PTB {name}",
            devices=limit_at(3, **options),
            forward=limit(1400) + hole(1400) + hole(1450),
            after=3,
        )
    for name, refuses in (
        ("prohibited", {4: (3, 13), 6: (1, 1)}),
        ("host unreachable", {4: (3, 1), 6: (1, 3)}),
        ("port unreachable", {4: (3, 3), 6: (1, 4)}),
        ("source quench", {4: (4, 0), 6: (4, 0)}),
    ):
        yield Shape(
            f"too large is answered with {name}",
            devices=limit_at(3, refuses=refuses),
            forward=limit(1400) + hole(1400),
            more=["port-state"],
            there=[("pmtu-black-hole", "forward")],
            after=3,
        )


def hop_limits():
    for name, devices in (
        ("a hop takes two", {3: odd.lower(1)}),
        ("a hop takes none", {3: odd.lower(-1)}),
        ("hop limit set to 64 at 2",
         {2: odd.change(lambda p: odd.with_hop_limit(p, 64), False)}),
        ("hop limit set to 3 at 2",
         {2: odd.change(lambda p: odd.with_hop_limit(p, 3), False)}),
        ("hop limit back set to 255",
         {3: odd.change(lambda p: odd.with_hop_limit(p, 255), True)}),
        ("hop limit back set to 5",
         {3: odd.change(lambda p: odd.with_hop_limit(p, 5), True)}),
    ):
        yield Shape(name, devices=devices,
                    more=["rewritten", "proxy", "reset-origin"])
        yield Shape(
            name + ", hole",
            devices=behind(devices, {4: SILENT_AT_4[4]}),
            **{**hole_there(), "more": ["rewritten", "proxy"]},
        )
