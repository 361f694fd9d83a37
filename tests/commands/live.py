"""Captures on the loopback of a network namespace of its own."""
import ctypes
import os
import signal
import socket
import struct
import subprocess
import time

from tap import PROGRAM, check


def namespace():
    """Enters a network namespace with a loopback that is up; says why not."""
    if os.geteuid() != 0:
        return "needs root"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        return f"no network namespace: {os.strerror(ctypes.get_errno())}"
    if subprocess.run(["ip", "link", "set", "lo", "up"],
                      stderr=subprocess.DEVNULL).returncode != 0:
        return "the loopback of the namespace does not come up"
    return None


def listen(*arguments, before=None):
    """A capture that has begun; `before` is done in its process first."""
    process = subprocess.Popen(
        [PROGRAM, "capture", "-i", "lo", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL, preexec_fn=before)
    line = process.stderr.readline()
    if b"listening on lo" not in line:
        process.kill()
        raise RuntimeError(line + process.stderr.read())
    return process


def finish(process, timeout=30):
    """Waits for its end; exit status, standard output, standard error."""
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    if b"the sandbox refused" in errors:
        check(False, "the sandbox allows all that capture needs", errors)
    return process.returncode, output, errors


def end(process, number=signal.SIGINT):
    process.send_signal(number)
    return finish(process)


def provoke(port):
    """An abort of a living connection and a closed port."""
    server = socket.create_server(("127.0.0.1", port))
    client = socket.create_connection(("127.0.0.1", port))
    peer, _ = server.accept()
    client.sendall(b"hello")
    peer.recv(10)
    peer.sendall(b"world")
    client.recv(10)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    peer.close()
    server.close()
    time.sleep(0.05)
    client.close()
    try:
        socket.create_connection(("127.0.0.1", port + 1)).close()
    except ConnectionRefusedError:
        pass


def talk(is_enough):
    """12,000 bytes every hundredth of a second, until that holds."""
    limit_s = time.monotonic() + 60
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        while not is_enough():
            if time.monotonic() > limit_s:
                raise RuntimeError("a minute of talk was not enough")
            out.sendto(b"x" * 12000, ("127.0.0.1", 9))
            time.sleep(0.01)


class Round:
    """Whether the first of two files has been begun anew."""

    def __init__(self, folder):
        self.names = [os.path.join(folder, f"part{i}") for i in range(2)]
        self.most = 0

    def is_over(self):
        if not os.path.exists(self.names[1]):
            return False
        size = os.path.getsize(self.names[0])
        self.most = max(self.most, size)
        return size < self.most
