"""Cases of something planted on a path of five routers, and what `culprit
probe` has to find there: exactly that. Kernels' default limits of ICMP errors
are on; each recording has to be judged as the run was."""

import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import stage

TOP = os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
)
ROUTERS = 5
LIMITS = stage.limits(ROUTERS)

# options: of tests/lab/path.py; expected: lines as `summarised` makes them;
# target: instead of the server's address
Case = collections.namedtuple(
    "Case", "family name options only expected target", defaults=(None,)
)


def rules(router, *chains):
    """Rules of nftables on a router; each chain is (hook, priority, rules)."""
    text = "".join(
        f"chain {hook} {{\ntype filter hook {hook} priority {priority};\n"
        f"{lines}\n}}\n"
        for hook, priority, lines in chains
    )
    return ["--nft", f"{router}:table inet planted {{\n{text}}}"]


def summarised(finding):
    """A finding in one line; a hop that is not known is left out."""
    words = [
        finding[key]
        for key in ("finding", "field", "kind", "direction")
        if key in finding and (key, finding[key]) != ("direction", "forward")
    ]
    words += [
        f"{key} {finding[key]}"
        for key in ("mtu", "hop", "after_hop", "before_hop")
        if key in finding
    ]
    return " ".join(words)


def probe(case, program, recording):
    """(standard output, standard error) of one run on its path."""
    target = case.target or f"$LAB_SERVER{case.family}"
    done = subprocess.run(
        [
            sys.executable,
            os.path.join(TOP, "tests/lab/path.py"),
            "--routers",
            str(ROUTERS),
            *LIMITS,
            *case.options,
            "--serve",
            "22:banner",
            "--",
            "sh",
            "-c",
            f"{program} probe {target} --json --only {case.only} "
            f"-w {recording}",
        ],
        cwd=TOP,
        text=True,
        capture_output=True,
        check=False,
    )
    return done


def run(case, program, folder):
    """(name, what is wrong or None)"""
    name = f"IPv{case.family}, {case.name}"
    recording = os.path.join(folder, name.replace(" ", "-"))
    done = probe(case, program, recording)
    if done.returncode:
        return name, f"exit status {done.returncode}: {done.stderr.strip()}"
    again = stage.judged(program, recording)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = sorted(
        summarised(line) for line in lines if line["type"] == "finding"
    )
    if found != sorted(case.expected):
        return name, f"found {found}, expected {sorted(case.expected)}"
    if again != done.stdout:
        return name, "the recording is judged otherwise"
    return name, None


def tried(case, program, folder, attempts):
    """Where chance has a part, a case may be run again with other numbers."""
    for attempt in range(attempts):
        seed = ["--seed", str(attempt + 1)]
        name, wrong = run(
            case._replace(options=[*case.options, *seed]), program, folder
        )
        if not wrong:
            break
        print(f"# attempt {attempt + 1}, {name}: {wrong}", flush=True)
    return name, wrong


def main(cases, at_once=2, attempts=1):
    """Runs them, some at a time; the program is the first argument."""
    program = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0:
        print("ok 1 # SKIP paths of the lab: not root")
        return 0
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            results = pool.map(
                lambda one: tried(one, program, folder, attempts), cases
            )
            for number, (name, wrong) in enumerate(results, 1):
                bad += bool(wrong)
                print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
                if wrong:
                    print(f"# {wrong}", flush=True)
    return 1 if bad else 0
