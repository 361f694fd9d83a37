#!/usr/bin/python3
"""Judges the committed recordings of the lab: the lab without root.

    golden.py PROGRAM [FOLDER]     judge them; prints TAP
    golden.py --together OTHER PROGRAM [FOLDER]    OTHER judges those of several
                                   places in one call
    golden.py --collect [FOLDER]   take them from build/lab/out
    golden.py --add PATTERN [FOLDER]       take these, and leave the others
    golden.py --truths [FOLDER]    write the tables' truth beside them again

The folder is tests/captures/lab. Collected are recordings of client, first
router and server, of scenarios whose recordings are small: every one in
IPv4, and in IPv6 those where the families differ most.
"""

import fnmatch
import json
import os
import shutil
import sys

import judge
import run
from run import ForkServer

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "captures", "lab")
OUT = os.path.join(HERE, "..", "..", "build", "lab", "out")

VANTAGES = ("client", "r1", "server")
LARGEST_BYTES = 24000
ALL_BYTES = 5000000
# In IPv6: those without IPv4's identification and DF to go by.
BOTH_FAMILIES = (
    "closed-port",
    "host-firewall-reset",
    "hole-",
    "nat-",
    "server-abort",
    "server-linger",
    "state-expired-",
    "syn-",
    "tap-",
    "true-mtu-",
)


def wanted(name):
    scenario, family = name.rsplit(".", 1)
    if "+" in scenario:  # a variation
        return False
    return family == "v4" or scenario.startswith(BOTH_FAMILIES)


def took_place(source):
    try:
        with open(f"{source}/result.json", encoding="utf-8") as file:
            return json.load(file) == ""
    except (OSError, ValueError):
        return False


def remove_own(folder):
    """Removes what an earlier collection wrote; other files may lie there."""
    if not os.path.isdir(folder):
        return
    for name in os.listdir(folder):
        if os.path.exists(f"{folder}/{name}/truth.json"):
            shutil.rmtree(f"{folder}/{name}")


def fits(name, pattern):
    """Whether a recording is of a scenario, or a theme, of that name."""
    with open(f"{OUT}/{name}/truth.json", encoding="utf-8") as file:
        theme = json.load(file)["theme"]
    return any(
        fnmatch.fnmatch(word, pattern)
        for word in (name, name.rsplit(".", 1)[0], theme)
    )


def collect(folder, pattern="*"):
    if pattern == "*":
        remove_own(folder)
    total = count = 0
    for name in sorted(os.listdir(OUT)):
        source = os.path.join(OUT, name)
        files = [f"{vantage}.pcapng" for vantage in VANTAGES] + ["truth.json"]
        if not wanted(name) or not took_place(source):
            continue
        size = sum(os.path.getsize(f"{source}/{file}") for file in files)
        if size > LARGEST_BYTES or total + size > ALL_BYTES:
            continue
        if not fits(name, pattern):
            continue
        shutil.rmtree(f"{folder}/{name}", ignore_errors=True)
        os.makedirs(f"{folder}/{name}")
        for file in files:
            shutil.copyfile(f"{source}/{file}", f"{folder}/{name}/{file}")
        total += size
        count += 1
    print(f"{count} scenarios, {total} bytes")
    return 0


def refresh_truths(folder):
    for job in run.load():
        truth_file = f"{folder}/{job.name}/truth.json"
        if os.path.exists(truth_file):
            run.refresh_truth(job, truth_file)
    return 0


def scenarios(folder):
    """(name, its truths) of each that has recordings."""
    for name in sorted(os.listdir(folder)):
        truth_file = f"{folder}/{name}/truth.json"
        if not os.path.exists(truth_file):
            continue
        with open(truth_file, encoding="utf-8") as file:
            yield name, json.load(file)


def judge_all(program, together, folder):
    number = failed = 0
    server = ForkServer(program)
    of_several = server if together == program else ForkServer(together)
    for name, truths in scenarios(folder):
        complaints = []
        verdicts = {}
        paths = {
            vantage: f"{folder}/{name}/{vantage}.pcapng"
            for vantage in VANTAGES
        }
        for vantage, path in paths.items():
            incidents = judge.analyze(server, path)
            verdict = judge.judge(truths["truth"][vantage], incidents)
            verdicts[vantage] = verdict
            if verdict.fails(vantage):
                complaints.append(f"{vantage}: {verdict.complaint}")
        for vantages in judge.TOGETHER:
            incidents = judge.analyze(
                of_several, *(paths[vantage] for vantage in vantages)
            )
            jointly = judge.judge_jointly(truths["truth"], incidents, vantages)
            complaint = judge.joint_complaint(verdicts, jointly, vantages)
            complaints += [complaint] if complaint else []
        number += 1
        failed += bool(complaints)
        word = "not ok" if complaints else "ok"
        print(f"{word} {number} - {name}: {truths['story']}")
        for text in complaints:
            print(f"#   {text}")
    print(f"{number - failed} passed, {failed} failed")
    return 1 if failed or not number else 0


def main(words):
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    together = ""
    if words[0] == "--together":
        together, words = words[1], words[2:]
    pattern = words.pop(1) if words[0] == "--add" else "*"
    folder = words[1] if len(words) > 1 else FOLDER
    if words[0] in ("--collect", "--add"):
        return collect(folder, pattern)
    if words[0] == "--truths":
        return refresh_truths(folder)
    program = os.path.abspath(words[0])
    return judge_all(program, os.path.abspath(together or program), folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
