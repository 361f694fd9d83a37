#!/usr/bin/env python3
"""What the conventions ask of C and a machine can see.

Eighty columns, with tabs of eight; a row of a table (it begins with a brace,
a bracket or a quote) may run longer, and so may what has no space to break
at. Types without typedef; no alloca (the compiler sees to variable-length
arrays). One struct, enum or union per tag in the product and its test
support, so that any two headers can be included together and a name means one
thing. Prints each place; fails on any.
"""
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDERS = ("capture", "analysis", "report", "probe", "cli", "tests")
COLUMNS = 80
RULES = (
    (re.compile(r"^\s*typedef\b"), "typedef"),
    (re.compile(r"\balloca\s*\("), "alloca"),
    (re.compile(r"[ \t]+$"), "space at the end"),
    (re.compile(r"^\t* {8}"), "eight spaces, not a tab"),
)
TAG = re.compile(r"^\s*(?:static const )?(struct|enum|union) (\w+) \{")
ONE_TAG = FOLDERS[:-1] + ("tests/support",)
MAY_BE_LONG = re.compile(r"\s*([\"{\[]|[^\s]+$)")


def sources():
    for top in FOLDERS:
        for folder, folders, names in os.walk(os.path.join(TOP, top)):
            folders[:] = [name for name in folders if name != "corpus"]
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    yield os.path.join(folder, name)


def complaints(line):
    width = len(line.expandtabs(8))
    if width > COLUMNS and not MAY_BE_LONG.match(line):
        yield f"{width} columns"
    for pattern, what in RULES:
        if what and pattern.search(line):
            yield what


def repeated_tags(places):
    """places: {"struct x": [where it is defined]}"""
    for tag, where in sorted(places.items()):
        if len(where) > 1:
            yield f"{' and '.join(where)}: {tag} is defined twice"


def main():
    count = files = 0
    tags = {}
    for path in sources():
        files += 1
        name = os.path.relpath(path, TOP)
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                for what in complaints(line.rstrip("\n")):
                    print(f"{name}:{number}: {what}")
                    count += 1
                tag = TAG.match(line)
                if tag and name.startswith(ONE_TAG):
                    tags.setdefault(" ".join(tag.groups()), []).append(
                        f"{name}:{number}")
    for what in repeated_tags(tags):
        print(what)
        count += 1
    print(f"{'not ok' if count else 'ok'} 1 - {files} sources keep to the "
          "style that can be measured")
    return 1 if count else 0


sys.exit(main())
