#!/usr/bin/python3
"""Runs the lab's scenarios, checks that they took place, judges the verdicts.

    run.py [--only PATTERN] [--jobs N] [--no-judge] [--again]

Each scenario leaves its recordings and truth.json in build/lab/out/NAME.v4
and NAME.v6; those that fail are kept in build/lab/failed too, where the next
run leaves them alone. `--again` judges recordings that are already there and
needs no privilege. The last line says how many passed and failed.
"""

import argparse
import dataclasses
import fnmatch
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import sys
import time

import capture
import conductor
import judge
import kernel
import packets
import scenario
import scenarios
import scoreboard
import topology
import variations

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "commands"))
from fork_server import ForkServer  # noqa: E402

OUT = os.path.join(topology.BUILD, "out")
FAILED = os.path.join(topology.BUILD, "failed")
LIMIT_S = 120
SECOND_TRIES_AT_ONCE = 4
MOST_SECOND_TRIES = 5  # of one run, whatever else the machine does


@dataclasses.dataclass
class Job:
    """One scenario in one family."""

    scenario: scenario.Scenario
    family: int
    started: float = 0
    error: str = ""
    is_second_try: bool = False

    @property
    def name(self):
        return f"{self.scenario.name}.v{self.family}"

    @property
    def folder(self):
        return os.path.join(OUT, self.name)


def load(pattern="*", varied=False):
    """All scenarios of tests/lab/scenarios whose name fits the pattern.

    With `varied`, their variations as well; they are called NAME+VARIATION.
    """
    found, names = [], set()
    for module in sorted(
        item.name for item in pkgutil.iter_modules(scenarios.__path__)
    ):
        for item in importlib.import_module(f"scenarios.{module}").SCENARIOS:
            item.theme = module
            if item.name in names:
                raise ValueError(f"two scenarios are named {item.name}")
            names.add(item.name)
            found.append(item)
    for item in found:
        if item.twin and item.twin not in names:
            raise ValueError(f"{item.name} is twin of unknown {item.twin}")
    if varied:
        found += [other for item in found for other in variations.of(item)]
    return [
        Job(item, family)
        for item in found
        for family in item.families
        if any(
            fnmatch.fnmatch(name, pattern)
            for name in (item.name, f"{item.name}.v{family}", item.theme)
        )
    ]


def describe(job, vantages):
    """What truth.json says."""
    item = job.scenario
    return {
        "name": job.name,
        "story": item.story,
        "theme": item.theme,
        "family": job.family,
        "twin": item.twin,
        "innocent": item.innocent,
        "truth": {
            vantage: dataclasses.asdict(item.truth_at(vantage))
            for vantage in vantages
        },
    }


def refresh_truth(job, path):
    """Writes the tables' present truth beside recordings that exist."""
    with open(path, encoding="utf-8") as file:
        vantages = list(json.load(file)["truth"])
    truths = describe(job, vantages)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(truths, file, indent=1)
    return truths


def play(job):
    """Runs one scenario; inside a sandbox. Leaves result.json."""
    item = job.scenario
    path = item.build(job.family)
    points = [
        item.points.get(point.node, point)
        for point in capture.default_points(path)
    ]
    vantages = [point.node for point in points]

    def comment(point):
        return {**describe(job, [point.node]), "vantage": point.node}

    player = conductor.Conductor(path, job.family, points)
    try:
        player.play(item.before)
    except conductor.StepFailed as failure:
        kernel.write_file(
            f"{job.folder}/result.json", json.dumps(f"before: {failure}")
        )
        return 0
    recorder = capture.Recorder(path, job.folder, points, comment)
    player.recorder = recorder
    error = ""
    try:
        player.play(item.steps)
    except conductor.StepFailed as failure:
        error = str(failure)
    recorder.stop()
    path.stop()
    with open(f"{job.folder}/truth.json", "w", encoding="utf-8") as file:
        json.dump(describe(job, vantages), file, indent=1)
    if not error:
        error = unseen(item, path, job, vantages)
    kernel.write_file(f"{job.folder}/result.json", json.dumps(error))
    return 0


def unseen(item, path, job, vantages):
    """The conditions that the recordings do not meet, as text."""
    recordings = {
        name: packets.read(f"{job.folder}/{name}.pcapng") for name in vantages
    }
    nodes = {
        node.name: {
            path.address(node, number, family)
            for _, number in node.interfaces
            for family in (4, 6)
        }
        for node in path.nodes
    }
    nodes["vip"] = {path.names(job.family)["vip"]}
    failed = [
        packets.check(condition, recordings, nodes) for condition in item.seen
    ]
    return "; ".join(text for text in failed if text)


class Runner:
    """Runs jobs side by side and tells `done` about each as it ends."""

    def __init__(self, jobs, width, done):
        self.waiting = list(jobs)
        self.width = width
        self.done = done
        self.running = {}  # process descriptor -> (process id, job)

    def run(self):
        while self.waiting or self.running:
            while self.waiting and len(self.running) < self.width:
                self._start(self.waiting.pop(0))
            ready, _, _ = select.select(list(self.running), [], [], 1)
            for descriptor in ready:
                self._finish(descriptor)
            for child, job in self.running.values():
                if time.monotonic() - job.started > LIMIT_S:
                    os.kill(child, signal.SIGKILL)

    def _start(self, job):
        shutil.rmtree(job.folder, ignore_errors=True)
        os.makedirs(job.folder)
        job.started = time.monotonic()
        child = kernel.fork_sandbox(lambda: play(job))
        self.running[os.pidfd_open(child)] = (child, job)

    def _finish(self, descriptor):
        child, job = self.running.pop(descriptor)
        os.close(descriptor)
        os.waitpid(child, 0)
        try:
            with open(f"{job.folder}/result.json", encoding="utf-8") as file:
                job.error = json.load(file)
        except (OSError, ValueError):
            job.error = "the lab itself failed"
        self.done(job)


class Report:
    """Prints one line per job, and collects the scoreboard's rows."""

    def __init__(self, program):
        self.culprit = ForkServer(program) if program else None
        self.rows = []
        self.passed = 0
        self.failed = 0
        self.put_off = []  # did not take place; a busy machine may be why

    def __call__(self, job):
        if job.error and not job.is_second_try:
            print(f"# {job.name} did not take place: {job.error}; "
                  "once more at the end")
            self.put_off.append(job)
            return
        complaints = [f"did not take place: {job.error}"] if job.error else []
        if not job.error and self.culprit:
            complaints = self._judge(job)
        seconds = time.monotonic() - job.started
        word = "not ok" if complaints else "ok"
        self.passed += not complaints
        self.failed += bool(complaints)
        number = self.passed + self.failed
        print(f"{word} {number} - {job.name} ({seconds:.1f} s)")
        for text in complaints:
            print(f"#   {text}")
        if complaints and os.path.isdir(job.folder):
            kept = os.path.join(FAILED, job.name)
            shutil.copytree(job.folder, kept, dirs_exist_ok=True)
        sys.stdout.flush()

    def count_retried(self, names):
        """Says which did not take place at first; too many is a failure."""
        if not names:
            return
        print(f"# retried: {len(names)} ({'; '.join(names)})")
        if len(names) > MOST_SECOND_TRIES:
            self.failed += 1
            print(
                f"not ok {self.passed + self.failed} - at most "
                f"{MOST_SECOND_TRIES} scenarios do not take place at first"
            )

    def _judge(self, job):
        truths = refresh_truth(job, f"{job.folder}/truth.json")
        complaints = []
        verdicts = {}
        for vantage, truth in truths["truth"].items():
            recording = f"{job.folder}/{vantage}.pcapng"
            incidents = judge.analyze(self.culprit, recording)
            verdict = judge.judge(truth, incidents)
            verdicts[vantage] = verdict
            self.rows.append((truths, vantage, verdict))
            if verdict.fails(vantage):
                complaints.append(f"{vantage}: {verdict.complaint}")
        if all(end in verdicts for end in judge.ENDS):
            ends = (f"{job.folder}/{end}.pcapng" for end in judge.ENDS)
            complaint = judge.joint_complaint(
                verdicts,
                judge.judge_jointly(
                    truths["truth"], judge.analyze(self.culprit, *ends)
                ),
            )
            complaints += [complaint] if complaint else []
        return complaints


def parse(words):
    parser = argparse.ArgumentParser(prog="run.py")
    parser.add_argument("--only", default="*", metavar="PATTERN")
    parser.add_argument("--jobs", type=int, default=16, metavar="N")
    parser.add_argument("--no-judge", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument(
        "--varied", action="store_true", help="the variations as well"
    )
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--program", default="build/culprit")
    parser.add_argument(
        "--scoreboard", default="", metavar="FILE", help="write it there"
    )
    return parser.parse_args(words)


def main():
    options = parse(sys.argv[1:])
    jobs = load(options.only, options.varied)
    if options.list:
        for job in jobs:
            print(f"{job.name}\t{job.scenario.theme}\t{job.scenario.story}")
        return 0
    if not jobs:
        print(f"no scenario fits {options.only}", file=sys.stderr)
        return 2
    program = "" if options.no_judge else os.path.abspath(options.program)
    if program and not os.access(program, os.X_OK):
        print(f"# there is no {options.program}: recording without judging")
        program = ""
    report = Report(program)
    started = time.monotonic()
    if options.again:
        for job in jobs:
            job.started = time.monotonic()
            if os.path.exists(f"{job.folder}/truth.json"):
                report(job)
    else:
        reason = kernel.why_not()
        if reason:
            print(f"ok 1 - the lab # SKIP it cannot run here: {reason}")
            return 0
        os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
        Runner(jobs, options.jobs, report).run()
        put_off = report.put_off
        for job in put_off:
            job.is_second_try = True
            job.error = ""
        Runner(put_off, SECOND_TRIES_AT_ONCE, report).run()
        report.count_retried([job.name for job in put_off])
    if report.rows and options.scoreboard:
        scoreboard.write(options.scoreboard, report.rows)
    print(f"# {time.monotonic() - started:.0f} s")
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
