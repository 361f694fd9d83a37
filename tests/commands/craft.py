"""Captures made byte by byte: hostile, cut, or plain."""
import socket
import struct


def pcap(frames, linktype=1, snaplen=262144):
    """frames: (seconds, nanoseconds, bytes)."""
    parts = [struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, snaplen,
                         linktype)]
    for seconds, nanoseconds, frame in frames:
        parts += (struct.pack("<IIII", seconds, nanoseconds,
                              min(len(frame), snaplen), len(frame)),
                  frame[:snaplen])
    return b"".join(parts)


def pcapng(frames, linktype=1, interface_name=b"", comment=b""):
    """`comment` is one of the section, of the interface and of each packet."""
    def block(kind, body):
        body += b"\0" * (-len(body) % 4)
        size = len(body) + 12
        return struct.pack("<II", kind, size) + body + struct.pack("<I", size)

    def option(code, value):
        return (struct.pack("<HH", code, len(value)) + value +
                b"\0" * (-len(value) % 4))
    comments = option(1, comment) if comment else b""
    out = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1) +
                (comments + option(0, b"") if comment else b""))
    options = option(9, b"\x09") + comments
    if interface_name:
        options += option(2, interface_name)
    out += block(1, struct.pack("<HHI", linktype, 0, 262144) + options +
                 option(0, b""))
    for seconds, nanoseconds, frame in frames:
        stamp = seconds * 1000000000 + nanoseconds
        out += block(6, struct.pack("<IIIII", 0, stamp >> 32,
                                    stamp & 0xffffffff, len(frame),
                                    len(frame)) + frame +
                     (b"\0" * (-len(frame) % 4) + comments + option(0, b"")
                      if comment else b""))
    return out


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def tcp(source, target, flags, seq=0, ack=0, payload=b"", ttl=64, window=502,
        ip_id=0, options=b""):
    """An Ethernet frame; source and target are (address, port)."""
    header = struct.pack(">HHIIBBHHH", source[1], target[1], seq, ack,
                         (5 + len(options) // 4) << 4, flags, window, 0, 0)
    segment = header + options + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), ip_id,
                     0x4000, ttl, 6, 0, socket.inet_aton(source[0]),
                     socket.inet_aton(target[0]))
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    pseudo = ip[12:20] + struct.pack(">BBH", 0, 6, len(segment))
    total = checksum(pseudo + segment)
    segment = segment[:16] + struct.pack(">H", total) + segment[18:]
    return b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + segment


FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def handshake(client, server, at=1700000000):
    """Three frames and the numbers that come next."""
    return [
        (at, 0, tcp(client, server, SYN, seq=1000)),
        (at, 20000000, tcp(server, client, SYN | ACK, seq=5000, ack=1001,
                           ttl=54)),
        (at, 20100000, tcp(client, server, ACK, seq=1001, ack=5001)),
    ]


def reset_after_data(client, server, banner=b"hello", at=1700000000):
    """A connection on which the server says something and then resets."""
    return handshake(client, server, at) + [
        (at, 40000000, tcp(server, client, PSH | ACK, seq=5001, ack=1001,
                           payload=banner, ttl=54, ip_id=77)),
        (at, 40100000, tcp(client, server, ACK, seq=1001,
                           ack=5001 + len(banner))),
        (at, 60000000, tcp(server, client, RST | ACK,
                           seq=5001 + len(banner), ack=1001, ttl=54,
                           ip_id=78)),
    ]
