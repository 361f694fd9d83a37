#!/usr/bin/python3
"""The way back: the largest packet that a server gets through to us, by what
Debian's sshd, a TLS and an HTTP server say to strangers. Holes at each link,
and twins without one."""

import stage

import processes
import topology
from stage import done
from tap import PROGRAM, check

ROUTERS = 5
SSH = ["--serve", "22:ssh"]
TLS = ["--serve", "443:tls:4000"]
HTTP = ["--serve", "80:answer:4000"]
NO_ECHO = [
    "--nft",
    "server:"
    + topology.chain(
        "input",
        "icmp type echo-request drop;icmpv6 type echo-request drop",
        table="mute",
    ),
]
# what, IP version, round trip, size that passes (0: no hole), link, port, path
HOLES = (
    ("sshd", 4, 20, 1400, 1, 22, SSH),
    ("sshd", 6, 0, 1372, 2, 22, SSH),
    ("sshd", 4, 150, 1499, 3, 22, SSH),
    ("sshd", 6, 20, 1281, 4, 22, SSH),
    ("sshd, no echo", 4, 0, 1420, 5, 22, SSH + NO_ECHO),
    ("TLS", 4, 20, 1437, 6, 443, TLS),
    ("TLS", 6, 150, 1330, 3, 443, TLS),
    ("HTTP", 4, 20, 1392, 4, 80, HTTP),
    ("HTTP, no echo", 6, 0, 1450, 2, 80, HTTP + NO_ECHO),
)
MOST_PACKETS = 400
BOUND_S = 20


def play(place, has_log=False):
    _, family, rtt, size, link, port, words = place
    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS), *words]
    words += ["--delay-ms", str(rtt / 2 / (ROUTERS + 1))]
    if size:
        words += ["--hole", f"{link}:{size}:silent:reverse"]

    def act(path):
        run = stage.probe(
            path, PROGRAM, family, "-p", str(port), "--only", "route,mtu"
        )
        if has_log:
            run["log"] = stage.sshd_log(path)
        return run

    return stage.play(words, act)


def back(run):
    return [
        finding
        for finding in stage.findings(run)
        if finding.get("direction") == "reverse"
    ]


def show(run):
    return f"{run['seconds']:.2f} s\n{stage.findings(run)}\n{run['said']}"


def no_hole(run, size):
    """What is not as planted, or None."""
    found = back(run)
    if len(found) != 1 or found[0]["finding"] != "pmtu-black-hole":
        return "not found"
    if found[0]["mtu"] != size:
        return f"{found[0]['mtu']} bytes"
    if found[0]["grade"] != "certain":
        return stage.Less(found[0]["grade"])
    return None


def is_free(run):
    found = back(run)
    return (
        len(found) == 1
        and found[0]["finding"] == "path-mtu"
        and found[0]["mtu"] == 1500
        and found[0]["grade"] == "certain"
    )


def summary(run):
    return run["lines"][-1]


def check_hole(place, run):
    what, family, rtt, size, link, _, _ = place
    name = f"{what}, IPv{family}, {rtt} ms, {size} at link {link}"
    said, run = stage.settled(
        name,
        run,
        lambda one: no_hole(one, size),
        lambda: play(place, "log" in run),
    )
    check(
        run["status"] == 0 and run["is_same"],
        f"{name}: the recording is judged as the run was",
        show(run),
    )
    check(not said, f"{name}: found to the byte", f"{said}\n{show(run)}")
    check(
        summary(run)["sent"] <= MOST_PACKETS,
        f"{name}: at most {MOST_PACKETS} packets",
        show(run),
    )
    said = [line for line in run.get("log", []) if not stage.is_mere_end(line)]
    check(not said, f"{name}: the server has no complaint", "\n".join(said))


def check_twins(pool):
    twins = {
        f"{what}, IPv{family}": pool.submit(
            play, (what, family, 20, 0, 0, port, words)
        )
        for what, port, words in (
            ("sshd", 22, SSH),
            ("sshd, no echo", 22, SSH + NO_ECHO),
            ("TLS, no echo", 443, TLS + NO_ECHO),
            ("HTTP, no echo", 80, HTTP + NO_ECHO),
        )
        for family in (4, 6)
        if (family == 4) == (what != "TLS, no echo")
    }
    for name, call in twins.items():
        run = call.result()
        check(
            is_free(run) and run["is_same"],
            f"{name}: without a hole, 1500 bytes come back",
            show(run),
        )


def check_smaller(pool):
    """Servers that send nothing as large as was offered: no finding is sure,
    and none is a hole."""
    for what, words in (
        ("clamped MSS", SSH + NO_ECHO + ["--mss", "2:1300"]),
        (
            "clamped MSS, offload",
            [*SSH, *NO_ECHO, "--mss", "2:700", "--offload"],
        ),
        ("few words", ["--serve", "22:banner"] + NO_ECHO),
    ):
        run = pool.submit(play, (what, 4, 0, 0, 0, 22, words)).result()
        check(
            all(
                finding["finding"] == "path-mtu"
                and finding["grade"] in ("possible", "undetermined")
                for finding in back(run)
            )
            and run["is_same"],
            f"{what}: nothing is claimed of what was not sent",
            show(run),
        )


def check_lost_words(pool):
    """What the server is told never gets there: that is given up."""
    rules = topology.chain("input", "ip length 552 drop", table="deaf")
    words = [*SSH, *NO_ECHO, "--nft", f"server:{rules}"]
    run = pool.submit(play, ("deaf", 4, 0, 0, 0, 22, words)).result()
    check(
        run["is_same"]
        and all(one["grade"] == "undetermined" for one in back(run))
        and run["seconds"] < BOUND_S,
        "words that get lost: nothing is claimed, and the run ends",
        show(run),
    )


def check_unsummed(pool):
    """Machines that share a host make no checksums, and hand on several
    segments as one."""
    for family, what, words in (
        (4, "sshd", SSH),
        (6, "sshd", SSH),
        (4, "sshd, no echo", SSH + NO_ECHO),
    ):
        name = f"{what}, IPv{family}, offload"
        hole = [*words, "--offload", "--hole", "4:1301:no-icmp"]
        runs = [
            pool.submit(play, (what, family, 0, 0, 0, 22, more))
            for more in (hole, [*words, "--offload"])
        ]
        narrow, wide = (run.result() for run in runs)
        check(
            not no_hole(narrow, 1301) and narrow["is_same"],
            f"{name}: a hole of 1301 is found to the byte",
            show(narrow),
        )
        check(
            is_free(wide) and wide["is_same"],
            f"{name}: without a hole, 1500 bytes come back",
            show(wide),
        )


def main():
    pool = processes.Pool(3)
    holes = [(place, pool.submit(play, place, place[5] == 22))
             for place in HOLES]
    for place, call in holes:
        check_hole(place, call.result())
    check_twins(pool)
    check_smaller(pool)
    check_lost_words(pool)
    check_unsummed(pool)


main()
done()
