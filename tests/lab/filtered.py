#!/usr/bin/python3
"""Judges the committed recordings of the lab as filters leave them that people
record with: what is missing may leave the cause open, and accuses nobody else.

    filtered.py PROGRAM [FOLDER]     prints TAP

The folder is tests/captures/lab.
"""

import os
import sys

import golden
import judge
from run import ForkServer

CLIENT = "net 10.77.1.0/24 or {} net fd77:1::/64"
FLAGS = "tcp[13] & {} != 0 or (ip6[6] = 6 and ip6[53] & {} != 0)"
# What a recorder lets through, and in how many recordings the truth is named
# then (counted when this was written).
FILTERS = {
    "SYN, FIN and RST": (FLAGS.format(7, 7), 169),
    "RST": (FLAGS.format(4, 4), 173),
    "what the client sends": ("src " + CLIENT.format("src"), 74),
    "what the client gets": ("dst " + CLIENT.format("dst"), 161),
}


def recordings(folder):
    """(name, path, truth) of each."""
    for name, truths in golden.scenarios(folder):
        for vantage in golden.VANTAGES:
            path = f"{folder}/{name}/{vantage}.pcapng"
            yield f"{name} {vantage}", path, truths["truth"][vantage]


def verdicts(server, expression, folder):
    """(name, verdict) of each recording, so filtered."""
    for name, path, truth in recordings(folder):
        incidents = judge.analyze(server, f"--filter={expression}", path)
        yield name, judge.judge(truth, incidents)


def main(words):
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    server = ForkServer(os.path.abspath(words[0]))
    folder = words[1] if len(words) > 1 else golden.FOLDER
    failed = number = 0
    for what, (expression, least) in FILTERS.items():
        judged = list(verdicts(server, expression, folder))
        accused = [
            f"{name}: {verdict.complaint}"
            for name, verdict in judged
            if verdict.grade in judge.SURE and not verdict.good
        ]
        named = sum(
            verdict.outcome in (judge.DECIDED, judge.NAMED)
            for _, verdict in judged
        )
        for holds, text, details in (
            (not accused, "accuse nobody wrongly", accused),
            (named >= least, f"name the truth, {least} of them at least",
             [f"{named} of {len(judged)}"]),
        ):
            number += 1
            failed += not holds
            word = "ok" if holds else "not ok"
            print(f"{word} {number} - recordings of {what} {text}")
            for detail in () if holds else details:
                print(f"#   {detail}")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
