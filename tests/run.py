#!/usr/bin/env python3
"""Runs all tests and prints the closing line `N passed, N failed`.

Every test is a program that prints TAP ("ok 3 - a sentence", "not ok ...",
"ok 4 # SKIP why"). A program that fails without a "not ok" counts as one
failure of its own, so that a crash can't pass.

    run.py [PART...]    rules units commands lab probe fuzz; all without a word
"""
import concurrent.futures
import os
import re
import signal
import subprocess
import sys
import threading
import time

PYTHON = "/usr/bin/python3"  # Debian's own, for what runs in the lab
JOBS = os.cpu_count() or 1
FUZZ_SECONDS = os.environ.get("FUZZ_SECONDS", "60")
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LINE = re.compile(r"^(not )?ok\b[ \t]*\d*[ \t]*-?[ \t]*(.*)")


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.lock = threading.Lock()

    def run(self, name, command, environment=None, timeout=900):
        """Runs a program of tests and counts what it says."""
        started = time.monotonic()
        env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP",
                   ASAN_OPTIONS="detect_leaks=1:abort_on_error=0",
                   UBSAN_OPTIONS="print_stacktrace=1")
        env.update(environment or {})
        output, code = listen(command, env, timeout)
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
        text = [f"  skipped: {reason}" for reason in skipped]
        if failed:
            text += [line for line in output.splitlines()
                     if not line.startswith("ok ")]
            text.append(f"  exit status {code}")
        text.append(f"{'FAIL' if failed else 'ok  '} {name}: {passed} passed, "
                    f"{failed} failed ({time.monotonic() - started:.1f} s)")
        with self.lock:
            print("\n".join(text), flush=True)
            self.passed += passed
            self.failed += failed
            self.skipped += len(skipped)

    def build(self, name, command):
        """Builds what tests need; a failed build is a failed test."""
        started = time.monotonic()
        output, code = listen(command, dict(os.environ), 900)
        if code != 0:
            print(output)
            print(f"FAIL {name} does not build", flush=True)
            self.failed += 1
            return False
        print(f"     {name}: built ({time.monotonic() - started:.1f} s)",
              flush=True)
        return True

    def skip(self, sentence, reason):
        print(f"  skipped: {sentence}: {reason}", flush=True)
        self.skipped += 1


def listen(command, env, timeout):
    """Runs a command; returns what it printed, and its exit status."""
    with subprocess.Popen(command, cwd=TOP, env=env, text=True,
                          errors="replace", stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          start_new_session=True) as process:
        try:
            output, _ = process.communicate(timeout=timeout)
            return output, process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            return output + f"\n(no end after {timeout} s)\n", -1


def make(*arguments):
    return ["make", "--no-print-directory", f"-j{JOBS}", *arguments]


def programs(folder):
    path = os.path.join(TOP, folder)
    if not os.path.isdir(path):
        return []
    return [os.path.join(path, n) for n in sorted(os.listdir(path))
            if n.startswith("test_") and not n.endswith((".d", ".o"))]


def rules(tally):
    """What the sources promise without being run."""
    tally.run("rooms", [sys.executable, "tests/rooms.py"])
    tally.run("style", [sys.executable, "tests/style.py"])
    started = time.monotonic()
    output, code = listen(make("clang"), dict(os.environ), 900)
    tally.passed += code == 0
    tally.failed += code != 0
    print(output if code else f"ok   clang has no warning "
          f"({time.monotonic() - started:.1f} s)", flush=True)


def units(tally):
    for mark, folder in (("", "build/unit"),
                         (" (sanitized)", "build/sanitized/unit")):
        for program in programs(folder):
            tally.run(os.path.basename(program) + mark, [program])


def both(tally, name, words):
    """A program of tests that takes the program: for both builds at once."""
    side_by_side((tally.run, name + mark, [*words, program])
                 for mark, program in (("", "build/culprit"),
                                       (" (sanitized)",
                                        "build/sanitized/culprit")))


def side_by_side(calls, times=1):
    """As many calls at a time as there are processors, or times as many."""
    with concurrent.futures.ThreadPoolExecutor(times * JOBS) as pool:
        for future in [pool.submit(*call) for call in calls]:
            future.result()


def commands(tally):
    """tests/commands/test_*.py take the program as an argument."""
    for script in programs("tests/commands"):
        both(tally, os.path.basename(script), [sys.executable, script])


def lab(tally):
    """Real kernels: their recordings, and as root themselves."""
    tally.run("the lab's judge", [PYTHON, "tests/lab/selftest.py"])
    both(tally, "recordings of the lab", [PYTHON, "tests/lab/golden.py"])
    reason = cannot_unshare()
    if reason:
        tally.skip("the lab", reason)
        return
    tally.run("the lab", [PYTHON, "tests/lab/run.py",
                          "--program", "build/culprit"])


def probe(tally):
    """tests/probe/test_*.py: the probe on paths of the lab."""
    reason = cannot_unshare()
    if reason:
        tally.skip("the probe on paths of the lab", reason)
        return
    scripts = [(script, "build/culprit", "")
               for script in programs("tests/probe")]
    scripts += [(script, "build/sanitized/culprit", " (sanitized)")
                for script, _, _ in scripts if "hostile" in script]
    side_by_side(((tally.run, os.path.basename(script) + mark,
                   [PYTHON, script, program])
                  for script, program, mark in scripts),
                 times=3)  # they wait more than they work


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


def fuzz(tally):
    """All harnesses, as many at a time as there are processors."""
    if not tally.build("fuzz harnesses", make("fuzz-programs")):
        return
    names = sorted(n[len("fuzz_"):-len(".c")]
                   for n in os.listdir(os.path.join(TOP, "tests/fuzz"))
                   if n.startswith("fuzz_") and n.endswith(".c"))

    side_by_side((tally.run, f"fuzz_{name}",
                  ["sh", "tests/fuzz/run.sh", "build/fuzz", FUZZ_SECONDS,
                   name])
                 for name in names)


PARTS = {"rules": rules, "units": units, "commands": commands, "lab": lab,
         "probe": probe, "fuzz": fuzz}


def main(words):
    unknown = [word for word in words if word not in PARTS]
    if unknown:
        print(f"run.py: no part {unknown[0]}: {' '.join(PARTS)}",
              file=sys.stderr)
        return 2
    tally = Tally()
    started = time.monotonic()
    for name, target in (("unit tests", "unit"),
                         ("sanitized build", "sanitized")):
        tally.build(name, make(target, "WERROR=-Werror"))
    if not cannot_unshare():  # some of the commands' tests play in it too
        tally.build("the lab", make("tools/lab", "lab-tools"))
    for name, part in PARTS.items():
        if not words or name in words:
            part(tally)
    print(f"{time.monotonic() - started:.0f} s, {tally.skipped} skipped")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


sys.exit(main(sys.argv[1:]))
