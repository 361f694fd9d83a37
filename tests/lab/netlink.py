"""Requests of rtnetlink(7): the links, addresses, routes and neighbours of which
a path is made.

A path of five routers takes 60 of them. To start ip(8) for each node took a
fifth of the time of the lab.
"""

import os
import socket
import struct

REQUEST, ACKNOWLEDGE = 0x1, 0x4
REPLACE, EXCLUSIVE, CREATE = 0x100, 0x200, 0x400
ERROR = 2
NEW_LINK, NEW_ADDRESS, NEW_ROUTE, NEW_NEIGHBOUR = 16, 20, 24, 28
GET_LINK = 18
HEADER = struct.Struct("=IHHII")
LINK_HEADER = struct.Struct("=BxHiII")
NESTED = 0x8000
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_QDISC = 1, 3, 4, 6
IFLA_LINKINFO, IFLA_NET_NS_FD = 18, 28
IFLA_INFO_KIND, IFLA_INFO_DATA, VETH_INFO_PEER = 1, 2, 1
IFF_UP = 1
IFA_ADDRESS, IFA_LOCAL, IFA_FLAGS, IFA_F_NODAD = 1, 2, 8, 0x02
RTA_DST, RTA_GATEWAY = 1, 5
RT_TABLE_MAIN, RTPROT_BOOT, RTN_UNICAST = 254, 3, 1
NDA_DST, NDA_LLADDR, NUD_STALE = 1, 2, 0x04
ANSWER_BYTES = 65536


class Refused(OSError):
    """The kernel refuses a request; the message says which."""


def _attribute(kind, data):
    padding = bytes(-len(data) % 4)
    return struct.pack("=HH", 4 + len(data), kind) + data + padding


def _link(name, flags=0):
    """A link's header and name; the flags are those to be set."""
    header = LINK_HEADER.pack(socket.AF_UNSPEC, 0, 0, flags, flags)
    return header + _attribute(IFLA_IFNAME, name.encode() + b"\0")


def _packed(address):
    """(address family, bytes)"""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.inet_pton(family, address)


def _hardware(text):
    return bytes.fromhex(text.replace(":", ""))


def veth(name, peer, namespace):
    """A pair; the peer is made in the namespace of a descriptor."""
    other = _link(peer) + _attribute(
        IFLA_NET_NS_FD, struct.pack("=I", namespace)
    )
    data = _attribute(VETH_INFO_PEER | NESTED, other)
    info = _attribute(IFLA_INFO_KIND, b"veth")
    info += _attribute(IFLA_INFO_DATA | NESTED, data)
    body = _link(name) + _attribute(IFLA_LINKINFO | NESTED, info)
    return f"veth {name}", NEW_LINK, CREATE | EXCLUSIVE, body


def up(name, hardware=None, mtu=None):
    body = _link(name, IFF_UP)
    if hardware:
        body += _attribute(IFLA_ADDRESS, _hardware(hardware))
    if mtu:
        body += _attribute(IFLA_MTU, struct.pack("=I", mtu))
    return f"link {name}", NEW_LINK, 0, body


def address(interface, own, bits):
    """Of an interface's number; in IPv6 without detection of duplicates."""
    family, data = _packed(own)
    body = struct.pack("=BBBBI", family, bits, 0, 0, interface)
    body += _attribute(IFA_LOCAL, data) + _attribute(IFA_ADDRESS, data)
    if family == socket.AF_INET6:
        body += _attribute(IFA_FLAGS, struct.pack("=I", IFA_F_NODAD))
    return f"address {own}", NEW_ADDRESS, CREATE | EXCLUSIVE, body


def route(net, bits, gateway):
    family, data = _packed(net)
    body = struct.pack(
        "=BBBBBBBBI",
        *(family, bits, 0, 0),
        *(RT_TABLE_MAIN, RTPROT_BOOT, 0, RTN_UNICAST),
        0,
    )
    body += _attribute(RTA_DST, data)
    body += _attribute(RTA_GATEWAY, _packed(gateway)[1])
    return f"route {net}", NEW_ROUTE, CREATE | EXCLUSIVE, body


def stale_neighbour(interface, other, hardware):
    """One that serves at once, and is probed as any other."""
    family, data = _packed(other)
    body = struct.pack("=BxxxiHBB", family, interface, NUD_STALE, 0, 0)
    body += _attribute(NDA_DST, data)
    body += _attribute(NDA_LLADDR, _hardware(hardware))
    return f"neighbour {other}", NEW_NEIGHBOUR, CREATE | REPLACE, body


def send(kernel, requests):
    """Sends them through a socket, and waits for all answers."""
    message = b"".join(
        HEADER.pack(
            HEADER.size + len(body),
            kind,
            REQUEST | ACKNOWLEDGE | flags,
            number,
            0,
        )
        + body
        for number, (_, kind, flags, body) in enumerate(requests)
    )
    if not requests:
        return
    kernel.send(message)
    waiting = set(range(len(requests)))
    while waiting:
        answer = kernel.recv(ANSWER_BYTES)
        while answer:
            length, kind, _, number, _ = HEADER.unpack_from(answer)
            (error,) = struct.unpack_from("=i", answer, HEADER.size)
            if kind != ERROR or error:
                raise Refused(
                    -error, f"{requests[number][0]}: {os.strerror(-error)}"
                )
            waiting.discard(number)
            answer = answer[length:]


def _attributes(data):
    """(kind, value) of each."""
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        yield kind, data[4:length]
        data = data[(length + 3) & ~3 :]


def sends(kernel, name):
    """Whether a link sends what it is given. Until the kernel has noticed its
    carrier its queueing discipline is "noop", which drops all, and captures do
    not see it."""
    body = _link(name)
    kernel.send(HEADER.pack(HEADER.size + len(body), GET_LINK, REQUEST, 0, 0)
                + body)
    answer = kernel.recv(ANSWER_BYTES)
    _, kind, _, _, _ = HEADER.unpack_from(answer)
    if kind == ERROR:
        (error,) = struct.unpack_from("=i", answer, HEADER.size)
        raise Refused(-error, f"link {name}: {os.strerror(-error)}")
    attributes = dict(_attributes(answer[HEADER.size + LINK_HEADER.size :]))
    return attributes[IFLA_QDISC] != b"noop\0"
