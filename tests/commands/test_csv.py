#!/usr/bin/env python3
"""Incidents and findings as comma separated values are those of the JSON.

    test_csv.py PROGRAM
"""
import csv
import io
import json

import craft
from tap import check, done, probe_recordings, run, run_often, some_captures


def member(record, path):
    """`connection.server_ip` of a record, as CSV writes it."""
    for name in path.split("."):
        record = record.get(name, "") if record != "" else ""
    return {True: "true", False: ""}.get(record, record) \
        if isinstance(record, bool) else record


def is_same(text, value):
    if isinstance(value, float):
        return float(text) == value
    text = text[1:] if text[:1] == "'" else text
    return text == str(value)


def compare(paths, kind):
    """Fields that differ, how many lines there are, and the filled columns."""
    wrong, lines, filled = [], 0, set()
    for path in paths:
        records = [one for one in map(json.loads, run_often(
            "analyze", "--json", path).stdout.splitlines())
            if one["type"] == kind]
        rows = list(csv.DictReader(io.StringIO(run_often(
            "analyze", "--csv", path).stdout.decode(), newline="")))
        lines += len(rows)
        if len(rows) != len(records):
            wrong.append((path, len(rows), len(records)))
        for row, record in zip(rows, records):
            filled |= {name for name, text in row.items() if text}
            wrong += [(path, name, text, member(record, name))
                      for name, text in row.items()
                      if not is_same(text, member(record, name))]
    return wrong, lines, filled


wrong, lines, filled = compare(some_captures(150), "incident")
check(lines > 100 and {"hop", "wire_text", "idle_s", "mtu.passed",
                       "pattern"} <= filled and not wrong,
      f"{lines} incidents are in CSV what they are in JSON",
      "\n".join(map(str, [lines, filled, *wrong])))
wrong, lines, filled = compare(probe_recordings(), "finding")
check(lines > 5 and {"mtu", "state", "advice"} <= filled and not wrong,
      f"{lines} findings are in CSV what they are in JSON",
      "\n".join(map(str, [lines, filled, *wrong])))

# what a server says is no formula, and stays in its field
SAID = b'=HYPERLINK("http://192.0.2.9","a,b")\r\n@1'
client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
frames = craft.handshake(client, server)
frames.append((1700000001, 0, craft.tcp(
    server, client, craft.RST | craft.ACK, seq=5001, ack=1001, ttl=54,
    payload=SAID)))
rows = list(csv.DictReader(io.StringIO(run(
    "analyze", "--csv", "-", stdin=craft.pcap(frames)).stdout.decode(),
    newline="")))
check([row["wire_text"] for row in rows] ==
      ["'=HYPERLINK(\"http://192.0.2.9\",\"a,b\")\\x0d\\x0a@1"] and
      all(None not in row and None not in row.values() for row in rows),
      "what a server says is no formula, and stays in its field", rows)
refused = run("probe", "--dry-run", "--csv", "192.0.2.1")
check(refused.returncode == 2 and b"--csv" in refused.stderr and
      not refused.stdout, "what a probe would send has no CSV", refused)
done()
