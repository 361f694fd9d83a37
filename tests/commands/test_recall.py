#!/usr/bin/env python3
"""Every reset that was planted in a capture is told with its culprit, or counts
as not judged: at every bound, and never as harmless."""
import json
import os
import subprocess
import sys
import tempfile

from tap import PROGRAM, TOP, check, done

sys.path.insert(0, os.path.join(TOP, "tests", "bench"))
import truth as planted  # noqa: E402

GENERATE = os.path.join(TOP, os.environ.get("BUILD", "build"), "bench",
                        "generate")
PACKETS, FLOWS = 120_000, 1_000


def analyse(path, *options):
    """Exit code, lines of JSON."""
    done_ = subprocess.run([PROGRAM, "analyze", "--json", *options, path],
                           capture_output=True, text=True, check=False)
    return done_.returncode, done_.stdout.splitlines()


def recall(folder, ssh_percent):
    path = os.path.join(folder, f"{ssh_percent}.pcap")
    lines = os.path.join(folder, f"{ssh_percent}.truth")
    with open(path, "wb") as file:
        subprocess.run([GENERATE, "planted", str(PACKETS), str(FLOWS), "1",
                        str(ssh_percent), lines], stdout=file, check=True)
    return path, planted.read_truth(lines)


def what_is_wrong(truth, lines):
    found, summary = planted.compare(truth, lines)
    return found, planted.problems(found, summary)


with tempfile.TemporaryDirectory() as folder:
    for percent in (0, 50):
        path, truth = recall(folder, percent)
        code, lines = analyse(path)
        found, wrong = what_is_wrong(truth, lines)
        check(code == 0 and len(truth) > 40 and not wrong and
              found["told"] == len(truth) and
              json.loads(lines[-1])["complete"],
              f"all planted resets are told rightly, {percent} % on port 22",
              (code, found, wrong))
        for bound, least in (("--max-flows=300", 0), ("--max-flows=700", 0),
                             ("--max-incidents=7", len(truth) - 7)):
            _, lines = analyse(path, bound)
            found, wrong = what_is_wrong(truth, lines)
            check(not wrong and least <= found["unjudged_resets"] and
                  found["told"] > 0 and not json.loads(lines[-1])["complete"],
                  f"with {bound}, {percent} % on port 22, each reset is told "
                  "rightly or counts as not judged", (found, wrong))
        code, _ = analyse(path, "--max-incidents=1", "--fail-on=middlebox")
        one, _ = analyse(path, "--max-incidents=1", "--fail-on=client")
        none, _ = analyse(path, "--fail-on=nat-timeout")
        check((code, one, none) == (3, 3, 0),
              f"--fail-on counts what is not kept, {percent} % on port 22",
              (code, one, none))

    # the comparison itself: a report that lies is found out
    frame = min(truth)
    for name, lie in (
            ("a culprit", {**truth, frame: "nobody"}),
            ("a reset", {k: v for k, v in truth.items() if k != frame}),
            ("a reset more", {**truth, 1: "server"})):
        _, wrong = what_is_wrong(lie, analyse(path)[1])
        check(wrong, f"the comparison notices that {name} is wrong", wrong)
done()
