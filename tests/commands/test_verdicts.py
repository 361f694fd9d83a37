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
import re
import sys
import threading

from fork_server import ForkServer

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PINNED = os.path.join(TOP, "tests", "verdicts.txt")
FOLDERS = ("tests/captures", "docs/examples")
ENDINGS = (".pcap", ".pcapng", ".pcapng.xz")
LOADED = threading.local()  # the program, once for each thread
# What a finding is about; its evidence and advice have lines of their own.
UNPINNED = {"type", "file", "target", "port", "finding", "grade", "evidence",
            "advice", "summary", "detail", "signature"}
# A finding's title in the text report, and the lists below the findings.
TITLE = re.compile(r"^  ([A-Z\"'].*?)   (?:certain|likely|possible|"
                   r"undetermined)", re.M)


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
    return (f"{row['finding']} | {row.get('grade', '-')} | "
            f"by {row['signature']} | {rest}")


def evidence(row):
    """The facts of a finding, with the frames and values that they rest on."""
    for one in row.get("evidence", ()):
        holds = {True: "yes", False: "no", None: "unknown"}[one.get("holds")]
        words = [f"{one['fact']} {holds}"]
        words += [f"#{one['frame']}"] if "frame" in one else []
        words += [f"against #{one['against']}"] if "against" in one else []
        words += [one["found"]] if "found" in one else []
        if one.get("expected") not in (None, one.get("found")):
            words += [f"where expected {one['expected']}"]
        yield ", ".join(words)


def hop(row):
    return (f"{row['ttl']} {row.get('address', '?')} "
            f"{row['lost']}/{row['sent']}")


def analysed(program, recording, *options):
    """By a program that each thread loads once."""
    if not hasattr(LOADED, "server"):
        LOADED.server = ForkServer(program)
    return LOADED.server.run("analyze", *options, recording, timeout=60)


def of_path(program, recording):
    """What the text report finds."""
    text = analysed(program, recording, "--color=never").stdout.decode()
    titles = TITLE.findall(text)
    yield "found: " + (" · ".join(titles) or "nothing")


def statement(row):
    """What is excluded, or not determined, and what shows it."""
    words = [row["question"], row.get("direction", "")]
    yield (f"{row['type']}: {' '.join(filter(None, words))} | "
           f"by {row['signature']}")
    yield from ("    " + text for text in evidence(row))


def verdicts(program, recording):
    """The lines of one recording."""
    done = analysed(program, recording, "--json")
    rows = [json.loads(text) for text in done.stdout.decode().splitlines()]
    lines = [recording]
    hops = [hop(row) for row in rows if row["type"] == "hop"]
    lines += ["    hops, lost of sent: " + " · ".join(hops)] if hops else []
    for row in rows:
        if row["type"] == "incident":
            lines.append("    " + incident(row))
        elif row["type"] == "finding":
            lines.append("    " + finding(row))
            lines += ["        " + text for text in evidence(row)]
            lines += [f"        do: {row['advice']}"] if "advice" in row else []
        elif row["type"] in ("excluded", "undetermined"):
            if row["signature"] != "not-tested":
                lines += ["    " + text for text in statement(row)]
        elif row["type"] == "cause" and row["state"] == "found":
            lines.append(f"    cause: {row['cause']} | {row['grade']} | by "
                         f"{row['signature']}")
        elif row["type"] == "summary" and row.get("flows"):
            lines.append(f"    {row['flows']} connections, "
                         f"{row['orderly']} orderly, "
                         f"{row['harmless_resets']} harmless resets")
    excluded = [row["cause"] for row in rows if row["type"] == "cause" and
                row["state"] == "excluded"]
    if excluded:
        lines.append(f"    causes excluded: {', '.join(excluded)}")
    if any("experiments" in row for row in rows):
        lines += ["    " + text for text in of_path(program, recording)]
    if done.returncode:
        lines.append(f"    exit status {done.returncode}")
    return lines


def main(arguments):
    is_update = arguments[:1] == ["--update"]
    program = os.path.abspath(arguments[-1])
    os.chdir(TOP)  # recordings are named from there
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
