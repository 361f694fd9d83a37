"""Reads back what the lab recorded, to check that a scenario took place.

This is deliberately not the program under test: a small reader of our own
pcapng files (one section, one interface, Ethernet or Linux cooked v2).

A condition is a line such as

    client sees from=server flags=R ttl=62 id=0 win=0
    server lacks from=client after=3 len=9
    client sees 4+ from=client len=9

`sees N+` wants at least N matching packets, `sees N` exactly N, `sees` at
least one, `lacks` none. Words:

    from=, to=   name of a node, by its address on any of its links
    flags=       S, SA, A, PA, F (any FIN), R (RST alone), RA
    ttl= win= id= tos= len= mss=   a number, >N, <N or !N
    df=0|1  options=none|some  label=0|!0 (IPv6)
    port=        the server's port (either side)
    icmp=        port, host, net, admin, too-big, ttl, any
    quoted-ttl=  TTL of the packet that the ICMP error quotes
    after=, before=   seconds since the file's first packet
    soon=        at most so many milliseconds after the last packet that its
                 connection had the other way
    out=1        sent by the node (files of `any` only)

Words that do not exist in a family (id and df in IPv6, label in IPv4) are
ignored there.
"""

import dataclasses
import ipaddress
import struct

FLAGS = ((0x02, "S"), (0x01, "F"), (0x04, "R"), (0x08, "P"), (0x10, "A"))
ICMP = {
    "port": {(4, 3, 3), (6, 1, 4)},
    "host": {(4, 3, 1), (6, 1, 3)},
    "net": {(4, 3, 0), (6, 1, 0)},
    "admin": {(4, 3, 13), (6, 1, 1)},
    "too-big": {(4, 3, 4), (6, 2, 0)},
    "ttl": {(4, 11, 0), (6, 3, 0)},
}

ERRORS = {(4, kind) for kind in (3, 4, 5, 11, 12)} | {
    (6, kind) for kind in (1, 2, 3, 4)
}


@dataclasses.dataclass
class Packet:
    time: float
    family: int
    source: str
    destination: str
    ttl: int
    tos: int
    ip_id: int = 0
    df: int = 0
    label: int = 0
    flags: str = ""
    source_port: int = 0
    destination_port: int = 0
    sequence: int = 0
    acknowledgement: int = 0
    window: int = 0
    length: int = 0
    mss: int = 0
    options: bool = False
    icmp: tuple = ()
    quoted_ttl: int = 0
    outgoing: bool = False
    payload: bytes = b""
    answer_ms: float = float("inf")


def _tcp(packet, data, claimed):
    if len(data) < 14:
        return
    ports = struct.unpack(">HHIIBB", data[:14])
    packet.source_port, packet.destination_port = ports[:2]
    packet.sequence, packet.acknowledgement = ports[2:4]
    header = (ports[4] >> 4) * 4
    packet.flags = "".join(name for bit, name in FLAGS if ports[5] & bit)
    if len(data) >= 16:
        packet.window = struct.unpack(">H", data[14:16])[0]
    packet.length = claimed - header
    packet.payload = data[header:claimed]
    packet.options = header > 20
    options = data[20:header]
    while len(options) >= 2 and options[0]:
        if options[0] == 1:
            options = options[1:]
            continue
        if options[0] == 2 and len(options) >= 4:
            packet.mss = struct.unpack(">H", options[2:4])[0]
        options = options[max(options[1], 2) :]


def _icmp(packet, data):
    if len(data) < 2:
        return
    packet.icmp = (packet.family, data[0], data[1])
    quoted = data[8:]
    if len(quoted) >= 20:
        packet.quoted_ttl = quoted[8] if quoted[0] >> 4 == 4 else quoted[7]


def decode_ip(time, data):
    """A Packet, or None when it is neither IPv4 nor IPv6."""
    if len(data) >= 20 and data[0] >> 4 == 4:
        header = (data[0] & 15) * 4
        total, ip_id, offset = struct.unpack(">HHH", data[2:8])
        packet = Packet(
            time,
            4,
            str(ipaddress.IPv4Address(data[12:16])),
            str(ipaddress.IPv4Address(data[16:20])),
            data[8],
            data[1],
            ip_id=ip_id,
            df=offset >> 14 & 1,
        )
        protocol, rest, claimed = data[9], data[header:total], total - header
        if total == 0:  # a super-packet too large for the field
            rest, claimed = data[header:], len(data) - header
        if offset & 0x1FFF:
            protocol = -1
    elif len(data) >= 40 and data[0] >> 4 == 6:
        word, claimed = struct.unpack(">IH", data[:6])
        packet = Packet(
            time,
            6,
            str(ipaddress.IPv6Address(data[8:24])),
            str(ipaddress.IPv6Address(data[24:40])),
            data[7],
            word >> 20 & 255,
            label=word & 0xFFFFF,
        )
        protocol, rest = data[6], data[40 : 40 + claimed]
    else:
        return None
    if protocol == 6:
        _tcp(packet, rest, claimed)
    elif protocol in (1, 58):
        _icmp(packet, rest)
    return packet


def set_answer_times(packets):
    """How long after the last packet the other way each one came."""
    last = {}
    for packet in packets:
        if not packet.flags:
            continue
        near = (packet.source, packet.source_port)
        far = (packet.destination, packet.destination_port)
        if (far, near) in last:
            packet.answer_ms = (packet.time - last[far, near]) * 1000
        last[near, far] = packet.time


def read(path):
    """All IP packets of a file written by tap."""
    packets, link = [], 0
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack("<II", data[at : at + 8])
        body = data[at + 8 : at + length - 4]
        at += length
        if kind == 1:
            link = struct.unpack("<H", body[:2])[0]
        if kind != 6:
            continue
        _, high, low, captured, _ = struct.unpack("<IIIII", body[:20])
        frame = body[20 : 20 + captured]
        time = ((high << 32) + low) / 1e9
        packet = decode_ip(time, frame[14 if link == 1 else 20 :])
        if packet:
            packet.outgoing = link != 1 and frame[10] == 4
            packets.append(packet)
    set_answer_times(packets)
    return packets


def _number(found, wanted):
    if wanted[0] == ">":
        return found > int(wanted[1:])
    if wanted[0] == "<":
        return found < int(wanted[1:])
    if wanted[0] == "!":
        return found != int(wanted[1:])
    return found == int(wanted)


NUMBERS = {
    "ttl": "ttl",
    "win": "window",
    "tos": "tos",
    "len": "length",
    "mss": "mss",
    "quoted-ttl": "quoted_ttl",
}


def _holds(packet, word, wanted, start, nodes):
    if word in ("from", "to"):
        found = packet.source if word == "from" else packet.destination
        return found in nodes.get(wanted, ())
    if word == "flags":
        if wanted == "F":
            return "F" in packet.flags
        return packet.flags == wanted
    if word in NUMBERS:
        if word in ("len", "win", "mss") and not packet.flags:
            return False
        return _number(getattr(packet, NUMBERS[word]), wanted)
    if word in ("id", "df"):
        found = packet.ip_id if word == "id" else packet.df
        return packet.family == 6 or _number(found, wanted)
    if word == "label":
        return packet.family == 4 or _number(packet.label, wanted)
    if word == "options":
        return packet.options == (wanted == "some")
    if word == "port":
        return int(wanted) in (packet.source_port, packet.destination_port)
    if word == "icmp":
        return (
            packet.icmp[:2] in ERRORS
            if wanted == "any"
            else packet.icmp in ICMP[wanted]
        )
    if word == "after":
        return packet.time - start >= float(wanted)
    if word == "before":
        return packet.time - start < float(wanted)
    if word == "soon":
        return packet.answer_ms <= float(wanted)
    if word == "out":
        return packet.outgoing == (wanted == "1")
    raise ValueError(f"unknown word {word}")


def check(condition, recordings, nodes):
    """None when the condition holds, else what was found instead.

    `recordings` maps capture points to lists of packets, `nodes` names of
    nodes to their addresses.
    """
    vantage, verb, *words = condition.split()
    least, most = 1, None
    if words and words[0][0].isdigit():
        text = words.pop(0)
        least = int(text.rstrip("+"))
        most = None if text.endswith("+") else least
    if verb == "lacks":
        least, most = 0, 0
    elif verb != "sees":
        raise ValueError(f"unknown verb {verb}")
    packets = recordings[vantage]
    start = packets[0].time if packets else 0
    wanted = [word.split("=", 1) for word in words]
    count = sum(
        all(_holds(packet, *word, start, nodes) for word in wanted)
        for packet in packets
    )
    if count < least or (most is not None and count > most):
        return f"{condition}: found {count} of {len(packets)} packets"
    return None
