"""JSON Schema of what --json prints, and the table of its manual page, from the
program's own table of fields (report/json_fields_*.c)."""
import json

TIME = r"^-?[0-9]+\.[0-9]{9}$"
ABOUT = {
    "incident": "A connection that died, stalled or was refused.",
    "notice": "The same while a capture runs; the incident that follows may "
              "say more.",
    "withdrawal": "A notice (analyze --follow) that later packets have shown to "
                  "be wrong.",
    "group": "Incidents of one kind, told together.",
    "flow": "A connection (--all-flows).",
    "packet": "A packet of one connection (timeline).",
    "finding": "What a probe found.",
    "excluded": "What a probe would have seen, and did not.",
    "undetermined": "What a probe could not tell.",
    "hop": "A hop of the path.",
    "client": "This host's settings, as a probe read them.",
    "cause": "A cause of failing connections, as a probe judged it.",
    "experiment": "An experiment that a dry run announces.",
    "capture_point": "A place of a comparison.",
    "span": "Between two capture points, one way.",
    "outcome": "What became of packets between two capture points.",
    "change": "A field that is changed between two capture points.",
    "side": "On which side of a capture point an incident was caused.",
    "comparison": "Totals of a comparison.",
    "summary": "The last line: totals.",
}


def records(fields):
    """{record: {path: field}}, in the order of ABOUT and of the table."""
    kinds = {word for field in fields for word in field["records"].split()}
    found = {kind: {} for kind in [*ABOUT, *sorted(kinds - set(ABOUT))]}
    for field in fields:
        for kind in field["records"].split():
            found[kind][field["path"]] = field
    return found


def node(field):
    made = {"description": field["meaning"]}
    if field["json_type"] != "any":
        made["type"] = field["json_type"]
    if field["is_time"]:
        made["pattern"] = TIME
    if made.get("type") == "object":
        made |= {"properties": {}, "additionalProperties": False}
    return made


def put(root, path, field):
    """Adds the field at `path`; what is above it stands before it."""
    *above, last = path.replace("[]", ".[]").split(".")
    for name in above:
        root = root["items"] if name == "[]" else root["properties"][name]
    made = node(field)
    if last == "[]":
        root["items"] = made
    elif last == "*":
        root["additionalProperties"] = made
    else:
        root["properties"][last] = made


def schema(known):
    """The text of docs/culprit.schema.json."""
    kinds = []
    for kind, paths in records(known["field"]).items():
        root = {"type": "object", "description": ABOUT.get(kind, ""),
                "required": ["type"], "properties": {},
                "additionalProperties": False}
        for path in sorted(paths, key=lambda p: p.replace("[]", ".[]").split(".")):
            put(root, path, paths[path])
        root["properties"]["type"] = {"const": kind}
        kinds.append(root)
    return json.dumps({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of culprit --json",
        "oneOf": kinds}, indent=1) + "\n"


def manual(known):
    """A section for each record."""
    lines = []
    for kind, paths in records(known["field"]).items():
        lines += [f"## {kind}", "", ABOUT.get(kind, ""), ""]
        for path, field in paths.items():
            name = path.replace("_", "\\_").replace("*", "\\*")
            kind_of = "time" if field["is_time"] else field["json_type"]
            meaning = field["meaning"].replace("_", "\\_").replace("`", "")
            lines.append(f"*{name}* ({kind_of})\n\t{meaning}\n")
    return "\n".join(lines).rstrip("\n")
