"""How long programs of tests take: the longest are begun first."""
import contextlib
import json
import os

# Those that take longest, for the first run of a build: seconds.
LONG = {"test_diagnosis.py": 150, "test_default.py": 82, "test_tls.py": 53,
        "test_ssh.py": 86, "test_random_holes.py": 67, "test_link.py": 45,
        "test_fragments.py": 63, "test_jitter.py": 62, "test_lake_jobs.py": 61,
        "test_hostile.py": 54, "test_hostile.py (sanitized)": 55,
        "test_loss.py": 49, "test_reset.py": 48, "test_usage.py": 41,
        "test_features.py": 36, "test_idle.py": 32, "test_reverse.py": 27,
        "test_sandbox.py": 67,
        "test_mutations.py (sanitized)": 70, "test_build_twice.py": 40,
        "test_jobs.py (sanitized)": 34, "test_verdicts.py (sanitized)": 31,
        "test_extending.py": 27, "test_merge.py (sanitized)": 25,
        "test_trace_invariants (sanitized)": 25, "the HTML report": 23,
        "test_json.py (sanitized)": 21, "test_csv.py (sanitized)": 19,
        "test_explain.py (sanitized)": 15, "test_parts (sanitized)": 15,
        "test_schema.py": 14, "test_mutants": 13, "test_memory.py": 11,
        "test_merge.py": 11, "test_picture.py": 10, "test_jobs.py": 10}
BUILD = os.environ.get("BUILD", "build")
TIMES = f"{BUILD}/test_times.json"


def longest_first(jobs):
    """By the times of the last run, if this build had one."""
    times = dict(LONG)
    with contextlib.suppress(OSError, ValueError), \
            open(TIMES, encoding="utf-8") as file:
        times |= json.load(file)
    return sorted(jobs, key=lambda job: -times.get(job.name, 0))


def remember(times):
    """A run of some parts keeps what is known of the others."""
    with contextlib.suppress(OSError, ValueError), \
            open(TIMES, encoding="utf-8") as file:
        times = json.load(file) | times
    os.makedirs(BUILD, exist_ok=True)
    with open(TIMES, "w", encoding="utf-8") as file:
        json.dump(times, file, indent=0, sort_keys=True)
