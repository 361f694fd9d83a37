#!/usr/bin/env python3
"""One connection's packets as a ladder, as rows, as an annotated copy."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import tempfile

from tap import TOP, check, done, lab, run, run_often, skip, some_captures
import craft

FORGED = lab("f4_rst_inwindow_challenge.client.pcap")
TIMEOUT = lab("a2_nat_expired_loose1_randomport.client.pcap")

text = run("timeline", FORGED).stdout.decode()
fatal = [line for line in text.splitlines() if line.startswith(">")]
check(len(fatal) == 1 and "#9" in fatal[0] and "RST ─ ┤" in fatal[0],
      "the forged reset is marked and begins between client and server", text)
check("FORGED RESET  certain  device on the path" in text,
      "the verdict stands above the ladder")
silence = run("timeline", TIMEOUT).stdout.decode()
check("4.2 s without packets" in silence, "silence has a row of its own", silence)
wide = [line for line in text.splitlines() if len(line) > 100]
check(not wide, "the ladder keeps to the width of the page", "\n".join(wide))
narrow = run("timeline", FORGED, env={"COLUMNS": "80"}).stdout.decode()
check(not [line for line in narrow.splitlines() if len(line) > 80],
      "and to a narrow one", narrow)

# one fatal packet, the same in every view (all captures: test_shown.c)
for name, kind in (
        ("server-absent.v4/client.pcapng", "ICMP 3/1"),
        ("b5_fw_expired_reject_icmpport.client.pcap", "ICMP 3/3"),
        ("d2_pmtud_blackhole.client.pcap", "ACK 1448"),
        ("all-lost-small.v4/client.pcapng", "PSH,ACK"),
        ("syn-dropped-r1.v4/client.pcapng", "SYN"),
        ("syn-ack-dropped-r1.v4/server.pcapng", "SYN,ACK")):
    path = lab(name)
    ladder = [line for line in run("timeline", path).stdout.decode()
              .splitlines() if line.startswith(">")]
    report = [line.split() for line in run("analyze", path).stdout.decode()
              .splitlines() if line.startswith("    > #")]
    first = [json.loads(line) for line in
             run("timeline", "--json", path).stdout.splitlines()]
    marked = [row["frame"] for row in first if row.get("fatal")]
    check(len(ladder) == 1 and kind in ladder[0] and len(report) == 1 and
          marked == [first[0]["frame"]] and
          report[0][1] == ladder[0].split()[1] == f"#{marked[0]}",
          f"{name}: report, ladder and JSON mark one packet, the same",
          (ladder, report, marked, first[0]))
away = run("analyze", lab("server-absent.v4/client.pcapng")).stdout.decode()
check("10.77.2.2 → client  ICMP 3/1" in away,
      "a router's error goes to whom it is sent to", away)

# choosing
rows = [json.loads(line) for line in
        run("analyze", "--json", FORGED).stdout.splitlines()]
flow = rows[0]["flow"]
by_name = run("timeline", "--flow", f"{flow['server']}-{flow['client']}",
              FORGED)
check(by_name.stdout.decode() == text,
      "--flow names a connection from either end")
check(run("timeline", "--frame=5", FORGED).stdout.decode() == text,
      "--frame names it by one of its packets")
check(run("timeline", "--frame=1", FORGED).returncode == 2,
      "a frame that belongs to no connection is said, exit 2")
check(run("timeline", "--frame=999", FORGED).returncode == 2,
      "a frame that is not there is said, exit 2")
check(run("timeline", "--flow=nonsense", FORGED).returncode == 2 and
      run("timeline", "--flow=10.0.0.1:1-10.0.0.2", FORGED).returncode == 2,
      "a connection that is none is wrong usage")
nobody = run("timeline", "--flow=10.0.0.1:1-10.0.0.2:2", FORGED)
check(nobody.returncode == 2 and b"no packet of 10.0.0.1:1-10.0.0.2:2" in
      nobody.stderr, "a connection that is not there is said, exit 2", nobody)
for between in ("-", " → ", " > ", " -> ", ",", " "):
    shown = run("timeline", "--flow", flow["client"] + between +
                flow["server"], FORGED)
    check(shown.stdout.decode() == text, f"--flow takes A{between}B", shown)
for end in ("client", "server"):
    shown = run("timeline", "--flow", flow[end], FORGED)
    check(shown.stdout.decode() == text, f"--flow takes the {end} alone", shown)
check(run("timeline", "--flow=10.9.9.9:1", FORGED).returncode == 2,
      "an end that is not there is said, exit 2")
around = run("timeline", "--around", "2", FORGED).stdout.decode()
shown = re.findall(r"^[> ] #(\d+)", around, re.M)
check(shown == ["7", "8", "9", "10", "11"],
      "--around shows the packets beside the fatal one", around)
check([json.loads(line)["frame"] for line in
       run("timeline", "--json", "--around", "1", "--frame", "5", FORGED)
       .stdout.splitlines() if b'"packet"' in line[:20]] == [4, 5, 6],
      "and those beside --frame, in JSON too")

MANY = lab("tap-train.v4/client.pcapng")
ALL = lab("ssh-max-startups.v4/client.pcapng")
incidents = [json.loads(line) for line in
             run("analyze", "--json", ALL).stdout.splitlines()]
incidents = sorted(row["frame"] for row in incidents
                   if row["type"] == "incident" and
                   row["mechanism"] != "orderly")
first = run("timeline", "--first", ALL).stdout.decode()
check(re.findall(r"^> #(\d+)", first, re.M) == [str(incidents[0])],
      "--first shows the failure that came first", (incidents, first))

# streams are Wireshark's
if shutil.which("tshark"):
    wrong, count, named = [], 0, 0
    for path in (ALL, MANY, lab("a2_nat_expired_loose1_randomport.client.pcap"),
                 lab("balanced-servers.v4/r1.pcapng"),
                 lab("client-rebooted-same-port.v4/client.pcapng"),
                 lab("fin-wait-2-port-reused.v4/client.pcapng"),
                 lab("half-open-syn.v4/client.pcapng")
                 if os.path.exists(lab("half-open-syn.v4/client.pcapng"))
                 else lab("half-open-ack-lost.v4/client.pcapng")):
        told = subprocess.run(
            ["tshark", "-r", path, "-Y", "tcp && !icmp && !icmpv6", "-T",
             "fields", "-e", "tcp.stream", "-e", "frame.number"],
            capture_output=True, check=True).stdout.decode()
        streams = {}
        for line in told.splitlines():
            stream, frame = line.split()
            streams.setdefault(int(stream), []).append(int(frame))
        for stream, frames in streams.items():
            out = run_often("timeline", "--json", "--stream", str(stream),
                            path).stdout
            got = [row["frame"] for row in map(json.loads, out.splitlines())
                   if row["type"] == "packet" and "tcp_flags" in row or
                   row["type"] == "packet" and "icmp" not in json.dumps(row)]
            count += 1
            if got != frames:
                wrong.append((path, stream, frames[:5], got[:5]))
        of_frame = {frame: stream for stream, frames in streams.items()
                    for frame in frames}
        for row in map(json.loads, run_often(
                "analyze", "--json", "--all-flows", path).stdout.splitlines()):
            frame = row.get("first_frame", row.get("frame"))
            if row["type"] not in ("flow", "incident") or \
                    frame not in of_frame:
                continue
            named += 1
            if row["connection"].get("tcp_stream") != of_frame[frame]:
                wrong.append((path, row["type"], frame, of_frame[frame],
                              row["connection"]))
        check(run_often("timeline", "--stream", str(len(streams)),
                        path).returncode == 2, "a stream that is not there")
    check(count > 5 and named > 15 and not wrong, "--stream and the tcp_stream "
          "of --json count as tshark's tcp.stream", wrong or named)
    unsaid = [json.loads(line) for line in run(
        "analyze", "--json", "--all-flows", "--filter", "tcp", ALL)
            .stdout.splitlines() + run("analyze", "--json", ALL)
            .stdout.splitlines() + run("analyze", "--json", "--all-flows", ALL,
                                       MANY).stdout.splitlines()]
    check(not [row for row in unsaid if "tcp_stream" in
               row.get("connection", {})], "of several files, of what a filter "
          "leaves, and without --all-flows, nothing is said of it")
else:
    skip("--stream counts as tshark's tcp.stream", "no tshark")

# what is lost, sent again, asked for
lost = run("timeline", lab("d2_pmtud_blackhole.client.pcap"),
           env={"COLUMNS": "140"}).stdout.decode()
check(re.search(r"#9 .*ACK 1448 ─+╳ .*lost", lost) and
      re.search(r"#12 .*656 ─+▶", lost) and "SACK, hole of 4,344 bytes" in lost
      and re.search(r"#15 .*╳.*retransmission;", lost),
      "lost segments end on the way, holes and copies are marked", lost)
kept = run("timeline", lab("capture-loses.v4/client.pcapng"), "--stream",
           "0").stdout.decode()
check("╳" not in kept, "what is acknowledged arrives", kept)
twice = run("timeline", lab("ecn-refused-host.v4/r1.pcapng")).stdout.decode()
check("╳" not in twice and "retransmission" not in twice,
      "what a router recorded twice was not sent twice", twice)
alive = run("timeline",
            lab("keepalive-expires.v4/client.pcapng")).stdout.decode()
check("; keepalive" in alive, "keepalives are marked", alive)

# ASCII where the locale has no UTF-8
for variable in ("LC_ALL", "LANG"):
    plain = run("timeline", FORGED, env={"LC_ALL": "", variable: "C"})
    check(plain.stdout.isascii() and
          len(plain.stdout.splitlines()) == len(text.splitlines()),
          f"{variable}=C is drawn in ASCII, line by line", plain.stdout)
check(run("timeline", FORGED, env={"LC_ALL": "de_DE.UTF-8"}).stdout.decode() ==
      text, "any UTF-8 locale has the lines")
for columns in (60, 80):
    wide = []
    for path in some_captures(12, "client.pcapng"):
        drawn = run("timeline", path, env={"COLUMNS": str(columns)})
        wide += [line for line in drawn.stdout.decode().splitlines()
                 if len(line) > columns or line != line.rstrip()]
    check(not wide, f"the ladder fits {columns} columns", "\n".join(wide[:5]))
with open(FORGED, "rb") as file:
    piped = run("timeline", "-", stdin=file.read())
check(piped.returncode == 2 and b"twice" in piped.stderr,
      "standard input can't be read twice, and it says so")

# rows
table = list(csv.DictReader(io.StringIO(
    run("timeline", "--csv", FORGED).stdout.decode())))
check([int(r["frame"]) for r in table] == list(range(2, 15)) and
      table[0]["kind"] == "SYN" and table[7]["ttl"] == "97",
      "--csv gives every packet of the connection", table[:2])
objects = [json.loads(line) for line in
           run("timeline", "--json", FORGED).stdout.splitlines()]
packets = [o for o in objects if o["type"] == "packet"]
check(objects[0]["type"] == "incident" and len(packets) == len(table) and
      [o["frame"] for o in packets if o.get("fatal")] == [9],
      "--json gives the incident and every packet, the fatal one marked")

# long connections
client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)


def opened(at, start):
    """A connection of these ports: handshake, a request, its ACK."""
    def one(nanos, ends, flags, seq, ack=0, payload=b""):
        return (at, nanos, craft.tcp(
            *ends, flags, seq=seq, ack=ack, payload=payload,
            ttl=64 if ends[0] == client else 54))

    there, back = (client, server), (server, client)
    return [one(0, there, craft.SYN, start),
            one(20000000, back, craft.SYN | craft.ACK, 7 * start, start + 1),
            one(20100000, there, craft.ACK, start + 1, 7 * start + 1),
            one(30000000, there, craft.PSH | craft.ACK, start + 1, 7 * start + 1,
                b"hello"),
            one(50000000, back, craft.ACK, 7 * start + 1, start + 6)]


def reset(at, start):
    return [(at, 60000000, craft.tcp(server, client, craft.RST | craft.ACK,
                                  seq=7 * start + 1, ack=start + 6, ttl=54))]


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "twice.pcap")

    def shown(frame):
        rows = [json.loads(line) for line in run(
            "timeline", "--json", f"--frame={frame}", path).stdout.splitlines()]
        return ("incident" in [row["type"] for row in rows],
                [row["frame"] for row in rows if row["type"] == "packet"])

    FIRST, SECOND = list(range(1, 7)), list(range(7, 12))
    with open(path, "wb") as file:
        file.write(craft.pcap(opened(1700000000, 1000) +
                              reset(1700000000, 1000) +
                              opened(1700000100, 90000)))
    told = [shown(frame) for frame in (1, 6, 7, 9, 11)]
    check(told == [(True, FIRST)] * 2 + [(False, SECOND)] * 3,
          "--frame in a later connection of the same ports shows that one, "
          "which did not fail", told)
    FIRST, SECOND = list(range(1, 6)), list(range(6, 12))
    with open(path, "wb") as file:
        file.write(craft.pcap(opened(1700000000, 1000) +
                              opened(1700000100, 90000) +
                              reset(1700000100, 90000)))
    told = [shown(frame) for frame in (1, 5, 6, 11)]
    check(told == [(False, FIRST)] * 2 + [(True, SECOND)] * 2,
          "nor does the failure of a later one stand by an earlier one", told)
frames = craft.handshake(client, server)
for i in range(2000):
    source, target = ((client, server), (server, client))[i % 2]
    frames.append((1700000001 + i, 0, craft.tcp(
        source, target, craft.ACK, seq=1001 if i % 2 == 0 else 5001,
        ack=5001 if i % 2 == 0 else 1001, ttl=64 - 10 * (i % 2))))
frames.append((1700002002, 0, craft.tcp(server, client,
                                        craft.RST | craft.ACK, seq=5001,
                                        ack=1001, ttl=54)))
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "long.pcap")
    with open(path, "wb") as file:
        file.write(craft.pcap(frames))
    long = run("timeline", path).stdout.decode()
    check("packets …" in long and "#1 " in long and "#2004" in long and
          len(long.splitlines()) < 450,
          "of a long connection the ends are shown, the rest is counted",
          long[-2000:])

    # the annotated copy
    annotated = os.path.join(folder, "annotated.pcapng")
    result = run("timeline", "-w", annotated, FORGED)
    check(result.returncode == 0 and os.path.exists(annotated),
          "-w writes a copy", result.stderr)
    again = [json.loads(line) for line in
             run("analyze", "--json", annotated).stdout.splitlines()]
    for o in again + rows:
        o.pop("file", None)
    check(again == rows, "the copy is judged as the original is")
    if not shutil.which("tshark"):
        skip("tshark reads the comments", "tshark is not installed")
    else:
        def tshark(*arguments):
            return subprocess.run(
                ["tshark", "-n", "-r", annotated, *arguments], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, "XDG_CONFIG_HOME": folder},
                check=False).stdout

        def filtered(expression):
            return tshark("-Y", expression, "-T", "fields", "-e",
                          "frame.number").split()
        os.mkdir(os.path.join(folder, "wireshark"))
        shutil.copy(os.path.join(TOP, "docs", "examples",
                                 "culprit.colorfilters"),
                    os.path.join(folder, "wireshark", "colorfilters"))
        comments = tshark("-Y", "frame.comment", "-T", "fields", "-e",
                          "frame.number", "-e", "frame.comment")
        verdict = [line for line in comments.splitlines()
                   if line.startswith("9\t")]
        check(verdict and "injected" in verdict[0] and
              "middlebox (certain)" in verdict[0],
              "tshark finds the verdict on the fatal frame", comments)
        of_frame = tshark(
            "-Y", "frame.number == 9", "-T", "fields", "-E", "aggregator=|",
            "-e", "frame.comment").strip().split("|")
        check(of_frame[0].startswith("culprit: middlebox (certain)") and
              any("reset-ttl-far-off: yes" in text for text in of_frame[1:]) and
              all(text.startswith("culprit-fact: ") for text in of_frame[1:])
              and not any("idle-before" in text for text in of_frame),
              "the verdict is its first comment, and facts that decided follow",
              of_frame)
        with open(os.path.join(TOP, "docs", "man",
                               "culprit-timeline.1.scd"),
                  encoding="utf-8") as file:
            page = re.findall(r"^\*(frame\.comment.*)\*$", file.read(), re.M)
        found = {text: filtered(text) for text in page}
        check(list(found.values()) == [
            ["9", "14"], ["9"], ["9"], ["9"], ["7", "9", "12"], ["9"],
            ["7", "9", "12", "14"]],
            "the manual's display filters find what it says", found)
        colours = dict(line.split("\t") for line in tshark(
            "--color", "-T", "fields", "-e", "frame.number", "-e",
            "frame.coloring_rule.name").splitlines())
        check({n: c for n, c in colours.items() if "culprit" in c} == {
            "7": "culprit: fact", "9": "culprit: fatal packet, certain",
            "12": "culprit: fact", "14": "culprit: benign reset"},
            "the coloring rules are Wireshark's, and tell them apart", colours)
        check(tshark("-T", "fields", "-e", "frame.number").split() ==
              [str(n) for n in range(1, 15)],
              "tshark finds every packet in the copy")
    check(run("timeline", "-w", "/nonexistent/x", FORGED).returncode == 2,
          "a copy that can't be created is said, exit 2")
    full = run("timeline", "-w", "/dev/full", FORGED)
    check(full.returncode == 1 and b"full" in full.stderr,
          "a copy that finds the disk full is said, exit 1", full.stderr)

failed = []
for path in some_captures(40):
    result = run_often("timeline", path)
    if result.returncode != 0 or not result.stdout:
        failed.append(f"{path}: {result.returncode} {result.stderr}")
check(not failed, "every capture has a timeline", "\n".join(failed))
done()
