#!/usr/bin/env python3
"""Writes the parts of docs/evidence.md that are the program's own tables.

    sync.py            says whether the page is up to date; exits 1 if not
    sync.py --write    brings it up to date (`make evidence`)
"""
import os
import re
import sys

import tables

PAGE = os.path.join(tables.TOP, "docs", "evidence.md")


def part(name, page):
    pattern = re.compile(
        rf"(<!-- begin {name}[^\n]*-->\n).*?(<!-- end {name} -->)", re.S)
    if not pattern.search(page):
        raise SystemExit(f"docs/evidence.md: no part {name}")
    return pattern


def signature(row):
    """The lines about one row."""
    yield (f"**{row['name']}** · `{row['mechanism']}` · sender "
           f"{row['sender']} · culprit {row['culprit']} · *{row['grade']}*")
    for field, say in (("needs", "holds"), ("denies", "does not hold"),
                       ("forbids", "not known to hold"),
                       ("keeps", "not known to fail")):
        if row[field]:
            yield f"{say}: {', '.join(f'`{word}`' for word in row[field])}"
    yield f"says: {row['summary']}"
    for other in row["also"]:
        yield (f"or: `{other['mechanism']}`, culprit {other['culprit']}: "
               f"{other['why']}")
    for rank in row["outranks"]:
        yield f"outranks **{rank['over']}**: {rank['why']}"
    if row["why"]:
        yield f"why: {row['why']}"


def signatures(known):
    lines, title = [], ""
    for row in known["signature"]:
        if row["table"] != title:
            title = row["table"]
            lines += ["", f"### {title}", ""]
        lines.append("  \n".join(signature(row)) + "\n")
    return "\n".join(lines).strip("\n")


def settled(known):
    rows = ["| fact | settled by |", "|---|---|"]
    rows += [f"| `{fact['word']}` | {fact['settled_by']} |"
             for fact in known["fact"]]
    return "\n".join(rows)


def timers(known):
    rows = ["| seconds | printed | source |", "|---|---|---|"]
    rows += [f"| {timer['seconds']} | {timer['boxes']} | {timer['source']} |"
             for timer in known["timer"]]
    return "\n".join(rows)


def written(known):
    """The page as it is, and as it should be."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    new = page
    for name, text in (("signatures", signatures(known)),
                       ("settled", settled(known)),
                       ("timers", timers(known))):
        new = part(name, new).sub(
            lambda m, text=text: m.group(1) + "\n" + text + "\n\n" + m.group(2),
            new)
    return page, new


def uncovered(known):
    """Facts without a row of prose, and rows about no fact."""
    with open(PAGE, encoding="utf-8") as file:
        sections = re.split(r"^## ", file.read(), flags=re.M)
    told = [word for section in sections if section.startswith("Facts about")
            for word in re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.M)]
    words = [fact["word"] for fact in known["fact"]]
    return ([f"not told: {w}" for w in words if w not in told] +
            [f"no such fact: {w}" for w in told if w not in words] +
            [f"told twice: {w}" for w in set(told) if told.count(w) > 1])


def main():
    known = tables.read()
    page, new = written(known)
    if page != new and "--write" in sys.argv:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(new)
        page = new
    problems = uncovered(known)
    if page != new:
        problems.append("docs/evidence.md is stale: make evidence")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
