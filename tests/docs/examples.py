#!/usr/bin/env python3
"""Runs the commands that the pages show, and compares what they print.

An example is a block fenced as ```console. Lines that begin with `$ ` are run
by the shell at the top of the project, with build/culprit found as `culprit`;
the lines after one are what it prints, standard error included. A line `[...]`
stands for any number of lines left out. `$? = N` demands an exit code.

    examples.py            prints the differences; exits 1 if there are any
    examples.py --write    puts what the commands print now in their place,
                           where nothing is left out
"""
import difflib
import os
import re
import subprocess
import sys

import links

CUT = "[...]"
CODE = re.compile(r"\$\? = (\d+)$")


def run(command, program):
    environment = {k: v for k, v in os.environ.items()
                   if k not in ("COLUMNS", "NO_COLOR")}
    environment["TZ"] = "UTC0"  # times of day are local
    environment["LC_ALL"] = "C.UTF-8"  # and lines are not ASCII
    environment["PATH"] = os.path.dirname(program) + ":" + os.environ["PATH"]
    done = subprocess.run(["sh", "-c", command], cwd=links.TOP, text=True,
                          env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          timeout=120)
    return done.stdout.rstrip("\n").split("\n"), done.returncode


def fits(shown, printed):
    """Whether the lines are those printed, but for what is left out."""
    pattern = "".join("(?:[^\n]*\n)*" if line == CUT
                      else re.escape(line) + "\n" for line in shown)
    text = "".join(line + "\n" for line in printed)
    return re.fullmatch(pattern, text) is not None


def commands(block):
    """[(command, lines shown)] of one block."""
    found = []
    for line in block.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def checked(block, program, problems, where):
    """The block as it should be; tells of differences."""
    lines = []
    for command, shown in commands(block):
        printed, code = run(command, program)
        demanded = CODE.match(shown[-1]) if shown else None
        body = shown[:-1] if demanded else shown
        if printed == [""]:
            printed = []
        if not fits(body, printed):
            problems.append(f"{where}: $ {command}")
            problems.extend(difflib.unified_diff(
                body, printed, "shown", "printed", lineterm="", n=1))
            if CUT not in body:
                body = printed
        if code != (int(demanded.group(1)) if demanded else 0):
            problems.append(f"{where}: $ {command}: exit code {code}")
        lines += ["$ " + command] + body
        if demanded:
            lines.append(f"$? = {code}")
    return "\n".join(lines) + "\n"


def check(program, is_writing=False):
    problems = []
    for page in links.pages():
        with open(page, encoding="utf-8") as file:
            text = file.read()
        where = os.path.relpath(page, links.TOP)
        new = re.sub(r"(^```console\n)(.*?)(^```)",
                     lambda m: m.group(1) + checked(
                         m.group(2), program, problems, where) + m.group(3),
                     text, flags=re.M | re.S)
        if is_writing and new != text:
            with open(page, "w", encoding="utf-8") as file:
                file.write(new)
    return problems


if __name__ == "__main__":
    found = check(os.path.join(links.TOP, "build", "culprit"),
                  "--write" in sys.argv)
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
