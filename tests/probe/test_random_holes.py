#!/usr/bin/python3
"""Random black holes and honest limits on a path of five routers, and healthy
twins: does `culprit probe` name the size to the byte, the link and the
direction, in no more than 400 packets?

    test_random_holes.py [--cases N] [--seed N] [--loss PERCENT] [--jobs N]
                         PROGRAM

Kernels' default limits of ICMP errors are on; loss is of all packets alike.
Prints a line per case that went wrong, then how many were right and how long
they took. Times are told, not judged. Needs root.
"""

import argparse
import functools
import json
import os
import random
import statistics
import subprocess

import stage

import processes
import tap

ROUTERS = 5
MOST_PACKETS = 400
# What a run should take at most, in seconds, by kind and round trip in ms.
GOALS = {"none": {0: 1, 20: 1, 150: 1}}
GOAL = {0: 2, 20: 2, 150: 5}


def draw(generator, options):
    """One case: what is planted, and what has to be found."""
    family = generator.choice((4, 6))
    top = generator.choice((1500, 1500, 9000))
    size = generator.randint(1280, 1499 if top == 1500 else 1500)
    link = generator.randint(1, ROUTERS + 1)
    kind = generator.choice(
        (
            "silent",
            "silent:forward",
            "silent:reverse",
            "icmp",
            "no-icmp",
            "none",
        )
    )
    if link == 1 and kind in ("icmp", "no-icmp"):
        kind = "silent"  # the client's own interface would be the limit
    rtt = generator.choice(options.rtt)
    words = ["--routers", str(ROUTERS), "--seed", str(generator.random())[2:8]]
    words += ["--delay-ms", str(rtt / 2 / (ROUTERS + 1))]
    if top != 1500:
        for number in range(1, ROUTERS + 2):
            if number != link or kind.startswith(("silent", "none")):
                words += ["--mtu", f"{number}:{top}"]
    if kind != "none":
        words += ["--hole", f"{link}:{size}:{kind}"]
    if rtt == 0 and generator.choice((True, False)):
        words += ["--offload"]
    words += ["--serve", "22:ssh"]
    if options.loss:
        words += ["--loss", f"{generator.randint(1, 6)}:{options.loss}"]
    words += stage.limits(ROUTERS)
    return {
        "words": words,
        "family": family,
        "top": top,
        "size": size,
        "link": link,
        "kind": kind,
        "rtt": rtt,
    }


def find(lines, **wanted):
    for line in lines:
        if all(line.get(key) == value for key, value in wanted.items()):
            return line
    return None


def judge_back(case, back):
    sure = bool(back and back["grade"] == "certain")
    if not back:
        return "no hole on the way back", False
    if back["mtu"] != case["size"]:
        return "wrong size on the way back", sure
    return None, sure


def judge(case, lines):
    """(what is wrong or None, whether it was called certain)"""
    hole = find(lines, finding="pmtu-black-hole", direction="forward")
    back = find(lines, finding="pmtu-black-hole", direction="reverse")
    passes = find(lines, finding="path-mtu", direction="forward")
    if case["kind"] == "silent:reverse":
        if hole:
            return "a hole on the way there", hole["grade"] == "certain"
        if not passes or passes["mtu"] != case["top"]:
            return "path MTU forward", bool(passes)
        return judge_back(case, back)
    if case["kind"] == "none":
        found = hole or back
        if found:
            return "a hole on a healthy path", found["grade"] == "certain"
        if not passes or passes["mtu"] != case["top"]:
            return "path MTU forward", bool(passes)
        return None, False
    if back and case["kind"] in ("silent:forward", "icmp"):
        return "a hole on the way back", back["grade"] == "certain"
    if case["kind"] == "icmp":
        if hole:
            return "a hole, where there is a limit", hole["grade"] == "certain"
        if not passes:
            return "no limit", False
        sure = passes["grade"] == "certain"
        if passes["mtu"] != case["size"]:
            return "wrong size", sure
        if passes.get("limited_after_hop") != case["link"] - 1:
            return "wrong hop", sure
        return None, sure
    if not hole:
        return "no hole", bool(passes and passes["grade"] == "certain")
    sure = hole["grade"] == "certain"
    if hole["mtu"] != case["size"]:
        return "wrong size", sure
    if hole.get("after_hop") != case["link"] - 1:
        return "wrong link", sure
    if hole.get("before_hop") != case["link"]:
        return "wrong link", sure
    if case["kind"] == "silent:forward":
        return None, sure
    if case["kind"] == "no-icmp" and case["link"] == ROUTERS + 1:
        # the server's own interface: it sends nothing larger
        return ("a hole at the server" if back else None), sure
    return judge_back(case, back)


def run(program, case):
    recording = stage.recording()

    def act(path):
        target = path.server_address(case["family"])
        words = ["probe", target, "--only", "route,mtu", "--json"]
        with path.client.inside():
            ran = subprocess.run(
                [program, *words, "-w", recording],
                text=True,
                capture_output=True,
                check=False,
            )
        return ran.returncode, ran.stdout, ran.stderr

    status, said, complaint = stage.play(case["words"], act)
    lines = [json.loads(line) for line in said.splitlines()]
    wrong, is_certain = judge(case, lines)
    if status != 0:
        wrong = f"exit status {status}: {complaint.strip()}"
    if stage.judged(program, recording) != said:
        wrong = "the recording is judged otherwise"
    summary = find(lines, type="summary") or {}
    if not wrong and not 0 < summary.get("sent", 0) <= MOST_PACKETS:
        wrong = f"{summary.get('sent')} packets"
    if wrong:
        wrong += f", {recording}"
    else:
        os.unlink(recording)
    return case, wrong, is_certain, summary


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--loss", type=float, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--rtt", type=int, nargs="+", default=[0, 20, 150], metavar="MS"
    )
    parser.add_argument("program")
    options = parser.parse_args()
    if os.geteuid() != 0:
        tap.skip("random holes", "not root")
        stage.done()
    generator = random.Random(options.seed)
    cases = [draw(generator, options) for _ in range(options.cases)]
    for number, case in enumerate(cases):
        case["number"] = number
    right, badly = 0, 0
    took = {}
    play = functools.partial(run, os.path.abspath(options.program))
    for case, wrong, is_certain, summary in processes.Pool(options.jobs).map(
        play, cases
    ):
        key = (case["kind"].split(":")[0], case["rtt"])
        took.setdefault(key, []).append(
            (summary.get("seconds", 0), summary.get("sent", 0))
        )
        if not wrong:
            right += 1
            continue
        badly += is_certain
        sure = "certain" if is_certain else "not certain"
        what = {k: v for k, v in case.items() if k != "words"}
        print(f"# {wrong} ({sure}): {what}")
        print("#   " + " ".join(case["words"]))
    for key in sorted(took):
        seconds = [pair[0] for pair in took[key]]
        sent = [pair[1] for pair in took[key]]
        goal = GOALS.get(key[0], GOAL).get(key[1], 5)
        print(
            f"# {key[0]:8} {key[1]:3} ms: {len(seconds):3} cases, median "
            f"{statistics.median(seconds):.2f} s, most {max(seconds):.2f} s, "
            f"{sum(one > goal for one in seconds)} over {goal} s, "
            f"packets at most {max(sent)}"
        )
    print(f"# {right} of {len(cases)} right, {badly} wrong with certain")
    wanted = 0.98 if options.loss else 1.0
    is_good = right >= wanted * len(cases) and badly == 0
    tap.check(
        is_good,
        f"size, link and direction of {options.cases} random holes are exact",
    )
    stage.done()


if __name__ == "__main__":
    main()
