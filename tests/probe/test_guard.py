#!/usr/bin/python3
"""How long ports are guarded after a probe: as long as the target sends again
what nobody acknowledges, and no longer. An orderly run that the server's end
did not come to, one that was killed, and the same with guards that leave after
ten seconds."""

import concurrent.futures
import os
import signal
import subprocess
import tempfile
import time

import stage

import capture
import packets
from tap import PROGRAM, check, done

FAMILIES = (4, 6)
ROUTE = ["--only", "route"]
MOMENT = 0.7  # of the kill: the server talks by then
# Linux sends again after 0.2, 0.4, ... s: the sixth time 12.6 s after the end.
SHORT_STAY, LATE, LONG_STAY = 10, 10.5, 16
UNTIL = 17


def start(path, family, port, *words):
    return path.client.start(
        [PROGRAM, "probe", path.server_address(family), "-p", port]
        + ["-q", *words],
        stdout=subprocess.DEVNULL,
    )


def against_endless(folder, stay):
    """Over IPv4 the probe ends in order, over IPv6 it is killed."""

    def act(path):
        point = capture.Point("client", path.client.interfaces[0][0])
        recorder = capture.Recorder(path, folder, [point], lambda point: {})
        status = stage.wait_or_kill(start(path, 4, "25", *ROUTE), 60)
        ended = {"4": time.time()}
        process = start(path, 6, "25", *ROUTE)
        time.sleep(MOMENT)
        process.send_signal(signal.SIGKILL)
        process.wait()
        ended["6"] = time.time()
        time.sleep(stay)
        sitting = stage.guards()
        if stay == SHORT_STAY:
            for number, _ in sitting:
                os.kill(number, signal.SIGKILL)
        time.sleep(UNTIL - stay)
        recorder.stop()
        return {
            "status": status,
            "ended": ended,
            "sitting": [said for _, said in sitting],
        }

    return stage.play(
        ["--routers", "1", "--delay-ms", "1", "--serve", "25:endless"], act
    )


def killed(path, port):
    """(guards, seconds until they were gone) after a killed run."""
    process = start(path, 6, port, *ROUTE)
    time.sleep(MOMENT)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return len(stage.guards()), stage.wait_unguarded(40)


def against_patience(act):
    """Servers that end it, that say nothing, and that soon give up."""
    return stage.play(
        ["--routers", "1", "--delay-ms", "1", "--serve", "22:banner"]
        + ["--serve", "24:silent", "--serve", "25:endless"]
        + ["--sysctl", "server:net.ipv4.tcp_retries2=4"],
        act,
    )


def orderly(path):
    """The exit status, and how many guards are left."""
    return stage.wait_or_kill(start(path, 4, "22"), 60), len(stage.guards())


def interrupted(path):
    """The same after Ctrl-C; at such a rate it takes long."""
    process = start(path, 6, "22", "--rate", "20")
    time.sleep(MOMENT)
    process.send_signal(signal.SIGINT)
    return stage.wait_or_kill(process, 60), len(stage.guards())


def on_lossy_path():
    return stage.play(
        ["--routers", "1", "--delay-ms", "1", "--serve", "22:banner"]
        + ["--loss", "2:10"],
        orderly,
    )


def heard(folder, family, ended):
    """(late packets of the server, resets of ours)."""
    late = resets = 0
    for packet in packets.read(os.path.join(folder, "client.pcapng")):
        if packet.family != family:
            continue
        if packet.source_port == 25 and packet.time - ended[str(family)] > LATE:
            late += 1
        if packet.destination_port == 25 and "R" in packet.flags:
            resets += 1
    return late, resets


def check_endless(folder, played):
    check(
        played["status"] == 0 and len(played["sitting"]) == 2,
        "a server that talks on keeps the guards of both probes",
        played,
    )
    check(
        all(
            said["CapEff"].strip("0") == ""
            and said["CapBnd"].strip("0") == ""
            and said["Uid"].split("\t")[1] != "0"
            and said["Seccomp"] == "2"
            for said in played["sitting"]
        ),
        "guards have no privilege and are locked up",
        played["sitting"],
    )
    for family, how in zip(FAMILIES, ("has ended", "was killed")):
        late, resets = heard(folder, family, played["ended"])
        check(
            late > 0 and resets == 0,
            f"IPv{family}: who talks on for longer than ten seconds after the "
            f"probe {how} is not reset",
            (late, resets),
        )


def check_short(folder, played):
    for family in FAMILIES:
        _, resets = heard(folder, family, played["ended"])
        check(
            resets > 0,
            f"IPv{family}: guards that leave after ten seconds leave resets",
            resets,
        )


def check_patience(ended, hasty, silent, tired, lossy):
    check(
        ended == [0, 0],
        "where the server has ended it too there is no guard",
        ended,
    )
    check(
        hasty == [0, 1],
        "after Ctrl-C the ends of all connections find a guard",
        hasty,
    )
    check(
        lossy == [0, 1],
        "where packets are lost the server may not know that it has ended it",
        lossy,
    )
    check(
        silent[0] == 1 and silent[1] is not None and 8 < silent[1] < 20,
        "where nothing comes the guard leaves after ten seconds",
        silent,
    )
    check(
        tired[0] == 1 and tired[1] is not None and tired[1] > 12,
        "where the server has given up the guard leaves",
        tired,
    )


def main():
    with (
        tempfile.TemporaryDirectory() as top,
        concurrent.futures.ThreadPoolExecutor(7) as pool,
    ):
        long, short = (os.path.join(top, name) for name in ("long", "short"))
        endless = pool.submit(against_endless, long, LONG_STAY)
        twin = pool.submit(against_endless, short, SHORT_STAY)
        patience = [
            pool.submit(against_patience, act)
            for act in (
                orderly,
                interrupted,
                lambda path: killed(path, "24"),
                lambda path: killed(path, "25"),
            )
        ]
        patience.append(pool.submit(on_lossy_path))
        check_endless(long, endless.result())
        check_short(short, twin.result())
        check_patience(*(future.result() for future in patience))


main()
done()
