#!/usr/bin/env python3
"""Speed and memory of culprit, beside other tools on the same captures.

Timings drift on shared machines, so the commands that are compared take turns
and the median of the ratios of each turn is printed, beside the least time that each
took: on a busy machine two threads suffer more than one. Nothing is asserted:
the number to compare with stands in the last column.
"""
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import truth as planted

BUILD, SIZE = sys.argv[1], sys.argv[2]
FOLDER = os.path.join(BUILD, "bench")
GENERATE = os.path.join(FOLDER, "generate")
CULPRIT = os.path.join(BUILD, "culprit")
BOUND = [CULPRIT, "analyze", "--json", "--memory=250M", "-"]
TENTH = 10 if SIZE == "quick" else 1
RESET = "tcp[13]&4!=0"


class Run:
    """One command, run to its end: seconds, processor seconds, peak memory."""

    def __init__(self, command, stdin=None):
        started = time.monotonic()
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(command, stdin=stdin or
                                       subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL,
                                       stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            self.wall_s = time.monotonic() - started
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                errors.seek(0)
                sys.exit(f"{' '.join(command)}: exit {process.returncode}\n"
                         + errors.read().decode(errors="replace"))
        self.processor_s = usage.ru_utime + usage.ru_stime
        self.peak_kb = usage.ru_maxrss


def culprit(path):
    return [CULPRIT, "analyze", "--json", path]


def tcpdump(path):
    # as root it would give up the right to read the file
    as_root = ["-Z", "root"] if os.geteuid() == 0 else []
    return ["tcpdump", *as_root, "-r", path, "-w", "/dev/null", RESET]


def tshark(path):
    return ["tshark", "-r", path, "-Y", "tcp.flags.reset==1",
            "-T", "fields", "-e", "frame.number", "-e", "ip.ttl"]


def tcptrace(path):
    return ["tcptrace", "-n", path]


def generate(name, *arguments):
    """A capture in build/bench, read once so that it is in the page cache."""
    path = os.path.join(FOLDER, name)
    with open(path, "wb") as file:
        subprocess.run([GENERATE, *map(str, arguments)], stdout=file,
                       check=True)
    print(f"\n{name}: {' '.join(map(str, arguments))}, "
          f"{os.path.getsize(path) / 1e9:.2f} GB", flush=True)
    return path


def remove(path):
    if not os.environ.get("KEEP"):
        os.remove(path)


def row(name, runs, packets, ratio="", goal=""):
    wall_s = statistics.median(run.wall_s for run in runs)
    least_s = min(run.wall_s for run in runs)
    processor_s = statistics.median(run.processor_s for run in runs)
    peak_mb = max(run.peak_kb for run in runs) * 1024 / 1e6
    print(f"  {name:30} {wall_s:8.2f} s {least_s:8.2f} s {processor_s:8.2f} s "
          f"{least_s / packets * 1e9:8.0f} ns {peak_mb:8.0f} MB  "
          f"{ratio:>9}  {goal}", flush=True)


def heading():
    print(f"  {'':30} {'wall':>10} {'least':>10} {'processor':>10} "
          f"{'a packet':>11} "
          f"{'peak':>11}  {'ratio':>9}  goal", flush=True)


def compare(path, packets, turns, other_name, other, goal, is_times_other):
    """Runs both in turns; the ratio is ours to theirs, or theirs to ours."""
    ours, theirs, ratios = [], [], []
    for _ in range(turns):
        theirs.append(Run(other(path)))
        ours.append(Run(culprit(path)))
        ratio = ours[-1].wall_s / theirs[-1].wall_s
        ratios.append(ratio if is_times_other else 1 / ratio)
    heading()
    row(other_name, theirs, packets)
    ratio = statistics.median(ratios)
    row("culprit analyze", ours, packets,
        f"{ratio:.2f}" if is_times_other else f"{ratio:.0f} x", goal)


def speed():
    packets, flows = 20_000_000 // TENTH, 200_000 // TENTH
    path = generate("mixed.pcap", "mixed", packets, flows, 1)
    compare(path, packets, 7, "tcpdump, its reset filter", tcpdump,
            "at most 2.0, better 1.0", True)
    remove(path)

    packets, flows = 2_000_000 // TENTH, 20_000 // TENTH
    path = generate("mixed-small.pcap", "mixed", packets, flows, 2)
    compare(path, packets, 3, "tshark, its reset filter", tshark,
            "at least 100 x", False)
    compare(path, packets, 5, "tcptrace", tcptrace, "at least 5 x", False)
    remove(path)


def recall():
    """Whether the planted resets are told, beside what that costs."""
    for packets, flows in ((20_000_000, 200_000), (60_000_000, 20_000)):
        for ssh_percent in (50, 0):
            tell_recall(packets // TENTH, flows // TENTH, ssh_percent)


def tell_recall(packets, flows, ssh_percent):
    lines = os.path.join(FOLDER, "planted.truth")
    report = os.path.join(FOLDER, "planted.json")
    arguments = ("planted", packets, flows, 8, ssh_percent, lines)
    print(f"\n{' '.join(map(str, arguments[:-1]))}, through a pipe")
    heading()
    run = piped(arguments, [CULPRIT, "analyze", "--json", "-o", report, "-"])
    with open(report, encoding="utf-8") as file:
        found, summary = planted.compare(planted.read_truth(lines), file)
    row("culprit analyze", [run], packets,
        goal=f"at most {400 if flows < 50_000 else 250} MB")
    told = found["told"] / max(found["planted"], 1)
    print(f"  {found['told']} of {found['planted']} planted resets told "
          f"({told:.2%}); " +
          ("; ".join(planted.problems(found, summary)) or "nothing is wrong"))
    remove(lines)
    remove(report)


def threads():
    """The same traffic from a file: one thread, two, and tcpdump, in turns; and
    whether the planted resets are told by each."""
    packets, flows = 20_000_000 // TENTH, 200_000 // TENTH
    lines = os.path.join(FOLDER, "threads.truth")
    for ssh_percent in (50, 0):
        path = generate(f"threads-{ssh_percent}.pcap", "planted", packets,
                        flows, 8, ssh_percent, lines)
        commands = {"tcpdump, its reset filter": tcpdump(path)} | {
            f"culprit analyze --jobs={jobs}":
            [CULPRIT, "analyze", "-q", f"--jobs={jobs}", path]
            for jobs in (1, 2)}
        runs = {name: [] for name in commands}
        for _ in range(5):
            for name, command in commands.items():
                runs[name].append(Run(command))
        heading()
        first = next(iter(runs.values()))
        for name, own in runs.items():
            ratio = statistics.median(
                one.wall_s / other.wall_s for one, other in zip(own, first))
            row(name, own, packets, f"{ratio:.2f}",
                "" if own is first else
                "at most 1.0" if name.endswith("2") else
                f"at most {2.0 if ssh_percent else 1.5}")
        tell_found(path, lines)
        remove(path)
        remove(lines)


def tell_found(path, lines):
    report = os.path.join(FOLDER, "planted.json")
    Run([CULPRIT, "analyze", "--json", "-o", report, path])
    with open(report, encoding="utf-8") as file:
        found, summary = planted.compare(planted.read_truth(lines), file)
    remove(report)
    print(f"  {found['told']} of {found['planted']} planted resets told; " +
          ("; ".join(planted.problems(found, summary)) or "nothing is wrong"))


def worst_cases():
    """Nothing to compare with: what costs the most for a packet."""
    packets = 10_000_000 // TENTH
    for name, arguments in (
            ("one.pcap", ("mixed", packets, 1, 3)),
            ("repeated.pcap", ("repeated", packets, 100_000 // TENTH, 4)),
            ("flood.pcap", ("flood", packets, 5))):
        path = generate(name, *arguments)
        heading()
        row("tcpdump, its reset filter",
            [Run(tcpdump(path)) for _ in range(3)], packets)
        row("culprit analyze", [Run(culprit(path)) for _ in range(3)],
            packets)
        remove(path)


def piped(arguments, command):
    """A generated capture through a pipe: the largest need no disk."""
    generator = subprocess.Popen([GENERATE, *map(str, arguments)],
                                 stdout=subprocess.PIPE)
    run = Run(command, stdin=generator.stdout)
    generator.stdout.close()
    generator.wait()
    return run


def memory():
    connections = 10_000_000 // TENTH
    print(f"\nmemory, {connections} connections, through a pipe")
    heading()
    run = piped(("flood", connections, 6), BOUND)
    row("SYN flood, --memory=250M", [run], connections,
        goal="at most 250 MB")
    for name, told in (("unheard", "SYN-ACKs repeated"),
                       ("reset", "made and reset")):
        run = piped((name, connections, 6), BOUND)
        row(f"flood, {told}", [run], connections * (3 if name == "unheard"
                                                    else 5),
            goal="at most 250 MB")
    run = piped(("open", connections, 7),
                [CULPRIT, "analyze", "--json", "--memory=none", "-"])
    row("all established, no bound", [run], connections * 5,
        goal=f"at most {2000 // TENTH} MB")


def probe():
    """On a path of the lab, with Debian's own python3."""
    script = os.path.join(os.path.dirname(__file__), "bench_probe.py")
    sys.stdout.flush()
    subprocess.run(["/usr/bin/python3", script, BUILD, SIZE], check=True)


def pages():
    script = os.path.join(os.path.dirname(__file__), "bench_page.py")
    sys.stdout.flush()
    subprocess.run([sys.executable, script, BUILD, SIZE], check=True)


SECTIONS = {"speed": speed, "recall": recall, "threads": threads,
            "worst": worst_cases, "memory": memory,
            "page": pages, "probe": probe}


def main():
    if SIZE not in ("quick", "full"):
        sys.exit("BENCH is quick or full")
    wanted = os.environ.get("SECTIONS", ",".join(SECTIONS)).split(",")
    free_gb = shutil.disk_usage(FOLDER).free / 1e9
    if free_gb < 4 / TENTH:
        sys.exit(f"{FOLDER}: {free_gb:.1f} GB free, {4 / TENTH} are needed")
    print(f"{platform.machine()}, {os.cpu_count()} processors, load "
          f"{os.getloadavg()[0]:.1f}")
    for name in wanted:
        SECTIONS[name]()


main()
