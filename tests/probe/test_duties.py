#!/usr/bin/python3
"""What a probe owes to the server and to its own host: an end of every
connection, also of those with servers that talk on, and of SYNs that were meant
for routers; no reset of the kernel; all of it with CAP_NET_RAW alone.

    test_duties.py PROGRAM

Needs root.
"""

import os
import signal
import subprocess
import tempfile
import time

import stage

import capture
import packets
import processes
from stage import done
from tap import PROGRAM, check

FAMILIES = (4, 6)
ROUTERS = 4
PATH = ["--routers", str(ROUTERS), *stage.limits(ROUTERS), "--delay-ms", "2"]
TALKING_BYTES = 100_000  # more than answers to a probe
SETTLED_S = 10  # with data left, a server sends again for minutes
SSH = ["--serve", "22:ssh"]
PAGE = ["--serve", "80:answer:300000"]
# More segments than are acknowledged one by one until the run ends.
LONG_PAGE = ["--serve", "80:answer:570000"]
HOLE_BACK = ["--hole", f"{ROUTERS}:1400:silent:reverse"]
# The SYNs for routers go farther than they should, as on a shorter branch.
FARTHER = [
    "--nft",
    "2:table inet far {\nchain forward {\n"
    "type filter hook forward priority 0;\n"
    "tcp flags & (syn|ack|ecn) == syn|ecn ip ttl set 20\n"
    "tcp flags & (syn|ack|ecn) == syn|ecn ip6 hoplimit set 20\n}\n}",
]
LEAST = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"]
LEAST += ["--bounding-set", "-all,+net_raw", "--inh-caps", "-all,+net_raw"]
LEAST += ["--ambient-caps", "-all,+net_raw"]


def recorded(path, act):
    """(what act() returns, the client's packets)"""
    with tempfile.TemporaryDirectory() as folder:
        point = capture.Point("client", path.client.interfaces[0][0])
        recorder = capture.Recorder(path, folder, [point], lambda _: {})
        try:
            result = act()
        finally:
            recorder.stop()
        return result, packets.read(os.path.join(folder, "client.pcapng"))


def has_settled(path, port):
    """Whether the server has soon nothing left to send."""
    try:
        stage.wait_until(
            lambda: stage.is_settled(path, port), "", seconds=SETTLED_S
        )
    except RuntimeError:
        return False
    return True


def whole(path, family, port, *words):
    before = stage.guards()

    def act():
        run = stage.probe(path, PROGRAM, family, "-p", str(port), *words)
        is_settled = has_settled(path, port)
        new = {number for number, _ in stage.guards()}
        return run, is_settled, len(new - {number for number, _ in before})

    (run, is_settled, guards), heard = recorded(path, act)
    ours = [packet for packet in heard if packet.destination_port == port]
    return {
        "status": run["status"],
        "is_same": run["is_same"],
        "findings": [
            (one["finding"], one["grade"], one.get("mtu"))
            for one in stage.findings(run)
        ],
        "text": run["text"],
        "is_settled": is_settled,
        "guards": guards,
        "kernels": sum(stage.is_kernels_reset(packet) for packet in ours),
        "resets": sum("R" in packet.flags for packet in ours),
        "closed": len(
            {packet.source_port for packet in ours if "F" in packet.flags}
        ),
        "log": stage.sshd_log(path) if port == 22 else [],
    }


def play(words, port, *options):
    return stage.play(
        [*PATH, *words],
        lambda path: [whole(path, family, port, *options) for family in FAMILIES],
    )


def is_clean(run):
    """Nothing is left behind, and nothing of the kernel goes out."""
    return (
        run["status"] == 0
        and run["is_same"]
        and run["is_settled"]
        and run["kernels"] == 0
        and run["closed"] > 0
    )


def check_all(what, runs, holds):
    for family, run in zip(FAMILIES, runs):
        check(is_clean(run) and holds(run), f"IPv{family}: {what}", run)


def is_logged_as_closed(run):
    return run["log"] and not any("reset" in line for line in run["log"])


def signalled(path, family, number, words):
    """A run that a signal ends while the server talks."""
    interface = path.client.interfaces[0][0]
    before = stage.received_bytes(path.client, interface)
    process = path.client.start(
        [*words, PROGRAM, "probe", path.server_address(family)]
        + ["-p", "25", "-q"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    stage.wait_until(
        lambda: stage.received_bytes(path.client, interface)
        > before + TALKING_BYTES,
        "the server talks",
    )
    process.send_signal(number)
    status = stage.wait_or_kill(process, 30)
    return status, process.stderr.read()


def interrupted(words, number):
    def act(path, family):
        result = signalled(path, family, number, words)
        time.sleep(0.5)
        return result, has_settled(path, 25)

    def both(path):
        said = []
        for family in FAMILIES:
            (ended, is_settled), heard = recorded(
                path, lambda: act(path, family)
            )
            said.append(
                {
                    "ended": ended,
                    "is_settled": is_settled,
                    "talked": sum(p.source_port == 25 for p in heard),
                    "kernels": sum(
                        p.destination_port == 25 and stage.is_kernels_reset(p)
                        for p in heard
                    ),
                }
            )
        return said

    return stage.play(
        [*PATH, "--serve", "25:endless"]
        + ["--sysctl", "server:net.ipv4.tcp_retries2=3"],
        both,
    )


def least_privilege(path):
    """Whole runs with CAP_NET_RAW and nothing else."""
    said = []
    for family in FAMILIES:
        with path.client.inside():
            ran = subprocess.run(
                [*LEAST, PROGRAM, "probe", path.server_address(family)]
                + ["--json"],
                text=True,
                capture_output=True,
                check=False,
            )
        said.append((ran.returncode, "pmtu-black-hole" in ran.stdout, ran.stderr))
    return said


def check_interrupted(what, runs, holds):
    for family, run in zip(FAMILIES, runs):
        check(
            run["talked"] > 20 and run["kernels"] == 0 and holds(run),
            f"IPv{family}: {what}",
            run,
        )


def main():
    pool = processes.Pool(4)
    farther = pool.submit(play, [*SSH, *FARTHER], 22)
    healthy = pool.submit(play, SSH, 22)
    page = pool.submit(play, PAGE, 80, "--only", "too-big")
    long_page = pool.submit(play, LONG_PAGE, 80, "--only", "too-big")
    back = pool.submit(play, [*PAGE, *HOLE_BACK], 80)
    ssh_back = pool.submit(play, [*SSH, *HOLE_BACK], 22)
    talking = pool.submit(play, ["--serve", "25:endless"], 25)
    stopped = pool.submit(interrupted, [], signal.SIGINT)
    killed = pool.submit(interrupted, LEAST, signal.SIGKILL)
    least = pool.submit(
        stage.play,
        [*PATH, *SSH, "--hole", "3:1400:silent"],
        least_privilege,
    )
    check_all(
        "a SYN that was meant for a router, and reached the server, is taken "
        "back by the probe's own reset, and the port stays guarded",
        farther.result(),
        lambda run: run["resets"] > 0 and run["guards"] == 1,
    )
    check_all(
        "where it does not, there is no reset",
        healthy.result(),
        lambda run: run["resets"] == 0 and is_logged_as_closed(run),
    )
    check_all(
        "a page longer than the experiment's packets is acknowledged to its "
        "end",
        page.result(),
        lambda run: not any("black-hole" in one[0] for one in run["findings"]),
    )
    check_all(
        "the end of one that is longer still is acknowledged at once, or the "
        "probe's own reset takes it back",
        long_page.result(),
        lambda run: run["resets"] <= 1,
    )
    check_all(
        "behind a hole a web server is reset, and keeps nothing to send",
        back.result(),
        lambda run: run["resets"] > 0,
    )
    check_all(
        "behind a hole an SSH server is never reset",
        ssh_back.result(),
        lambda run: run["resets"] == 0 and is_logged_as_closed(run),
    )
    check_all(
        "a server that never stops talking is reset",
        talking.result(),
        lambda run: run["resets"] > 0,
    )
    check_interrupted(
        "after Ctrl-C a server that talks on has soon nothing left to send",
        stopped.result(),
        lambda run: run["is_settled"] and run["ended"][0] is not None,
    )
    check_interrupted(
        "with CAP_NET_RAW alone the kernel resets nothing after a kill",
        killed.result(),
        lambda run: run["ended"][0] == -signal.SIGKILL,
    )
    for family, said in zip(FAMILIES, least.result()):
        check(
            said[0] == 0 and said[1],
            f"IPv{family}: with CAP_NET_RAW alone a hole is found",
            said,
        )


main()
done()
