"""Random paths with two faults each: what is planted, what has to be found of
it, and what `culprit probe` says that is wrong.

A path has five routers and six links, 20 ms, an SSH server. Of two limits one
may hide the other: what nothing larger than the other reaches is not there for
packets, and is not demanded.
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


class Truth:
    """What there is on the path, for packets."""

    def __init__(self, case):
        self.family = case["family"]
        self.faults = case["faults"]

    def all(self, *kinds):
        return [fault for fault in self.faults if fault["kind"] in kinds]

    def limits(self):
        return self.all("reported limit", "rationed limit")

    def holes(self, way):
        return [
            fault
            for fault in self.all("silent hole")
            if fault["way"] in (way, "both")
        ]

    def branch(self, what):
        return [
            fault
            for fault in self.all("unequal branches")
            if fault["what"] == what
        ]

    def fragments_dropped(self):
        """Fragments have no ports, and take one of two branches: it may be
        the other one."""
        return [
            fault
            for fault in self.all("fragments dropped")
            if not self.all("unequal branches") or fault["link"] not in (3, 4)
        ]

    def sizes_told(self):
        """Of routers, and what else a certain size may be."""
        return {fault["size"] for fault in self.limits()} | {
            fault["size"] for fault in self.branch("limit")
        }

    def largest_segment(self):
        """Of TCP, as the SYN offers it."""
        clamps = [fault["mss"] for fault in self.all("clamp")]
        return min([FULL] + [mss + HEADERS[self.family] for mss in clamps])

    def is_hole_met(self, hole, way):
        """Packets that are larger reach it."""
        links = range(1, hole["link"] + 1)
        if way == "reverse":
            links = range(hole["link"], LINKS + 1)
        return not any(
            limit["size"] <= hole["size"] and limit["link"] in links
            for limit in self.limits()
        )

    def demanded(self):
        """(finding, direction, size or None), each to be found."""
        wanted = []
        for hole in self.holes("forward"):
            if self.is_hole_met(hole, "forward"):
                wanted.append(("pmtu-black-hole", "forward", hole["size"]))
        for hole in self.holes("reverse"):
            if (
                self.is_hole_met(hole, "reverse")
                and hole["size"] < self.largest_segment()
                and not any(
                    limit["size"] <= hole["size"] for limit in self.limits()
                )
            ):
                wanted.append(("pmtu-black-hole", "reverse", hole["size"]))
        for hole in self.branch("hole"):
            if not any(
                limit["size"] <= hole["size"]
                for limit in self.limits() + self.holes("forward")
            ):
                wanted.append(("pmtu-black-hole", "forward", hole["size"]))
        for limit in self.limits():
            if not any(
                other["size"] <= limit["size"]
                for other in self.holes("forward")
                + self.branch("hole")
                + self.branch("limit")
                + [other for other in self.limits() if other is not limit]
            ) and not self.all("DF cleared"):
                wanted.append(("path-mtu", "forward", limit["size"]))
        for limit in self.branch("limit"):
            if not any(
                other["size"] <= limit["size"]
                for other in self.holes("forward") + self.limits()
            ):
                wanted.append(("path-mtu", "forward", limit["size"]))
        silent = [
            router
            for fault in self.all("silent routers")
            for router in fault["routers"]
        ]
        # the branches pass by the third router
        passed = [3] if self.all("unequal branches") else []
        for clamp in self.all("clamp"):
            if clamp["router"] in passed:
                continue
            behind = range(clamp["router"] + 1, ROUTERS + 1)
            if any(router not in silent for router in behind):
                wanted.append(("mss-clamped", "forward", None))
        for clear in self.all("DF cleared"):
            if clear["router"] in passed:
                continue
            behind = range(clear["router"] + 1, ROUTERS + 1)
            if any(router not in silent for router in behind):
                wanted.append(("df-cleared", None, None))
        for drop in self.fragments_dropped():
            if drop["way"] in ("forward", "both"):
                wanted.append(("fragments-dropped", "forward", None))
        return wanted


def is_link(truth, finding, link):
    """On the longer of two branches the links behind it count one more."""
    after, before = finding.get("after_hop"), finding.get("before_hop")
    return any(
        (after is None or after <= number - 1)
        and (before is None or before >= number)
        for number in (link, link + len(truth.branch("length")))
    )


def is_size(finding, size):
    """It has the size, or says that sizes between were not sent."""
    other = finding.get("could_also_be", "")
    if finding.get("mtu") == size:
        return True
    if finding["grade"] == "certain" or "any size from " not in other:
        return False
    between = other.split("any size from ")[1].split(" bytes")[0]
    low, high = between.split(" to ")
    return int(low) <= size <= int(high)


def wrong_hole(truth, finding):
    way = finding["direction"]
    holes = truth.holes(way)
    if way == "forward":
        if any(
            finding.get("mtu") == hole["size"]
            for hole in truth.branch("hole")
        ):
            return None
    same = [hole for hole in holes if hole["size"] == finding.get("mtu")]
    if any(is_link(truth, finding, hole["link"]) for hole in same):
        return None
    if any(is_size(finding, hole["size"]) for hole in holes):
        return None
    if holes and finding.get("mtu") is None:
        return None
    return "wrong link" if same else "wrong hole"


def wrong_size(truth, finding, others):
    way, size = finding["direction"], finding.get("mtu")
    told = truth.sizes_told()
    holes = truth.holes(way)
    if way == "forward":
        holes = holes + truth.branch("hole")
        if truth.all("DF cleared") and size == FULL:
            return (
                None
                if finding["grade"] == "likely"
                or not truth.limits()
                or truth.all("DF cleared")[0]["router"]
                > truth.limits()[0]["link"] - 1
                else "wrong size, certain"
            )
    if way == "reverse" and size == truth.largest_segment():
        return None
    smallest = min(told | {FULL})
    if way == "forward" and size not in told | {FULL}:
        return "wrong size"
    if size == FULL and truth.limits():
        is_beside = truth.all("unequal branches") and all(
            limit["link"] in (3, 4) for limit in truth.limits()
        )
        if not is_beside or finding["grade"] == "certain":
            return "a limit is missed"
    if size == FULL and finding["grade"] == "certain" and truth.branch("limit"):
        return "a limit of a branch is missed, certain"
    if way == "reverse" and size not in told | {FULL}:
        return "wrong size"
    hidden = [hole for hole in holes if hole["size"] < smallest]
    if (
        hidden
        and finding["grade"] == "certain"
        and not any(
            other["finding"] == "pmtu-black-hole"
            and other.get("direction") == way
            for other in others
        )
        and (way == "forward" or hidden[0]["size"] < truth.largest_segment())
    ):
        return "a hole is missed, certain"
    return None


def wrong_hop(truth, finding, fault):
    """A device may be named by the hop before it, and where hops between are
    silent, by the last of them, beside the first."""
    hop, other = finding.get("hop"), finding.get("could_also_be", "")
    if "on another route that UDP takes" in other:
        return None
    first = hop
    if "a hop from " in other:
        first = int(other.split("a hop from ")[1].split()[0])
    return (
        None
        if hop is None
        or any(
            first - 1 <= router <= hop + 1
            for router in (
                fault["router"],
                fault["router"] + len(truth.branch("length")),
            )
        )
        else "wrong hop"
    )


def wrong(truth, finding, others):
    """What is wrong with a finding that is certain or likely; or None."""
    word = finding["finding"]
    if word == "pmtu-black-hole":
        return wrong_hole(truth, finding)
    if word == "path-mtu":
        return wrong_size(truth, finding, others)
    if word == "mss-clamped":
        clamps = truth.all("clamp")
        return wrong_hop(truth, finding, clamps[0]) if clamps else "no clamp is there"
    if word == "df-cleared":
        devices = truth.all("DF cleared")
        return wrong_hop(truth, finding, devices[0]) if devices else "DF is kept"
    if word == "fragments-dropped":
        for drop in truth.all("fragments dropped"):
            if drop["way"] in (finding["direction"], "both"):
                return (
                    None
                    if is_link(truth, finding, drop["link"])
                    else "wrong link"
                )
        return "fragments pass"
    if word == "rewritten":
        devices = truth.all("NAT", "stateful firewall")
        if finding["field"] in ("fragmentation", "source") and devices:
            mistakes = [wrong_hop(truth, finding, device) for device in devices]
            return None if None in mistakes else mistakes[0]
        return "nothing rewrites that"
    if word == "loss":
        return None if truth.all("loss") else "nothing is lost"
    return "nothing of that kind is there"


def excluded(truth, run):
    """What is there, and is said not to be."""
    listed = {
        (line["question"], line.get("direction"))
        for line in run["lines"]
        if line["type"] == "excluded"
    }
    there = {
        wanted[:2]
        for wanted in truth.demanded()
        if wanted[0] != "path-mtu"
    }
    there |= {
        ("fragments-dropped", way)
        for drop in truth.fragments_dropped()
        for way in WAYS[:2]
        if drop["way"] in (way, "both")
    }
    if truth.all("clamp") and not truth.all("unequal branches"):
        there |= {("mss-clamped", "forward"), ("mss-clamped", "reverse")}
    if truth.all("DF cleared") and not truth.all("unequal branches"):
        there.add(("df-cleared", "forward"))
    return sorted(listed & there, key=str)


def judge(case, run):
    """{"wrong": [...], "excluded": [...], "missed": [...], "wanted": count}"""
    truth = Truth(case)
    findings = stage.findings(run)
    mistakes = []
    if run["status"] != 0:
        mistakes.append(f"status {run['status']}: {run['said']}")
    if not run["is_same"]:
        mistakes.append("the recording is judged otherwise")
    for finding in findings:
        if finding["grade"] not in ("certain", "likely"):
            continue
        what = wrong(truth, finding, findings)
        if what:
            mistakes.append(
                f"{what}: {finding['finding']} {finding['grade']} by "
                f"{finding['signature']}"
            )
    wanted = truth.demanded()
    missed = [
        one
        for one in wanted
        if not any(
            finding["finding"] == one[0]
            and one[1] in (None, finding.get("direction"))
            and (one[2] is None or is_size(finding, one[2]))
            for finding in findings
        )
    ]
    return {
        "wrong": mistakes,
        "excluded": excluded(truth, run),
        "missed": missed,
        "wanted": len(wanted),
    }
