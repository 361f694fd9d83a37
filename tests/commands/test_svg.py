#!/usr/bin/env python3
"""One connection's ladder as a picture: what it shows is what the ladder in
text shows, it is well-formed, it holds nothing but shapes and text."""
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree  # expat

from tap import (PROGRAM, TOP, check, done, lab, probe_recordings, run,
                 run_often, skip, some_captures)
import craft

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {SVG + name for name in ("svg", "title", "desc", "g", "rect", "text",
                                   "circle", "path")}
ATTRIBUTES = {"x", "y", "cx", "cy", "r", "d", "width", "height", "viewBox",
              "fill", "stroke", "stroke-width", "stroke-dasharray", "role",
              "text-anchor", "font-family", "font-size", "font-weight",
              "{http://www.w3.org/XML/1998/namespace}space"}
FORGED = lab("f4_rst_inwindow_challenge.client.pcap")
EXAMPLE = lab("c7_nft_reject_estab_c2s.client.pcap")


class Picture:
    """A document, taken apart."""

    def __init__(self, document):
        self.root = ElementTree.fromstring(document)
        self.elements = list(self.root.iter())
        self.texts = [(e.text, int(e.get("x")), int(e.get("y")),
                       e.get("text-anchor", "start"), e.get("fill"))
                      for e in self.elements if e.tag == SVG + "text"]
        paths = [e.get("d") for e in self.elements if e.tag == SVG + "path"]
        self.lanes = sorted({int(m.group(1)) for d in paths if
                             (m := re.fullmatch(r"M(\d+) \d+V\d+", d))})
        starts = [int(e.get("cx")) for e in self.elements
                  if e.tag == SVG + "circle"]
        ends = [(int(m.group(1)), False) if m.group(1)
                else (int(m.group(2)) + 5, True) for d in paths if
                (m := re.fullmatch(r"M(\d+) \d+L\d+ \d+V\d+Z|"
                                   r"M(\d+) \d+L\d+ \d+M\d+ \d+L\d+ \d+",
                                   d))]
        assert len(starts) == len(ends)
        self.arrows = [(start, end) for start, (end, _) in zip(starts, ends)]
        self.lost = [is_lost for _, is_lost in ends]
        self.size = int(self.root.get("width")), int(self.root.get("height"))

    def foreign(self):
        """What must not be in it."""
        return [e.tag for e in self.elements if e.tag not in ALLOWED] + \
            [(e.tag, name) for e in self.elements for name in e.keys()
             if name not in ATTRIBUTES]

    def outside(self):
        """Shapes and starts of texts that are not in the picture."""
        points = [(x, y) for _, x, y, _, _ in self.texts] + \
            [(x, 0) for arrow in self.arrows for x in arrow]
        return [p for p in points if not (0 <= p[0] < self.size[0] and
                                          0 <= p[1] < self.size[1])]

    def marked(self):
        return [t[0] for t in self.texts if t[0].startswith("> #")]

    def senders(self):
        """Of each packet: is its arrow from a device, is it rightward, does it
        end with a cross?"""
        ends = (self.lanes[0], self.lanes[-1])
        return [(start not in ends, head > start, is_lost)
                for (start, head), is_lost in zip(self.arrows, self.lost)]


def text_senders(ladder):
    """The same, of the ladder in text."""
    found = []
    for line in ladder.splitlines():
        if re.match(r"[> ] #\d+ +│", line) and re.search("[▶◀╳]", line):
            found.append(("├" in line or "┤" in line,
                          "▶" in line or "─╳" in line, "╳" in line))
    return found


def svg(*arguments):
    return Picture(run("timeline", "--svg", *arguments).stdout)


def problems(path):
    choice = []
    if b"No connection failed" in run_often("timeline", path).stdout:
        flows = [o["flow"] for line in run_often(
            "analyze", "--json", "--all-flows", path).stdout.splitlines()
                 if (o := json.loads(line))["type"] == "flow"]
        if not flows:
            return None
        choice = ["--flow", f"{flows[0]['client']}-{flows[0]['server']}"]
    result = run_often("timeline", "--svg", *choice, path)
    ladder = run_often("timeline", *choice, path).stdout.decode()
    if result.returncode or result.stderr:
        return f"{path}: {result.returncode} {result.stderr}"
    try:
        picture = Picture(result.stdout)
    except ElementTree.ParseError as error:
        return f"{path}: {error}"
    marked = [line.split()[1] for line in ladder.splitlines()
              if line.startswith("> #")]
    if picture.foreign() or picture.outside():
        return f"{path}: {picture.foreign()} {picture.outside()}"
    if not picture.arrows or picture.senders() != text_senders(ladder):
        return f"{path}: {picture.senders()} {text_senders(ladder)}"
    if [text.split()[1] for text in picture.marked()] != marked:
        return f"{path}: {picture.marked()} {marked}"
    _drawn.append(path)
    return None


_drawn = []
bad = [p for path in some_captures(100) + probe_recordings()[::8]
       if (p := problems(path))]
check(not bad and len(_drawn) > 90, "of every capture: well-formed, shapes and text only, each "
      "arrow from the lane and to the side of the ladder in text, the same "
      "packet marked", "\n".join(bad) or len(_drawn))

forged = svg(FORGED)
check(len(forged.lanes) == 3 and len(forged.marked()) == 1 and
      forged.senders()[7] == (True, False, False) and
      forged.arrows[7] == (forged.lanes[1], forged.lanes[0]),
      "a forged reset is an arrow from the device to the client", forged.arrows)
check(forged.texts[0][0] == "FORGED RESET · certain · device on the path",
      "the verdict is the headline", forged.texts[0])
check(forged.root[0].tag == SVG + "title" and
      forged.root[0].text == forged.texts[0][0] and
      forged.root[1].tag == SVG + "desc" and
      "the fatal one is #9" in forged.root[1].text and
      "10.77.1.2:58708 → 10.77.3.2:8080: 13 of 13 packets" in
      forged.root[1].text and forged.root.get("role") == "img",
      "title and description say what it shows", forged.root[1].text)
numbers = [t[0] for t in forged.texts if re.fullmatch(r"\(\d+\)", t[0])]
notes = " ".join(t[0] for t in forged.texts if t[0].startswith("ttl"))
check(numbers == ["(1)", "(2)", "(3)", "(4)"] and "ttl 62 (1)" in notes and
      any(t[0].startswith("reset-ttl-far-off: yes") for t in forged.texts),
      "what is odd has a number, and the fact stands below by it", numbers)
day = [t[0] for t in Picture(run(
    "timeline", "--svg", "--time=utc", FORGED).stdout).texts][1]
check("2026-11-21 04:12:04 UTC · #9" in day,
      "the time of day stands by the verdict", day)
check(any("4.2 s without packets" == t[0] for t in svg(
    lab("a2_nat_expired_loose1_randomport.client.pcap")).texts),
      "silence has a row of its own")
hole = svg(lab("d2_pmtud_blackhole.client.pcap"))
check(hole.lost.count(True) > 3 and not all(hole.lost) and
      all((head in hole.lanes) != is_lost and
          hole.lanes[0] <= head <= hole.lanes[-1]
          for (_, head), is_lost in zip(hole.arrows, hole.lost)),
      "a lost packet ends between two lanes with a cross", hole.arrows)
check(any(t[0].startswith("ttl 64; seq ") for t in svg("-v", FORGED).texts),
      "-v shows the numbers of each packet")
check(run("timeline", "--svg", "--frame=5", FORGED).stdout ==
      run("timeline", "--svg", FORGED).stdout, "--frame chooses a connection")

with open(os.path.join(TOP, "docs", "examples", "ladder.svg"), "rb") as file:
    drawn = subprocess.run(
        [PROGRAM, "timeline", "--svg", os.path.relpath(EXAMPLE, TOP)], cwd=TOP,
        env={**os.environ, "TZ": "UTC0"}, capture_output=True, check=False)
    check(file.read() == drawn.stdout, "docs/examples/ladder.svg is what is "
          "drawn now: culprit timeline -o docs/examples/ladder.svg "
          f"{os.path.relpath(EXAMPLE, TOP)}, with TZ=UTC0")

client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)


def icmp_error(router, quoted):
    """A router's "host unreachable" to the client about its packet."""
    body = struct.pack(">BBHI", 3, 1, 0, 0) + quoted[14:14 + 28]
    body = body[:2] + struct.pack(">H", craft.checksum(body)) + body[4:]
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 0, 0, 60, 1, 0,
                     socket.inet_aton(router), socket.inet_aton(client[0]))
    ip = ip[:10] + struct.pack(">H", craft.checksum(ip)) + ip[12:]
    return b"\2\0\0\0\0\2\2\0\0\0\0\1\x08\0" + ip + body


with tempfile.TemporaryDirectory() as folder:
    def capture(name, frames):
        path = os.path.join(folder, name)
        with open(path, "wb") as to:
            to.write(craft.pcap(frames))
        return path

    named = os.path.join(folder, "ladder.svg")
    done_ = run("timeline", "-o", named, FORGED)
    with open(named, "rb") as file:
        check(done_.returncode == 0 and done_.stdout == b"" and
              file.read() == run("timeline", "--svg", FORGED).stdout,
              "-o FILE.svg writes the same")

    frames = craft.handshake(client, server)
    for i in range(2000):
        ends = ((client, server), (server, client))[i % 2]
        frames.append((1700000000, 30000000 + i, craft.tcp(
            *ends, craft.ACK, seq=1001 if i % 2 == 0 else 5001,
            ack=5001 if i % 2 == 0 else 1001, ttl=64 - 10 * (i % 2))))
    frames.append((1700000001, 0, craft.tcp(
        server, client, craft.RST | craft.ACK, seq=5001, ack=1001, ttl=54)))
    path = capture("long.pcap", frames)
    document = run("timeline", "--svg", path).stdout
    long = Picture(document)
    check(len(long.arrows) < 250 and len(document) < 200000 and
          any(re.fullmatch(r"… [\d,]+ packets …", t[0]) for t in long.texts)
          and "of 2004 packets are shown" in long.root[1].text,
          "of a long connection the ends are shown, the rest is counted",
          (len(long.arrows), len(document)))

    syn = craft.tcp(client, server, craft.SYN, seq=1000)
    routers = [f"10.9.0.{i}" for i in range(1, 7)]
    frames = [(1700000000, 0, syn)]
    frames += [(1700000000, 1000 * i, icmp_error(router, syn))
               for i, router in enumerate(routers, 1)] * 2
    many = svg("--frame=1", capture("routers.pcap", frames))
    heads = [t[0] for t in many.texts]
    lanes = [many.lanes.index(start) for start, _ in many.arrows]
    check(len(many.lanes) == 6 and "other devices" in heads and
          sorted(set(lanes)) == [0, 1, 2, 3, 4] and
          len(set(heads) & set(routers)) == 3 and lanes.count(4) == 6 and any("need not be that of the path" in h or
                                      h.startswith("Lanes between")
                                      for h in heads),
          "each router has a lane, the fourth lane takes the others, and "
          "their order is said not to be known", (lanes, heads))

    fine = capture("fine.pcap", craft.handshake(client, server))
    none = run("timeline", "--svg", fine)
    check(none.returncode == 0 and b"No connection failed" in none.stderr and
          [t[0] for t in Picture(none.stdout).texts] == [
              "No connection failed here. --flow or --frame shows one."],
          "a capture without a failure makes a picture that says so",
          none.stdout)
    whole = svg("--frame=1", fine)
    check(whole.texts[0][0] == "10.0.0.1:40000 → 10.0.0.2:22" and
          len(whole.arrows) == 3 and not whole.marked(),
          "a connection that did not fail has its name as the headline")

    wrong = []
    for name in (b"<script>alert(1)</script>", b"]]>&amp;\"'", b"\xef\xbf\xbe",
                 b"\xff\x80", b"\x1b]0;x\x07", "\u202ea".encode(),
                 b"<!--", b"x" * 200, b"%s%n", "中".encode() * 60):
        path = os.path.join(folder.encode(),
                            name.replace(b"/", b"") + b".pcap")
        shutil.copy(FORGED, path)
        document = run("timeline", "--svg", path).stdout
        try:
            picture = Picture(document)
        except ElementTree.ParseError as error:
            wrong.append((name, error))
            continue
        shown = "".join(t[0] for t in picture.texts)
        plain = name.replace(b"/", b"")
        if picture.foreign() or len(picture.arrows) != 13 or \
                picture.size[0] > 1200 or \
                (plain.isascii() and plain.isalnum() and
                 plain.decode() not in shown) or \
                any(ord(c) < 32 and c != "\n" for c in document.decode()):
            wrong.append((name, picture.foreign(), picture.size))
    check(not wrong, "no name of a file is markup, or breaks the picture",
          "\n".join(map(str, wrong)))

    # in a browser, whose fonts decide how wide a text is
    chromium = shutil.which("chromium")
    if not chromium:
        skip("every text fits, as a browser draws it",
             "chromium is not installed")
    else:
        page = os.path.join(folder, "page.html")
        documents = [run("timeline", "--svg", path).stdout.decode()
                     .split("?>", 1)[1] for path in
                     (FORGED, EXAMPLE, lab("tap-triple.v6/r1.pcapng"),
                      lab("d2_pmtud_blackhole.client.pcap"))]
        with open(page, "w", encoding="utf-8") as file:
            file.write("<!doctype html><meta charset=utf-8><body>" +
                       "".join(documents) + """<p id=said></p><script>
let texts = 0, over = [];
for (const svg of document.querySelectorAll('svg')) {
	const size = svg.viewBox.baseVal;
	for (const text of svg.querySelectorAll('text')) {
		const box = text.getBBox();
		texts++;
		if (box.x < 0 || box.x + box.width > size.width ||
			box.y < 0 || box.y + box.height > size.height)
			over.push(text.textContent);
	}
}
document.getElementById('said').textContent =
	`${texts} texts, over: ${over.join('; ')}.`;
</script>""")
        said = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu",
             f"--user-data-dir={folder}/profile", "--dump-dom",
             "file://" + page], capture_output=True, check=False,
            timeout=120).stdout.decode()
        found = re.search(r"(\d+) texts, over: (.*)\.", said)
        check(found and int(found[1]) > 100 and found[2] == "",
              "every text fits, as a browser draws it",
              found and found[0])
done()
