#!/usr/bin/env python3
"""Compares a report with the resets that were planted in its capture.

  truth.py TRUTH < JSON     prints one line; exit 1 when something is wrong

Wrong is: a planted reset told with another culprit (unless several are named as
level, and the right one is among them), a verdict that no reset was
planted for, a cause of SSH (none is planted), and counts that don't add up. A
planted reset that is not told is missing, and wrong unless it counts as
unjudged.
"""
import collections
import json
import sys


def read_truth(path):
    """Frame to culprit."""
    with open(path, encoding="ascii") as lines:
        return {int(frame): who
                for frame, who, _ in map(str.split, lines)}


def is_one_of_several(incident, who):
    """Whether several readings are level, and that is a later one."""
    return (incident["grade"] == "possible" and incident["culprit"] != who and
            any(other["culprit"] == who for other in incident["also"]))


def compare(truth, lines):
    """What is wrong, and how many of what there was."""
    told, summary, found = set(), {}, collections.Counter()
    for line in lines:
        if line.startswith('{"type":"incident"'):
            incident = json.loads(line)
            who = truth.get(incident.get("frame"))
            if incident["mechanism"].startswith("ssh-"):
                found["of SSH"] += 1
            if who is None:
                found["not planted"] += 1
            elif is_one_of_several(incident, who):
                found["as one of several"] += 1
            elif incident["culprit"] != who:
                found["blaming another"] += 1
            else:
                told.add(incident["frame"])
        elif line.startswith('{"type":"summary"'):
            summary = json.loads(line)
    found["told"] = len(told)
    found["planted"] = len(truth)
    for name in ("resets_seen", "told_resets", "harmless_resets",
                 "unjudged_resets"):
        found[name] = summary.get(name, -1)
    return found, summary


def problems(found, summary):
    wrong = [f"{found[name]} {name}"
             for name in ("of SSH", "not planted", "blaming another")
             if found[name]]
    if found["resets_seen"] != found["planted"]:
        wrong.append(f"{found['resets_seen']} resets seen")
    if found["resets_seen"] != (found["told_resets"] +
                                found["harmless_resets"] +
                                found["unjudged_resets"]):
        wrong.append("resets told, harmless and unjudged are not those seen")
    if found["harmless_resets"]:
        wrong.append(f"{found['harmless_resets']} called harmless")
    if found["told"] + found["as one of several"] != found["told_resets"]:
        wrong.append(f"{found['told_resets']} counted as told")
    if summary.get("complete") and found["unjudged_resets"]:
        wrong.append(f"complete is {summary.get('complete')}")
    return wrong


def main():
    found, summary = compare(read_truth(sys.argv[1]), sys.stdin)
    wrong = problems(found, summary)
    print(f"{found['told']} of {found['planted']} planted resets told, "
          f"{found['as one of several']} as one of several, "
          f"{found['unjudged_resets']} unjudged"
          + "".join("; " + one for one in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
