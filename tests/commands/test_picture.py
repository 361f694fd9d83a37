#!/usr/bin/env python3
"""Pictures: plots of a connection, a probe's path, the table of failures; and
every picture as PNG, which shows what its SVG shows."""
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

import craft
from png import Png
from tap import (PROGRAM, TOP, check, done, lab, probe_recordings, run,
                 run_often, some_captures)

sys.path.insert(0, os.path.join(TOP, "tests", "page"))
import captures  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
HOLE = lab("d2_pmtud_blackhole.client.pcap")
FORGED = lab("f4_rst_inwindow_challenge.client.pcap")
PATH = os.path.join(TOP, "tests", "captures", "probe",
                    "hole-silent-forward-link-4-ipv4.pcapng.xz")
AGAIN, SACK, GRAY = "#c5221f", "#7b2fa3", "#8c959f"
PLOTS = ("sequence", "rtt", "ttl", "ip-id")


def rgb(color):
    return tuple(bytes.fromhex(color[1:]))


def lines_of(path):
    """The lines of a path of marks: (x, y, to x, to y)."""
    found = []
    for x, y, word, to in re.findall(r"M(\d+) (\d+)([HVL])([\d ]+)",
                                     path.get("d")):
        x, y, ends = int(x), int(y), [int(one) for one in to.split()]
        found.append((x, y, *((ends[0], y) if word == "H" else (x, ends[0])
                              if word == "V" else ends)))
    return found


class Drawing:
    def __init__(self, document):
        self.root = ElementTree.fromstring(document)
        self.size = int(self.root.get("width")), int(self.root.get("height"))
        self.texts = [e for e in self.root.iter(SVG + "text")]
        self.words = [e.text for e in self.texts]
        self.paths = [e for e in self.root.iter(SVG + "path")]

    def marks(self, color):
        """Lines of a colour, but for those of the legend."""
        return [line for path in self.paths if path.get("stroke") == color
                for line in lines_of(path) if not (
                    line[1] == line[3] and line[2] - line[0] == 14)]


def both(*arguments):
    """The same picture as SVG and as PNG."""
    return Drawing(run_often(*arguments, "--svg").stdout), \
        Png(run_often(*arguments, "--png").stdout)


def is_close(one, other):
    return sum(abs(a - b) for a, b in zip(one, other)) < 90


def differences(drawing, png):
    """What the SVG has and the PNG has not."""
    scale = png.width // drawing.size[0]
    found = []
    if (png.width, png.height) != tuple(scale * n for n in drawing.size):
        return [(png.width, png.height, drawing.size)]
    for text in drawing.texts:
        x, y = int(text.get("x")) * scale, int(text.get("y")) * scale
        wide = 8 * len(text.text) * scale
        left = {"start": x, "end": x - wide, "middle": x - wide // 2}[
            text.get("text-anchor", "start")]
        high = int(text.get("font-size", 13)) * scale
        pixels = png.area(left, y - high, left + wide, y + 3 * scale)
        color = rgb(text.get("fill"))
        if text.text.strip() and not any(is_close(one, color)
                                         for one in pixels):
            found.append(text.text)
    for path in drawing.paths:
        color = path.get("stroke")
        for x, y, to_x, to_y in lines_of(path) if color else []:
            middle = (x + to_x) * scale // 2, (y + to_y) * scale // 2
            around = 3 if color != GRAY else 12  # it may be dashed
            pixels = png.area(middle[0] - 3, middle[1] - around, middle[0] + 4,
                              middle[1] + around + 1)
            if (x, y) != (to_x, to_y) and all(
                    is_close(one, (255, 255, 255)) for one in pixels) and \
                    color != "#e3e6ea":
                found.append((x, y, to_x, to_y, color))
    return found


def pngs_are_the_svgs():
    wrong, seen = [], 0
    for arguments in [("timeline", path) for path in some_captures(12)] + \
            [("timeline", HOLE, "--plot", kind) for kind in PLOTS] + \
            [("timeline", FORGED, "--plot", kind) for kind in PLOTS] + \
            [("analyze", path) for path in some_captures(4)] + \
            [("analyze", path) for path in probe_recordings()[::40]]:
        drawing, png = both(*arguments)
        bad = differences(drawing, png)
        if bad or len(png.colors()) < 5:
            wrong.append((arguments, bad[:5]))
        seen += len(drawing.texts)
    check(not wrong and seen > 300, "a PNG has the size of its SVG, times two, "
          "every text and every line of it", "\n".join(map(str, wrong)))
    drawing, png = both("timeline", FORGED)
    png.rows[:] = [bytearray(b"\xff" * len(row)) for row in png.rows]
    check(len(differences(drawing, png)) > 30, "(a blank one would not do)")


def every_capture_draws():
    wrong = []
    for path in some_captures(60):
        for kind in PLOTS:
            finished = run_often("timeline", "--plot", kind, "--svg", path)
            try:
                Drawing(finished.stdout)
            except ElementTree.ParseError as error:
                wrong.append((path, kind, error))
            if finished.returncode > 1:
                wrong.append((path, kind, finished.stderr))
    check(not wrong, "every capture has its plots", "\n".join(map(str, wrong)))


def sequence(folder):
    path = os.path.join(folder, "disordered.pcap")
    with open(path, "wb") as file:
        file.write(captures.disordered())
    drawing, _ = both("timeline", path, "--plot", "sequence")
    again, words = drawing.marks(AGAIN), " ".join(drawing.words)
    bars = [line for line in again if line[0] == line[2]]
    check(len(bars) == 1 and "retransmissions" in words and
          "keepalives, window probes" in words,
          "one segment was sent again; one that came late was not", again)
    crosses = [line for line in again if line[0] != line[2]]
    check(len(crosses) == 2 and "from a device on the path" in words,
          "a forged reset is a cross", again)
    drawing, _ = both("timeline", HOLE, "--plot", "sequence")
    check("SACK" in drawing.words and drawing.marks(SACK),
          "SACK blocks are drawn", drawing.words)
    check("Sequence numbers, client → server" in drawing.words and
          "Sequence numbers, server → client" in drawing.words,
          "each direction has a panel", drawing.words)


def values():
    drawing, _ = both("timeline", FORGED, "--plot", "ttl")
    foreign = drawing.marks(AGAIN)
    own = drawing.marks("#146c2e")
    check(len(foreign) == 6 and own and max(line[1] for line in foreign) <
          min(line[1] for line in own) and "#9" in drawing.words,
          "three resets of TTL 97 stand above the server's of TTL 62",
          (foreign, own))
    drawing, _ = both("timeline", FORGED, "--plot", "ip-id")
    check(len(drawing.marks(AGAIN)) == 6, "so they do in the plot of IP IDs")
    drawing, _ = both("timeline", HOLE, "--plot", "rtt")
    check(any(one.endswith(" ms") for one in drawing.words),
          "round trips are told in milliseconds", drawing.words)


def long_connection(folder):
    path = os.path.join(folder, "long.pcap")
    with open(path, "wb") as file:
        file.write(captures.long_connection(200000))
    for kind in PLOTS:
        document = run("timeline", "--plot", kind, "--svg", path,
                       timeout=300).stdout
        drawing = Drawing(document)
        check(len(document) < 3000000 and
              "200000 packets" in drawing.root[1].text,
              f"{kind}: 200,000 packets are no more than can be seen",
              len(document))
    check(any("(one of " in one for one in drawing.words),
          "and what is left out is told", drawing.words)


def an_answer_after_years(folder):
    """Beyond 2 to the 53 ns one more nanosecond is the same to a double."""
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
    path = os.path.join(folder, "years.pcap")
    with open(path, "wb") as file:
        file.write(craft.pcap(craft.handshake(client, server, 0) + [
            (1, 0, craft.tcp(client, server, 24, seq=1001, ack=5001,
                             payload=b"x")),
            (20000000, 0, craft.tcp(server, client, 16, seq=5001, ack=1002,
                                    ttl=54))]))
    for kind in PLOTS:
        finished = run("timeline", "--plot", kind, "--svg", "--frame", "4",
                       path)
        check(finished.returncode == 0 and b"</svg>" in finished.stdout,
              f"{kind}: an answer after months has its plot", finished.stderr)


def paths_and_tables():
    drawing, _ = both("analyze", PATH)
    words = drawing.words
    at = [words.index(one) for one in ("3", "PATH MTU BLACK HOLE · certain",
                                       "4")]
    check(at == sorted(at) and "╳" in words and
          words.count("1358 bytes, not 1359") == 3 and
          words.count("1359 bytes") == 3,
          "a path has the sizes that pass to each hop and a cross on its link",
          words)
    drawing, _ = both("analyze", FORGED)
    check("forged reset" in drawing.words and "certain" in drawing.words,
          "a capture has the table of its failures", drawing.words)
    finished = run("compare", "--svg", FORGED, HOLE)
    check(finished.returncode == 2, "a comparison has no picture",
          finished.stderr)


def words_of_the_command_line(folder):
    finished = run("timeline", "--plot", "sequence", HOLE)
    check(finished.returncode == 2 and b"--svg or --png" in finished.stderr,
          "--plot without a picture is wrong usage", finished.stderr)
    finished = run("timeline", "--plot", "speed", "--svg", HOLE)
    check(finished.returncode == 2 and b"sequence, rtt, ttl or ip-id" in
          finished.stderr, "an unknown plot is wrong usage", finished.stderr)
    named = os.path.join(folder, "picture.png")
    finished = run("timeline", "-o", named, FORGED)
    with open(named, "rb") as file:
        check(finished.returncode == 0 and file.read() ==
              run("timeline", "--png", FORGED).stdout,
              "-o FILE.png writes the same")
    copy = shutil.copy(FORGED, os.path.join(folder, "input.png"))
    finished = run("timeline", "-o", copy, copy)
    with open(copy, "rb") as file, open(FORGED, "rb") as other:
        check(finished.returncode == 2 and file.read() == other.read(),
              "never an input", finished.stderr)
    leader, follower = pty.openpty()
    finished = subprocess.run([PROGRAM, "timeline", "--png", FORGED],
                              stdout=follower, stderr=subprocess.PIPE,
                              check=False)
    os.close(follower)
    os.close(leader)
    check(finished.returncode == 2 and b"terminal" in finished.stderr,
          "a terminal gets no PNG", finished.stderr)
    finished = run("timeline", "--png", FORGED,
                   stdout=open("/dev/full", "wb"))
    check(finished.returncode == 1 and b"can't write all" in finished.stderr,
          "a full disk is told", finished.stderr)
    fine = os.path.join(folder, "fine.pcap")
    with open(fine, "wb") as file:
        file.write(craft.pcap(craft.handshake(("10.0.0.1", 4000),
                                              ("10.0.0.2", 22))))
    finished = run("timeline", "--png", fine)
    check(finished.returncode == 0 and len(Png(finished.stdout).colors()) > 5,
          "a capture without a failure makes a PNG that says so")


def xplot(folder, path, *choice):
    """The commands of both files, without numbers, counted; and the words of
    the first lines."""
    prefix = os.path.join(folder, "plot")
    finished = run("timeline", "--xplot", prefix, path, *choice)
    assert finished.returncode == 0 and not finished.stdout, finished.stderr
    counts, heads = [], []
    for side in ("client", "server"):
        with open(f"{prefix}-{side}.xpl", encoding="utf-8") as file:
            lines = file.read().splitlines()
        heads.append(lines[:7])
        color, found = "", {}
        for line in lines[7:-1]:
            words = line.split()
            if len(words) == 1 and words[0] in ("R", "RST", "FOREIGN"):
                found[words[0]] = found.get(words[0], 0) + 1
            elif len(words) == 1:
                color = words[0]
            else:
                assert re.fullmatch(
                    r"(line \d+\.\d{6} -?\d+|[a-z]+) \d+\.\d{6} -?\d+",
                    line), line
                key = color + " " + words[0]
                found[key] = found.get(key, 0) + 1
        assert lines[-1] == "go"
        counts.append(found)
    return counts, heads


def xplot_files(folder):
    path = os.path.join(folder, "disordered.pcap")
    with open(path, "wb") as file:
        file.write(captures.disordered())
    (client, server), heads = xplot(folder, path)
    check(heads[0][:2] == ["timeval double", "title"] and
          "10.0.0.1:44000 ==> 192.0.2.7:80" in heads[0][2] and
          "192.0.2.7:80 ==> 10.0.0.1:44000" in heads[1][2],
          "--xplot writes a file for each direction", heads)
    check(client.get("R") == 1 and client["red line"] == 1 and
          server.get("FOREIGN") == 1 and client["green line"] > 2,
          "with retransmissions, acknowledgments and foreign resets",
          (client, server))
    (client, _), _ = xplot(folder, HOLE)
    check(client["purple line"] > 0, "and SACK blocks", client)
    path = os.path.join(folder, "long.pcap")
    with open(path, "wb") as file:
        file.write(captures.long_connection(20000))
    (_, server), _ = xplot(folder, path)
    rows = run("timeline", "--csv", path).stdout.decode().splitlines()[1:]
    data = sum(1 for row in rows if row.split(",")[-5] != "0" and
               ",server," in row)
    drawn = server["white line"] + server.get("red line", 0)
    check(drawn == data + 1, "all segments are there, and the SYN,ACK",
          (drawn, data, rows[4]))
    if shutil.which("tcptrace"):
        subprocess.run(["tcptrace", "-n", "-S", path], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(folder, "b2a_tsg.xpl"),
                  encoding="utf-8") as file:
            lines = file.read().splitlines()
        again = sum(1 for line in lines if line == "R")
        check(again == server.get("R", 0), "as many retransmissions as "
              "tcptrace finds", (again, server))
    finished = run("timeline", "--xplot", os.path.join(folder, "w"), "-w",
                   os.path.join(folder, "w.pcapng"), path)
    check(finished.returncode == 2 and b"--xplot" in finished.stderr,
          "-w and --xplot exclude each other", finished.stderr)
    copy = os.path.join(folder, "in-client.xpl")
    shutil.copy(FORGED, copy)
    finished = run("timeline", "--xplot", os.path.join(folder, "in"), copy)
    with open(copy, "rb") as file, open(FORGED, "rb") as other:
        check(finished.returncode == 2 and file.read() == other.read(),
              "no input is overwritten", finished.stderr)


def examples_are_drawn_now():
    for name, arguments in (
            ("sequence.svg", ["timeline", "--plot", "sequence", HOLE]),
            ("path.svg", ["analyze", PATH])):
        drawn = subprocess.run(
            [PROGRAM, *arguments[:-1], "--svg",
             os.path.relpath(arguments[-1], TOP)], cwd=TOP,
            env={**os.environ, "TZ": "UTC0"}, capture_output=True, check=False)
        with open(os.path.join(TOP, "docs", "examples", name), "rb") as file:
            check(file.read() == drawn.stdout,
                  f"docs/examples/{name} is what is drawn now")


def nothing_is_read_for_fonts(folder):
    log = os.path.join(folder, "calls")
    subprocess.run(["strace", "-f", "-o", log, "-e", "trace=%file", PROGRAM,
                    "timeline", "-o", os.path.join(folder, "calls.png"),
                    FORGED], check=True, stderr=subprocess.DEVNULL,
                   # the sanitizers look for leaks as strace does for calls
                   env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    check("font" not in text and "calls.png" in text,
          "fonts are in the program: nothing is opened for them",
          [line for line in text.splitlines() if "font" in line][:3])


def hostile_names(folder):
    wrong = []
    for name in (b"<script>alert(1)</script>", b"\xff\x80", b"\x1b]0;x\x07",
                 "\u202ea".encode(), b"%s%n", "中".encode() * 60,
                 b"x" * 200):
        path = os.path.join(folder.encode(), name.replace(b"/", b"") + b".cap")
        shutil.copy(FORGED, path)
        for arguments in (("timeline", "--png"), ("timeline", "--png",
                                                  "--plot", "ttl"),
                          ("analyze", "--png"), ("analyze", "--svg")):
            finished = run(*arguments, path)
            try:
                if arguments[1] == "--png":
                    Png(finished.stdout)
                else:
                    Drawing(finished.stdout)
            except (AssertionError, ElementTree.ParseError) as error:
                wrong.append((name, arguments, error))
    check(not wrong, "no name of a file breaks a picture", wrong)


with tempfile.TemporaryDirectory() as temporary:
    pngs_are_the_svgs()
    every_capture_draws()
    sequence(temporary)
    values()
    long_connection(temporary)
    an_answer_after_years(temporary)
    paths_and_tables()
    words_of_the_command_line(temporary)
    xplot_files(temporary)
    examples_are_drawn_now()
    nothing_is_read_for_fonts(temporary)
    hostile_names(temporary)
done()
