"""Copies of a pcapng file with some of its packets, at other times."""
import os
import struct

from tap import lab

SHB, IDB, EPB = 0x0a0d0d0a, 1, 6
ETHERTYPE_AT, PROTOCOL_AT, TCP = 28 + 12, 28 + 23, 6
SECOND_NS = 10 ** 9


def blocks(data):
    """(type, bytes) of all blocks of a pcapng file of this machine's order."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at:at + length]
        at += length


def time_ns(block):
    high, low = struct.unpack_from("<II", block, 12)
    return high << 32 | low


def shifted(block, move):
    """A packet's block, with its time (in ns) moved by a function of it."""
    moved = move(time_ns(block))
    return (block[:12] + struct.pack("<II", moved >> 32, moved & 0xffffffff) +
            block[20:])


def write(folder, name, source, keep=lambda n: True, move=lambda t: t):
    """A copy with some of the packets, at other times."""
    path = os.path.join(folder, name)
    number = 0
    with open(source, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        for kind, block in blocks(data):
            if kind != EPB:
                file.write(block)
                continue
            number += 1
            if keep(number):
                file.write(shifted(block, move))
    return path


def packets(source):
    """What comes before the packets, and their blocks."""
    with open(source, "rb") as file:
        all_blocks = list(blocks(file.read()))
    return (b"".join(block for kind, block in all_blocks if kind in (
        SHB, IDB)), [block for kind, block in all_blocks if kind == EPB])


def arrange(folder, name, source, rows):
    """Its packets of these numbers, from 1, each so many ns later."""
    header, found = packets(source)
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(header)
        for number, later_ns in rows:
            file.write(shifted(found[number - 1],
                               lambda t, by=later_ns: t + by))
    return path


def is_tcp(block):
    """In IPv4 on Ethernet."""
    return (block[ETHERTYPE_AT:ETHERTYPE_AT + 2] == b"\x08\x00" and
            block[PROTOCOL_AT] == TCP)


def beside_a_stray(folder, scenario):
    """Client and server of a short connection; the client recorded one other
    packet, a second earlier."""
    pair = []
    for end in ("client", "server"):
        source = lab(f"{scenario}/{end}.pcapng")
        found = packets(source)[1]
        rows = [(number, 0) for number, block in enumerate(found, 1)
                if is_tcp(block)]
        if end == "client":
            rows.insert(0, (next(number for number, block in enumerate(
                found, 1) if not is_tcp(block)), -SECOND_NS))
        pair.append(arrange(folder, f"stray-{end}.pcapng", source, rows))
    return pair
