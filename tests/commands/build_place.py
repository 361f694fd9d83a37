"""For tests of the build: a PATH with nothing in it but what building takes,
and runs of make in it."""
import os
import shutil
import subprocess

from tap import TOP

# What `make` may need; scdoc is added where a test wants manual pages.
TOOLS = """as awk basenc cat cc cmp cut dirname dumbnet-config expr gcc grep
head install ld ln make mkdir mv nproc pkg-config printf rm sed sh sha256sum
sort touch tr uname""".split()
# What it must not call, and what says so when it is called.
FORBIDDEN = "apt apt-get dpkg dpkg-query sudo wget curl git".split()
STUB = '#!/bin/sh\necho "${0##*/} $*" >>"%s"\nexit %d\n'


def script(path, text):
    """Makes a new file, never writes through a link to a tool of the system."""
    with open(path, "x", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


class Place:
    """A folder with the tools in it, as links, and stubs that keep a log."""

    def __init__(self, folder, extra=(), stubs=FORBIDDEN, stub_code=0):
        self.folder = folder
        self.bin = os.path.join(folder, "bin")
        self.log = os.path.join(folder, "called")
        os.makedirs(self.bin)
        for name in dict.fromkeys((*TOOLS, *extra)):
            tool = shutil.which(name)
            if tool and name not in stubs:
                os.symlink(tool, os.path.join(self.bin, name))
        for name in stubs:
            script(os.path.join(self.bin, name),
                   STUB % (self.log, stub_code))

    def make(self, *words, top=TOP):
        """(exit code, all that was printed)"""
        environment = {k: v for k, v in os.environ.items() if k not in
                       ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BUILD", "CC",
                        "CFLAGS", "CPPFLAGS", "LDFLAGS")}
        done = subprocess.run(["make", *words], cwd=top, text=True,
                              env=dict(environment, PATH=self.bin),
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=3600,
                              check=False)
        return done.returncode, done.stdout

    def called(self):
        """What was asked of the stubs."""
        if not os.path.exists(self.log):
            return ""
        with open(self.log, encoding="utf-8") as file:
            return file.read()


def lines(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read().split("\n")
