#!/usr/bin/env python3
"""How every command looks on terminals of 60, 80, 100 and 140 columns, and
where the locale has no UTF-8: tests/screens/NAME.txt, each line of which
somebody has read.

    test_screens.py PROGRAM             compare
    test_screens.py --update PROGRAM    write them anew, to be read again

Times of day are UTC, colours are off, and the version is called VERSION.
"""
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from fcntl import ioctl

IS_UPDATE = "--update" in sys.argv
sys.argv = [word for word in sys.argv if word != "--update"]

from tap import PROGRAM, TOP, check, done, skip  # noqa: E402

FOLDER = os.path.join(TOP, "tests", "screens")
CAPTURES = os.path.join(TOP, "tests", "captures")
WIDTHS = (60, 80, 100, 140)
# name: arguments; of files those of tests/captures, by links of short names
SCREENS = {
    "analyze-idle": ["analyze", "idle.pcapng"],
    "analyze-forged": ["analyze", "forged.pcapng"],
    "analyze-hole": ["analyze", "hole.pcap"],
    "analyze-ssh": ["analyze", "cipher.pcapng"],
    "analyze-unreachable": ["analyze", "absent.pcapng"],
    "analyze-many": ["analyze", "startups.pcapng"],
    "analyze-by": ["analyze", "--by", "server", "startups.pcapng"],
    "analyze-verbose": ["analyze", "-v", "forged.pcapng"],
    "analyze-quiet": ["analyze", "-q", "idle.pcapng", "forged.pcapng"],
    "analyze-nothing": ["analyze", "orderly.pcapng"],
    "analyze-places": ["analyze", "--at", "client=lost.pcapng", "--at",
                       "server=lost-server.pcapng"],
    "timeline-forged": ["timeline", "forged.pcapng"],
    "timeline-hole": ["timeline", "--around", "8", "hole.pcap"],
    "timeline-unreachable": ["timeline", "absent.pcapng"],
    "timeline-idle": ["timeline", "--time", "utc", "idle.pcapng"],
    "compare-forged": ["compare", "forged.pcapng", "forged-server.pcapng"],
    "compare-lost": ["compare", "lost.pcapng", "lost-router.pcapng",
                     "lost-server.pcapng"],
    "compare-quiet": ["compare", "-q", "forged.pcapng",
                      "forged-server.pcapng"],
    "compare-turned": ["compare", "forged-server.pcapng", "forged.pcapng"],
    "compare-nothing": ["compare", "forged.pcapng", "lost-server.pcapng"],
    "probe-hole": ["analyze", "too-big.pcapng.xz"],
    "probe-reset": ["analyze", "reset.pcapng.xz"],
    "probe-quiet": ["analyze", "-q", "reset.pcapng.xz"],
    "merge": ["merge", "lost.part", "forged.part"],
    "explain": ["explain", "state-expired"],
    "explain-fact": ["explain", "reset-ttl-far-off"],
    "explain-unknown": ["explain", "reset-ttl"],
    "capture-help": ["capture", "--help"],
    "analyze-help": ["analyze", "--help"],
    "timeline-help": ["timeline", "--help"],
    "error-no-file": ["analyze", "nowhere.pcap"],
    "error-no-capture": ["analyze", "text.pcap"],
    "error-cut": ["analyze", "cut.pcapng"],
    "error-option": ["timeline", "--frames", "3", "idle.pcapng"],
    "error-flow": ["timeline", "--flow", "10.0.0.1:1-10.0.0.2:2",
                   "idle.pcapng"],
    "error-command": ["analyse", "idle.pcapng"],
}
FILES = {
    "idle.pcapng": "lab/state-expired-drop-loose.v4/client.pcapng",
    "lost.pcapng": "lab/state-expired-drop.v4/client.pcapng",
    "lost-router.pcapng": "lab/state-expired-drop.v4/r1.pcapng",
    "lost-server.pcapng": "lab/state-expired-drop.v4/server.pcapng",
    "forged.pcapng": "lab/tap-single.v4/client.pcapng",
    "forged-server.pcapng": "lab/tap-single.v4/server.pcapng",
    "hole.pcap": "lab/d2_pmtud_blackhole.client.pcap",
    "cipher.pcapng": "lab/ssh-no-common-cipher.v4/client.pcapng",
    "absent.pcapng": "lab/server-absent.v4/client.pcapng",
    "startups.pcapng": "lab/ssh-max-startups.v4/client.pcapng",
    "orderly.pcapng": "lab/orderly-close.v4/client.pcapng",
    "too-big.pcapng.xz": "probe/too-big-ignored-ipv4.pcapng.xz",
    "reset.pcapng.xz": "probe/reset-device-ipv4.pcapng.xz",
}
VERSION = re.compile(r"culprit \d[\w.+~-]*")


def prepare(folder):
    for name, source in FILES.items():
        os.symlink(os.path.join(CAPTURES, source), os.path.join(folder, name))
    for name in ("lost", "forged"):
        subprocess.run([PROGRAM, "analyze", "--partial", f"{name}.part",
                        f"{name}.pcapng"], cwd=folder, check=True)
    with open(os.path.join(folder, "text.pcap"), "w",
              encoding="utf-8") as file:
        file.write("no capture at all, but some words\n")
    with open(os.path.join(folder, "idle.pcapng"), "rb") as file:
        data = file.read()
    with open(os.path.join(folder, "cut.pcapng"), "wb") as file:
        file.write(data[:len(data) // 2])


def on_terminal(folder, arguments, columns, locale):
    """What a terminal of that width shows."""
    own, terminal = pty.openpty()
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC", "NO_COLOR": "1",
                   "LC_ALL": locale, "TERM": "xterm"}
    process = subprocess.Popen([PROGRAM, *arguments], cwd=folder,
                               stdin=subprocess.DEVNULL, stdout=terminal,
                               stderr=terminal, env=environment)
    os.close(terminal)
    shown = b""
    while True:
        try:
            part = os.read(own, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(own)
    code = process.wait()
    text = shown.decode().replace("\r\n", "\n")
    return VERSION.sub("culprit VERSION", text) + f"exit {code}\n"


class Tmux:
    """A server of its own, whose windows are as wide as is asked for."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0
        self.socket = os.path.join(folder, "tmux")
        with open(os.path.join(folder, "tmux.conf"), "w",
                  encoding="utf-8") as file:
            file.write("set -g status off\nset -g remain-on-exit on\n")

    def ask(self, *words):
        return subprocess.run(
            ["tmux", "-u", "-S", self.socket, "-f",
             os.path.join(self.folder, "tmux.conf"), *words],
            cwd=self.folder, env=dict(os.environ, LC_ALL="C.UTF-8"),
            stdin=subprocess.DEVNULL, capture_output=True, check=True,
            timeout=60).stdout.decode()

    def show(self, arguments, columns, locale):
        """What is on the screen, each line that was wrapped as one."""
        self.count += 1
        name = f"w{self.count}"
        command = (
            f"env TZ=UTC NO_COLOR=1 LC_ALL={locale} "
            f"{shlex.join([PROGRAM, *arguments])} </dev/null; "
            f"echo exit $?; tmux -S {shlex.quote(self.socket)} "
            f"wait-for -S {name}")
        self.ask("new-session", "-d", "-s", name, "-x", str(columns), "-y",
                 "400", command)
        self.ask("wait-for", name)
        lines = self.ask("capture-pane", "-p", "-J", "-S", "-", "-t",
                         name).rstrip().split("\n")
        return VERSION.sub("culprit VERSION", "".join(
            line.rstrip() + "\n" for line in lines))

    def end(self):
        if self.count:
            self.ask("kill-server")


def the_same_in_tmux(folder, parts_of):
    """Of each command one of its screens."""
    sentence = "tmux shows what a terminal is sent"
    if not shutil.which("tmux"):
        skip(sentence, "tmux is not installed")
        return
    tmux, others = Tmux(folder), []
    try:
        for place, (name, arguments) in enumerate(SCREENS.items()):
            title, part = parts_of[name][place % len(parts_of[name])]
            shown = tmux.show(arguments, int(title.split()[0]),
                              "C" if "LANG=C" in title else "C.UTF-8")
            if shown.split("\nPane is dead")[0].rstrip() != part.rstrip():
                others.append(f"{name}, {title}:\n{shown}")
    finally:
        tmux.end()
    check(not others, sentence, "\n".join(others))


def screens(folder, arguments):
    """All that is to be seen of one command, one after the other."""
    parts = []
    for columns in WIDTHS:
        parts.append((f"{columns} columns", on_terminal(
            folder, arguments, columns, "C.UTF-8")))
    parts.append(("80 columns, LANG=C",
                  on_terminal(folder, arguments, 80, "C")))
    return parts


def is_command(line):
    """What is to be pasted into a shell is one line, however long."""
    return re.match(r" *(See: +)?(sudo )?culprit ", line) is not None


def too_wide(title, text):
    """Messages of failures are a line each, as long as it takes."""
    columns = int(title.split()[0])
    return [line for line in text.splitlines()
            if len(line) > columns and not is_command(line) and
            not line.startswith("culprit: ")]


def main():
    os.makedirs(FOLDER, exist_ok=True)
    parts_of = {}
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        for name, arguments in SCREENS.items():
            parts = parts_of[name] = screens(folder, arguments)
            text = "".join(f"==== {title}: culprit {' '.join(arguments)}\n"
                           f"{part}\n" for title, part in parts)
            path = os.path.join(FOLDER, f"{name}.txt")
            if IS_UPDATE:
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            pinned = ""
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    pinned = file.read()
            lines, wanted = text.splitlines(), pinned.splitlines()
            check(text == pinned, f"{name} looks as it did", "\n".join(
                [f"+ {line}" for line in lines if line not in wanted] +
                [f"- {line}" for line in wanted if line not in lines]))
            # of -q each group is one line
            wide = [line for title, part in parts if "-q" not in arguments
                    for line in too_wide(title, part)]
            check(not wide, f"{name} fits the terminal", "\n".join(wide))
            trailing = [line for _, part in parts for line in part.splitlines()
                        if line != line.rstrip()]
            check(not trailing, f"{name} has no spaces behind its lines",
                  "\n".join(map(repr, trailing)))
            check(parts[-1][1].isascii(), f"{name} is ASCII with LANG=C",
                  parts[-1][1])
        the_same_in_tmux(folder, parts_of)
    kept = {f"{name}.txt" for name in SCREENS}
    check(set(os.listdir(FOLDER)) == kept, "every screen is of a command",
          sorted(set(os.listdir(FOLDER)) ^ kept))
    done()


main()
