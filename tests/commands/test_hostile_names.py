#!/usr/bin/env python3
"""Names of files, of interfaces and of what stands on the command line drive
no terminal and no spreadsheet, on whichever stream they are shown."""
import csv
import ctypes
import fcntl
import io
import os
import shutil
import struct
import subprocess
import tempfile

from tap import PROGRAM, check, done, lab, run, skip

DEAD = lab("c7_nft_reject_estab_c2s.client.pcap")
HOSTILE = {
    "an escape sequence": b"\033]0;owned\007\033[2J",
    "C1 controls": b"\xc2\x9b2J\xc2\x80\xc2\x9f",
    "a raw 0x9b": b"\x9b2J",
    "bidirectional controls": "\u202a\u202e\u2066\u2069\u061c".encode(),
    "a newline and a carriage return": b"\r\nculprit: all is well\r",
    "what is no UTF-8": b"\xff\xc0\xaf\xed\xa0\x80\xe2\x82",
}
CONTROLS = {*range(0x20), *range(0x7f, 0xa0), 0x61c, 0x200e, 0x200f, 0x2028,
            0x2029, *range(0x202a, 0x202f), *range(0x2066, 0x206a)}


def is_clean(shown):
    """UTF-8, and nothing in it but characters and ends of lines."""
    try:
        text = shown.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(ord(c) in CONTROLS for c in text.replace("\n", ""))


def complaints(name):
    """Every command, wrong in some way about this name."""
    yield ["analyze", b"/nonexistent/" + name]
    yield ["analyze", b"--filter=" + name, DEAD]
    yield ["analyze", b"--fail-on=" + name, DEAD]
    yield ["analyze", b"--max-flows=" + name, DEAD]
    yield ["analyze", b"--color=" + name, DEAD]
    yield ["analyze", b"--" + name, DEAD]
    yield ["analyze", b"-o", b"/nonexistent/" + name, DEAD]
    yield ["timeline", b"--flow=" + name, DEAD]
    yield ["timeline", b"-w", b"/nonexistent/" + name, DEAD]
    yield ["capture", b"-i", name]
    yield ["capture", b"-i", b"lo", b"-i", name]
    yield ["capture", b"-i", b"lo", b"-Q", name]
    yield ["capture", b"-i", b"lo", b"-w", b"/nonexistent/" + name]
    yield ["capture", b"-i", b"lo", name]
    yield ["probe", b"--only=" + name, b"192.0.2.1"]
    yield ["probe", b"--rate=" + name, b"192.0.2.1"]
    yield ["explain", name]
    yield [name]


for what, name in HOSTILE.items():
    bad = []
    for words in complaints(name):
        told = run(*words)
        if (told.returncode == 0 or not told.stderr.startswith(b"culprit: ") or
                told.stderr.count(b"\n") != 1 or
                not is_clean(told.stderr + told.stdout)):
            bad.append((words, told.returncode, told.stderr))
    check(not bad, f"{what} in a name does not reach the terminal through a "
          "message", "\n".join(map(str, bad)))

with tempfile.TemporaryDirectory() as folder:
    unclean = []
    for name in HOSTILE.values():
        path = os.path.join(folder.encode(), b"x" + name)
        shutil.copy(DEAD, path)
        for words in (["analyze"], ["analyze", "-q"], ["analyze", "-v"],
                      ["analyze", "--json"], ["analyze", "--json",
                                              "--all-flows"],
                      ["timeline"], ["timeline", "--svg"],
                      ["timeline", "--csv"], ["analyze", "--csv"],
                      ["timeline", "--json"]):
            shown = run(*words, path)
            if shown.returncode or not is_clean(shown.stdout + shown.stderr):
                unclean.append((words, path, shown.stdout[:200]))
    check(not unclean, "nor through a report of any kind",
          "\n".join(map(str, unclean)))

    def later(path, to, seconds):
        """A copy of a pcap whose packets come so much later."""
        with open(path, "rb") as file:
            data = bytearray(file.read())
        at = 24
        while at < len(data):
            time_s, _, length = struct.unpack_from("<III", data, at)
            struct.pack_into("<I", data, at, time_s + seconds)
            at += 16 + length
        with open(to, "wb") as file:
            file.write(data)
        return to

    unclean = []
    for name in HOSTILE.values():
        paths = [os.path.join(folder.encode(), b"x" + name),
                 later(DEAD, os.path.join(folder.encode(), b"y" + name), 7200)]
        # A partial result of both, and one of another place at that time.
        parts = [paths[0] + b".part", paths[1] + b".part"]
        near = later(DEAD, os.path.join(folder.encode(), b"near"), 1)
        run("analyze", "-q", b"--partial=" + parts[0], *paths)
        run("analyze", "-q", b"--partial=" + parts[1], near)
        for words in (["analyze", *paths], ["merge", *parts]):
            told = run(*words).stderr
            if b"clocks are apart" not in told or told.count(b"\n") != 1 or \
                    not is_clean(told):
                unclean.append((words, told))
    check(not unclean, "nor through the note on clocks that are apart, of "
          "files or of what partial results name",
          "\n".join(map(str, unclean)))

    def named(name):
        """What --csv calls a file of that name, as a spreadsheet reads it."""
        shutil.copy(DEAD, os.path.join(folder.encode(), name))
        files = set()
        for command in ("timeline", "analyze"):
            done_ = subprocess.run([PROGRAM, command, "--csv", name],
                                   cwd=folder, capture_output=True,
                                   check=False)
            rows = list(csv.DictReader(io.StringIO(done_.stdout.decode())))
            files |= {row["file"] for row in rows} or {command}
        return files

    check(named(b"=1+1") == {"'=1+1"} and named(b'@a"b,c') == {"'@a\"b,c"},
          "a file name is no formula to a spreadsheet")
    check(named(b"\t=1+1") == {"\\x09=1+1"} and
          named(b"\r-1") == {"\\x0d-1"},
          "nor behind a tab or a carriage return")
    check(named(b" =1+1") == {"' =1+1"} and
          named("＝1".encode()) == {"'＝1"},
          "nor behind a space, nor with a sign of East Asian width")
    check(named(b'a"b\033') == {'a"b\\x1b'} and named(b"a,b") == {"a,b"},
          "quotes and commas of a file name come through as they are")


def namespace():
    """Enters a network namespace of its own."""
    if os.geteuid() != 0:
        return "needs root"
    if not os.path.exists("/dev/net/tun"):
        return "no /dev/net/tun"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x40000000) != 0:
        return f"no network namespace: {os.strerror(ctypes.get_errno())}"
    return None


def interface(name):
    """A device of that name, up, for as long as what is returned is open."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, 0x400454ca, struct.pack("16sH22x", name, 0x1002))
    subprocess.run([b"ip", b"link", b"set", name, b"up"], check=True)
    return device


def listening_line(word):
    """What a capture on it says first, and all else that it says."""
    process = subprocess.Popen([PROGRAM, "capture", "-i", word],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL)
    first = process.stderr.readline()
    process.terminate()
    output, errors = process.communicate(timeout=30)
    return first, output + errors


SENTENCE = "an interface's name does not drive the terminal"
why = namespace()
if why:
    skip(SENTENCE, why)
    done()
HOSTILE_INTERFACE = b"a\033[2J\xe2\x80\xae\x9b"
held = [interface(HOSTILE_INTERFACE)]
SHOWN = b"a\\x1b[2J\\xe2\\x80\\xae\\x9b"
listed = run("capture", "-D")
check(listed.returncode == 0 and is_clean(listed.stdout) and
      b". " + SHOWN in listed.stdout,
      f"{SENTENCE} when interfaces are listed", listed.stdout)
number = next((line.split(b".")[0] for line in listed.stdout.splitlines()
               if SHOWN in line), b"0")
first, rest = listening_line(number)
check(first.startswith(b"listening on " + SHOWN + b";"),
      "-i takes the number that -D lists it by", first)
check(is_clean(first + rest), f"{SENTENCE} when it is listened to",
      first + rest)
held.append(interface(b"plain"))
for words in (b"addr add 10.0.0.1/24 dev plain", b"addr add 10.1.0.1/24 dev",
              b"route add 192.0.2.0/24 src 10.0.0.1 dev"):
    subprocess.run([b"ip", *words.split(),
                    *[HOSTILE_INTERFACE] * words.endswith(b"dev")], check=True)
told = run("probe", "--dry-run", "192.0.2.7").stderr
check(b"libdnet names" in told and SHOWN in told and is_clean(told),
      f"{SENTENCE} when a route is told that is not the usual one", told)
beyond = run("capture", "-i", "999")
check(beyond.returncode == 2 and b"from 1 to " in beyond.stderr and
      run("capture", "-i", "0").returncode == 2,
      "a number beyond the list is wrong usage", beyond.stderr)
held.append(interface(b"1"))
first, rest = listening_line("1")
check(first.startswith(b"listening on 1;"),
      "an interface that has a number for its name goes before the list",
      first)
done()
