#!/usr/bin/python3
"""Answers that lie change nothing: a device on the path forges what it can
think of (liar.py), and the findings are those of the quiet twin. Only what
contradicts other evidence can be told from the truth."""

import sys

import stage

import liar
import processes
from stage import done
from tap import PROGRAM, check

BOUND_S = 20
ENDLESS = "a banner without end"
PATHS = (
    (4, ["--hole", "6:1347:silent"]),
    (6, ["--hole", "4:1402:icmp"]),
    (4, ["--hole", "3:1400:silent:reverse"]),
    (6, []),
    (6, ["--hole", "2:1290:silent"]),
)
MORE_PATHS = (
    (4, ["--wire", "3:forward:drop_fragments"]),
    (6, ["--wire", "3:reverse:drop_fragments"]),
    (4, ["--wire", "4:forward:clear_df,mss=1300,tos=32"]),
)
WORDS = ("finding", "grade", "direction", "mtu", "after_hop", "before_hop")
WORDS += ("limited_after_hop", "hop", "state", "kind", "field", "arrived")


def run(family, words, way, experiments):
    def act(path):
        if way and way != ENDLESS:
            liar.start(path, way, family)
        return stage.probe(path, PROGRAM, family, "--only", experiments)

    server = "endless" if way == ENDLESS else "banner"
    return stage.play(
        ["--routers", "5", *stage.limits(5), *words]
        + ["--serve", f"22:{server}", "--delay-ms", "0.5"],
        act,
    )


def gist(run):
    """What is found, without the frames that show it; and the hops. Loss is
    left out: a flood makes some."""
    found = [
        {word: finding[word] for word in WORDS if word in finding}
        for finding in stage.findings(run)
        if finding["finding"] != "loss"
    ]
    hops = [
        (line["ttl"], line.get("address"))
        for line in run["lines"]
        if line["type"] == "hop"
    ]
    return found, hops


GRADES = ("possible", "likely", "certain")


def is_less(loud, quiet):
    """Whether a run whose host's capture lost packets found the same, with the
    same grades or lower ones: then what is missing may have come. What the
    quiet twin finds is found."""
    (loud_found, loud_hops), (found, hops) = gist(loud), gist(quiet)

    def without_grades(findings):
        return [{**finding, "grade": None} for finding in findings]

    return (
        loud["lines"][-1].get("capture_lost", 0) > 0
        and loud_hops == hops
        and without_grades(loud_found) == without_grades(found)
        and all(
            one["grade"] == other["grade"]
            or one["grade"] in GRADES
            and other["grade"] in GRADES[GRADES.index(one["grade"]) :]
            for one, other in zip(loud_found, found)
        )
    )


def compare(family, words, way, quiet, loud):
    where = " ".join(words[1:]) or "a healthy path"
    name = f"IPv{family}, {where}, {way}"
    check(
        loud["status"] == 0 and loud["is_same"] and loud["seconds"] < BOUND_S,
        f"{name}: the run ends, and its recording is judged as it was",
        f"exit {loud['status']}, {loud['seconds']:.1f} s\n{loud['said']}",
    )
    check(
        gist(loud) == gist(quiet) or is_less(loud, quiet),
        f"{name}: nothing is found that the quiet twin has not",
        f"{gist(loud)}\n{gist(quiet)}",
    )


def main():
    ways = [word for word in sys.argv[2:] if word in liar.WAYS]
    ways = ways or [*liar.WAYS, ENDLESS]
    is_whole = "--all" in sys.argv
    experiments = "route,mtu"
    paths = PATHS + MORE_PATHS if is_whole else PATHS[:2]
    if is_whole:
        experiments = "route,mtu,fragments,rewritten,loss"
    pool = processes.Pool(2)
    quiet = [pool.submit(run, *place, None, experiments) for place in paths]
    loud = {
        (i, way): pool.submit(run, *place, way, experiments)
        for way in ways
        for i, place in enumerate(paths)
    }
    for (i, way), lied_to in loud.items():
        compare(*paths[i], way, quiet[i].result(), lied_to.result())


main()
done()
