"""The few system calls that Python 3.11 lacks, and a sandbox made of them.

Everything a lab makes (namespaces, processes, mounts) hangs on one process,
the first of a PID namespace. Whatever kills it, the kernel takes the rest
away: there is nothing to clean up and nothing that could stay behind.
"""

import ctypes
import faulthandler
import fcntl
import os
import signal
import socket
import struct
import sys
import time
import traceback

CLONE_NEWNS = 0x00020000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
PR_SET_PDEATHSIG = 1
SIOCETHTOOL = 0x8946
SIOCGIFFLAGS = 0x8913
IFF_RUNNING = 0x40

# linux/ethtool.h: the old single-feature commands, one per offload.
OFFLOAD_COMMANDS = {
    "rx-checksum": 0x15,
    "tx-checksum": 0x17,
    "scatter-gather": 0x19,
    "tso": 0x1F,
    "gso": 0x24,
    "gro": 0x2C,
}

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    """Raises OSError when a libc call returned -1."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags):
    check(libc.unshare(flags), "unshare")


def setns(descriptor, flags=CLONE_NEWNET):
    check(libc.setns(descriptor, flags), "setns")


def mount(source, target, kind="", flags=0, data=""):
    check(
        libc.mount(
            source.encode(),
            target.encode(),
            kind.encode(),
            ctypes.c_ulong(flags),
            data.encode(),
        ),
        f"mount {target}",
    )


def die_with_parent(parent):
    """Asks for SIGKILL when the parent ends; `parent` is its process id."""
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")
    if parent and os.getppid() != parent:
        os._exit(1)


def set_offload(interface, name, on):
    """Switches one offload of an interface of the current namespace."""
    command = struct.pack("II", OFFLOAD_COMMANDS[name], 1 if on else 0)
    buffer = ctypes.create_string_buffer(command)
    request = struct.pack("16sP", interface.encode(), ctypes.addressof(buffer))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCETHTOOL, request)


def is_running(interface):
    """Whether an interface of the current namespace carries packets yet.

    After its peer has come up the kernel takes up to a second to notice;
    what is sent before is lost.
    """
    request = struct.pack("16sH14x", interface.encode(), 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, SIOCGIFFLAGS, request)
    return bool(struct.unpack_from("H", answer, 16)[0] & IFF_RUNNING)


def write_file(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(str(text))


def close_all_but(*kept):
    """Closes every descriptor above standard error but those in `kept`.

    A forked process that kept its parent's sockets would keep connections
    open that the parent closes.
    """
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        if number > 2 and number not in kept:
            try:
                os.close(number)
            except OSError:
                pass  # the one that listed the folder


def why_not():
    """Why labs cannot run here, or None when they can."""
    if os.geteuid() != 0:
        return "not root"
    child = os.fork()
    if child == 0:
        try:
            unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET)
            os._exit(0 if os.path.exists("/dev/net/tun") else 2)
        except OSError:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {0: None, 2: "no /dev/net/tun"}.get(
        status, "network namespaces are not permitted here"
    )


def _become_init(work):
    """The body of the sandbox's first process."""
    die_with_parent(0)
    faulthandler.register(signal.SIGUSR1)
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("proc", "/proc", "proc")
    mount("tmpfs", "/run", "tmpfs")
    os.mkdir("/run/lab")
    # The sandbox's own network: nothing in it, not even a route.
    unshare(CLONE_NEWNET)
    return work()


def fork_sandbox(work):
    """Runs `work()` in a sandbox; returns the id of a process to wait for.

    That process exits with the number `work` returns (70 after an
    exception). Killing it, or the death of the caller, ends everything that
    lives in the sandbox. /run is empty and private in there, with a folder
    /run/lab; open files are shared, so results are handed out through
    descriptors or files elsewhere.
    """
    parent = os.getpid()
    # What is written but not out would be written by the sandbox as well.
    sys.stdout.flush()
    sys.stderr.flush()
    outer = os.fork()
    if outer:
        return outer
    status = 71
    try:
        die_with_parent(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        unshare(CLONE_NEWNS | CLONE_NEWPID)
        # The first child is process 1 of the new PID namespace.
        inner = os.fork()
        if inner == 0:
            try:
                status = _become_init(work) or 0
            except BaseException:  # reported, then everything ends
                traceback.print_exc()
                status = 70
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1])
        if status < 0:
            status = 128 - status
    finally:
        os._exit(status)


def end_sandbox(child):
    """Kills one that does not end; its first process says where it stood."""
    with open(f"/proc/{child}/task/{child}/children", encoding="ascii") as file:
        for inner in file.read().split():
            os.kill(int(inner), signal.SIGUSR1)
    time.sleep(1)  # a process that says nothing by then says nothing
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def run_in_sandbox(work):
    """Like fork_sandbox, and waits."""
    child = fork_sandbox(work)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
