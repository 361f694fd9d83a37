#!/usr/bin/python3
"""Who gets packets from a probe, and what stays behind of it: recordings of
every interface of the lab, a bystander's in the client's own network among
them, also of runs that a signal ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import stage

import capture
import kernel
import packets
import processes
import topology
from stage import done
from tap import PROGRAM, check

MOMENTS = (0.01, 0.08, 0.2, 0.5, 1.0)
PORTS = (22, 23)
LINGER = 30  # until the target has given up, where both are quick
# until the server has nothing to send again: a program that was killed has not
# ended its connections, and a socket without a program sends its data for about
# 100 s (tcp_orphan_retries)
SETTLED_S = {signal.SIGKILL: 240}
SETTLED_AT_ONCE_S = 10
# from Linux 6.15 on it need not take that long
RTO_MAX = (
    ["--sysctl", "server:net.ipv4.tcp_rto_max_ms=1000"]
    if os.path.exists("/proc/sys/net/ipv4/tcp_rto_max_ms")
    else []
)


def add_bystander(path):
    """A host on the client's link, which becomes a bridge of r1."""
    router = path.routers[0]
    bystander = topology.Node("bystander")
    bystander.sysctl(topology.SYSCTLS)
    peer = f"/proc/{os.getpid()}/fd/{bystander.descriptor}"
    router.ip(
        "link add lan type bridge\n"
        "link set lan up\n"
        "addr flush dev to-client\n"
        "link set to-client master lan\n"
        "addr add 10.77.1.1/24 dev lan\n"
        "addr add fd77:1::1/64 dev lan nodad\n"
        "link add to-bystander type veth "
        f"peer name to-lan netns {peer}\n"
        "link set to-bystander master lan up\n"
    )
    bystander.ip(
        "link set lo up\n"
        "link set to-lan up\n"
        "addr add 10.77.1.50/24 dev to-lan\n"
        "addr add fd77:1::50/64 dev to-lan nodad\n"
    )
    path.nodes.append(bystander)
    with bystander.inside():
        stage.wait_until(
            lambda: kernel.is_running("to-lan"), "the bystander's link is up"
        )


def state_of(node):
    """All that a probe could have left behind on its host."""
    said = ""
    for words in (
        ["ip", "addr"],
        ["ip", "route", "show", "table", "all"],
        ["ip", "-6", "route", "show", "table", "all"],
        ["ip", "rule"],
        ["nft", "list", "ruleset"],
        ["ss", "-H", "-a", "-n", "-A", "inet,packet"],
        ["sysctl", "-a", "--pattern", r"^net\.ipv[46]\.(conf|tcp|icmp)"],
    ):
        said += node.run(words)
    return said


def signalled(path, family, number, moment, port):
    """A run that gets a signal; (exit status, what it said)."""
    process = path.client.start(
        [PROGRAM, "probe", path.server_address(family), "-p", port, "-q"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(moment)
    process.send_signal(number)
    status = stage.wait_or_kill(process, 30)
    return status, process.stderr.read()


def record(path, folder, act, seconds):
    points = [capture.Point(node.name) for node in path.nodes]
    recorder = capture.Recorder(path, folder, points, lambda point: {})
    try:
        return act()
    finally:
        stage.wait_until(
            lambda: all(stage.is_settled(path, port) for port in PORTS),
            "the server has nothing to send again",
            seconds=seconds,
        )
        recorder.stop()


def is_neighbourly(packet):
    """Neighbour discovery, and who listens to which group."""
    return packet.destination.startswith("ff") or (
        packet.icmp[:1] == (6,) and packet.icmp[1] in (135, 136)
    )


def told(packet):
    kind = packet.flags or packet.icmp or "other"
    return (
        f"{packet.time:.6f} {packet.source}:{packet.source_port} > "
        f"{packet.destination}:{packet.destination_port} {kind}"
    )


def misdeeds(folder, path_addresses):
    """(strangers, resets, at the bystander's), as texts."""
    strangers, resets, beside = [], [], []
    own, targets = path_addresses
    for name in sorted(os.listdir(folder)):
        for packet in packets.read(os.path.join(folder, name)):
            if packet.source not in own or is_neighbourly(packet):
                continue
            if name.startswith("bystander"):
                beside.append(told(packet))
            if packet.destination not in targets:
                strangers.append(f"{name}: {told(packet)}")
            if name.startswith("client") and stage.is_kernels_reset(packet):
                resets.append(f"{name}: {told(packet)}")
    return strangers, resets, beside


def act_on(folder, act, seconds):
    """A path with a bystander, recorded while act(path) runs; the host is
    looked at when no port is guarded any more. What is not acknowledged, an
    end among it, the server sends again three times at most."""

    def work(path):
        add_bystander(path)
        before = state_of(path.client)
        result = record(path, folder, lambda: act(path), seconds)
        stage.end_guards(LINGER)
        return {
            "result": result,
            "before": before,
            "after": state_of(path.client),
            "own": [path.client_address(family) for family in (4, 6)],
            "targets": [path.server_address(family) for family in (4, 6)],
        }

    return stage.play(
        ["--routers", "5", *stage.limits(5), "--delay-ms", "1.7"]
        + ["--hole", "3:1400:silent"]
        + ["--serve", "22:banner", "--serve", "23:talk:200000"]
        + ["--sysctl", "server:net.ipv4.tcp_retries2=3"]
        + ["--sysctl", "server:net.ipv4.tcp_orphan_retries=3"]
        + ["--sysctl", "server:net.ipv4.tcp_synack_retries=1"]
        + RTO_MAX,
        work,
    )


def judge(what, folder, played):
    strangers, resets, beside = misdeeds(
        folder, (played["own"], played["targets"])
    )
    check(
        len(os.listdir(folder)) == 8 and not strangers,
        f"{what}: nobody but the target gets packets",
        "\n".join(strangers),
    )
    check(not resets, f"{what}: our kernel sends no reset", "\n".join(resets))
    check(not beside, f"{what}: a bystander hears nothing", "\n".join(beside))
    check(
        played["before"] and played["before"] == played["after"],
        f"{what}: the host is left as it was",
        difference(played["before"], played["after"]),
    )


def difference(before, after):
    old, new = before.splitlines(), after.splitlines()
    return "\n".join(
        [f"-{line}" for line in old if line not in new]
        + [f"+{line}" for line in new if line not in old]
    )


def whole_runs(path):
    return [
        stage.probe(path, PROGRAM, family, "-p", port)
        for family in (4, 6)
        for port in ("22", "23", "24")
    ]


def check_whole(played):
    check(
        all(run["status"] == 0 and run["is_same"] for run in played["result"]),
        "with a bystander: the recordings are judged as the runs were",
        [run["said"] for run in played["result"]],
    )


def interrupted_runs(number):
    def act(path):
        return [
            signalled(path, family, number, moment, port)
            for family in (4, 6)
            for port in ("22", "23")
            for moment in MOMENTS
        ]

    return act


def check_interrupted(name, played):
    check(
        all(status is not None for status, _ in played["result"]),
        f"{name} ends a run",
        played["result"],
    )


def main():
    plays = {"whole runs": (whole_runs, SETTLED_AT_ONCE_S)}
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        plays[signal.Signals(number).name] = (
            interrupted_runs(number),
            SETTLED_S.get(number, SETTLED_AT_ONCE_S),
        )
    pool = processes.Pool(4)
    with tempfile.TemporaryDirectory() as top:
        folders = {name: os.path.join(top, name) for name in plays}
        played = {
            name: pool.submit(act_on, folders[name], *play)
            for name, play in plays.items()
        }
        for name, call in played.items():
            if name == "whole runs":
                check_whole(call.result())
            else:
                check_interrupted(name, call.result())
            judge(name, folders[name], call.result())


if shutil.which("sysctl") is None or shutil.which("ss") is None:
    sys.exit("procps and iproute2 are missing")
main()
done()
