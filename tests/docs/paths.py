#!/usr/bin/env python3
"""Writes the parts of docs/paths.md that are the program's own tables, as
build/tools/path_knowledge prints them.

    paths.py            says whether the page is up to date; exits 1 if not
    paths.py --write    brings it up to date (`make evidence`)
"""
import json
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
PAGE = os.path.join(TOP, "docs", "paths.md")


def known(build=os.path.join(TOP, "build")):
    """{type: [rows in order]}"""
    done = subprocess.run([os.path.join(build, "tools", "path_knowledge")],
                          stdout=subprocess.PIPE, check=True)
    found = {}
    for line in done.stdout.decode().splitlines():
        row = json.loads(line)
        found.setdefault(row["type"], []).append(row)
    return found


def conditions(row):
    for field, say in (("needs", "holds"), ("denies", "does not hold"),
                       ("forbids", "not known to hold"),
                       ("keeps", "not known to fail")):
        if row[field]:
            yield f"{say}: {', '.join(f'`{word}`' for word in row[field])}"


def ranks(row):
    for rank in row["outranks"]:
        yield f"outranks **{rank['over']}**: {rank['why']}"


def of(row):
    if row["of"]:
        yield "of: " + ", ".join(f"**{name}**" for name in row["of"])


def finding(row):
    """The lines about a row."""
    words = [f"**{row['name']}**"]
    words += [f"`{row['finding']}`"] if row["finding"] else ["no finding"]
    words += [row[key] for key in ("direction", "state", "kind") if row[key]]
    words += [f"by the {row['by']}"] if row["by"] else []
    words += [f"*{row['grade']}*"] if row["finding"] else []
    yield " · ".join(words)
    yield f"says: {row['says']}"
    yield from conditions(row)
    yield from ranks(row)
    if row["shows"]:
        yield f"shows: {', '.join(f'`{word}`' for word in row['shows'])}"
    if row["excludes"]:
        yield f"excludes: {'; '.join(row['excludes'])}"
    if row["opens"]:
        yield f"not determined: {'; '.join(row['opens'])}"
    if row["settled_by"]:
        yield f"settled by: {row['settled_by']}"


def doubt(row):
    most = "" if row["most"] == "certain" else f" · at most *{row['most']}*"
    yield f"**{row['name']}**{most}"
    yield from of(row)
    yield from conditions(row)
    if row["other"]:
        yield f"or: {row['other']}"
    yield from ranks(row)


def remedy(row):
    yield f"**{row['name']}**"
    yield from of(row)
    yield from conditions(row)
    yield f"do: {row['advice']}"


def rows(tables):
    lines, titles = [], []
    for row in tables["row"]:
        if row["table"] not in titles:
            titles.append(row["table"])
    for title in titles:
        lines += [f"### {title}", ""]
        for kind, write, heading in (
                ("row", finding, None),
                ("doubt", doubt, "What else it could be:"),
                ("remedy", remedy, "What to do:")):
            own = [row for row in tables[kind] if row["table"] == title]
            lines += [heading, ""] if heading and own else []
            for row in own:
                lines += ["  \n".join(write(row)), ""]
    return "\n".join(lines).strip("\n")


def facts(tables):
    lines = ["| fact | holds when | known from | could be fooled by |",
             "|---|---|---|---|"]
    lines += [f"| `{row['word']}` | {row['holds']} | {row['source'] or '-'} | "
              f"{row['fooled'] or '-'} |" for row in tables["fact"]]
    return "\n".join(lines)


def thresholds(tables):
    lines = ["| threshold | value | decides | source | moved by |",
             "|---|---|---|---|---|"]
    lines += [f"| `{row['name']}` | {row['value']:g} {row['unit']} | "
              f"{row['means']} | {row['source']} | {row['moved_by']} |"
              for row in tables["threshold"]]
    return "\n".join(lines)


def written():
    """The page as it is, and as it should be."""
    with open(PAGE, encoding="utf-8") as file:
        page = new = file.read()
    tables = known()
    for name, write in (("facts", facts), ("rows", rows),
                        ("thresholds", thresholds)):
        pattern = re.compile(
            rf"(<!-- begin {name}[^\n]*-->\n).*?(<!-- end {name} -->)", re.S)
        if not pattern.search(new):
            raise SystemExit(f"docs/paths.md: no part {name}")
        new = pattern.sub(lambda m, text=write(tables):
                          m.group(1) + "\n" + text + "\n\n" + m.group(2), new)
    return page, new


def main():
    page, new = written()
    if page != new and "--write" in sys.argv:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(new)
    elif page != new:
        print("docs/paths.md is stale: make evidence")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
