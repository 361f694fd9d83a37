#!/usr/bin/python3
"""Who resets a probe: the target, or a device before it. Over four routers,
each case with a twin without the device.

    test_resets.py PROGRAM

Needs root.
"""

import stage

import processes
import sshd
import topology
from stage import done
from tap import PROGRAM, check

FAMILIES = (4, 6)
ROUTERS = 4
PATH = ["--routers", str(ROUTERS), *stage.limits(ROUTERS), "--delay-ms", "2"]
SSH = ["--serve", "22:ssh"]
SYN = "tcp dport 22 reject with tcp reset"
# Segments of data on an open connection; neither SYN nor FIN, in both families.
DATA = (
    "tcp dport 22 tcp flags & (syn|ack|psh|rst|fin) == ack meta length > 85 "
    "reject with tcp reset"
)


# A burst of resets with a TTL of its own (tests/lab/forge.c), at the third link.
FOREIGN = "style=triple,to_sender"
SSHD = "22 --only ssh --startups 2"  # of Debian's sshd
KEY_EXCHANGE = "keyword=curve25519-sha256"


def injector(what):
    return ["--wire", f"3:inject:{what},{FOREIGN}"]


def device(node, hook, rule):
    return ["--nft", f"{node}:{topology.chain(hook, rule)}"]


# what it is, the path, the port and more options, what is found: (finding, state or sender,
# by, grade, hop)
PORT, RESET, SSH_SERVER = "port-state", "reset-origin", "ssh"
CASES = (
    (
        "a device resets SYNs to an open port",
        [*SSH, *device(3, "forward", SYN)],
        "22",
        (PORT, "rejected", "path", "likely", 3),
    ),
    (
        "the last router resets SYNs to an open port",
        [*SSH, *device(4, "forward", SYN)],
        "22",
        (PORT, "rejected", "path", "likely", 4),
    ),
    ("the port is closed", [], "22", (PORT, "closed", None, "likely", None)),
    (
        "the target's firewall resets SYNs",
        [*SSH, *device("server", "input", SYN)],
        "22",
        (PORT, "rejected", "target", "likely", None),
    ),
    (
        "a device resets an open connection",
        [*SSH, *device(2, "forward", DATA)],
        "22",
        (RESET, "middlebox", None, "certain", 2),
    ),
    (
        "the last router resets an open connection",
        [*SSH, *device(4, "forward", DATA)],
        "22",
        (RESET, "middlebox", None, "certain", 4),
    ),
    (
        "the target's firewall resets an open connection",
        [*SSH, *device("server", "input", DATA)],
        "22",
        (RESET, "middlebox", None, "likely", None),
    ),
    (
        "the server resets connections",
        ["--serve", "80:abort"],
        "80",
        (RESET, "server", None, "likely", None),
    ),
    (
        "a device resets SYNs, with a foreign TTL, that the server accepts",
        [*SSH, *injector("syn")],
        "22",
        (RESET, "middlebox", None, "certain", None),
    ),
    (
        "a device resets the SSH key exchange, with a foreign TTL",
        injector(KEY_EXCHANGE),
        SSHD,
        (RESET, "middlebox", None, "certain", None),
    ),
    ("nobody resets the SSH key exchange", [], SSHD, None),
    ("nobody resets anything", SSH, "22", None),
    (
        "a server with a long page is reset by the probe",
        ["--serve", "80:answer:300000"],
        "80",
        None,
    ),
)


def play(words, port):
    def act(path):
        if port == SSHD:
            sshd.start(path.server)
        return [
            stage.probe(path, PROGRAM, family, "-p", *port.split())
            for family in FAMILIES
        ]

    return stage.play([*PATH, *words], act)


def told(run):
    """What is said of resets, the port and the SSH server."""
    return [
        (
            one["finding"],
            one.get("state") or one.get("sender"),
            one.get("by"),
            one["grade"],
            one.get("hop"),
        )
        for one in stage.findings(run)
        if one["finding"] in (PORT, RESET, SSH_SERVER)
    ]


def main():
    pool = processes.Pool(4)
    played = [
        (what, expected, pool.submit(play, words, port))
        for what, words, port, expected in CASES
    ]
    for what, expected, call in played:
        for family, run in zip(FAMILIES, call.result()):
            check(
                run["status"] == 0
                and run["is_same"]
                and told(run) == ([expected] if expected else []),
                f"IPv{family}: {what}: it is told who, where and how sure",
                (told(run), run["text"]),
            )


main()
done()
