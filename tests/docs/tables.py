"""What the analysis knows, read from its C tables: facts, signatures, idle
timers. docs/evidence.md shows them; `sync.py` keeps the two alike.

The tables are data in a fixed layout (designated initialisers, one row a
block), so a few regular expressions read them. A row that does not fit is an
error here and never left out in silence.
"""
import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
VERDICT = os.path.join("analysis", "verdict")
LEARNED = os.path.join("analysis", "learned")
TABLES = (
    ("signatures_reset.c", "signatures_reset", "A reset"),
    ("signatures_quiet.c", "signatures_silence",
     "Silence, ICMP errors, unanswered SYNs"),
    ("signatures_quiet.c", "signatures_ssh", "SSH before encryption"),
    ("signatures_quiet.c", "signatures_mtu",
     "Packets too large, in a connection that may have recovered"),
    ("signatures_quiet.c", "signatures_forged", "Other forged packets"),
)
FIELDS = {"name", "needs", "denies", "forbids", "keeps", "mechanism",
          "sender", "culprit", "grade", "summary", "also", "decide"}


def source(name, room=VERDICT):
    with open(os.path.join(TOP, room, name), encoding="utf-8") as file:
        return file.read()


def string(text):
    """The value of adjacent string literals; "" when there are none."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def sentence(comment):
    lines = [line.strip().lstrip("*").strip() for line in
             comment.removeprefix("/*").removesuffix("*/").splitlines()]
    return " ".join(line for line in lines if line)


def facts():
    """[(constant, word, what settles it)], in the order of the enum."""
    text = source("fact.c")
    rows = re.findall(
        r'\[FACT_(\w+)\] = \{"([^"]+)",\s*((?:"[^"]*"\s*)+)\}', text)
    count = len(re.findall(r"\[FACT_\w+\] =", text))
    if len(rows) != count:
        raise SystemExit(f"fact.c: {len(rows)} of {count} rows read")
    return [(name, word, string(rest)) for name, word, rest in rows]


def macros(text):
    """ALSO_...: (mechanism, culprit, why)."""
    found = {}
    for name, body in re.findall(
            r"#define (ALSO_\w+)((?:.*\\\n)+.*)\n", text):
        found[name] = reading(body.replace("\\\n", " "))
    return found


def word_of(constant):
    return constant.split("_", 1)[1].lower().replace("_", "-")


def reading(text):
    names = re.findall(r"(MECHANISM_\w+)|(ROLE_\w+)", text)
    mechanism = [a for a, _ in names if a]
    roles = [b for _, b in names if b]
    if len(mechanism) != 1 or len(roles) != 2:
        raise SystemExit(f"a reading that can't be read: {text}")
    return word_of(mechanism[0]), word_of(roles[1]), string(text)


def readings(text, known):
    found = []
    for part in re.finditer(r"(ALSO_\w+)|\{(MECHANISM_[^{}]*)\}", text):
        found.append(known[part.group(1)] if part.group(1)
                     else reading(part.group(2)))
    return found


def bits(text):
    return re.findall(r"\w+", text.partition("FACTS(")[2])


def fields(body):
    """The initialisers of one row, by name."""
    parts = re.split(r"^\t\t\.(\w+) =", body, flags=re.M)[1:]
    row = dict(zip(parts[::2], parts[1::2]))
    unknown = set(row) - FIELDS
    if unknown:
        raise SystemExit(f"a signature with new fields: {unknown}")
    return row


def rows_of(text, table, known):
    start = re.search(rf"struct signature {table}\[\] = \{{\n", text)
    end = text.index("\n};", start.end())
    body = text[start.end():end]
    rows, comment, at = [], "", 0
    pattern = re.compile(
        r"^\t(/\*.*?\*/)$|^\t\{\n(.*?)^\t\},$", re.M | re.S)
    for part in pattern.finditer(body, at):
        if part.group(1):
            text = sentence(part.group(1))
            comment = "" if text.startswith("---") else text
            continue
        row = fields(part.group(2))
        rows.append({
            "name": string(row["name"]),
            "comment": comment,
            **{k: bits(row.get(k, ""))
               for k in ("needs", "denies", "forbids", "keeps")},
            "mechanism": word_of(row["mechanism"].strip(" ,\n\t")),
            "sender": word_of(row["sender"].split(",")[0].strip()),
            "culprit": word_of(row["culprit"].split(",")[0].strip()),
            "grade": word_of(row["grade"].strip(" ,\n\t")),
            "summary": string(row["summary"]),
            "also": readings(row.get("also", ""), known),
        })
        comment = ""
    if len(rows) != body.count(".name ="):
        raise SystemExit(f"{table}: {len(rows)} of "
                         f"{body.count('.name =')} rows read")
    return rows


def signatures():
    """[(title, rows)], one per table."""
    known = macros(source("signatures.h"))
    known.update(macros(source("signatures_quiet.c")))
    return [(title, rows_of(source(name), table, known))
            for name, table, title in TABLES]


def timers():
    """[(seconds, boxes, source)]."""
    text = source("idle_stats.c", LEARNED)
    body = text[text.index("} timers[] = {"):]
    body = body[:body.index("\n};")]
    found = re.findall(
        r"/\*((?:(?!\*/).)*)\*/\s*\{(\d+), ((?:\"[^\"]*\"\s*)+)\}", body, re.S)
    if len(found) != len(re.findall(r"\{\d+, ", body)):
        raise SystemExit("paths.c: a timer without a source")
    return [(int(seconds), string(boxes), sentence(comment))
            for comment, seconds, boxes in found]
