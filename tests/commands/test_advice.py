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


def advised(folder, passed, lost):
    path = os.path.join(folder, f"{passed}-{lost}.pcap")
    with open(path, "wb") as file:
        file.write(craft.pcap(hole(passed, lost)))
    rows = map(json.loads, run("analyze", "--json", path).stdout.splitlines())
    texts = [row["advice"] for row in rows
             if row.get("mechanism") == "pmtu-black-hole"]
    found = re.search(r"size set (\d+) \(([^;]*);", "".join(texts))
    return (int(found[1]), found[2]) if found else texts


def main():
    known, links = "known to pass", "what every link passes that carries IPv6"
    with tempfile.TemporaryDirectory() as folder:
        for passed, lost, expected in (
                (1400, 1500, (1360, known)), (1280, 1500, (1240, known)),
                (1279, 1500, (1240, links)), (400, 1281, (1240, links)),
                (700, 1280, (660, known)),
                (400, 1280, (536, "what every host accepts"))):
            found = advised(folder, passed, lost)
            check(found == expected,
                  f"{passed} bytes passed, {lost} never: MSS {expected[0]}",
                  str(found))
    done()


main()
