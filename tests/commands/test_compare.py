#!/usr/bin/env python3
"""culprit compare: captures of the same traffic from several places.

All recordings of the lab in all variants are for `make compare-lab`; here are
some of each, and what users do.
"""
import json
import os
import shutil
import sys
import tempfile

import craft
from tap import LAB, PROGRAM, TOP, check, done, lab, run, run_often

sys.path += [os.path.join(TOP, "tests", "lab"),
             os.path.join(TOP, "tests", "tools")]
import compare_lab  # noqa: E402
import compare_list  # noqa: E402
from recapture import recapture  # noqa: E402

FORGED = ("tap-single.v4", "client", "server")
DROPPED = ("state-expired-drop.v4", "client", "server")


def files(scenario, *points):
    return [lab(f"{scenario}/{point}.pcapng") for point in points]


def rows(*arguments):
    finished = run_often("compare", "--json", *arguments)
    return ([json.loads(line) for line in finished.stdout.splitlines()],
            finished)


def of_type(found, word):
    return [row for row in found if row["type"] == word]


def remade(folder, name, source, **changes):
    path = os.path.join(folder, name)
    with open(source, "rb") as file:
        data = file.read()
    with open(path, "wb") as file:
        file.write(recapture(data, **changes))
    return path


def the_list_stands():
    with open(compare_list.LIST, encoding="utf-8") as file:
        written = file.read().splitlines()
    worked_out = list(compare_list.lines())
    check(written == worked_out,
          "the list is what its rules make of the recordings",
          [line for line in worked_out if line not in written][:5])


def some_of_the_lab():
    names = compare_lab.scenarios()
    for word, step in (("as recorded", 8), ("all of it", 19),
                       ("a NAT between", 31)):
        variant = compare_lab.VARIANTS[word]
        tally = compare_lab.judge(run_often, variant, names[::step], seed=7)
        lines = compare_lab.untold(tally, dict(variant, loss=0)) \
            if not variant.get("loss") else []
        check(tally.demanded > 20 and not lines,
              f"{word}: what is certain is told", "\n".join(lines))
        check(not tally.wrong, f"{word}: nothing else is called certain",
              "\n".join(tally.wrong))


def forged_and_lost():
    found, _ = rows(*files(*FORGED))
    resets = of_type(found, "outcome")
    check(len(resets) == 2 and all(
        row["outcome"] == "never-sent" and row["grade"] == "certain" and
        row["after"] == "client" and row["before"] == "server"
        for row in resets), "a reset that nobody sent is forged", resets)
    side = of_type(found, "side")[0]
    check((side["after"], side["before"], side["grade"]) ==
          ("client", "server", "certain"),
          "the side of the culprit is told with the incident", side)
    found, _ = rows(*files(*DROPPED))
    lost = [row for row in of_type(found, "outcome")
            if row["outcome"] == "lost"]
    check(len(lost) >= 5 and all(row["grade"] == "certain" for row in lost),
          "segments that never arrive are lost", lost)


def changed():
    found, _ = rows(*files("window-scale-zeroed.v4", "client", "server"))
    changes = {row["field"]: (row["from"], row["to"])
               for row in of_type(found, "change")}
    check(changes == {"window-scale": (10, 0)},
          "a window scale that a device writes anew is told", changes)
    found, _ = rows(*files("nat-port-kept.v4", "client", "server"))
    changes = {row["field"]: (row["from"], row["to"])
               for row in of_type(found, "change")}
    check(changes["source"] == ("10.77.1.2:40001", "10.77.2.1:40001") and
          changes["target"] == ("10.77.2.1:40001", "10.77.1.2:40001"),
          "so are addresses", changes)


def recorder_misses(folder):
    """What is acknowledged arrived: one packet cut out of a whole recording."""
    client, server = files("orderly-close.v4", "client", "server")
    found, _ = rows(client, server)
    check(not of_type(found, "outcome"), "nothing is lost in a whole recording",
          of_type(found, "outcome"))
    claims = []
    for seed in range(30):
        other = remade(folder, "server.pcapng", server, loss=8, seed=seed)
        found, _ = rows(client, other)
        claims += [row for row in of_type(found, "outcome")
                   if row["outcome"] in ("lost", "never-sent") and
                   row["grade"] == "certain"]
    check(not claims, "what a recorder missed is not called lost or forged",
          claims[:3])


def clocks(folder):
    client, server = files(*FORGED)
    for clock_s, skew_ppm in ((100, 0), (-100, 100)):
        other = remade(folder, "server.pcapng", server, clock_s=clock_s,
                       skew_ppm=skew_ppm)
        found, _ = rows(client, other)
        point = of_type(found, "capture_point")[1]
        check(abs(point["clock_offset_s"] - clock_s) < 0.01 and
              len(of_type(found, "outcome")) == 2,
              f"a clock {clock_s} s off hides nothing", point)


def orders(folder):
    client, server = files(*FORGED)
    plain = run("compare", client, server).stdout.decode()
    turned = run("compare", server, client).stdout.decode()
    check("order is turned" in turned and "order is turned" not in plain and
          "client                       server" in turned,
          "files in the wrong order are noticed", turned)
    check(run("compare", client, server).stdout.decode() == plain,
          "the same files give the same report")
    copy = shutil.copy(client, os.path.join(folder, "copy.pcapng"))
    said = run("compare", client, copy).stdout.decode()
    check("copies of one recording" in said, "a copy is no second place", said)
    link = os.path.join(folder, "link.pcapng")
    os.symlink(client, link)
    finished = run("compare", client, link)
    check(finished.returncode == 2 and b"one file" in finished.stderr,
          "a file that is named twice is refused", finished.stderr)
    said = run("compare", *files(*DROPPED)[:1], server).stdout.decode()
    check("no connection in common" in said and "do not overlap" in said,
          "files of other times are told so", said)
    finished = run("compare", client)
    check(finished.returncode == 2 and b"two places" in finished.stderr,
          "one file is too few", finished.stderr)


def names_and_words(folder):
    client, server = files(*FORGED)
    found, _ = rows("--at", f"near={client}", "--at", f"far={server}")
    check([row["name"] for row in of_type(found, "capture_point")] ==
          ["near", "far"], "--at names the places", found[:2])
    for words, code in (("never-sent", 3), ("lost", 0), ("changed", 0),
                        ("lost,injected", 3), ("nonsense", 2)):
        check(run_often("compare", "-q", "--fail-on", words, client,
                        server).returncode == code,
              f"--fail-on {words} exits {code}")
    quiet = run("compare", "-q", client, server).stdout.decode()
    check(len(quiet.splitlines()) == 2 and "FORGED RESET" in quiet,
          "-q is one line for each finding", quiet)
    path = os.path.join(folder, "out.json")
    run("compare", "-o", path, client, server)
    with open(path, encoding="utf-8") as file:
        kinds = {json.loads(line)["type"] for line in file}
    check({"capture_point", "span", "outcome", "side", "comparison",
           "incident", "summary"} <= kinds, "-o FILE.json is JSON", kinds)


def path_of_three():
    found, _ = rows(*files(DROPPED[0], "client", "r1", "server"))
    lost = {(row["after"], row["before"]) for row in of_type(found, "outcome")
            if row["outcome"] == "lost"}
    check(lost == {("r1:2", "r1:3")},
          "of three places the one that drops is told, inside a router", lost)


def hostile(folder):
    """Cut and damaged files end in a report, and never in a signal."""
    client, server = files(*DROPPED)
    with open(server, "rb") as file:
        data = file.read()
    codes = set()
    for cut in range(0, len(data), 97):
        path = os.path.join(folder, "cut.pcapng")
        with open(path, "wb") as file:
            file.write(data[:cut])
        codes.add(run_often("compare", "--json", client, path).returncode)
    for place in range(0, len(data), 53):
        path = os.path.join(folder, "bit.pcapng")
        with open(path, "wb") as file:
            file.write(data[:place] + bytes([data[place] ^ 1 << place % 8]) +
                       data[place + 1:])
        codes.add(run_often("compare", client, path).returncode)
    check(codes <= {0, 1, 2}, "damaged files are reported", codes)


def little_memory():
    client, server = files(*DROPPED)
    finished = run("compare", "--memory", "32M", client, server)
    check(finished.returncode == 0 and b"LOST" in finished.stdout and
          finished.stdout == run("compare", client, server).stdout,
          "little memory is enough for little", finished.stdout)


def written(folder, name, frames):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(craft.pcap([
            (1700000000, int(at * 1e9), frame) for at, frame in frames]))
    return path


def common_numbers(folder):
    """Numbers that many connections have pair none of them."""
    near = [(i / 10000, craft.tcp(
        ("10.0.0.1", 1000 + i), ("10.0.0.2", 80), 0x10, seq=5, ack=5, ttl=64))
        for i in range(3000)]
    far = [(at + 0.005, craft.tcp(
        ("10.0.0.1", 1000 + i), ("10.0.0.2", 80), 0x10, seq=5, ack=5, ttl=63))
        for i, (at, _) in enumerate(near) if i % 3]
    found, _ = rows(written(folder, "n.pcap", near), written(folder, "f.pcap", far))
    check(not of_type(found, "change"),
          "numbers that many connections have pair none of them",
          of_type(found, "change")[:3])


def sent_again_in_pieces(folder):
    """What is too large for the path is lost, though its bytes arrive later in
    smaller segments; the twin, acknowledged before those, was not recorded."""
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 80)

    def both(frames, at, source, target, *words, ttl=64, is_lost=False, **more):
        packet = craft.tcp(source, target, *words, ttl=ttl, **more)
        there = craft.tcp(source, target, *words, ttl=ttl - 1, **more)
        is_forward = source == client
        sides = (packet, there) if is_forward else (there, packet)
        for side, frame, is_absent in zip(frames, sides, (False, is_lost)):
            if not is_absent:
                side.append((at, frame))

    for is_early, expected in ((False, "lost"), (True, "not-recorded")):
        frames = ([], [])
        both(frames, 0, client, server, 2, seq=1000)
        both(frames, 0.01, server, client, 0x12, seq=9000, ack=1001)
        both(frames, 0.02, client, server, 0x10, seq=1001, ack=9001)
        both(frames, 0.03, client, server, 0x18, seq=1001, ack=9001,
             payload=b"x" * 1400, is_lost=True)
        if is_early:
            both(frames, 0.04, server, client, 0x10, seq=9001, ack=2401)
        both(frames, 0.5, client, server, 0x18, seq=1001, ack=9001,
             payload=b"x" * 700)
        both(frames, 0.51, client, server, 0x18, seq=1701, ack=9001,
             payload=b"x" * 700)
        both(frames, 0.52, server, client, 0x10, seq=9001, ack=2401)
        found, _ = rows(written(folder, "n.pcap", frames[0]),
                        written(folder, "f.pcap", frames[1]))
        said = [row["outcome"] for row in of_type(found, "outcome")
                if row["payload_bytes"] == 1400]
        check(said == [expected],
              f"a large segment whose bytes came in pieces: {expected}",
              found)


assert os.path.isdir(LAB) and PROGRAM
with tempfile.TemporaryDirectory() as temporary:
    the_list_stands()
    forged_and_lost()
    changed()
    path_of_three()
    recorder_misses(temporary)
    clocks(temporary)
    orders(temporary)
    names_and_words(temporary)
    hostile(temporary)
    little_memory()
    common_numbers(temporary)
    sent_again_in_pieces(temporary)
    some_of_the_lab()
done()
