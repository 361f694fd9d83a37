"""Servers and their hosts that are unlike the lab's other ones."""

import odd_devices as odd
from odd_paths import Shape, hole, hole_there, nft

HOLE = {4: odd.drop(odd.larger(1400))}
OPEN = [("pmtu-black-hole", "forward"), ("pmtu-black-hole", "reverse")]
BOTH = {"forward": hole(1400), "reverse": hole(1400), "there": OPEN}


def twins(name, words=(), port=22, **options):
    yield Shape(name, words=words, port=port, **options)
    yield Shape(name + ", hole", words=words, port=port, devices=HOLE,
                **{**options, **BOTH})


def setting(*names):
    return [w for name in names for w in ("--sysctl", f"server:{name}")]


def hosts():
    for name, words in (
        ("no SACK", setting("net.ipv4.tcp_sack=0")),
        ("no DSACK", setting("net.ipv4.tcp_dsack=0")),
        ("no timestamps", setting("net.ipv4.tcp_timestamps=0")),
        ("no window scale", setting("net.ipv4.tcp_window_scaling=0")),
        ("none of them", setting("net.ipv4.tcp_sack=0",
                                 "net.ipv4.tcp_timestamps=0",
                                 "net.ipv4.tcp_window_scaling=0")),
        ("SYN cookies", setting("net.ipv4.tcp_syncookies=2")),
        ("SYN cookies without timestamps",
         setting("net.ipv4.tcp_syncookies=2", "net.ipv4.tcp_timestamps=0")),
        ("small windows", setting("net.ipv4.tcp_rmem=2048 2048 2048")),
        ("TTL 255", setting("net.ipv4.ip_default_ttl=255")),
        ("TTL 32", setting("net.ipv4.ip_default_ttl=32")),
        ("no echo", nft("server", "input", "icmp type echo-request drop;"
                        "icmpv6 type echo-request drop")),
        ("no ICMP out", nft("server", "output", "icmp type != 255 drop;"
                            "icmpv6 type { 1, 2, 3, 4, 128, 129 } drop")),
        ("no echo above 600", nft(
            "server", "input", "icmp type echo-request meta length > 600 drop;"
            "icmpv6 type echo-request meta length > 600 drop")),
        ("probing of sizes", setting("net.ipv4.tcp_mtu_probing=2")),
    ):
        yield from twins(name, words)

    def small(path):
        for flag, net in (("-4", "10.77.0.0/16"), ("-6", "fd77::/16")):
            via = "10.77.5.1" if flag == "-4" else "fd77:5::1"
            path.server.run(
                f"ip {flag} route replace {net} via {via} advmss 536".split()
            )
            for number in range(1, 5):
                sub = (f"10.77.{number}.0/24" if flag == "-4"
                       else f"fd77:{number}::/64")
                path.server.run(
                    f"ip {flag} route replace {sub} via {via} "
                    "advmss 536".split()
                )

    yield from twins("MSS 536", act=small, more=["mss-clamped"])
    late = odd.delay(
        0.5, lambda s: s.is_tcp and not s.payload_bytes
        and s.flags & 0x13 == 0x10, True,
    )
    yield Shape("ACKs late by 0.5 s", devices={3: late})
    yield Shape("ACKs late by 0.5 s, hole",
                devices={3: late, 4: odd.drop(odd.larger(1400), False)},
                **hole_there())
    yield from twins("600 ms there and back",
                     wire=["--wire", "5:both:delay_ms=300"])


def kinds():
    for name, port, serve in (
        ("web", 80, "80:answer:20000"),
        ("web of few words", 80, "80:answer:300"),
        ("web of 1430 bytes", 80, "80:answer:1430"),
        ("TLS", 443, "443:tls"),
        ("TLS 1.3", 443, "443:tls13:3000"),
        ("silent", 2000, "2000:silent"),
        ("discards", 2000, "2000:discard"),
        ("banner", 22, "22:banner"),
        ("banner of SMTP", 25, "25:banner:220 lab ESMTP"),
        ("talks at once", 2000, "2000:talk:30000"),
        ("talks without end", 2000, "2000:endless"),
        ("closes at once", 22, "22:close"),
        ("closes at once, 80", 80, "80:close"),
        ("closes after a banner", 22, "22:farewell"),
        ("closes after the first bytes", 80, "80:farewell"),
        ("resets at the first data", 80, "80:abort"),
        ("resets at the first data, 22", 22, "22:abort"),
        ("hesitates", 80, "80:hesitant"),
        ("impatient", 2000, "2000:impatient:1"),
    ):
        yield from twins(name, port=port, serve=["--serve", serve],
                         more=["ssh", "reset-origin", "port-state"])
    yield from twins("port closed", port=81, more=["port-state"])
    yield from twins("port filtered", port=81, more=["port-state"],
                     words=nft("server", "input", "tcp dport 81 drop"))
    yield from twins("port rejected at hop 2", port=81, more=["port-state"],
                     words=nft(2, "forward", "tcp dport 81 reject"))
