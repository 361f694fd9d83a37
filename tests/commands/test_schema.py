#!/usr/bin/env python3
"""All lines that --json prints about the committed recordings are as
docs/culprit.schema.json has them, and `explain` knows all of their fields.

    test_schema.py PROGRAM
"""
import collections
import json
import os
import subprocess

from tap import (PROGRAM, TOP, captures, check, done, probe_recordings, run,
                 run_often)

# Debian's own has the package jsonschema.
CHECKER = """
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
kinds = {one["properties"]["type"]["const"]: jsonschema.Draft202012Validator(one)
         for one in schema["oneOf"]}
for line in sys.stdin:
    record = json.loads(line)
    kind = kinds.get(record.get("type"))
    errors = [e.message for e in kind.iter_errors(record)] if kind else [
        f"no record {record.get('type')}"]
    for error in errors:
        print(f"{record.get('type')}: {error[:200]}")
print("read")
"""


def outputs():
    """All lines of analyze and timeline about all recordings."""
    paths = [*captures(), *probe_recordings()]
    for path in dict.fromkeys(paths):
        for command in (("analyze", "--json", "--all-flows"),
                        ("timeline", "--json")):
            yield from run_often(*command, path).stdout.decode().splitlines()
    places = {}
    for path in paths:
        if path.endswith(".pcapng"):
            places.setdefault(os.path.dirname(path), []).append(path)
    for folder in sorted(places)[::12]:
        if len(places[folder]) > 1:
            yield from run_often("compare", "--json", *places[folder]) \
                .stdout.decode().splitlines()
    yield from run("probe", "--dry-run", "--json", "192.0.2.1") \
        .stdout.decode().splitlines()


lines = list(outputs())
schema = os.path.join(TOP, "docs", "culprit.schema.json")
result = subprocess.run(
    ["/usr/bin/python3", "-c", CHECKER, schema], input="\n".join(lines),
    text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
said = result.stdout.splitlines()
check(len(lines) > 1000 and said[-1:] == ["read"] and len(said) == 1,
      f"{len(lines)} lines are as the schema has them",
      "\n".join(f"{n} x {text}" for text, n in
                collections.Counter(said[:-1] or said).most_common(20)))

# the twin: a line with a field that is not in the schema is refused
strange = json.loads(next(line for line in lines if '"incident"' in line))
strange["guess"] = 1
result = subprocess.run(
    ["/usr/bin/python3", "-c", CHECKER, schema], input=json.dumps(strange),
    text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
check("guess" in result.stdout, "a field that is not in it is refused",
      result.stdout)

known = run("explain").stdout.decode()
words = {line.split()[0] for line in known.splitlines()
         if line.startswith("  ") and not line.startswith("   ")}
with open(schema, encoding="utf-8") as file:
    fields = {name for one in json.load(file)["oneOf"]
              for name in one["properties"]}
check(not fields - words, "explain lists every field of a record",
      sorted(fields - words))
check(PROGRAM and run("explain", "wall_time").returncode == 0 and
      b"RFC 3339" in run("explain", "wall_time").stdout,
      "explain explains a field")
done()
