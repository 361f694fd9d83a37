#!/usr/bin/env python3
"""What culprit probe shows while it runs: drawn in place on a terminal of any
size, gone at the end and on Ctrl-C, and nothing where there is no terminal."""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios

from tap import PROGRAM, TOP, check, done, skip

PATH = os.path.join(TOP, "tests", "lab", "path.py")
SEQUENCE = re.compile(r"\x1b\[(\d*)([AJ])|\x1b|\r|\n|[^\x1b\r\n]+")


class Screen:
    """A terminal that knows as much as the view needs, and is strict."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.lines = [""]
        self.row = self.column = 0
        self.most_lines = 0
        self.complaints = []

    def feed(self, text):
        for match in SEQUENCE.finditer(text):
            part = match.group()
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.row += 1
                if self.row == len(self.lines):
                    self.lines.append("")
            elif match.group(2) == "A":
                self.row -= int(match.group(1))
                if self.row < 0:
                    self.complaints.append("above the first line")
            elif match.group(2) == "J":
                self.lines[self.row:] = [
                    self.lines[self.row][:self.column]]
            elif part[0] == "\x1b":
                self.complaints.append("an unknown sequence")
            else:
                self._print(part)
            self.most_lines = max(self.most_lines, len(self.lines))

    def _print(self, text):
        line = self.lines[self.row].ljust(self.column)
        line = line[:self.column] + text + line[self.column + len(text):]
        self.lines[self.row] = line
        self.column += len(text)
        if self.column >= self.columns:
            self.complaints.append(f"{self.column} columns")
        if not text.isprintable():
            self.complaints.append(f"{text!r}")

    def is_empty(self):
        return not "".join(self.lines).strip()


def interrupt(process):
    """Ctrl-C for the culprit among a process's descendants."""
    parents = {}
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/stat", encoding="ascii") as file:
                name, rest = file.read().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue  # gone meanwhile
        parents[int(number)] = (name, int(rest.split()[1]))
    for number, (name, parent) in parents.items():
        while parent in parents and parent != process.pid:
            parent = parents[parent][1]
        if name == "culprit" and parent == process.pid:
            os.kill(number, signal.SIGINT)
            return
    raise RuntimeError("no culprit to interrupt")


def watched(options, words, columns=70, rows=12, term="xterm", until=None):
    """(exit status, standard output, what the terminal was sent); with Ctrl-C
    as soon as that holds `until`"""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ,
                struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, PATH, "--routers", "5", *options,
         "--serve", "22:banner", "--", "sh", "-c",
         f"exec $PROGRAM probe {words}"],
        cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=theirs, env=dict(os.environ, PROGRAM=PROGRAM, TERM=term))
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
        if until and until in said:
            interrupt(process)
            until = None
    os.close(ours)
    report = process.stdout.read().decode()
    return process.wait(), report, said.decode()


def on_a_terminal():
    slow = ["--delay-ms", "8", "--hole", "3:1400:silent:forward"]
    for family, columns, rows in ((4, 70, 12), (6, 34, 5)):
        code, report, said = watched(
            slow, f"$LAB_SERVER{family} --only route,mtu", columns, rows)
        screen = Screen(columns, rows)
        screen.feed(said)
        check(code == 0 and "BLACK HOLE" in report and
              "\x1b" not in report,
              f"IPv{family}: the report is as it is without a view", report)
        router = "10.77.2.2" if family == 4 else "fd77:"
        check(router in said and "mtu" in said and "packets" in said,
              f"IPv{family}: hops and experiments are shown", repr(said))
        check(not screen.complaints and screen.most_lines < rows,
              f"IPv{family}: {columns} columns and {rows} rows are enough",
              screen.complaints)
        check(screen.is_empty() and screen.row == screen.column == 0,
              f"IPv{family}: at the end nothing is left of it",
              screen.lines)
    code, report, said = watched(
        slow, "$LAB_SERVER4 --only route,mtu,fragments",
        until=b"mtu")
    view, why, rest = said.partition("culprit: probe: interrupted")
    screen = Screen(70, 12)
    screen.feed(view)
    check(code == 0 and report and view and why and screen.is_empty() and
          not screen.complaints and rest.count("\n") == 1,
          "after Ctrl-C what is known is reported and the view is gone",
          repr((code, screen.lines)))


def elsewhere():
    words = "$LAB_SERVER4 --only route,mtu"
    slow = ["--delay-ms", "8"]
    _, _, said = watched(slow, words, term="dumb")
    screen = Screen(70, 12)
    screen.feed(said)
    check("\x1b" not in said and "\n" not in said and "packets" in said and
          screen.is_empty() and not screen.complaints,
          "a terminal that only prints gets one line, overwritten",
          repr(said))
    _, _, said = watched(slow, words + " -q")
    check(said == "", "with -q there is no view", repr(said))
    _, _, said = watched(slow, words + " 2>/dev/null")
    check(said == "", "where there is no terminal there is no view",
          repr(said))


subprocess.run(["make", "-s", "lab-tools"], cwd=TOP, check=False,
               stdout=subprocess.DEVNULL)
if watched([], "--help")[0] == 0:
    on_a_terminal()
    elsewhere()
else:
    skip("the live view of a probe", "no network namespaces here")
done()
