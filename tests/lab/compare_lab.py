#!/usr/bin/env python3
"""Holds culprit compare to tests/lab/compare.list, on all recordings of the
lab and all pairs of capture points, and on the same as other recorders would
have made them (tests/tools/recapture.py). Prints TAP.

    compare_lab.py PROGRAM [SEEDS]

With clocks that are apart and skewed everything on the list is to be told;
across a NAT too, but for what NAT_HIDES; and where recorders miss packets, as
much of it as TOLD_AT_LEAST. Never may anything be called certain that is not
so.
"""

import os
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "commands"),
                os.path.join(HERE, "..", "tools")]
import compare_judge  # noqa: E402
import compare_list  # noqa: E402
from fork_server import ForkServer  # noqa: E402
from recapture import recapture  # noqa: E402

FOLDER = compare_list.FOLDER
VARIANTS = {
    "as recorded": {},
    "a clock 100 s ahead": {"clock_s": 100},
    "a clock 87.3 s behind": {"clock_s": -87.3},
    "a clock 13.7 s behind that gains 100 ppm":
        {"clock_s": -13.7, "skew_ppm": 100},
    "a NAT between": {"nat": True},
    "1 % of packets missed": {"loss": 1},
    "all of it": {"clock_s": 100, "skew_ppm": -100, "nat": True, "loss": 1},
}
TOLD_AT_LEAST = 0.95
# SYNs that cross, and the NAT shows one of them only
NAT_HIDES = ("simultaneous-open-client-aborts.v4",)


def scenarios():
    return [name for name in sorted(os.listdir(FOLDER))
            if os.path.exists(f"{FOLDER}/{name}/truth.json")]


def remade(folder, name, points, variant, seed):
    """The files of a pair, the further ones as another recorder has them."""
    paths = []
    for place, source in enumerate(compare_judge.files(FOLDER, name, points)):
        changes = dict(variant)
        if place == 0:
            changes = {"loss": changes.get("loss", 0)}
        # recordings of NAT scenarios have one already, r1 has both sides of it
        if points[place] == "r1" or name.startswith("nat-"):
            changes.pop("nat", None)
        salt = zlib.crc32(f"{name}{points[place]}{seed}".encode())
        path = os.path.join(folder, os.path.basename(source))
        with open(source, "rb") as file:
            data = file.read()
        with open(path, "wb") as file:
            file.write(recapture(data, seed=salt, **changes))
        paths.append(path)
    return paths


class Tally:
    """What was demanded, what was not told, and what was wrong."""

    def __init__(self):
        self.demanded, self.untold, self.wrong = 0, [], []

    def take(self, name, points, lines, output, has_loss):
        told = compare_judge.found(output)
        self.demanded += sum(
            any(grade == "certain" for _, grade in entries)
            for entries in lines.values())
        where = f"{name} {','.join(points)}"
        self.untold += [(name, f"{where} {line}") for line in
                        compare_judge.missing(lines, told)]
        self.wrong += [f"{where} {line}" for line in
                       compare_judge.wrong(lines, told)]
        # of recordings with gaps the packets are compare's, the incidents
        # those of each point's analysis
        self.wrong += [] if has_loss else [
            f"{where} {line}" for line in
            compare_judge.wrong_incidents(FOLDER, name, output)]


def judge(run, variant, names, pairs=compare_list.PAIRS, seed=0):
    """Every pair of every scenario in one variant."""
    lists, tally = compare_judge.listed(), Tally()
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            for points in pairs:
                paths = remade(folder, name, points, variant, seed)
                done = run("compare", "--json", *paths)
                if done.returncode:
                    tally.wrong.append(f"{name}: exit {done.returncode} "
                                       f"{done.stderr}")
                    continue
                tally.take(name, points, lists.get((name, points), {}),
                           done.stdout, bool(variant.get("loss")))
    return tally


def untold(tally, variant):
    """What should have been told in this variant, and was not."""
    if variant.get("loss"):
        share = 1 - len(tally.untold) / max(1, tally.demanded)
        return [] if share >= TOLD_AT_LEAST else \
            [f"{share:.1%} told, of {tally.demanded}"]
    hidden = NAT_HIDES if variant.get("nat") else ()
    return [line for name, line in tally.untold if name not in hidden]


def main():
    run = ForkServer(sys.argv[1]).run
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    number = failed = 0
    for word, variant in VARIANTS.items():
        for seed in range(seeds if variant.get("loss") else 1):
            tally = judge(run, variant, scenarios(), seed=seed)
            for sentence, lines in (
                    ("what is certain is told", untold(tally, variant)),
                    ("nothing else is called certain", tally.wrong)):
                number += 1
                failed += bool(lines)
                print(f"{'not ok' if lines else 'ok'} {number} - {word}: "
                      f"{sentence} ({tally.demanded} demanded, "
                      f"{len(tally.untold)} not told, {len(tally.wrong)} "
                      f"wrong, seed {seed})", flush=True)
                for line in lines[:20]:
                    print(f"# {line}")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
