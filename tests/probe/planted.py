"""Cases of something planted on a path of five routers, and what `culprit
probe` has to find there: exactly that. Kernels' default limits of ICMP errors
are on; each recording has to be judged as the run was."""

import collections
import functools
import json
import os
import subprocess

import stage

import processes
import tap

ROUTERS = 5
MOST_UNPLAYED = 2
MOST_WIDER = 1
LIMITS = stage.limits(ROUTERS)
LATER = {4: "ip frag-off & 0x1fff != 0 drop", 6: "frag frag-off != 0 drop"}

# options: of tests/lab/path.py; expected: lines as `summarised` makes them;
# target: instead of the server's address; wider: further expectations, where
# chance leaves more than one place open
Case = collections.namedtuple(
    "Case", "family name options only expected target wider",
    defaults=(None, ()),
)


def rules(router, *chains):
    """Rules of nftables on a router; each chain is (hook, priority, rules)."""
    text = "".join(
        f"chain {hook} {{\ntype filter hook {hook} priority {priority};\n"
        f"{lines}\n}}\n"
        for hook, priority, lines in chains
    )
    return ["--nft", f"{router}:table inet planted {{\n{text}}}"]


def at_router(family, router, kind):
    """One device at one router."""
    ip = "ip" if family == 4 else "ip6"
    net = "10.77.{}.{}" if family == 4 else "fd77:{}::{}"
    client, server = net.format(1, 2), net.format(ROUTERS + 1, 2)
    outer = net.format(router + 1, 1)
    # of the packet that an error quotes
    address = "@th,160,32" if family == 4 else "@th,128,128"
    number = "0x0a4d0102" if family == 4 else "0xfd770001" + "0" * 23 + "2"
    error = (
        "icmp type time-exceeded"
        if family == 4
        else "icmpv6 type time-exceeded"
    )
    neighbours = (
        ""
        if family == 4
        else "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n"
    )
    there = neighbours + f"{ip} saddr {client} {ip} saddr set {outer}"
    back = neighbours + f"{ip} daddr {outer} {ip} daddr set {client}"
    last = "postrouting", "300"
    first = "prerouting", "-300"
    if kind == "translated":  # and nothing put back in quotes
        return rules(router, (*last, there), (*first, back))
    if kind == "half translated":  # all but the checksum put back
        restore = f"{ip} daddr {outer} {error} {address} set {number}\n"
        return rules(router, (*last, there), (*first, restore + back))
    if kind == "sent on":
        shown = net.format(ROUTERS + 1, 99)
        return rules(
            router,
            (*last, f"{ip} daddr {shown} {ip} daddr set {server}"),
            (*first, f"{ip} saddr {server} {ip} saddr set {shown}"),
        )
    if kind == "kernel":
        return ["--nat", str(router)]
    if kind == "kernel, other ports":
        return ["--nat", f"{router}:600:random"]
    words = {
        "ttl": f"{ip} {'ttl' if family == 4 else 'hoplimit'} set 77",
        "ip-id": "ip id set 4711",
        "ecn-flags": "tcp flags & (syn|ack) == syn tcp flags set syn",
    }[kind]
    return rules(router, (*last, f"{ip} daddr {server} {words}"))


def tiny_first(family, router):
    """Drops first pieces that do not hold a TCP header."""
    short = (
        "ip frag-off & 0x3fff == 0x2000 ip length < 68 drop"
        if family == 4
        else "exthdr frag exists ip6 length < 68 drop"
    )
    return rules(router, ("prerouting", "-450", short))


def later(family, link):
    """Drops all pieces but the first of each packet, on a link."""
    if link > ROUTERS:  # on the way out of the last router
        return rules(ROUTERS, ("forward", "0", LATER[family]))
    return rules(link, ("prerouting", "-450", LATER[family]))


def summarised(finding):
    """A finding in one line; a hop that is not known is left out."""
    words = [
        finding[key]
        for key in ("finding", "field", "kind", "direction")
        if key in finding and (key, finding[key]) != ("direction", "forward")
    ]
    words += [
        f"{key} {finding[key]}"
        for key in ("mtu", "hop", "after_hop", "before_hop")
        if key in finding
    ]
    return " ".join(words)


def probe(case, program, *recordings):
    """A run for each recording, one right after another on the same path:
    [(exit status, standard output, standard error)]."""

    def act(path):
        target = case.target or path.server_address(case.family)
        words = [program, "probe", target, "--json", "--only", case.only]
        with path.client.inside():
            runs = [
                subprocess.run(
                    [*words, "-w", recording],
                    text=True,
                    capture_output=True,
                    check=False,
                )
                for recording in recordings
            ]
        return [(ran.returncode, ran.stdout, ran.stderr) for ran in runs]

    options = ["--routers", str(ROUTERS), *LIMITS, *case.options]
    return stage.play([*options, "--serve", "22:banner"], act)


def run(seed, case):
    """(what is wrong or None, where the recording is, what was found)"""
    recording = stage.recording()
    seeded = case._replace(options=[*case.options, "--seed", str(seed)])
    status, said, complaint = probe(seeded, tap.PROGRAM, recording)[0]
    if status:
        wrong = f"exit status {status}: {complaint.strip()}"
        return wrong, recording, []
    if stage.judged(tap.PROGRAM, recording) != said:
        return "the recording is judged otherwise", recording, []
    lines = [json.loads(line) for line in said.splitlines()]
    findings = [line for line in lines if line["type"] == "finding"]
    found = sorted(summarised(line) for line in findings)
    wrong = None
    if found != sorted(case.expected) and found not in case.wider:
        wrong = f"found {found}, expected {sorted(case.expected)}"
    return wrong, recording, findings


def played(pool, cases, seed):
    results = pool.map(functools.partial(run, seed), cases)
    yield from zip(cases, results)


def main(cases, at_once=2, is_unplayed=lambda findings: False):
    """Runs them, some at a time; the program is the first argument. Where
    chance kept a case from taking place it is played with other numbers, once.
    """
    if os.geteuid() != 0:
        tap.skip("paths of the lab", "not root")
        stage.done()
    unplayed, wider = [], []
    pool = processes.Pool(at_once)
    for case, result in played(pool, list(cases), 1):
        if is_unplayed(result[2]):
            unplayed.append(case)
        else:
            told(case, result, wider)
    for case, result in played(pool, unplayed, 2):
        told(case, result, wider)
    if unplayed:
        names = "; ".join(f"IPv{one.family} {one.name}" for one in unplayed)
        print(f"# retried: {len(unplayed)} ({names})")
        tap.check(
            len(unplayed) <= MOST_UNPLAYED,
            f"at most {MOST_UNPLAYED} cases did not take place at first",
            names,
        )
    if wider:
        names = "; ".join(f"IPv{one.family} {one.name}" for one in wider)
        print(f"# told less exactly: {len(wider)} ({names})")
    tap.check(
        len(wider) <= MOST_WIDER,
        f"at most {MOST_WIDER} case is told less exactly than it might be",
        wider,
    )
    stage.done()


def told(case, result, wider):
    wrong, recording, findings = result
    tap.check(
        not wrong, f"IPv{case.family}, {case.name}", f"{wrong}\n{recording}"
    )
    if sorted(summarised(line) for line in findings) in case.wider:
        wider.append(case)
