#!/usr/bin/env python3
"""What capture and probe do when the interface that they listen on goes down,
comes back, gets another name, or goes away (root)."""
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from tap import PROGRAM, TOP, check, done, run, skip

PATH = os.path.join(TOP, "tests", "lab", "path.py")
SAY = """
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
for i in range(5):
    out.sendto(b"x" * 100, ("10.9.0.255", 4000))
    time.sleep(0.01)
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def namespaces():
    """Enters a network namespace; returns a process that is in another."""
    if os.geteuid() != 0:
        return None, "needs root"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        return None, "no network namespace: " + os.strerror(
            ctypes.get_errno())
    other = subprocess.Popen(["unshare", "-n", "sh", "-c",
                              "echo; exec sleep 600"], stdout=subprocess.PIPE,
                             stdin=subprocess.DEVNULL)
    other.stdout.readline()
    return other, None


class Link:
    """A pair of interfaces, vx here and vy in the other namespace, and a
    capture on vx."""

    def __init__(self, other, folder):
        self.other = str(other.pid)
        ip("link", "add", "vx", "type", "veth", "peer", "name", "vy", "netns",
           self.other)
        self.there("link", "set", "vy", "up")
        self.there("addr", "add", "10.9.0.2/24", "broadcast", "10.9.0.255",
                   "dev", "vy")
        ip("link", "set", "vx", "up")
        self.recording = os.path.join(folder, "link.pcapng")
        self.process = subprocess.Popen(
            [PROGRAM, "capture", "-i", "vx", "-w", self.recording, "udp",
             "port", "4000"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.first = self.process.stderr.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.there("link", "del", "vy", check=False)

    def there(self, *words, check=True):
        subprocess.run(["nsenter", "-t", self.other, "-n", "ip", *words],
                       check=check, stderr=None if check else
                       subprocess.DEVNULL)

    def talk(self):
        """Five packets from the other side."""
        subprocess.run(["nsenter", "-t", self.other, "-n", sys.executable,
                        "-c", SAY], check=True)

    def busy_s(self):
        """Processor time of the capture."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, number=None):
        """Exit code, report, standard error; -1: it had to be killed."""
        time.sleep(0.3)
        if number:
            self.process.send_signal(number)
        try:
            output, errors = self.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            return -1, "", "it did not end"
        return (self.process.returncode, output.decode(),
                (self.first + errors).decode())

    def recorded(self):
        """Packets in the recording; None when it is not whole."""
        done_ = run("analyze", "--json", self.recording)
        return (json.loads(done_.stdout.splitlines()[-1])["packets"]
                if done_.returncode == 0 else None)


def goes_on(other, folder):
    def down_and_up(link):
        ip("link", "set", "vx", "down")
        before = link.busy_s()
        time.sleep(1)
        check(link.busy_s() - before < 0.3,
              "while the interface is down, capture waits and does not spin",
              link.busy_s() - before)
        ip("link", "set", "vx", "up")

    def renamed_while_down(_):
        ip("link", "set", "vx", "down")
        ip("link", "set", "vx", "name", "vz")
        time.sleep(0.5)
        ip("link", "set", "vz", "up")

    def renamed_and_down(_):
        if subprocess.run(["ip", "link", "set", "vx", "name", "vz"],
                          stderr=subprocess.DEVNULL, check=False).returncode:
            ip("link", "set", "vx", "down")  # kernels before 6.2 want that
            ip("link", "set", "vx", "name", "vz")
        else:
            ip("link", "set", "vz", "down")
        time.sleep(0.5)
        ip("link", "set", "vz", "up")

    for change in (down_and_up, renamed_while_down, renamed_and_down):
        name = change.__name__.replace("_", " ")
        with Link(other, folder) as link:
            link.talk()
            change(link)
            time.sleep(0.3)
            link.talk()
            code, output, errors = link.end(signal.SIGINT)
            packets = link.recorded()
        check(code == 0 and packets == 10 and "10 packets captured" in errors
              and "10 packets" in output and "refused" not in errors,
              f"an interface that goes {name}: capture goes on",
              (code, packets, errors))


def ends(other, folder):
    for name, words in (("deleted", ["del", "vx"]),
                        ("moved", ["set", "vx", "netns", str(other.pid)])):
        for is_down in (False, True):
            with Link(other, folder) as link:
                link.talk()
                time.sleep(0.3)
                if is_down:
                    ip("link", "set", "vx", "down")
                    time.sleep(0.3)
                ip("link", *words)
                code, output, errors = link.end()
                packets = link.recorded()
                link.there("link", "del", "vx", check=False)
            check(code == 1 and packets == 5 and "5 packets" in output and
                  "deleted, or moved" in errors and
                  "refused" not in errors and
                  "5 packets captured" in errors,
                  f"an interface that is {name}{' while down' * is_down}: "
                  "capture ends with its report, and its file is whole",
                  (code, packets, errors))


def probes():
    """The same under a probe: it ends with its report, the file is whole."""
    changes = {
        "goes down": "ip link set $LAB_IFACE down",
        "goes down and comes back": "ip link set $LAB_IFACE down; sleep 0.5; "
                                    "ip link set $LAB_IFACE up",
        "is renamed": "ip link set $LAB_IFACE down; ip link set $LAB_IFACE "
                      "name vz; sleep 0.3; ip link set vz up",
        "is deleted": "ip link del $LAB_IFACE",
    }
    for name, change in changes.items():
        with tempfile.TemporaryDirectory() as folder:
            recording = os.path.join(folder, "probe.pcapng")
            done_ = subprocess.run(
                [sys.executable, PATH, "--routers", "3", "--delay-ms", "10",
                 "--serve", "22:banner", "--", "sh", "-c",
                 "LAB_IFACE=$(ip -o route get $LAB_SERVER4 | sed "
                 "'s/.* dev \\([^ ]*\\).*/\\1/'); "
                 f"(sleep 1; {change}) & exec $PROGRAM probe --rate 60 "
                 f"$LAB_SERVER4 -w {recording}"],
                cwd=TOP, capture_output=True, text=True, check=False,
                env=dict(os.environ, PROGRAM=PROGRAM), timeout=300)
            again = run("analyze", recording)
        check(done_.returncode in (0, 1) and
              "refused" not in done_.stderr and
              re.search(r"^  you ", done_.stdout, re.M) and
              ("deleted, or moved" in done_.stderr) ==
              (done_.returncode == 1) == (name == "is deleted"),
              f"an interface that {name}: the probe ends with its report",
              (done_.returncode, done_.stdout, done_.stderr))
        check(again.returncode == 0 and
              again.stdout.decode() == done_.stdout,
              "and its recording is whole and gives the same",
              again.stdout.decode() + again.stderr.decode() + "---\n" +
              done_.stdout)


def netfilter_log():
    """Packets that a rule logs come by a socket of netlink."""
    rules = ("add table inet t; add chain inet t o { type filter hook output "
             "priority 0; }; add rule inet t o udp dport 4090 log group 7")
    ip("link", "set", "lo", "up")
    if not shutil.which("nft") or subprocess.run(
            ["nft", rules], stderr=subprocess.DEVNULL,
            check=False).returncode != 0:
        skip("nflog is captured on", "no nft, or no netfilter")
        return
    process = subprocess.Popen(
        [PROGRAM, "capture", "-i", "nflog:7", "--json", "-c", "3"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL)
    first = process.stderr.readline()
    time.sleep(0.5)  # nothing there yet: no end
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for _ in range(3):
            out.sendto(b"x", ("127.0.0.1", 4090))
    try:
        output, errors = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    check(process.returncode == 0 and b"refused" not in errors and
          json.loads(output.splitlines()[-1])["packets"] == 3,
          "nflog is captured on, also while nothing is logged",
          (process.returncode, output, first + errors))
    subprocess.run(["nft", "delete table inet t"], check=True)


done_ = run("capture", "-i", "nfqueue:3")
check(done_.returncode == 2 and b"use nflog" in done_.stderr,
      "a queue whose packets wait for a verdict is not captured on",
      done_.stderr)
OTHER, WHY = namespaces()
if WHY:
    skip("interfaces that go away under a capture", WHY)
    done()
try:
    with tempfile.TemporaryDirectory() as parent:
        goes_on(OTHER, parent)
        ends(OTHER, parent)
    netfilter_log()
finally:
    OTHER.kill()
    OTHER.wait()
subprocess.run(["make", "-s", "lab-tools"], cwd=TOP, check=False,
               stdout=subprocess.DEVNULL)
if os.path.exists("/dev/net/tun"):
    probes()
else:
    skip("interfaces that go away under a probe", "no /dev/net/tun")
done()
