#!/usr/bin/env python3
"""A copy of the sources, built in a folder of another name, gives the program
that is tested, to the byte. Without and with scdoc it is installed, and gone
again after `make uninstall`."""
import os
import shutil
import tempfile

from build_place import Place
from tap import PROGRAM, TOP, check, done

# What the tested program was built with; of wrappers as ccache the compiler.
COMPILER = os.environ.get("CC", "cc").split()[-1]
TOOLS = () if "/" in COMPILER else (COMPILER,)
FLAGS = [f"CC={COMPILER}"] + [
    f"{name}={os.environ[name]}" for name in ("CFLAGS", "CPPFLAGS", "LDFLAGS")
    if name in os.environ]


def copy(folder, name):
    """The sources, as a clone would have them, but for what only tests read."""
    top = os.path.join(folder, name)
    shutil.copytree(TOP, top, ignore=shutil.ignore_patterns(
        "build", ".git", "captures", "corpus", "traces", "__pycache__"))
    return top


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(path, name), folder)
                  for path, _, names in os.walk(folder) for name in names)


def built(folder, top):
    place = Place(os.path.join(folder, "building"), TOOLS, stub_code=1)
    code, said = place.make(f"-j{os.cpu_count() or 1}", *FLAGS, top=top)
    program = os.path.join(top, "build", "culprit")
    check(code == 0 and os.path.exists(program) and not place.called(),
          "make builds, and calls neither apt nor dpkg nor sudo",
          place.called() + said[-2000:])
    check("no scdoc" in said, "pages that can't be made are said",
          said[-2000:])
    if not os.path.exists(program):
        return b""
    with open(program, "rb") as file:
        return file.read()


def installed(folder, top, name, tools):
    place = Place(os.path.join(folder, name), (*TOOLS, *tools), stub_code=1)
    root = os.path.join(place.folder, "root of a package")
    code, said = place.make("install", *FLAGS, f"DESTDIR={root}",
                            "PREFIX=/usr", top=top)
    found = files_below(root)
    check(code == 0 and "usr/bin/culprit" in found and
          "usr/share/zsh/site-functions/_culprit" in found and
          ("usr/share/man/man1/culprit-analyze.1" in found) == bool(tools) and
          " CC " not in said and not place.called(),
          f"{name}: make install installs what was built", said + str(found))
    code, said = place.make("uninstall", f"DESTDIR={root}", "PREFIX=/usr",
                            top=top)
    check(code == 0 and found and not files_below(root),
          f"{name}: make uninstall leaves nothing", files_below(root))


with tempfile.TemporaryDirectory() as temporary:
    sources = copy(temporary, "sources-elsewhere")
    another = built(temporary, sources)
    with open(PROGRAM, "rb") as tested:
        check(tested.read() == another, "two folders give the same program")
    check(another and os.path.basename(temporary).encode() not in another,
          "no folder of the build is in it")
    if another:
        installed(temporary, sources, "without-pages", ())
        if shutil.which("scdoc"):
            installed(temporary, sources, "with-pages", ("scdoc",))
done()
