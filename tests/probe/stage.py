"""A path of the lab with culprit probe at its client's end, for tests that
need more of it than path.py's command line gives.

Everything that `play` is given to do happens in a sandbox of its own; what it
returns comes back as JSON. Where a test fails, the recordings of its probes
stay, and each run says where.
"""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
sys.path[:0] = [
    os.path.join(TOP, "tests", folder) for folder in ("lab", "commands")
]

import kernel  # noqa: E402
import path as lab  # noqa: E402
import tap  # noqa: E402
import topology  # noqa: E402

LONGEST_S = 300  # a run of the probe ends by itself after less than that
RECORDINGS = os.path.join(
    topology.BUILD,
    "probe",
    f"{os.path.basename(sys.argv[0])}-{os.getpid()}",
)


def recording():
    """A name for one."""
    os.makedirs(RECORDINGS, exist_ok=True)
    handle, name = tempfile.mkstemp(".pcapng", dir=RECORDINGS)
    os.close(handle)
    return name


class Less(str):
    """Why a run says less than it should, where nothing that it says is wrong.
    Lost packets and a host that is held up may be the reason."""


def settled(name, result, holds, again):
    """(what is wrong with a run or None, the run): where the first says less,
    and nothing wrong, the same is played once more, which is printed, and
    counted by tests/run.py. What is said wrong is wrong at once."""
    said = holds(result)
    if isinstance(said, Less) and result["status"] == 0 and result["is_same"]:
        print(f"# second try: {name}: {said}")
        result = again()
        said = holds(result)
    return said, result


def done():
    """Ends the test; the recordings stay where it fails."""
    if not tap.failed():
        shutil.rmtree(RECORDINGS, ignore_errors=True)
    tap.done()


def limits(routers):
    """Kernels' own limits of ICMP errors, which the lab lifts."""
    words = []
    for node in [f"r{k + 1}" for k in range(routers)] + ["server"]:
        words += ["--sysctl", f"{node}:net.ipv4.icmp_ratelimit=1000"]
        words += ["--sysctl", f"{node}:net.ipv6.icmp.ratelimit=1000"]
    return words


def usual_path(routers):
    """Words of path.py: routers whose kernels limit ICMP errors, 20 ms there
    and back, an SSH server at the end."""
    return [
        "--routers",
        str(routers),
        *limits(routers),
        "--wire",
        "1:both:delay_ms=10",
        "--serve",
        "22:ssh",
    ]


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


def play(words, act, devices=None):
    """Builds the path that path.py's words ask for, with devices by link;
    returns act(path)."""
    options = lab.parse([*words, "--", "act"])
    ours, theirs = os.pipe()

    def work():
        os.close(ours)
        built = lab.build(options, devices)
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
        kernel.end_sandbox(child)
        raise RuntimeError(f"a sandbox did not end in {LONGEST_S} s")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != 0:
        raise RuntimeError(f"the sandbox ended with {status}")
    return json.loads(text)


def judged(program, recording):
    """What `culprit analyze --json` prints of a recording."""
    return subprocess.run(
        [program, "analyze", "--json", recording],
        text=True,
        capture_output=True,
        check=False,
    ).stdout


def probe(path, program, family, *words):
    """One run: {status, lines, said, seconds, is_same, text, recording};
    `is_same` when the recording is judged as the run was, `text` as people
    read it."""
    name = recording()
    command = [program, "probe", path.server_address(family), *words]
    command += ["--json", "-w", name]
    started = time.monotonic()
    with path.client.inside():
        ran = subprocess.run(
            command, text=True, capture_output=True, check=False
        )
    seconds = time.monotonic() - started
    again = judged(program, name)
    text = subprocess.run(
        [program, "analyze", name],
        text=True,
        capture_output=True,
        check=False,
    ).stdout
    return {
        "text": f"{text}(recorded in {name})",
        "status": ran.returncode,
        "lines": [json.loads(line) for line in ran.stdout.splitlines()],
        "said": f"{ran.stderr}(recorded in {name})",
        "seconds": seconds,
        "is_same": again == ran.stdout,
        "recording": name,
    }


def announced(path, program, family, *words):
    """How many packets a dry run with these words says that a run sends."""
    with path.client.inside():
        ran = subprocess.run(
            [program, "probe", path.server_address(family), *words,
             "--dry-run", "--json"],
            text=True,
            capture_output=True,
            check=True,
        )
    return json.loads(ran.stdout.splitlines()[-1])["usual_packets"]


def is_as_announced(run):
    """On a path of two routers: a dry run counts with eight hops, for which the
    route sends nine packets more."""
    sent = run["lines"][-1]["sent"] + 9
    return 0.75 * run["announced"] < sent < 1.25 * run["announced"]


def findings(run):
    return [line for line in run["lines"] if line["type"] == "finding"]


def listed(run, kind, word, direction=None):
    """The rows of a question's line, "excluded" or "undetermined", as {row:
    reason}; none where it stands in another list."""
    return {
        line["signature"]: line["reason"]
        for line in run["lines"]
        if line["type"] == kind
        and line["question"] == word
        and direction in (None, line.get("direction"))
    }


def excluded(run, word):
    """The rows by which a question's answers are excluded."""
    return {
        line["signature"]
        for line in run["lines"]
        if line["type"] == "excluded" and line["question"] == word
    }


def is_cause(cause, grade, *words, **fields):
    """Exactly that finding, of a server; `words` stand in its advice."""

    def holds(run):
        lines = findings(run)
        if [line.get("cause") for line in lines] != [cause]:
            return f"found {[line['signature'] for line in lines]}"
        line = lines[0]
        if line["grade"] != grade:
            return line["grade"]
        for key, value in fields.items():
            if line.get(key) != value:
                return f"{key} is {line.get(key)}, not {value}"
        missing = [word for word in words if word not in line["advice"]]
        return f"advice without {missing}" if missing else None

    return holds


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
    return running("culprit-guard")


def wait_until(holds, what, seconds=60):
    """Looks again and again; fails when it does not come to hold."""
    start = time.monotonic()
    while not holds():
        waited = time.monotonic() - start
        if waited > seconds:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(min(0.01 + waited / 20, 0.25))  # long waits keep quiet


def received_bytes(node, interface):
    """What the interface has taken from its link."""
    with node.inside():
        with open("/proc/thread-self/net/dev", encoding="ascii") as file:
            for line in file:
                name, _, counts = line.partition(":")
                if name.strip() == interface:
                    return int(counts.split()[0])
    raise RuntimeError(f"no interface {interface}")


# States of /proc/net/tcp.
ESTABLISHED, SYN_RECEIVED, LISTENING = "01", "03", "0A"


def sockets(node, port):
    """The node's TCP sockets with that port of its own: (state, bytes that
    are not acknowledged, bytes or connections that nobody has taken yet)."""
    found = []
    with node.inside():
        for name in ("tcp", "tcp6"):
            with open(f"/proc/thread-self/net/{name}", encoding="ascii") as file:
                for line in file.read().splitlines()[1:]:
                    words = line.split()
                    if int(words[1].rsplit(":", 1)[1], 16) == port:
                        sent, waiting = words[4].split(":")
                        found.append((words[3], int(sent, 16), int(waiting, 16)))
    return found


def is_accepted(path, port):
    """Whether the server's application has got all connections there are."""
    return not any(
        state == SYN_RECEIVED or (state == LISTENING and waiting)
        for state, _, waiting in sockets(path.server, port)
    )


def is_settled(path, port):
    """Whether the server has nothing that it would send again."""
    return not any(
        state == SYN_RECEIVED or (state != LISTENING and sent)
        for state, sent, _ in sockets(path.server, port)
    )


def is_kernels_reset(packet):
    """Whether a packet of this host is a reset that its kernel sent about a
    connection that it does not know: those of the probe have a window."""
    return "R" in packet.flags and packet.window == 0


def sshd_log(path):
    """All that sshd has to say of the connections there were."""
    wait_until(
        lambda: is_accepted(path, 22) and len(running("sshd")) == 1,
        "sshd attends to nobody",
    )
    with open("/run/lab/sshd.log", encoding="utf-8") as log:
        return log.read().splitlines()


def is_mere_end(line):
    """What sshd says of any client that leaves."""
    return line.startswith(
        (
            "Server listening",
            "Bind to port",
            "Connection closed by ",
            "kex_exchange_identification: Connection closed by remote host",
        )
    )


def running(name):
    """The sandbox's processes of that name: (number, status)."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/status", encoding="ascii") as file:
                said = dict(re.findall(r"(\w+):\t(.*)", file.read()))
        except OSError:
            continue  # gone meanwhile
        if said["Name"] == name and said["State"][0] != "Z":
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
