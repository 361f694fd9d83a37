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
twice = run("capture", "-i", "lo", "-i", "eth0")
check(twice.returncode == 2 and b"-i any" in twice.stderr,
      "several -i are wrong usage, and it is said what to do", twice.stderr)
check(run("capture", "-i", "lo", "-Q", "up").returncode == 2,
      "a direction that is none is wrong usage")
check(run("capture", "-i", "lo", "-w", "-").returncode == 2,
      "recording and report can't both be standard output")
check(run("capture", "-i", "lo", "-C", "1").returncode == 2 and
      run("capture", "-i", "lo", "-G", "1", "-w", "-", "-o", "/dev/null")
      .returncode == 2, "-C and -G take turns between files, named with -w")
check(run("capture", "-i", "lo", "-W", "1", "-w", "x").returncode == 2,
      "-W alone is wrong usage")


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


def recorded(folder):
    """The files in it, in their order, and whether each is a whole pcapng."""
    names = sorted(os.path.join(folder, n) for n in os.listdir(folder))
    judged = [run("analyze", "--json", name).returncode for name in names]
    return names, all(code == 0 for code in judged)


def talk(seconds):
    """12,000 bytes every hundredth of a second."""
    end_s = time.monotonic() + seconds
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        while time.monotonic() < end_s:
            out.sendto(b"x" * 12000, ("127.0.0.1", 9))
            time.sleep(0.01)


def rotates(parent):
    """-C, -G, -W, in a folder where only root may create files."""
    def record(*arguments):
        folder = tempfile.mkdtemp(dir=parent)
        return folder, listen("--json", "-U", *arguments, "-w",
                              os.path.join(folder, "part"))

    folder, process = record("-C", "1")
    provoke(4060)
    talk(2.5)
    provoke(4070)
    time.sleep(0.4)
    code, output, errors = end(process)
    live = incidents(output)
    names, is_whole = recorded(folder)
    sizes = [os.path.getsize(name) for name in names]
    check(code == 0 and is_whole and 2 <= len(names) < 9 and
          [os.path.basename(n) for n in names[:2]] == ["part", "part1"] and
          all(1000000 < size < 1020000 for size in sizes[:-1]),
          "-C goes on in another file above so many bytes",
          (code, errors, names, sizes))
    later = incidents(run("analyze", "--json", *names).stdout)
    check(live == later, "files of a rotated recording are judged the same "
          "later, with the same files and frames named",
          b"\n".join(live + [b"--"] + later))
    check(os.stat(names[-1]).st_uid == os.getuid(),
          "later files are created as the calling user too")

    folder, process = record("-C", "1", "-W", "12")
    talk(1.5)
    end(process)
    names, is_whole = recorded(folder)
    check(is_whole and len(names) >= 2 and
          [os.path.basename(n) for n in names[:2]] == ["part00", "part01"],
          "-W gives names that sort", names)

    folder, process = record("-C", "1", "-W", "2")
    provoke(4080)
    talk(3.5)
    code, output, errors = end(process)
    names, is_whole = recorded(folder)
    gone = [json.loads(line) for line in incidents(output)]
    check(is_whole and [os.path.basename(n) for n in names] ==
          ["part0", "part1"], "-C and -W take turns between so many files",
          names)
    check(gone[0]["type"] == "incident" and "file" not in gone[0],
          "no file is named for packets that have been overwritten", gone)

    folder = tempfile.mkdtemp(dir=parent)
    process = listen("--json", "-G", "1", "-W", "2", "-w",
                     os.path.join(folder, "part-%s"))
    try:
        talk(4)
        output, errors = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    names, is_whole = recorded(folder)
    times = [int(name.rsplit("-", 1)[1]) for name in names]
    check(process.returncode == 0 and is_whole and len(times) == 2 and
          times[1] > times[0], "-G begins a file named by its time, -W ends "
          "the capture after so many", (process.returncode, errors, names))
    later = run("analyze", "--json", *names).stdout
    check(incidents(output) == incidents(later),
          "and what came later is neither recorded nor judged",
          output + later)

    folder = tempfile.mkdtemp(dir=parent)
    name = os.path.join(folder, "one", "part")
    refused = run("capture", "-i", "lo", "-C", "1", "-w", name)
    check(refused.returncode == 2 and b"can't be created" in refused.stderr,
          "a file that can't be created is told at once", refused.stderr)
    os.mkdir(os.path.dirname(name))
    process = listen("-C", "1", "-w", name)
    os.rename(os.path.dirname(name), os.path.join(folder, "moved"))
    talk(1.5)
    try:
        output, errors = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    check(process.returncode == 1 and b"can't be created" in errors and
          b"packets captured" in errors,
          "nor is a later one; the report is made all the same", errors)


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
    rotates(folder)
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
