#!/usr/bin/python3
"""Judges the committed recordings of the lab as filters leave them that people
record with: what is missing may leave the cause open, and accuses nobody else.

    filtered.py PROGRAM [FOLDER]     prints TAP

The folder is tests/captures/lab.
"""

import json
import os
import sys

import golden
import judge
from run import ForkServer

CLIENT = "net 10.77.1.0/24 or {} net fd77:1::/64"
FLAGS = "tcp[13] & {} != 0 or (ip6[6] = 6 and ip6[53] & {} != 0)"
FILTERS = {
    "SYN, FIN and RST": FLAGS.format(7, 7),
    "RST": FLAGS.format(4, 4),
    "what the client sends": "src " + CLIENT.format("src"),
    "what the client gets": "dst " + CLIENT.format("dst"),
}


def recordings(folder):
    """(name, path, truth) of each."""
    for name in sorted(os.listdir(folder)):
        truth_file = f"{folder}/{name}/truth.json"
        if not os.path.exists(truth_file):
            continue
        with open(truth_file, encoding="utf-8") as file:
            truths = json.load(file)["truth"]
        for vantage in golden.VANTAGES:
            path = f"{folder}/{name}/{vantage}.pcapng"
            yield f"{name} {vantage}", path, truths[vantage]


def accused(server, expression, folder):
    """What is said wrongly, and for sure."""
    for name, path, truth in recordings(folder):
        incidents = judge.analyze(server, f"--filter={expression}", path)
        verdict = judge.judge(truth, incidents)
        if verdict.grade in judge.SURE and not verdict.good:
            yield f"{name}: {verdict.complaint}"


def main(words):
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    server = ForkServer(os.path.abspath(words[0]))
    folder = words[1] if len(words) > 1 else golden.FOLDER
    if not list(recordings(folder)):
        print(f"not ok 1 - no recordings in {folder}")
        return 1
    failed = 0
    for number, (what, expression) in enumerate(FILTERS.items(), 1):
        complaints = list(accused(server, expression, folder))
        failed += bool(complaints)
        word = "not ok" if complaints else "ok"
        print(f"{word} {number} - recordings of {what} accuse nobody wrongly")
        for text in complaints:
            print(f"#   {text}")
    print(f"1..{len(FILTERS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
