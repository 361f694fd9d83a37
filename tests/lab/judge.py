"""Compares what culprit says of a recording with the truth about it."""

import dataclasses
import json

# What a row of the scoreboard can say. Everything from MISSED on is a fault.
DECIDED = "right"  # a right reading, certain or likely
NAMED = "named"  # undecided, rightly, with the truth among the readings
UNDECIDED = "undecided"  # undecided, rightly, but the truth is not named
ACQUITTED = "acquitted"
SILENT = "silent"  # nothing to be seen from there, and nothing said
MISSED = "missed"
TIMID = "timid"  # undecided although the recording decides it
SUSPECTED = "suspected"  # an innocent under suspicion
WRONG = "wrong"

GOOD = (DECIDED, NAMED, UNDECIDED, ACQUITTED, SILENT)
SURE = ("certain", "likely")
# From the worst to the best, by grade where there are two.
WORTH = (WRONG, MISSED, SUSPECTED, TIMID, SILENT, UNDECIDED, ACQUITTED, NAMED,
         "likely", "certain")
# Recordings to be judged in one call.
ENDS = ("client", "server")
TOGETHER = (ENDS, ("client", "r1", "server"))


@dataclasses.dataclass
class Verdict:
    """The judgement on one recording."""

    outcome: str
    grade: str = ""
    said: str = ""
    wanted: str = ""

    @property
    def good(self):
        return self.outcome in GOOD

    def fails(self, vantage):
        """Whether the scenario fails for it.

        Being timid fails at the ends only: who records on a router has been
        asked for help already, and can record at an end as well.
        """
        if self.outcome == TIMID:
            return not vantage.startswith("r")
        return not self.good

    @property
    def worth(self):
        """Grows with what the verdict is worth to who reads it."""
        return WORTH.index(
            self.grade if self.outcome == DECIDED else self.outcome)

    @property
    def complaint(self):
        said = f"{self.grade} {self.said}" if self.said else "nothing"
        return f"{self.outcome}: said {said}, the truth is {self.wanted}"


def analyze(server, *recordings):
    """The incidents that culprit reports, as a list of dicts; `server` is a
    ForkServer of it."""
    return incidents(server.run("analyze", "--json", *recordings))


def incidents(done):
    """Those that a run of `culprit analyze --json` printed."""
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"{' '.join(done.args)}: exit {done.returncode}: "
            + done.stderr.decode(errors="replace").strip()[-400:]
        )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line]
    return [
        line
        for line in lines
        if line["type"] == "incident" and line["mechanism"] != "orderly"
    ]


def _matches(reading, incident):
    found = (
        incident.get("mechanism"),
        incident.get("sender", "unknown"),
        incident.get("culprit", "unknown"),
    )
    return all(
        wanted in ("*", word) for wanted, word in zip(reading, found)
    )


def _names(reading, incident):
    """Whether an undecided incident lists the reading among its own."""
    mechanism, _, culprit = reading
    for other in [incident, *incident.get("also", [])]:
        if other.get("mechanism") == mechanism and culprit in (
            "*",
            other.get("culprit", culprit),
        ):
            return True
    return False


def _words(incident):
    return "{} by {}, blames {}".format(
        incident.get("mechanism", "?"),
        incident.get("sender", "unknown"),
        incident.get("culprit", "unknown"),
    )


def _judge_guilty(truth, incidents, wanted):
    right = [tuple(reading) for reading in truth["right"]]
    sure = [item for item in incidents if item["grade"] in SURE]
    for item in sure:
        if not any(_matches(reading, item) for reading in right):
            return Verdict(WRONG, item["grade"], _words(item), wanted)
    if sure:
        # The strongest claim made is the one that is graded.
        best = min(sure, key=lambda item: SURE.index(item["grade"]))
        return Verdict(DECIDED, best["grade"], _words(best), wanted)
    if not incidents:
        return Verdict(SILENT if truth["unseen"] else MISSED, wanted=wanted)
    for item in incidents:
        if any(_names(reading, item) for reading in right):
            outcome = NAMED if truth["open"] else TIMID
            return Verdict(outcome, item["grade"], _words(item), wanted)
    item = incidents[0]
    outcome = UNDECIDED if truth["open"] else TIMID
    if item["grade"] == "possible":
        # Level readings, and the truth is none of them.
        outcome = WRONG
    return Verdict(outcome, item["grade"], _words(item), wanted)


def judge(truth, incidents):
    """The verdict on the incidents of one recording.

    `truth` is what truth.json holds for the capture point: right, open,
    unseen.
    """
    if truth["right"]:
        wanted = "{} by {}, blames {}".format(*truth["right"][0])
        return _judge_guilty(truth, incidents, wanted)
    wanted = "innocent"
    for item in incidents:
        if item["grade"] in SURE:
            return Verdict(WRONG, item["grade"], _words(item), wanted)
    if incidents:
        item = incidents[0]
        outcome = UNDECIDED if truth["open"] else SUSPECTED
        return Verdict(outcome, item["grade"], _words(item), wanted)
    return Verdict(ACQUITTED, wanted=wanted)


def judge_jointly(truths, incidents, vantages=ENDS):
    """The verdict on the recordings of several places in one call.

    What is right at one place may be out of sight at another: either truth is
    one.
    """
    return max((judge(truths[vantage], incidents) for vantage in vantages),
               key=lambda verdict: verdict.worth)


def joint_complaint(verdicts, jointly, vantages=ENDS):
    """What is worse with all recordings than with the best one, or ""."""
    best = max((verdicts[vantage] for vantage in vantages),
               key=lambda verdict: verdict.worth)
    if jointly.worth >= best.worth:
        return ""
    return (f"{' and '.join(vantages)} are worse than one of them "
            f"({best.outcome} {best.grade}): {jointly.complaint}")
