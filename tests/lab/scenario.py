"""What a scenario is: a path, what happens on it, and the truth about it."""

import dataclasses
import string

import topology

MECHANISMS = (
    "port-closed",
    "syn-rejected",
    "syn-unanswered",
    "abort",
    "late-data",
    "unknown-connection",
    "state-expired",
    "injected",
    "firewall-reject",
    "proxy-closed",
    "keepalive-timeout",
    "retransmission-timeout",
    "pmtu-black-hole",
    "pmtu-ignored",
    "icmp-unreachable",
    "half-open",
    "nat-mismatch",
    "option-refused",
    "no-response",
    "window-closed",
    "peer-protocol",
    "ssh-max-startups",
    "ssh-refused-before-banner",
    "ssh-login-grace",
    "ssh-no-common-algorithm",
    "ssh-slow-banner",
    "ssh-client-alive",
    "orderly",
)
SENDERS = ("client", "server", "middlebox", "none", "unknown", "*")
CULPRITS = (
    "client",
    "server",
    "middlebox",
    "nat-timeout",
    "path-mtu",
    "path-loss",
    "unknown",
    "*",
)


@dataclasses.dataclass(frozen=True)
class Truth:
    """What may be said of a recording.

    `right`: readings (mechanism, sender, culprit) that are right from there;
    the first is what really happened. `open`: from there it can also rightly
    be left undetermined, or given as possible. `unseen`: nothing of it can be
    seen there, so silence is right. An innocent has no right readings: no
    incident is to be reported, or only orderly ends.
    """

    right: tuple = ()
    open: bool = False
    unseen: bool = False

    @property
    def innocent(self):
        return not self.right


def _reading(text):
    mechanism, sender, culprit = text.split()
    if (
        mechanism not in MECHANISMS
        or sender not in SENDERS
        or culprit not in CULPRITS
    ):
        raise ValueError(f"not words of culprit-json(5): {text}")
    return (mechanism, sender, culprit)


def says(*readings, open=False, unseen=False):
    """A guilty truth from texts "mechanism sender culprit"."""
    return Truth(tuple(_reading(text) for text in readings), open, unseen)


INNOCENT = Truth()


def from_everywhere(truth, **elsewhere):
    """The same truth for every capture point, but for those named."""
    return {"*": truth, **elsewhere}


@dataclasses.dataclass
class Scenario:
    """One scenario; `steps` is the language of conductor.py.

    `before` are steps that prepare the path and are not recorded.
    `truth` maps capture points to Truth; "*" stands for all others. `seen`
    are conditions on the recordings (packets.py) without which the scenario
    did not take place. `nft` and `sysctl` map names of nodes. In nft, steps
    and conditions, $client, $server and the other words of Path.names stand
    for the addresses of the family under test.
    """

    name: str
    story: str
    steps: str
    truth: dict
    before: str = ""
    seen: tuple = ()
    routers: int = 2
    servers: int = 1
    links: dict = dataclasses.field(default_factory=dict)
    nft: dict = dataclasses.field(default_factory=dict)
    sysctl: dict = dataclasses.field(default_factory=dict)
    families: tuple = (4, 6)
    points: dict = dataclasses.field(default_factory=dict)
    offload: bool = False
    twin: str = ""
    theme: str = ""

    def truth_at(self, vantage):
        return self.truth.get(vantage, self.truth.get("*"))

    @property
    def innocent(self):
        return all(truth.innocent for truth in self.truth.values())

    def build(self, family, seed=1):
        """The path, built; `links` holds topology.Link by number."""
        path = topology.Path(
            [topology.Router() for _ in range(self.routers)],
            [
                self.links.get(number, topology.Link())
                for number in range(1, self.routers + self.servers + 1)
            ],
            servers=self.servers,
            offload=self.offload,
            seed=seed,
        )
        names = path.names(family)
        for node, values in self.sysctl.items():
            path.node(node).sysctl(values)
        for node, rules in self.nft.items():
            path.node(node).nft(fill(rules, names))
        return path


def fill(text, names):
    return string.Template(text).safe_substitute(names)
