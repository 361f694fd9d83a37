#!/usr/bin/python3
"""culprit probe beside other tools that look for a path MTU, and for a device
that resets; and how long it takes to find an idle time-out.

The path: five routers, a round trip of 20 ms, kernels' own limits of ICMP
errors. On link 3 is a hole that swallows what is larger than 1400 bytes and
tells nobody; or a device that resets connections which say "SSH-2.0-Open"; or
router 3 forgets idle connections. Each run has a path of its own, as the tools
would eat each other's ICMP errors. Nothing is asserted. Needs root.
"""

import concurrent.futures
import json
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(
    0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../probe")
)

import stage  # noqa: E402

import kernel  # noqa: E402
import idle_cases  # noqa: E402
import reset_cases  # noqa: E402
import sshd  # noqa: E402

CULPRIT = os.path.join(os.path.abspath(sys.argv[1]), "culprit")
TURNS = 5
# The slow ones do not get further for being waited for.
PATIENCE_S = 60 if sys.argv[2:] == ["quick"] else 400
SIZE = "1400"
ROUTERS = 5
PATH = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
PATH += ["--delay-ms", str(20 / 2 / (ROUTERS + 1))]
HOLE = [*PATH, "--hole", f"3:{SIZE}:silent", "--serve", "22:banner"]
RESETTER = [*PATH, *reset_cases.device(3, "linux"), "--serve", "22:ssh"]
IDLE_S = 4 if sys.argv[2:] == ["quick"] else 30
FORGETTING = [*PATH, *idle_cases.device(3, IDLE_S, "silent")]
# What CenTrace does (Raman and others, 2022), without its repetitions: for each
# hop limit a connection of its own that sends the trigger, and a wait.
WALK_WAIT_S = 3
WALK = f"""
import socket, sys
for hop in range(1, 31):
    one = socket.create_connection((sys.argv[1], 22))
    one.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, hop)
    one.settimeout({WALK_WAIT_S})
    try:
        one.recv(100)
        one.sendall(b"{reset_cases.KEYWORD}")
        one.recv(100)
    except TimeoutError:
        continue
    except ConnectionResetError:
        print("reset with hop limit", hop)
        break
"""
TOOLS = {
    "tracepath": "tracepath -n {server}",
    "traceroute --mtu": "traceroute -n --mtu {server}",
    "scamper trace -M": "scamper -I 'trace -M {server}'",
    "nmap path-mtu": "nmap -n -Pn -p 22 --script path-mtu {server}",
    "culprit probe": CULPRIT + " probe {server} --json --only route,mtu",
}


def sent(path):
    """Packets that have left the client so far."""
    interface = path.client.interfaces[0][0]
    said = path.client.run(["ip", "-json", "-s", "link", "show", interface])
    return json.loads(said)[0]["stats64"]["tx"]["packets"]


def run(command, words=HOLE):
    """(seconds or None when it was not waited for, packets, what it said)"""

    def act(path):
        # scamper does not begin without one.
        sshd.cover({"/etc/resolv.conf": "nameserver 127.0.0.1\n"})
        time.sleep(0.5)  # the kernels have found their neighbours
        server = path.server_address(4)
        before, started = sent(path), time.monotonic()
        said = "/run/lab/said"
        with open(said, "w", encoding="utf-8") as file:
            process = path.client.start(
                ["sh", "-c", "exec " + command.replace("{server}", server)],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            ended = stage.wait_or_kill(process, PATIENCE_S) is not None
        seconds = time.monotonic() - started
        with open(said, encoding="utf-8") as file:
            text = file.read()
        return (seconds if ended else None, sent(path) - before, text)

    return stage.play(words, act)


def answer(name, text):
    """The one line of the output that tells a size, or its last."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if name == "culprit probe":
        for line in map(json.loads, lines):
            if line.get("finding") in ("pmtu-black-hole", "path-mtu"):
                words = ("finding", "direction", "mtu", "after_hop")
                words += ("before_hop", "grade")
                return " ".join(str(line[word]) for word in words)
    telling = [
        line
        for line in lines
        if "pmtu" in line.lower() or "F=" in line or "path-mtu" in line
    ]
    return (telling or lines or ["nothing"])[-1].lstrip("|_ ")


def found(text, word):
    """The place that the first finding of that kind names."""
    for line in map(json.loads, text.splitlines()):
        if line.get("finding") == word:
            keys = ("hop", "after_hop", "before_hop", "survived_s", "died_s")
            said = [f"{key} {line[key]}" for key in keys if key in line]
            return " ".join([word, *said, line["grade"]])
    return "nothing"


def middle(runs):
    """(seconds, packets) of several."""
    return [statistics.median(row[i] for row in runs) for i in (0, 1)]


def resetter():
    print("\nprobe: a device on link 3 that resets, IPv4")
    walk = run(f"{sys.executable} -c '{WALK}' {{server}}", RESETTER)
    command = CULPRIT + " probe {server} --json --only reset"
    ours = [run(command, RESETTER) for _ in range(TURNS)]
    least, packets = middle(ours)
    print(f"  {'':18} {'time':>8} {'packets':>8} {'times ours':>11}  answer")
    print(f"  {'plain TTL walk':18} {walk[0]:6.1f} s {walk[1]:8} "
          f"{walk[0] / least:11.1f}  {walk[2].strip()}")
    print(f"  {'culprit probe':18} {least:6.1f} s {packets:8.0f} {1:11.1f}  "
          f"{found(ours[0][2], 'injector')}", flush=True)


def idle():
    print(f"\nprobe: router 3 forgets connections after {IDLE_S} s, IPv4 "
          "(no peer)")
    print(f"  {'server':18} {'time':>8} {'packets':>8} {'time-outs':>11}  answer")
    for serve, port in (("80:echo", 80), ("22:ssh", 22)):
        command = f"{CULPRIT} probe {{server}} --json --only idle -p {port}"
        seconds, packets, text = run(
            command + " --idle-max 100", [*FORGETTING, "--serve", serve])
        print(f"  {serve.split(':')[1]:18} {seconds:6.1f} s {packets:8} "
              f"{seconds / IDLE_S:11.2f}  {found(text, 'idle-timeout')}",
              flush=True)


def path_mtu():
    print(f"\nprobe: 5 routers, 20 ms, a silent hole of {SIZE} bytes, IPv4")
    others = [name for name in TOOLS if name != "culprit probe"]
    with concurrent.futures.ThreadPoolExecutor(len(others)) as pool:
        runs = list(pool.map(lambda name: run(TOOLS[name]), others))
    ours = [run(TOOLS["culprit probe"]) for _ in range(TURNS)]
    least = statistics.median(seconds for seconds, _, _ in ours)
    print(f"  {'':18} {'time':>8} {'packets':>8} {'times ours':>11}  answer")
    for name, (seconds, packets, text) in zip(TOOLS, runs + [ours[0]]):
        if name == "culprit probe":
            seconds = least
            packets = statistics.median(row[1] for row in ours)
        sign, seconds = ("", seconds) if seconds else (">", PATIENCE_S)
        print(
            f"  {name:18} {sign + format(seconds, '.1f') + ' s':>8} "
            f"{packets:8.0f} {sign + format(seconds / least, '.1f'):>11}  "
            f"{answer(name, text)}",
            flush=True,
        )


def main():
    reason = kernel.why_not()
    if reason:
        print(f"\nprobe: not measured: {reason}")
        return
    path_mtu()
    resetter()
    idle()


main()
