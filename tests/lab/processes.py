"""Calls side by side, each in a process of its own.

They are forked by one thread. Where several threads fork, a child may never
get anywhere: what another thread held at that moment nobody lets go of there.
"""

import os
import pickle
import select
import sys
import time
import traceback

import kernel

LONGEST_S = 400  # stage.play gives up sooner, and says where it stood


class Call:
    """One call; result() waits for it."""

    def __init__(self, pool, function, arguments):
        self.pool = pool
        self.function = function
        self.arguments = arguments
        self.child = self.started = None
        self.parts = []
        self.outcome = None  # (whether it returned, what; or its traceback)

    def result(self):
        while self.outcome is None:
            self.pool.turn()
        is_value, value = self.outcome
        if not is_value:
            raise RuntimeError(value)
        return value


class Pool:
    """Runs so many calls at a time, in the order in which they came."""

    def __init__(self, width):
        self.width = width
        self.waiting = []
        self.running = {}  # descriptor -> Call

    def submit(self, function, *arguments):
        call = Call(self, function, arguments)
        self.waiting.append(call)
        self._begin()
        return call

    def map(self, function, items):
        """The results in the order of the items."""
        calls = [self.submit(function, item) for item in items]
        for call in calls:
            yield call.result()

    def turn(self):
        """Waits until something comes from one of them."""
        left = LONGEST_S + min(
            call.started for call in self.running.values()
        ) - time.monotonic()
        ready, _, _ = select.select(list(self.running), [], [], max(0, left))
        if not ready:
            raise RuntimeError(f"a call did not end in {LONGEST_S} s")
        for descriptor in ready:
            call = self.running[descriptor]
            part = os.read(descriptor, 1 << 16)
            call.parts.append(part)
            if not part:
                self._end(descriptor)

    def _begin(self):
        while self.waiting and len(self.running) < self.width:
            call = self.waiting.pop(0)
            ours, theirs = os.pipe()
            sys.stdout.flush()
            sys.stderr.flush()
            call.started = time.monotonic()
            parent = os.getpid()
            call.child = os.fork()
            if call.child == 0:
                _run(call, theirs, parent)
            os.close(theirs)
            self.running[ours] = call

    def _end(self, descriptor):
        call = self.running.pop(descriptor)
        os.close(descriptor)
        status = os.waitstatus_to_exitcode(os.waitpid(call.child, 0)[1])
        said = b"".join(call.parts)
        call.outcome = (
            pickle.loads(said)
            if said
            else (False, f"a call ended with {status}")
        )
        self._begin()


def _run(call, descriptor, parent):
    """The child: what the call returns goes out through the descriptor."""
    status = 1
    try:
        kernel.die_with_parent(parent)
        outcome = True, call.function(*call.arguments)
        status = 0
    except BaseException:  # told where the result is wanted
        outcome = False, traceback.format_exc()
    try:
        sys.stdout.flush()
        with os.fdopen(descriptor, "wb") as file:
            pickle.dump(outcome, file)
    finally:
        os._exit(status)
