#!/usr/bin/env python3
"""Output files: none is an input, whatever leads to it; what is refused has
changed nothing; what they are made like."""
import gzip
import lzma
import os
import select
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time

from live import finish, namespace
from tap import PROGRAM, check, done, lab, probe_recordings, run, skip

DEAD = lab("c7_nft_reject_estab_c2s.client.pcap")
OTHER = lab("a2_nat_expired_loose1_randomport.client.pcap")
NOBODY = 65534
with open(DEAD, "rb") as capture:
    WHOLE = capture.read()


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def mode_of(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def shell(script, folder, **more):
    """$P is culprit."""
    return subprocess.run(["timeout", "20", "sh", "-c", script], cwd=folder,
                          check=False, capture_output=True, timeout=60,
                          env=dict(os.environ, P=PROGRAM), **more)


def inputs_are_left_alone(folder):
    def refuses(script):
        write(os.path.join(folder, "x"), WHOLE)
        write(os.path.join(folder, "y.gz"), gzip.compress(WHOLE))
        write(os.path.join(folder, "old"), b"an old report")
        before = {name: read(os.path.join(folder, name))
                  for name in ("x", "y.gz", "old")}
        for name, command in (("hard", os.link), ("soft", os.symlink)):
            try:
                os.unlink(os.path.join(folder, name))
            except FileNotFoundError:
                pass
            command(os.path.join(folder, "x"), os.path.join(folder, name))
        done_ = shell(script, folder)
        after = {name: read(os.path.join(folder, name)) for name in before}
        option = b"-o" if " -w" not in script or " -o" in script else b"-w"
        said = (b"standard error is a file that the command line names"
                if "2>" in script and ">>x 2" not in script else b"")
        check(done_.returncode == 2 and after == before and
              said in done_.stdout and
              done_.stdout.count(b"\n") == bool(said) and
              ("2>" in script or
               (b"it is also an input" in done_.stderr and
                option in done_.stderr)),
              f"{script.replace('$P', 'culprit')}: wrong usage, and nothing "
              "is touched", (done_.returncode, done_.stderr))

    for words in ("analyze -o x x", "analyze -o ./x x", "analyze -o hard x",
                  "analyze -o soft x", "analyze -o x soft",
                  "analyze --json x y.gz -o y.gz", "timeline -w x x",
                  "timeline -w soft x", "timeline -w hard x",
                  "timeline -o x x", "timeline --csv -o x x",
                  "timeline -w x y.gz x", "timeline -w old -o x x",
                  "analyze - <x -o x", "analyze - <x -o soft",
                  "analyze x >>x", "analyze x 1<>x", "analyze - <x >>x",
                  "timeline x >>x", "timeline -w - x >>x",
                  "analyze x >>x 2>&1", "analyze x 2>>x",
                  "analyze nosuch x 2>>x", "analyze --nosuch x 2>>x",
                  "nosuch x 2>>x", "analyze - nosuch <x 2>>x",
                  "analyze -rx --nosuch 2>>x", "analyze -qrx --nosuch 2>>x",
                  "analyze -rx --filter 'no such' 2>>x",
                  "analyze --at=a=x --nosuch 2>>x",
                  "compare --at=a=x --nosuch 2>>x",
                  "probe --trigger=x --nosuch 2>>x",
                  "probe --client-algorithms=x --nosuch 2>>x"):
        refuses("$P " + words)


def nothing_is_left(folder):
    """A file that was created before another output was refused."""
    write(os.path.join(folder, "x"), WHOLE)
    for words in ("timeline -o fresh -w x x", "timeline -w fresh -o x x",
                  "analyze -o fresh --html x x", "analyze --html fresh -o x x",
                  "timeline --xplot fresh -o x x"):
        done_ = shell("$P " + words, folder)
        left = [name for name in os.listdir(folder) if "fresh" in name]
        check(done_.returncode == 2 and not left,
              f"culprit {words}: a run that is refused leaves no empty file",
              (left, done_.stderr))
    done_ = shell("$P analyze -o fresh x", folder)
    check(done_.returncode == 0 and read(os.path.join(folder, "fresh")),
          "one that is not leaves its report", done_.stderr)


def is_emptied_by_the_shell(folder):
    """What the shell has emptied before culprit runs is an input still; and an
    input that is no capture costs no report."""
    write(os.path.join(folder, "x"), WHOLE)
    done_ = shell("$P analyze x >x", folder)
    check(done_.returncode == 2 and b"it is also an input" in done_.stderr,
          "culprit analyze x >x: wrong usage", done_.stderr)
    write(os.path.join(folder, "x"), b"no capture" * 100)
    for words in ("analyze -o old x", "timeline -o old x",
                  "timeline -w old x", "analyze --partial=old x"):
        old = write(os.path.join(folder, "old"), b"an old report")
        os.chmod(old, 0o644)
        done_ = shell("$P " + words, folder)
        check(done_.returncode == 1 and read(old) == b"an old report" and
              mode_of(old) == 0o644,
              f"culprit {words}: for what is no capture nothing is "
              "overwritten", done_.stderr)


def refused_late(folder):
    """What is refused only by what was read, or by words that are unknown."""
    old = os.path.join(folder, "old")
    write(os.path.join(folder, "x"), WHOLE)
    with open(os.path.join(folder, "probe"), "wb") as file:
        file.write(lzma.decompress(read(probe_recordings()[0])))
    for words in ("timeline -w old --frame 99999 x",
                  "timeline -w old --stream 999 x",
                  "timeline -w old --flow 192.0.2.7:7-192.0.2.8:8 x",
                  "timeline --html old --frame 99999 x",
                  "timeline --plot=rtt --svg -o old --stream 999 x",
                  "timeline -o old -w new --frame 99999 x",
                  "explain -o old nosuch", "explain -o old injected nosuch",
                  "analyze --follow -o old probe",
                  "analyze --partial old probe"):
        write(old, b"an old recording or report")
        os.chmod(old, 0o644)
        done_ = shell("$P " + words, folder)
        check(done_.returncode == 2 and done_.stderr and
              read(old) == b"an old recording or report" and
              mode_of(old) == 0o644,
              f"culprit {words}: refused, and what was there stays",
              (done_.returncode, done_.stderr, read(old)))
    for words in ("timeline -w old x", "timeline --html old x",
                  "timeline -o old x", "analyze -o old x", "explain -o old",
                  "analyze --html old x", "analyze --partial old x",
                  "cat x | $P analyze --follow -o old -"):
        write(old, b"\0" * 2000000)
        done_ = shell(words if "|" in words else "$P " + words, folder)
        found = read(old)
        check(done_.returncode == 0 and found and
              b"\0" * 100 not in found and len(found) < 1000000,
              f"culprit {words}: nothing of a longer file stays behind",
              (done_.stderr, len(found)))


def help_is_lost():
    for words in ("--help", "help", "--version", "version", "timeline --help",
                  "help capture", "probe --version"):
        done_ = shell(f"$P {words} >/dev/full", "/")
        check(done_.returncode == 1 and done_.stderr.count(b"\n") == 1 and
              b"standard output: No space left" in done_.stderr,
              f"culprit {words}: what can't be written is told",
              (done_.returncode, done_.stderr))


def outputs_keep_apart(folder):
    def refuses(words, kept=b"an old report"):
        write(os.path.join(folder, "old"), kept)
        done_ = shell("$P " + words, folder)
        check(done_.returncode == 2 and b"writes there too" in done_.stderr and
              read(os.path.join(folder, "old")) == kept,
              f"culprit {words}: wrong usage, and nothing is touched",
              (done_.returncode, done_.stderr))
    write(os.path.join(folder, "x"), WHOLE)
    os.symlink("old", os.path.join(folder, "alias"))
    refuses("timeline -w old -o old x")
    refuses("timeline -w alias -o old x")
    os.symlink("old", os.path.join(folder, "p-client.xpl"))
    os.symlink("old", os.path.join(folder, "p-server.xpl"))
    refuses("timeline --xplot p x")
    for name in ("client", "server"):
        os.unlink(os.path.join(folder, f"p-{name}.xpl"))
    write(os.path.join(folder, "p-client.xpl"), b"an old plot")
    os.link(os.path.join(folder, "p-client.xpl"),
            os.path.join(folder, "p-server.xpl"))
    refuses("timeline --xplot p x")
    check(read(os.path.join(folder, "p-server.xpl")) == b"an old plot",
          "two files of one option are never one file with two names")
    refuses("timeline -w - -o old x >>old")
    if namespace():
        skip("capture and probe with two outputs in one file", "needs root")
        return
    refuses("capture -i lo -w old -o old")
    refuses("capture -i lo -w alias -o old")
    refuses("capture -i lo -w - -o alias >>old")
    refuses("capture -i lo -w old >>old")
    subprocess.run("ip link add v0 type veth peer name v1 && "
                   "ip addr add 10.9.0.1/24 dev v0 && ip link set v0 up",
                   shell=True, check=True)
    refuses("probe 10.9.0.2 -w old -o alias")
    refuses("probe 10.9.0.2 -w old >>old")
    for words in ("capture -i lo -w y 2>y", "capture -i lo -w y 2>>y",
                  "probe 10.9.0.2 -w y 2>y"):
        if os.path.exists(os.path.join(folder, "y")):
            os.unlink(os.path.join(folder, "y"))
        done_ = shell("$P " + words, folder)
        said = read(os.path.join(folder, "y"))
        check(done_.returncode == 2 and said.count(b"\n") == 1 and
              b"y: standard error goes there too" in said,
              f"culprit {words}: wrong usage", (done_.returncode, said))
    small_inputs(folder)
    without_memory()
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    for words in (["capture", "-i", "lo"], ["probe", "10.9.0.2"]):
        process, said = start(*words, "-w", fifo)
        process.send_signal(signal.SIGINT)
        code, _, errors = finish(process, 10)
        check(b"fifo: waiting for a program that reads" in said and
              code == -signal.SIGINT,
              f"{words[0]}: a FIFO without a reader is waited for, and "
              "Ctrl-C ends the wait", (said, code, errors))
    inputs_are_waited_for(folder)
    done_ = shell("$P probe --only route -m 1 --html /dev/full "
                  "10.9.0.2", folder)
    check(done_.returncode == 5 and
          b"the HTML report to /dev/full: " in done_.stderr,
          "probe: what is lost does not hide that the target was not reached",
          (done_.returncode, done_.stderr))


def without_memory():
    """A probe that has none, in the network of outputs_keep_apart."""
    if "sanitized" in PROGRAM:
        skip("a probe without memory", "the sanitizers take more")
        return
    found = []
    for most in range(12000, 40000, 500):
        done_ = shell(f"ulimit -v {most}; exec $P probe --only route -m 1 "
                      "10.9.0.2", "/")
        if b"emory" not in done_.stderr:
            if any(b"for a probe" in said for _, said in found):
                break
            continue
        found.append((done_.returncode, done_.stderr))
    check(any(b"no memory for a probe" in said for _, said in found) and
          all(code == 1 for code, _ in found),
          "probe: where memory is short it does not say that the target was "
          "not reached", found)


def inputs_are_waited_for(folder):
    """A FIFO that nobody writes to, in the network of outputs_keep_apart."""
    fifo = os.path.join(folder, "fifo")
    recording = os.path.join(folder, "none")
    for only, option in (("reset", "--trigger"),
                         ("ssh", "--client-algorithms")):
        for number in (signal.SIGINT, signal.SIGHUP):
            words = ["probe", "--only", only, option, fifo, "-w", recording,
                     "10.9.0.2"]
            process, said = start(*words)
            process.send_signal(number)
            code, _, errors = finish(process, 10)
            check(b"fifo: waiting for a program that writes" in said and
                  code == -number,
                  f"probe {option}: a FIFO without a writer is waited for, "
                  f"and {number.name} ends the wait", (said, code, errors))
            writer = os.open(fifo, os.O_RDWR)
            process, _ = start(*words)
            until_it_exists(recording)
            time.sleep(0.5)  # what it opens after that takes no time
            guard = guard_of(process)
            process.send_signal(number)
            code, _, errors = finish(process, 10)
            os.close(writer)
            os.unlink(recording)
            check(code == -number and guard and is_gone(guard, 5),
                  f"probe {option}: {number.name} ends the wait for what a "
                  "writer says, and the guard of its ports: nothing was sent",
                  (code, guard, errors))


def guard_of(process):
    """The number of the process that guards its ports; None: there is none."""
    words = ["ps", "-o", "pid=", "-o", "comm=", "--ppid", str(process.pid)]
    said = subprocess.run(words, capture_output=True, text=True,
                          check=False).stdout
    for line in said.splitlines():
        number, name = line.split()[:2]
        if name == "culprit-guard":
            return int(number)
    return None


def is_gone(number, seconds):
    """A guard that lingers does for ten seconds at least."""
    until = time.monotonic() + seconds
    while os.path.exists(f"/proc/{number}"):
        try:
            with open(f"/proc/{number}/stat", encoding="ascii") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except OSError:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def until_it_exists(path):
    until = time.monotonic() + 10
    while not os.path.exists(path) and time.monotonic() < until:
        time.sleep(0.01)


def errors_keep_apart(folder):
    """Messages go to none but a report on standard output, which may have
    them."""
    write(os.path.join(folder, "x"), WHOLE)
    for words in ("analyze -o y x 2>y", "analyze -o y x 2>>y",
                  "analyze -o soft x 2>y", "analyze --csv -o y x >>y 2>&1",
                  "analyze --html y x 2>y", "analyze --partial y x 2>y",
                  "timeline -w y x 2>y", "timeline -w y x 2>>y",
                  "timeline -w - -o z x >y 2>&1", "explain -o y 2>y"):
        for name in ("y", "z", "soft"):
            if os.path.lexists(os.path.join(folder, name)):
                os.unlink(os.path.join(folder, name))
        os.symlink("y", os.path.join(folder, "soft"))
        done_ = shell("$P " + words, folder)
        said = read(os.path.join(folder, "y"))
        check(done_.returncode == 2 and said.count(b"\n") == 1 and
              b": standard error goes there too" in said,
              f"culprit {words}: wrong usage", (done_.returncode, said))
    report = shell("$P analyze x", folder).stdout
    for words in ("$P analyze x >z 2>&1", "$P analyze x 2>&1 | cat >z",
                  "$P analyze -o - x >z 2>&1",
                  "$P analyze -o /dev/stdout x >z 2>&1",
                  "$P analyze -o /dev/stdout x 2>&1 | cat >z"):
        done_ = shell(words, folder)
        check(done_.returncode == 0 and
              read(os.path.join(folder, "z")) == report,
              f"{words.replace('$P', 'culprit')}: that is as asked for",
              (done_.returncode, read(os.path.join(folder, "z"))))
    write(os.path.join(folder, "cut"), WHOLE[:-1])
    done_ = shell("$P analyze cut >z 2>&1; $P analyze -o /dev/stdout cut "
                  ">y 2>&1", folder)
    check(done_.returncode == 1 and read(os.path.join(folder, "y")) ==
          read(os.path.join(folder, "z")) and
          b"culprit: " in read(os.path.join(folder, "z")),
          "culprit -o /dev/stdout >y 2>&1: a message does not overwrite it",
          read(os.path.join(folder, "y")))
    write(os.path.join(folder, "empty"), b"")
    done_ = shell("$P analyze empty 2>>empty", folder)
    check(done_.returncode == 2 and not read(os.path.join(folder, "empty"))
          and b"it is an input too" in done_.stdout,
          "an input that is standard error too: said on standard output",
          (done_.returncode, done_.stdout))
    done_ = shell("$P analyze empty >>empty 2>&1", folder)
    check(done_.returncode == 2 and not read(os.path.join(folder, "empty")),
          "an input that both write to: nothing is said there",
          (done_.returncode, read(os.path.join(folder, "empty"))))


def opened_again(folder):
    """What is read twice is opened twice; by the second time the name may lead
    to another file, and that is an input as well."""
    if "sanitized" in PROGRAM:
        skip("a name that leads elsewhere the second time",
             "the sanitizers' runtime is to be loaded first")
        return
    library = os.path.join(folder, "second.so")
    write(os.path.join(folder, "second.c"), b"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
int open(const char *path, int flags, int mode)
{
	static unsigned count;
	int (*real)(const char *, int, int) = dlsym(RTLD_NEXT, "open");
	int is_second = strcmp(path, "x") == 0 && ++count == 2;
	return real(is_second ? "y" : path, flags, mode);
}
int open64(const char *, int, int) __attribute__((alias("open")));
int __open_2(const char *path, int flags)
{
	return open(path, flags, 0);
}
int __open64_2(const char *, int) __attribute__((alias("__open_2")));
""")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library,
                    os.path.join(folder, "second.c")], check=True)
    write(os.path.join(folder, "x"), WHOLE)
    for words in ("analyze --html y x", "timeline --html y x"):
        write(os.path.join(folder, "y"), WHOLE)
        done_ = shell(f"LD_PRELOAD=./second.so $P {words}", folder)
        check(done_.returncode == 2 and
              read(os.path.join(folder, "y")) == WHOLE and
              b"y: it is also an input" in done_.stderr,
              f"{words}: what is read the second time is no output either",
              (done_.returncode, done_.stderr))


def layers(folder):
    """One file behind two devices' numbers."""
    if os.geteuid() != 0:
        skip("files behind two devices", "needs root")
        return
    path = os.path.join(folder, "lower", "x")
    for name in ("lower", "upper", "work", "merged"):
        os.mkdir(os.path.join(folder, name))
    write(path, WHOLE)
    done_ = shell(
        "unshare -m sh -c 'mount -t overlay none -o lowerdir=lower,"
        "upperdir=upper,workdir=work merged || exit 77; "
        "$P timeline -w lower/x merged/x'", folder)
    if done_.returncode == 77:
        skip("an overlay", done_.stderr.decode())
    else:
        check(done_.returncode == 2 and read(path) == WHOLE and
              b"it is also an input" in done_.stderr,
              "a file that an overlay shows: wrong usage",
              (done_.returncode, done_.stderr))
    are_two(folder)
    image = write(os.path.join(folder, "image"), WHOLE.ljust(65536, b"\0"))
    before = read(image)
    device = subprocess.run(["losetup", "-f", "--show", image], check=False,
                            capture_output=True)
    if device.returncode:
        skip("a loop device", device.stderr.decode())
        return
    device = device.stdout.decode().strip()
    try:
        done_ = shell(f"$P analyze -o image {device}", folder)
    finally:
        subprocess.run(["losetup", "-d", device], check=True)
    check(done_.returncode == 2 and read(image) == before and
          b"it is also an input" in done_.stderr,
          "the file behind a loop device: wrong usage",
          (done_.returncode, done_.stderr))


def are_two(folder):
    """A file and that of a snapshot agree in inode, size and time of change."""
    done_ = shell(
        "truncate -s 4M one.img && mkfs.ext4 -q -d lower one.img && "
        "cp one.img other.img && mkdir one other && unshare -m true || "
        "exit 77; "
        "unshare -m sh -c 'mount -o loop one.img one && "
        "mount -o loop other.img other || exit 77; "
        "stat -c \"%i %s %z\" one/x other/x && "
        "$P timeline -w one/x other/x'", folder)
    if done_.returncode == 77:
        skip("a file of a snapshot", done_.stderr.decode())
        return
    numbers = done_.stdout.splitlines()
    check(done_.returncode == 0 and numbers[0] == numbers[1],
          "a file and that of a snapshot are two",
          (done_.returncode, numbers, done_.stderr))


def small_inputs(folder):
    """What a probe reads; in the network of outputs_keep_apart."""
    def probe(words, code, said, kept):
        def state():
            paths = [os.path.join(folder, name) for name in kept]
            return [(read(path), mode_of(path)) for path in paths]
        for name in kept:
            os.chmod(os.path.join(folder, name), 0o644)
        before = state()
        done_ = shell(f"$P probe {words} -m 3 10.9.0.2", folder)
        after = state()
        check(done_.returncode == code and said in done_.stderr and
              after == before, f"probe {words}: exit {code}, and nothing is "
              "touched", (done_.returncode, done_.stderr))
    write(os.path.join(folder, "t"), b"GET / HTTP/1.0\r\n\r\n")
    write(os.path.join(folder, "a"), b"Ciphers aes128-ctr\n")
    for only, name in (("reset --trigger", "t"),
                       ("ssh --client-algorithms", "a")):
        for words in ("--dry-run -o", "-o", "-w", "--html"):
            probe(f"--only {only} {name} {words} {name}", 2,
                  b"it is also an input", [name])
        probe(f"--only {only}={name} 2>>{name}", 2, b"", [name])
        write(os.path.join(folder, "empty"), b"")
        probe(f"--only {only}=empty 2>>empty", 2, b"", ["empty"])
        write(os.path.join(folder, "large"), b"x" * 5000)
        write(os.path.join(folder, "old"), b"an old recording")
        probe(f"--only {only} large -w old", 2, b"large: ", ["old"])
        probe(f"--only {only} nosuch -w old", 2, b"nosuch", ["old"])
        probe(f"--dry-run --only {only} large", 2, b"large: ", [])
        probe(f"--dry-run --only {only} {name}", 0, b"", [name])


def are_made_as_ever(folder):
    write(os.path.join(folder, "x"), WHOLE)
    done_ = shell("umask 022; $P timeline -w - x >copy && $P timeline -w "
                  "copy2 x && cmp copy copy2 && $P analyze -o report x && "
                  "$P analyze x >report2 && cmp report report2 && "
                  "$P analyze -o /dev/stdout x | cmp - report2 && "
                  "$P analyze -o /dev/null x </dev/null", folder)
    check(done_.returncode == 0 and not done_.stdout,
          "a file and standard output are given the same", done_.stderr)
    ours, theirs = os.pipe()
    done_ = subprocess.run(
        [PROGRAM, "timeline", "-w", f"/dev/fd/{theirs}", DEAD],
        pass_fds=[theirs], stdin=subprocess.DEVNULL, capture_output=True,
        check=False)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        same = pipe.read() == read(os.path.join(folder, "copy2"))
    check(done_.returncode == 0 and same,
          "a descriptor may be named, as shells do for >(...)", done_.stderr)
    modes = [stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode)
             for name in ("copy2", "report")]
    check(modes == [0o600, 0o644],
          "a recording is its owner's alone, a report is as umask says",
          [oct(mode) for mode in modes])
    long_ago = os.path.join(folder, "long")
    write(long_ago, b"x" * 100000)
    os.chmod(long_ago, 0o640)
    done_ = run("analyze", "-o", long_ago, DEAD)
    check(done_.returncode == 0 and
          read(long_ago) == run("analyze", DEAD).stdout and
          stat.S_IMODE(os.stat(long_ago).st_mode) == 0o640,
          "nothing is left of what is overwritten, but its mode")
    for words in (["timeline", "-w", long_ago],
                  ["analyze", f"--partial={long_ago}"]):
        os.chmod(long_ago, 0o644)
        done_ = run(*words, DEAD)
        check(done_.returncode == 0 and mode_of(long_ago) == 0o600,
              f"{words[0]}: a recording over an older file is its owner's "
              "alone", done_.stderr)
    done_ = run("analyze", "-o", os.path.join(folder, "new"), "/nonexistent")
    check(done_.returncode == 1 and
          not os.path.exists(os.path.join(folder, "new")),
          "nothing is created for an input that is not there")


def losses_are_told(folder):
    """Of every output, where none of them can be written."""
    write(os.path.join(folder, "x"), WHOLE)
    for words, said in (
            ("analyze -v -o report --html page x",
             (b"the HTML report to page: ", b"the report to report: ")),
            ("timeline -o report.svg --html page --xplot plot x",
             (b"the HTML report to page: ", b"plot-client.xpl: ",
              b"plot-server.xpl: ", b"the report to report.svg: "))):
        done_ = shell(f"ulimit -f 0; $P {words}", folder)
        check(done_.returncode == 1 and
              done_.stderr.count(b"\n") == len(said) and
              all(one in done_.stderr for one in said),
              f"culprit {words}: each output that is lost is told",
              (done_.returncode, done_.stderr))


def start(*words):
    """The process, and what it says first, within five seconds."""
    process = subprocess.Popen(
        [PROGRAM, *words], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    ready, _, _ = select.select([process.stderr], [], [], 5)
    return process, process.stderr.readline() if ready else b""


def fifos(folder):
    path = os.path.join(folder, "fifo")
    os.mkfifo(path)
    for words in (["analyze", "-o", path, DEAD],
                  ["timeline", "-w", path, DEAD]):
        process, said = start(*words)
        found = []
        reader = threading.Thread(target=lambda: found.append(read(path)),
                                  daemon=True)
        time.sleep(0.2)
        waits = process.poll() is None
        reader.start()
        code, _, errors = finish(process)
        reader.join(timeout=20)
        check(waits and b"fifo: waiting for a program that reads" in said and
              code == 0 and not errors and found and len(found[0]) > 500,
              f"{words[0]}: a FIFO without a reader is waited for, and that "
              "is said", (said, code, errors))
        process, _ = start(*words)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        code, _, errors = finish(process, 10)
        check(code == -signal.SIGINT, f"{words[0]}: Ctrl-C ends the wait",
              (code, errors))


def as_root(folder):
    """The whole table of who is followed: tests/unit/test_output_file.c."""
    if os.geteuid() != 0:
        skip("files that somebody else put there, as root", "needs root")
        return
    theirs = os.path.join(folder, "theirs")
    os.mkdir(theirs)
    os.chown(theirs, NOBODY, NOBODY)
    victim = write(os.path.join(folder, "victim"), b"victim")
    link = os.path.join(theirs, "link")
    os.symlink(victim, link)
    os.lchown(link, NOBODY, NOBODY)
    planted = write(os.path.join(theirs, "planted"), b"")
    os.chown(planted, NOBODY, NOBODY)
    for path in (link, planted):
        for words in (["analyze", "-o", path, DEAD],
                      ["timeline", "-o", path, DEAD],
                      ["timeline", "-w", path, DEAD],
                      ["explain", "-o", path]):
            done_ = run(*words)
            check(done_.returncode == 4 and read(victim) == b"victim" and
                  read(planted) == b"" and path.encode() in done_.stderr,
                  f"root's {' '.join(words[:2])} takes no "
                  f"{os.path.basename(path)} of somebody else's",
                  (done_.returncode, done_.stderr))
    pages_of_others(folder)
    mounted_in_sticky(folder)
    done_ = run("analyze", "-o", os.path.join(theirs, "new"), DEAD)
    check(done_.returncode == 0 and
          os.stat(os.path.join(theirs, "new")).st_uid == 0,
          "a new file there is root's", done_.stderr)


def pages_of_others(folder):
    """In a folder of somebody else's no page is read where it leads."""
    theirs = os.path.join(folder, "pages")
    os.mkdir(theirs)
    os.chown(theirs, NOBODY, NOBODY)
    victim = os.path.join(folder, "secret")
    for name in ("group-0001.html", "index.html"):
        link = os.path.join(theirs, name)
        write(victim, b"secret")
        os.symlink(victim, link)
        os.lchown(link, NOBODY, NOBODY)
        done_ = run("analyze", "--html", theirs, DEAD)
        check(done_.returncode == 4 and os.listdir(theirs) == [name] and
              b"a symbolic link there may be somebody else's" in done_.stderr,
              f"root follows no {name} that somebody else has made",
              (done_.returncode, done_.stderr, os.listdir(theirs)))
        if shutil.which("strace") and "sanitized" not in PROGRAM:
            trace = os.path.join(folder, "trace")
            subprocess.run(["strace", "-f", "-y", "-e", "trace=open,openat",
                            "-o", trace, PROGRAM, "analyze", "--html", theirs,
                            DEAD], check=False, capture_output=True)
            opened = [line for line in read(trace).splitlines()
                      if victim.encode() in line and b"O_PATH" not in line]
            check(not opened, "nor is what it leads to opened", opened)
        else:
            skip("what it leads to is not opened", "no strace")
        os.unlink(link)


def mounted_in_sticky(folder):
    """A file of root's that is mounted on a name in a folder like /tmp."""
    sticky = os.path.join(folder, "sticky")
    os.mkdir(sticky)
    os.chmod(sticky, 0o1777)
    os.mkdir(os.path.join(folder, "other"))
    write(os.path.join(sticky, "f"), b"")
    done_ = shell(
        "unshare -m true || exit 77; unshare -m sh -c '"
        "mount -t tmpfs none other && echo old >other/f && "
        "mount --bind other/f sticky/f || exit 77; "
        "$P explain -o sticky/f; echo $?; head -c 9 other/f'", folder)
    if done_.returncode == 77:
        skip("a file that is mounted in a sticky folder",
             done_.stderr.decode())
        return
    check(done_.stdout == b"4\nold\n" and b"sticky/f: other users" in
          done_.stderr and
          run("explain", "-o", os.path.join(sticky, "f")).returncode == 0,
          "root takes no file that is mounted in a sticky folder",
          (done_.stdout, done_.stderr))


def race(folder, tries):
    """Somebody swaps root's file for a link in their folder, all the time."""
    if os.geteuid() != 0:
        skip("the race for a file", "needs root")
        return
    theirs = os.path.join(folder, "theirs")
    os.mkdir(theirs)
    os.chown(theirs, NOBODY, NOBODY)
    victim = write(os.path.join(folder, "victim"), b"victim")
    mine = write(os.path.join(theirs, "mine"), b"")
    link = os.path.join(theirs, "link")
    os.symlink(victim, link)
    os.lchown(link, NOBODY, NOBODY)
    swapper = subprocess.Popen(
        ["python3", "-c", "import ctypes, os, sys, time\n"
         f"os.setgid({NOBODY}); os.setuid({NOBODY})\n"
         "libc = ctypes.CDLL(None)\n"
         "one, other = (os.fsencode(path) for path in sys.argv[1:])\n"
         "while True:\n"
         "    for _ in range(500):\n"
         "        libc.renameat2(-100, one, -100, other, 2)\n"
         "    time.sleep(0.0005)\n", mine, link])
    codes = {}
    try:
        for number in range(tries):
            words = (["explain", "-o", mine, "abort"],
                     ["timeline", "-w", mine, DEAD])[number % 2]
            code = run(*words).returncode
            codes[code] = codes.get(code, 0) + 1
            if read(victim) != b"victim":
                break
    finally:
        swapper.kill()
        swapper.wait()
    print(f"# exit codes of {tries} tries: {codes}")
    check(read(victim) == b"victim" and sum(codes.values()) == tries and
          set(codes) == {0, 4},
          "it is written or refused, and the link is never followed", codes)


for test in (inputs_are_left_alone, nothing_is_left, is_emptied_by_the_shell,
             errors_keep_apart, opened_again, layers, are_made_as_ever,
             losses_are_told, fifos, as_root):
    with tempfile.TemporaryDirectory() as top:
        os.chmod(top, 0o755)
        test(top)
with tempfile.TemporaryDirectory() as top:
    os.chmod(top, 0o755)
    race(top, int(os.environ.get("RACE_TRIES", "200")))
with tempfile.TemporaryDirectory() as top:
    outputs_keep_apart(top)
with tempfile.TemporaryDirectory() as top:
    refused_late(top)
help_is_lost()
done()
