#!/usr/bin/env python3
"""The files of --lake: each record stands in that of its hour, has the fields
that docs/lake.md describes, and is read by DuckDB and SQLite."""
import datetime
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile

from tap import TOP, check, done, lab, run, run_often, skip, some_captures

REFUSED = lab("c1_closed_port.client.pcap")
REFUSED_PORT = struct.pack(">H", 36844)  # of the client in it


def hours_of(paths):
    return {re.search(r"-(\d{4}-\d\d-\d\dT\d\d)\.ndjson$", path)[1]
            for path in paths}


def hour(time_):
    moment = datetime.datetime.fromtimestamp(int(time_.partition(".")[0]),
                                             datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H")


def write_days(path):
    """A capture of a second, again and again by other clients: after hours, on
    another day, and, since the clock steps back, in the first hour."""
    with open(REFUSED, "rb") as file:
        raw = file.read()
    with open(path, "wb") as file:
        file.write(raw[:24])
        for number, hours in enumerate((0, 3, 26, 0)):
            at = 24
            while at < len(raw):
                seconds, fraction, size, wire = struct.unpack(
                    "<IIII", raw[at:at + 16])
                file.write(struct.pack("<IIII", seconds + 3600 * hours,
                                       fraction, size, wire))
                file.write(raw[at + 16:at + 16 + size].replace(
                    REFUSED_PORT, struct.pack(">H", 40000 + number)))
                at += 16 + size


def files_of(folder, kind):
    return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                  if f"-{kind}-" in name)


def lines_of(paths):
    found = []
    for path in paths:
        with open(path, "rb") as file:
            found += file.read().splitlines()
    return found


def documented():
    """{table: {field: type}} of docs/lake.md"""
    with open(os.path.join(TOP, "docs", "lake.md"), encoding="utf-8") as file:
        text = file.read()
    tables = {}
    for name, start in (("incident", "An incident:"), ("flow",
                                                       "A connection:")):
        rows = text.partition(start)[2].partition("\n\n")[2] \
            .partition("\n\n")[0]
        tables[name] = {field: row.split("|")[2].strip()
                        for row in rows.splitlines()[2:]
                        for field in re.findall(r"`(\w+)`", row.split("|")[1])}
    return tables


TYPES = {"string": str, "integer": int, "number": (int, float),
         "boolean": bool, "object": dict, "array of objects": list,
         "array of strings": list}


def undocumented(lines):
    tables = documented()
    wrong = set()
    for line in lines:
        record = json.loads(line)
        fields = tables[record["type"]]
        for field, value in record.items():
            kind = fields.get(field)
            if kind is None or (kind and not isinstance(value, TYPES[kind])):
                wrong.add((record["type"], field, kind))
    return wrong


def test_hours():
    with tempfile.TemporaryDirectory() as folder:
        capture = os.path.join(folder, "days.pcap")
        lake = os.path.join(folder, "lake")
        os.mkdir(lake)
        write_days(capture)
        prefix = os.path.join(lake, "100%sure")
        report = run("analyze", "--json", "--all-flows", f"--lake={prefix}",
                     capture)
        by_type = {kind: [line for line in report.stdout.splitlines()
                          if line.startswith(f'{{"type":"{kind}"'.encode())]
                   for kind in ("incident", "flow")}
        paths = {kind: files_of(lake, kind + "s") for kind in by_type}
        check(report.returncode == 0 and len(paths["incident"]) == 3 and
              all(sorted(lines_of(paths[kind])) == sorted(by_type[kind])
                  for kind in by_type),
              "each record of the report is in the lake once",
              (report, paths))
        wrong = [path for kind, field in (("incident", "time"),
                                          ("flow", "first_time"))
                 for path in paths[kind] for line in lines_of([path])
                 if hour(json.loads(line)[field]) not in hours_of([path])]
        check(not wrong, "in the file of its hour of UTC", wrong)
        part = capture + ".part"
        run("analyze", "--partial", part, capture)
        before = lines_of(paths["incident"])
        again = run("merge", "-q", "--all-flows", f"--lake={prefix}", part,
                    env={"TZ": "Asia/Tokyo"})
        check(again.returncode == 0 and
              lines_of(files_of(lake, "incidents")) == before,
              "a second run replaces the files, in whatever time zone", again)
        victim = paths["incident"][0]
        os.unlink(victim)
        os.link(part, victim)
        refused = run("merge", "-q", f"--lake={prefix}", part)
        with open(part, "rb") as file:
            is_left = len(file.read()) == os.path.getsize(part) > 0
        check(refused.returncode == 2 and is_left and
              b"--lake" in refused.stderr,
              "a file of the lake is never an input", refused)
        os.unlink(victim)
        missing = run("analyze", "-q", f"--lake={folder}/none/x", capture)
        check(missing.returncode == 2 and b"--lake" in missing.stderr,
              "a folder that is not there is told", missing)
        os.rename(paths["incident"][1], victim)
        duckdb(lake, len(lines_of(files_of(lake, "incidents"))))
        sqlite(folder, lines_of(files_of(lake, "incidents")))


def test_schema():
    """Of the incidents of many captures."""
    lines = []
    for path in some_captures(60):
        lines += [line for line in run_often(
            "analyze", "--json", "--all-flows", path).stdout.splitlines()
            if line.startswith((b'{"type":"incident"', b'{"type":"flow"'))]
    wrong = undocumented(lines)
    check(len(lines) > 60 and not wrong,
          "docs/lake.md has the fields and types of all records", wrong)


DUCKDB = """
const { DuckDBInstance } = require('@duckdb/node-api');
(async () => {
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  for (const statement of process.argv[1].split(';'))
    if (statement.trim()) var last = await db.runAndReadAll(statement);
  console.log(JSON.stringify(last.getRowsJson()));
})().catch(error => { console.error(error.message); process.exit(1); });
"""


def duckdb(lake, count):
    """The statements of docs/lake.md, by DuckDB's module for Node.js
    (NODE_PATH says where it is) if it is there."""
    has_node = shutil.which("node") and subprocess.run(
        ["node", "-e", "require('@duckdb/node-api')"], capture_output=True,
        check=False).returncode == 0
    if not has_node:
        skip("DuckDB", "its module for Node.js, @duckdb/node-api, is not "
             "installed")
        return
    with open(os.path.join(TOP, "docs", "lake.md"), encoding="utf-8") as file:
        statements = file.read().partition("### DuckDB")[2] \
            .partition("```sql\n")[2].partition("```")[0]
    statements = statements.replace("'lake/", f"'{lake}/")
    ended = subprocess.run(["node", "-e", DUCKDB, statements],
                           capture_output=True, check=False)
    rows = json.loads(ended.stdout or b"[]")
    check(ended.returncode == 0 and
          sum(int(row[-1]) for row in rows) == count,
          "DuckDB reads the files by the statements of docs/lake.md", ended)


def sqlite(folder, lines):
    """The command of docs/lake.md."""
    with open(os.path.join(TOP, "docs", "lake.md"), encoding="utf-8") as file:
        command = file.read().partition("### SQLite")[2] \
            .partition("```sh\n")[2].partition("```")[0]
    ended = subprocess.run(["sh", "-c", command], cwd=folder,
                           capture_output=True, check=False)
    counts = {}
    for record in map(json.loads, lines):
        key = (record["wall_time"][:13], record["mechanism"],
               record["culprit"])
        counts[key] = counts.get(key, 0) + 1
    expected = sorted("|".join((*key, str(count)))
                      for key, count in counts.items())
    check(ended.returncode == 0 and not ended.stderr and len(expected) > 1 and
          sorted(ended.stdout.decode().splitlines()) == expected,
          "SQLite counts them by the command of docs/lake.md",
          (ended, expected))


def main():
    test_hours()
    test_schema()
    done()


main()
