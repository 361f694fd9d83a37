"""Captures for the pages of the tests, made byte by byte."""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "commands"))

from craft import pcap, pcapng, tcp  # pylint: disable=wrong-import-position

SYN, FIN, RST, PSH, ACK = 2, 1, 4, 8, 16
AT = 1700000000
SCRIPT = "</script><script>owned=1</script><img src=x onerror=owned=1>"


class Clock:
    """Frames with times that go on."""

    def __init__(self):
        self.frames = []
        self.ns = AT * 1000000000

    def add(self, frame, after_us=100):
        self.ns += after_us * 1000
        self.frames.append((self.ns // 1000000000, self.ns % 1000000000,
                            frame))


def open_connection(clock, client, server, server_ttl=54):
    clock.add(tcp(client, server, SYN, seq=1000, ip_id=1,
                  options=b"\2\4\5\xb4\3\3\7\1"))
    clock.add(tcp(server, client, SYN | ACK, seq=5000, ack=1001,
                  ttl=server_ttl, options=b"\2\4\5\xb4\3\3\7\1"), 20000)
    clock.add(tcp(client, server, ACK, seq=1001, ack=5001, ip_id=2))


def long_connection(packets):
    """One download of so many packets with some losses, reset at its end by a
    device."""
    clock = Clock()
    client, server = ("10.0.0.1", 40000), ("192.0.2.7", 443)
    open_connection(clock, client, server)
    clock.add(tcp(client, server, PSH | ACK, seq=1001, ack=5001,
                  payload=b"GET", ip_id=3))
    sequence, number = 5001, 4
    while number < packets - 2:
        is_again = number % 997 == 0
        clock.add(tcp(server, client, ACK,
                      seq=sequence - 1000 if is_again else sequence, ack=1004,
                      payload=b"x" * 100, ttl=54, ip_id=number & 0xffff), 50)
        if not is_again:
            sequence += 100
        clock.add(tcp(client, server, ACK, seq=1004, ack=sequence,
                      ip_id=number & 0xffff), 20)
        number += 2
    clock.add(tcp(server, client, RST, seq=sequence, ttl=128, ip_id=48879), 30)
    clock.add(tcp(server, client, ACK, seq=sequence, ack=1004,
                  payload=b"x" * 100, ttl=54), 500)
    return pcap(clock.frames)


def many_incidents(count):
    """Refused, and reset by a device, by turns; two packets each and more."""
    clock = Clock()
    for number in range(count):
        client = (f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
                  1024 + number % 60000)
        if number % 4:
            server = (f"192.0.2.{number % 7 + 1}", 80 + number % 3)
            clock.add(tcp(client, server, SYN, seq=1000, ip_id=1))
            clock.add(tcp(server, client, RST | ACK, ack=1001, ttl=60), 9000)
            continue
        server = (f"198.51.100.{number % 11 + 1}", 443)
        open_connection(clock, client, server)
        clock.add(tcp(client, server, PSH | ACK, seq=1001, ack=5001,
                      payload=b"forbidden", ip_id=3))
        clock.add(tcp(server, client, RST | ACK, seq=5001, ack=1010, ttl=128,
                      ip_id=48879), 1000)
        clock.add(tcp(server, client, PSH | ACK, seq=5001, ack=1010,
                      payload=b"answer", ttl=54), 30000)
    return pcap(clock.frames)


def client_hello(name):
    """A TLS ClientHello that asks for a server by this name."""
    def vector(data, size):
        return len(data).to_bytes(size, "big") + data
    names = vector(b"\0" + vector(name, 2), 2)
    extensions = vector(struct.pack(">H", 0) + vector(names, 2), 2)
    body = (b"\3\3" + bytes(32) + b"\0" + vector(b"\x13\x01", 2) +
            b"\1\0" + extensions)
    return b"\x16\3\1" + vector(b"\1" + vector(body, 3), 2)


def hostile():
    """Script in the SNI of connections that a device resets, in a banner, in
    the payload of a reset, in the name of the interface, in comments."""
    clock = Clock()
    script = SCRIPT.encode()
    for number in range(60):
        client = ("10.0.0.1", 41000 + number)
        server = ("192.0.2.1", 443)
        name = script if number < 24 else b"example.org"
        hello = client_hello(name)
        open_connection(clock, client, server)
        clock.add(tcp(client, server, PSH | ACK, seq=1001, ack=5001,
                      payload=hello, ip_id=3))
        end = 1001 + len(hello)
        if number < 24:
            clock.add(tcp(server, client, RST | ACK, seq=5001, ack=end,
                          ttl=128, ip_id=48879, payload=script), 1000)
        clock.add(tcp(server, client, PSH | ACK, seq=5001, ack=end,
                      payload=b"\x16\3\3\0\2ok", ttl=54), 30000)
        if number >= 24:
            clock.add(tcp(server, client, FIN | ACK, seq=5008, ack=end,
                          ttl=54))
            clock.add(tcp(client, server, FIN | ACK, seq=end, ack=5009))
            clock.add(tcp(server, client, ACK, seq=5009, ack=end + 1, ttl=54))
    client, server = ("10.0.0.1", 42000), ("192.0.2.9", 22)
    open_connection(clock, client, server)
    banner = b"Exceeded MaxStartups " + script + b"\r\n"
    clock.add(tcp(server, client, PSH | ACK, seq=5001, ack=1001,
                  payload=banner, ttl=54))
    clock.add(tcp(server, client, RST | ACK, seq=5001 + len(banner), ack=1001,
                  ttl=54))
    return pcapng(clock.frames, interface_name=script[:60], comment=script)


def idle():
    """Connections to one server that were idle: up to 300 s they go on, from
    400 s a device has forgotten them."""
    clock = Clock()
    for number in range(20):
        client, server = ("10.0.0.1", 43000 + number), ("192.0.2.7", 22)
        idle_s = 30 * (number + 1) if number < 10 else 400 + 5 * number
        open_connection(clock, client, server)
        clock.add(tcp(client, server, PSH | ACK, seq=1001, ack=5001,
                      payload=b"a", ip_id=3))
        clock.add(tcp(server, client, ACK, seq=5001, ack=1002, ttl=54), 20000)
        clock.add(tcp(client, server, PSH | ACK, seq=1002, ack=5001,
                      payload=b"b", ip_id=4), idle_s * 1000000)
        if number >= 10:
            clock.add(tcp(server, client, RST, seq=5001, ttl=54, window=0),
                      20000)
            continue
        clock.add(tcp(server, client, ACK, seq=5001, ack=1003, ttl=54), 20000)
        clock.add(tcp(client, server, FIN | ACK, seq=1003, ack=5001, ip_id=5))
        clock.add(tcp(server, client, FIN | ACK, seq=5001, ack=1004, ttl=54))
        clock.add(tcp(client, server, ACK, seq=1004, ack=5002, ip_id=6))
    return pcap(clock.frames)


def disordered():
    """A segment that comes late, one that comes twice, a keepalive, a window
    that shuts, and a reset by a device."""
    clock = Clock()
    client, server = ("10.0.0.1", 44000), ("192.0.2.7", 80)
    open_connection(clock, client, server)
    for offset in (0, 200, 100, 0):
        clock.add(tcp(client, server, PSH | ACK, seq=1001 + offset, ack=5001,
                      payload=b"x" * 100, ip_id=3))
    clock.add(tcp(server, client, ACK, seq=5001, ack=1301, ttl=54, window=0),
              20000)
    clock.add(tcp(client, server, ACK, seq=1300, ack=5001, ip_id=4), 1500000)
    clock.add(tcp(server, client, ACK, seq=5001, ack=1301, ttl=54), 20000)
    clock.add(tcp(client, server, PSH | ACK, seq=1301, ack=5001, payload=b"y",
                  ip_id=5))
    clock.add(tcp(server, client, RST | ACK, seq=5001, ack=1302, ttl=128,
                  ip_id=48879), 1000)
    clock.add(tcp(server, client, PSH | ACK, seq=5001, ack=1302,
                  payload=b"answer", ttl=54), 30000)
    return pcap(clock.frames)


def crossing(count, seen=4):
    """Two captures of the same path: of every connection three copies of one
    segment get lost between them, and each end is sent a reset in the name of
    the other. Client names and ports differ by connection."""
    near, far = Clock(), Clock()

    def both(frame, after_us=100):
        near.add(frame, after_us)
        far.ns = near.ns + 3000
        far.frames.append((far.ns // 1000000000, far.ns % 1000000000, frame))

    def one(clock, other, frame, after_us=100):
        clock.add(frame, after_us)
        other.ns = clock.ns

    for number in range(count):
        client = (f"10.0.{number // 250 % 250}.{1 + number % 250}",
                  20000 + number % 40000)
        server = ("192.0.2.7", 443)
        both(tcp(client, server, SYN, seq=1000 + number, ip_id=1,
                 options=b"\2\4\5\xb4\3\3\7\1"))
        both(tcp(server, client, SYN | ACK, seq=5000, ack=1001 + number,
                 ttl=54, options=b"\2\4\5\xb4\3\3\7\1"))
        for ip_id in range(2, seen):
            both(tcp(client, server, PSH | ACK, seq=999 + number + ip_id,
                     ack=5001, payload=b"x", ip_id=ip_id))
        for ip_id in range(3):
            one(near, far, tcp(client, server, PSH | ACK,
                               seq=1001 + number + seen, ack=5001,
                               payload=b"GET /", ip_id=10 + ip_id), 200000)
        one(near, far, tcp(server, client, RST, seq=5001, ttl=128))
        one(far, near, tcp(client, server, RST, seq=1006 + number + seen,
                           ttl=128))
    return pcap(near.frames), pcap(far.frames)
