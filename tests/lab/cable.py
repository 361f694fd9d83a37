"""A wire whose device is a function in Python, for what tests/lab/wire has no
word for. It is slower than that, and fast enough for the packets of a probe.

The function is given each IP packet and whether it comes from the far end. It
yields what leaves: packets, or (packet, seconds later, whether it goes back to
where the packet came from). Neighbour discovery passes.
"""

import contextlib
import errno
import fcntl
import heapq
import itertools
import os
import select
import struct
import time

import kernel

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
IP_TYPES = (b"\x08\x00", b"\x86\xdd")
ICMP6, SOLICITATION, ADVERTISEMENT = 58, 135, 136
LONGEST = 65536 + 14


def open_tap(node, name):
    with node.inside():
        tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        request = struct.pack("16sH14x", name.encode(), IFF_TAP | IFF_NO_PI)
        fcntl.ioctl(tap, TUNSETIFF, request)
    return tap


def is_ip(frame):
    """Whether the device is to see it."""
    if frame[12:14] not in IP_TYPES:
        return False
    return not (
        frame[14] >> 4 == 6
        and frame[20] == ICMP6
        and frame[54] in (SOLICITATION, ADVERTISEMENT)
    )


def leaving(device, frame, from_far):
    """(seconds from now, whether to the far end, frame) of all that leaves."""
    if not is_ip(frame):
        yield 0, not from_far, frame
        return
    there = frame[:14]
    back = frame[6:12] + frame[:6] + frame[12:14]
    for one in device(frame[14:], from_far):
        packet, late, is_back = one if isinstance(one, tuple) else (one, 0, False)
        head = back if is_back else there
        yield late, from_far == is_back, head + packet


def carry(taps, device):
    waiting, order = [], itertools.count()
    while True:
        wait = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for tap in select.select(taps, [], [], wait)[0]:
            try:
                frame = os.read(tap, LONGEST)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                time.sleep(0.005)  # it is not up yet
                continue
            now = time.monotonic()
            for late, to_far, one in leaving(device, frame, tap == taps[1]):
                heapq.heappush(
                    waiting, (now + late, next(order), taps[to_far], one)
                )
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, tap, frame = heapq.heappop(waiting)
            with contextlib.suppress(OSError):  # as a cable that is unplugged
                os.write(tap, frame)


def start(near, far, names, device):
    """Makes the interfaces, and carries between them in a process of its own,
    which ends with its parent."""
    taps = [open_tap(node, name) for node, name in zip((near, far), names)]
    if os.fork() == 0:
        kernel.die_with_parent(0)
        kernel.close_all_but(*taps)
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            pass  # it is scheduled as others are
        try:
            carry(taps, device)
        except OSError:
            os._exit(0)  # the path is gone
    for tap in taps:
        os.close(tap)
