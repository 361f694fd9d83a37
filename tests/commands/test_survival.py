#!/usr/bin/env python3
"""What becomes of recordings and reports when a run is ended from outside."""
import csv
import json
import os
import re
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from live import end, finish, listen, namespace, provoke
from tap import PROGRAM, TOP, check, done, lab, run, skip
from waiting import unread, wait_until, wait_until_read
import craft

DEAD = lab("c7_nft_reject_estab_c2s.client.pcap")
PATH = os.path.join(TOP, "tests", "lab", "path.py")
ENDINGS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


def catches(pid, number):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        caught = re.search(r"SigCgt:\s*([0-9a-f]+)", file.read()).group(1)
    return int(caught, 16) >> (number - 1) & 1


def incidents(output):
    return [line for line in output.splitlines()
            if json.loads(line)["type"] in ("incident", "summary")]


def packets_in(recording):
    """None when it can't be read to its end."""
    done_ = run("analyze", "--json", recording)
    if done_.returncode != 0:
        return None
    summary = json.loads(done_.stdout.splitlines()[-1])
    return summary.get("packets", summary.get("sent"))


def analyze_ends_in_order():
    for number in ENDINGS:
        process = subprocess.Popen(
            [PROGRAM, "analyze", "-"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        with open(DEAD, "rb") as file:
            process.stdin.write(file.read())
        process.stdin.flush()
        is_read = (wait_until(lambda: catches(process.pid, signal.SIGTERM)) and
                   wait_until_read(process))
        process.send_signal(number)
        code, output, errors = finish(process, 20)
        check(is_read and code == 1 and b"1 failed" in output and b"interrupted" in errors,
              f"{number.name} ends analyze with the report of what was read",
              (code, output, errors))


def long_capture(path):
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
    frames = craft.handshake(client, server)
    for i in range(20000):
        frames.append((1700000001 + i, 0, craft.tcp(
            client, server, craft.ACK, seq=1001, ack=5001)))
    frames.append((1700020002, 0, craft.tcp(
        server, client, craft.RST | craft.ACK, seq=5001, ack=1001, ttl=54)))
    with open(path, "wb") as file:
        file.write(craft.pcap(frames))
    return path


def timeline_ends_in_order(folder):
    """Its reader is slow: the signal comes while it writes."""
    capture = long_capture(os.path.join(folder, "long.pcap"))
    for number in ENDINGS:
        process = subprocess.Popen(
            [PROGRAM, "timeline", "--csv", capture], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        is_full = wait_until(lambda: unread(process.stdout) > 60000)
        time.sleep(0.1)
        process.send_signal(number)
        time.sleep(0.1)
        code, output, errors = finish(process, 20)
        rows = list(csv.reader(output.decode().splitlines()))
        check(is_full and code == 1 and b"interrupted" in errors and
              b"can't" not in errors and len(rows) > 400 and
              output.endswith(b"\n") and len({len(row)
                                              for row in rows}) == 1,
              f"{number.name} ends timeline after a whole row, said, exit 1",
              (code, errors, rows[-2:]))
        process = subprocess.Popen(
            [PROGRAM, "timeline", "-w", "-", capture], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        is_full = wait_until(lambda: unread(process.stdout) > 60000)
        time.sleep(0.1)
        process.send_signal(number)
        time.sleep(0.1)
        code, output, errors = finish(process, 20)
        copy = os.path.join(folder, "copy")
        with open(copy, "wb") as file:
            file.write(output)
        check(is_full and code == 1 and b"interrupted" in errors and
              (packets_in(copy) or 0) > 400,
              f"{number.name} ends a copy after a whole block, said, exit 1",
              (code, errors))


def capture_ends_in_order(folder):
    recording = os.path.join(folder, "live.pcapng")
    for port, number in zip((5000, 5100, 5200), ENDINGS):
        process = listen("--json", "-w", recording)
        provoke(port)
        if number == signal.SIGHUP:  # a terminal's end is told twice
            process.send_signal(number)
        code, output, errors = end(process, number)
        later = incidents(run("analyze", "--json", recording).stdout)
        check(code == 0 and len(later) >= 2 and incidents(output) == later and
              b" captured" in errors,
              f"{number.name} ends a capture with the report, the recording "
              "is whole", (code, errors, output))
    process = listen("--json", "-w", recording, before=lambda: signal.signal(
        signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    provoke(5300)
    code, output, errors = end(process)
    check(code == 0 and len(incidents(output)) >= 2,
          "under nohup SIGHUP ends nothing", (code, errors))


def capture_is_asked(folder):
    recording = os.path.join(folder, "asked.pcapng")
    process = listen("-C", "1", "-w", recording)
    provoke(5400)
    time.sleep(0.5)
    process.send_signal(signal.SIGUSR1)
    said = process.stderr.readline() if select.select(
        [process.stderr], [], [], 20)[0] else b""
    provoke(5410)
    code, output, errors = end(process)
    first = re.match(rb"(\d+) packets captured so far, 0 dropped", said)
    check(code == 0 and first and int(first.group(1)) > 5 and
          packets_in(recording) > int(first.group(1)) and output,
          "SIGUSR1 asks a capture for its counts, and ends nothing",
          (code, said, errors))


def capture_is_killed(folder):
    recording = os.path.join(folder, "killed.pcapng")
    process = listen("-w", recording)
    check(packets_in(recording) == 0 and b"lo" in open(recording, "rb").read(),
          "section and interface are in the file before any packet")
    late_ms, lost = [], []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for number in range(30):
            words = b"packet %04d" % number
            out.sendto(words, ("127.0.0.1", 9))
            sent = time.monotonic()
            if not wait_until(lambda: words in open(recording, "rb").read(),
                              2):
                lost.append(number)
                break
            late_ms.append(1000 * (time.monotonic() - sent))
            time.sleep(0.01 * (number % 7))
    process.kill()
    process.wait()
    print("# in the file after so many ms:",
          " ".join(f"{ms:.0f}" for ms in sorted(late_ms)))
    check(not lost and statistics.median(late_ms) < 100 and
          (packets_in(recording) or 0) >= 30,
          "a packet is in the file within 100 ms, and a kill leaves a whole "
          "file", (lost, late_ms))


def probes(folder):
    """In the lab, as test_probe.py has it; $PROGRAM is culprit."""
    recording = os.path.join(folder, "probe.pcapng")
    output = os.path.join(folder, "output")

    def in_lab(script):
        return subprocess.run(
            [sys.executable, PATH, "--routers", "5", "--serve", "22:banner",
             "--", "sh", "-c", script], cwd=TOP, capture_output=True,
            text=True, env=dict(os.environ, PROGRAM=PROGRAM), timeout=120,
            check=False)
    if in_lab("true").returncode != 0:
        skip("probes that are killed", "namespaces take root and /dev/net/tun")
        return
    start = (f"rm -f {recording}; $PROGRAM probe $LAB_SERVER4 --json --rate 50"
             f" -w {recording} >{output} & "
             f"for i in $(seq 200); do sleep 0.05; "
             f'[ "$(stat -c %s {recording} 2>/dev/null || echo 0)" -lt 2000 ]'
             " || break; done; ")
    done_ = in_lab(start + "kill -KILL $!; wait $!")
    check(done_.returncode == 137 and os.path.getsize(recording) < 60000 and
          (packets_in(recording) or 0) >= 10, "what a probe has recorded by "
          "then is in the file when it is killed",
          (done_.returncode, done_.stderr, packets_in(recording)))
    page = os.path.join(folder, "page")
    done_ = in_lab(f"ulimit -f 0; $PROGRAM probe $LAB_SERVER4 --rate 50 "
                   f"-w {recording} --html {page} -o {output}")
    check(done_.returncode == 1 and
          f"{recording}: it can't be written" in done_.stderr and
          f"the HTML report to {page}: " in done_.stderr and
          f"the report to {output}: " in done_.stderr,
          "each output of a probe that is lost is told",
          (done_.returncode, done_.stderr))
    done_ = in_lab(start + "kill -HUP $!; kill -HUP $!; wait $!")
    with open(output, "rb") as file:
        report = file.read()
    check(done_.returncode == 0 and report and
          run("analyze", "--json", recording).stdout == report,
          "SIGHUP ends a probe with the report, the recording is whole",
          (done_.returncode, done_.stderr, report))


analyze_ends_in_order()
with tempfile.TemporaryDirectory() as top:
    timeline_ends_in_order(top)
    probes(top)
    why = namespace()
    if why:
        skip("captures that are ended from outside", why)
    else:
        capture_ends_in_order(top)
        capture_is_asked(top)
        capture_is_killed(top)
done()
