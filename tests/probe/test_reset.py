#!/usr/bin/python3
"""Devices that reset connections on certain bytes, and what is no such device:
servers that do, loss, restarts; who refuses a connection at its host; and what
a run leaves behind.

    test_reset.py PROGRAM

Needs root.
"""

import collections
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import stage

import capture
import packets
import processes
import topology
from reset_cases import cases, device, found, path, wrong
from stage import done
from tap import PROGRAM, check

EVERY = 7  # of the matrix; 7 meets each style and each link
SSH = "22:ssh"
Case = collections.namedtuple(
    "Case", "name family options serve words holds during", defaults=(None,)
)


def run(case):
    def act(built):
        if case.during:
            case.during(built)
        result = stage.probe(
            built, PROGRAM, case.family, "--only", "reset", *case.words
        )
        stage.wait_unguarded(3)
        return result

    return stage.play([*path(), *case.options, "--serve", case.serve], act)


def listed(run_):
    """The list that the question is in, and the row that says so."""
    return [
        (line["type"], line["signature"])
        for line in run_["lines"]
        if line.get("question") == "injector"
    ]


def is_excluded(run_):
    if found(run_) or found(run_, "reset-origin"):
        return "somebody is accused"
    if listed(run_) != [("excluded", "trigger-provokes-nothing")]:
        return listed(run_)
    return None


def is_nobody(run_):
    """No device is accused, and none is excluded."""
    if found(run_):
        return "a device is accused"
    return None if listed(run_)[0][0] == "undetermined" else listed(run_)


def is_silent(run_):
    return "a device is accused" if found(run_) else None


def is_between(after, before, grade="certain", **more):
    def holds(run_):
        if len(found(run_)) != 1:
            return f"{len(found(run_))} devices"
        one = found(run_)[0]
        if (one.get("after_hop"), one["before_hop"]) != (after, before):
            return f"hop {one.get('after_hop')} to {one['before_hop']}"
        if one["grade"] not in grade.split("|"):
            return one["grade"]
        for key, value in more.items():
            if one.get(key) != value:
                return f"{key}: {one.get(key)}"
        return None

    return holds


def blocks(run_):
    wrong_ = is_between(2, 3)(run_)
    if wrong_:
        return wrong_
    one = found(run_)[0]
    if not one.get("blocked_s", 9) <= 1 <= one.get("unblocked_s", 0) + 0.05:
        return f"blocked {one.get('blocked_s')} to {one.get('unblocked_s')}"
    return None


def is_sent_to(sender, hop=None):
    def holds(run_):
        ones = [
            (one["sender"], one.get("hop"), one.get("trigger"))
            for one in found(run_, "reset-origin")
        ]
        if found(run_) or ones != [(sender, hop, "http:forbidden.example")]:
            return ones
        # what read no old data is not excluded
        wanted = "excluded" if sender == "server" else "undetermined"
        return None if listed(run_)[0][0] == wanted else listed(run_)

    return holds


def is_dropped(run_):
    if found(run_) or found(run_, "reset-origin"):
        return "found"
    if listed(run_) != [("undetermined", "trigger-dropped")]:
        return listed(run_)
    return None


def rejects(node, hook):
    """A firewall that resets what begins with "SSH-"."""
    rule = "tcp dport 22 @ih,0,32 0x5353482d reject with tcp reset"
    return ["--nft", f"{node}:{topology.chain(hook, rule)}"]


def at(seconds, act):
    def during(built):
        if os.fork():
            return
        try:
            time.sleep(seconds)
            act(built)
        finally:
            os._exit(0)

    return during


def kill_all(built):
    """As when the server's program ends: its kernel resets all connections."""
    built.server.run(["ss", "-K", "sport", "=", ":80"])


def restart(built):
    """As when the server's host restarts: it knows no connection."""
    built.server.nft(
        topology.chain("output", "tcp flags & rst == rst drop", table="mute")
    )
    kill_all(built)
    built.server.nft("delete table inet mute")


def others():
    web = ["-p", "80", "--trigger", "http:forbidden.example"]
    hello = ["-p", "443", "--trigger", "tls:forbidden.example"]
    wire = "style=linux,to_sender"
    for family in (4, 6):
        yield Case("nobody resets", family, [], SSH, [], is_excluded)
        yield Case("a firewall at router 3 that reads SSH", family,
                   rejects("3", "forward"), SSH, [],
                   is_between(3, 4, drops_trigger=True))
        yield Case("the server's own firewall that reads SSH", family,
                   rejects("server", "input"), SSH, [],
                   is_between(5, 6, "likely"))
    yield Case("a device that watches for another name", 4,
               ["--wire", f"3:inject:keyword=other.example,{wire}"],
               "80:echo", web, is_excluded)
    yield Case("a device that watches for the name, HTTP", 6,
               ["--wire", f"3:inject:keyword=forbidden.example,{wire}"],
               "80:echo", web,
               is_between(2, 3, trigger="http:forbidden.example"))
    yield Case("a device that watches for the name, TLS", 4,
               ["--wire", f"4:inject:keyword=forbidden.example,{wire}"],
               "443:tls", hello,
               is_between(3, 4, trigger="tls:forbidden.example"))
    yield Case("a device that watches for some bytes", 4,
               ["--wire", f"1:inject:keyword=secret,{wire}"], "80:echo",
               ["-p", "80", "--trigger", "bytes:" + b"xsecretx".hex()],
               is_between(0, 1, trigger="bytes"))
    yield Case("a server that resets at the first data", 4, [], "80:abort",
               web, is_excluded)
    yield Case("the same with a device", 6,
               ["--wire", f"2:inject:keyword=forbidden.example,{wire}"],
               "80:abort", web, is_between(1, 2))
    yield Case("a server that closes at once", 4, [], "80:close", web,
               is_silent)
    yield Case("a device that blocks this host for a second", 4,
               device(3, "linux", more=",block_all_ms=1000"), SSH, [], blocks)
    yield Case("a device that blocks for longer than is waited", 6,
               device(3, "linux", more=",block_all_ms=30000"), SSH, [],
               is_between(2, 3, "likely"))
    yield Case("a device that blocks the connection", 6,
               device(4, "window-8192", inline=True, more=",block_ms=5000"),
               SSH, [], is_between(3, 4))
    yield Case("a device that copies hop limits and blocks all", 4,
               device(3, "single", hop_limit=",mirror_ttl",
                      more=",block_all_ms=1500"),
               SSH, [], is_nobody)  # its first reset ends on the path
    yield Case("a device that waits for 30 ms", 4,
               device(3, "linux", more=",delay_ms=30"), SSH, [],
               is_between(2, 3))
    for family, wait_ms in ((6, 200), (4, 500), (6, 800)):
        yield Case(f"a device that waits for {wait_ms} ms", family,
                   device(3, "linux", more=f",delay_ms={wait_ms}"), SSH, [],
                   is_between(2, 3, "certain|likely"))
    yield Case("a device that drops what begins with SSH-", 4,
               ["--nft", "2:" + topology.chain(
                   "forward", "tcp dport 22 @ih,0,32 0x5353482d drop")],
               SSH, [], is_dropped)
    yield Case("a tenth is lost each way", 4, ["--loss", "2:10"], SSH, [],
               is_silent)
    yield Case("a device, and a fiftieth is lost", 6,
               [*device(4, "linux"), "--loss", "2:2"], SSH, [],
               is_between(3, 4, "certain|likely"))
    # its resets acknowledge the SYN, which another experiment has sent
    both = ["--only", "flows,reset"]
    for family in (4, 6):
        yield Case("a device that knows all numbers, shared connections",
                   family, device(3, "stateful"), SSH, both, is_between(2, 3))
        yield Case("a server that resets all shared connections", family, [],
                   "80:echo", [*web, *both], is_silent, at(0.8, kill_all))
    reads = "tcp dport 80 tcp window 65535 @ih,0,32 0x47455420"
    yield Case("a server that resets, sent to", 4, [], "80:abort",
               [*web, "--send"], is_sent_to("server"))
    yield Case("a server that answers, sent to", 6, [], "80:answer:300",
               [*web, "--send"], is_excluded)
    for family in (4, 6):
        yield Case("a router that reads data only, sent to", family,
                   ["--nft", "3:" + topology.chain(
                       "forward", reads + " reject with tcp reset")],
                   "80:answer:300", [*web, "--send"],
                   is_sent_to("middlebox", 3))
    for family in (4, 6):
        yield Case("a server that resets what is idle for a while", family, [],
                   "80:brusque:0.9", web, is_silent)
    for seconds in (0.7, 0.9, 1.1):
        yield Case(f"a server that resets all after {seconds} s", 4, [],
                   "80:echo", web, is_silent, at(seconds, kill_all))
        yield Case(f"a server that restarts after {seconds} s", 6, [],
                   "80:echo", web, is_silent, at(seconds, restart))
    yield Case("a closed port", 4, [], "81:echo", web, is_nobody)
    yield Case("a port without a known protocol", 6, [], "2000:echo",
               ["-p", "2000"], is_nobody)


REJECT = "tcp dport 23 reject with tcp reset"
PORTS = (
    ("the port is closed", [], ("closed", None, None)),
    (
        "the target's firewall refuses",
        ["--nft", f"server:{topology.chain('input', REJECT)}"],
        ("rejected", "target", None),
    ),
    (
        "a router refuses",
        ["--nft", f"2:{topology.chain('forward', REJECT)}"],
        ("rejected", "path", 2),
    ),
)


def bleached(family):
    """A router that clears the traffic class: then it can't tell."""
    word = "ip" if family == 4 else "ip6"
    return ["--nft", f"1:{topology.chain('forward', f'{word} dscp set cs0')}"]


def port(family, options):
    def act(built):
        return stage.probe(
            built, PROGRAM, family, "--only", "reset", "-p", "23"
        )

    return stage.play([*path(), *options, "--serve", SSH], act)


def check_port(family, what, expected, is_bleached, result):
    states = [
        (one["state"], one.get("by"), one.get("hop"), one["grade"])
        for one in found(result, "port-state")
    ]
    # where the traffic class is lost a firewall looks as a closed port does
    if is_bleached and expected[1] == "target":
        expected = ("closed", None, None)
    said = found(result, "port-state")[0].get("could_also_be", "")
    is_open = "firewall" in said and "copies" not in said
    check(
        result["is_same"]
        and states == [(*expected, "likely")]
        and (not is_bleached or expected[0] != "closed" or is_open)
        and (is_bleached or not is_open),
        f"IPv{family}: {what}{', no traffic class' * is_bleached}",
        (states, result["text"]),
    )


def full_queue(built):
    """A program that listens at port 23 and takes no connection."""
    listener = built.server.socket(socket.AF_INET6)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("::", 23))
    listener.listen(0)
    taken = built.client.socket(socket.AF_INET6)  # one more than that
    taken.connect((built.server_address(6), 23))
    stage.wait_until(
        lambda: any(waiting for _, _, waiting in stage.sockets(built.server, 23)),
        "the queue is full",
    )
    return listener, taken


SYNS = "tcp dport 23 tcp flags & (syn | ack) == syn drop"
# what is planted; the row, and a word of what else it may be
SILENT = (
    ("the target drops SYNs", ["--nft", "server:" + topology.chain("input", SYNS)],
     None, "port-silent-to-syns", "queue"),
    ("a router drops SYNs", ["--nft", "2:" + topology.chain("forward", SYNS)],
     None, "port-silent-to-syns", "queue"),
    ("the target's program takes no connections", [], full_queue,
     "port-silent-to-syns", "queue"),
    ("the target drops all to the port",
     ["--nft", "server:" + topology.chain("input", "tcp dport 23 drop")],
     None, "port-filtered", "queue"),
    ("the target drops all but echo",
     ["--nft", "server:" + topology.chain("input", "meta l4proto tcp drop")],
     None, "port-filtered", "down"),
)


def silent_port(family, options, serve):
    def act(built):
        kept = serve(built) if serve else None
        result = stage.probe(
            built, PROGRAM, family, "--only", "reset", "-p", "23"
        )
        result["kept"] = len(kept) if kept else 0
        return result

    return stage.play([*path(), *options, "--serve", SSH], act)


def check_silent_port(family, what, row, other, result):
    lines = found(result, "port-state")
    # SYNs that a filter drops alone look like a full queue's
    grade = "possible" if row == "port-silent-to-syns" else "likely"
    check(
        result["is_same"]
        and [(one["signature"], one["state"], one["grade"]) for one in lines]
        == [(row, "filtered", grade)]
        and other in lines[0]["could_also_be"],
        f"IPv{family}: {what}",
        (lines, result["text"]),
    )


def matrix(case):
    def act(built):
        return stage.probe(built, PROGRAM, case[0], "--only", "reset")

    return stage.play([*path(), *device(*case[1:]), "--serve", SSH], act)


def wait_for_connection(built):
    """Until the probe has sent something."""
    stage.wait_until(
        lambda: any(
            state == stage.ESTABLISHED
            for state, _, _ in stage.sockets(built.server, 22)
        ),
        "the server has a connection",
    )


def observed(number, seconds):
    """A run that may get a signal: what our host sent, what sshd logged."""

    def act(built):
        folder = tempfile.mkdtemp()
        recorder = capture.Recorder(
            built, folder, [capture.Point("client")], lambda point: {}
        )
        process = built.client.start(
            [PROGRAM, "probe", built.server_address(4), "--only", "reset"]
            + ["--json", "-q"],
            stdout=subprocess.PIPE,
            text=True,
        )
        if number:
            wait_for_connection(built)
            time.sleep(seconds)
            process.send_signal(number)
        said = process.communicate(timeout=60)[0]
        log = [] if number == signal.SIGKILL else stage.sshd_log(built)
        recorder.stop()
        ours = [
            packet
            for packet in packets.read(os.path.join(folder, "client.pcapng"))
            if packet.source == built.client_address(4)
        ]
        shutil.rmtree(folder)
        guards = len(stage.guards())
        stage.end_guards(1)
        return {
            "status": process.returncode,
            "lines": [json.loads(line) for line in said.splitlines()],
            "kernels": sum(map(stage.is_kernels_reset, ours)),
            "guards": guards,
            "log": log,
        }

    return stage.play(
        [*path(), *device(3, "train", both=True), "--serve", SSH], act
    )


def check_manners(whole, interrupted, killed):
    check(
        not any(one["kernels"] for one in (whole, interrupted, killed)),
        "our kernel sends no reset",
        [whole, interrupted, killed],
    )
    wanted = ("Connection closed by", "Server listening", "Bind to port 22")
    check(
        whole["status"] == 0
        and len(whole["log"]) > 4
        and all(any(w in line for w in wanted) for line in whole["log"]),
        "sshd logs closed connections only, with a device that resets",
        whole,
    )
    check(
        interrupted["status"] == 0
        and interrupted["lines"][-1].get("interrupted"),
        "Ctrl-C ends it with a report",
        interrupted,
    )
    check(
        killed["status"] == -signal.SIGKILL and killed["guards"] == 1,
        "after kill -9 the ports are guarded",
        killed,
    )


def main():
    pool = processes.Pool(4)
    manners = [
        pool.submit(observed, number, seconds)
        for number, seconds in (
            (0, 0), (signal.SIGINT, 0.5), (signal.SIGKILL, 0.5)
        )
    ]
    some = [
        (case, pool.submit(matrix, case))
        for number, case in enumerate(cases())
        if number % EVERY == 0
    ]
    calls = [(case, pool.submit(run, case)) for case in others()]
    ports = [
        (
            (family, what, expected, is_bleached),
            pool.submit(
                port, family, [*options, *bleached(family) * is_bleached]
            ),
        )
        for family in (4, 6)
        for what, options, expected in PORTS
        for is_bleached in (False, True)
    ]
    silent = [
        ((family, what, row, other),
         pool.submit(silent_port, family, options, serve))
        for number, (what, options, serve, row, other) in enumerate(SILENT)
        for family in (4, 6)[number % 2 :: 2]
    ]
    for case, call in calls:
        result = call.result()
        said = case.holds(result)
        check(
            result["status"] == 0 and result["is_same"] and not said,
            f"IPv{case.family}: {case.name}",
            f"{said}\n{result['seconds']:.1f} s, same {result['is_same']}\n"
            f"{result['text']}\n{result['said']}",
        )
    for case, call in some:
        family, link, style, inline, _, hop_limit = case
        name = f"IPv{family}: {style} on link {link}, found where it is"
        said, result = stage.settled(
            name,
            call.result(),
            lambda one, at=(family, link, style, inline, hop_limit): wrong(
                one, *at
            ),
            lambda case=case: matrix(case),
        )
        check(
            result["status"] == 0 and result["is_same"] and not said,
            name,
            f"{said}\n{result['text']}\n{result['said']}",
        )
    for words, call in ports:
        check_port(*words, call.result())
    for words, call in silent:
        check_silent_port(*words, call.result())
    check_manners(*(call.result() for call in manners))


main()
done()
