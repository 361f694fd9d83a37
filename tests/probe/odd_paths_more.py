"""More of them: routes that take turns, changes, firewalls, tunnels, servers."""

import threading
import time

import odd_devices as odd
import servers
import topology
from odd_paths import (
    FULL, ICMP, TCP, UDP, Shape, hole, hole_there, limit, limit_at, nft, own,
)

OPEN = [("pmtu-black-hole", "forward")]
OPEN_BACK = [("pmtu-black-hole", "reverse")]
LOST = ["loss"]


def kinds_of_packets():
    """Holes for some packets only."""
    large = odd.larger
    for name, protocols, forward in (
        ("UDP", UDP, [FULL]),
        ("ICMP", ICMP, [FULL]),
        ("UDP and ICMP", (*UDP, *ICMP), [FULL]),
        ("TCP", TCP, hole(1400)),
        ("TCP and UDP", (*TCP, *UDP), hole(1400)),
        ("TCP and ICMP", (*TCP, *ICMP), hole(1400)),
    ):
        is_tcp = 6 in protocols
        yield Shape(
            f"hole for {name} only",
            devices={3: odd.drop(large(1400, *protocols), False)},
            forward=forward, there=OPEN if is_tcp else [],
        )
        yield Shape(
            f"hole for {name} only, back",
            devices={3: odd.drop(large(1400, *protocols), True)},
            reverse=hole(1400) if is_tcp else [FULL],
            there=OPEN_BACK if is_tcp else [],
        )
    yield Shape(
        "hole for DF only",
        devices={3: odd.drop(
            lambda s: len(s.data) > 1400 and odd.fragment_field(s.data) & odd.DF,
            False)},
        families=(4,), **hole_there(),
    )
    yield Shape(
        "hole for no DF only",
        devices={3: odd.drop(
            lambda s: len(s.data) > 1400
            and not odd.fragment_field(s.data) & odd.DF, False)},
        families=(4,),
    )
    yield Shape(
        "hole for one port",
        devices={3: odd.drop(
            lambda s: s.is_tcp and len(s.data) > 1400 and s.ports[1] == 22,
            False)},
        **hole_there(),
    )
    yield Shape(
        "no echo above 1000 there",
        devices={3: odd.drop(large(1000, *ICMP), False)},
    )
    yield Shape(
        "no echo above 100, no UDP",
        devices={3: odd.drop(
            lambda s: s.protocol == 17
            or (s.protocol in ICMP and len(s.data) > 100), False)},
    )
    # nothing but echo measures sizes there
    echo_alone = odd.chain(
        odd.drop(lambda s: s.protocol == 17, False), odd.tracked()
    )
    yield Shape(
        "no echo above 1024 there, nothing else answers",
        devices={3: odd.chain(odd.drop(large(1024, *ICMP), False), echo_alone)},
        there=OPEN,
    )
    yield Shape(
        "hole of 1400, only echo answers",
        devices={3: odd.chain(odd.drop(large(1400), False), echo_alone)},
        **hole_there(),
    )
    yield Shape("echo replies of 84 bytes", devices={1: odd.short_replies(84)})
    yield Shape(
        "echo replies of 84 bytes, hole back",
        devices={1: odd.short_replies(84), 3: odd.drop(large(1400), True)},
        reverse=hole(1400), there=OPEN_BACK,
        more=["fragments-dropped"],
    )
    for way, word in ((False, "there"), (True, "back")):
        every = odd.drop(lambda s: s.protocol in ICMP, way)
        yield Shape(f"no ICMP {word}", devices={1: every})
        yield Shape(f"no ICMP {word}, hole", devices={
            1: every, 4: odd.drop(large(1400), False)}, **hole_there())
        yield Shape(f"no ICMP {word}, real limit", devices={1: every},
                    words=["--hole", "4:1400:icmp"],
                    forward=limit(1400) + hole(1400),
                    reverse=limit(1400) + hole(1400) + [FULL],
                    there=OPEN if way else [])
    yield Shape("longer ones lose their end",
                devices={3: odd.cut(1400)},
                forward=hole(1400), reverse=hole(1400),
                there=OPEN + OPEN_BACK)
    yield Shape("DF is disregarded", devices={3: odd.in_pieces(1400)},
                families=(4,), forward=[FULL] + limit(1400),
                reverse=[FULL] + limit(1400))


def routes():
    """ECMP by what is not the ports."""
    yield Shape(
        "by packet, hole on one", devices={3: odd.by_turns(odd.larger(1400))},
        forward=hole(1400), more=LOST, there=OPEN,
    )
    yield Shape(
        "by packet of four, hole on one",
        devices={3: odd.by_turns(odd.larger(1400), 3, 1)},
        forward=hole(1400), more=LOST, there=OPEN,
    )

    def told_by_turns():
        state = {"at": 0}

        def is_narrow(_):
            state["at"] += 1
            return state["at"] % 2

        def device(packet, is_back):
            if not is_back and len(packet) > 1400 and is_narrow(packet):
                yield from odd.router(own(3), mtu=1400)(packet, is_back)
            else:
                yield packet

        return device

    yield Shape("by packet, limit on one",
                devices={3: told_by_turns()},
                forward=limit(1400) + [], more=LOST)
    yield Shape(
        "by traffic class, hole on one",
        devices={3: odd.drop(
            lambda s: len(s.data) > 1400 and (
                s.data[1] if s.family == 4
                else (s.data[0] & 15) << 4 | s.data[1] >> 4) >= 4, False)},
    )
    yield Shape(
        "by flow label, hole on one",
        devices={3: odd.drop(
            lambda s: len(s.data) > 1400 and s.data[3] & 1, False)},
        families=(6,), forward=[FULL] + hole(1400),
    )

    def four_of_ports(seen):
        return seen.is_tcp and len(seen.data) > 1400 and (
            seen.ports[0] * 40503 >> 7) % 4 == 0

    yield Shape("by ports of four, hole on one",
                devices={3: odd.drop(four_of_ports, False)},
                forward=[FULL] + hole(1400))


def later(*steps):
    """Does (seconds, words of nft for r3) while the probe runs."""

    def act(path):
        def work():
            for seconds, words in steps:
                time.sleep(seconds)
                path.routers[2].run(["nft", *words.split()], check=False)

        path.routers[2].nft(topology.chain("forward", "", table="late"))
        threading.Thread(target=work, daemon=True).start()

    return act


HOLE_BEGINS = "add rule inet late forward meta length > 1400 drop"
ALL_BEGINS = "add rule inet late forward drop"
ENDS = "flush chain inet late forward"


def changes():
    for first, second in ((0.15, 0.3), (0.3, 0.4), (0.5, 5), (0.7, 5)):
        yield Shape(
            f"hole from {first} s on, for {second} s",
            act=later((first, HOLE_BEGINS), (second, ENDS)),
            forward=[FULL] + hole(1400), reverse=[FULL] + hole(1400),
            more=LOST,
        )
    yield Shape("nothing from 0.3 s on, for 0.3 s",
                act=later((0.3, ALL_BEGINS), (0.3, ENDS)), more=LOST)
    yield Shape("nothing from 0.5 s on, for 1 s",
                act=later((0.5, ALL_BEGINS), (1, ENDS)), more=LOST)


def fragments():
    drop = [("fragments-dropped", "forward")]
    for name, which in (
        ("of one length", lambda s: odd.is_fragment(s.data)
         and 600 <= len(s.data) <= 700),
        ("the first", lambda s: s.family == 4
         and odd.fragment_field(s.data) & 0x3FFF == 0x2000
         or s.family == 6 and s.protocol == 44 and not s.rest[2:4] > b"\0\7"),
        ("later", lambda s: s.family == 4
         and odd.fragment_field(s.data) & 0x1FFF
         or s.family == 6 and s.protocol == 44 and s.rest[2:4] > b"\0\7"),
        ("shorter than 100", lambda s: odd.is_fragment(s.data)
         and len(s.data) < 100),
        ("atomic", lambda s: s.protocol == 44 and s.family == 6
         and s.rest[2:4] == b"\0\0"),
    ):
        yield Shape(f"no fragments {name}",
                    devices={3: odd.drop(which, False)},
                    more=["fragments-dropped"],
                    there=drop if name not in ("of one length", "atomic",
                                               "shorter than 100") else [])


    shorter = odd.drop(
        lambda s: odd.is_fragment(s.data) and len(s.data) < 100, False
    )
    yield Shape("no fragments shorter than 100, this host tracks connections",
                words=nft("client", "output", "ct state invalid counter"),
                devices={3: shorter}, more=["fragments-dropped"], there=drop)


def firewalls():
    yield Shape("old data vanishes", devices={3: odd.tracked()})
    yield Shape("old data vanishes, hole",
                devices={3: odd.tracked(), 4: odd.drop(
                    odd.larger(1400), False)}, **hole_there())
    yield Shape(
        "SYN proxy",
        words=nft(2, "prerouting", "tcp dport 22 tcp flags syn notrack",
                  kind="filter", priority="raw", table="raw")
        + nft(2, "forward",
              "tcp dport 22 ct state invalid,untracked synproxy mss 1460 "
              "wscale 7 timestamp sack-perm\nct state invalid drop",
              table="proxy") + ["--sysctl",
                                "r2:net.netfilter.nf_conntrack_tcp_loose=0"],
    )
    yield Shape("own connections at hop 2", act=redirect(1),
                more=["proxy"])
    yield Shape("own connections at hop 2, hole behind", act=redirect(1),
                devices={4: odd.drop(odd.larger(1400))},
                more=["proxy"], there=OPEN + OPEN_BACK)
    yield Shape("own connections at hop 2, hole before", act=redirect(1),
                devices={2: odd.drop(odd.larger(1400), False)},
                more=["proxy"], **hole_there())
    yield Shape("MSS 1300 in the SYN-ACK", devices={3: odd.offer(1300)},
                more=["mss-clamped"], there=[("mss-clamped", "reverse")])
    yield Shape("MSS 1300 in the SYN-ACK, hole above",
                devices={3: odd.offer(1300),
                         4: odd.drop(odd.larger(1400), False)},
                **{**hole_there(), "more": ["mss-clamped"],
                   "there": [*OPEN, ("mss-clamped", "reverse")]})
    yield Shape("MSS 9000 in the SYN-ACK", devices={3: odd.offer(9000)})
    yield Shape("MSS 9000 in the SYN-ACK, hole",
                devices={3: odd.offer(9000),
                         4: odd.drop(odd.larger(1400), False)},
                **hole_there())
    yield Shape("MSS 0 in the SYN-ACK", devices={3: odd.offer(0)},
                more=["mss-clamped"])
    yield Shape("three connections at once",
                words=nft(2, "forward",
                          "tcp dport 22 ct state new ct count over 3 drop"))
    yield Shape("five SYNs a minute",
                words=nft(2, "forward", "tcp dport 22 tcp flags & (syn|ack) "
                          "== syn limit rate over 5/minute burst 5 packets "
                          "drop"), more=["port-state"])
    yield Shape("five SYNs a minute, hole",
                words=nft(2, "forward", "tcp dport 22 tcp flags & (syn|ack) "
                          "== syn limit rate over 5/minute burst 5 packets "
                          "drop"),
                devices={4: odd.drop(odd.larger(1400), False)},
                **{**hole_there(), "more": ["port-state"]})
    for rate, burst in ((20, 5), (50, 10), (10, 1)):
        yield Shape(f"{rate} large packets a second, {burst} at once",
                    devices={3: odd.police(1000, rate, burst)},
                    more=LOST)
        yield Shape(f"{rate} packets a second, {burst} at once",
                    devices={3: odd.police(0, rate, burst)},
                    more=LOST + ["port-state"])
    yield Shape("two-way duplicates",
                wire=["--wire", "5:both:delay_ms=10,duplicate=100"])
    yield Shape("bit errors 2 %", devices={3: odd.flip(2)}, more=LOST)
    yield Shape("ICMP 1 a second",
                words=[w for k in (1, 2, 3, 4) for w in nft(
                    k, "output", "meta l4proto { icmp, icmpv6 } limit rate "
                    "over 1/second burst 1 packets drop")])
    yield Shape("ICMP 1 a second, hole",
                words=[w for k in (1, 2, 3, 4) for w in nft(
                    k, "output", "meta l4proto { icmp, icmpv6 } limit rate "
                    "over 1/second burst 1 packets drop")],
                devices={4: odd.drop(odd.larger(1400), False)},
                **hole_there())
    yield Shape("ICMP 1 a second, limit",
                words=[w for k in (1, 2, 3, 4) for w in nft(
                    k, "output", "meta l4proto { icmp, icmpv6 } limit rate "
                    "over 1/second burst 1 packets drop")]
                + ["--hole", "4:1400:icmp"],
                forward=limit(1400), reverse=limit(1400))
    yield Shape("all ICMP 5 a second",
                words=nft(1, "forward", "meta l4proto { icmp, icmpv6 } limit "
                          "rate over 5/second burst 5 packets drop"))
    yield Shape("all ICMP 5 a second, hole",
                words=nft(1, "forward", "meta l4proto { icmp, icmpv6 } limit "
                          "rate over 5/second burst 5 packets drop"),
                devices={4: odd.drop(odd.larger(1400), False)},
                **hole_there())


def redirect(index):
    def act(path):
        servers.start(path.routers[index], 2222, "banner")
        path.routers[index].nft(
            topology.chain("prerouting", "tcp dport 22 redirect to :2222",
                           kind="nat", priority="dstnat")
        )

    return act


def jumbo(*links):
    return [word for link in links for word in ("--mtu", f"{link}:9000")]


def tunnels():
    for size in (1476, 1420, 1392, 1280, 1200, 576, 296, 68):
        families = (4, 6) if size >= 1280 else (4,)
        yield Shape(f"link of {size}", words=["--hole", f"3:{size}:icmp"],
                    families=families, forward=limit(size),
                    reverse=limit(size), more=["fragments-dropped"])
        yield Shape(f"silent link of {size}",
                    words=["--hole", f"3:{size}:silent"],
                    forward=hole(size), reverse=hole(size),
                    there=OPEN + OPEN_BACK, more=["fragments-dropped"])
        yield Shape(f"link of {size} that tells nobody",
                    words=["--hole", f"3:{size}:no-icmp"],
                    families=families, forward=hole(size),
                    reverse=hole(size), more=["fragments-dropped"],
                    there=OPEN)
    for size in (1200, 1000):
        yield Shape(f"link of {size} in IPv6, with PTB",
                    devices=limit_at(3, mtu=size), families=(6,),
                    forward=limit(size))
    yield Shape("jumbo at home", words=jumbo(1))
    yield Shape("jumbo at home and at the server",
                words=jumbo(1, 5), wire=[])
    yield Shape("jumbo all the way", words=jumbo(1, 2, 3, 4, 5),
                forward=[("path-mtu", 9000)], reverse=[("path-mtu", 9000)])
    yield Shape("jumbo, a silent link of 1500",
                words=[*jumbo(1, 2, 3, 4, 5), "--hole", "3:1500:silent"],
                forward=hole(1500), reverse=hole(1500),
                there=OPEN + OPEN_BACK)
    yield Shape("jumbo, a silent link of 8000, one of 1500",
                words=[*jumbo(1, 2, 3), "--hole", "2:8000:silent"],
                forward=limit(1500) + hole(8000), there=OPEN)
