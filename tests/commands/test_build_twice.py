#!/usr/bin/env python3
"""Two copies of the sources, built in folders of different names: the programs
are the same to the byte. With and without scdoc they are installed, and gone
again after `make uninstall`."""
import os
import shutil
import tempfile

from build_place import Place
from tap import TOP, check, done

JOBS = f"-j{os.cpu_count() or 1}"


def copy(place, name):
    """The sources, as a clone would have them, but for what only tests read."""
    top = os.path.join(place.folder, name)
    shutil.copytree(TOP, top, ignore=shutil.ignore_patterns(
        "build", ".git", "captures", "corpus", "traces", "__pycache__"))
    return top


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder)
                  for path, _, names in os.walk(folder) for name in names)


def built(folder, name, tools):
    """The program; it is installed in between."""
    place = Place(os.path.join(folder, name), tools, stub_code=1)
    top = copy(place, "sources-" + name)
    # not optimised, for that takes most of the time; the names of folders get
    # into a program by what it says for a debugger
    code, said = place.make(JOBS, "CFLAGS=-g", top=top)
    program = os.path.join(top, "build", "culprit")
    check(code == 0 and os.path.exists(program) and not place.called(),
          f"{name}: make builds, and calls neither apt nor dpkg nor sudo",
          place.called() + said[-2000:])
    if code != 0:
        return b""
    check(("no scdoc" in said) != ("scdoc" in tools),
          f"{name}: pages that can't be made are said", said[-2000:])

    root = os.path.join(place.folder, "root")
    code, said = place.make("install", "CFLAGS=-g", f"DESTDIR={root}",
                            "PREFIX=/usr", top=top)
    installed = files_below(root)
    pages = [path for path in installed if "/man1/" in path]
    check(code == 0 and "usr/bin/culprit" in installed and
          "usr/share/zsh/site-functions/_culprit" in installed and
          ("usr/share/man/man1/culprit-analyze.1" in pages) ==
          ("scdoc" in tools),
          f"{name}: make install installs what was built", said + str(
              installed))
    code, said = place.make("uninstall", f"DESTDIR={root}", "PREFIX=/usr",
                            top=top)
    check(code == 0 and installed and not files_below(root),
          f"{name}: make uninstall leaves nothing", files_below(root))
    with open(program, "rb") as file:
        return file.read()


with tempfile.TemporaryDirectory() as temporary:
    one = built(temporary, "one", ())
    two = built(temporary, "another-with-pages",
                ("scdoc",) if shutil.which("scdoc") else ())
    check(one and one == two, "two folders give the same program")
    check(one and os.path.basename(temporary).encode() not in one,
          "no folder of the build is in it")
done()
