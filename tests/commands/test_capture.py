#!/usr/bin/env python3
"""Live capture, on the loopback of a network namespace of its own (root)."""
import ctypes
import json
import os
import re
import signal
import socket
import struct
import subprocess
import tempfile
import time

from tap import PROGRAM, check, done, run, skip

check(run("capture").returncode == 2, "capture without -i is wrong usage")
check(run("capture", "-i", "lo", "-Q", "up").returncode == 2,
      "a direction that is none is wrong usage")
check(run("capture", "-i", "lo", "-w", "-").returncode == 2,
      "recording and report can't both be standard output")


def namespace():
    """Enters a network namespace with a loopback that is up."""
    if os.geteuid() != 0:
        return "needs root"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        return f"no network namespace: {os.strerror(ctypes.get_errno())}"
    if subprocess.run(["ip", "link", "set", "lo", "up"],
                      stderr=subprocess.DEVNULL).returncode != 0:
        return "the loopback of the namespace does not come up"
    return None


def listen(*arguments):
    process = subprocess.Popen(
        [PROGRAM, "capture", "-i", "lo", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL)
    line = process.stderr.readline()
    if b"listening on lo" not in line:
        process.kill()
        raise RuntimeError(line + process.stderr.read())
    return process


def end(process, number=signal.SIGINT):
    process.send_signal(number)
    try:
        output, errors = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    return process.returncode, output, errors


def provoke(port):
    """An abort of a living connection and a closed port."""
    server = socket.create_server(("127.0.0.1", port))
    client = socket.create_connection(("127.0.0.1", port))
    peer, _ = server.accept()
    client.sendall(b"hello")
    peer.recv(10)
    peer.sendall(b"world")
    client.recv(10)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))
    peer.close()
    server.close()
    time.sleep(0.05)
    client.close()
    try:
        socket.create_connection(("127.0.0.1", port + 1)).close()
    except ConnectionRefusedError:
        pass


def incidents(output):
    return [line for line in output.splitlines()
            if json.loads(line)["type"] in ("incident", "summary")]


why = namespace()
if why:
    skip("captures on a loopback of its own", why)
    done()

check(b"1. lo" in run("capture", "-D").stdout or
      b". lo" in run("capture", "-D").stdout, "-D lists the interfaces")
with tempfile.TemporaryDirectory() as folder:
    recording = os.path.join(folder, "live.pcapng")
    process = listen("--json", "-w", recording)
    provoke(4000)
    time.sleep(0.4)
    code, output, errors = end(process)
    live = incidents(output)
    later = incidents(run("analyze", "--json", recording).stdout)
    check(code == 0 and len(live) >= 2,
          "Ctrl-C ends it with the report, exit 0", (code, output, errors))
    check(live == later, "what it recorded is judged the same later, byte for "
          "byte", b"\n".join(live + [b"--"] + later))
    found = {json.loads(line).get("mechanism") for line in live}
    check("abort" in found, "an abort is told", found)

    process = listen("-c", "5")
    provoke(4010)
    output, errors = process.communicate(timeout=30)
    check(process.returncode == 0 and b"5 packets captured" in errors,
          "-c stops after so many packets", errors)

    process = listen("tcp", "port", "4020")
    provoke(4020)
    provoke(4030)
    time.sleep(0.4)
    code, output, errors = end(process, signal.SIGTERM)
    check(code == 0 and b":4020" in output and b"4030" not in output,
          "a trailing filter is applied, SIGTERM ends it as Ctrl-C does",
          output)

    process = listen()
    provoke(4040)
    time.sleep(0.4)
    code, output, errors = end(process)
    check(b"died in" in output and re.search(rb"\d+ packets captured", errors),
          "the report comes at the end, the counts go to standard error",
          output + errors)
    process = listen()
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        state = status.read()
    end(process)
    capabilities = re.search(r"CapEff:\s*([0-9a-f]+)", state)
    user = re.search(r"Uid:\s*(\d+)", state)
    check(capabilities and int(capabilities.group(1), 16) == 0 and
          user and user.group(1) != "0",
          "while it listens it has no capability and is not root", state)
    full = listen("-w", "/dev/full", "-U")
    provoke(4050)
    try:
        output, errors = full.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        full.kill()
        output, errors = full.communicate()
    check(full.returncode == 1 and b"full" in errors,
          "a full disk ends it, said, exit 1", errors)
done()
