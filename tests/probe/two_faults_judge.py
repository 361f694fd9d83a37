"""What has to be found on a path with two faults, and what `culprit probe` says
of it that is wrong.

Wrong is each finding with `certain` or `likely` that is not there: of another
kind, direction, size or place. Hidden is what is there and is listed as
excluded. Found is what is told with `certain` or `likely`, with its direction,
its size to the byte, and between the two hops that can be known: the nearest
ones that are not silent.

Of two faults one may hide the other (docs/probing.md, "Two limits"):

- of two limits on one way, what nothing larger than the other reaches is not
  there for packets;
- of two routes, or of two holes on the way to one, the smallest size is
  searched;
- a limit behind a device that clears DF is seen where a router behind it
  quotes the fragments, or before it;
- a hole that only packets meet which are larger than TCP's segments on a way
  with a clamp does not show in TCP;
- where a router reports a smaller limit, too, the server sends nothing larger
  than that once it knows it: the hole's size on the way back is told as a range;
- a device that joins fragments lets those of a packet with a tiny first piece go
  on whole, in IPv6: the other kinds are told, without a place.
"""

import math
import re

import stage
from two_faults import FULL, HEADERS, LINKS, ROUTERS, WAYS

SURE = ("certain", "likely")
BESIDE = 3  # the router that one of two branches passes by
AT_BRANCH = 4  # the link on which a branch has its hole
AT_BRANCHES = 2  # the last link before them
CHANCE = 1e-5  # of what no random loss explains
COUNTS = re.compile(r"(\d+) of (\d+) lost")


class Truth:
    """What there is on the path, for packets."""

    def __init__(self, case):
        self.family = case["family"]
        self.faults = case["faults"]

    def all(self, *kinds):
        return [fault for fault in self.faults if fault["kind"] in kinds]

    def branch(self, what):
        return [
            fault
            for fault in self.all("unequal branches")
            if fault["what"] == what
        ]

    def limits(self):
        return self.all("reported limit", "rationed limit")

    def holes(self, way):
        return [
            fault
            for fault in self.all("silent hole")
            if fault["way"] in (way, "both")
        ]

    def is_beside(self, link):
        """One of two branches does not have that link."""
        return bool(self.all("unequal branches")) and link in (3, 4)

    def numbers(self, link):
        """Those that the link may have: the longer of two branches counts one
        more behind it."""
        is_later = self.branch("length") and link > AT_BRANCH
        return (link, link + 1) if is_later else (link,)

    def silent(self):
        return {
            router
            for fault in self.all("silent routers")
            for router in fault["routers"]
        }

    def answer_behind(self, router):
        """The routers behind it that report expiry."""
        return [
            other
            for other in range(router + 1, ROUTERS + 1)
            if other not in self.silent()
        ]

    def nearest(self, link):
        """The nearest hops on both sides of a link that can be known."""
        beside = [BESIDE] if self.branch("hole") else []
        known = [0, *beside] + [
            router
            for router in range(1, ROUTERS + 1)
            if router not in self.silent()
        ]
        return (
            max(hop for hop in known if hop < link),
            min(hop for hop in known + [LINKS] if hop >= link),
        )

    def devices(self, *kinds):
        """Those that all packets pass."""
        return [
            fault
            for fault in self.all(*kinds)
            if not (self.all("unequal branches") and fault["router"] == BESIDE)
        ]

    def fragments_dropped(self):
        """Fragments have no ports, and take one of two branches: it may be
        the other one."""
        return [
            fault
            for fault in self.all("fragments dropped")
            if not self.is_beside(fault["link"])
        ]

    def is_joined(self, link):
        """A device before that link joins fragments, and fits what it makes of
        a tiny first piece into one packet."""
        return self.family == 6 and any(
            device["router"] < link
            for device in self.all("NAT", "stateful firewall")
        )

    def largest_segment(self):
        """Of TCP, as the SYN offers it."""
        clamps = [fault["mss"] for fault in self.all("clamp")]
        return min([FULL] + [mss + HEADERS[self.family] for mss in clamps])

    def is_hole_met(self, hole, way):
        """Packets that are larger reach it, on all routes."""
        links = range(1, hole["link"] + 1)
        if way == "reverse":
            links = range(hole["link"], LINKS + 1)
        return not any(
            limit["size"] <= hole["size"] and limit["link"] in links
            for limit in self.limits()
        )

    def is_limit_met(self, limit):
        """A router reports it: what is larger gets there, with DF."""
        cleared = self.all("DF cleared")
        if cleared and cleared[0]["router"] < limit["link"] - 1:
            return bool(self.answer_behind(limit["link"] - 1))
        return not any(
            hole["size"] <= limit["size"] and hole["link"] <= limit["link"]
            for hole in self.holes("forward")
        )

    def forward_holes(self):
        return [
            hole
            for hole in self.holes("forward")
            if self.is_hole_met(hole, "forward")
        ] + [
            dict(hole, link=AT_BRANCH)
            for hole in self.branch("hole")
            if self.is_hole_met(dict(hole, link=AT_BRANCHES), "forward")
        ]

    def reverse_holes(self):
        return [
            hole
            for hole in self.holes("reverse")
            if self.is_hole_met(hole, "reverse")
        ]

    def forward_limits(self):
        return [
            limit for limit in self.limits() if self.is_limit_met(limit)
        ] + [
            limit
            for limit in self.branch("limit")
            if self.is_limit_met(dict(limit, link=AT_BRANCH))
        ]

    def demanded(self):
        """(finding, direction, what of it, link or None), each to be found."""
        wanted = []
        holes = self.forward_holes()
        limits = self.forward_limits()
        if self.all("unequal branches") or len(holes) > 1 or len(limits) > 1:
            least = min([one["size"] for one in holes + limits], default=0)
            holes = [one for one in holes if one["size"] == least]
            limits = [one for one in limits if one["size"] == least]
        for hole in holes:
            wanted.append(
                ("pmtu-black-hole", "forward", hole["size"], hole["link"])
            )
        for limit in limits:
            wanted.append(("path-mtu", "forward", limit["size"], None))
        for hole in self.reverse_holes():
            if hole["size"] < self.largest_segment():
                wanted.append(
                    ("pmtu-black-hole", "reverse", hole["size"], None)
                )
        for clamp in self.devices("clamp"):
            if self.answer_behind(clamp["router"]):
                wanted.append(("mss-clamped", "forward", clamp["mss"], None))
        for clear in self.devices("DF cleared"):
            if self.answer_behind(clear["router"]):
                wanted.append(("df-cleared", "forward", None, None))
        for drop in self.fragments_dropped():
            if drop["way"] in ("forward", "both"):
                wanted.append(
                    ("fragments-dropped", "forward", "any", drop["link"])
                )
        return wanted

    def there(self):
        """(question, direction) of all that must not be excluded."""
        there = {
            ("pmtu-black-hole", way)
            for way, holes in (
                ("forward", self.forward_holes()),
                ("reverse", self.reverse_holes()),
            )
            if holes
        }
        there |= {
            ("fragments-dropped", way)
            for drop in self.fragments_dropped()
            for way in WAYS[:2]
            if drop["way"] in (way, "both")
        }
        for _ in self.devices("clamp"):
            there |= {("mss-clamped", "forward"), ("mss-clamped", "reverse")}
        for _ in self.devices("DF cleared"):
            there.add(("df-cleared", "forward"))
        for _ in self.devices("NAT"):
            there.add(("rewritten", "forward"))
        for _ in self.all("loss"):
            there.add(("loss", None))
        return there


def place(finding):
    """The hops it names, those of the ends where it names none."""
    after, before = finding.get("after_hop"), finding.get("before_hop")
    return 0 if after is None else after, 99 if before is None else before


def is_link(truth, finding, link):
    after, before = place(finding)
    return any(after < number <= before for number in truth.numbers(link))


def is_nearest(truth, finding, link):
    """It names no more hops than cannot be known."""
    near, far = truth.nearest(link)
    after, before = place(finding)
    more = len(truth.numbers(link)) - 1
    return near <= after <= near + more and far <= before <= far + more


def is_between(finding, size):
    """It says that no size of a range was sent, and which."""
    other = finding.get("could_also_be", "")
    if finding["grade"] == "certain" or "any size from " not in other:
        return False
    between = other.split("any size from ")[1].split(" bytes")[0]
    low, high = between.split(" to ")
    return int(low) <= size <= int(high)


def wrong_hole(truth, finding):
    forward = finding["direction"] == "forward"
    holes = truth.holes(finding["direction"])
    if forward:
        holes = holes + truth.forward_holes()
    same = [hole for hole in holes if hole["size"] == finding.get("mtu")]
    if any(is_link(truth, finding, hole["link"]) for hole in same):
        return None
    if any(
        is_between(finding, hole["size"])
        and is_link(truth, finding, hole["link"])
        for hole in holes
    ):
        return None
    return "wrong link" if same else "wrong hole"


def sizes_forward(truth):
    """Those that a route of the way there may have."""
    limits = truth.forward_limits()
    common = min(
        [
            limit["size"]
            for limit in limits
            if not truth.is_beside(limit.get("link", AT_BRANCH))
        ],
        default=FULL,
    )
    sizes = {limit["size"] for limit in limits if limit["size"] <= common}
    holes = truth.forward_holes()
    # a device clears DF before a limit, and no router quotes fragments
    unseen = [limit for limit in truth.limits() if limit not in limits]
    if all(
        truth.is_beside(one.get("link", AT_BRANCH)) for one in limits + holes
    ) and all(truth.all("DF cleared") for _ in unseen):
        sizes.add(FULL)
    return sizes


def wrong_size(truth, finding, others):
    way, size = finding["direction"], finding.get("mtu")
    limits = truth.limits()
    if way == "reverse":
        sizes = {limit["size"] for limit in limits} or {FULL}
        sizes.add(truth.largest_segment())
        holes = truth.reverse_holes()
        if size in sizes and size != truth.largest_segment():
            holes = [hole for hole in holes if hole["size"] < size]
        elif size != FULL:
            holes = [
                hole
                for hole in holes
                if hole["size"] < truth.largest_segment()
            ]
        if size not in sizes | {FULL} or (size == FULL and limits):
            return "wrong size"
    else:
        sizes, holes = sizes_forward(truth), []
        if size not in sizes:
            return "wrong size"
        is_unsure = truth.all("unequal branches") and len(sizes) > 1
        if truth.all("DF cleared") and limits and size == FULL:
            is_unsure = True
        if is_unsure and finding["grade"] == "certain":
            return "wrong size, certain"
        holes = [
            hole for hole in truth.forward_holes() if hole["size"] < size
        ]
    if (
        holes
        and finding["grade"] == "certain"
        and not any(
            other["finding"] == "pmtu-black-hole"
            and other.get("direction") == way
            for other in others
        )
    ):
        return "a hole is missed, certain"
    return None


def wrong_hop(truth, finding, router, is_itself=False):
    """The hop is the last one that quotes as sent, or the last before the first
    that does not, and then it says from which hop on the device may be. One
    that is at work before it quotes is the first that quotes a change."""
    hop, other = finding.get("hop"), finding.get("could_also_be", "")
    if hop is None or "on another route that UDP takes" in other:
        return None
    first = hop
    if "a hop from " in other:
        first = int(other.split("a hop from ")[1].split()[0])
    near = max(
        [0]
        + [one for one in range(1, router + 1) if one not in truth.silent()]
    )
    far = min(truth.answer_behind(router - is_itself) + [LINKS]) - (
        not is_itself
    )
    more = 1 if truth.branch("length") and router > BESIDE else 0
    if near <= hop <= far + more and first <= router + more:
        return None
    return "wrong hop"


def wrong_drop(truth, finding):
    for drop in truth.all("fragments dropped"):
        if drop["way"] not in (finding["direction"], "both"):
            continue
        if not is_link(truth, finding, drop["link"]):
            return "wrong link"
        return None
    return "fragments pass"


def wrong_rewriting(truth, finding):
    devices = truth.all("NAT", "stateful firewall")
    if finding["field"] not in ("fragmentation", "source") or not devices:
        return "nothing rewrites that"
    hops = [
        wrong_hop(
            truth,
            finding,
            device["router"],
            finding["field"] == "fragmentation",
        )
        for device in devices
    ]
    return None if None in hops else hops[0]


def wrong_clamp(truth, finding):
    for clamp in truth.all("clamp"):
        told = finding.get("arrived", clamp["mss"])
        if told not in (clamp["mss"], clamp["mss"] + HEADERS[truth.family]):
            return "wrong MSS"
        return wrong_hop(truth, finding, clamp["router"])
    return "no clamp is there"


def percent_lost(loss):
    """Of what is sent and answered."""
    kept = 1 - loss["percent"] / 100
    return 100 * (1 - kept ** (2 if loss["way"] == "both" else 1))


def wrong_loss(truth, finding):
    for loss in truth.all("loss"):
        share = percent_lost(loss) / 100
        lost, sent = map(int, COUNTS.match(finding["evidence"][0]["found"]).groups())
        chance = 1 - sum(
            math.comb(sent, k) * share**k * (1 - share) ** (sent - k)
            for k in range(lost)
        )
        return None if chance > CHANCE else "too much loss"
    return "nothing is lost"


def wrong(truth, finding, others):
    """What is wrong with a finding that is certain or likely; or None."""
    word = finding["finding"]
    if word == "pmtu-black-hole":
        return wrong_hole(truth, finding)
    if word == "path-mtu":
        return wrong_size(truth, finding, others)
    if word == "mss-clamped":
        return wrong_clamp(truth, finding)
    if word == "df-cleared":
        for device in truth.all("DF cleared"):
            return wrong_hop(truth, finding, device["router"])
        return "DF is kept"
    if word == "fragments-dropped":
        return wrong_drop(truth, finding)
    if word == "rewritten":
        return wrong_rewriting(truth, finding)
    if word == "loss":
        return wrong_loss(truth, finding)
    if word == "ssh" and finding.get("cause") == "large-packets-lost":
        return None if truth.forward_holes() else "large packets get there"
    return "nothing of that kind is there"


def wrong_causes(truth, run):
    """Causes that are told and not there, and the other way round."""
    kinds = {
        "pmtu-black-hole": truth.forward_holes() + truth.reverse_holes(),
        "loss": truth.all("loss"),
    }
    for line in run["lines"]:
        if line["type"] != "cause":
            continue
        there = kinds.get(line["cause"], [])
        if line["state"] == "found" and line["grade"] in SURE and not there:
            yield f"cause {line['cause']} {line['grade']}"


def is_bounded(truth, line):
    """An exclusion that says up to where it goes, or what it leaves out."""
    if line["question"] == "rewritten":
        return "NAT" in line["reason"]
    if line["question"] != "loss" or "above " not in line["reason"]:
        return False
    above = float(line["reason"].split("above ")[1].split(" %")[0])
    (loss,) = truth.all("loss")
    return percent_lost(loss) <= above


def excluded(truth, run):
    """What is there, and is said not to be."""
    there = truth.there()
    listed = [
        line
        for line in run["lines"]
        if line["type"] == "excluded"
        and (line["question"], line.get("direction")) in there
        and not is_bounded(truth, line)
    ]
    words = [f"{line['question']} {line.get('direction')}" for line in listed]
    holes = truth.forward_holes() + truth.reverse_holes()
    for line in run["lines"]:
        if line["type"] == "cause" and line["state"] == "excluded":
            if line["cause"] == "pmtu-black-hole" and holes:
                words.append("cause pmtu-black-hole")
    return words


def is_found(truth, finding, wanted):
    word, direction, what, link = wanted
    if (
        finding["finding"] != word
        or finding["grade"] not in SURE
        or finding.get("direction") != direction
    ):
        return False
    if word in ("pmtu-black-hole", "path-mtu") and finding.get("mtu") != what:
        return (
            direction == "reverse"
            and any(limit["size"] <= what for limit in truth.limits())
            and is_between(finding, what)
        )
    if word == "mss-clamped" and finding.get("arrived") != what:
        return False
    if word == "fragments-dropped" and finding.get("kind") != what:
        return truth.is_joined(link) and "after_hop" not in finding
    return link is None or is_nearest(truth, finding, link)


def not_healthy(findings, run):
    """What a healthy path has to show, and does not."""
    for finding in findings:
        if (finding["finding"], finding.get("mtu")) != ("path-mtu", FULL):
            yield f"{finding['finding']} {finding['grade']}"
    for way in WAYS[:2]:
        if not any(
            finding["grade"] == "certain" and finding["direction"] == way
            for finding in findings
        ):
            yield f"no path MTU {way}"
        for word in ("pmtu-black-hole", "fragments-dropped", "mss-clamped"):
            if not stage.listed(run, "excluded", word, way):
                yield f"{word} {way} is not excluded"


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
        if finding["grade"] not in SURE:
            continue
        what = wrong(truth, finding, findings)
        if what:
            mistakes.append(
                f"{what}: {finding['finding']} {finding['grade']} by "
                f"{finding['signature']}"
            )
    mistakes += wrong_causes(truth, run)
    if not case["faults"]:
        mistakes += not_healthy(findings, run)
    wanted = truth.demanded()
    missed = [
        one
        for one in wanted
        if not any(is_found(truth, finding, one) for finding in findings)
    ]
    return {
        "wrong": mistakes,
        "excluded": excluded(truth, run),
        "missed": missed,
        "wanted": len(wanted),
    }
