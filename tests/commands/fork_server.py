"""Runs of a program that is loaded once, and forks for each of them.

A short run of culprit spends its time on being loaded, six times as much of it
under the sanitizers. For tests that run it many hundred times; what is run is
the program itself, with its arguments, descriptors and exit status. Only what
happens before main() happens once.
"""
import atexit
import contextlib
import fcntl
import os
import signal
import socket
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SOURCE = os.path.join(HERE, "fork_server.c")
PRELOADED = os.path.join(TOP, "build", "fork_server.so")
PIPE_BYTES = 1 << 20  # who is not root may ask for this much


def preloaded():
    """The file to preload, made if it is older than its source."""
    if not os.path.exists(PRELOADED) or (os.path.getmtime(PRELOADED) <
                                         os.path.getmtime(SOURCE)):
        subprocess.run(["make", "-s", "fork-server"], cwd=TOP, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return PRELOADED


class ForkServer:
    """One program; `run` does as subprocess.run does, one at a time."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.requests, theirs = socket.socketpair(socket.AF_UNIX,
                                                  socket.SOCK_SEQPACKET)
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("COLUMNS", "NO_COLOR")}
        environment["LD_PRELOAD"] = preloaded()
        # the sanitizers' library wants to be the first one loaded
        environment["ASAN_OPTIONS"] = ":".join(filter(None, (
            environment.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
        with theirs:
            self.process = subprocess.Popen(
                [self.program], stdin=theirs, env=environment,
                stdout=subprocess.DEVNULL, start_new_session=True)
        keep_modest(self.process.pid)
        atexit.register(self.close)

    def run(self, *arguments, stdin=None, timeout=120):
        """Bytes in by a pipe (/dev/null for None), bytes out."""
        words = b"".join(os.fsencode(word) + b"\0"
                         for word in (self.program, *arguments))
        output, errors = (os.memfd_create(name) for name in ("out", "err"))
        inward = filled_pipe(stdin) if stdin is not None else \
            os.open(os.devnull, os.O_RDONLY)
        try:
            socket.send_fds(self.requests, [words], [inward, output, errors])
            os.close(inward)
            status = self.answer(timeout)
            return subprocess.CompletedProcess(
                [self.program, *arguments],
                os.waitstatus_to_exitcode(status), whole(output),
                whole(errors))
        finally:
            os.close(output)
            os.close(errors)

    def answer(self, timeout):
        self.requests.settimeout(timeout)
        try:
            answer = self.requests.recv(4)
        except TimeoutError:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise
        if len(answer) != 4:
            raise RuntimeError(f"the fork server of {self.program} ended "
                               f"with {self.process.wait()}")
        return struct.unpack("i", answer)[0]

    def close(self):
        """Ends it; every run has ended before."""
        self.requests.close()
        self.process.wait()


def keep_modest(pid):
    """Linux schedules a new session as a group that nobody made nice: it is
    made as nice as this one's (sched(7), autogroup)."""
    with contextlib.suppress(OSError, IndexError):
        with open("/proc/self/autogroup", encoding="ascii") as own:
            nice = own.read().split()[-1]
        with open(f"/proc/{pid}/autogroup", "w", encoding="ascii") as theirs:
            theirs.write(nice)


def filled_pipe(data):
    """The reading end of a pipe that holds all the data, and then ends."""
    reader, writer = os.pipe()
    with open(writer, "wb") as pipe:
        if len(data) > 65536:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        if len(data) > PIPE_BYTES:
            raise ValueError("more than fits into a pipe")
        pipe.write(data)
    return reader


def whole(descriptor):
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
