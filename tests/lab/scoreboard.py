"""Writes docs/scoreboard.md from judged recordings. Nothing in it is typed."""

import collections

import judge


# Of two verdicts on one scenario, the one that counts for their holder.
BOTH_ENDS = (
    judge.WRONG,
    judge.SUSPECTED,
    judge.DECIDED,
    judge.NAMED,
    judge.UNDECIDED,
    judge.TIMID,
    judge.MISSED,
    judge.SILENT,
    judge.ACQUITTED,
)


def _table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"


def _share(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _both_ends(rows):
    """What somebody learns who holds the client's and the server's recording.

    A wrong verdict on either spoils it; else the one that says most counts.
    Yields (guilty, outcome).
    """
    pairs = collections.defaultdict(dict)
    for truths, vantage, verdict in rows:
        if vantage in ("client", "server"):
            guilty = bool(truths["truth"][vantage]["right"])
            pairs[id(truths)][vantage] = (guilty, verdict.outcome)
    for ends in pairs.values():
        if len(ends) < 2:
            continue
        outcomes = {outcome for _, outcome in ends.values()}
        yield (
            any(guilty for guilty, _ in ends.values()),
            next(name for name in BOTH_ENDS if name in outcomes),
        )


def _ends(rows):
    """Totals over capture points: how many were judged well."""
    by_vantage = collections.defaultdict(collections.Counter)
    kinds = ("innocent", "guilty")
    for truths, vantage, verdict in rows:
        guilty = bool(truths["truth"][vantage]["right"])
        by_vantage[vantage, kinds[guilty]][verdict.outcome] += 1
    for guilty, outcome in _both_ends(rows):
        by_vantage["both ends", kinds[guilty]][outcome] += 1
    outcomes = [
        judge.DECIDED,
        judge.NAMED,
        judge.UNDECIDED,
        judge.ACQUITTED,
        judge.SILENT,
        judge.TIMID,
        judge.MISSED,
        judge.SUSPECTED,
        judge.WRONG,
    ]
    lines = []
    for (vantage, kind), counter in sorted(by_vantage.items()):
        whole = sum(counter.values())
        good = sum(counter[name] for name in judge.GOOD)
        lines.append(
            [vantage, kind, whole]
            + [counter[name] or "" for name in outcomes]
            + [_share(good, whole)]
        )
    head = ["capture point", "recordings", "all", *outcomes, "good"]
    return _table(head, lines)


def _grades(rows):
    lines = []
    for grade in ("certain", "likely", "possible", "undetermined"):
        said = [row for row in rows if row[2].grade == grade]
        wrong = sum(not row[2].good for row in said)
        really_wrong = sum(row[2].outcome == judge.WRONG for row in said)
        lines.append(
            [
                grade,
                len(said),
                len(said) - wrong,
                really_wrong,
                _share(len(said) - really_wrong, len(said)),
            ]
        )
    return _table(["grade", "given", "good", "wrong", "not wrong"], lines)


def _mechanisms(rows):
    by_mechanism = collections.defaultdict(collections.Counter)
    for truths, vantage, verdict in rows:
        right = truths["truth"][vantage]["right"]
        name = right[0][0] if right else "innocent"
        by_mechanism[name][verdict.outcome] += 1
    lines = []
    for name, counter in sorted(by_mechanism.items()):
        whole = sum(counter.values())
        good = sum(counter[word] for word in judge.GOOD)
        lines.append([name, whole, good, counter[judge.WRONG], _share(good, whole)])
    return _table(["mechanism", "recordings", "good", "wrong", "share"], lines)


def _variations(rows):
    counters = collections.defaultdict(collections.Counter)
    for truths, _, verdict in rows:
        name = truths["name"].rsplit(".", 1)[0].partition("+")[2]
        counters[name or "(none)"][verdict.outcome] += 1
    lines = []
    for name, counter in sorted(counters.items()):
        whole = sum(counter.values())
        good = sum(counter[word] for word in judge.GOOD)
        lines.append(
            [name, whole, good, counter[judge.WRONG], _share(good, whole)]
        )
    return _table(["variation", "recordings", "good", "wrong", "share"], lines)


def _verdicts(rows):
    """A table of (truth.json, capture point, Verdict) as they come."""
    lines = [
        [
            truths["name"],
            vantage,
            verdict.wanted,
            verdict.said or "-",
            verdict.grade or "-",
            verdict.outcome,
        ]
        for truths, vantage, verdict in rows
    ]
    head = ["scenario", "seen from", "truth", "verdict", "grade", "outcome"]
    return _table(head, lines)


def _faults(rows):
    bad = [row for row in rows if not row[2].good]
    if not bad:
        return ["None."]
    return _verdicts(sorted(bad, key=lambda row: (row[0]["name"], row[1])))


def _confusion(rows):
    counter = collections.Counter()
    for _, _, verdict in rows:
        if not verdict.good:
            counter[
                verdict.wanted, verdict.said or "nothing", verdict.grade
            ] += 1
    lines = [[*words, number] for words, number in counter.most_common()]
    if not lines:
        return ["None."]
    return _table(["truth", "said", "grade", "recordings"], lines)


def _all(rows):
    """Every recording of the scenarios themselves; variations are too many."""
    return _verdicts(
        sorted(
            (row for row in rows if "+" not in row[0]["name"]),
            key=lambda row: (row[0]["theme"], row[0]["name"], row[1]),
        )
    )


def write(path, rows):
    """`rows` are (truth.json, capture point, Verdict)."""
    names = {row[0]["name"] for row in rows}
    own = {name for name in names if "+" not in name}
    scenarios = {name.rsplit(".", 1)[0] for name in own}
    good = sum(row[2].good for row in rows)
    parts = [
        ["# Scoreboard", ""],
        [
            "Written by `make lab`; how it is read stands in lab.md.",
            "",
            f"{len(scenarios)} scenarios, {len(own)} with both families, "
            f"{len(names) - len(own)} variations of them; {len(rows)} "
            f"recordings, {good} judged well ({_share(good, len(rows))}).",
            "",
        ],
        ["## By capture point", "", *_ends(rows), ""],
        ["## By grade", "", *_grades(rows), ""],
        ["## By mechanism", "", *_mechanisms(rows), ""],
        ["## By variation", "", *_variations(rows), ""],
        ["## Faults", "", *_faults(rows), ""],
        ["## Confusion", "", *_confusion(rows), ""],
        ["## All recordings", "", *_all(rows), ""],
    ]
    with open(path, "w", encoding="utf-8") as file:
        for part in parts:
            file.write("\n".join(part) + "\n")
