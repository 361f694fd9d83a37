#!/usr/bin/env python3
"""Runs all tests and prints the closing line `N passed, N failed`.

Every test is a program that prints TAP ("ok 3 - a sentence", "not ok ...",
"ok 4 # SKIP why"). A program that fails without a "not ok" counts as one
failure of its own, so that a crash can't pass.

    run.py [PART...]    rules units knowledge commands page lab probe fuzz; all
                        without a word
    run.py quick        rules, the units without the sanitizers, knowledge

What measures or waits, on real kernels and interfaces, begins as soon as the
program is built, first the lab, then several tests side by side: they leave
most of the processors' time unused. What computes fills it and goes on alone
after that: the other builds, then one program more than there are processors,
since some wait now and then, and as many fuzz harnesses as processors, all of
them nicer than what measures as long as something does, the harnesses to the
end. The longest are begun first, by how long they took the last time.
"""
import concurrent.futures
import contextlib
import ctypes
import dataclasses
import os
import re
import signal
import subprocess
import sys
import threading
import time

import run_times

PYTHON = "/usr/bin/python3"  # Debian's own, for what runs in the lab
JOBS = os.cpu_count() or 1
BUILD = os.environ.get("BUILD", "build")
SANITIZED = f"{BUILD}/sanitized"
FUZZ_SECONDS = os.environ.get("FUZZ_SECONDS", "60")
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LINE = re.compile(r"^(not )?ok\b[ \t]*\d*[ \t]*-?[ \t]*(.*)")
# Those of tests/commands that play on interfaces and wait for what comes.
WAITING = ("test_capture.py", "test_follow.py", "test_lake_jobs.py",
           "test_link.py", "test_probe.py", "test_probe_view.py",
           "test_sandbox.py")
# Those about the build and the sources: one is enough.
ONCE = ("test_build.py", "test_build_twice.py", "test_extending.py",
        "test_lake_jobs.py", "test_schema.py")


@dataclasses.dataclass
class Job:
    """A program of tests."""

    name: str
    command: list
    is_waiting: bool = False
    takes_all: bool = False  # it plays many things at once itself
    is_fuzz: bool = False

    def is_measuring(self):
        return self.is_waiting or self.takes_all

    def is_sanitized(self):
        return self.name.endswith("(sanitized)")


# Behind what measures; the harnesses behind all, for they take what they get,
# as long as they run. The builds are not: the sanitized program is measured
# too. A session of its own is scheduled as a group, which has to be as nice
# (sched(7), autogroup).
COMPUTING, FUZZING = 10, 15


def modestly(nice):
    return ("sh", "-c", f"{{ echo {nice} >/proc/$$/autogroup; }} 2>/dev/null; "
            f'exec nice -n {nice} "$@"', "sh")


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = self.second_tries = 0
        self.processor_s = 0.0
        self.times = {}
        self.targets = set()  # what is built
        self.is_measuring = False
        self.modest = set()  # process groups that compute beside what measures
        self.lock = threading.Lock()

    def run(self, job):
        """Runs a program of tests and counts what it says."""
        started = time.monotonic()
        output, code, processor_s = self.listen(self.niceness(job), job.command)
        took_s = time.monotonic() - started
        passed = failed = 0
        skipped = []
        for line in output.splitlines():
            match = LINE.match(line)
            if not match:
                continue
            if re.search(r"#\s*skip", match.group(2), re.I):
                skipped.append(match.group(2))  # cmocka: "not ok 1 # SKIP"
            elif match.group(1):
                failed += 1
            else:
                passed += 1
        if failed == 0 and (code != 0 or passed + len(skipped) == 0):
            failed = 1
        again = [line[len("# "):] for line in output.splitlines()
                 if line.startswith("# second try: ")]
        text = [f"  skipped: {reason}" for reason in skipped]
        text += [f"  {line}" for line in again]
        if failed:
            text += [line for line in output.splitlines()
                     if not line.startswith("ok ")]
            text.append(f"  exit status {code}")
        text.append(f"{'FAIL' if failed else 'ok  '} {job.name}: {passed} "
                    f"passed, {failed} failed "
                    f"({took_s:.1f} s, {processor_s:.1f} s of processor)")
        with self.lock:
            print("\n".join(text), flush=True)
            self.passed += passed
            self.failed += failed
            self.skipped += len(skipped)
            self.second_tries += len(again)
            self.processor_s += processor_s
            self.times[job.name] = round(took_s, 1)

    def niceness(self, job):
        if job.is_measuring():
            return 0
        return FUZZING if job.is_fuzz else COMPUTING

    def listen(self, nice, command, **limits):
        """Harnesses are nice to the end, others beside what measures."""
        begun = []

        def note(pid):
            begun.append(pid)
            if nice and nice != FUZZING:
                with self.lock:
                    self.modest.add(pid)

        if nice and (self.is_measuring or nice == FUZZING):
            command = [*modestly(nice), *command]
        try:
            return listen(command, note, **limits)
        finally:
            with self.lock:
                self.modest.difference_update(begun)

    def end_measuring(self):
        """From now on what computes is as nice as others."""
        with self.lock:
            self.is_measuring = False
            for pid in self.modest:
                with contextlib.suppress(OSError):  # it has ended
                    os.setpriority(os.PRIO_PGRP, pid, 0)
                with contextlib.suppress(OSError), open(
                        f"/proc/{pid}/autogroup", "w",
                        encoding="ascii") as file:
                    file.write("0")

    def build(self, target):
        """Builds what tests need; a failed build is a failed test."""
        started = time.monotonic()
        output, code, processor_s = self.listen(
            0, ["make", "--no-print-directory", f"-j{JOBS}", *target.split(),
                "WERROR=-Werror"], timeout=3600)
        self.processor_s += processor_s
        if code != 0:
            print(output)
            print(f"FAIL make {target}", flush=True)
            self.failed += 1
            return
        print(f"     make {target} ({time.monotonic() - started:.1f} s, "
              f"{processor_s:.1f} s of processor)", flush=True)

    def skip(self, sentence, reason):
        print(f"  skipped: {sentence}: {reason}", flush=True)
        self.skipped += 1


def listen(command, begun, timeout=900):
    """Runs a command in a process group of its own, whose number it tells to
    `begun`; returns what it printed, its exit status, and how long it and its
    children kept a processor."""
    env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP", TZ="UTC0",
               LC_ALL="C.UTF-8",
               ASAN_OPTIONS="detect_leaks=1:abort_on_error=0",
               UBSAN_OPTIONS="print_stacktrace=1")
    try:
        # pylint: disable=consider-using-with # wait4() says more than its wait
        process = subprocess.Popen(command, cwd=TOP, env=env, text=True,
                                   errors="replace", stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT,
                                   start_new_session=True)
    except OSError as error:  # it was not built
        return f"{error}\n", 127, 0.0
    begun(process.pid)
    is_late = threading.Event()

    def end():
        is_late.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(timeout, end)
    timer.start()
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if is_late.is_set():
        output += f"\n(no end after {timeout} s)\n"
    return output, process.returncode, usage.ru_utime + usage.ru_stime


def sources(folder, ending):
    """The test_* in a folder and in those below it."""
    found = []
    for path, _, names in os.walk(os.path.join(TOP, folder)):
        found += [os.path.join(path, n) for n in names
                  if n.startswith("test_") and n.endswith(ending)]
    return sorted(found)


def both(name, words, is_waiting=False):
    """A program of tests that takes the program: for both builds."""
    return [Job(name + mark, [*words, program], is_waiting)
            for mark, program in (("", f"{BUILD}/culprit"),
                                  (" (sanitized)", f"{SANITIZED}/culprit"))]


def rules(tally):
    """What the sources promise without being run."""
    is_compiled = {TWICE, HARNESSES} <= tally.targets  # by clang, most of it
    clang = "clang-rest" if is_compiled else "clang"
    return [Job("rooms", [sys.executable, "tests/rooms.py",
                          f"{BUILD}/objects"]),
            Job("style", [sys.executable, "tests/style.py"]),
            Job("clang", ["sh", "-c", f"make --no-print-directory -j{JOBS} "
                          f"{clang} && echo 'ok 1 - clang has no warning'"])]


def units_of(folder, mark, of="tests/unit"):
    names = [os.path.relpath(source, os.path.join(TOP, "tests"))[:-len(".c")]
             for source in sources(of, ".c")]
    return [Job(os.path.basename(name) + mark,
                [os.path.join(TOP, folder, name)]) for name in names]


def units(_):
    return units_of(BUILD, "") + units_of(SANITIZED, " (sanitized)")


def knowledge(_):
    """Mutants of the tables of knowledge, which a trace has to notice."""
    return units_of(BUILD, "", "tests/knowledge")


def quick(tally):
    return rules(tally) + units_of(BUILD, "") + knowledge(tally)


def commands(_):
    """tests/commands/test_*.py take the program as an argument."""
    jobs = []
    for script in sources("tests/commands", ".py"):
        name = os.path.basename(script)
        words = [sys.executable, script]
        twice = both(name, words, name in WAITING)
        jobs += twice[:1] if name in ONCE else twice
    return jobs


def page(_):
    """The HTML report in Chromium."""
    return [Job("the HTML report", [sys.executable, "tests/page/test_page.py",
                                    f"{BUILD}/culprit"])]


def lab(tally):
    """Real kernels: their recordings, and as root themselves."""
    jobs = [Job("the lab's judge", [PYTHON, "tests/lab/selftest.py"])]
    golden = [PYTHON, "tests/lab/golden.py"]
    jobs.append(Job("recordings of the lab", [*golden, f"{BUILD}/culprit"]))
    # test_verdicts.py gives the sanitized program each recording alone
    jobs.append(Job("recordings of the lab (sanitized)",
                    [*golden, "--together", f"{SANITIZED}/culprit",
                     f"{BUILD}/culprit"]))
    jobs.append(Job("recordings of the lab, filtered",
                    [PYTHON, "tests/lab/filtered.py", f"{BUILD}/culprit"]))
    reason = cannot_unshare()
    if reason:
        tally.skip("the lab", reason)
    else:
        jobs.append(Job("the lab", [PYTHON, "tests/lab/run.py", "--program",
                                    f"{BUILD}/culprit"], takes_all=True))
    return jobs


def probe(tally):
    """tests/probe/test_*.py: the probe on paths of the lab."""
    reason = cannot_unshare()
    if reason:
        tally.skip("the probe on paths of the lab", reason)
        return []
    jobs = []
    for script in sources("tests/probe", ".py"):
        name = os.path.basename(script)
        words = [PYTHON, script]
        jobs += [job for job in both(name, words, is_waiting=True)
                 if "hostile" in name or "sanitized" not in job.name]
    return jobs


def cannot_unshare():
    """Why there can be no lab, or None."""
    if os.geteuid() != 0:
        return "it takes root"
    if not os.path.exists("/dev/net/tun"):
        return "no /dev/net/tun"
    done = subprocess.run(["unshare", "-n", "-m", "-p", "-f", "true"],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          check=False)
    return "no network namespaces here" if done.returncode else None


def fuzz(_):
    """All harnesses."""
    names = sorted(n[len("fuzz_"):-len(".c")]
                   for n in os.listdir(os.path.join(TOP, "tests/fuzz"))
                   if n.startswith("fuzz_") and n.endswith(".c"))
    return [Job(f"fuzz_{name}", ["sh", "tests/fuzz/run.sh",
                                 f"{SANITIZED}/fuzz", FUZZ_SECONDS, name],
                is_fuzz=True) for name in names]


# What is run, and what has to be built for it; of that, what measures on real
# kernels needs the first and, where its name says so, the sanitized program.
MEASURED, PLAIN = "all lab-tools", "unit tools fork-server generator"
TWICE, HARNESSES = "sanitized", "fuzz-programs"
PARTS = {"rules": (rules, []),
         "units": (units, [MEASURED, PLAIN, TWICE]),
         "knowledge": (knowledge, ["knowledge"]),
         "commands": (commands, [MEASURED, PLAIN, TWICE]),
         "page": (page, [MEASURED, PLAIN]),
         "lab": (lab, [MEASURED, TWICE]),
         "probe": (probe, [MEASURED, TWICE]),
         "fuzz": (fuzz, [HARNESSES])}
QUICK = {"quick": (quick, ["all unit knowledge"])}


def together(calls, width):
    """Several at a time; what one of them raises, this raises."""
    with concurrent.futures.ThreadPoolExecutor(max(1, width)) as pool:
        for future in [pool.submit(*call) for call in calls]:
            future.result()


def side_by_side(tally, jobs, width):
    together([(tally.run, job) for job in jobs], width)


def compute(tally, targets, jobs, is_built):
    """The builds that are left, then what computes, beside it the harnesses."""
    try:
        if targets:
            tally.build(" ".join(targets))
    finally:
        is_built.set()
    lanes = (([job for job in jobs if job.is_fuzz], JOBS),
             ([job for job in jobs if not job.is_fuzz], JOBS + 1))
    together([(side_by_side, tally, *lane) for lane in lanes], len(lanes))


def measure(tally, jobs, is_built):
    """The lab, then the others: they wait more than they work."""
    side_by_side(tally, [job for job in jobs if job.takes_all], 1)

    def run(job):
        if job.is_sanitized():
            is_built.wait()
        tally.run(job)

    others = [job for job in jobs if not job.takes_all]
    others.sort(key=Job.is_sanitized)  # the longest first of either kind
    together([(run, job) for job in others], 3 * JOBS)
    tally.end_measuring()


def forgo_huge_pages():
    """Zeroing a page of 2 MB for the few flows of each of thousands of small
    recordings took half of the time of some unit tests (prctl(2),
    PR_SET_THP_DISABLE; test_memory.py takes it back). A kernel without that
    is slower."""
    ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)


def main(words):
    known = PARTS | QUICK
    unknown = [word for word in words if word not in known]
    if unknown:
        print(f"run.py: no part {unknown[0]}: {' '.join(known)}",
              file=sys.stderr)
        return 2
    forgo_huge_pages()
    tally = Tally()
    started = time.monotonic()
    chosen = [known[word] for word in words or PARTS]
    targets = list(dict.fromkeys(t for _, wanted in chosen for t in wanted))
    tally.targets = set(targets)
    jobs = run_times.longest_first(
        [job for part, _ in chosen for job in part(tally)])
    if MEASURED in targets:
        tally.build(MEASURED)
        targets.remove(MEASURED)
    tally.is_measuring = any(job.is_measuring() for job in jobs)
    is_built = threading.Event()
    together([(measure, tally, [job for job in jobs if job.is_measuring()],
               is_built),
              (compute, tally, targets,
               [job for job in jobs if not job.is_measuring()], is_built)], 2)
    run_times.remember(tally.times)
    print(f"{time.monotonic() - started:.0f} s, {tally.processor_s:.0f} s of "
          f"processor, {tally.skipped} skipped, {tally.second_tries} second "
          f"tries")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


sys.exit(main(sys.argv[1:]))
