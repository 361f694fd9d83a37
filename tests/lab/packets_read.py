"""TCP packets of the lab's recordings, read without culprit.

For tests that need to know what a recording holds: pcapng as tests/lab/tap
and tshark write it, Ethernet and Linux cooked v2, IPv4 and IPv6.
"""

import collections
import struct

SHB, IDB, EPB = 0x0A0D0D0A, 1, 6
ETHERNET, SLL2 = 1, 276
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16

Packet = collections.namedtuple(
    "Packet",
    "frame time_ns device family source target sport dport ttl ip_id df tos"
    " flags seq ack window length options tsval tsecr payload",
)


def blocks(data):
    """(type, bytes) of all blocks of a little-endian pcapng file."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at : at + length]
        at += length


def _options(data):
    found, tsval, tsecr, at = [], 0, 0, 0
    while at < len(data):
        kind = data[at]
        if kind == 0:
            break
        if kind == 1:
            at += 1
            continue
        if at + 1 >= len(data) or data[at + 1] < 2:
            break
        body = bytes(data[at + 2 : at + data[at + 1]])
        if kind == 8 and len(body) == 8:
            tsval, tsecr = struct.unpack(">II", body)
            found.append((8, b""))
        elif kind != 5:
            found.append((kind, body))
        at += data[at + 1]
    return tuple(found), tsval, tsecr


def ip_offset(linktype, frame):
    """Where the IP header begins, and the device; None: it is not IP."""
    if linktype == ETHERNET and len(frame) > 14:
        kind = struct.unpack_from(">H", frame, 12)[0]
        return (14, 0) if kind in (0x0800, 0x86DD) else None
    if linktype == SLL2 and len(frame) > 20:
        kind = struct.unpack_from(">H", frame, 0)[0]
        device = struct.unpack_from(">I", frame, 4)[0]
        return (20, device) if kind in (0x0800, 0x86DD) else None
    return None


def tcp_of(number, time_ns, linktype, frame):
    """The packet, or None."""
    start = ip_offset(linktype, frame)
    if not start:
        return None
    at, device = start
    if frame[at] >> 4 == 4:
        tos, total, ip_id, fragment, ttl, protocol = struct.unpack_from(
            ">xBHHHBB", frame, at
        )
        source, target = frame[at + 12 : at + 16], frame[at + 16 : at + 20]
        tcp, end = at + (frame[at] & 15) * 4, at + total
        df = bool(fragment & 0x4000)
        if fragment & 0x3FFF:
            return None
        family = 4
    else:
        word, total, protocol, ttl = struct.unpack_from(">IHBB", frame, at)
        source, target = frame[at + 8 : at + 24], frame[at + 24 : at + 40]
        tos, ip_id, df, family = word >> 20 & 255, 0, False, 6
        tcp, end = at + 40, at + 40 + total
    if protocol != 6 or len(frame) < tcp + 20:
        return None
    sport, dport, seq, ack, offset, flags, window = struct.unpack_from(
        ">HHIIBBH", frame, tcp
    )
    body = tcp + (offset >> 4) * 4
    options, tsval, tsecr = _options(frame[tcp + 20 : body])
    return Packet(
        number, time_ns, device, family, source, target, sport, dport, ttl,
        ip_id, df, tos, flags & 0x3F, seq, ack, window, end - body, options,
        tsval, tsecr, bytes(frame[body:end]),
    )


def read(path):
    """All TCP packets of a file, and the times of its first and last frame."""
    with open(path, "rb") as file:
        data = file.read()
    linktypes, found, times = [], [], []
    number = 0
    for kind, block in blocks(data):
        if kind == IDB:
            linktypes.append(struct.unpack_from("<H", block, 8)[0])
        if kind != EPB:
            continue
        number += 1
        interface, high, low, size = struct.unpack_from("<IIII", block, 8)
        time_ns = high << 32 | low
        times.append(time_ns)
        packet = tcp_of(
            number, time_ns, linktypes[interface], block[28 : 28 + size]
        )
        if packet:
            found.append(packet)
    return found, times[0] if times else 0, times[-1] if times else 0
