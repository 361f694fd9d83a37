"""Waits for what a program under test has done, not for a time."""
import fcntl
import os
import struct
import termios
import time


def wait_until(truth, seconds=60):
    """Whether it became true in time."""
    limit = time.monotonic() + seconds
    while not truth():
        if time.monotonic() > limit:
            return False
        time.sleep(0.002)
    return True


def unread(pipe):
    """Bytes in a pipe that nobody has read yet."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


def _states(pid):
    """Of each thread, and of those of its children: R, S, D, ..."""
    task = f"/proc/{pid}/task"
    for number in os.listdir(task):
        with open(f"{task}/{number}/stat", encoding="ascii") as file:
            yield file.read().rpartition(")")[2].split()[0]
        with open(f"{task}/{number}/children", encoding="ascii") as file:
            for child in file.read().split():
                yield from _states(child)


def is_idle(process):
    """Whether each thread of it waits for something, 30 ms long."""
    for _ in range(4):
        try:
            if set(_states(process.pid)) != {"S"}:
                return False
        except FileNotFoundError:  # a thread that has just ended
            return False
        time.sleep(0.01)
    return True


def wait_until_read(process, seconds=60):
    """Until all that was written to its input is read, and worked on: with
    nothing in the pipe, no thread has anything to do."""
    return wait_until(lambda: not unread(process.stdin) and is_idle(process),
                      seconds)
