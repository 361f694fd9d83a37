"""A path of the lab with culprit probe at its client's end, for tests that
need more of it than path.py's command line gives.

Everything that `play` is given to do happens in a sandbox of its own; what it
returns comes back as JSON.
"""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time

TOP = os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
sys.path[:0] = [
    os.path.join(TOP, "tests", folder) for folder in ("lab", "commands")
]

import kernel  # noqa: E402
import path as lab  # noqa: E402

LONGEST_S = 300  # a run of the probe ends by itself after less than that


def limits(routers):
    """Kernels' own limits of ICMP errors, which the lab lifts."""
    words = []
    for node in [f"r{k + 1}" for k in range(routers)] + ["server"]:
        words += ["--sysctl", f"{node}:net.ipv4.icmp_ratelimit=1000"]
        words += ["--sysctl", f"{node}:net.ipv6.icmp.ratelimit=1000"]
    return words


def read_to_end(descriptor, seconds):
    """What comes until its end; None when that takes longer."""
    limit = time.monotonic() + seconds
    parts = []
    while True:
        left = max(0, limit - time.monotonic())
        if not select.select([descriptor], [], [], left)[0]:
            return None
        parts.append(os.read(descriptor, 1 << 16))
        if not parts[-1]:
            return b"".join(parts).decode()


def play(words, act):
    """Builds the path that path.py's words ask for; returns act(path).

    A process forked from one of several threads may never get anywhere,
    waiting for what another held: it is killed, and forked once more.
    """
    status, text = played(words, act)
    if text is None:
        print(f"# a sandbox did not end in {LONGEST_S} s", flush=True)
        status, text = played(words, act)
    if status != 0 or text is None:
        raise RuntimeError(f"the sandbox ended with {status}")
    return json.loads(text)


def played(words, act):
    """(exit status, what act returned as JSON or None when it did not)"""
    options = lab.parse([*words, "--", "act"])
    ours, theirs = os.pipe()

    def work():
        os.close(ours)
        built = lab.build(options)
        try:
            result = act(built)
        finally:
            built.stop()
        with os.fdopen(theirs, "w") as file:
            json.dump(result, file)
        return 0

    child = kernel.fork_sandbox(work)
    os.close(theirs)
    text = read_to_end(ours, LONGEST_S)
    os.close(ours)
    if text is None:
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, text


def judged(program, recording):
    """What `culprit analyze --json` prints of a recording."""
    return subprocess.run(
        [program, "analyze", "--json", recording],
        text=True,
        capture_output=True,
        check=False,
    ).stdout


def probe(path, program, family, *words):
    """One run: {status, lines, said, seconds, is_same, text}; `is_same` when
    the recording is judged as the run was, `text` as people read it."""
    recording = f"/run/lab/probe-{time.monotonic_ns()}.pcapng"
    command = [program, "probe", path.server_address(family), *words]
    command += ["--json", "-w", recording]
    started = time.monotonic()
    with path.client.inside():
        done = subprocess.run(
            command, text=True, capture_output=True, check=False
        )
    seconds = time.monotonic() - started
    again = judged(program, recording)
    text = subprocess.run(
        [program, "analyze", recording],
        text=True,
        capture_output=True,
        check=False,
    ).stdout
    os.unlink(recording)
    return {
        "text": text,
        "status": done.returncode,
        "lines": [json.loads(line) for line in done.stdout.splitlines()],
        "said": done.stderr,
        "seconds": seconds,
        "is_same": again == done.stdout,
    }


def findings(run):
    return [line for line in run["lines"] if line["type"] == "finding"]


def wait_or_kill(process, seconds):
    """The exit status, or None when it had to be killed."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None


def guards():
    """The sandbox's processes that guard ports: (number, status)."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/status", encoding="ascii") as file:
                said = dict(re.findall(r"(\w+):\t(.*)", file.read()))
        except OSError:
            continue  # gone meanwhile
        if said["Name"] == "culprit-guard" and said["State"][0] != "Z":
            found.append((int(number), said))
    return found


def wait_unguarded(seconds):
    """Seconds until no guard was left; None when there still is one."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if not guards():
            return time.monotonic() - started
        time.sleep(0.1)
    return None


def end_guards(seconds):
    """Waits for them; who still sends by then would keep them."""
    if wait_unguarded(seconds) is None:
        for number, _ in guards():
            os.kill(number, signal.SIGKILL)
        wait_unguarded(seconds)
