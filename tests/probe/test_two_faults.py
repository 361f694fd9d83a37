#!/usr/bin/python3
"""Random paths with two faults each, and healthy ones between: is all that
`culprit probe` says with `certain` or `likely` right, is nothing excluded that
is there, and how much is found?

    test_two_faults.py [--cases N] [--seed N] [--jobs N] [--only CASE] PROGRAM

Every fourth case is healthy beside those. Prints a line for each case that is
not as it should be. Needs root.
"""

import argparse
import json
import os
import random

import stage

import processes
import tap
import two_faults
import two_faults_judge

WANTED = 0.95


def draw(options):
    generator = random.Random(options.seed)
    cases = []
    for number in range(options.cases):
        cases.append(two_faults.draw(generator))
        if number % 4 == 0:
            cases.append(two_faults.draw(generator, is_healthy=True))
    for number, case in enumerate(cases):
        case["number"] = number
    return cases


def tell(case, result, run):
    print(f"# case {case['number']}, IPv{case['family']}: {case['faults']}")
    for word in ("wrong", "excluded", "missed"):
        if result[word]:
            print(f"#   {word}: {json.dumps(result[word])}")
    print(f"#   {run['text'].splitlines()[-1]}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--cases", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int, help="the case of that number")
    parser.add_argument("program")
    options = parser.parse_args()
    if os.geteuid() != 0:
        tap.skip("two faults", "not root")
        stage.done()
    cases = draw(options)
    if options.only is not None:
        cases = [cases[options.only]]
    program = os.path.abspath(options.program)
    wrong = hidden = found = wanted = healthy = 0
    pool = processes.Pool(options.jobs)
    calls = [pool.submit(two_faults.play, case, program) for case in cases]
    for case, call in zip(cases, calls):
        run = call.result()
        result = two_faults_judge.judge(case, run)
        wrong += bool(result["wrong"])
        hidden += bool(result["excluded"])
        wanted += result["wanted"]
        found += result["wanted"] - len(result["missed"])
        healthy += not case["faults"]
        if result["wrong"] or result["excluded"] or result["missed"]:
            tell(case, result, run)
        if options.only is not None:
            print(run["text"])
    print(
        f"# {len(cases)} paths, {healthy} of them healthy: {wrong} with a "
        f"wrong finding, {hidden} with a wrong exclusion, {found} of "
        f"{wanted} faults found"
    )
    tap.check(wrong == 0, "nothing wrong is certain or likely")
    tap.check(hidden == 0, "nothing is excluded that is there")
    tap.check(found >= WANTED * wanted, "95 % of the faults are found")
    stage.done()


if __name__ == "__main__":
    main()
