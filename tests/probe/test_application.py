#!/usr/bin/python3
"""What the application behind the probed port gets to see: a connection that
opens and ends, and, where the way back is measured, the first words of a
client, whole and nothing else. A server that writes down everything it reads,
and Debian's sshd with its log."""

import os
import select
import socket
import struct
import threading

import stage

import kernel
import processes
from stage import done
from tap import PROGRAM, check

LOG = "/run/lab/seen.log"
FLOWS = 7  # that compare sizes, and say nothing
MOST_CONNECTIONS = 25 + FLOWS  # the run's own, and 24 (SSH: 13) for sizes


def write_down(log, connection, number, first, reply):
    """A line for each event; each is written at once."""
    try:
        connection.sendall(first)
        while data := connection.recv(65536):
            os.write(log, f"{number} read {data.hex()}\n".encode())
            connection.sendall(reply)
        os.write(log, f"{number} ended\n".encode())
    except OSError as error:
        os.write(log, f"{number} failed {error.strerror}\n".encode())
    connection.close()


def attend(listener, first, reply):
    """Who is waiting for it is written down before he is taken: then all that
    nobody waits for is in the log."""
    log = os.open(LOG, os.O_WRONLY | os.O_APPEND)
    number = 0
    while True:
        select.select([listener], [], [])
        number += 1
        os.write(log, f"{number} opened\n".encode())
        connection, _ = listener.accept()
        threading.Thread(
            target=write_down,
            args=(log, connection, number, first, reply),
            daemon=True,
        ).start()


def serve(node, port, first, reply):
    listener = node.socket(socket.AF_INET6)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("::", port))
    listener.listen(16)
    kernel.write_file(LOG, "")
    if os.fork() == 0:
        kernel.die_with_parent(0)
        kernel.close_all_but(listener.fileno())
        attend(listener, first, reply)
    listener.close()


def events_so_far():
    events = {}
    with open(LOG, encoding="ascii") as log:
        for line in log.read().splitlines():
            number, event = line.split(" ", 1)
            events.setdefault(number, []).append(event)
    return list(events.values())


def are_over(path, port):
    return stage.is_accepted(path, port) and all(
        events[-1].startswith(("ended", "failed"))
        for events in events_so_far()
    )


def seen(path, port):
    """The events of each connection since the last time, in their order."""
    stage.wait_until(
        lambda: are_over(path, port), "the application has seen all ends"
    )
    events = events_so_far()
    os.truncate(LOG, 0)
    return events


def events_of(words, port, first, reply):
    """By family: the run, and what the server wrote down."""

    def act(path):
        serve(path.server, port, first, reply)
        found = {}
        for family in (4, 6):
            run = stage.probe(path, PROGRAM, family, "-p", str(port))
            found[family] = (run, seen(path, port))
        return found

    return stage.play(["--routers", "5", *stage.limits(5), *words], act)


def is_request(said):
    """One request for a page."""
    return said.startswith(b"GET / HTTP/1.") and (
        said.find(b"\r\n\r\n") == len(said) - 4
    )


def is_hello(said):
    """One TLS record with one ClientHello in it, which fills it."""
    if len(said) < 9 or said[:2] != b"\x16\x03" or said[5] != 1:
        return False
    record = struct.unpack(">H", said[3:5])[0]
    return len(said) == 5 + record and (
        int.from_bytes(said[6:9], "big") == record - 4
    )


def is_key_exchange(said):
    """An identification; algorithms and a first key exchange message after
    it, or not."""
    line, _, rest = said.partition(b"\r\n")
    kinds = []
    while len(rest) > 6:
        bytes_ = struct.unpack(">I", rest[:4])[0]
        kinds.append(rest[5])
        if bytes_ > len(rest) - 4:
            return False
        rest = rest[4 + bytes_ :]
    return (
        line.startswith(b"SSH-2.0-") and not rest and kinds in ([], [20],
                                                                [20, 30])
    )


# what, port, what the server says first, and to data; what it may be told
SERVERS = (
    ("a silent server", 2300, b"", b"", None),
    ("a server with a banner", 2300, b"220 lab\r\n", b"", None),
    ("a server of many words", 2300, b"many words " * 4000, b"", None),
    ("a web server", 80, b"", b"HTTP/1.1 200 OK\r\n" + b"w" * 4000,
     is_request),
    ("a web server that says nothing", 80, b"", b"", is_request),
    ("a TLS server that says nothing", 443, b"", b"", is_hello),
    ("an SSH server", 22, b"SSH-2.0-lab\r\n", b"", is_key_exchange),
)
PATHS = (
    ("a healthy path", []),
    ("a hole of 1400", ["--hole", "3:1400:silent", "--delay-ms", "1"]),
)


def said_on(events):
    """What came on a connection, or None when it did not end in order."""
    if events[:1] != ["opened"] or events[-1:] != ["ended"]:
        return None
    said = b""
    for event in events[1:-1]:
        if not event.startswith("read "):
            return None
        said += bytes.fromhex(event[5:])
    return said


def check_events(name, events, may_be_told):
    said = [said_on(connection) for connection in events]
    told = [words for words in said if words]
    check(
        0 < len(events) <= MOST_CONNECTIONS
        and None not in said
        and b"" in said
        and bool(told) == bool(may_be_told)
        and (told or len(events) == 1 + FLOWS)
        and all(may_be_told(words) for words in told),
        f"{name}: the application reads what was meant for it, then the end",
        "\n".join(str(connection)[:300] for connection in events),
    )


def applications():
    pool = processes.Pool(7)
    played = [
        (f"{server[0]}, {where}", server[4],
         pool.submit(events_of, words, *server[1:4]))
        for server in SERVERS
        for where, words in PATHS
    ]
    for what, may_be_told, call in played:
        for family, (run, events) in call.result().items():
            name = f"IPv{family}, {what}"
            check(
                run["status"] == 0 and run["is_same"],
                f"{name}: the recording is judged as the run was",
                run["said"],
            )
            check_events(name, events, may_be_told)


def sshd_says_little():
    def act(path):
        runs = {}
        for family in (4, 6):
            runs[family] = stage.probe(path, PROGRAM, family)
            runs[family]["log"] = stage.sshd_log(path)
        return runs

    words = ["--routers", "5", *stage.limits(5), "--hole", "3:1400:silent"]
    before = 0
    for family, run in stage.play([*words, "--serve", "22:ssh"], act).items():
        said = [
            line
            for line in run["log"][before:]
            if not line.startswith(("Server listening", "Bind to port"))
        ]
        before = len(run["log"])
        check(
            run["status"] == 0 and run["is_same"],
            f"IPv{family}, sshd: the recording is judged as the run was",
            run["said"],
        )
        check(
            said and all(is_mere_end(line) for line in said),
            f"IPv{family}: sshd logs nothing but closed connections",
            "\n".join(said),
        )


def is_mere_end(line):
    """What sshd says of any client that leaves before its own banner."""
    return line.startswith(
        (
            "Connection closed by ",
            "kex_exchange_identification: Connection closed by remote host",
        )
    )


applications()
sshd_says_little()
done()
