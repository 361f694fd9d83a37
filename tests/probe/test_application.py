#!/usr/bin/python3
"""What the application behind the probed port gets to see: nothing but
connections that open and end. A server that writes down everything it reads,
and Debian's sshd with its log."""

import os
import socket
import sys
import time

import stage

import kernel
from tap import PROGRAM, check, done

PORT = 2300
LOG = "/run/lab/seen.log"


def write_down(listener, first):
    """Serves one connection after the other; a line for each event."""
    with open(LOG, "a", encoding="ascii", buffering=1) as log:
        while True:
            connection, _ = listener.accept()
            log.write("opened\n")
            try:
                if first:
                    connection.sendall(first)
                while data := connection.recv(65536):
                    log.write(f"read {data.hex()}\n")
                log.write("ended\n")
            except OSError as error:
                log.write(f"failed {error.strerror}\n")
            connection.close()


def serve(node, first):
    listener = node.socket(socket.AF_INET6)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(("::", PORT))
    listener.listen(16)
    if os.fork() == 0:
        kernel.die_with_parent(0)
        kernel.close_all_but(listener.fileno())
        write_down(listener, first)
    listener.close()


def seen():
    time.sleep(0.2)  # the end of the connection is on its way
    with open(LOG, encoding="ascii") as log:
        events = log.read().splitlines()
    os.truncate(LOG, 0)
    return events


def events_of(words, first):
    """By family: the run, and what the server wrote down."""

    def act(path):
        serve(path.server, first)
        found = {}
        for family in (4, 6):
            run = stage.probe(path, PROGRAM, family, "-p", str(PORT))
            found[family] = (run, seen())
        return found

    return stage.play(["--routers", "5", *stage.limits(5), *words], act)


def nothing_is_read():
    for what, words, first in (
        ("healthy path, silent server", [], b""),
        ("healthy path, server with a banner", [], b"220 lab\r\n"),
        ("hole of 1400", ["--hole", "3:1400:silent"], b""),
        (
            "path of 20 ms, server of many words",
            ["--delay-ms", "2"],
            b"many words " * 4000,
        ),
    ):
        for family, (run, events) in events_of(words, first).items():
            check(
                run["status"] == 0 and run["is_same"],
                f"IPv{family}, {what}: the recording is judged as the run was",
                run["said"],
            )
            check(
                events == ["opened", "ended"],
                f"IPv{family}, {what}: the application reads nothing, then "
                "the end",
                "\n".join(events),
            )


def sshd_says_little():
    def act(path):
        runs = {}
        for family in (4, 6):
            runs[family] = stage.probe(path, PROGRAM, family)
            time.sleep(0.5)
            with open("/run/lab/sshd.log", encoding="utf-8") as log:
                runs[family]["log"] = log.read().splitlines()
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


nothing_is_read()
sshd_says_little()
done()
