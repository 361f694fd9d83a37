#!/usr/bin/env python3
"""JSON that scripts can rely on: valid, complete, the same for every form of
the same capture."""
import gzip
import json
import lzma
import os
import random
import re
import shutil
import subprocess
import tempfile

from tap import (LAB, PROGRAM, captures, check, done, lab, run, run_often, skip,
                 some_captures)
import craft

MECHANISMS = set("""port-closed syn-rejected syn-unanswered abort late-data
unknown-connection state-expired injected firewall-reject proxy-closed
keepalive-timeout retransmission-timeout pmtu-black-hole pmtu-ignored
icmp-unreachable half-open nat-mismatch option-refused no-response
window-closed peer-protocol ssh-max-startups ssh-refused-before-banner ssh-login-grace
ssh-no-common-algorithm ssh-slow-banner ssh-client-alive orderly
unknown""".split())
SENDERS = {"client", "server", "middlebox", "none", "unknown"}
CULPRITS = {"client", "server", "middlebox", "nat-timeout", "path-mtu",
            "path-loss", "unknown"}
GRADES = {"certain", "likely", "possible", "undetermined"}
TIME = re.compile(r"^-?\d+\.\d{9}$")
# Of 120 damages; the sanitized build reports on thousands of others, in one
# process (test_mutations.py).
IS_SANITIZED = "sanitized" in PROGRAM
EACH = 6 if IS_SANITIZED else 1
# There it also lists the connections of all of them, and test_verdicts.py reports
# on all.
STEP = 10 if IS_SANITIZED else 1


def refuse(token):
    raise ValueError(token)


def no_duplicates(pairs):
    keys = [k for k, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key twice in {keys}")
    return dict(pairs)


def records(output):
    """Every line as an object; raises on anything that is not JSON."""
    lines = output.decode("utf-8").split("\n")
    if lines[-1] != "":
        raise ValueError("no newline at the end")
    return [json.loads(line, parse_constant=refuse,
                       object_pairs_hook=no_duplicates)
            for line in lines[:-1]]


def group_problems(incidents, groups):
    """Whether the groups are those of the incidents."""
    found = []
    if sum(g["incidents"] for g in groups) != len(incidents):
        found.append("groups count other incidents than are listed")
    for g in groups:
        if sum(g["by_grade"].values()) != g["incidents"]:
            found.append(f"by_grade {g}")
        if not 1 <= g["connections"] <= g["incidents"]:
            found.append(f"connections {g}")
    for number in {o["group"] for o in incidents + groups}:
        mine = [o for o in incidents if o["group"] == number]
        theirs = [g for g in groups if g["group"] == number]
        if sum(g["incidents"] for g in theirs) != len(mine):
            found.append(f"group {number} has {len(mine)} incidents")
        for word in ("mechanism", "sender", "culprit"):
            if len({o[word] for o in mine} |
                   {g["key"][word] for g in theirs}) != 1:
                found.append(f"{word} of group {number}")
        times = [float(o["time"]) for o in mine]
        if (min(times), max(times)) != (
                min(float(g["first_time"]) for g in theirs),
                max(float(g["last_time"]) for g in theirs)):
            found.append(f"times of group {number}")
    return found


def problems(objects):
    """What is not as culprit-json(5) has it."""
    found = []
    for o in objects:
        if next(iter(o)) != "type":
            found.append(f"type is not first: {o}")
        if o["type"] == "incident":
            if o["mechanism"] not in MECHANISMS:
                found.append(f"mechanism {o['mechanism']}")
            if o["sender"] not in SENDERS:
                found.append(f"sender {o['sender']}")
            if o["culprit"] not in CULPRITS:
                found.append(f"culprit {o['culprit']}")
            if o["grade"] not in GRADES:
                found.append(f"grade {o['grade']}")
            if not TIME.match(o["time"]):
                found.append(f"time {o['time']}")
            if not (isinstance(o["frame"], int) and o["frame"] >= 1):
                found.append(f"frame {o['frame']}")
            for end in ("client", "server"):
                if not re.match(r"^(\[[0-9a-f:.]+\]|[0-9.]+):\d+$",
                                o["flow"][end]):
                    found.append(f"flow {o['flow']}")
            for row in o["evidence"]:
                if not isinstance(row.get("holds", True), bool):
                    found.append(f"holds {row}")
            if not all(isinstance(name, str) for name in o["outranked"]):
                found.append(f"outranked {o['outranked']}")
            if o.get("signature") in o["outranked"]:
                found.append(f"outranked by itself: {o}")
            if o["grade"] == "possible" and not o["also"]:
                found.append(f"possible, and nothing else named: {o}")
            if o["grade"] == "undetermined" and not o["undecided"]:
                found.append(f"undetermined, and nothing would decide: {o}")
        elif o["type"] == "flow":
            if o["first_frame"] > o["last_frame"]:
                found.append(f"frames {o}")
    summaries = [o for o in objects if o["type"] == "summary"]
    if len(summaries) != 1 or objects[-1]["type"] != "summary":
        found.append("not one summary at the end")
        return found
    summary = summaries[0]
    incidents = [o for o in objects if o["type"] == "incident"]
    if summary["schema"] != 2:
        found.append(f"schema {summary['schema']}")
    if summary["incidents"] != len(incidents):
        found.append("the summary counts other incidents than are listed")
    if sum(summary["by_culprit"].values()) != len(incidents):
        found.append("by_culprit counts other incidents than are listed")
    found += group_problems(incidents,
                            [o for o in objects if o["type"] == "group"])
    for name in ("packets", "bytes", "flows", "evicted_flows",
                 "lost_packets"):
        if name not in summary:
            found.append(f"no {name} in the summary")
    return found


def uncounted(lines):
    """TCP packets that no connection counts as its own."""
    counted = sum(line["client_packets"] + line["server_packets"]
                  for line in lines if line["type"] == "flow")
    return lines[-1]["tcp_packets"] - lines[-1]["duplicates"] - counted


wrong = []
astray = []
count = 0
for path in captures()[::STEP]:
    count += 1
    result = run_often("analyze", "--json", "--all-flows", path)
    try:
        lines = records(result.stdout)
        found = problems(lines)
        if not found and uncounted(lines):
            astray.append(f"{path}: {uncounted(lines)}")
    except ValueError as error:
        found = [str(error)]
    if result.returncode != 0 or found:
        wrong.append(f"{path}: exit {result.returncode} {found} "
                     f"{result.stderr.decode(errors='replace')}")
check(count and not wrong, f"every line about {count} captures is as "
      "culprit-json(5) has it", "\n".join(wrong))
check(not astray, "each TCP packet is counted in one connection, resets too",
      "\n".join(astray))


def without_names(output):
    """What may differ between forms of one capture: the file's name."""
    return re.sub(rb'"file":"(?:[^"\\]|\\.)*"', b'"file":""', output)


def forms(path, folder):
    """The capture in all its forms: (name, file or None, stdin)."""
    raw = open(path, "rb").read()
    stem = os.path.join(folder, "capture")

    def kept(name, data):
        with open(stem + name, "wb") as file:
            file.write(data)
        return stem + name
    yield "pcap", kept(".pcap", raw), None
    # the reader goes by content: names that lie
    yield "gzip", kept(".gz.txt", gzip.compress(raw)), None
    yield "xz", kept(".xz.txt", lzma.compress(raw)), None
    yield "standard input", "-", raw
    yield "gzip on standard input", "-", gzip.compress(raw)
    if shutil.which("zstd"):
        yield "zstd", kept(".zst", subprocess.run(
            ["zstd", "-c"], input=raw, check=True,
            stdout=subprocess.PIPE).stdout), None
    if shutil.which("editcap"):
        ng = stem + ".pcapng"
        subprocess.run(["editcap", "-F", "pcapng", path, ng], check=True)
        yield "pcapng", ng, None
        yield "pcapng on standard input", "-", open(ng, "rb").read()


with tempfile.TemporaryDirectory() as folder:
    for path in some_captures(8, ".pcap"):
        reference = None
        differing = []
        for form, file, stdin in forms(path, folder):
            output = without_names(
                run("analyze", "--json", "--all-flows", file,
                    stdin=stdin).stdout)
            if reference is None:
                reference = output
            elif output != reference:
                differing.append(form)
        check(reference and not differing,
              f"{os.path.relpath(path, LAB)}: every form gives the same JSON",
              differing)
    if not (shutil.which("zstd") and shutil.which("editcap")):
        skip("zstd and pcapng forms", "zstd or editcap is not installed")

    # cut and flipped: whatever comes, JSON and exit 0 or 1
    randomness = random.Random(4242)
    for path in some_captures(6):
        raw = open(path, "rb").read()
        broken = []
        for number in range(0, 120, EACH):
            data = bytearray(raw)
            if number < 60:
                del data[number * len(data) // 60:]
            else:
                for _ in range(randomness.choice((1, 1, 8, 64))):
                    bit = randomness.randrange(24 * 8, len(data) * 8)
                    data[bit // 8] ^= 1 << bit % 8
            result = run_often("analyze", "--json", "--all-flows", "-",
                               stdin=bytes(data))
            try:
                objects = records(result.stdout)
                if objects and problems(objects):
                    broken.append(f"{number}: {problems(objects)}")
            except ValueError as error:
                broken.append(f"{number}: {error}")
            if result.returncode not in (0, 1):
                broken.append(f"{number}: exit {result.returncode} "
                              f"{result.stderr.decode(errors='replace')}")
        check(not broken, f"{os.path.relpath(path, LAB)}: cut and flipped it "
              "still gives JSON, exit 0 or 1", "\n".join(broken))

# hostile bytes in what the wire and the file say
client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
hostile = [bytes(range(256)), b"\xed\xa0\x80\xf8\x88\x80", b"\0" * 20,
           b'"}]}\n{"type":"incident"}', b"\xe2\x80\xae\x1b]0;x\x07",
           b"Exceeded MaxStartups\r\n\x9b2J", b"SSH-2.0-\xff\xfe\"\\\r\n"]
wrong = []
for banner in hostile:
    frames = craft.reset_after_data(client, server, banner)
    # and a reset that says why
    frames[-1] = (*frames[-1][:2], craft.tcp(
        server, client, craft.RST | craft.ACK, seq=5001 + len(banner),
        ack=1001, ttl=99, payload=banner))
    for form in (craft.pcap(frames),
                 craft.pcapng(frames, interface_name=banner)):
        result = run("analyze", "--json", "-", stdin=form)
        try:
            wrong += problems(records(result.stdout))
        except ValueError as error:
            wrong.append(f"{banner}: {error}")
        if result.returncode != 0:
            wrong.append(f"{banner}: exit {result.returncode}")
check(not wrong, "hostile bytes from the wire stay inside JSON strings",
      "\n".join(wrong))
with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder.encode(), b'a"\\\n\xff\x1b[2J.pcap')
    with open(name, "wb") as file:
        file.write(craft.pcap(craft.reset_after_data(client, server)))
    result = run("analyze", "--json", name)
    try:
        objects = records(result.stdout)
        check('a"\\\n\ufffd\x1b[2J.pcap' in objects[-1]["file"],
              "a hostile file name arrives as it is, but for what is not "
              "UTF-8", objects[-1])
    except ValueError as error:
        check(False, "a hostile file name stays inside its string", error)

# numbers over several files
with tempfile.TemporaryDirectory() as folder:
    frames = craft.reset_after_data(client, server)
    parts = [os.path.join(folder, n) for n in ("a.pcap", "b.pcap")]
    for part, some in zip(parts, (frames[:4], frames[4:])):
        with open(part, "wb") as file:
            file.write(craft.pcap(some))
    objects = records(run("analyze", "--json", *reversed(parts)).stdout)
    incidents = [o for o in objects if o["type"] == "incident"]
    check(len(incidents) == 1 and incidents[0]["frame"] == 2 and
          incidents[0]["file"] == parts[1],
          "a connection that spans two files is judged as one, its frames "
          "counted in their own file", objects)

# the fatal frame is the one that Wireshark counts
objects = records(run("analyze", "--json",
                      lab("f4_rst_inwindow_challenge.client.pcap")).stdout)
check(objects[0].get("frame") == 9 and objects[0]["sender"] == "middlebox",
      "the forged reset of a measured capture is frame 9", objects[0])
done()
