"""Tests of the program as its users run it. Each script gets the program as
its argument, calls `check` with a sentence for everything it demands, and ends
with `done`."""
import functools
import os
import signal
import subprocess
import sys

from fork_server import ForkServer

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
LAB = os.path.join(TOP, "tests", "captures", "lab")
# What `nohup` or a shell's `&` has set to be ignored, programs that are begun
# here would ignore as well; they are to be ended by it.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
# The symbols of reports are ASCII where the locale has no UTF-8.
os.environ["LC_ALL"] = "C.UTF-8"
_count = 0
_failed = 0


def captures():
    """All captures that are committed, by path."""
    found = []
    for folder, _, names in os.walk(os.path.join(TOP, "tests", "captures")):
        found += [os.path.join(folder, n) for n in sorted(names)
                  if n.endswith((".pcap", ".pcapng"))]
    return sorted(found)


def probe_recordings():
    """All recordings of probes that are committed, by path."""
    folder = os.path.join(TOP, "tests", "captures", "probe")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]


def some_captures(most, ending=""):
    """At most so many of them, from all over the list."""
    found = [c for c in captures() if c.endswith(ending)]
    step = max(1, -(-len(found) // most))
    return found[::step]


def lab(name):
    return os.path.join(LAB, name)


def run(*arguments, stdin=None, env=None, stdout=subprocess.PIPE, timeout=120):
    """Runs culprit; bytes in, bytes out."""
    environment = {k: v for k, v in os.environ.items()
                   if k not in ("COLUMNS", "NO_COLOR")}
    environment.update(env or {})
    finished = subprocess.run([PROGRAM, *arguments], input=stdin, stdout=stdout,
                              stderr=subprocess.PIPE, env=environment,
                              timeout=timeout,
                              **({} if stdin is not None
                                 else {"stdin": subprocess.DEVNULL}))
    if b"the sandbox refused" in finished.stderr:
        check(False, "the sandbox allows all that is needed",
              (arguments, finished.stderr))
    return finished


@functools.cache
def server():
    return ForkServer(PROGRAM)


def run_often(*arguments, stdin=None):
    """As run(), for loops of hundreds: the program is loaded once for all."""
    return server().run(*arguments, stdin=stdin)


def check(truth, sentence, detail=""):
    global _count, _failed
    _count += 1
    if truth:
        print(f"ok {_count} - {sentence}")
        return
    _failed += 1
    print(f"not ok {_count} - {sentence}")
    for line in str(detail).splitlines()[:20]:
        print(f"# {line}")


def skip(sentence, why):
    global _count
    _count += 1
    print(f"ok {_count} - {sentence} # SKIP {why}")


def failed():
    return _failed > 0


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)
