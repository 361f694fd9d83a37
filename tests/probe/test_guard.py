#!/usr/bin/python3
"""How long ports are guarded after a probe: as long as the target sends again
what nobody acknowledges, and no longer. An orderly run that the server's end
did not come to, one that was killed, and the same with guards that leave after
ten seconds."""

import os
import signal
import socket
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
ROUTE = ["--only", "route"]
SLOWLY = [*ROUTE, "--rate", "10"]
TALKING_BYTES = 100_000  # more than answers to a probe
# Linux sends again after 0.2, 0.4, ... s: the sixth time 12.6 s after the end.
SHORT_STAY, LATE = 10, 10.5
LEAVES_AT_ONCE = 5  # any other reason to stay holds for ten seconds
LONGEST_STAY = 260
ETH_P_ALL = 3


def start(path, family, port, *words):
    return path.client.start(
        [PROGRAM, "probe", path.server_address(family), "-p", port]
        + ["-q", *words],
        stdout=subprocess.DEVNULL,
    )


def wait_for_talk(path):
    """Until the server has said more than it answers."""
    interface = path.client.interfaces[0][0]
    before = stage.received_bytes(path.client, interface)
    stage.wait_until(
        lambda: stage.received_bytes(path.client, interface)
        > before + TALKING_BYTES,
        "the server talks",
    )


def wait_for_connection(path, port):
    stage.wait_until(
        lambda: any(
            state == stage.ESTABLISHED
            for state, _, _ in stage.sockets(path.server, int(port))
        ),
        "the server has a connection",
    )


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def hear_both(path, port):
    """Waits until the server sends to the port's clients, in both families."""
    wire = path.client.socket(
        socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)
    )
    with path.client.inside():
        wire.bind((path.client.interfaces[0][0], ETH_P_ALL))
    wire.settimeout(120)
    missing = {b"\x08\x00": 34, b"\x86\xdd": 54}  # where TCP begins
    while missing:
        frame = wire.recv(65536)
        at = missing.get(frame[12:14])
        if at and int.from_bytes(frame[at : at + 2], "big") == port:
            del missing[frame[12:14]]
    wire.close()


def against_endless(folder, are_leaving):
    """On the port of SSH, whose servers the probe never resets: over IPv4 it
    ends in order, over IPv6 it is killed; recorded until the server has sent
    again after guards might have left."""

    def act(path):
        point = capture.Point("client", path.client.interfaces[0][0])
        recorder = capture.Recorder(path, folder, [point], lambda point: {})
        status = stage.wait_or_kill(start(path, 4, "22", *ROUTE), 60)
        ended = {"4": time.time()}
        process = start(path, 6, "22", *ROUTE)
        wait_for_talk(path)
        kill(process)
        ended["6"] = time.time()
        time.sleep(SHORT_STAY if are_leaving else LATE)
        sitting = stage.guards()
        if are_leaving:
            for number, _ in sitting:
                os.kill(number, signal.SIGKILL)
        hear_both(path, 22)
        recorder.stop()
        return {
            "status": status,
            "ended": ended,
            "sitting": [said for _, said in sitting],
        }

    return stage.play(
        ["--routers", "1", "--delay-ms", "1", "--serve", "22:endless"], act
    )


def against_patience(act):
    """Servers that end it, that say nothing, and that soon give up."""
    return stage.play(
        ["--routers", "1", "--delay-ms", "1", "--serve", "22:banner"]
        + ["--serve", "24:silent", "--serve", "25:endless"]
        + ["--sysctl", "server:net.ipv4.tcp_retries2=4"],
        act,
    )


def killed(process):
    """(guards, seconds until they were gone)"""
    kill(process)
    return len(stage.guards()), stage.wait_unguarded(LONGEST_STAY)


def at_a_silent_server(path):
    process = start(path, 6, "24", *SLOWLY)
    wait_for_connection(path, "24")
    return killed(process)


def at_a_tired_server(path):
    process = start(path, 6, "25", *ROUTE)
    wait_for_talk(path)
    return killed(process)


def orderly(path):
    """The exit status, and how many guards stay."""
    status = stage.wait_or_kill(start(path, 4, "22"), 60)
    stage.wait_unguarded(LEAVES_AT_ONCE)
    return status, len(stage.guards())


def interrupted(path):
    """The same after Ctrl-C, long before the end."""
    process = start(path, 6, "22", *SLOWLY)
    wait_for_connection(path, "22")
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
        if packet.source_port == 22 and packet.time - ended[str(family)] > LATE:
            late += 1
        if packet.destination_port == 22 and "R" in packet.flags:
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
    pool = processes.Pool(7)
    with tempfile.TemporaryDirectory() as top:
        long, short = (os.path.join(top, name) for name in ("long", "short"))
        endless = pool.submit(against_endless, long, False)
        twin = pool.submit(against_endless, short, True)
        patience = [
            pool.submit(against_patience, act)
            for act in (
                orderly,
                interrupted,
                at_a_silent_server,
                at_a_tired_server,
            )
        ]
        patience.append(pool.submit(on_lossy_path))
        check_endless(long, endless.result())
        check_short(short, twin.result())
        check_patience(*(call.result() for call in patience))


main()
done()
