"""Routers and devices that are unlike Linux', for tests/lab/cable.py: what they
quote, what they claim, what they leave out, what they do to packets.

A device stands on a link, before the router at its far end, and answers in that
router's stead.
"""

import random
import struct
import time

from liar import Seen, address, expired, icmp, too_big, total

SYN, ACK = 0x02, 0x10
DF = 0x4000


def hop_limit(packet):
    return packet[8 if packet[0] >> 4 == 4 else 7]


def fragment_field(packet):
    """Of IPv4: flags and offset."""
    return struct.unpack(">H", packet[6:8])[0] if packet[0] >> 4 == 4 else DF


def is_fragment(packet):
    if packet[0] >> 4 == 4:
        return bool(fragment_field(packet) & 0x3FFF)
    return packet[6] == 44


def with_header_sum(packet):
    """An IPv4 header's checksum, again."""
    if packet[0] >> 4 != 4:
        return packet
    length = (packet[0] & 15) * 4
    head = packet[:10] + b"\0\0" + packet[12:length]
    return (
        head[:10] + struct.pack(">H", total(head)) + head[12:] + packet[length:]
    )


def with_hop_limit(packet, value):
    at = 8 if packet[0] >> 4 == 4 else 7
    return with_header_sum(packet[:at] + bytes([value]) + packet[at + 1 :])


def with_tcp_sum(packet):
    """A TCP segment's checksum, again."""
    seen = Seen(packet)
    body = bytearray(seen.rest)
    body[16:18] = b"\0\0"
    pseudo = seen.source + seen.target + struct.pack(">II", len(body), 6)
    body[16:18] = struct.pack(">H", total(pseudo + bytes(body)))
    return packet[: seen.header] + bytes(body)


# What a router quotes of a packet.


def least(seen):
    """The header and eight bytes, as RFC 792 has it."""
    return seen.data[: seen.header + 8]


def much(seen):
    return seen.data[: 548 if seen.family == 4 else 1232]


def labelled(seen):
    """128 bytes, and a label stack behind them (RFC 4884, RFC 4950)."""
    stack = struct.pack(">HBBI", 8, 1, 1, 0x12345140 | 0x100)
    head = struct.pack(">BBH", 0x20, 0, 0)
    check = struct.pack(">H", total(head + stack))
    return (
        seen.data[:128].ljust(128, b"\0") + head[:2] + check + stack
    )


def labelled_word(seen):
    return 32 << 16 if seen.family == 4 else 16 << 24


def changed(at4, at6, value):
    """A quotation with other bytes at an offset."""

    def quote(seen):
        data = bytearray(much(seen))
        at = at4 if seen.family == 4 else at6
        data[at : at + len(value)] = value
        return bytes(data)

    return quote


def host_order(seen):
    """Length and fragment offset as a host of the other byte order has them,
    the length without the header: as old BSDs quoted."""
    data = bytearray(much(seen))
    if seen.family == 4:
        length = len(seen.data) - seen.header
        data[2:4] = struct.pack("<H", length)
        data[6:8] = struct.pack("<H", fragment_field(seen.data))
    return bytes(data)


def router(
    own,
    quote=much,
    word=None,
    answers=lambda seen: True,
    mtu=None,
    says=None,
    from_other=None,
    late=0,
    is_told=lambda seen: True,
    refuses=None,
):
    """The router with the addresses `own` = (IPv4, IPv6): what it reports of
    packets that expire, and of those above the MTU of its next link."""

    def source(seen):
        return address(seen.family, (from_other or own)[seen.family == 6])

    def device(packet, is_back):
        if is_back:
            yield packet
            return
        seen = Seen(packet)
        if hop_limit(packet) <= 1:
            if answers(seen):
                kind = 11 if seen.family == 4 else 3
                extra = word(seen) if word else 0
                own_source = address(seen.family, own[seen.family == 6])
                error = icmp(seen, own_source, kind, 0, extra, quote(seen))
                yield error, late, True
        elif mtu and len(packet) > mtu and fragment_field(packet) & DF:
            if not is_told(seen):
                return
            if refuses:
                kind, code = refuses[seen.family]
                yield icmp(
                    seen, source(seen), kind, code, 0, quote(seen)
                ), late, True
                return
            size = mtu if says is None else says(len(packet))
            yield too_big(seen, source(seen), size, quote(seen)), late, True
        else:
            yield packet

    return device


def chain(*devices):
    """One behind the other, from the near end."""

    def device(packet, is_back):
        order = devices[::-1] if is_back else devices
        waiting = [packet]
        for one in order:
            later = []
            for each in waiting:
                for out in one(each, is_back):
                    if isinstance(out, tuple):
                        yield out
                    else:
                        later.append(out)
            waiting = later
        yield from waiting

    return device


def drop(which, way=None):
    """`which(seen)` of one direction (True: back), or of both, vanish."""

    def device(packet, is_back):
        if (way is None or way == is_back) and which(Seen(packet)):
            return
        yield packet

    return device


def delay(seconds, which=lambda seen: True, way=None):
    def device(packet, is_back):
        if (way is None or way == is_back) and which(Seen(packet)):
            yield packet, seconds, False
        else:
            yield packet

    return device


def change(function, way=None):
    """`function(packet)` of one direction, or both, goes on in its stead."""

    def device(packet, is_back):
        yield function(packet) if way is None or way == is_back else packet

    return device


def lower(count):
    """A hop that takes so many more from the hop limit; negative: gives."""

    def one(packet):
        return with_hop_limit(packet, max(1, hop_limit(packet) - count))

    return change(one, False)


def flip(percent, seed=1):
    """Bits that change on the way, of one packet in so many."""
    chance = random.Random(seed)

    def one(packet):
        if chance.random() * 100 >= percent:
            return packet
        data = bytearray(packet)
        at = chance.randrange(len(data) - 20) + 20
        data[at] ^= 1 << chance.randrange(8)
        return bytes(data)

    return change(one)


def offer(mss):
    """The SYN-ACK's MSS becomes another, larger or smaller."""

    def one(packet):
        seen = Seen(packet)
        if not seen.is_tcp or not seen.flags & SYN:
            return packet
        data = bytearray(packet)
        at, end = seen.header + 20, seen.header + (seen.rest[12] >> 4) * 4
        while at < end and data[at] not in (0, 2):
            at += 1 if data[at] == 1 else max(data[at + 1], 1)
        if at < end and data[at] == 2:
            data[at + 2 : at + 4] = struct.pack(">H", mss)
        return with_tcp_sum(bytes(data))

    return change(one, True)


def police(least_bytes, rate, burst):
    """Packets of so many bytes and more, beyond `rate` a second, vanish."""
    state = {"left": burst, "at": None}

    def device(packet, is_back):
        if is_back or len(packet) < least_bytes:
            yield packet
            return
        now = time.monotonic()
        since = now - (state["at"] or now)
        state["at"] = now
        state["left"] = min(burst, state["left"] + since * rate)
        if state["left"] >= 1:
            state["left"] -= 1
            yield packet

    return device


def cut(size):
    """What is longer loses its end, and keeps its header."""
    return change(lambda packet: packet[:size])


def short_replies(most):
    """Echo replies come back with so many bytes at most, whatever was asked, as
    from targets that shorten them: long ones in no fragments."""

    def device(packet, is_back):
        is_4 = packet[0] >> 4 == 4
        is_cut = is_fragment(packet)
        header = (packet[0] & 15) * 4 if is_4 else 40
        protocol = packet[9] if is_4 else packet[6]
        body = packet[header:]
        if not is_4 and is_cut:
            protocol, later, body = body[0], body[2:4] > b"\0\7", body[8:]
        else:
            later = fragment_field(packet) & 0x1FFF
        if not is_back or protocol not in (1, 58):
            yield packet
        elif not later and (
            body[0] != (0 if is_4 else 129) or header + len(body) <= most
        ):
            yield packet
        elif not later:
            body = bytearray(body[: most - header])
            body[2:4] = b"\0\0"
            if is_4:
                body[2:4] = struct.pack(">H", total(bytes(body)))
                head = packet[:2] + struct.pack(">H", most) + packet[4:6]
                yield with_header_sum(
                    head + b"\0\0" + packet[8:header] + bytes(body)
                )
                return
            pseudo = packet[8:40] + struct.pack(">II", len(body), 58)
            body[2:4] = struct.pack(">H", total(pseudo + bytes(body)))
            yield (
                packet[:4] + struct.pack(">HB", len(body), 58) + packet[7:40]
                + bytes(body)
            )

    return device


def in_pieces(size):
    """Larger packets go on in fragments, with DF or without: as a tunnel that
    disregards it."""

    def device(packet, is_back):
        if packet[0] >> 4 != 4 or len(packet) <= size or is_fragment(packet):
            yield packet
            return
        body, most = packet[20:], (size - 20) // 8 * 8
        for at in range(0, len(body), most):
            piece = body[at : at + most]
            more = 0x2000 if at + most < len(body) else 0
            head = packet[:2] + struct.pack(">H", 20 + len(piece))
            head += packet[4:6] + struct.pack(">H", more | at // 8)
            yield with_header_sum(head + packet[8:20] + piece)

    return device


def tracked():
    """A firewall that follows sequence numbers: data that was acknowledged is
    out of the window, and vanishes."""
    acknowledged = {}

    def device(packet, is_back):
        seen = Seen(packet)
        if not seen.is_tcp:
            yield packet
            return
        key = seen.ports if is_back else seen.ports[::-1]
        if is_back and seen.flags & ACK:
            acknowledged[key] = seen.acknowledged
        elif seen.payload_bytes and key in acknowledged:
            end = seen.sequence + seen.payload_bytes - acknowledged[key]
            if not 0 < (end & 0xFFFFFFFF) < 1 << 31:
                return
        yield packet

    return device


def by_turns(which, pass_count=1, drop_count=1):
    """Of the packets in question some pass, then some vanish, and so on: as
    over routes that take turns."""
    state = {"at": 0}

    def device(packet, is_back):
        if not is_back and which(Seen(packet)):
            at = state["at"] % (pass_count + drop_count)
            state["at"] += 1
            if at >= pass_count:
                return
        yield packet

    return device


def larger(size, *protocols):
    """Packets above that, of these protocols or of all."""
    return lambda seen: len(seen.data) > size and (
        not protocols or seen.protocol in protocols
    )
