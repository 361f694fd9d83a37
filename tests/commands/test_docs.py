#!/usr/bin/env python3
"""Man pages and completions know every option and every word."""
import os
import re
import shutil
import subprocess

from tap import PROGRAM, TOP, check, done, run, skip

COMMANDS = re.findall(r"^  culprit (\w+)", run("--help").stdout.decode(), re.M)
MAN = os.path.join(TOP, "docs", "man")
COMPLETIONS = os.path.join(TOP, "docs", "completions")


def text(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def page(name):
    return text(MAN, f"{name}.1.scd").replace("*", "")


known_formats = set()
bash = text(COMPLETIONS, "culprit.bash")
zsh = text(COMPLETIONS, "_culprit")
main_page = page("culprit")
for command in COMMANDS:
    options, _, listed = run(command, "--help").stdout.decode().partition(
        "\nFormats:\n")
    formats = set(re.findall(r"--[a-z-]+", listed.partition("\n\n")[0]))
    known_formats |= formats
    longs = set(re.findall(r"--[a-z][a-z-]+", options))
    letters = set(re.findall(r"^  (-\w)", options, re.M))
    own = page(f"culprit-{command}")
    check(f"culprit {command}" in main_page, f"culprit(1) names {command}")
    missing = [o for o in longs | letters
               if not re.search(re.escape(o) + r"(?![\w-])", own)]
    check(not missing, f"culprit-{command}(1) names all options", missing)
    invented = [o for o in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", own))
                if o not in longs | formats]
    check(not invented, f"and culprit-{command}(1) no other", invented)
    for name, completion in (("bash", bash), ("zsh", zsh)):
        missing = [o for o in longs if o not in completion]
        check(not missing and command in completion,
              f"{name} completes {command} and its options", missing)

in_manual = re.findall(r"^(--[a-z-]+)$", main_page.partition("# FORMATS")[2]
                       .partition("\n# ")[0], re.M)
check(len(known_formats) > 2 and set(in_manual) == known_formats,
      "culprit(1) has the formats that there are", in_manual)

EXPERIMENTS = re.findall(r"^  (\S+)", run("probe", "--help").stdout.decode()
                         .partition("Experiments:\n")[2], re.M)
told = re.sub(r"\s+", " ", page("culprit-probe"))
missing = [e for e in EXPERIMENTS
           if not re.search(rf"\b{e}\b", told.partition("--only")[2])]
check(len(EXPERIMENTS) > 1 and not missing,
      "culprit-probe(1) names all experiments of --only", missing)
wrong = run("probe", "192.0.2.1", "--only", "none").stderr.decode()
check(wrong.partition("there are: ")[2].strip().split(", ") == EXPERIMENTS,
      "so does the answer to a wrong one", wrong)

if shutil.which("scdoc") and shutil.which("mandoc"):
    problems = []
    for name in sorted(os.listdir(MAN)):
        if not name.endswith(".scd"):
            continue
        made = subprocess.run(["scdoc"], input=text(MAN, name).encode(),
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        lint = subprocess.run(["mandoc", "-T", "lint", "-W", "error"],
                              input=made.stdout, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if made.returncode != 0 or b"ERROR" in lint.stdout:
            problems.append(f"{name}: {made.stderr} {lint.stdout}")
    check(not problems, "the pages are formatted without error",
          "\n".join(problems))
else:
    skip("the pages are formatted without error",
         "scdoc or mandoc is not installed")
if shutil.which("bash"):
    script = f'''
. {COMPLETIONS}/culprit.bash
COMP_WORDS=(culprit analyze --fi) COMP_CWORD=2
_culprit
echo "${{COMPREPLY[*]}}"
COMP_WORDS=(culprit ti) COMP_CWORD=1
_culprit
echo "${{COMPREPLY[*]}}"
PATH={os.path.dirname(PROGRAM)}:$PATH
COMP_WORDS=(culprit probe --only f) COMP_CWORD=3
_culprit
echo "${{COMPREPLY[*]}}"
COMP_WORDS=(culprit timeline --c) COMP_CWORD=2
_culprit
echo "${{COMPREPLY[*]}}"
'''
    said = subprocess.run(["bash", "-c", script], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False).stdout.split()
    check(said == ["--filter", "timeline", "fragments", "flows",
                   "--color", "--csv"],
          "bash completes what is begun", said)

    def completed(*words):
        last = len(words) - 1
        return subprocess.run(
            ["bash", "-c", f'''
. {COMPLETIONS}/culprit.bash
PATH={os.path.dirname(PROGRAM)}:$PATH
COMP_WORDS=({" ".join(words)}) COMP_CWORD={last}
_culprit
printf "%s\\n" "${{COMPREPLY[@]}}"'''], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, check=False).stdout.split()

    check(completed("culprit", "probe", "--only", "=", "mtu,lo") ==
          ["mtu,loss"] and
          completed("culprit", "analyze", "--fail-on", "=", "abort,pmtu-b") ==
          ["abort,pmtu-black-hole"],
          "bash completes behind a comma")
    wrong = []
    for command, tail in (("analyze", []), ("merge", []),
                          ("compare", ["/dev/null", "/dev/null"]),
                          ("probe", ["--dry-run", "192.0.2.1"])):
        words = completed("culprit", command, "--fail-on", "=", "")
        refused = run(command, "--fail-on", ",".join(words), *(
            tail or ["/dev/null"])).stderr
        if len(words) < 9 or b"--fail-on knows" in refused:
            wrong.append((command, words, refused))
    check(not wrong, "of the words behind --fail-on bash offers those that are "
          "taken", wrong)
done()
