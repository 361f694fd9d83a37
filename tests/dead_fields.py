#!/usr/bin/env python3
"""Fields of structs that nobody reads; compilers have no warning for them. By
name: two structs with a field of one name hide each other's. Part of `make
lint`."""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOMS = ("capture", "analysis", "probe", "report", "cli")
EXCUSED = {
    "urgent": "the trace language of the tests has it",
    "low_port": "hashed with its struct",
    "high_port": "hashed with its struct",
    "low": "hashed with its struct",
    "high": "hashed with its struct",
    "option_bytes": "tests/support writes headers anew from it",
    "title": "docs/paths.md is written from it",
    "means": "docs/paths.md is written from it",
    "moved_by": "docs/paths.md is written from it",
    "unit": "docs/paths.md is written from it",
    "option_order": "tests/support writes headers anew from it",
    "title": "docs/evidence.md is written from it",
    "decides": "docs/thresholds.md is written from it",
    "moved_by": "docs/thresholds.md is written from it",
    "allowed": "Linux reads it: landlock_path_beneath_attr",
    "network": "Linux reads it: landlock_ruleset_attr",
    "scope": "Linux reads it: landlock_ruleset_attr",
    "moved_bytes": "tests/unit/test_ssh.c counts the work by it",
    "swept": "tests/unit/test_sweep.c counts the work by it",
    "unused": "the rest of a line of the cache",
    "is_translated": "tests/unit/test_places.c asks a link for it",
    "THRESHOLD": "a macro that declares fields",
}
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", re.S)
STRUCT = re.compile(r"\bstruct\s+\w*\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
FIELD = re.compile(r"(\w+)\s*(?:\[[^\]]*\]\s*)*(?::\s*\d+\s*)?(?:,|;)")
FUNCTION = re.compile(r"\(\*(\w+)\)\s*\(")
USE = re.compile(r"(?:\.|->)\s*(\w+)(?=((?:\s*\[(?:[^\[\]]|\[[^\[\]]*\])*\])*"
                 r"\s*(\+\+|--|(?:[-+*/|&^]|<<|>>)?=(?!=))?))")
OBJECT = re.compile(r"[\s\w>.\[\]()&*-]*")


def sources():
    for room in ROOMS:
        for folder, _, names in os.walk(os.path.join(TOP, room)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as file:
                        yield os.path.relpath(path, TOP), COMMENT.sub(
                            " ", file.read())


def is_plain_write(text, match):
    """`a.field = ...`, `a->field++;`: its value is not used."""
    operator = match.group(3)
    if operator not in ("++", "--"):
        return bool(operator)
    start = max(text.rfind(mark, 0, match.start()) for mark in ";{}")
    return (text[match.end(2):].lstrip().startswith(";") and
            OBJECT.fullmatch(text[start + 1:match.start()]) is not None)


def main():
    fields, read = {}, set()
    texts = dict(sources())
    for path, text in texts.items():
        for body in STRUCT.findall(text):
            for line in body.split(";"):
                for name in FUNCTION.findall(line + ";") or \
                        FIELD.findall(line + ";"):
                    fields.setdefault(name, path)
    for text in texts.values():
        for match in USE.finditer(text):
            if not is_plain_write(text, match):
                read.add(match.group(1))
    problems = [f"{path}: {name}" for name, path in sorted(fields.items())
                if name not in read and name not in EXCUSED]
    for problem in problems:
        print(f"never read: {problem}")
    print(f"{'not ok' if problems else 'ok'} 1 - every field is written and "
          "read")
    return 1 if problems else 0


sys.exit(main())
