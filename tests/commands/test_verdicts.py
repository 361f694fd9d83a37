#!/usr/bin/env python3
"""The verdicts of all committed recordings, pinned in tests/verdicts.txt.

    test_verdicts.py CULPRIT            prints what differs; fails on any difference
    test_verdicts.py --update CULPRIT   writes the file anew (`make verdicts`)

A change of the file is read in review: each line that changes is a verdict
that changed, and the commit that changes it says why.
"""
import concurrent.futures
import difflib
import json
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PINNED = os.path.join(TOP, "tests", "verdicts.txt")
FOLDERS = ("tests/captures", "docs/examples")
ENDINGS = (".pcap", ".pcapng", ".pcapng.xz")
# What a finding is about; evidence and advice are not pinned.
UNPINNED = {"type", "file", "target", "port", "finding", "grade", "evidence",
            "advice", "summary", "detail"}


def recordings():
    """All committed recordings, as paths from the top of the project."""
    found = []
    for top in FOLDERS:
        for folder, _, names in os.walk(os.path.join(TOP, top)):
            found += [os.path.relpath(os.path.join(folder, name), TOP)
                      for name in names if name.endswith(ENDINGS)]
    return sorted(found)


def incident(row):
    also = ",".join(sorted(f"{other['mechanism']}/{other['culprit']}"
                           for other in row.get("also", ())))
    undecided = ",".join(sorted(one["fact"]
                                for one in row.get("undecided", ())))
    outranked = ",".join(sorted(row.get("outranked", ())))
    words = [f"#{row['frame']}", row["mechanism"], row.get("grade", "-"),
             f"sender {row['sender']}", f"culprit {row['culprit']}",
             f"by {row.get('signature', '-')}"]
    words += [f"hop {row['hop']}"] if "hop" in row else []
    words += [f"also {also}"] if also else []
    words += [f"undecided {undecided}"] if undecided else []
    words += [f"outranks {outranked}"] if outranked else []
    return " | ".join(words)


def finding(row):
    rest = " ".join(f"{key}={row[key]}" for key in sorted(row)
                    if key not in UNPINNED)
    return f"{row['finding']} | {row.get('grade', '-')} | {rest}"


def verdicts(program, recording):
    """The lines of one recording."""
    done = subprocess.run([program, "analyze", "--json", recording], cwd=TOP,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, check=False)
    lines = [recording]
    for text in done.stdout.decode().splitlines():
        row = json.loads(text)
        if row["type"] == "incident":
            lines.append("    " + incident(row))
        elif row["type"] == "finding":
            lines.append("    " + finding(row))
        elif row["type"] == "summary" and row.get("flows"):
            lines.append(f"    {row['flows']} connections, "
                         f"{row['orderly']} orderly, "
                         f"{row['harmless_resets']} harmless resets")
    if done.returncode:
        lines.append(f"    exit status {done.returncode}")
    return lines


def main(arguments):
    is_update = arguments[:1] == ["--update"]
    program = os.path.abspath(arguments[-1])
    names = recordings()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = pool.map(lambda name: verdicts(program, name), names)
        now = [line + "\n" for lines in rows for line in lines]
    if is_update:
        with open(PINNED, "w", encoding="utf-8") as file:
            file.writelines(now)
        return 0
    with open(PINNED, encoding="utf-8") as file:
        pinned = file.readlines()
    changes = list(difflib.unified_diff(pinned, now, "pinned", "now", n=2))
    sys.stdout.writelines("# " + line for line in changes)
    print(f"{'not ok' if changes else 'ok'} 1 - {len(names)} recordings are "
          "judged as pinned")
    return 1 if changes else 0


sys.exit(main(sys.argv[1:]))
