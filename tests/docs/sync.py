#!/usr/bin/env python3
"""Writes the parts of docs/evidence.md that are the program's own tables.

    sync.py            says whether the page is up to date; exits 1 if not
    sync.py --write    brings it up to date
"""
import os
import re
import sys

import tables

PAGE = os.path.join(tables.TOP, "docs", "evidence.md")
ROLES = {"unknown": "unknown", "sender": "the named side",
         "peer": "the other side", "nat": "nat-timeout", "mtu": "path-mtu",
         "loss": "path-loss"}


def part(name, page):
    pattern = re.compile(
        rf"(<!-- begin {name}[^\n]*-->\n).*?(<!-- end {name} -->)", re.S)
    if not pattern.search(page):
        raise SystemExit(f"docs/evidence.md: no part {name}")
    return pattern


def role(word):
    return ROLES.get(word, word)


def signatures():
    words = {name: word for name, word, _ in tables.facts()}
    lines = []
    for title, rows in tables.signatures():
        lines += ["", f"### {title}", ""]
        for row in rows:
            lines.append(f"**{row['name']}** · `{row['mechanism']}` · sender "
                         f"{role(row['sender'])} · culprit "
                         f"{role(row['culprit'])} · *{row['grade']}*  ")
            for field, say in (("needs", "holds"), ("denies", "does not hold"),
                               ("forbids", "not known to hold"),
                               ("keeps", "not known to fail")):
                if row[field]:
                    facts = ", ".join(f"`{words[f]}`" for f in row[field])
                    lines.append(f"{say}: {facts}  ")
            lines.append(f"says: {row['summary']}  ")
            for mechanism, culprit, why in row["also"]:
                lines.append(f"or: `{mechanism}`, culprit {role(culprit)}: "
                             f"{why}  ")
            if row["comment"]:
                lines.append(f"why: {row['comment']}  ")
            lines[-1] = lines[-1].rstrip()
            lines.append("")
    return "\n".join(lines).strip("\n")


def settled():
    rows = ["| fact | settled by |", "|---|---|"]
    rows += [f"| `{word}` | {by} |" for _, word, by in tables.facts()]
    return "\n".join(rows)


def timers():
    rows = ["| seconds | printed | source |", "|---|---|---|"]
    rows += [f"| {s} | {boxes} | {comment} |"
             for s, boxes, comment in tables.timers()]
    return "\n".join(rows)


def written():
    """The page as it should be."""
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    new = page
    for name, text in (("signatures", signatures()), ("settled", settled()),
                       ("timers", timers())):
        new = part(name, new).sub(
            lambda m, text=text: m.group(1) + "\n" + text + "\n\n" + m.group(2),
            new)
    return page, new


def uncovered():
    """Facts without a row of prose, and rows about no fact."""
    with open(PAGE, encoding="utf-8") as file:
        sections = re.split(r"^## ", file.read(), flags=re.M)
    told = [word for section in sections if section.startswith("Facts about")
            for word in re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.M)]
    words = [word for _, word, _ in tables.facts()]
    return ([f"not told: {w}" for w in words if w not in told] +
            [f"no such fact: {w}" for w in told if w not in words] +
            [f"told twice: {w}" for w in set(told) if told.count(w) > 1])


def main():
    page, new = written()
    if page != new and "--write" in sys.argv:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(new)
        page = new
    problems = uncovered()
    if page != new:
        problems.append("docs/evidence.md is stale: tests/docs/sync.py "
                        "--write")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
