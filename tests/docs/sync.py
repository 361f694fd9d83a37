#!/usr/bin/env python3
"""Writes the parts of docs/evidence.md, docs/thresholds.md and the manual
(culprit.1, culprit-json.5) that are the program's own tables, and
docs/culprit.schema.json.

    sync.py            says whether the pages are up to date; exits 1 if not
    sync.py --write    brings them up to date (`make evidence`)
"""
import os
import re
import sys

import json_schema
import tables



def path_of(page):
    return os.path.join(tables.TOP, "docs", page)


def part(name, page):
    """The part of a page between its marks."""
    pattern = re.compile(
        rf"((?:<!--|;) begin {name}[^\n]*\n).*?((?:<!--|;) end {name}\b)",
        re.S)
    if not pattern.search(page):
        raise SystemExit(f"docs: no part {name}")
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
    if "outranks_others" in row:
        yield ("outranks **every row that is not proved so**: "
               f"{row['outranks_others']}")
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


def uses(known):
    """The signatures that ask for each fact, by how they do."""
    rows = ["| fact | holds | does not hold | not known to hold | "
            "not known to fail |", "|---|---|---|---|---|"]
    for fact in known["fact"]:
        cells = [", ".join(row["name"] for row in known["signature"]
                           if fact["word"] in row[field])
                 for field in ("needs", "denies", "forbids", "keeps")]
        rows.append(f"| `{fact['word']}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def timers(known):
    rows = ["| seconds | printed | source |", "|---|---|---|"]
    rows += [f"| {timer['seconds']} | {timer['boxes']} | {timer['source']} |"
             for timer in known["timer"]]
    return "\n".join(rows)


def thresholds(known):
    rows = ["| threshold | value | decides | source | moved by |",
            "|---|---|---|---|---|"]
    rows += [f"| `{row['name']}` | {row['value']:,} | {row['decides']} | "
             f"{row['source']} | {row['moved_by']} |"
             for row in known["threshold"]]
    return "\n".join(rows)


COMMANDS = {"incidents": ("analyze", "capture"), "path": ("probe",),
            "packets": ("timeline",), "comparison": ("compare",),
            "words": ("explain",)}


def formats(known):
    """What `culprit COMMAND --help` says under "Formats:", for all at once."""
    lines = []
    for row in known["format"]:
        commands = [f"*{name}*" for kind, names in COMMANDS.items()
                    if row[kind] for name in names]
        file = f" Also with *-o* _FILE_{row['suffix']}." if row["suffix"] \
            else ""
        lines.append(f"*--{row['name']}*\n\t{row['help'][0].upper()}"
                     f"{row['help'][1:]}: {', '.join(commands)}.{file}\n")
    return "\n".join(lines).rstrip("\n")


PAGES = {"evidence.md": {"signatures": signatures, "settled": settled, "uses": uses,
                         "timers": timers},
         "thresholds.md": {"thresholds": thresholds},
         "man/culprit.1.scd": {"formats": formats},
         "man/culprit-json.5.scd": {"fields": json_schema.manual}}
# pages that are made as a whole
MADE = {"culprit.schema.json": json_schema.schema}


def written(known):
    """{page: (as it is, as it should be)}"""
    found = {}
    for page, parts in PAGES.items():
        with open(path_of(page), encoding="utf-8") as file:
            new = text = file.read()
        for name, write in parts.items():
            new = part(name, new).sub(
                lambda m, body=write(known):
                m.group(1) + "\n" + body + "\n\n" + m.group(2), new)
        found[page] = text, new
    for page, make in MADE.items():
        with open(path_of(page), "a+", encoding="utf-8") as file:
            file.seek(0)
            found[page] = file.read(), make(known)
    return found


def uncovered(known):
    """Facts without a row of prose, and rows about no fact."""
    with open(path_of("evidence.md"), encoding="utf-8") as file:
        sections = re.split(r"^## ", file.read(), flags=re.M)
    told = [word for section in sections if section.startswith("Facts about")
            for word in re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.M)]
    words = [fact["word"] for fact in known["fact"]]
    return ([f"not told: {w}" for w in words if w not in told] +
            [f"no such fact: {w}" for w in told if w not in words] +
            [f"told twice: {w}" for w in set(told) if told.count(w) > 1])


def main():
    known = tables.read()
    problems = uncovered(known)
    for page, (text, new) in written(known).items():
        if text == new:
            continue
        if "--write" in sys.argv:
            with open(path_of(page), "w", encoding="utf-8") as file:
                file.write(new)
        else:
            problems.append(f"docs/{page} is stale: make evidence")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
