"""A proxy that ends the client's connection and makes one of its own."""

import os
import select
import socket

import kernel

IP_TRANSPARENT = 19
IPV6_TRANSPARENT = 75


def _copy(near, far, idle):
    while True:
        ready, _, _ = select.select([near, far], [], [], idle or None)
        if not ready:
            return
        for end in ready:
            data = end.recv(65536)
            if not data:
                return
            (far if end is near else near).sendall(data)


def _attend(near, family, target, idle, greeting):
    if greeting:
        near.recv(65536)
        near.sendall(greeting.encode())
        return
    with socket.socket(family) as far:
        try:
            far.connect(target)
        except OSError:
            near.recv(65536)
            return
        _copy(near, far, idle)


def start(node, family, port, target, idle, transparent, greeting):
    """Serves one connection after the other in a process of its own.

    An idle connection is closed after `idle` seconds (0: never). With a
    greeting the proxy answers the first data itself and closes.
    """
    listener = node.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if transparent:
        level, option = (
            (socket.IPPROTO_IP, IP_TRANSPARENT)
            if family == socket.AF_INET
            else (socket.IPPROTO_IPV6, IPV6_TRANSPARENT)
        )
        listener.setsockopt(level, option, 1)
    listener.bind(("", port))
    listener.listen(16)
    child = os.fork()
    if child:
        listener.close()
        return child
    try:
        kernel.die_with_parent(0)
        # What it opens has to live in the node, too.
        kernel.setns(node.descriptor)
        kernel.close_all_but(listener.fileno())
        while True:
            near, _ = listener.accept()
            with near:
                try:
                    _attend(near, family, target, idle, greeting)
                except OSError:
                    pass
    finally:
        os._exit(0)
