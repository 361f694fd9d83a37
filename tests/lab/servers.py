"""Small TCP servers that behave, well or badly, on their own.

Scenarios conduct their own sockets step by step; these are for whoever needs
something to talk to at the far end, such as a prober under test.
"""

import os
import socket
import ssl
import struct
import subprocess
import threading
import time

import kernel


def echo(connection, _):
    while data := connection.recv(65536):
        connection.sendall(data)


def discard(connection, _):
    while connection.recv(65536):
        pass


def silent(connection, _):
    """Never reads, never writes, never closes."""
    while True:
        time.sleep(3600)
        connection.fileno()


def talk(connection, size):
    """Sends `size` bytes at once, then behaves like discard."""
    connection.sendall(b"t" * int(size or 20000))
    discard(connection, size)


def is_begun(request):
    """It is the beginning of a request of HTTP, and not all of it."""
    method = b"GET "
    return (
        request[: len(method)] == method[: len(request)]
        and b"\r\n\r\n" not in request
    )


def answer(connection, size):
    """Sends `size` bytes for every request of HTTP, in how many pieces it may
    come, and for every piece of other data that arrives."""
    request = b""
    while piece := connection.recv(65536):
        request += piece
        if not is_begun(request):
            connection.sendall(b"a" * int(size or 20000))
            request = b""


def hesitant(connection, size):
    """Answers with a little at first, and with `size` bytes a while later."""
    connection.recv(65536)
    connection.sendall(b"h" * 900)
    time.sleep(0.7)
    connection.sendall(b"h" * int(size or 20000))
    discard(connection, size)


def slow(connection, size):
    """Answers after a while, in two parts."""
    connection.recv(65536)
    time.sleep(0.7)
    connection.sendall(b"s" * 1000)
    time.sleep(0.1)
    connection.sendall(b"s" * 1248)
    discard(connection, size)


def refuse(connection, text):
    """Says a line and closes, as sshd does that takes no more clients."""
    connection.sendall((text or "no").encode() + b"\r\n")


def endless(connection, _):
    """Talks as long as it is let."""
    while True:
        connection.sendall(b"e" * 65536)


def close(_, __):
    """Closes at once."""


def farewell(connection, text):
    """Says a line, and closes."""
    connection.sendall((text or "SSH-2.0-lab").encode() + b"\r\n")


def abort(connection, _):
    """Resets at the first data."""
    connection.recv(65536)
    connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )


def banner(connection, text):
    """Sends a line first, as SSH and SMTP servers do, then echoes."""
    connection.sendall((text or "SSH-2.0-lab").encode() + b"\r\n")
    echo(connection, text)


def impatient(connection, seconds):
    """Closes when nothing was said for so long."""
    connection.settimeout(float(seconds or 3))
    try:
        echo(connection, None)
    except TimeoutError:
        pass


def brusque(connection, seconds):
    """The same with a reset."""
    impatient(connection, seconds)
    connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )


CERTIFICATE = "/run/lab/certificate.pem"


def make_certificate(size):
    """A key and a certificate of at least so many bytes on the wire."""
    names = ",".join(f"DNS:{'n' * 50}{i}.lab" for i in range(size // 60 + 1))
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    words += f" -keyout {CERTIFICATE}.key -out {CERTIFICATE} -subj /CN=lab"
    subprocess.run(
        ["openssl", *words.split(), "-addext", "subjectAltName=" + names],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )


def tls(connection, _, oldest=ssl.TLSVersion.TLSv1_2):
    """Speaks TLS with the certificate, then echoes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = oldest
    context.load_cert_chain(CERTIFICATE, CERTIFICATE + ".key")
    echo(context.wrap_socket(connection, server_side=True), None)


def tls13(connection, _):
    """The same, and speaks nothing older than TLS 1.3."""
    tls(connection, _, ssl.TLSVersion.TLSv1_3)


KINDS = {
    "echo": echo,
    "discard": discard,
    "silent": silent,
    "talk": talk,
    "answer": answer,
    "hesitant": hesitant,
    "slow": slow,
    "refuse": refuse,
    "endless": endless,
    "close": close,
    "farewell": farewell,
    "abort": abort,
    "banner": banner,
    "impatient": impatient,
    "brusque": brusque,
    "tls": tls,
    "tls13": tls13,
}


def _attend(connection, kind, argument):
    try:
        KINDS[kind](connection, argument)
    except OSError:
        pass
    finally:
        connection.close()


def start(node, port, kind, argument=""):
    """Serves a port on IPv4 and IPv6 in a process of its own."""
    if kind in ("tls", "tls13"):
        make_certificate(int(argument or 4000))
    listener = node.socket(socket.AF_INET6)
    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("::", port))
    listener.listen(128)
    child = os.fork()
    if child:
        listener.close()
        return child
    try:
        kernel.die_with_parent(0)
        kernel.close_all_but(listener.fileno())
        while True:
            connection, _ = listener.accept()
            threading.Thread(
                target=_attend, args=(connection, kind, argument), daemon=True
            ).start()
    finally:
        os._exit(0)
