"""Random paths with two faults each: what is planted. two_faults_judge.py says
what has to be found of it, and what is wrong.

A path has five routers and six links, 20 ms, an SSH server.
"""

import shapes
import stage
import topology

ROUTERS = 5
LINKS = ROUTERS + 1
FULL = 1500
HEADERS = {4: 40, 6: 60}
WAYS = ("forward", "reverse", "both")
KINDS = (
    "silent hole",
    "reported limit",
    "rationed limit",
    "clamp",
    "DF cleared",
    "fragments dropped",
    "unequal branches",
    "NAT",
    "stateful firewall",
    "silent routers",
    "loss",
    "jitter",
)


def draw_fault(generator, kind, family):
    fault = {"kind": kind}
    if kind == "silent hole":
        fault["link"] = generator.randint(1, LINKS)
        fault["size"] = generator.randint(1290, 1496)
        fault["way"] = generator.choice(WAYS)
    elif kind in ("reported limit", "rationed limit"):
        fault["link"] = generator.randint(2, LINKS)
        fault["size"] = generator.randint(1290, 1496)
    elif kind == "clamp":
        fault["router"] = generator.randint(1, ROUTERS)
        fault["mss"] = generator.randint(1000, 1400)
    elif kind == "DF cleared":
        fault["router"] = generator.randint(1, ROUTERS)
    elif kind == "fragments dropped":
        fault["link"] = generator.randint(1, LINKS)
        fault["way"] = generator.choice(WAYS)
    elif kind == "unequal branches":
        fault["what"] = generator.choice(("length", "hole", "limit"))
        fault["size"] = generator.randint(1290, 1450)
    elif kind in ("NAT", "stateful firewall"):
        # the branches begin at the second and pass by the third: one of
        # those there would not see both ways, or take an address of a branch
        fault["router"] = generator.choice((1, 4, 5))
    elif kind == "silent routers":
        first = generator.randint(1, ROUTERS)
        fault["routers"] = sorted({first, generator.randint(1, ROUTERS)})
    elif kind == "loss":
        fault["link"] = generator.randint(1, LINKS)
        fault["percent"] = generator.choice((0.5, 1, 2))
        fault["way"] = generator.choice(WAYS)
    elif kind == "jitter":
        fault["ms"] = generator.choice((1, 2, 5, 10))
    return fault


def part(faults):
    """A link has one MTU: of two limits on one the second is on the next."""
    first, second = (fault.get("link") for fault in faults)
    if first == second and all("limit" in fault["kind"] for fault in faults):
        faults[1]["link"] = first + 1 if first < LINKS else 2


def draw(generator, is_healthy=False):
    """One case."""
    family = generator.choice((4, 6))
    kinds = [
        kind for kind in KINDS if family == 4 or kind != "DF cleared"
    ]
    faults = []
    if not is_healthy:
        faults = [
            draw_fault(generator, kind, family)
            for kind in generator.sample(kinds, 2)
        ]
        part(faults)
    return {
        "family": family,
        "faults": faults,
        "seed": str(generator.random())[2:8],
    }


def chain(router, hook, rules, table):
    return ["--nft", f"{router}:{topology.chain(hook, rules, table=table)}"]


def words_of(fault):
    kind = fault["kind"]
    if kind == "silent hole":
        way = "" if fault["way"] == "both" else f":{fault['way']}"
        return ["--hole", f"{fault['link']}:{fault['size']}:silent{way}"]
    if kind == "reported limit":
        return ["--hole", f"{fault['link']}:{fault['size']}:icmp"]
    if kind == "rationed limit":
        ration = "limit rate over 2/second burst 1 packets drop"
        rules = "\n".join(
            f"{what} {ration}"
            for what in (
                "icmp type destination-unreachable",
                "icmpv6 type packet-too-big",
            )
        )
        return [
            "--hole",
            f"{fault['link']}:{fault['size']}:icmp",
            *chain(fault["link"] - 1, "output", rules, "ration"),
        ]
    if kind == "clamp":
        return ["--mss", f"{fault['router']}:{fault['mss']}"]
    if kind == "DF cleared":
        rules = (
            "ip frag-off & 0x4000 == 0x4000 ip frag-off set "
            "ip frag-off & 0xbfff"
        )
        return chain(fault["router"], "forward", rules, "cleared")
    if kind == "fragments dropped":
        return ["--wire", f"{fault['link']}:{fault['way']}:drop_fragments"]
    if kind == "NAT":
        return ["--nat", str(fault["router"])]
    if kind == "stateful firewall":
        rules = "ct state invalid drop"
        return chain(fault["router"], "forward", rules, "state")
    if kind == "silent routers":
        rules = "icmp type time-exceeded drop\nicmpv6 type time-exceeded drop"
        return [
            word
            for router in fault["routers"]
            for word in chain(router, "output", rules, "quiet_hop")
        ]
    if kind == "loss":
        link, way = fault["link"], fault["way"]
        return ["--loss", f"{link}:{fault['percent']}:{way}"]
    return []


def play(case, program):
    """One run; see stage.probe."""
    delay = "delay_ms=10"
    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    words += ["--seed", case["seed"], "--serve", "22:ssh"]
    for fault in case["faults"]:
        words += words_of(fault)
        if fault["kind"] == "jitter":
            delay += f",jitter_ms={fault['ms']}"
    words += ["--wire", f"1:both:{delay}"]

    def act(path):
        for fault in case["faults"]:
            if fault["kind"] == "unequal branches":
                what, size = fault["what"], fault["size"]
                shapes.branches(
                    path,
                    mtu=size if what == "limit" else FULL,
                    rules=(
                        f"meta length > {size} drop" if what == "hole" else ""
                    ),
                    longer=what == "length",
                )
        return stage.probe(path, program, case["family"])

    return stage.play(words, act)
