#!/usr/bin/env python3
"""What `make` promises: it only builds, finds out what is there, and says by
name what is missing. Nothing is compiled to its end here; test_build_twice.py
does that."""
import glob
import os
import re
import subprocess
import tempfile

from build_place import Place, lines, script
from tap import TOP, check, done

HARDENING = ["-fstack-protector-strong", "-fstack-clash-protection",
             "-fcf-protection", "-D_FORTIFY_SOURCE=3"]


def compiler_takes(flag):
    """Whether this compiler and C library take it without a warning."""
    source = "#include <string.h>\nint main(void) { return 0; }\n"
    return subprocess.run(
        ["cc", "-O2", "-Werror", "-U_FORTIFY_SOURCE", flag, "-o", "/dev/null",
         "-x", "c", "-"], input=source.encode(), stderr=subprocess.DEVNULL,
        check=False).returncode == 0


def only_builds(folder):
    place = Place(os.path.join(folder, "plain"), stubs=())
    code, said = place.make("-n", f"BUILD={place.folder}/build")
    check(code == 0 and "-c -o" in said and
          not re.search(r"\bapt\b|apt-get|dpkg|deps\.sh", said),
          "make -n installs nothing, where there is neither apt nor dpkg",
          said[-2000:])
    link = f"{place.folder}/build/flags/link"
    code, said = place.make(f"BUILD={place.folder}/build", link)
    check(code == 0 and "-lpcap" in lines(link),
          "libraries are found without dpkg", said)
    found = lines(place.folder, "build/flags/compile")
    wanted = [flag for flag in HARDENING if compiler_takes(flag)]
    check(all(flag in found for flag in wanted),
          f"hardened as the compiler can: {' '.join(wanted)}", found)


def older_compiler(folder):
    place = Place(os.path.join(folder, "older"))
    script(f"{place.bin}/older", """#!/bin/sh
case " $* " in
*" -fcf-protection "* | *" -D_FORTIFY_SOURCE=3 "*) exit 1 ;;
esac
exec cc "$@"
""")
    code, said = place.make(f"BUILD={place.folder}/build", "CC=older",
                            f"{place.folder}/build/flags/link")
    found = lines(place.folder, "build/flags/compile") if code == 0 else []
    check("-fcf-protection" not in found and
          "-D_FORTIFY_SOURCE=3" not in found and
          "-D_FORTIFY_SOURCE=2" in found,
          "flags that a compiler does not know are left out", (said, found))


def nothing_found(place, *words):
    """Lets libmnl and zlib be missing: their headers don't compile."""
    hidden = os.path.join(place.folder, "hidden")
    for header in ("libmnl/libmnl.h", "zlib.h"):
        os.makedirs(os.path.dirname(f"{hidden}/{header}"), exist_ok=True)
        with open(f"{hidden}/{header}", "w", encoding="utf-8") as file:
            file.write("#error hidden\n")
    return place.make(f"BUILD={place.folder}/build", f"CFLAGS=-I{hidden}",
                      *words)


def missing(folder):
    place = Place(os.path.join(folder, "missing"), ("env", "flock", "id"))
    code, said = nothing_found(place)
    check(code != 0 and "libmnl-dev" in said and "<zlib.h>" in said and
          "zlib1g-dev" in said and "libpcap" not in said and
          "'make deps'" in said, "all libraries that are missing are named, and "
          "how they are installed", said)
    check(not glob.glob(f"{place.folder}/build/**/*.o", recursive=True) and
          not place.called(), "and nothing is compiled or installed",
          place.called())
    nothing_found(place, "deps/build")
    asked = place.called()
    check("apt-get install" in asked and " libmnl-dev" in asked and
          " zlib1g-dev" in asked and "libpcap" not in asked,
          "make deps asks apt-get for what is missing", asked)

    place = Place(os.path.join(folder, "elsewhere"), stubs=())
    code, said = nothing_found(place, "deps/build")
    check(code != 0 and "libmnl-dev zlib1g-dev" in said and
          "no apt-get" in said, "without apt-get it names what is missing",
          said)
    code, said = place.make("deps/build")
    check(code == 0 and not said,
          "where nothing is missing it is silent, without apt-get too", said)
    code, said = place.make("CC=no-such-compiler",
                            f"BUILD={place.folder}/build")
    check(code != 0 and "no C compiler, no-such-compiler" in said,
          "a compiler that is missing is said", said)


def other_name(folder):
    """libdnet as it is called where Debian did not name it."""
    place = Place(os.path.join(folder, "dnet"))
    headers = os.path.join(place.folder, "include")
    libraries = os.path.join(place.folder, "lib")

    def ask(word):
        return subprocess.run(["cc", word], stdout=subprocess.PIPE, text=True,
                              check=True).stdout.strip()

    os.makedirs(headers)
    os.makedirs(libraries)
    for name in os.listdir("/usr/include"):
        link = "dnet.h" if name == "dumbnet.h" else name
        os.symlink(f"/usr/include/{name}", f"{headers}/{link}")
    os.symlink(ask("-print-file-name=libdumbnet.so"),
               f"{libraries}/libdnet.so")
    flags = " ".join(f"-isystem {path}" for path in (
        headers, ask("-print-file-name=include"),
        f"/usr/include/{ask('-print-multiarch')}"))
    build = f"{place.folder}/build"
    source = glob.glob("probe/**/route.c", root_dir=TOP, recursive=True)[0]
    code, said = place.make(
        f"BUILD={build}", f"CFLAGS=-nostdinc {flags} -O1",
        f"LDFLAGS=-L{libraries}", f"{build}/flags/link",
        f"{build}/objects/{source[:-2]}.o")
    linked = lines(build, "flags/link") if code == 0 else []
    check("-ldnet" in linked and "-ldumbnet" not in linked,
          "libdnet is found under its own name as well", said)


def clean(folder):
    place = Place(os.path.join(folder, "clean"), stubs=("rm",))
    code, said = place.make("clean", "BUILD=..")
    check(code != 0 and not place.called(),
          "clean refuses a folder that holds the sources", said)
    code, said = place.make("clean", f"BUILD={place.folder}/build")
    removed = [line for line in place.called().splitlines()
               if line.startswith("rm -rf")]
    check(code == 0 and removed == [f"rm -rf {place.folder}/build"],
          "clean removes the folder of this build, and no other",
          place.called())


with tempfile.TemporaryDirectory() as temporary:
    only_builds(temporary)
    older_compiler(temporary)
    missing(temporary)
    if os.path.exists("/usr/include/dumbnet.h"):
        other_name(temporary)
    clean(temporary)
done()
