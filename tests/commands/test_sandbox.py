#!/usr/bin/env python3
"""What is closed before the first foreign byte is read, what is said of what
can't be closed, and what becomes of full disks and little memory."""
import ctypes
import gzip
import lzma
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from tap import PROGRAM, captures, check, done, lab, run, skip
from waiting import wait_until

IS_SANITIZED = "sanitized" in PROGRAM
DEAD = lab("c7_nft_reject_estab_c2s.client.pcap")
READS = ("read", "pread64", "readv", "preadv", "preadv2", "mmap", "recvfrom",
         "recvmsg", "recvmmsg", "poll", "ppoll")
HEARS = re.compile(r"AF_PACKET|AF_INET6?, SOCK_RAW")
CALL = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\w+)")
LIBC = ctypes.CDLL(None, use_errno=True)


def unshare(flags):
    if os.geteuid() != 0:
        return "needs root"
    if LIBC.unshare(flags) != 0:
        return "no namespace: " + os.strerror(ctypes.get_errno())
    return None


def traced(folder, arguments, stdin=subprocess.DEVNULL, during=None):
    """The calls of all processes of one run: (process, call, arguments,
    result), in their order."""
    trace = os.path.join(folder, "trace")
    process = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "2", "-e", "abbrev=none", "-o", trace,
         "-e", "trace=seccomp,socket," + ",".join(READS), PROGRAM,
         *arguments],
        stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if during:
        during(process)
    output, errors = process.communicate(timeout=120)
    # What is interrupted by another process's line is resumed on its own.
    calls, begun = [], {}
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            pid, text = line.rstrip("\n").split(maxsplit=1)
            if text.endswith("<unfinished ...>"):
                begun[pid] = text[:-len("<unfinished ...>")]
                continue
            text = re.sub(r"^<\.\.\. \w+ resumed>",
                          lambda _, pid=pid: begun.pop(pid, ""), text)
            match = CALL.match(f"{pid} {text}")
            if match:
                calls.append(match.groups())
    return process.returncode, output, errors, calls


def judge(what, calls, inputs=None, count=0):
    """Nobody looks at an input before the process that reads it has locked
    itself up; afterwards it does. Without inputs: at a socket that hears
    packets; that it maps one's ring is no look at it, and that it has looked
    is known from the `count` of packets that it told of."""
    reader = calls[0][0]
    is_locked, before, after, sockets = False, [], count, []
    for call in calls:
        pid, name, arguments, result = call
        if name == "seccomp":
            is_locked = is_locked or (
                pid == reader and result == "0" and
                arguments.startswith("SECCOMP_SET_MODE_FILTER, 0, {"))
        elif name == "socket":
            if HEARS.match(arguments):
                sockets.append((pid, f"{result}<"))
        elif not result.startswith("-") and (
                any(f"<{path}" in arguments for path in inputs) if inputs else
                name != "mmap" and any(
                    pid == owner and (arguments.startswith(one) or
                                      f"fd={one}" in arguments)
                    for owner, one in sockets)):
            if is_locked:
                after += 1
            else:
                before.append(call)
    check(is_locked and not before and after,
          f"{what}: nothing is read before seccomp is on",
          (is_locked, before[:5], after))


def order_of_reading():
    if not shutil.which("strace"):
        skip("nothing is read before the sandbox", "no strace")
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name in (
            "plain", "gzip", "xz", "zstd", "second", "fifo")}
        with open(DEAD, "rb") as file:
            whole = file.read()
        for name, pack in (("plain", bytes), ("second", bytes),
                           ("gzip", gzip.compress), ("xz", lzma.compress),
                           ("zstd", lambda data: subprocess.run(
                               ["zstd", "-c"], input=data,
                               capture_output=True, check=True).stdout)):
            with open(paths[name], "wb") as file:
                file.write(pack(whole))
        os.mkfifo(paths["fifo"])
        files = [paths[name] for name in ("plain", "gzip", "xz", "zstd")]
        for command in ("analyze", "timeline"):
            for some in [[path] for path in files] + [files]:
                code, output, errors, calls = traced(folder,
                                                     [command, *some])
                judge(f"{command} of "
                      f"{' '.join(os.path.basename(p) for p in some)}",
                      calls, some)
                check(code == 0 and output, "and it is judged", errors)
        code, _, _, calls = traced(folder, [
            "analyze", "--filter", "port http-alt", *files])
        judge("analyze with a filter that names a service", calls, files)

        part = os.path.join(folder, "part")
        for words, read in (
                (["analyze", f"--partial={part}", paths["plain"]],
                 paths["plain"]),
                (["merge", "-q", f"--lake={folder}/lake", part], part)):
            code, _, errors, calls = traced(folder, words)
            judge(words[0] + " " + words[1].partition("=")[0], calls, [read])
            check(code == 0 and not errors, "and it is done", errors)

        def feed(_):
            with open(paths["fifo"], "wb") as file:
                file.write(whole)
        *_, calls = traced(folder, ["analyze", paths["fifo"]], during=feed)
        judge("analyze of a FIFO", calls, [paths["fifo"]])
        with open(paths["plain"], "rb") as file:
            *_, calls = traced(folder, ["analyze", "-", paths["second"]],
                               stdin=file)
        judge("analyze of standard input that is a file", calls,
              [paths["plain"], paths["second"]])

        def pour(process):
            process.stdin.write(whole)
            process.stdin.close()
            process.stdin = None
        *_, calls = traced(folder, ["analyze", "-"], stdin=subprocess.PIPE,
                           during=pour)
        judge("analyze of a pipe", calls, ["pipe:"])
        live_order(folder)


def flood(stop):
    """Datagrams on loopback until told to stop."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        while not stop.is_set():
            out.sendto(b"x", ("127.0.0.1", 9))
            time.sleep(0.001)


def live_order(folder):
    """Sockets are open already while the sandbox is being built: packets wait
    there, and nobody looks."""
    if not in_network:
        skip("capture and probe look at no packet before", "needs root")
        return
    stop = threading.Event()
    thread = threading.Thread(target=flood, args=(stop,))
    thread.start()
    for words in ([], ["udp", "port", "9"]):
        *_, errors, calls = traced(folder, ["capture", "-i", "lo", "-c", "20",
                                            *words])
        told = re.search(rb"(\d+) packets? captured", errors)
        judge(f"capture of {' '.join(words) or 'everything'}", calls,
              count=int(told.group(1)) if told else 0)
    stop.set()
    thread.join()
    subprocess.run("ip link add va type veth peer name vb; ip addr add "
                   "10.9.0.1/24 dev va; ip link set va up; ip link set vb up;"
                   "ip neigh add 10.9.0.2 lladdr 2:0:0:0:0:2 dev va",
                   shell=True, check=True)
    *_, calls = traced(folder, ["probe", "10.9.0.2", "--only", "route", "-m",
                                "2"])
    judge("probe", calls)
    small_inputs(folder)


def small_inputs(folder):
    """Those of a probe: files, and what this host's own ssh prints."""
    for only, option, text in (
            ("reset", "--trigger", "GET / HTTP/1.0\r\n\r\n"),
            ("ssh", "--client-algorithms", "Ciphers aes128-ctr\n")):
        path = os.path.join(folder, only)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        words = ["probe", "10.9.0.2", "--only", only, option, path, "-m", "2"]
        for more in ([], ["--dry-run"]):
            *_, calls = traced(folder, words + more)
            judge(f"probe {option} FILE {' '.join(more)}".rstrip(), calls,
                  [path])
    if not os.access("/usr/bin/ssh", os.X_OK):
        skip("what ssh prints is not read before", "no ssh")
        return
    *_, calls = traced(folder, ["probe", "10.9.0.2", "--only", "ssh", "-m",
                                "2"])
    judge("probe of SSH, which asks this host's own", calls, ["pipe:"])


def forgotten_call():
    """A library that makes a call nobody allowed, at each read."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "more.c")
        library = os.path.join(folder, "more.so")
        with open(source, "w", encoding="ascii") as file:
            file.write("""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>
ssize_t pread(int file, void *bytes, size_t count, off_t place)
{
	ssize_t (*real)(int, void *, size_t, off_t) = dlsym(RTLD_NEXT, "pread");
	syscall(SYS_getsid, 0);
	return real(file, bytes, count, place);
}
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
""")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source],
                       check=True)
        done_ = subprocess.run(
            [PROGRAM, "analyze", DEAD], capture_output=True, check=False,
            env=dict(os.environ, LD_PRELOAD=library))
    said = re.search(rb"sandbox refused (\d+) system calls, the first of them "
                     rb"getsid", done_.stderr)
    check(done_.returncode == 0 and done_.stdout == run("analyze",
                                                        DEAD).stdout,
          "a call that was forgotten does not end the program",
          (done_.returncode, done_.stderr))
    check(said and int(said.group(1)) >= 2 and
          done_.stderr.count(b"\n") == 1,
          "and is counted in one line at the end", done_.stderr)


def opened(pid):
    """What its descriptors are."""
    found = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{name}"))
        except FileNotFoundError:  # closed meanwhile
            pass
    return found


def inherited():
    with tempfile.TemporaryDirectory() as folder:
        secret = os.path.join(folder, "secret")
        shutil.copy(DEAD, secret)
        with open(secret, "rb") as file:
            process = subprocess.Popen(
                [PROGRAM, "analyze", "-"], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                pass_fds=(file.fileno(),))
            is_closed = wait_until(
                lambda: secret not in opened(process.pid)) and opened(
                    process.pid)
            process.communicate(b"")
            check(is_closed, "what the caller left open is closed")
            for name in ("/dev/fd", "/proc/self/fd", "-r/dev/fd", "-qr/dev/fd",
                         "/proc/thread-self/fd", "/proc/self/task/PID/fd",
                         "--at=a=/dev/fd", "//dev/./fd/"):
                # This shell becomes the program, and keeps its number.
                done_ = subprocess.run(
                    ["sh", "-c", 'exec "$0" analyze -q "$(echo "$1" | '
                     'sed s/PID/$$/)"', PROGRAM, f"{name}/{file.fileno()}"],
                    stdin=subprocess.DEVNULL, capture_output=True,
                    check=False, pass_fds=(file.fileno(),))
                check(done_.returncode == 0 and b"1 failed" in done_.stdout,
                      f"but what an argument names as {name}/N is read",
                      done_.stderr)
            for name in ("x/fd", "x/dev/fd", "dev/fd", "dev/proc/self/fd"):
                path = os.path.join(folder, name, str(file.fileno()), "a")
                os.makedirs(os.path.dirname(path))
                shutil.copy(DEAD, path)
                process = subprocess.Popen(
                    [PROGRAM, "analyze", "-", os.path.relpath(path, folder)],
                    cwd=folder, stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    pass_fds=(file.fileno(),))
                is_closed = wait_until(
                    lambda: path in opened(process.pid)) and \
                    secret not in opened(process.pid)
                process.communicate(b"")
                check(is_closed, f"the path {name}/N/a names no descriptor")


def refused_run_changes_nothing():
    """Not even what it would have overwritten."""
    for words in (["capture", "-i", "lo", "-c", "1"],
                  ["capture", "-i", "lo", "-c", "1", "-C", "1"],
                  ["capture", "-i", "lo", "-c", "1", "-G", "60"],
                  ["timeline", DEAD]):
        with tempfile.TemporaryDirectory() as folder:
            names = [os.path.join(folder, name) for name in ("w", "o")]
            for name in names:
                with open(name, "wb") as file:
                    file.write(b"old")
                os.chmod(name, 0o644)
            done_ = subprocess.run(
                ["timeout", "30", "setpriv", "--bounding-set",
                 "-setuid,-setgid", PROGRAM, *words, "-w", names[0], "-o",
                 names[1]], stdin=subprocess.DEVNULL, capture_output=True,
                check=False)
            kept = []
            for name in names:
                with open(name, "rb") as file:
                    kept.append((file.read(), os.stat(name).st_mode & 0o777))
        check(done_.returncode == 4 and kept == [(b"old", 0o644)] * 2,
              f"{' '.join(words[:1] + words[5:])} that would stay root leaves "
              "what it would have overwritten", (done_.stderr, kept))


def root_remains():
    if os.geteuid() != 0:
        skip("uid 0 never remains", "needs root")
        return
    for command in (["analyze", DEAD], ["timeline", DEAD],
                    ["capture", "-i", "lo", "-c", "1"],
                    ["analyze", "--filter", "host localhost", DEAD]):
        done_ = subprocess.run(
            ["timeout", "30", "setpriv", "--bounding-set", "-setuid", PROGRAM,
             *command],
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        check(done_.returncode == 4 and not done_.stdout and
              b"won't read foreign bytes as root" in done_.stderr and
              b"--cap-add SETUID" in done_.stderr and
              done_.stderr.count(b"\n") == 1,
              f"{' '.join(command[:2])} that would stay root ends, exit 4",
              done_.stderr)
    refused_run_changes_nothing()
    for number, name, wanted in ((0, "root", 4), (65534, "nobody", 0)):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            for what in (PROGRAM, DEAD):
                shutil.copy(what, folder)
            done_ = subprocess.run(
                ["setpriv", "--reuid", str(number), "--regid", str(number),
                 "--clear-groups", "unshare", "--map-root-user",
                 os.path.join(folder, os.path.basename(PROGRAM)), "analyze",
                 os.path.join(folder, os.path.basename(DEAD))],
                stdin=subprocess.DEVNULL, capture_output=True, check=False)
        check(done_.returncode == wanted or b"unshare" in done_.stderr,
              f"in a user namespace of {name}, who is its only user, exit "
              f"{wanted}", (done_.returncode, done_.stderr))


def status_of(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return dict(line.split(":", 1) for line in file)


def little_memory():
    """Whatever there is no memory for is said; nothing crashes."""
    large = max(captures(), key=os.path.getsize)
    with tempfile.TemporaryDirectory() as folder:
        packed = os.path.join(folder, "packed.zst")
        subprocess.run(["zstd", "-q", "-19", large, "-o", packed], check=True)
        ends = {}
        stop = threading.Event()
        thread = threading.Thread(target=flood, args=(stop,))
        thread.start()
        part = os.path.join(folder, "part")
        run("analyze", "--partial", part, large)
        commands = [["analyze", "--json", packed], ["timeline", packed],
                    ["analyze", "--partial", part + "2", packed],
                    ["merge", "-q", part],
                    ["analyze", "--filter", "tcp port 8080", large]]
        if in_network:
            commands += [["capture", "-i", "lo", "-c", "9"],
                         ["capture", "-i", "lo", "-c", "9", "-w",
                          os.path.join(folder, "live"), "udp port 9"]]
        for mib in list(range(12, 60, 4)) + [80, 120]:
            def limit(mib=mib):
                resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20))
            for words in commands:
                done_ = subprocess.run(
                    [PROGRAM, *words], capture_output=True, check=False,
                    stdin=subprocess.DEVNULL, preexec_fn=limit)
                ends[(mib, *words[:2])] = done_
        stop.set()
        thread.join()
    bad = {key: (end.returncode, end.stderr) for key, end in ends.items()
           if not (end.returncode == 0 or
                   (end.returncode == 1 and end.stderr.startswith(
                       b"culprit: ") and b"memory" in end.stderr) or
                   # the loader finds no room for the libraries
                   (end.returncode == 127 and b"shared librar" in
                    end.stderr))}
    check(not bad, "with little memory it says so and ends", bad)
    check({end.returncode for end in ends.values()} >= {0, 1},
          "some of it is too little, some is enough",
          [(key, end.returncode) for key, end in ends.items()])


def full_disk():
    """A file system of 64 KiB, which the recording fills."""
    why = unshare(0x00020000)
    if not why and subprocess.run(["mount", "--make-rprivate", "/"],
                                  check=False).returncode:
        why = "no mounts of our own"
    if why or not in_network:
        skip("a full disk costs no report", why or "needs root")
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none",
                        folder], check=True)
        recording = os.path.join(folder, "live.pcapng")
        process = subprocess.Popen(
            [PROGRAM, "capture", "-i", "lo", "-U", "-w", recording],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        process.stderr.readline()
        stop = threading.Event()
        thread = threading.Thread(target=flood, args=(stop,))
        thread.start()
        output, errors = process.communicate(timeout=60)
        stop.set()
        thread.join()
        check(process.returncode == 1 and b"No space left" in errors and
              b", 0 connections, " in output and b" captured" in errors,
              "a disk that is full ends the capture with its report, exit 1",
              (process.returncode, output, errors))
        check(run("analyze", "--json", recording).returncode in (0, 1),
              "what found room can be read")
        for words in (["analyze", "-v", "-o"], ["timeline", "-w"]):
            more = os.path.join(folder, words[0])
            with open(os.path.join(folder, "filling"), "wb") as file:
                try:
                    file.write(b"x" * 65536)
                except OSError:
                    pass  # that is the aim
            done_ = run(*words, more,
                        max(captures(), key=os.path.getsize))
            check(done_.returncode == 1 and b"No space left" in done_.stderr,
                  f"{words[0]} tells of a full disk, exit 1",
                  (done_.returncode, done_.stderr))
        subprocess.run(["umount", folder], check=True)


def is_nobody():
    """While it listens: no root, no groups, no capability, no way back."""
    if not in_network:
        skip("nothing of root is left", "needs root")
        return
    process = subprocess.Popen(
        [PROGRAM, "capture", "-i", "lo"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stderr.readline()
    state = status_of(process.pid)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    check("0" not in state["Uid"].split() + state["Gid"].split() and
          not state["Groups"].split() and
          all(int(state[name], 16) == 0 for name in (
              "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) and
          state["NoNewPrivs"].strip() == "1" and
          (IS_SANITIZED or state["Seccomp"].strip() == "2"),
          "nothing of root is left while it listens", state)


def set_user_id():
    """Installed so, which nobody advises: files are the caller's affair."""
    if not in_network:
        skip("a program of set user ID opens files as its caller",
             "needs root")
        return
    caller = ["setpriv", "--reuid", "1234", "--regid", "1234",
              "--clear-groups"]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        program = os.path.join(folder, "culprit")
        owned = os.path.join(folder, "owned")
        shutil.copy(PROGRAM, program)
        os.chmod(program, 0o4755)
        shutil.copy(DEAD, owned)
        os.chmod(owned, 0o600)
        refused = [subprocess.run(["timeout", "30", *caller, program, *words],
                                  stdin=subprocess.DEVNULL,
                                  capture_output=True, check=False)
                   for words in (["analyze", owned],
                                 ["analyze", "-o", owned, "/dev/null"],
                                 ["capture", "-i", "lo", "-w", owned],
                                 ["capture", "-i", "lo", "-w",
                                  os.path.join(folder, "new")])]
        with open(owned, "rb") as file, open(DEAD, "rb") as before:
            is_kept = file.read() == before.read()
        process = subprocess.Popen([*caller, program, "capture", "-i", "lo"],
                                   stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        first = process.stderr.readline()
        state = status_of(process.pid)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    check(is_kept and [done_.returncode for done_ in refused] == [4] * 4 and
          not any(done_.stdout for done_ in refused),
          "a program of set user ID opens files as its caller",
          [(done_.returncode, done_.stderr) for done_ in refused])
    check(b"listening" in first and process.returncode == 0 and
          state["Uid"].split() == ["1234"] * 4 and
          int(state["CapPrm"], 16) == 0,
          "and hears packets all the same", (first, state, output, errors))


in_network = unshare(0x40000000) is None and subprocess.run(
    ["ip", "link", "set", "lo", "up"], check=False).returncode == 0
check(b"sandbox of this kernel: " in run("--version").stdout,
      "--version says what this kernel offers for the sandbox")
inherited()
root_remains()
is_nobody()
set_user_id()
if IS_SANITIZED:
    skip("system calls", "the sanitizers' runtime makes some of its own")
else:
    order_of_reading()
    forgotten_call()
    little_memory()
full_disk()
done()
