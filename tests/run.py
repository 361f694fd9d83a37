#!/usr/bin/env python3
"""Runs all tests and prints the closing line `N passed, N failed`.

Every test is a program that prints TAP ("ok 3 - a sentence", "not ok ...",
"ok 4 # SKIP why"). A program that fails without a "not ok" counts as one
failure of its own, so that a crash can't pass.
"""
import os
import re
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LINE = re.compile(r"^(not )?ok\b[ \t]*\d*[ \t]*-?[ \t]*(.*)")


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def run(self, name, command, environment=None, timeout=900):
        started = time.monotonic()
        env = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP",
                   ASAN_OPTIONS="detect_leaks=1:abort_on_error=0",
                   UBSAN_OPTIONS="print_stacktrace=1")
        env.update(environment or {})
        try:
            done = subprocess.run(command, cwd=TOP, env=env, text=True,
                                  errors="replace", stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=timeout)
            output, code = done.stdout, done.returncode
        except subprocess.TimeoutExpired as late:
            output = (late.stdout or b"").decode(errors="replace")
            output += f"\n(no end after {timeout} s)\n"
            code = -1
        passed = failed = 0
        for line in output.splitlines():
            match = LINE.match(line)
            if not match:
                continue
            if match.group(1):
                failed += 1
            elif re.search(r"#\s*skip", match.group(2), re.I):
                self.skipped += 1
                print(f"  skipped: {match.group(2)}")
            else:
                passed += 1
        if code != 0 and failed == 0:
            failed = 1
        if failed:
            print(output)
        self.passed += passed
        self.failed += failed
        print(f"{'FAIL' if failed else 'ok  '} {name}: {passed} passed, "
              f"{failed} failed ({time.monotonic() - started:.1f} s)",
              flush=True)


def make(*arguments):
    return ["make", "--no-print-directory", "-j2", *arguments]


def built(tally, name, command):
    """Builds what tests need; a failed build is a failed test."""
    done = subprocess.run(command, cwd=TOP, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        print(done.stdout)
        print(f"FAIL {name} does not build")
        tally.failed += 1
        return False
    return True


def programs(folder):
    path = os.path.join(TOP, folder)
    if not os.path.isdir(path):
        return []
    return [os.path.join(path, n) for n in sorted(os.listdir(path))
            if n.startswith("test_") and not n.endswith((".d", ".o"))]


def main():
    tally = Tally()
    tally.run("rooms", ["sh", "-c",
              "sh tests/rooms.sh && echo 'ok 1 - rooms include only whom "
              "they may'"])
    tally.run("the lab's judge", [sys.executable, "tests/lab/selftest.py"])
    if built(tally, "unit tests", make("unit", "WERROR=-Werror")):
        for program in programs("build/unit"):
            tally.run(os.path.basename(program), [program])
    if built(tally, "sanitized build", make("sanitized")):
        for program in programs("build/sanitized/unit"):
            tally.run(os.path.basename(program) + " (sanitized)", [program])
    # tests/commands/test_*.py: the program as its users run it; they take the
    # program as an argument
    for script in programs("tests/commands"):
        tally.run(os.path.basename(script),
                  [sys.executable, script, "build/culprit"])
        tally.run(os.path.basename(script) + " (sanitized)",
                  [sys.executable, script, "build/sanitized/culprit"])
    closing = f"{tally.passed} passed, {tally.failed} failed"
    if tally.skipped:
        closing += f", {tally.skipped} skipped"
    print(closing)
    return 1 if tally.failed or not tally.passed else 0


sys.exit(main())
