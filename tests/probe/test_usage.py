#!/usr/bin/python3
"""What culprit probe takes and says where something stands in its way: ways to
write the target, a target that is not there or does not answer, this host's own
firewall, proxies, rationed routers, and recordings that others make beside it.

    test_usage.py PROGRAM

Needs root.
"""

import json
import os
import subprocess
import tempfile

import stage

import capture
import processes
import servers
import topology
from stage import done
from tap import PROGRAM, check

FAMILIES = (4, 6)
ROUTERS = 4
PATH = ["--routers", str(ROUTERS), *stage.limits(ROUTERS), "--delay-ms", "1"]
SSH = ["--serve", "22:ssh"]
NOBODY = {4: "10.77.5.77", 6: "fd77:5::77"}
SILENT = topology.chain(
    "input",
    "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; drop",
)
BESIDE = ("", "mtu", "rewritten", "loss", "reverse")


def run(node, *words):
    with node.inside():
        ran = subprocess.run(
            [PROGRAM, "probe", *words],
            text=True,
            capture_output=True,
            check=False,
        )
    return ran.returncode, ran.stdout, ran.stderr


def link_local(node, interface):
    said = node.run(["ip", "-6", "-o", "addr", "show", "dev", interface])
    return next(
        line.split()[3].split("/")[0]
        for line in said.splitlines()
        if " fe80:" in line
    )


def ways_to_write(path):
    client, interface = path.client, path.client.interfaces[0][0]
    local = link_local(path.routers[0], "to-client")
    route = ["--only", "route"]
    server = path.server_address(6)
    with tempfile.TemporaryDirectory() as folder:
        same = os.path.join(folder, "same")
        zone = os.path.join(folder, "zone")
        return {
            "brackets": run(client, *route, f"[{server}]"),
            "plain": run(client, *route, server),
            "scope": run(client, *route, f"{local}%{interface}"),
            "scope in brackets": run(
                client, *route, f"[{local}%{interface}]"
            ),
            "no scope": run(client, *route, local),
            "wrong scope": run(client, *route, f"{local}%none"),
            "one file": run(client, *route, server, "-w", same, "-o", same),
            "json": run(client, "--dry-run", "--json", server),
            "text": run(client, "--dry-run", server),
            "all of it": run(client, "--dry-run", "-v", server),
            "in full": run(client, "--json", server),
            "zone": run(
                client, *route, f"{local}%{interface}", "-w", zone
            ),
            "judged zone": stage.judged(PROGRAM, zone),
            "written zone": f"{local}%{interface}",
        }


def check_ways(said):
    for name in ("brackets", "plain", "scope", "scope in brackets"):
        check(
            said[name][0] == 0 and "the target" in said[name][1],
            f"a target is taken as it is written: {name}",
            said[name],
        )
    check(
        said["no scope"][0] == 2
        and "needs its interface" in said["no scope"][2],
        "a link-local address without its interface: it is said what lacks",
        said["no scope"],
    )
    check(
        said["wrong scope"][0] == 2
        and "is no interface here" in said["wrong scope"][2],
        "a link-local address with an interface that is none",
        said["wrong scope"],
    )
    check(
        said["one file"][0] == 2 and "writes there too" in said["one file"][2],
        "recording and report do not go into one file",
        said["one file"],
    )
    zone, text = said["written zone"], said["zone"][1]
    lines = said["judged zone"].splitlines()
    check(
        f"[{zone}]:22" in text
        and f"culprit probe {zone} -p 22 --only " in " ".join(text.split())
        and lines
        and all(json.loads(line)["target"] == zone for line in lines),
        "the zone of a link-local target is in the report, the commands of "
        "its advice, and what its recording gives",
        (text, lines),
    )


def check_dry_run(said):
    lines = [json.loads(line) for line in said["json"][1].splitlines()]
    text = [
        line for line in said["all of it"][1].splitlines() if " ttl " in line
    ]
    names = [
        line["experiment"] for line in lines if line["type"] == "experiment"
    ]
    total = lines[-1]
    check(
        len(text) > 20
        and [line["type"] for line in lines]
        == ["packet"] * len(text) + ["experiment"] * 10 + ["summary"]
        and names[0] == "connection"
        and str(total["most_packets"]) in said["text"][1],
        "a dry run as JSON has the packets and the counts of the text",
        said["json"],
    )
    rows = said["text"][1].splitlines()
    counts = [line for line in lines if line["type"] == "experiment"]
    check(
        len(rows) <= 24
        and max(len(row) for row in rows) <= 100
        and all(any(row.split()[:1] == [name] for row in rows)
                for name in names)
        and total["usual_packets"]
        == sum(count["usual_packets"] for count in counts)
        and total["most_packets"]
        == sum(count["most_packets"] for count in counts),
        "a dry run fits on a screen, with a line for each experiment",
        said["text"],
    )
    sent = json.loads(said["in full"][1].splitlines()[-1])["sent"]
    check(
        0.8 * total["usual_packets"] < sent < 1.2 * total["usual_packets"],
        "a run on a healthy path sends about as many packets as a dry run "
        "announces",
        (sent, total),
    )


HOSTS = """10.77.1.1 near.test
10.77.2.2 evil\u001b[31m\u202e.test
10.77.3.2 {long}.test
"""


def named(path):
    """A run whose hops have names, one of them hostile."""
    with tempfile.TemporaryDirectory() as folder:
        hosts = os.path.join(folder, "hosts")
        with open(hosts, "w", encoding="utf-8") as file:
            file.write(HOSTS.format(long="x" * 250))
        script = (
            f"mount --bind {hosts} /etc/hosts && exec {PROGRAM} probe "
            f"{path.server_address(4)} --only route "
        )
        said = []
        for words in ("--names", "--names --json", "--json"):
            with path.client.inside():
                ran = subprocess.run(
                    ["unshare", "-m", "sh", "-c", script + words],
                    capture_output=True,
                    check=False,
                )
            said.append(
                (ran.returncode, ran.stdout.decode(), ran.stderr.decode())
            )
        return said


def check_names(said):
    text, lines, without = said
    hops = [json.loads(line) for line in lines[1].splitlines()]
    names = {line.get("ttl"): line["name"] for line in hops if "name" in line}
    check(
        text[0] == 0
        and "10.77.1.1  near.test" in text[1]
        and names.get(1) == "near.test"
        and "\x1b" not in text[1] + lines[1] + text[2]
        and "\u202e" not in text[1] + lines[1]
        and all(
            "!" <= letter <= "~" for name in names.values() for letter in name
        )
        and '"name"' not in without[1],
        "hops are named if asked for, and a hostile name harms nobody",
        said,
    )
    columns = "loss %   sent   best ms     avg   worst   stdev  address"
    hop = hops[0]
    check(
        columns in text[1]
        and hop["rtt_ms"] <= hop["rtt_average_ms"] <= hop["rtt_worst_ms"]
        and 0 <= hop["rtt_deviation_ms"]
        and hop["loss_percent"] == 0
        and hop["sent"] >= 3,
        "the table of hops has loss, packets, round trips and deviation",
        said,
    )


def absent(path):
    """A host that is not there, and one that drops everything."""
    missing = {
        family: run(path.client, "--only", "route", NOBODY[family])
        for family in FAMILIES
    }
    path.server.nft(SILENT)
    silent = {
        family: run(
            path.client, "--only", "route", path.server_address(family)
        )
        for family in FAMILIES
    }
    return {"missing": missing, "silent": silent}


def check_absent(said):
    for what, words in (
        ("missing", "no such host, or it is down"),
        ("silent", "it did not answer; routers on the path did"),
    ):
        for family in FAMILIES:
            status, text, error = said[what][str(family)]
            check(
                status == 5 and words in error and "PORT" in text,
                f"IPv{family}: a target that is {what}: exit status 5, which "
                "of the two, and the report",
                (status, text, error),
            )


def own_firewall(path):
    path.client.nft(topology.chain("output", "tcp flags syn drop"))
    return [run(path.client, path.server_address(f)) for f in FAMILIES]


def check_firewall(said):
    for family, (status, _, error) in zip(FAMILIES, said):
        check(
            status == 5 and "own firewall" in error and "sudo" not in error,
            f"IPv{family}: this host's own firewall is named",
            (status, error),
        )


def routes(path):
    return [
        [stage.probe(path, PROGRAM, family, "--only", "route") for _ in "1234"]
        for family in FAMILIES
    ]


def check_routes(said):
    for family, runs in zip(FAMILIES, said):
        known = [
            [line["ttl"] for line in one["lines"] if "address" in line]
            for one in runs
        ]
        check(
            all(hops == [1, 2, 3, 4, 5] for hops in known),
            f"IPv{family}: four runs one after another know all hops",
            known,
        )


def redirect(router):
    """The router's own server answers in the target's name."""
    rule = "tcp dport 22 redirect"
    return [
        "--nft",
        f"{router}:table inet proxy {{\nchain c {{\n"
        f"type nat hook prerouting priority -100;\n{rule}\n}}\n}}",
    ]


def answered_by(hop):
    """A path whose router at `hop` answers the port; 0: none does."""

    def act(path):
        if hop:
            servers.start(path.routers[hop - 1], 22, "banner", "")
        return [
            stage.probe(path, PROGRAM, family, "--only", "route")
            for family in FAMILIES
        ]

    words = [*PATH, *(redirect(hop) if hop else []), *SSH]
    return stage.play(words, act)


def check_proxy(hop, grade, runs):
    for family, one in zip(FAMILIES, runs):
        found = [
            (line["finding"], line["grade"], line["hop"])
            for line in stage.findings(one)
        ]
        check(
            one["is_same"]
            and found == ([("proxy", grade, hop)] if hop else []),
            f"IPv{family}: "
            + (f"who answers at hop {hop} is told, {grade}" if hop
               else "where the target answers nobody else is told of"),
            one["text"],
        )


def beside(family):
    """Recordings that others make beside healthy probes."""

    def act(path):
        said = []
        for only in BESIDE:
            words = ["--only", only] if only else []
            with tempfile.TemporaryDirectory() as folder:
                points = [capture.Point("client"), capture.Point("server")]
                recorder = capture.Recorder(
                    path, folder, points, lambda point: {}
                )
                status = run(path.client, path.server_address(family), *words)
                recorder.stop()
                for name in ("client", "server"):
                    file = os.path.join(folder, f"{name}.pcapng")
                    lines = stage.judged(PROGRAM, file).splitlines()
                    said.append((only, name, status[0], lines))
        return said

    return stage.play([*PATH, *SSH], act)


def check_beside(family, said):
    for only, name, status, lines in said:
        found = [json.loads(line) for line in lines]
        check(
            status == 0
            and found[-1]["type"] == "summary"
            and found[-1]["flows"] > 0
            and not any(line["type"] == "incident" for line in found),
            f"IPv{family}: recorded at the {name}, a healthy probe "
            f"({only or 'all'}) accuses nobody",
            lines,
        )


def main():
    pool = processes.Pool(4)
    calls = [
        (check_names, pool.submit(stage.play, [*PATH, *SSH], named)),
        (check_absent, pool.submit(stage.play, [*PATH, *SSH], absent)),
        (check_firewall, pool.submit(stage.play, [*PATH, *SSH], own_firewall)),
        (check_routes, pool.submit(stage.play, [*PATH, *SSH], routes)),
    ]
    for hop, grade in ((2, "likely"), (3, "likely"), (4, "possible"), (0, "")):
        call = pool.submit(answered_by, hop)
        calls.append(
            (lambda runs, h=hop, g=grade: check_proxy(h, g, runs), call)
        )
    for family in FAMILIES:
        call = pool.submit(beside, family)
        calls.append((lambda said, f=family: check_beside(f, said), call))
    said = pool.submit(stage.play, [*PATH, *SSH], ways_to_write).result()
    check_ways(said)
    check_dry_run(said)
    for look, call in calls:
        look(call.result())


main()
done()
