"""A device on the path that lies: for every packet that the client sends to
the target it forges answers, by one of the ways below.

    start(path, "too-big", family)

It listens and forges at the first router's interface towards the client, so
that its answers are there before the true ones.
"""

import ipaddress
import os
import random
import socket
import struct

import kernel

ETH_P_ALL = 3
OUTGOING = 4
TCP, UDP = 6, 17
ABSURD = {
    4: (
        "0.0.0.0 255.255.255.255 224.0.0.1 127.0.0.1 10.77.1.2"
    ).split(),
    6: ":: ::1 ff02::1 ::ffff:10.0.0.1 fd77:1::2".split(),
}
MTUS = (0, 1, 67, 68, 1279, 65535)


def total(data):
    """The Internet checksum of RFC 1071."""
    data += b"\0" * (len(data) % 2)
    number = sum(struct.unpack(f">{len(data) // 2}H", data))
    number = (number & 0xFFFF) + (number >> 16)
    return ~((number & 0xFFFF) + (number >> 16)) & 0xFFFF


class Seen:
    """A packet of the client's, taken apart."""

    def __init__(self, data):
        self.data = data
        self.family = data[0] >> 4
        if self.family == 4:
            self.header = (data[0] & 15) * 4
            self.protocol = data[9]
            self.source, self.target = data[12:16], data[16:20]
        else:
            self.header, self.protocol = 40, data[6]
            self.source, self.target = data[8:24], data[24:40]
        self.rest = data[self.header :]
        self.is_tcp = self.protocol == TCP and len(self.rest) >= 20
        if self.is_tcp:
            self.ports = struct.unpack(">HH", self.rest[:4])
            self.sequence, self.acknowledged = struct.unpack(
                ">II", self.rest[4:12]
            )
            self.flags = self.rest[13]
            self.payload_bytes = len(self.rest) - (self.rest[12] >> 4) * 4


def address(family, text):
    return socket.inet_pton(
        socket.AF_INET if family == 4 else socket.AF_INET6, text
    )


def ip(seen, source, protocol, body, ttl=63, identification=0, fragment=0):
    """A packet to the client that says it is from `source`."""
    if seen.family == 4:
        head = struct.pack(
            ">BBHHHBBH",
            0x45,
            0,
            20 + len(body),
            identification,
            fragment,
            ttl,
            protocol,
            0,
        )
        head += source + seen.source
        return head[:10] + struct.pack(">H", total(head)) + head[12:] + body
    return (
        struct.pack(">IHBB", 0x60000000, len(body), protocol, ttl)
        + source
        + seen.source
        + body
    )


def with_checksum(seen, source, protocol, body, at):
    """`body` with the checksum at an offset filled in."""
    pseudo = b""
    if protocol != 1:
        pseudo = source + seen.source
        pseudo += struct.pack(">II", len(body), protocol)
    body = body[:at] + b"\0\0" + body[at + 2 :]
    number = struct.pack(">H", total(pseudo + body))
    return body[:at] + number + body[at + 2 :]


def icmp(seen, source, kind, code, word, quote):
    protocol = 1 if seen.family == 4 else 58
    body = struct.pack(">BBHI", kind, code, 0, word & 0xFFFFFFFF) + quote
    return ip(
        seen, source, protocol, with_checksum(seen, source, protocol, body, 2)
    )


def too_big(seen, source, mtu, quote):
    if seen.family == 4:
        return icmp(seen, source, 3, 4, mtu, quote)
    return icmp(seen, source, 2, 0, mtu, quote)


def expired(seen, source, quote):
    return icmp(seen, source, 11 if seen.family == 4 else 3, 0, 0, quote)


def segment(seen, flags, sequence, acknowledged, options=b"", data=b""):
    """A TCP segment from the target."""
    options += b"\1" * (-len(options) % 4)
    body = struct.pack(
        ">HHIIBBHHH",
        seen.ports[1],
        seen.ports[0],
        sequence & 0xFFFFFFFF,
        acknowledged & 0xFFFFFFFF,
        (20 + len(options)) // 4 << 4,
        flags,
        500,
        0,
        0,
    )
    body = with_checksum(seen, seen.target, TCP, body + options + data, 16)
    return ip(seen, seen.target, TCP, body)


def quote_of(seen):
    return seen.data[: 28 if seen.family == 4 else 1200]


class Liar:
    """The ways of lying; each yields packets for one that was seen."""

    def __init__(self, routers):
        self.routers = routers  # addresses as bytes
        self.random = random.Random(7)
        self.count = 0

    def too_big(self, seen):
        """Sizes that are refused by word and arrive all the same."""
        size = len(seen.data)
        for mtu in (*MTUS, size, size + 1):
            yield too_big(seen, self.routers[1], mtu, quote_of(seen))

    def foreign(self, seen):
        """Errors about this host's other packets to the target, and about
        packets to others."""
        at = seen.header
        for place, bits in (
            ((at,), 0xFF),  # the source port, or what kind of echo
            ((at + 2, at + 3), 0x15),  # the target port
            ((at + 4, at + 6), 0x55),  # sequence, identifier
            ((19 if seen.family == 4 else 39,), 0x3F),  # another target
            ((9 if seen.family == 4 else 6,), 0x84),  # another protocol
        ):
            other = bytearray(quote_of(seen))
            places = {*place, at, at + 4, at + 7}
            if seen.is_tcp and len(other) > at + 11:
                places.add(at + 11)  # what is acknowledged
            for offset in places:
                other[offset] ^= bits
            other[4:6] = b"\xab\xcd" if seen.family == 4 else other[4:6]
            other = bytes(other)
            yield too_big(seen, self.routers[0], 1300, other)
            yield expired(seen, self.routers[3], other)
            yield icmp(seen, self.routers[2], 3 if seen.family == 4 else 1, 1,
                       0, other)

    def garbage(self, seen):
        """Errors that quote next to nothing, or noise."""
        noise = self.random.randbytes(48)
        for quote in (
            b"",
            seen.data[:1],
            seen.data[:19],
            seen.data[: seen.header + (7 if seen.is_tcp else 3)],
            b"\x4f" + seen.data[1:24],
            noise,
            b"\x45" + noise,
            b"\x60" + noise,
        ):
            yield too_big(seen, self.routers[0], 1280, quote)
            yield expired(seen, self.routers[0], quote)
            yield icmp(seen, self.routers[0], self.random.randrange(256), 0, 0,
                       quote)
        yield ip(seen, seen.target, self.random.randrange(256), noise)
        yield ip(seen, seen.target, TCP, noise[:13])
        yield ip(seen, seen.target, UDP, noise[:3])

    def flood(self, seen):
        """Hundreds of answers to every question, none of them its own."""
        for _ in range(100):
            number = self.random.randrange(1 << 16)
            yield icmp(seen, seen.target, 0 if seen.family == 4 else 129, 0,
                       number << 16 | number, b"flood" * 4)
            if seen.is_tcp:
                yield segment(seen, 0x10, seen.acknowledged, seen.sequence)

    def resets(self, seen):
        """Ends of the connection outside what can be accepted; of segments of
        none, what the target sends."""
        if not seen.is_tcp:
            return
        if seen.acknowledged == ~seen.sequence & 0xFFFFFFFF:
            yield segment(seen, 0x04, seen.acknowledged, 0)
        for off in (1, -1, 70000, -70000, 1 << 31):
            yield segment(seen, 0x04, seen.acknowledged + off, 0)
            yield segment(seen, 0x14, seen.acknowledged + off, seen.sequence)
            yield segment(seen, 0x11, seen.acknowledged + off + 3,
                          seen.sequence)
        if seen.flags & 0x02:
            yield segment(seen, 0x14, 0, seen.sequence + 2)
            yield segment(seen, 0x04, 0, 0)

    def handshakes(self, seen):
        """SYN-ACKs that acknowledge something else, full of garbage."""
        if not seen.is_tcp:
            return
        for options in (
            b"\2\0",
            b"\2\4\0\0",
            b"\2\4\0\1\4\2",
            b"\3\xff" + b"\5" * 30,
            b"\5\x22" + b"\xff" * 32,
            self.random.randbytes(40),
        ):
            yield segment(seen, 0x12, 1, seen.sequence + 7, options)
            if not seen.flags & 0x02:
                yield segment(seen, 0x12, 1, seen.sequence, options)

    def sack(self, seen):
        """Acknowledgments whose blocks name what nobody can have got."""
        if not seen.is_tcp or seen.payload_bytes == 0:
            return
        start, end = seen.sequence, seen.sequence + seen.payload_bytes
        for blocks, acknowledged in (
            ((start, end), start - 100000),  # acknowledges less
            ((start, end), end + (1 << 30)),  # and more than was sent
            ((end, start), end),
            ((start, end + 1), end),
            ((start - 1, end), end),
            ((start + (1 << 31), end), end),
            ((0, 0xFFFFFFFF), end),
            ((end, end + 1000, start, end), end),
        ):
            words = struct.pack(
                f">{len(blocks)}I", *(word & 0xFFFFFFFF for word in blocks)
            )
            options = b"\1\1\5" + bytes([2 + len(words)]) + words
            yield segment(
                seen, 0x10, seen.acknowledged, acknowledged, options
            )

    def absurd(self, seen):
        """Time exceeded, from where no router can be."""
        for text in ABSURD[seen.family]:
            yield expired(seen, address(seen.family, text), quote_of(seen))

    def expired(self, seen):
        """Time exceeded for what goes the whole way."""
        if seen.data[8 if seen.family == 4 else 7] > len(self.routers):
            yield expired(seen, self.routers[3], quote_of(seen))

    def fragments(self, seen):
        """Pieces of nothing."""
        noise = self.random.randbytes(64)
        self.count += 1
        for offset, more in ((0, 1), (8, 1), (8, 0), (3, 1), (8000, 0)):
            if seen.family == 4:
                field = more << 13 | offset
                for protocol in (1, TCP, UDP):
                    yield ip(seen, seen.target, protocol, noise,
                             identification=self.count, fragment=field)
                continue
            for protocol in (58, TCP, UDP):
                head = struct.pack(">BBHI", protocol, 0, offset << 3 | more,
                                   self.count)
                yield ip(seen, seen.target, 44, head + noise)

    def unreachable(self, seen):
        """Errors for packets that arrive all the same."""
        for code in (0, 1, 2, 3, 13) if seen.family == 4 else (0, 1, 3, 4):
            yield icmp(seen, self.routers[1], 3 if seen.family == 4 else 1,
                       code, 0, quote_of(seen))


WAYS = sorted(
    name
    for name in vars(Liar)
    if not name.startswith("_")
)


def listen(wire, way, target):
    while True:
        frame, about = wire.recvfrom(65536)
        if about[2] == OUTGOING or len(frame) < 34:
            continue
        data = frame[14:]
        if data[0] >> 4 not in (4, 6):
            continue
        seen = Seen(data)
        if seen.target != target:
            continue
        head = frame[6:12] + frame[:6] + frame[12:14]
        for packet in way(seen):
            wire.send(head + packet)


def start(path, name, family):
    """Starts to lie, in a process of its own."""
    router = path.routers[0]
    wire = router.socket(
        socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)
    )
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    with router.inside():
        wire.bind(("to-client", ETH_P_ALL))
    routers = [
        ipaddress.ip_address(path.address(router, hop, family)).packed
        for hop, router in enumerate(path.routers, 1)
    ]
    way = getattr(Liar(routers), name)
    target = ipaddress.ip_address(path.server_address(family)).packed
    if os.fork() == 0:
        kernel.die_with_parent(0)
        kernel.close_all_but(wire.fileno())
        try:
            listen(wire, way, target)
        except OSError:
            os._exit(0)  # the path is gone
    wire.close()
