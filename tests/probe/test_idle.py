#!/usr/bin/python3
"""Which device forgets idle connections, when, and what happens then: real
connection tracking at routers, in IPv4 and IPv6; and what is no such device:
servers that close idle connections, crash or restart, paths that lose packets
or fail for a while."""

import collections
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time

import stage

import capture
import packets
import processes
import topology
from idle_cases import (
    EXPIRY, JIFFY, ROUTERS, device, timeouts, width, wrong
)
from stage import done
from tap import PROGRAM, check

# serve: of path.py; words: of the probe; during: what is done to the path
# meanwhile; holds: what is wrong with the run, or None
Case = collections.namedtuple(
    "Case", "name family options serve words holds during", defaults=(None,)
)
ECHO, SSH = "80:echo", "22:ssh"
PORT = ["-p", "80"]


def run(case):
    def act(path):
        if case.during:
            case.during(path)
        result = stage.probe(
            path, PROGRAM, case.family, "--only", "idle", *case.words
        )
        stage.wait_unguarded(3)
        # what closes a connection may be lost, too
        result["is_lossy"] = "--loss" in case.options or bool(case.during)
        result["left"] = [
            state
            for port in (22, 80)
            for state, _, _ in stage.sockets(path.server, port)
            if state == stage.ESTABLISHED
        ]
        return result

    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    return stage.play([*words, *case.options, "--serve", case.serve], act)


def planted(router, seconds, kind, is_ssh=False):
    return lambda run: wrong(run, router, seconds, kind, is_ssh=is_ssh)


def planted_first(router, seconds, kind):
    """The shorter of two devices; of others nothing is known."""

    def holds(run):
        said = wrong(run, router, seconds, kind)
        open_ = [
            line["signature"]
            for line in run["lines"]
            if line["type"] == "undetermined"
            and line["question"] == "idle-timeout"
        ]
        return said or (open_ != ["idle-longer-not-known"] and open_)

    return holds


def answer(run):
    """(the list that the idle time-out is in, the row that says so)"""
    for line in run["lines"]:
        if (
            line["type"] in ("excluded", "undetermined")
            and line["question"] == "idle-timeout"
        ):
            return line["type"], line["signature"]
    return None, None


def is_about(run):
    """Questions get lost: the hop may be one of several, and is among them."""
    found = timeouts(run)
    if len(found) != 1 or found[0]["on_expiry"] != "silent":
        return "not found"
    if not found[0]["survived_s"] < 3 <= found[0]["died_s"] + JIFFY:
        return "the time-out is not within the interval"
    if not found[0].get("after_hop", 0) < 3 <= found[0].get("before_hop", 3):
        return "the hop is not within the stretch"
    return f"{width(found[0])} wide" if width(found[0]) > 0.2 else None


def is_excluded(run):
    if timeouts(run):
        return "a time-out was found"
    if answer(run) == ("undetermined", "idle-not-all-tested"):
        return stage.Less("not all idle times were tested")
    if answer(run)[0] != "excluded":
        return f"it is not excluded: {answer(run)}"
    if run["left"] and not run["is_lossy"]:
        return f"{len(run['left'])} connections left"
    return None


def is_open(run):
    """Nothing is found, and nothing excluded."""
    if timeouts(run):
        return "a time-out was found"
    return None if answer(run)[0] == "undetermined" else answer(run)


def is_servers(run):
    """The server closes: that is no device's time-out."""
    if timeouts(run):
        return "somebody is accused"
    if answer(run) != ("undetermined", "idle-closed-by-server"):
        return answer(run)
    if run["lines"][-1].get("idle_survived_s", 0) < 1.5:
        return "hardly anything was tested"
    return None if "another port" in run["text"] else "no advice"


def is_silent(run):
    """No claim at all."""
    return "a time-out was found" if timeouts(run) else None


def is_crowded(run):
    """A connection that gets its own port again, by chance, lives: then times or
    hops contradict each other, or the interval begins a little late."""
    found = timeouts(run)
    if len(found) != 1:
        return f"{len(found)} findings"
    one = found[0]
    if one["on_expiry"] not in EXPIRY["crowded"].split("|"):
        return one["on_expiry"]
    if one["grade"] == "possible":
        if "several devices" not in one["could_also_be"]:
            return "possible, for another reason"
        return None if one.get("hop", 3) == 3 else f"hop {one['hop']}"
    if not one["survived_s"] * 0.97 < 4 <= one["died_s"] * 1.03:
        return "the time-out is not near the interval"
    return None if one.get("hop") == 3 else f"hop {one.get('hop')}"


def is_proved(run):
    wrong_ = wrong(run, 1, 3, "silent")
    if wrong_:
        return wrong_
    facts = [row["fact"] for row in timeouts(run)[0]["evidence"]]
    return None if "keepalive-proved" in facts else "the cure is not proved"


def at(seconds, act):
    """Does something to the path after a while, in a process of its own."""

    def during(path):
        if os.fork():
            return
        try:
            time.sleep(seconds)
            act(path)
        finally:
            os._exit(0)

    return during


def outage(path):
    """Nothing passes router 3 for a while."""
    path.node("r3").nft(topology.chain("forward", "drop", table="outage"))
    time.sleep(2.5)
    path.node("r3").nft("delete table inet outage")


def shorter_outage(path):
    path.node("r3").nft(topology.chain("forward", "drop", table="outage"))
    time.sleep(0.6)
    path.node("r3").nft("delete table inet outage")


def forget_all(path):
    """The server's kernel knows no connection any more, and has told nobody."""
    path.server.nft(
        topology.chain("output", "tcp flags & rst == rst drop", table="mute")
    )
    path.server.run(["ss", "-K", "sport", "=", ":80"])
    path.server.nft("delete table inet mute")


def lossy(percent):
    return ["--loss", f"3:{percent}"]


def cases():
    brief = ["--idle-max", "4", *PORT]
    longer = ["--idle-max", "10", *PORT]
    yield Case("a firewall that drops, hop 2", 4, device(2, 4, "silent"),
               ECHO, longer, planted(2, 4, "silent"))
    yield Case("the same, with a longer time-out", 4, device(2, 60, "silent"),
               ECHO, brief, is_excluded)
    yield Case("a firewall that resets, hop 5", 6, device(5, 3, "reset"),
               ECHO, longer, planted(5, 3, "reset"))
    yield Case("the same, with a longer time-out", 6, device(5, 60, "reset"),
               ECHO, brief, is_excluded)
    yield Case("a firewall that rejects, hop 3", 4, device(3, 3, "rejected"),
               ECHO, longer, planted(3, 3, "rejected"))
    yield Case("a NAT that moves ports, hop 4", 6, device(4, 5, "remapped"),
               ECHO, longer, planted(4, 5, "remapped"))
    for family in (4, 6):
        yield Case("a NAT that moves ports to each other's", family,
                   device(3, 4, "crowded"), ECHO, longer, is_crowded)
    yield Case("a NAT that keeps ports, hop 4", 6, ["--nat", "4:2:keep"],
               ECHO, brief, is_excluded)
    yield Case("a firewall that drops, hop 1, and its cure", 6,
               device(1, 3, "silent"), ECHO, [*longer, "--verify"], is_proved)
    yield Case("sshd behind a NAT, hop 2", 4, device(2, 4, "remapped"),
               SSH, ["--idle-max", "10"], planted(2, 4, "remapped", True))
    yield Case("sshd behind a firewall, hop 5", 6, device(5, 4, "silent"),
               SSH, ["--idle-max", "10"], planted(5, 4, "silent"))
    yield Case("sshd that waits six seconds for a login", 6, [],
               SSH + ":LoginGraceTime 6", ["--idle-max", "10"], is_servers)
    yield Case("sshd that waits longer", 4, [], SSH, ["--idle-max", "4"],
               is_excluded)
    yield Case("a server that closes idle connections", 4, [],
               "80:impatient:3", longer, is_servers)
    yield Case("a server that resets idle connections", 6, [],
               "80:brusque:3", longer, is_servers)
    yield Case("a NAT, and a server that closes later", 4,
               device(3, 3, "remapped"), "80:impatient:4.5", longer,
               planted(3, 3, "remapped"))
    for family in (4, 6):
        yield Case("a device behind a shorter one", family,
                   device(2, 6, "silent") + device(4, 3, "silent"), ECHO,
                   longer, planted_first(4, 3, "silent"))
        yield Case("a device before a longer one", family,
                   device(2, 3, "silent") + device(4, 6, "reset"), ECHO,
                   longer, planted_first(2, 3, "silent"))
    yield Case("a path that fails for a while", 4, [], ECHO, brief, is_silent,
               at(2.5, outage))
    yield Case("a path that fails shortly", 6, [], ECHO, brief, is_excluded,
               at(2.5, shorter_outage))
    yield Case("a server that forgets all", 6, [], ECHO, brief, is_silent,
               at(2.5, forget_all))
    yield Case("a path that loses a tenth each way", 6, lossy(10), ECHO, brief,
               is_excluded)
    yield Case("a lossy path with a device", 4,
               lossy(3) + device(3, 3, "silent"), ECHO, longer,
               is_about)
    yield Case("a closed port", 4, [], "81:echo", brief, is_open)


def signalled(number, seconds, serve, words, options=()):
    """A run that gets a signal so long after the server has a connection: what
    it said, the resets of our host, and how long it lasted, by the
    recording."""
    port = int(serve.split(":")[0])

    def act(path):
        folder = tempfile.mkdtemp()
        recorder = capture.Recorder(
            path, folder, [capture.Point("client")], lambda point: {}
        )
        process = path.client.start(
            [PROGRAM, "probe", path.server_address(4), "--only", "idle", "-q"]
            + ["--json", *words],
            stdout=subprocess.PIPE,
            text=True,
        )
        stage.wait_until(
            lambda: any(
                state == stage.ESTABLISHED
                for state, _, _ in stage.sockets(path.server, port)
            ),
            "the server has a connection",
        )
        time.sleep(seconds)
        process.send_signal(number)
        said = process.communicate(timeout=60)[0]
        ended = time.time()
        guards = len(stage.guards())
        time.sleep(5)  # sshd's patience ends meanwhile
        recorder.stop()
        own = [
            packet
            for packet in packets.read(os.path.join(folder, "client.pcapng"))
            if packet.source == path.client_address(4)
        ]
        shutil.rmtree(folder)
        stage.end_guards(1)
        return {
            "status": process.returncode,
            "lines": [json.loads(line) for line in said.splitlines()],
            "resets": [packet.time for packet in own if "R" in packet.flags],
            "guards": guards,
            "longest_s": ended - min(packet.time for packet in own),
        }

    return stage.play(
        ["--routers", "2", *stage.limits(2), *options, "--serve", serve], act
    )


def check_signals(interrupted, killed):
    survived_s = interrupted["lines"][-1].get("idle_survived_s", 0)
    check(
        interrupted["status"] == 0
        and not timeouts(interrupted)
        and 1 < survived_s < interrupted["longest_s"],
        "Ctrl-C reports the idle time that was survived so far",
        interrupted,
    )
    check(
        killed["status"] == -signal.SIGKILL and killed["guards"] == 1,
        "after kill -9 the ports are guarded",
        killed,
    )
    check(
        not interrupted["resets"] and not killed["resets"],
        "our kernel sends no reset",
        [interrupted, killed],
    )


def main():
    pool = processes.Pool(10)
    interrupted = pool.submit(
        signalled, signal.SIGINT, 4, ECHO, PORT, device(1, 60, "silent")
    )
    killed = pool.submit(
        signalled, signal.SIGKILL, 3, SSH + ":LoginGraceTime 5", []
    )
    calls = [(case, pool.submit(run, case)) for case in cases()]
    for case, call in calls:
        name = f"IPv{case.family}: {case.name}"
        said, result = stage.settled(
            name, call.result(), case.holds, lambda case=case: run(case)
        )
        check(
            result["status"] == 0 and result["is_same"] and not said,
            name,
            f"{said}\n{result['seconds']:.1f} s, same {result['is_same']}\n"
            f"{result['text']}\n{result['said']}",
        )
    check_signals(interrupted.result(), killed.result())


main()
done()
