#!/usr/bin/env python3
"""docs/architecture.md: every path and every file exists, and the way of a packet
is the one that a debugger sees."""
import glob
import os
import re
import shutil
import subprocess

from tap import PROGRAM, TOP, check, done, lab, skip

with open(os.path.join(TOP, "docs", "architecture.md"),
          encoding="utf-8") as page:
    PAGE = page.read()
CAPTURE = lab("forged-in-window.v4/client.pcapng")

paths = set(re.findall(r"`((?:capture|analysis|probe|report|cli|tests|docs)/"
                       r"[\w./*-]*)`", PAGE))
missing = sorted(path for path in paths
                 if not glob.glob(os.path.join(TOP, path)))
check(len(paths) > 20 and not missing, "every path of the page exists",
      missing)

FOLDERS = ("capture", "analysis", "probe", "report", "cli", "tests", "docs")
there = {name for folder in FOLDERS
         for _, _, names in os.walk(os.path.join(TOP, folder))
         for name in names}
named = set(re.findall(r"`([\w-]+\.(?:c|h|def|py|js|md))`", PAGE))
check(len(named) > 5 and named <= there,
      "every file that is named without its folder exists",
      sorted(named - there))


def called(functions):
    """Which of them are called, in the order of their first calls."""
    script = ["set pagination off", "set confirm off",
              "set breakpoint pending off", "set debuginfod enabled off"]
    for function in functions:
        script += [f"tbreak {function}", "commands", "silent",
                   f'printf "called {function}\\n"', "continue", "end"]
    script += [f"run analyze --filter tcp {CAPTURE} >/dev/null"]
    name = os.path.join(TOP, "build", f"way.{os.getpid()}.gdb")
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(script) + "\n")
    try:
        output = subprocess.run(
            ["gdb", "-batch", "-nx", "-x", name, PROGRAM], text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
            check=False).stdout
    finally:
        os.unlink(name)
    return re.findall(r"^called (\w+)$", output, re.M), output


way = re.search(r"## The way of a packet\n(.*?)\n### ", PAGE, re.S).group(1)
functions = [name for row in re.findall(r"^\|[^|]*\|([^|]*)\|", way, re.M)
             for name in re.findall(r"`(\w+)`", row)]
SENTENCE = "the way of a packet is the one that a debugger sees"
if "sanitized" in PROGRAM:
    skip(SENTENCE, "tried with the plain program")
elif not shutil.which("gdb"):
    skip(SENTENCE, "no gdb")
else:
    seen, output = called(functions)
    check(seen == functions and len(functions) > 15, SENTENCE,
          f"page: {functions}\nseen: {seen}\n{output[-500:]}")
done()
