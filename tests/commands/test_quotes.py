#!/usr/bin/env python3
"""ICMP errors in a probe's recording that quote numbers which the run never
sent change no finding, and are counted; those that quote the right ones do."""
import json
import lzma
import os
import socket
import struct
import tempfile

from tap import TOP, check, done, run
from copies import EPB, blocks
import craft

OWN, TARGET, FOREIGN = "10.77.1.2", "10.77.6.2", "10.77.3.9"
FRAME_AT, IP_AT, TTL_LEFT = 28, 28 + 14, 50
ICMP, TCP, UDP, ECHO = 1, 6, 17, 8
PORT_UNREACHABLE, TOO_BIG = 3, 4


def ip4(source, target, protocol, payload, ttl, ip_id, length=None):
    """`length`: what the header says, where it is only quoted."""
    header = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, length or 20 + len(payload), ip_id, 0x4000,
        ttl, protocol, 0, socket.inet_aton(source),
        socket.inet_aton(target))
    return (header[:10] + struct.pack(">H", craft.checksum(header)) +
            header[12:] + payload)


def unreachable(code, mtu, quote):
    body = struct.pack(">BBHHH", 3, code, 0, 0, mtu) + quote
    body = body[:2] + struct.pack(">H", craft.checksum(body)) + body[4:]
    return ip4(FOREIGN, OWN, ICMP, body, 61, 77)


def quote(sent, **changes):
    """An IP header and eight bytes of a packet, some fields changed."""
    numbers = {**sent, **changes}
    if numbers["protocol"] == TCP:
        eight = struct.pack(">HHI", numbers["port"], numbers["target_port"],
                            numbers["sequence"])
    elif numbers["protocol"] == UDP:
        eight = struct.pack(">HHHH", numbers["port"], numbers["target_port"],
                            numbers["length"] - 20, 0)
    else:
        eight = struct.pack(">BBHHH", ECHO, 0, 0, numbers["port"],
                            numbers["sequence"])
    return ip4(OWN, TARGET, numbers["protocol"], eight,
               numbers.get("ttl", TTL_LEFT), numbers["id"], numbers["length"])


def sent_packet(block):
    """The numbers of a packet of the prober's to the target; None: of others,
    or a fragment."""
    ip = block[IP_AT:]
    if (ip[:1] != b"\x45" or ip[12:16] != socket.inet_aton(OWN) or
            ip[16:20] != socket.inet_aton(TARGET) or
            ip[6:8] not in (b"\0\0", b"\x40\0")):
        return None
    length, ip_id = struct.unpack_from(">HH", ip, 2)
    sent = {"protocol": ip[9], "length": length, "id": ip_id}
    if ip[9] == TCP:
        port, target, sequence = struct.unpack_from(">HHI", ip, 20)
        return {**sent, "port": port, "target_port": target,
                "sequence": sequence}
    if ip[9] == ICMP and ip[20] == ECHO:
        identifier, sequence = struct.unpack_from(">HH", ip, 24)
        return {**sent, "port": identifier, "sequence": sequence}
    return None


def forge(data, forgeries):
    """A copy with what `forgeries` makes of each sent packet behind it, and how
    many these are."""
    out, number, ethernet = [], 0, b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"
    for kind, block in blocks(data):
        out.append(block)
        sent = sent_packet(block) if kind == EPB else None
        for packet in forgeries(sent) if sent else ():
            frame = ethernet + packet
            interface, high, low = struct.unpack_from("<III", block, 8)
            stamp = (high << 32 | low) + 1
            size = 32 + len(frame) + -len(frame) % 4
            out.append(struct.pack(
                "<IIIIIII", EPB, size, interface, stamp >> 32,
                stamp & 0xffffffff, len(frame), len(frame)) + frame +
                b"\0" * (-len(frame) % 4) + struct.pack("<I", size))
            number += 1
    return b"".join(out), number


def told(data):
    """The findings and hops, without frame numbers and times, and how many
    errors were ignored."""
    with tempfile.NamedTemporaryFile(suffix=".pcapng") as file:
        file.write(data)
        file.flush()
        lines = [json.loads(line) for line in
                 run("analyze", "--json", file.name).stdout.splitlines()]
    found = [{k: line.get(k) for k in
              ("type", "finding", "question", "direction", "mtu", "grade",
               "signature", "hop", "before_hop", "after_hop", "address",
               "limited_after_hop", "state")}
             for line in lines if line["type"] in
             ("finding", "excluded", "undetermined", "hop")]
    return found, lines[-1].get("out_of_window_icmp", 0)


def is_large(sent, protocol, mtu):
    return sent["protocol"] == protocol and sent["length"] > mtu


def recording(name):
    with lzma.open(os.path.join(TOP, "tests", "captures", "probe",
                                name + ".pcapng.xz")) as file:
        return file.read()


def echo_by_sequence(sent):
    """Too big, for the echo requests up to the 80th: they count from 1."""
    if is_large(sent, ICMP, 1400):
        for sequence in range(1, 80):
            yield unreachable(TOO_BIG, 1400, quote(
                sent, id=1, port=7, length=1500, sequence=sequence))


def echo_rejected(sent):
    if sent["protocol"] == ICMP:
        for sequence in range(1, 80):
            yield unreachable(1, 0, quote(
                sent, id=1, port=7, length=84, sequence=sequence))


def segment_of_another_port(sent):
    if is_large(sent, TCP, 1358):
        yield unreachable(TOO_BIG, 1358, quote(sent, port=4, sequence=99))


def datagram_of_another_port(sent):
    if sent["protocol"] == TCP:
        yield unreachable(TOO_BIG, 1358, quote(
            {**sent, "protocol": UDP}, port=1, target_port=33434, id=0x1111,
            length=1500))


def echo_as_sent(sent):
    if is_large(sent, ICMP, 1400):
        yield unreachable(TOO_BIG, 1400, quote(sent))


def echo_of_a_nat(sent):
    if is_large(sent, ICMP, 1400):
        yield unreachable(TOO_BIG, 1400, quote(sent, port=7))


def segment_of_a_nat(sent):
    if is_large(sent, TCP, 1358):
        yield unreachable(TOO_BIG, 1358, quote(sent, port=4))


for name, forgeries in (
        ("hole-port-closed-ipv4", echo_by_sequence),
        ("hole-few-words-ipv4", echo_by_sequence),
        ("loss-of-echo-ipv4", echo_rejected),
        ("hole-silent-forward-link-4-ipv4", segment_of_another_port),
        ("hole-silent-forward-link-4-ipv4", datagram_of_another_port)):
    before = recording(name)
    forged, count = forge(before, forgeries)
    plain, found = told(before), told(forged)
    check(count > 10 and plain[1] == 0 and found == (plain[0], count),
          f"{name}: {forgeries.__name__} changes no finding, and is counted",
          (count, plain[1], found[1],
           [line for line in found[0] if line not in plain[0]]))

for name, forgeries in (
        ("hole-port-closed-ipv4", echo_as_sent),
        ("hole-port-closed-ipv4", echo_of_a_nat),
        ("hole-silent-forward-link-4-ipv4", segment_of_a_nat)):
    forged, count = forge(recording(name), forgeries)
    found, ignored = told(forged)
    limits = [line["limited_after_hop"] for line in found
              if line["finding"] == "path-mtu" and
              line["signature"] == "limit-reported"]
    check(count > 10 and ignored == 0 and limits == [None],
          f"{name}: {forgeries.__name__} is a limit, after no hop",
          (count, ignored, limits))

forged, _ = forge(recording("hole-port-closed-ipv4"), echo_by_sequence)
with tempfile.NamedTemporaryFile(suffix=".pcapng") as copy:
    copy.write(forged)
    copy.flush()
    report = run("analyze", copy.name).stdout.decode()
check("ICMP errors quote what was not sent: forged, late or changed on the "
      "way, and ignored" in " ".join(report.split()),
      "the report says how many were ignored", report)

done()
