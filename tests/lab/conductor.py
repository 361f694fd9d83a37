"""Plays the steps of a scenario.

One step per line, `ACTOR[/CONNECTION] VERB WORDS`. The actors are the nodes
of the path; connections are numbered, 1 when not said. Client ports are
fixed: 40001 for connection 1 and so on. One process conducts both ends, so
the order of steps is the order of things.

    server listen [PORT] [backlog=N]
    client connect [port=N] [from=N] [to=NODE] [wait=S]
                   [gets=refused|timeout|unreachable|prohibited]
    client start [port=N] ...         connect without waiting for it
    server accept
    client send N|WORD  server recv N client exchange  client push N
    server send N more  whose last segment leaves with what comes next
    client close        client shutdown      client abort (linger 0)
    client set keepalive IDLE INTERVAL COUNT | user-timeout MS | receive N
    client expect reset|eof|data|silence|timeout|aborted|unreachable [S]
    client retransmits N     waits until it has sent so many again, or 20 s
    server hand-off     into a process of its own;  server kill (SIGKILL)
    server stop-listening
    r1 nft TEXT         r1 run COMMAND      r1 sysctl NAME=VALUE
    r1 forward LISTEN TARGET-PORT    a proxy in a process of its own
    server sshd [OPTION VALUE;...]   server etc FILE TEXT
    client ssh NAME OPTIONS -- COMMAND       client ssh-ends NAME [S]
    server serve PORT KIND [ARGUMENT]        one of servers.py
    client tls ends|lives|leaves [min=VERSION] [max=VERSION] [verify]
                        speaks TLS over its connection
    server reboot       loses every connection without a word
    server forget PORT  loses those of one port without a word
    client vip          server and server2 share $vip; it leads to server
    wait SECONDS        capture NODE
"""

import errno
import os
import shlex
import signal
import socket
import struct
import time

import kernel
import proxy
import scenario
import topology
from step_failed import StepFailed
from step_programs import ProgramSteps

PATIENCE = 45
TOTAL_RETRANSMITS = 100  # offset of tcpi_total_retrans in struct tcp_info

ERRORS = {
    "refused": (errno.ECONNREFUSED,),
    "timeout": (errno.ETIMEDOUT,),
    "unreachable": (errno.EHOSTUNREACH, errno.ENETUNREACH),
    # Linux says so for 3/13 and EACCES for ICMPv6 1/1.
    "prohibited": (errno.EHOSTUNREACH, errno.EACCES),
    "reset": (errno.ECONNRESET, errno.EPIPE),
    "aborted": (errno.ECONNABORTED,),
}


class Conductor(ProgramSteps):
    """Plays steps on a path.

    `recorder` is set by whoever records; only the step `capture` needs it.
    """

    def __init__(self, path, family, points=()):
        self.path = path
        self.family = family
        self.recorder = None
        self.points = points
        self.names = path.names(family)
        self.listeners = {}
        self.sockets = {}  # (node, connection)
        self.handed = {}
        self.ssh = {}
        self.etc = {}
        self.ports = {}  # client ports, by connection

    def play(self, steps):
        for number, line in enumerate(steps.strip().splitlines(), 1):
            line = scenario.fill(line, self.names).strip()
            if not line or line.startswith("#"):
                continue
            try:
                self._step(line)
            except (OSError, topology.LabError, StepFailed) as error:
                raise StepFailed(f"step {number} ({line}): {error}") from error

    def _step(self, line):
        actor, verb, *rest = line.split(None, 2)
        text = rest[0] if rest else ""
        if actor == "wait":
            time.sleep(float(verb))
            return
        if actor == "capture":
            self.recorder.start(
                [point for point in self.points if point.node == verb]
            )
            return
        name, _, connection = actor.partition("/")
        connection = int(connection or 1)
        method = getattr(self, "do_" + verb.replace("-", "_"))
        method(self.path.node(name), connection, text)

    def _socket(self, node, connection):
        key = (node.name, connection)
        if key not in self.sockets:
            raise StepFailed("no such connection")
        return self.sockets[key]

    @property
    def _family(self):
        return socket.AF_INET if self.family == 4 else socket.AF_INET6

    # Opening.

    def do_listen(self, node, _, text):
        words = _options(text)
        port = int(words.get("port", 8080))
        listener = node.socket(self._family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", port))
        listener.listen(int(words.get("backlog", 16)))
        listener.settimeout(PATIENCE)
        self.listeners[node.name] = listener

    def do_stop_listening(self, node, _, __):
        self.listeners.pop(node.name).close()

    def _open(self, node, connection, words):
        port = int(words.get("from", 40000 + connection))
        opened = node.socket(self._family)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if "receive" in words:
            opened.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, int(words["receive"])
            )
        if "tos" in words:
            level, name = (
                (socket.IPPROTO_IP, socket.IP_TOS)
                if self.family == 4
                else (socket.IPPROTO_IPV6, socket.IPV6_TCLASS)
            )
            opened.setsockopt(level, name, int(words["tos"]))
        opened.bind(("", port))
        opened.settimeout(float(words.get("wait", PATIENCE)))
        self.sockets[(node.name, connection)] = opened
        self.ports[connection] = port
        return opened, (
            words.get("to") or self.names["server"],
            int(words.get("port", 8080)),
        )

    def do_connect(self, node, connection, text):
        words = _options(text)
        opened, target = self._open(node, connection, words)
        gets = words.get("gets")
        try:
            opened.connect(target)
        except TimeoutError:
            if gets != "timeout":
                raise
        except OSError as error:
            if gets is None or error.errno not in ERRORS[gets]:
                raise
        else:
            if gets:
                raise StepFailed(f"connected, should have got {gets}")
        if gets:
            self.sockets.pop((node.name, connection)).close()

    def do_start(self, node, connection, text):
        opened, target = self._open(node, connection, _options(text))
        opened.setblocking(False)
        result = opened.connect_ex(target)
        if result != errno.EINPROGRESS:
            raise StepFailed(os.strerror(result))
        opened.settimeout(PATIENCE)

    def do_accept(self, node, connection, _):
        accepted, _ = self.listeners[node.name].accept()
        accepted.settimeout(PATIENCE)
        self.sockets[(node.name, connection)] = accepted

    # Talking.

    def do_send(self, node, connection, text):
        more = text.endswith(" more")
        text = text.removesuffix(" more")
        data = b"d" * int(text) if text.isdigit() else _unescaped(text)
        self._socket(node, connection).sendall(
            data, socket.MSG_MORE if more else 0
        )

    def do_push(self, node, connection, text):
        """Sends until nothing has fitted for 0.3 s, at most so much."""
        sender = self._socket(node, connection)
        sender.settimeout(0.3)
        left = int(text)
        try:
            while left > 0:
                left -= sender.send(b"p" * min(left, 65536))
        except TimeoutError:
            pass
        finally:
            sender.settimeout(PATIENCE)

    def do_recv(self, node, connection, text):
        receiver = self._socket(node, connection)
        left = int(text)
        while left > 0:
            data = receiver.recv(min(left, 65536))
            if not data:
                raise StepFailed("the other side closed")
            left -= len(data)

    def do_exchange(self, node, connection, _):
        """Client sends 5, server answers 7; both read."""
        server = next(
            other
            for other in self.path.servers
            if (other.name, connection) in self.sockets
        )
        self.do_send(node, connection, "5")
        self.do_recv(server, connection, "5")
        self.do_send(server, connection, "7")
        self.do_recv(node, connection, "7")

    def do_expect(self, node, connection, text):
        what, *seconds = text.split()
        receiver = self._socket(node, connection)
        receiver.settimeout(float(seconds[0]) if seconds else PATIENCE)
        try:
            got = "data" if receiver.recv(65536) else "eof"
        except TimeoutError as error:
            got = "timeout" if error.errno == errno.ETIMEDOUT else "silence"
        except OSError as error:
            got = next(
                (
                    name
                    for name, numbers in ERRORS.items()
                    if error.errno in numbers
                ),
                str(error),
            )
        finally:
            receiver.settimeout(PATIENCE)
        if got != what:
            raise StepFailed(f"got {got}")

    def do_retransmits(self, node, connection, text):
        """A busy machine makes timeouts longer, so seconds are no measure.

        Twenty of them are enough all the same: conditions count packets.
        """
        sender = self._socket(node, connection)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            info = sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
            if struct.unpack_from("I", info, TOTAL_RETRANSMITS)[0] >= int(text):
                time.sleep(0.3)
                return
            time.sleep(0.05)

    def do_set(self, node, connection, text):
        what, *values = text.split()
        target = self._socket(node, connection)
        level = socket.IPPROTO_TCP
        if what == "keepalive":
            target.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in zip(
                (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT),
                values,
            ):
                target.setsockopt(level, option, int(value))
        elif what == "user-timeout":
            target.setsockopt(level, socket.TCP_USER_TIMEOUT, int(values[0]))
        elif what == "nodelay":
            target.setsockopt(level, socket.TCP_NODELAY, 1)
        else:
            raise StepFailed(f"unknown setting {what}")

    # Ending.

    def do_close(self, node, connection, _):
        self.sockets.pop((node.name, connection)).close()

    def do_shutdown(self, node, connection, _):
        self._socket(node, connection).shutdown(socket.SHUT_WR)

    def do_abort(self, node, connection, _):
        self._socket(node, connection).setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.do_close(node, connection, "")

    def do_hand_off(self, node, connection, _):
        """Gives the socket to a process that only holds it."""
        held = self.sockets.pop((node.name, connection))
        child = os.fork()
        if child == 0:
            kernel.close_all_but(held.fileno())
            signal.pause()
            os._exit(0)
        held.close()
        self.handed[(node.name, connection)] = child

    def do_kill(self, node, connection, _):
        child = self.handed.pop((node.name, connection))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def do_reboot(self, node, _, __):
        """Power loss: no packet leaves while every connection is dropped."""
        node.nft(
            topology.chain("output", "drop", table="off")
            + topology.chain("input", "drop", table="off")
        )
        node.run(["ss", "-K"], check=False)
        node.run(["nft", "delete", "table", "inet", "off"])

    def do_forget(self, node, _, text):
        """The connections of one port are lost; nothing is said of it."""
        rule = f"tcp sport {text} drop"
        node.nft(topology.chain("output", rule, table="off"))
        node.run(["ss", "-K", "sport", "=", f":{text}"], check=False)
        node.run(["nft", "delete", "table", "inet", "off"])

    # The path.

    def do_nft(self, node, _, text):
        node.nft(text.replace("\\n", "\n") + "\n")

    def do_run(self, node, _, text):
        node.run(shlex.split(text))

    def do_vip(self, _, __, ___):
        address = f"{self.names['vip']}/{self.names['bits']}"
        for server in self.path.servers:
            server.ip(f"addr add {address} dev lo\n")
        line = [self.path.client, *self.path.routers]
        for hop, node in enumerate(line):
            after = self.names[
                f"r{hop + 1}" if hop < self.path.hops else "server"
            ]
            node.ip(f"route add {address} via {after}\n")

    def do_sysctl(self, node, _, text):
        name, _, value = text.partition("=")
        node.sysctl({name: value})

    def do_forward(self, node, _, text):
        words = _options(text)
        self.handed[(node.name, "proxy")] = proxy.start(
            node,
            self._family,
            int(words["listen"]),
            (words.get("to") or self.names["server"], int(words["port"])),
            float(words.get("idle", 0)),
            "transparent" in words,
            words.get("greeting", ""),
        )

    def do_kill_proxy(self, node, _, __):
        self.do_kill(node, "proxy", "")


def _unescaped(text):
    r"""The bytes of a text in which \\n, \\r and \\xNN are escapes."""
    return text.encode().decode("unicode_escape").encode("latin-1")


def _options(text):
    """ "8080 backlog=1" -> {"port": "8080", "backlog": "1"}."""
    result = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if equals:
            result[name] = value
        elif name.isdigit():
            result["port"] = name
        else:
            result[name] = ""
    return result
