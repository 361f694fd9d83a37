"""The probes whose recordings are kept in tests/captures/probe (recordings.py
plays them): healthy paths, and what can be wrong with one. Of routers that chose
routes as it seldom happens there are recordings, and no cases: routes-*."""

import collections

import stage  # noqa: F401  finds the lab's folder

import liar
import reset_cases
import shapes
import topology
from planted import ROUTERS, at_router, later, rules, tiny_first

SSH = ["--serve", "22:ssh"]
BANNER = ["--serve", "22:banner"]
NO_ECHO = [
    "--nft",
    "server:"
    + topology.chain(
        "input",
        "icmp type echo-request drop;icmpv6 type echo-request drop",
        table="mute",
    ),
]
DEAF = [
    "--nft",
    "server:"
    + topology.chain(
        "input",
        "icmp type destination-unreachable drop;icmpv6 type packet-too-big drop",
        table="deaf",
    ),
]
IMPATIENT = ["--sysctl", "server:net.ipv4.ipfrag_time=3"]
SIZES = (1280, 1499, 1400, 1358, 1444, 1472)
MTU = ["--only", "route,mtu"]

# options: of tests/lab/path.py; words: of culprit probe; change: what is done
# to the path that is built; target: instead of the server's address; runs: one
# right after another, of which the last is kept
Case = collections.namedtuple(
    "Case",
    "name family options words change target runs",
    defaults=(None, None, 1),
)


def lower(family, text):
    return f"{text}-ipv{family}"


def healthy():
    for family in (4, 6):
        yield Case("healthy-sshd", family, SSH, [])
        yield Case("healthy-banner", family, BANNER, [])
        jumbo = [f"{link}:9000" for link in range(1, ROUTERS + 2)]
        words = [word for one in jumbo for word in ("--mtu", one)]
        yield Case("healthy-jumbo", family, [*words, *SSH], MTU)
    yield Case("healthy-tls", 6, ["--serve", "443:tls:4000"],
               ["-p", "443", *MTU])
    yield Case("healthy-http", 4, ["--serve", "80:answer:4000"],
               ["-p", "80", *MTU])
    yield Case("healthy-no-echo", 4, SSH + NO_ECHO, MTU)
    yield Case("healthy-offload", 6, [*SSH, "--offload"], MTU)
    yield Case("healthy-offload-no-echo", 4, [*SSH, *NO_ECHO, "--offload"], MTU)
    yield Case("few-words-no-echo", 4, BANNER + NO_ECHO, MTU)


# Ways of falling silent, and the links; "icmp" on link 1 would be a limit of the
# client's own interface.
SILENCES = (
    ("silent", (1, 3, ROUTERS + 1)),
    ("silent:forward", (1, 3, 4, ROUTERS + 1)),
    ("silent:reverse", (1, 3, 4, ROUTERS + 1)),
    ("icmp", (2, 4, ROUTERS + 1)),
    ("no-icmp", (2, 5, ROUTERS + 1)),
)


def holes():
    for number, (how, links) in enumerate(SILENCES):
        for link in links:
            size = SIZES[link - 1]
            family = 4 if (link + number) % 2 else 6
            server = BANNER if how == "silent:forward" else SSH
            yield Case(
                f"hole-{how.replace(':', '-')}-link-{link}",
                family,
                ["--hole", f"{link}:{size}:{how}", *server],
                MTU,
            )
    for family in (4, 6):
        yield Case(
            "hole-no-echo", family,
            ["--hole", "3:1420:silent:reverse", *SSH, *NO_ECHO], MTU,
        )
        yield Case(
            "hole-few-words", family,
            ["--hole", "4:1390:silent:reverse", *BANNER], MTU,
        )
        yield Case(
            "hole-with-loss", family,
            ["--hole", "4:1437:silent", "--loss", "2:6", *SSH], MTU,
        )
        yield Case(
            "hole-before-a-limit", family,
            ["--hole", "2:1450:silent", "--hole", "5:1400:icmp", *BANNER], MTU,
        )
        yield Case(
            "hole-unreported", family,
            [
                *("--hole", "4:1380:silent:forward"),
                *BANNER,
                *rules(
                    3,
                    (
                        "output",
                        "0",
                        "icmp type { time-exceeded, destination-unreachable } "
                        "drop\nicmpv6 type { time-exceeded, packet-too-big } "
                        "drop",
                    ),
                ),
            ],
            MTU,
        )
        yield Case(
            "hole-again", family,
            ["--hole", "3:1390:silent:forward", "--delay-ms", "2", *BANNER],
            MTU, runs=3,
        )
    yield Case(
        "hole-other-sizes-told", 4,
        ["--mtu", "4:1400", "--hole", "4:1380:silent:forward", *BANNER], MTU,
    )
    yield Case(
        "hole-no-dsack", 4,
        ["--hole", "3:1400:silent", *BANNER]
        + ["--sysctl", "server:net.ipv4.tcp_sack=0"],
        MTU,
    )
    yield Case(
        "hole-port-closed", 4, ["--hole", "3:1400:silent:forward", *BANNER],
        ["-p", "81", *MTU],
    )
    yield Case(
        "hole-port-closed-last-link", 6,
        ["--hole", f"{ROUTERS + 1}:1400:silent", *BANNER], ["-p", "81", *MTU],
    )
    yield Case("nothing-large", 6, [*BANNER, "--hole", "3:200:silent"], MTU)
    yield Case("mss-700-offload", 4,
               [*SSH, *NO_ECHO, "--mss", "2:700", "--offload"], MTU)
    yield Case("mss-1300", 4, [*SSH, *NO_ECHO, "--mss", "2:1300"], MTU)
    yield Case("mss-1300-echo", 6, [*SSH, "--mss", "2:1300"], [])


def by_kind():
    large = "meta l4proto {} meta length > 1000 drop"
    for family, protocol, word in (
        (4, "tcp", "tcp"), (6, "{ icmp, icmpv6 }", "echo"),
    ):
        rule = topology.chain("forward", large.format(protocol))
        yield Case(f"large-{word}-dropped", family,
                   [*BANNER, "--nft", f"3:{rule}"], MTU)
    rule = 'iifname "to-r4" tcp sport 22 meta length > 1400 drop'
    yield Case("large-tcp-dropped-back", 4,
               [*SSH, "--nft", f"3:{topology.chain('forward', rule)}"], MTU)
    rule = 'iifname "to-r4" tcp dport & 2 == 2 meta length > 1400 drop'
    yield Case("ways-back-differ", 4,
               [*SSH, "--nft", f"3:{topology.chain('forward', rule)}"], MTU)


def odd_shapes():
    third = {4: "10.77.3.2", 6: "fd77:3::2"}
    late = (
        'iifname "to-r2" tcp dport 22 tcp flags & (syn | ack | fin) == ack '
        "meta length <= 60 quota until 65 bytes drop"
    )
    late = ["--nft", f"3:{topology.chain('forward', late)}"]
    for family in (4, 6):
        yield Case("detour", family, SSH, MTU,
                   lambda path: shapes.detour(path, 1400))
        yield Case(
            "echo-elsewhere", family,
            [*BANNER, "--hole", "5:1400:silent"], MTU, shapes.to_itself,
        )
        yield Case(
            "handed-on", family,
            [*BANNER, "--hole", "5:1400:silent:forward"], MTU,
            shapes.to_server, third[family],
        )
        for name, verdict in (("refused", "meta mark set 1"),
                              ("dropped", "drop")):
            yield Case(
                f"larger-{name}-since", family, BANNER,
                ["--only", "route,mtu,loss"],
                lambda path, verdict=verdict: shapes.narrow_since(
                    path, verdict
                ),
            )
        yield Case("handshake-late", family, [*BANNER, *late],
                   ["--only", "route,mtu,loss"])


def fragments():
    words = ["--only", "route,fragments"]
    for link in range(1, ROUTERS + 2):
        family = 4 if link % 2 else 6
        yield Case(
            f"fragments-dropped-link-{link}", family,
            ["--wire", f"{link}:forward:drop_fragments", *BANNER], words,
        )
    for family in (4, 6):
        for link in (1, 3, ROUTERS + 1):
            yield Case(
                f"fragments-later-dropped-link-{link}", family,
                later(family, link) + IMPATIENT + BANNER, words,
            )
        yield Case("fragments-tiny-dropped", family,
                   tiny_first(family, 3) + BANNER, words)
        yield Case(
            "fragments-dropped-back", family,
            ["--wire", "3:reverse:drop_fragments", *BANNER], words,
        )
        yield Case(
            "fragments-joined-then-dropped", family,
            ["--nat", "2", "--wire", "4:forward:drop_fragments", *BANNER],
            words,
        )
        yield Case("fragments-dropped-with-loss", family,
                   ["--loss", "3:10", "--wire", "4:forward:drop_fragments",
                    *BANNER], ["--only", "route,fragments,loss"])
    yield Case("fragments-joined", 4, ["--nat", "3", *BANNER], words)
    yield Case("fragments-later-dropped-said", 4, later(4, 3) + BANNER, words)
    yield Case("fragments-dropped-last-link", 4,
               ["--wire", f"{ROUTERS + 1}:forward:drop_fragments", *BANNER],
               words)
    yield Case("fragments-later-dropped-joined", 6,
               ["--nat", "4", *later(6, 2), *BANNER], words)
    yield Case("fragments-full-size-vanishes", 6,
               ["--hole", "3:1400:silent:forward", *BANNER], words)
    yield Case("fragments-no-echo", 4, BANNER + NO_ECHO, words)
    yield Case("fragments-lossy", 4, [*BANNER, "--loss", "3:20:forward"],
               ["--only", "route,fragments,loss"])


def rewritten():
    words = ["--only", "route,rewritten"]
    for family in (4, 6):
        wired = ["mss=1300", "tos=32", "strip_timestamps", "strip_sack"]
        more = ["strip_wscale", "sequence_shift=100000"]
        more += ["clear_df"] if family == 4 else []
        for name, group in (("one", wired), ("two", more)):
            options = [
                word
                for link, text in enumerate(group, 2)
                for word in ("--wire", f"{link}:forward:{text}")
            ]
            yield Case(f"rewritten-group-{name}", family,
                       [*options, *BANNER], words)
        for kind in (
            ("translated", "kernel") if family == 4
            else ("half translated", "ttl", "kernel")
        ):
            yield Case(f"rewritten-{kind.replace(' ', '-')}", family,
                       at_router(family, 3, kind) + BANNER, words)
    yield Case("rewritten-sent-on", 4,
               at_router(4, 3, "sent on") + BANNER, words, None,
               f"10.77.{ROUTERS + 1}.99")
    yield Case("rewritten-ip-id", 4, at_router(4, 2, "ip-id") + BANNER, words)
    yield Case("rewritten-ecn-flags", 6,
               at_router(6, 4, "ecn-flags") + BANNER, words)
    mute = "icmp type time-exceeded drop\nicmpv6 type time-exceeded drop"
    yield Case("rewritten-beside-mute-hop", 4,
               ["--wire", "4:forward:mss=1300", *BANNER]
               + rules(3, ("output", "0", mute)), words)
    yield Case("rewritten-last-router", 6,
               ["--wire", f"{ROUTERS}:forward:mss=1300", *BANNER], words)


def lossy():
    for family, link in ((4, 1), (6, 3), (4, 4), (6, ROUTERS + 1)):
        yield Case(f"loss-link-{link}", family,
                   ["--loss", f"{link}:20", *BANNER], ["--only", "loss"])
    slow = ["--sysctl", "r2:net.ipv4.icmp_ratelimit=4000"]
    yield Case("loss-rationing-router", 4, ["--loss", "4:20", *slow, *BANNER],
               ["--only", "loss"])
    yield Case("loss-none-rationing-router", 4, [*slow, *BANNER],
               ["--only", "loss"])
    yield Case("loss-little", 6, ["--loss", "3:2", *BANNER],
               ["--only", "route,mtu,loss"])
    yield Case("loss-of-echo", 4, ["--loss", "3:10", *BANNER],
               ["-p", "81", "--only", "loss"])


def refused():
    for number, (node, hook, rule, name) in enumerate(
        (
            ("3", "forward", "tcp dport 22 reject", "path"),
            ("server", "input", "tcp dport 22 reject", "target"),
            (
                "4",
                "forward",
                "tcp dport 22 reject with icmpx host-unreachable",
                "no-route",
            ),
            ("server", "input", "tcp dport 22 drop", "filtered"),
            ("2", "forward", "tcp dport 22 reject with tcp reset", "reset"),
        )
    ):
        yield Case(
            f"port-{name}", 6 if number % 2 else 4,
            [*BANNER, "--nft", f"{node}:{topology.chain(hook, rule)}"], MTU,
        )
    yield Case("port-path", 6,
               [*BANNER, "--nft",
                f"3:{topology.chain('forward', 'tcp dport 22 reject')}"], MTU)
    yield Case("port-closed", 6, BANNER, ["-p", "81", *MTU])
    yield Case("host-down", 4, BANNER, MTU, None, "10.77.6.77")
    yield Case("max-ttl", 4, ["--hole", "3:1400:silent", *BANNER],
               ["-m", "4", *MTU])


def hostile():
    for number, way in enumerate(liar.WAYS):
        family = 4 if number % 2 else 6
        rate = ["--rate", "100"] if way == "flood" else []
        yield Case(
            f"hostile-{way.replace('_', '-')}", family,
            ["--hole", "5:1347:silent:forward", "--delay-ms", "0.5", *BANNER],
            [*MTU, *rate],
            lambda path, way=way, family=family: liar.start(
                path, way, family
            ),
        )
    for way in ("expired", "fragments", "absurd"):
        yield Case(
            f"hostile-{way}-all", 4,
            ["--wire", "3:forward:drop_fragments", *BANNER],
            ["--only", "route,fragments,rewritten"],
            lambda path, way=way: liar.start(path, way, 4),
        )


def too_big():
    few = ["--delay-ms", "3", *SSH, "--serve", "443:tls"]
    words = ["--only", "too-big"]
    for family in (4, 6):
        yield Case("too-big-honoured", family, few, words)
        yield Case("too-big-ignored", family, few + DEAF,
                   ["-p", "443", *words])
    probing = ["--sysctl", "server:net.ipv4.tcp_mtu_probing=1"]
    yield Case("too-big-late", 4, few + DEAF + probing, words)
    yield Case("too-big-untold", 4, few + ["--sysctl",
               "server:net.ipv4.ip_no_pmtu_disc=1"], words)
    yield Case("too-big-behind-a-hole", 4,
               ["--hole", "2:1400:silent:reverse", *few],
               ["--only", "mtu,too-big"])


def resetting():
    words = ["--only", "reset"]
    reads = "tcp dport 22 @ih,0,32 0x5353482d"
    data = "tcp dport 22 tcp flags & (syn|ack|psh|rst|fin) == ack meta length > 60"
    chain = topology.chain
    for family, name, options in (
        (4, "nobody", []),
        (4, "device", reset_cases.device(3, "linux")),
        (6, "in-path", reset_cases.device(1, "train", True, True)),
        (4, "copies", reset_cases.device(3, "client-header",
                                         hop_limit=",mirror_ttl")),
        (6, "copies", reset_cases.device(5, "single",
                                         hop_limit=",mirror_ttl")),
        (4, "triple", reset_cases.device(1, "triple")),
        (4, "pair", reset_cases.device(2, "pair-256")),
        (4, "blocked", reset_cases.device(3, "linux",
                                          more=",block_all_ms=1000")),
        (6, "blocked-long", reset_cases.device(3, "linux",
                                               more=",block_all_ms=30000")),
        (6, "router", ["--nft", "3:" + chain(
            "forward", reads + " reject with tcp reset")]),
        (4, "host", ["--nft", "server:" + chain(
            "input", reads + " reject with tcp reset")]),
        (4, "dropped", ["--nft", "3:" + chain("forward", reads + " drop")]),
        (4, "all", ["--nft", "3:" + chain(
            "forward", data + " reject with tcp reset")]),
        (4, "port-closed", []),
        (6, "port-firewall", ["--nft", "server:" + chain(
            "input", "tcp dport 23 reject with tcp reset")]),
        (4, "port-device", ["--nft", "3:" + chain(
            "forward", "tcp dport 23 reject with tcp reset")]),
        (4, "port-bleached", [
            *["--nft", "server:" + chain(
                "input", "tcp dport 23 reject with tcp reset")],
            *["--nft", "2:" + chain("forward", "ip dscp set cs0")]]),
        (6, "lossy", [*reset_cases.device(4, "linux"), "--loss", "2:10"]),
    ):
        yield Case(f"reset-{name}", family,
                   ["--delay-ms", "1.7", *SSH, *options],
                   words + ["-p", "23"] * name.startswith("port"))


def cases():
    for group in (healthy, holes, by_kind, odd_shapes, fragments, rewritten,
                  lossy, refused, hostile, too_big, resetting):
        for case in group():
            yield case._replace(name=lower(case.family, case.name))
