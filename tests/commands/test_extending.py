#!/usr/bin/env python3
"""The recipes of docs/extending.md work: in a copy of the sources every block is
put where the page says, all is built, and the commands print what is shown.
Before, they print something else."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from tap import PROGRAM, TOP, check, done, lab, run

sys.path.insert(0, os.path.join(TOP, "tests", "docs"))
import examples  # noqa: E402

MOST_FILES = 4
PLACE = re.compile(r"^In `([^`]+)`, (after|before) the line with `([^`]+)`:$|"
                   r"^New file `([^`]+)`:$")
BUILT = os.path.dirname(PROGRAM)
ETHERNET = lab("c7_nft_reject_estab_c2s.client.pcap")


class Recipe:
    """One section of the page: edits, and commands with what they print."""

    def __init__(self, text):
        self.title = text.partition("\n")[0]
        self.edits, self.commands = [], []
        self.problems = []
        blocks = re.finditer(r"^([^\n]*)\n\n```(\w*)\n(.*?)^```$", text,
                             re.M | re.S)
        for before, language, body in (match.groups() for match in blocks):
            place = PLACE.match(before)
            if place:
                self.edits.append((*place.groups(), body))
            elif language != "shell":
                self.problems.append(f"where to? {before}")
        for body in re.findall(r"^```shell\n(.*?)^```$", text, re.M | re.S):
            self.commands += examples.commands(body)

    def files(self):
        return {old or new for old, _, _, new, _ in self.edits}


def apply(recipe, folder):
    for old, side, anchor, new, body in recipe.edits:
        path = os.path.join(folder, old or new)
        if new:
            if os.path.exists(path):
                recipe.problems.append(f"{new} is there already")
            lines, at = [], 0
        else:
            with open(path, encoding="utf-8") as file:
                lines = file.readlines()
            found = [i for i, line in enumerate(lines) if anchor in line]
            if len(found) != 1:
                recipe.problems.append(
                    f"{old}: {len(found)} lines with {anchor}")
                continue
            at = found[0] + (side == "after")
        lines.insert(at, body)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)


def shell(command, folder):
    """What a command prints, and its exit code; make as on a terminal."""
    env = {name: value for name, value in os.environ.items()
           if name not in ("BUILD", "MAKEFLAGS", "MAKELEVEL", "MFLAGS",
                           "COLUMNS", "NO_COLOR", "CMOCKA_MESSAGE_OUTPUT")}
    env["PATH"] = os.path.join(folder, "build") + ":" + env["PATH"]
    finished = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=600, check=False)
    return finished.stdout, finished.returncode


def differences(recipe, folder):
    """Commands that print something else than the page shows."""
    found = []
    for command, shown in recipe.commands:
        if command.startswith("make"):
            continue
        demanded = examples.CODE.match(shown[-1]) if shown else None
        lines = shown[:-1] if demanded else shown
        printed, code = shell(command, folder)
        if not examples.fits(lines, printed.splitlines()) or \
                code != int(demanded.group(1) if demanded else 0):
            found.append(f"$ {command}\n{printed}exit code {code}")
    return found


def copy(folder):
    """The sources and what was built of them, with their times, so that only
    what changes is built anew. Captures are not changed."""
    captures = os.path.join("tests", "captures")

    def ignored(path, names):
        inner = os.path.relpath(path, TOP)
        return [name for name in names if name in (".git", "__pycache__") or
                os.path.normpath(os.path.join(inner, name)) == captures or
                os.path.join(path, name) == BUILT or
                (inner == "." and name.startswith("build"))]

    shutil.copytree(TOP, folder, symlinks=True, ignore=ignored)
    os.symlink(os.path.join(TOP, captures), os.path.join(folder, captures))
    for name in ("objects", "flags", "man", "tools/knowledge",
                 "tools/path_knowledge", "culprit",
                 "unit/test_decode", "unit/test_filter", "unit/test_schedule",
                 "unit/test_traces"):
        source = os.path.join(BUILT, name)
        target = os.path.join(folder, "build", name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.isdir(source):
            shutil.copytree(source, target)
        elif os.path.exists(source):
            shutil.copy2(source, target)


def firewire(folder):
    """A capture's packets, as if FireWire had carried them."""
    with open(ETHERNET, "rb") as file:
        whole = file.read()
    order = "little" if whole[0] in (0xd4, 0x4d) else "big"
    changed = [whole[:20] + (138).to_bytes(4, order)]
    at = 24
    while at < len(whole):
        captured = int.from_bytes(whole[at + 8:at + 12], order)
        frame = bytes(16) + whole[at + 16 + 12:at + 16 + captured]
        changed += [whole[at:at + 8], 2 * len(frame).to_bytes(4, order), frame]
        at += 16 + captured
    path = os.path.join(folder, "firewire.pcap")
    with open(path, "wb") as file:
        file.write(b"".join(changed))
    return path


def verdicts(output):
    return re.findall(r'"mechanism":"[^"]*","sender":"[^"]*"', output)


with open(os.path.join(TOP, "docs", "extending.md"), encoding="utf-8") as page:
    recipes = [Recipe(text) for text in re.split(r"^## ", page.read(),
                                                 flags=re.M)[1:]]
check(len(recipes) == 6, "there are six recipes")
for recipe in recipes:
    check(recipe.edits and len(recipe.files()) <= MOST_FILES,
          f"{recipe.title} touches at most {MOST_FILES} files",
          recipe.files())
    if recipe.title != "A link type":  # of that, see the end
        check(differences(recipe, TOP),
              f"{recipe.title}: without the recipe it is not there")
with tempfile.TemporaryDirectory() as temporary:
    tree = os.path.join(temporary, "culprit")
    copy(tree)
    for recipe in recipes:
        apply(recipe, tree)
        check(not recipe.problems, f"{recipe.title}: all blocks have a place",
              "\n".join(recipe.problems))
    targets = {word for recipe in recipes for command, _ in recipe.commands
               if command.startswith("make build/")
               for word in command.split()[1:]}
    # what changes is neither optimised nor described for debuggers: that takes
    # most of the time
    plainly = 'CFLAGS="-U_FORTIFY_SOURCE"'
    output, code = shell(f"make -j{os.cpu_count()} WERROR=-Werror {plainly} "
                         f"{' '.join(sorted(targets))} && "
                         f"make {plainly} evidence", tree)
    check(code == 0, "with all of them, it is built without a warning",
          output[-2000:])
    for recipe in recipes:
        wrong = differences(recipe, tree)
        check(not wrong, f"{recipe.title}: it prints what is shown",
              "\n".join(wrong))
    carried = firewire(temporary)
    before = run("analyze", "--json", carried).stdout.decode()
    after, _ = shell(f"culprit analyze --json {carried}", tree)
    as_recorded = run("analyze", "--json", ETHERNET).stdout.decode()
    check(verdicts(as_recorded) and not verdicts(before) and
          verdicts(after) == verdicts(as_recorded),
          "the new link type carries what Ethernet carried", after)
    for script in ("tests/rooms.py build/objects", "tests/style.py"):
        output, code = shell(f"{sys.executable} {script}", tree)
        check(code == 0, f"{script.split()[0]} has nothing against it", output)
done()
