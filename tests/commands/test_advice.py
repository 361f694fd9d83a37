#!/usr/bin/env python3
"""The MSS that is advised against a path MTU black hole: what is known to pass,
else what surely or very likely does."""
import json
import os
import re
import struct
import tempfile

import craft
from craft import ACK, PSH
from tap import check, done, run

CLIENT, SERVER = ("10.0.0.1", 40000), ("192.0.2.7", 80)
HEADERS = 40


def hole(passed, lost):
    """An IP packet of `passed` bytes is acknowledged; of `lost` bytes none is,
    and a small one behind it (SACK)."""
    frames = craft.handshake(CLIENT, SERVER)
    second = frames[0][0] + 1
    start = 1001 + passed - HEADERS
    behind = start + lost - HEADERS
    sack = b"\1\1\5\12" + struct.pack(">II", behind, behind + 10)

    def say(nanoseconds, *words, **more):
        frames.append((second + nanoseconds // 10**9, nanoseconds % 10**9,
                       craft.tcp(*words, **more)))

    say(0, CLIENT, SERVER, PSH | ACK, 1001, 5001, b"a" * (passed - HEADERS))
    say(20_000_000, SERVER, CLIENT, ACK, 5001, start, ttl=54)
    say(30_000_000, CLIENT, SERVER, ACK, start, 5001, b"b" * (lost - HEADERS))
    say(30_100_000, CLIENT, SERVER, PSH | ACK, behind, 5001, b"c" * 10)
    say(50_000_000, SERVER, CLIENT, ACK, 5001, start, ttl=54, options=sack)
    for count in range(6):
        say(30_000_000 + 200_000_000 * 2 ** count, CLIENT, SERVER, ACK, start,
            5001, b"b" * (lost - HEADERS))
    return frames


def as_v6(frame):
    """The same TCP segment between two IPv6 hosts; its checksum is not read."""
    segment, ttl, source, target = (frame[34:], frame[22], frame[26:30],
                                    frame[30:34])
    prefix = b"\x20\1\x0d\xb8" + 8 * b"\0"
    return frame[:12] + b"\x86\xdd\x60\0\0\0" + struct.pack(
        ">HBB", len(segment), 6, ttl) + prefix + source + prefix + target + \
        segment


def advice(folder, passed, lost, is_v6=False):
    path = os.path.join(folder, f"{passed}-{lost}.pcap")
    frames = hole(passed - 20 * is_v6, lost - 20 * is_v6)
    if is_v6:
        frames = [(*time, as_v6(frame)) for *time, frame in frames]
    with open(path, "wb") as file:
        file.write(craft.pcap(frames))
    rows = map(json.loads, run("analyze", "--json", path).stdout.splitlines())
    return "".join(row["advice"] for row in rows
                   if row.get("mechanism") == "pmtu-black-hole")


def advised(*hole_sizes):
    text = advice(*hole_sizes)
    found = re.search(r"size set (\d+) \(([^;]*);", text)
    return (int(found[1]), found[2]) if found else text


def idle_ssh_names_file_and_option(folder):
    """An SSH session that is idle for 400 s, and then unknown to the server's
    kernel."""
    server = (SERVER[0], 22)
    frames = craft.handshake(CLIENT, server)
    at = frames[0][0] + 1
    frames += [
        (at, 0, craft.tcp(server, CLIENT, PSH | ACK, 5001, 1001,
                          b"SSH-2.0-OpenSSH_9.2\r\n", ttl=54)),
        (at, 20_000_000, craft.tcp(CLIENT, server, PSH | ACK, 1001, 5022,
                                   b"SSH-2.0-OpenSSH_9.2\r\n")),
        (at, 40_000_000, craft.tcp(server, CLIENT, ACK, 5022, 1022, ttl=54)),
        (at + 400, 0, craft.tcp(CLIENT, server, PSH | ACK, 1022, 5022,
                                b"x" * 36)),
        (at + 400, 20_000_000, craft.tcp(server, CLIENT, craft.RST, 5022, 0,
                                         ttl=54, window=0))]
    path = os.path.join(folder, "ssh.pcap")
    with open(path, "wb") as file:
        file.write(craft.pcap(frames))
    text = json.loads(run("analyze", "--json", path).stdout.splitlines()[0])[
        "advice"]
    check("~/.ssh/config under `Host *`: ServerAliveInterval 133 " in text and
          "ssh -o ServerAliveInterval=133" in text and
          "sshd_config: ClientAliveInterval 133, then reload sshd" in text and
          text.endswith("nf_conntrack_tcp_timeout_established)."),
          "SSH: the interval, the files, the option", text)


def commands_can_be_pasted(folder):
    path = os.path.join(folder, "hole.pcap")
    for is_v6 in (False, True):
        frames = hole(1380, 1480)
        if is_v6:
            frames = [(*time, as_v6(frame)) for *time, frame in frames]
        with open(path, "wb") as file:
            file.write(craft.pcap(frames))
        text = " ".join(run("analyze", path).stdout.decode().split())
        server = "2001:db8::c000:207" if is_v6 else "192.0.2.7"
        command = f"sudo culprit probe {server} -p 80 --only mtu"
        check(text.count(command) == text.count("--only") > 1,
              "the report's commands name host and port", text)


def main():
    known, links = "known to pass", "what every link passes that carries IPv6"
    with tempfile.TemporaryDirectory() as folder:
        idle_ssh_names_file_and_option(folder)
        commands_can_be_pasted(folder)
        for passed, lost, expected in (
                (1400, 1500, (1360, known)), (1280, 1500, (1240, known)),
                (1279, 1500, (1240, links)), (400, 1281, (1240, links)),
                (700, 1280, (660, known)),
                (400, 1280, (536, "what every host accepts"))):
            found = advised(folder, passed, lost)
            check(found == expected,
                  f"{passed} bytes passed, {lost} never: MSS {expected[0]}",
                  str(found))
        for passed, lost, expected in (
                (1400, 1500, (1340, known)), (1280, 1281, (1220, known)),
                (700, 1281, (1220, links))):
            found = advised(folder, passed, lost, True)
            check(found == expected, f"IPv6, {passed} bytes passed, {lost} "
                  f"never: MSS {expected[0]}", str(found))
        for passed, lost, mss in ((1279, 1280, 1219), (700, 1280, 640),
                                  (577, 900, 517), (576, 1280, None)):
            text = advice(folder, passed, lost, True)
            check("RFC 8200" in text and "Let ICMP" not in text and
                  re.findall(r"size set (\d+) \(known to pass\)", text) ==
                  ([str(mss)] if mss else []) and text.endswith("."),
                  f"IPv6, {lost} bytes never passed: the link is too narrow, "
                  f"MSS {mss}", text)
    done()


main()
