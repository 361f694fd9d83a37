#!/usr/bin/env python3
"""A recording as another recorder would have made it.

    recapture.py [--clock S] [--skew PPM] [--loss PERCENT --seed N]
                 [--nat] IN OUT

The clock is S seconds ahead and gains PPM; some packets are missed; and
between this place and the others a NAT stands, which gives the client
(10.77.1.2, fd77:1::2) another address and its ports other numbers. For pcapng
files as tests/lab/tap writes them: little-endian, nanoseconds, Ethernet or
Linux cooked v2, IPv4 and IPv6. Checksums are not mended: nobody reads them.
"""

import argparse
import ipaddress
import os
import random
import struct
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "lab"))
from packets_read import EPB, IDB, blocks, ip_offset  # noqa: E402

CLIENT = {4: ipaddress.ip_address("10.77.1.2").packed,
          6: ipaddress.ip_address("fd77:1::2").packed}
PORT_SHIFT = 7001


def translated_port(port):
    return 30000 + (port + PORT_SHIFT) % 30000


def translate(frame, at, other):
    """The client's address and port in the IP packet at `at`, and in what an
    ICMP error quotes."""
    family = frame[at] >> 4
    if family == 4:
        header, source, target = (frame[at] & 15) * 4, at + 12, at + 16
        protocol = frame[at + 9]
    elif family == 6:
        header, source, target = 40, at + 8, at + 24
        protocol = frame[at + 6]
    else:
        return
    size, body = len(CLIENT[family]), at + header
    for place, port in ((source, body), (target, body + 2)):
        if bytes(frame[place:place + size]) != CLIENT[family]:
            continue
        frame[place:place + size] = other[family]
        if protocol == 6 and port + 2 <= len(frame):
            number = struct.unpack_from(">H", frame, port)[0]
            struct.pack_into(">H", frame, port, translated_port(number))
    if protocol in (1, 58) and body + 8 < len(frame) and \
            (frame[body] in (3, 11) if protocol == 1 else frame[body] < 128):
        translate(frame, body + 8, other)


def recapture(data, clock_s=0.0, skew_ppm=0.0, loss=0.0, seed=0, nat=False):
    """The bytes of the other recording."""
    chance = random.Random(seed)
    other = {4: ipaddress.ip_address("198.18.7.9").packed,
             6: ipaddress.ip_address("2001:db8:7::9").packed}
    linktypes, out, first = [], [], None
    for kind, block in blocks(data):
        if kind == IDB:
            linktypes.append(struct.unpack_from("<H", block, 8)[0])
        if kind != EPB:
            out.append(block)
            continue
        if chance.random() * 100 < loss:
            continue
        interface, high, low, size = struct.unpack_from("<IIII", block, 8)
        time_ns = high << 32 | low
        first = time_ns if first is None else first
        time_ns += round(clock_s * 1e9 + (time_ns - first) * skew_ppm / 1e6)
        block = bytearray(block)
        struct.pack_into("<II", block, 12, time_ns >> 32, time_ns & 0xFFFFFFFF)
        frame = block[28:28 + size]
        start = ip_offset(linktypes[interface], frame)
        if nat and start:
            translate(frame, start[0], other)
            block[28:28 + size] = frame
        out.append(bytes(block))
    return b"".join(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clock", type=float, default=0)
    parser.add_argument("--skew", type=float, default=0)
    parser.add_argument("--loss", type=float, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--nat", action="store_true")
    parser.add_argument("source")
    parser.add_argument("target")
    given = parser.parse_args()
    with open(given.source, "rb") as file:
        data = file.read()
    with open(given.target, "wb") as file:
        file.write(recapture(data, given.clock, given.skew, given.loss,
                             given.seed, given.nat))
    return 0


if __name__ == "__main__":
    sys.exit(main())
