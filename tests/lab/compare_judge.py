"""Holds culprit compare to tests/lab/compare.list: what it calls certain.

Everything on the list that two recordings prove has to be told as certain;
nothing that is told as certain may be missing from the list, whatever its
grade there: the list has every packet that one point has and the other lacks.
"""

import collections
import json
import os

import compare_list

WORDS = {"arrived": "passed"}
FIN, SYN, RST, ACK = 1, 2, 4, 16

Found = collections.namedtuple("Found", "certain doubtful sides summary")


def listed():
    """{(scenario, points): {(what, packet, way, between): (count, grade)}}"""
    lines = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(compare_list.LIST, encoding="utf-8") as file:
        for line in file:
            name, points, what, packet, way, between, count, grade = \
                line.split()
            lines[name, tuple(points.split(","))][
                what, packet, way, between].append((int(count), grade))
    return lines


def packet_word(row):
    flags = row["tcp_flags"]
    if flags & RST:
        return "RST"
    if flags & SYN:
        return "SYN-ACK" if flags & ACK else "SYN"
    if row["payload_bytes"]:
        return "data"
    return "FIN" if flags & FIN else "ACK"


def lane(name):
    return name.replace(":", ".")


def found(output):
    """What a run of `compare --json` says, as the list does."""
    certain, doubtful = collections.Counter(), collections.Counter()
    sides, summary = [], {}
    for line in output.splitlines():
        row = json.loads(line)
        if row["type"] == "side":
            sides.append(row)
        if row["type"] == "comparison":
            summary = row
        if row["type"] != "outcome":
            continue
        key = (WORDS.get(row["outcome"], row["outcome"]), packet_word(row),
               row["direction"], f"{lane(row['after'])}.."
               f"{lane(row['before'])}")
        (certain if row["grade"] == "certain" else doubtful)[key] += 1
    return Found(certain, doubtful, sides, summary)


def files(folder, name, points):
    return [os.path.join(folder, name, f"{point}.pcapng") for point in points]


def missing(lines, told):
    """Lines of the list that are certain, and are not told as certain."""
    for key, entries in sorted(lines.items()):
        wanted = sum(count for count, grade in entries if grade == "certain")
        # of several copies one may be at the edge of a recording: whether
        # it was on then, clocks that are not one do not tell
        if told.certain[key] < max(wanted - 1, min(wanted, 1)):
            yield f"{' '.join(key)}: {told.certain[key]} of {wanted}"


def wrong(lines, told):
    """What is told as certain, and is not so."""
    for key, count in sorted(told.certain.items()):
        if key[0] not in ("lost", "never-sent"):
            continue
        true = sum(number for number, _ in lines.get(key, ()))
        if count > true:
            yield f"{' '.join(key)}: {count}, truly {true}"


def doubtful(lines, told):
    """What is told as likely or possible, and is not so."""
    for key, count in sorted(told.doubtful.items()):
        if key[0] not in ("lost", "never-sent"):
            continue
        true = sum(number for number, _ in lines.get(key, ()))
        if count + told.certain[key] > true:
            yield f"{' '.join(key)}: {count}, truly {true}"


def truths(folder, name):
    """What may be said of the scenario, from wherever."""
    with open(os.path.join(folder, name, "truth.json"),
              encoding="utf-8") as file:
        truth = json.load(file)["truth"]
    return [tuple(reading) for place in truth.values()
            for reading in place["right"]]


def fits(reading, told):
    return all(want in ("*", got) for want, got in zip(reading, told))


def wrong_incidents(folder, name, output):
    """Incidents that are called certain, and are none of the readings."""
    right = truths(folder, name)
    for line in output.splitlines():
        row = json.loads(line)
        if row["type"] != "incident" or row["grade"] != "certain" or \
                row["mechanism"] == "orderly":
            continue
        told = (row["mechanism"], row["sender"], row["culprit"])
        if not any(fits(reading, told) for reading in right):
            yield f"incident {' '.join(told)}"
