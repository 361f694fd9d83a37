#!/usr/bin/env python3
"""Names of hosts in filters and targets: asked for once, by a process that can
do nothing else (root, for a name server and settings of our own)."""
import collections
import ctypes
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from tap import PROGRAM, check, done, lab, run, skip

IS_SANITIZED = "sanitized" in PROGRAM
DEAD = lab("c7_nft_reject_estab_c2s.client.pcap")
NAMES = {  # name: IPv4 addresses, IPv6 addresses
    "server.test": (["10.77.3.2"], ["2001:db8::2"]),
    "many.test": (["192.0.2.1", "10.77.3.2", "192.0.2.3"], []),
    "analyze.slow.test": (["10.77.3.2"], []),
    "timeline.slow.test": (["10.77.3.2"], []),
    "capture.slow.test": (["10.77.3.2"], []),
    "probe.slow.test": (["10.77.3.2"], []),
    "loopback.test": (["127.0.0.1"], []),
    "peer.test": (["10.9.0.2"], []),
}


class NameServer:
    """Answers by UDP on the loopback, and counts who was asked for."""

    def __init__(self):
        self.asked = collections.Counter()
        # of slow names: is asked for; may be answered
        self.slow = collections.defaultdict(threading.Event)
        self.go = collections.defaultdict(threading.Event)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, who = self.socket.recvfrom(4096)
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            name = ".".join(labels).lower()
            kind, = struct.unpack_from(">H", query, at + 1)
            self.asked[name, kind] += 1
            if name.endswith("slow.test"):
                self.slow[name].set()
                self.go[name].wait(20)
            known = NAMES.get(name)
            addresses = []
            if known:
                addresses = {1: [socket.inet_aton(a) for a in known[0]],
                             28: [socket.inet_pton(socket.AF_INET6, a)
                                  for a in known[1]]}.get(kind, [])
            answer = query[:2] + struct.pack(
                ">HHHHH", 0x8180 if known else 0x8183, 1, len(addresses), 0, 0)
            answer += query[12:at + 5]
            for address in addresses:
                answer += struct.pack(">HHHIH", 0xc00c, kind, 1, 60,
                                      len(address)) + address
            self.socket.sendto(answer, who)

    def counts(self):
        """What was asked for since the last time."""
        asked, self.asked = self.asked, collections.Counter()
        return dict(asked)


def surroundings(folder):
    """Namespaces in which the name server is ours; why not, or None."""
    if os.geteuid() != 0:
        return "needs root"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000 | 0x00020000) != 0:
        return "no namespaces: " + os.strerror(ctypes.get_errno())
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"),
                       ("nsswitch.conf", "hosts: files dns\n")):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, 0o644)
        if subprocess.run(["mount", "--bind", path, f"/etc/{name}"],
                          check=False).returncode != 0:
            return "the settings of the resolver can't be replaced"
    subprocess.run(["sh", "-c", "ip link set lo up; ip link add va type veth "
                    "peer name vb; ip addr add 10.9.0.1/24 dev va; ip link "
                    "set va up; ip link set vb up"], check=True)
    return None


def without_times(output):
    return [json.loads(line) for line in output.splitlines()]


def recorded(server):
    for name, expression in (
            ("server.test", "host 10.77.3.2 or host 2001:db8::2"),
            ("many.test", "host 192.0.2.1 or host 10.77.3.2")):
        server.counts()
        done_ = run("analyze", "--json", "--filter", f"host {name}", DEAD)
        asked = server.counts()
        plain = run("analyze", "--json", "--filter", expression, DEAD)
        check(done_.returncode == 0 and done_.stdout == plain.stdout and
              without_times(done_.stdout)[-1]["packets"] > 0,
              f"a filter for {name} is one for its addresses",
              done_.stderr + done_.stdout)
        check(asked == {(name, 1): 1, (name, 28): 1},
              "and its name is asked for once", asked)
    done_ = run("analyze", "--filter",
                "src host server.test and dst host server.test and not host "
                "server.test and port http-alt", DEAD)
    asked = server.counts()
    check(done_.returncode == 0 and
          asked == {("server.test", 1): 1, ("server.test", 28): 1},
          "however often the filter says it", asked)
    done_ = run("timeline", "--filter", "host server.test", DEAD)
    check(done_.returncode == 0 and b"RST" in done_.stdout and
          server.counts()[("server.test", 1)] == 1,
          "timeline's filter too", done_.stderr)
    done_ = run("analyze", "--filter", "host nobody.test", DEAD)
    asked = server.counts()
    check(done_.returncode == 2 and not done_.stdout and
          b"unknown host 'nobody.test'" in done_.stderr and
          asked == {("nobody.test", 1): 1, ("nobody.test", 28): 1},
          "a name that nobody has is wrong usage, and asked for once too",
          (done_.returncode, done_.stderr, asked))
    done_ = run("analyze", DEAD)
    check(done_.returncode == 0 and not server.counts(),
          "without a filter nobody is asked")


def live(server):
    process = subprocess.Popen(
        [PROGRAM, "capture", "-i", "lo", "-c", "3", "--json", "udp", "dst",
         "port", "discard", "and", "host", "loopback.test"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    first = process.stderr.readline()
    asked = server.counts()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for _ in range(3):
            out.sendto(b"x", ("127.0.0.1", 4321))
            out.sendto(b"x", ("127.0.0.1", 9))
    output, errors = process.communicate(timeout=30)
    summary = json.loads(output.splitlines()[-1])
    check(b"listening" in first and process.returncode == 0 and
          summary["packets"] == 3 and summary["bytes"] == 3 * 43,
          "capture's filter takes names of hosts and services",
          (first, errors, output))
    check(asked == {("loopback.test", 1): 1, ("loopback.test", 28): 1},
          "and asks once", asked)


def probed(server):
    done_ = run("probe", "loopback.test")
    check(done_.returncode == 2 and b"loopback" in done_.stderr and
          server.counts() == {("loopback.test", 1): 1,
                              ("loopback.test", 28): 1},
          "the name of a target is asked for once", done_.stderr)
    done_ = run("probe", "peer.test", "--dry-run")
    check(done_.returncode == 0 and b"10.9.0.2" in done_.stdout,
          "and is probed by its address", done_.stderr)
    done_ = run("probe", "nobody.test")
    check(done_.returncode == 5 and b"can't be looked up" in done_.stderr and
          done_.stderr.count(b"\n") == 1,
          "a target without address is exit 5", done_.stderr)
    done_ = run("probe", "-6", "peer.test")
    check(done_.returncode == 5 and b"can't be looked up" in done_.stderr,
          "and so is one without an address of that family", done_.stderr)


def ssh_asks_nobody(server, folder):
    """ssh, which tells its settings for the target, would look it up for the
    name that it is known by."""
    config = os.path.join(folder, "ssh_config")
    with open(config, "w", encoding="ascii") as file:
        file.write("CanonicalizeHostname yes\nCanonicalDomains dom.test\n")
    os.chmod(config, 0o644)
    if not shutil.which("ssh") or subprocess.run(
            ["mount", "--bind", config, "/etc/ssh/ssh_config"],
            stderr=subprocess.DEVNULL, check=False).returncode != 0:
        skip("ssh asks no name server", "no ssh, or no settings of it")
        return
    server.counts()
    told = subprocess.run(["ssh", "-G", "peer.test"], capture_output=True,
                          stdin=subprocess.DEVNULL, check=False)
    alone = server.counts()
    done_ = run("probe", "--only", "route", "-m", "1", "peer.test")
    asked = server.counts()
    subprocess.run(["umount", "/etc/ssh/ssh_config"], check=True)
    check(any(name == "peer.test.dom.test" for name, _ in alone) and
          asked == {("peer.test", 1): 1, ("peer.test", 28): 1},
          "ssh, asked for its settings, asks no name server for the target",
          (told.stderr, alone, asked, done_.stderr))


def status(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.split(":", 1) for line in file)


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return file.read().split()


def locked_up(server):
    """While the name server thinks: what the process that waits could do."""
    for words in (["analyze", "--filter", "host analyze.slow.test", DEAD],
                  ["timeline", "--filter", "host timeline.slow.test", DEAD],
                  ["capture", "-i", "lo", "host", "capture.slow.test"],
                  ["probe", "probe.slow.test", "--dry-run"]):
        slow = f"{words[0]}.slow.test"
        process = subprocess.Popen(
            [PROGRAM, *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            waited = server.slow[slow].wait(20)
            asking = children(process.pid)
            state = status(asking[0]) if asking else {}
            there = sorted(
                re.sub(r":\[\d+\]", "", os.readlink(
                    f"/proc/{asking[0]}/fd/{name}")) for name in
                os.listdir(f"/proc/{asking[0]}/fd")) if asking else []
        finally:
            process.kill()
            server.go[slow].set()
            process.communicate()
        check(waited and len(asking) == 1 and
              "0" not in state["Uid"].split() + state["Gid"].split() and
              not state["Groups"].split() and
              all(int(state[name], 16) == 0 for name in (
                  "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) and
              state["NoNewPrivs"].strip() == "1" and
              (IS_SANITIZED or state["Seccomp"].strip() == "2"),
              f"{words[0]} asks by a process without privilege that is locked "
              "up", (asking, state))
        check(there == ["/dev/null"] * 3 + ["pipe", "socket"],
              "and has nothing open but its question and its answer", there)


def hostile_answers(server):
    """The process that asks is as foreign as what it hears."""
    time.sleep(0.1)
    server.counts()
    with tempfile.TemporaryDirectory() as folder:
        library = os.path.join(folder, "liar.so")
        source = os.path.join(folder, "liar.c")
        with open(source, "w", encoding="ascii") as file:
            file.write(r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* Of what the process that asks writes, something else arrives. */
static int is_child(void)
{
	static pid_t first;
	if (!first)
		first = getpid();
	return first != getpid();
}
__attribute__((constructor)) static void begin(void) { (void)is_child(); }
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
	size_t (*real)(const void *, size_t, size_t, FILE *) =
		dlsym(RTLD_NEXT, "fwrite");
	const char *how = getenv("LIE");
	unsigned char lie[4096];

	if (!is_child() || size * count > sizeof(lie))
		return real(bytes, size, count, file);
	memcpy(lie, bytes, size * count);
	if (strcmp(how, "noise") == 0)
		for (size_t i = 0; i < size * count; i++)
			lie[i] = (unsigned char)(37 * i + 11);
	if (strcmp(how, "zeros") == 0)
		memset(lie, 0, size * count);
	if (strcmp(how, "ones") == 0)
		memset(lie, 0xff, size * count);
	if (strcmp(how, "flood") == 0)
		for (;;)
			if (real(lie, 1, sizeof(lie), file) == 0)
				_exit(0);
	if (strcmp(how, "crash") == 0)
		abort();
	if (strcmp(how, "nothing") == 0)
		_exit(0);
	return real(lie, size, count, file);
}
""")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source],
                       check=True)
        for lie in ("noise", "zeros", "ones", "flood", "crash", "nothing"):
            for words in (["analyze", "--filter", "host server.test", DEAD],
                          ["capture", "-i", "lo", "host", "server.test"],
                          ["probe", "peer.test", "--dry-run"]):
                done_ = run(*words, env={"LD_PRELOAD": library, "LIE": lie})
                check(done_.returncode in (1, 2, 4, 5) and not done_.stdout and
                      re.fullmatch(rb"culprit: [ -~]*\n", done_.stderr),
                      f"{words[0]} believes nothing of an answer of {lie}",
                      (done_.returncode, done_.stderr, done_.stdout))


with tempfile.TemporaryDirectory() as parent:
    os.chmod(parent, 0o755)
    why_not = surroundings(parent)
    if why_not:
        skip("names of hosts", why_not)
        done()
    SERVER = NameServer()
    recorded(SERVER)
    live(SERVER)
    probed(SERVER)
    ssh_asks_nobody(SERVER, parent)
    locked_up(SERVER)
    if IS_SANITIZED:
        skip("answers of a process that lies", "it takes a preloaded library")
    else:
        hostile_answers(SERVER)
    subprocess.run(["umount", "/etc/resolv.conf", "/etc/nsswitch.conf"],
                   check=True)
sys.stdout.flush()
done()
