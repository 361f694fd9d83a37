#!/usr/bin/env python3
"""The file of --html: what it is made of, where it may go, how large it is. How
it looks in a browser is tested in tests/page/."""
import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile

import craft
from tap import (check, done, lab, probe_recordings, run, run_often,
                 some_captures)

DEAD = lab("c7_nft_reject_estab_c2s.client.pcap")
OTHER = lab("a2_nat_expired_loose1_randomport.client.pcap")
BLOCK = re.compile(rb'<script type="application/json" id="data">\n(.*?)'
                   rb"</script>", re.S)


def page_of(*arguments, folder, often=False):
    path = os.path.join(folder, "page.html")
    finished = (run_often if often else run)(
        arguments[0], "--html", path, *arguments[1:])
    with open(path, "rb") as file:
        return finished, file.read()


def data_of(page):
    """The lines of the data block; None when it is not what it should be."""
    found = BLOCK.findall(page)
    if len(found) != 1 or b"<" in found[0]:
        return None
    try:
        return [json.loads(line) for line in found[0].splitlines()]
    except ValueError:
        return None


def blocks_of_all(folder):
    """Of captures from all over the list, and of probes' recordings."""
    wrong, counts = [], []
    for path in some_captures(60):
        finished, page = page_of("analyze", path, folder=folder, often=True)
        lines = data_of(page)
        if lines is None or finished.returncode > 1:
            wrong.append(path)
            continue
        summary = json.loads(run_often("analyze", "--json", path)
                             .stdout.splitlines()[-1])
        incidents = sum(1 for line in lines if isinstance(line, list) and
                        line[0] == "i")
        if "incidents" in summary and summary["incidents"] != incidents and \
                lines[0]["kind"] == "capture":
            counts.append((path, summary["incidents"], incidents))
    check(not wrong, "analyze: one block of JSON lines, without '<'", wrong)
    check(not counts, "and as many incidents as the report has", counts)
    wrong = []
    for path in some_captures(30):
        finished, page = page_of("timeline", path, folder=folder, often=True)
        if data_of(page) is None:
            wrong.append(path)
    check(not wrong, "timeline: one block of JSON lines, without '<'", wrong)
    wrong = []
    for path in probe_recordings()[::12]:
        finished, page = page_of("analyze", path, folder=folder, often=True)
        lines = data_of(page)
        if not lines or lines[0]["kind"] != "path" or not any(
                line[0:1] == ["q"] for line in lines[1:]
                if isinstance(line, list)):
            wrong.append(path)
    check(not wrong, "a probe's recording becomes the page of a path", wrong)


def packets_are_right(folder):
    """The differences add up to what timeline --csv says."""
    rows = run("timeline", "--csv", OTHER).stdout.decode().splitlines()[1:]
    lines = data_of(page_of("timeline", OTHER, folder=folder)[1])
    frame, sides, wrong = 0, [[0, 0], [0, 0]], []
    packets = [line for line in lines if isinstance(line, list) and
               isinstance(line[0], int)]
    for line, row in zip(packets, rows):
        cells = row.split(",")
        frame += line[1]
        side = sides[line[2] & 1]
        if line[2] & 16:
            continue
        side[0] = (side[0] + line[3]) & 0xffffffff
        side[1] = (side[1] + line[4]) & 0xffffffff
        told = [frame, *side, line[5], line[6], line[7], line[8]]
        wanted = [int(cells[i]) for i in (1, -7, -6, -5, -4, -3, -2)]
        if told != wanted:
            wrong.append((told, wanted))
    check(len(packets) == len(rows) > 5 and not wrong,
          "each packet's numbers are those of timeline --csv", wrong)


def lost_packets_are_those_of_the_ladder(folder):
    """Text, SVG (test_svg.py) and page end the same arrows on the way."""
    wrong, told = [], 0
    for path in some_captures(40):
        ladder = run_often("timeline", path).stdout.decode().splitlines()
        if any("packets …" in line for line in ladder) or not ladder:
            continue
        crossed = [int(re.search(r"#(\d+)", line)[1]) for line in ladder
                   if "╳" in line]
        frames, frame, lost = [], 0, set()
        for line in data_of(page_of("timeline", path, folder=folder)[1]):
            if isinstance(line, list) and isinstance(line[0], (int, str)) and \
                    (line[0] == "" or isinstance(line[0], int)):
                frame += line[1]
                frames.append(frame)
            elif isinstance(line, list) and line[0] == "z":
                lost.add(frames[line[1]])
        told += len(lost)
        if sorted(lost) != crossed:
            wrong.append((path, crossed, sorted(lost)))
    check(not wrong and told > 20, "the page ends the arrows on the way that "
          "the ladder in text does", wrong or told)


def policy_fits(folder):
    page = page_of("analyze", DEAD, folder=folder)[1]
    policy = re.search(rb'Content-Security-Policy" content="([^"]*)"',
                       page)[1].decode()
    check("default-src 'none'" in policy and "unsafe" not in policy,
          "the policy allows nothing by default", policy)

    def hashes(kind, text):
        return re.findall(r"'(sha256-[^']+)'",
                          re.search(kind + r" ([^;]*)", text)[1])

    def hash_of(text):
        return "sha256-" + base64.b64encode(
            hashlib.sha256(text).digest()).decode()

    scripts = re.findall(rb"<script>(.*?)</script>", page, re.S)
    styles = re.findall(rb"<style>(.*?)</style>", page, re.S)
    check([hash_of(one) for one in scripts] == hashes("script-src", policy) and
          [hash_of(one) for one in styles] == hashes("style-src", policy),
          "its hashes are those of the page's scripts and style")
    outside = re.findall(rb'(?:src|href)\s*=\s*["\']?[^\s>]+',
                         re.sub(rb"<script.*?</script>", b"", page,
                                flags=re.S))
    check(not outside, "nothing in the page leads out of it", outside)
    check(b"Copyright (c) 2022 Leon Sorokin" in page,
          "the licence of uPlot is in it")
    vendored = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                            "..", "report", "page", "uplot")
    same = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"],
                          cwd=vendored, check=False, capture_output=True)
    check(same.returncode == 0, "uPlot is as it was published", same.stdout)


def ways_in_are_one(folder):
    """From a file, compressed, from a pipe."""
    plain = data_of(page_of("analyze", DEAD, folder=folder)[1])
    packed = os.path.join(folder, "dead.pcap.gz")
    with open(DEAD, "rb") as file, open(packed, "wb") as to:
        whole = file.read()
        to.write(gzip.compress(whole))
    rest = data_of(page_of("analyze", packed, folder=folder)[1])
    check(plain[1:] == rest[1:], "a compressed capture makes the same page")
    path = os.path.join(folder, "piped.html")
    piped = run("analyze", "--html", path, "-", stdin=whole)
    with open(path, "rb") as file:
        lines = data_of(file.read())
    check(piped.returncode == 0 and lines[1:] ==
          [line for line in plain[1:] if line[0] in ("g", "i", "d")],
          "from a pipe it has all but the second reading's packets")
    both = data_of(page_of("analyze", "--at", "a=" + DEAD, "--at",
                           "b=" + OTHER, folder=folder)[1])
    check(both and both[0]["places"] == ["a", "b"] and
          {line[1] for line in both[1:] if line[0] == "i"} == {0, 1},
          "of several capture points each incident names its file", both[:1])


def outputs_keep_the_rules(folder):
    def refused(sentence, *arguments, said):
        finished = run(*arguments)
        check(finished.returncode == 2 and said in finished.stderr,
              sentence, (finished.returncode, finished.stderr))

    copy = os.path.join(folder, "x.pcap")
    shutil.copyfile(DEAD, copy)
    link = os.path.join(folder, "link.html")
    os.symlink(copy, link)
    for name in (copy, link):
        for command in ("analyze", "timeline"):
            refused(f"{command} --html: never an input", command, "--html",
                    name, copy, said=b"it is also an input")
    with open(copy, "rb") as one, open(DEAD, "rb") as other:
        check(one.read() == other.read(), "and the input is as it was")
    both = os.path.join(folder, "both.html")
    refused("--html and -o are two files", "analyze", "--html", both, "-o",
            both, copy, said=b"--html")
    refused("--html - leaves no room for the report", "analyze", "--html", "-",
            copy, said=b"-o FILE")
    refused("timeline: -w and --html exclude each other", "timeline", "--html",
            both, "-w", os.path.join(folder, "c.pcapng"), copy,
            said=b"exclude")
    refused("--dry-run has no page", "probe", "--dry-run", "--html", both,
            "192.0.2.1", said=b"--dry-run")
    piped = run("timeline", "--html", "-", copy)
    check(piped.returncode == 0 and data_of(piped.stdout) is not None,
          "timeline --html - writes the page alone")
    text = os.path.join(folder, "report.txt")
    piped = run("analyze", "--html", "-", "-o", text, copy)
    with open(text, "rb") as file:
        check(data_of(piped.stdout) is not None and b"REJECTED BY FIREWALL" in file.read(),
              "analyze --html - with -o writes both")
    full = run("analyze", "--html", "/dev/full", copy)
    check(full.returncode == 1 and b"HTML report" in full.stderr and
          b"REJECTED BY FIREWALL" in full.stdout,
          "a full disk is told, after the report", full.stderr)


def compared(folder):
    """Each outcome and change of the report has a line."""
    wrong = []
    for scenario, points in (("tap-single.v4", ("client", "r1", "server")),
                             ("nat-port-kept.v4", ("client", "server")),
                             ("orderly-close.v4", ("client", "server"))):
        files = [lab(f"{scenario}/{point}.pcapng") for point in points]
        found = [json.loads(line) for line in
                 run("compare", "--json", *files).stdout.splitlines()]
        lines = data_of(page_of("compare", *files, folder=folder)[1])
        rows = {kind: [one for one in found if one["type"] == kind]
                for kind in ("outcome", "change", "capture_point", "span",
                             "comparison", "incident", "side")}
        told = {kind: [one for one in lines if isinstance(one, list) and
                       one[0] == letter] for kind, letter in
                (("outcome", "o"), ("change", "c"), ("incident", "i"),
                 ("side", "w"))}
        frames = [one["at"]["frame"] for one in rows["outcome"]]
        if any(len(told[kind]) != len(rows[kind]) for kind in told) or \
                frames != [one[15] for one in told["outcome"]] or any(
                    [one for one in lines if isinstance(one, dict) and
                     one["type"] == kind] != rows[kind]
                    for kind in ("capture_point", "span", "comparison")):
            wrong.append((scenario, rows, told))
    check(not wrong, "compare: the page has what --json has", wrong)


def compare_outputs(folder):
    near, far = (os.path.join(folder, name) for name in ("n.pcapng",
                                                         "f.pcapng"))
    shutil.copyfile(lab("tap-single.v4/client.pcapng"), near)
    shutil.copyfile(lab("tap-single.v4/server.pcapng"), far)
    for name in (near, far):
        finished = run("compare", "--html", name, near, far)
        check(finished.returncode == 2 and
              b"it is also an input" in finished.stderr,
              "compare --html: never an input", finished.stderr)
    finished = run("compare", "--html", "-", near, far)
    check(finished.returncode == 2 and b"-o FILE" in finished.stderr,
          "compare --html - leaves no room for the report")
    text = os.path.join(folder, "compared.txt")
    piped = run("compare", "--html", "-", "-o", text, near, far)
    with open(text, "rb") as file:
        check(data_of(piped.stdout) is not None and
              b"FORGED RESET" in file.read(),
              "compare --html - with -o writes both")
    full = run("compare", "--fail-on", "any", "--html", "/dev/full", near, far)
    check(full.returncode == 3 and b"can't write all of the HTML report" in
          full.stderr, "compare: a full disk hides no --fail-on", full.stderr)
    full = run("compare", "--html", "/dev/full", near, far)
    check(full.returncode == 1 and b"HTML report" in full.stderr,
          "compare: a full disk is told", full.stderr)


def folders(folder):
    inner = os.path.join(folder, "report")
    os.makedirs(inner)
    captures = [lab("c7_nft_reject_estab_c2s.client.pcap"), OTHER]
    for name, path in (("a.pcap", captures[0]), ("index.html", captures[1])):
        shutil.copyfile(path, os.path.join(inner, name))
    own = os.path.join(inner, "index.html")
    finished = run("analyze", "--html", inner, own)
    with open(own, "rb") as one, open(captures[1], "rb") as other:
        check(finished.returncode == 2 and one.read() == other.read(),
              "a folder: an input that has the name of its index is left alone",
              finished.stderr)
    os.unlink(own)
    os.link(os.path.join(inner, "a.pcap"),
            os.path.join(inner, "group-0001.html"))
    with open(own, "wb") as file:
        file.write(b"an old index")
    finished = run("analyze", "--html", inner,
                   os.path.join(inner, "group-0001.html"))
    with open(os.path.join(inner, "a.pcap"), "rb") as one, \
            open(captures[0], "rb") as other, open(own, "rb") as index:
        check(finished.returncode == 2 and one.read() == other.read() and
              index.read() == b"an old index" and
              b"/group-0001.html: it is also an input" in finished.stderr,
              "and one that has the name of a page: wrong usage, and nothing "
              "is touched", finished.stderr)
    os.unlink(own)
    os.unlink(os.path.join(inner, "group-0001.html"))
    for name in ("group-0001.html", "group-0064.html", "index.html"):
        with open(os.path.join(inner, name), "wb") as file:
            file.write(b"<title>holidays</title>")
        before = sorted(os.listdir(inner))
        finished = run("analyze", "--html", inner, *captures)
        with open(os.path.join(inner, name), "rb") as file:
            check(finished.returncode == 2 and
                  file.read() == b"<title>holidays</title>" and
                  f"{name}: it is no page of an earlier report".encode() in
                  finished.stderr,
                  f"{name} that is somebody's: wrong usage, and it is left "
                  "alone", (before, finished.stderr))
            check(sorted(os.listdir(inner)) == before,
                  "and a run that is refused leaves no empty index",
                  os.listdir(inner))
        os.unlink(os.path.join(inner, name))
    before = sorted(os.listdir(inner))
    finished = run("analyze", "--html", inner, __file__)
    check(finished.returncode == 1 and sorted(os.listdir(inner)) == before,
          "nor does one whose input is no capture", finished.stderr)
    finished = run("analyze", "--html", inner + "/", *captures)
    check(finished.returncode == 0, "a folder is written",
          finished.stderr)
    with open(own, "rb") as file:
        lines = data_of(file.read())
    links = [line for line in lines if isinstance(line, list) and
             line[0] == "h"]
    incidents = [line for line in lines if isinstance(line, list) and
                 line[0] == "i"]
    check(len(links) >= 2 and len(links) == len(os.listdir(inner)) - 2,
          "its index links to a page for each group", links)
    wrong = []
    for _, row, name in links:
        with open(os.path.join(inner, name), "rb") as file:
            page = data_of(file.read())
        told = next(line for line in page if isinstance(line, list) and
                    line[0] == "i")
        packets = sum(1 for line in page if isinstance(line, list) and
                      isinstance(line[0], int))
        total = next(line[1] for line in page if isinstance(line, list) and
                     line[0] == "e")
        if told[2] != incidents[row][2] or packets != total or \
                ["h", -1, "index.html"] not in page:
            wrong.append((name, told, packets, total))
    check(not wrong, "each page has its incident and all its packets", wrong)
    with open(os.path.join(inner, "group-0002x.html"), "w",
              encoding="utf-8") as file:
        file.write("theirs")
    before = sorted(os.listdir(inner))
    peaceful = os.path.join(folder, "peaceful.pcap")
    with open(peaceful, "wb") as file:
        file.write(craft.pcap(craft.handshake(("10.0.0.1", 40000),
                                              ("10.0.0.2", 22))))
    for capture, count in ((captures[0], 1), (peaceful, 0)):
        finished = run("analyze", "--html", inner, capture)
        stale = []
        for name in before:
            with open(os.path.join(inner, name), "rb") as file:
                text = file.read()
            if re.fullmatch(r"group-\d{4}\.html", name) and \
                    b"no group of this number" not in text:
                stale.append(name)
        check(finished.returncode == 0 and
              sorted(os.listdir(inner)) == before and
              stale == [f"group-{i + 1:04}.html" for i in range(count)],
              f"a later report of {count} groups replaces the pages of the "
              "earlier one, and deletes nothing", (stale, finished.stderr))
    with open(os.path.join(inner, "group-0002x.html"), "rb") as file:
        check(file.read() == b"theirs", "other files there are left alone")
    os.unlink(own)
    os.symlink("group-0001.html", own)
    finished = run("analyze", "--html", inner, captures[0])
    check(finished.returncode == 2 and
          b"writes there too" in finished.stderr,
          "an index that is a link to a page is told", finished.stderr)


def cut_capture(folder):
    capture = os.path.join(folder, "cut.pcap")
    with open(DEAD, "rb") as file, open(capture, "wb") as to:
        to.write(file.read()[:-100])
    finished, page = page_of("timeline", capture, folder=folder)
    check(data_of(page) is not None and finished.returncode == 1,
          "a capture that is cut off still makes a page", finished.stderr)


folder_ = tempfile.mkdtemp(prefix="culprit-html-")
try:
    for part in (policy_fits, blocks_of_all, packets_are_right,
                 lost_packets_are_those_of_the_ladder, ways_in_are_one,
                 outputs_keep_the_rules, compared, compare_outputs,
                 folders, cut_capture):
        part(folder_)
finally:
    shutil.rmtree(folder_, ignore_errors=True)
done()
