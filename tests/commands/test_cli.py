#!/usr/bin/env python3
"""Commands, options, exit codes, streams."""
import os
import pty
import re
import signal
import subprocess
import tempfile
import time

from tap import (LAB, PROGRAM, check, done, lab, run, run_often,
                 some_captures)
from waiting import wait_until_read
import craft

DEAD = lab("c7_nft_reject_estab_c2s.client.pcap")

# usage
done_ = run()
check(done_.returncode == 2 and b"analyze" in done_.stderr,
      "without a command the usage goes to standard error, exit 2")
done_ = run("--help")
check(done_.returncode == 0 and b"timeline" in done_.stdout,
      "--help lists the commands on standard output")
for command in ("analyze", "timeline", "explain"):
    done_ = run(command, "--help")
    check(done_.returncode == 0 and b"--output" in done_.stdout and
          not done_.stderr, f"{command} --help lists its options")
    check((b"--json" in done_.stdout) == (command != "explain") and
          (b"--svg" in done_.stdout) == (command != "explain") and
          (b"--diagram" in done_.stdout) == (command == "timeline"),
          f"{command} --help lists the formats it has, and no other")
for command, option in (("explain", "--json"), ("analyze", "--diagram"),
                        ("timeline", "--text")):
    done_ = run(command, option, DEAD)
    check(done_.returncode == 2 and option.encode() in done_.stderr and
          not done_.stdout, f"{command} {option} is refused", done_.stderr)
with tempfile.TemporaryDirectory() as folder:
    # (name, options) of -o; and what the same is on standard output
    page = os.path.join(folder, "report.html")
    for command in ("analyze", "timeline"):
        done_ = run(command, DEAD, "-o", page)
        check(done_.returncode == 2 and b"--html" in done_.stderr and
              not os.path.exists(page),
              f"{command} -o FILE.html names --html", done_.stderr)
    done_ = run("analyze", DEAD, "--text", "-o", page)
    check(done_.returncode == 0 and os.path.getsize(page) > 100,
          "unless a format is named", done_.stderr)
    for name, options, same_as in (
            ("report.json", [], ["--json"]), ("report.txt", [], []),
            ("report", [], []), ("report.csv", [], ["--csv"]),
            ("report.svg", [], ["--svg"]), ("report.png", [], ["--png"]),
            ("report.html.txt.old", [], []), (".json", [], []),
            ("report.json", ["--text"], [])):
        file = os.path.join(folder, name)
        done_ = run("analyze", DEAD, "-o", file, *options)
        with open(file, "rb") as report:
            check(done_.returncode == 0 and report.read() ==
                  run("analyze", DEAD, *same_as).stdout,
                  f"-o {name} {' '.join(options)} is written as "
                  f"{same_as or 'usual'}")
done_ = run("--version")
check(done_.returncode == 0 and b"culprit " in done_.stdout and
      b"libpcap" in done_.stdout, "--version names culprit and libpcap")
done_ = run("analyse", DEAD)
check(done_.returncode == 2 and b"did you mean analyze?" in done_.stderr,
      "a mistyped command is answered with the right one, exit 2")
done_ = run("analyze", DEAD, "--fial-on=any")
check(done_.returncode == 2 and b"did you mean --fail-on?" in done_.stderr,
      "a mistyped option is answered with the right one, exit 2")
check(run("analyze").returncode == 2, "analyze without a file is wrong usage")
done_ = run("analyze", "--filter=tcp port", DEAD)
check(done_.returncode == 2 and b"filter" in done_.stderr,
      "a filter that is none is wrong usage")

# verdicts to exit codes
check(run("analyze", DEAD).returncode == 0, "a death alone is exit 0")
check(run("analyze", "--fail-on=any", DEAD).returncode == 3,
      "--fail-on any makes a death exit 3")
check(run("analyze", DEAD, "--fail-on", "late-data,pmtu-ignored").returncode
      == 0, "--fail-on another mechanism leaves it exit 0")
done_ = run("analyze", "--fail-on=injcted", DEAD)
check(done_.returncode == 2 and b"did you mean injected?" in done_.stderr,
      "--fail-on an unknown word is wrong usage, the word suggested")

# inputs
done_ = run("analyze", "/nonexistent/file")
check(done_.returncode == 1 and done_.stderr.startswith(b"culprit: ") and
      b"/nonexistent/file" in done_.stderr and not done_.stdout,
      "a file that is not there is named on standard error, exit 1")
whole = open(DEAD, "rb").read()
with tempfile.TemporaryDirectory() as folder:
    cut = os.path.join(folder, "cut.pcap")
    with open(cut, "wb") as file:
        file.write(whole[:-10])
    done_ = run("analyze", cut)
    check(done_.returncode == 1 and b"byte" in done_.stderr and
          b"10 packets" in done_.stdout and
          b"not read to its end" in done_.stdout,
          "a cut file is judged up to the cut, its place named, exit 1")
    check(run("analyze", "--fail-on", "pmtu-ignored", cut).returncode == 1,
          "--fail-on does not hide that a file was cut")
    with open(cut, "wb") as file:
        file.write(whole + whole[24:60])
    check(run("analyze", "--fail-on", "any", cut).returncode == 3,
          "what --fail-on asks for outranks the cut")
    noise = os.path.join(folder, "noise")
    with open(noise, "wb") as file:
        file.write(b"GET / HTTP/1.1\r\n\r\n" * 10)
    done_ = run("analyze", noise)
    check(done_.returncode == 1 and not done_.stdout,
          "a file that is no capture is exit 1")
    hostile = os.path.join(folder, "\033[2Jevil\n")
    done_ = run("analyze", hostile)
    check(b"\033" not in done_.stderr and done_.stderr.count(b"\n") == 1,
          "a file name can't drive the terminal through an error message")
    with open(hostile, "wb") as file:
        file.write(whole)
    done_ = run("analyze", hostile)
    check(done_.returncode == 0 and b"\033" not in done_.stdout and
          b"\\x1b[2Jevil\\x0a" in done_.stdout,
          "a file name can't drive the terminal through the report")

    # output
    report = os.path.join(folder, "report")
    done_ = run("analyze", "-o", report, DEAD)
    check(done_.returncode == 0 and not done_.stdout and
          b"1 failed" in open(report, "rb").read(),
          "-o sends the report to a file")
    done_ = run("analyze", "-o", "/nonexistent/x", DEAD)
    check(done_.returncode == 2 and b"/nonexistent/x" in done_.stderr,
          "an output that can't be created is said, exit 2")
with open("/dev/full", "wb") as full:
    done_ = run("analyze", DEAD, stdout=full)
    found = run("analyze", "--fail-on", "any", DEAD, stdout=full)
check(found.returncode == 3 and b"can't write" in found.stderr,
      "a full disk hides no --fail-on", found.returncode)
check(done_.returncode == 1 and b"can't write" in done_.stderr,
      "a full disk is said, exit 1")
reader, writer = os.pipe()
os.close(reader)
done_ = run("analyze", "--json", DEAD, stdout=writer)
os.close(writer)
check(done_.returncode == 1 and not done_.stderr,
      "a reader that went away is not complained about")

# standard input
check(run("analyze", "-", stdin=whole).stdout.startswith(b"standard input: "),
      "- reads standard input")
with tempfile.TemporaryDirectory() as folder:
    early, late = (os.path.join(folder, n) for n in ("early", "late"))
    with open(early, "wb") as file:
        file.write(craft.pcap(craft.reset_after_data(
            ("10.0.0.1", 40000), ("10.0.0.2", 80), b"early", at=1000)))
    with open(late, "wb") as file:
        file.write(craft.pcap(craft.reset_after_data(
            ("10.0.0.3", 40001), ("10.0.0.4", 80), b"late", at=2000)))
    for first, second in ((early, late), (late, early)):
        named = run("analyze", "--json", first, second).stdout
        with open(first, "rb") as file:
            done_ = subprocess.run(
                [PROGRAM, "analyze", "--json", "-", second], stdin=file,
                capture_output=True, check=False)
        check(named.count(b'"incident"') == 2 and done_.stdout.replace(
            b'"-"', f'"{first}"'.encode()) == named,
              "standard input that is a file is sorted among others, whole",
              done_.stdout)
    fed = run("analyze", "--json", "-", late, stdin=open(early, "rb").read())
    named = run("analyze", "--json", early, late).stdout
    check(fed.stdout.replace(b'"-"', f'"{early}"'.encode()) == named,
          "and one that is a pipe is read in its turn", fed.stdout)
done_ = run("analyze", "-", "-", stdin=whole)
check(done_.returncode == 2 and not done_.stdout and
      b"standard input can be read once" in done_.stderr,
      "standard input that is named twice is wrong usage", done_.stderr)
def interrupted(*options):
    """A run that is fed one capture, and Ctrl-C before there is more."""
    process = subprocess.Popen([PROGRAM, "analyze", *options, "-"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdin.write(whole)
    process.stdin.flush()
    check(wait_until_read(process), "a pipe is read as it comes")
    process.send_signal(signal.SIGINT)
    try:
        output, errors = process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
    return process.returncode, output, errors


code, output, errors = interrupted()
check(code == 1 and b"1 failed" in output and b"interrupted" in errors and
      b"not read to its end" in output,
      "Ctrl-C stops reading, and what was read is reported, exit 1",
      (code, output, errors))
code, output, errors = interrupted("--json")
check(code == 1 and output.count(b'"type":"incident"') == 1 and
      b'"complete":false' in output,
      "and JSON says that it is not complete", (code, output, errors))

# selections
done_ = run("analyze", "-c", "5", DEAD)
check(b"5 packets" in done_.stdout and
      b"none failed" in b" ".join(done_.stdout.split()),
      "-c stops after so many packets")
done_ = run("analyze", "--filter", "tcp port 1", DEAD)
check(done_.returncode == 0 and b": 0 packets" in done_.stdout,
      "--filter leaves out what does not match")
done_ = run("analyze", "--filter", "tcp port http-alt", DEAD)
check(done_.returncode == 0 and b": 0 packets" not in done_.stdout,
      "a filter may name services", done_.stderr)
done_ = run("analyze", "--all-flows", DEAD)
check(b"All connections:" in done_.stdout, "--all-flows lists connections")
done_ = run("analyze", "-r", DEAD, "-n")
check(done_.returncode == 0 and b"1 failed" in done_.stdout,
      "-r names a capture too")
done_ = run("analyze", "--max-flows", "none", "--max-incidents=10", DEAD)
check(done_.returncode == 0, "bounds can be set and lifted")
quiet = run("analyze", "-q", DEAD, env={"COLUMNS": "160"}).stdout
check(quiet.count(b"\n") == 2, "-q is one line per verdict", quiet)

# colour
check(b"\033" not in run("analyze", DEAD).stdout,
      "no colour where no terminal is")
check(b"\033[" in run("analyze", "--color=always", DEAD).stdout,
      "--color=always colours")


def on_terminal(*arguments, env=None):
    """Standard output as a terminal shows it."""
    main, side = pty.openpty()
    environment = dict(os.environ, TERM="xterm", **(env or {}))
    if "NO_COLOR" not in (env or {}):
        environment.pop("NO_COLOR", None)
    process = subprocess.Popen([PROGRAM, *arguments], stdout=side,
                               stderr=subprocess.DEVNULL, env=environment,
                               stdin=subprocess.DEVNULL)
    os.close(side)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    os.close(main)
    return shown


def errors_on_terminal(*arguments, feed=None, drain=None):
    """Standard error as a terminal shows it; `feed` writes standard input,
    `drain` reads standard output."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, *arguments], stderr=side,
        stdout=subprocess.PIPE if drain else subprocess.DEVNULL,
        stdin=subprocess.PIPE if feed else subprocess.DEVNULL)
    os.close(side)
    if feed:
        feed(process.stdin)
    if drain:
        drain(process.stdout)
    shown = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    os.close(main)
    return process.returncode, shown


def slowly(pipe):
    """The capture but for its last byte, and after a while that."""
    pipe.write(whole[:-1])
    pipe.flush()
    time.sleep(2)
    pipe.write(whole[-1:])
    pipe.close()


def late(pipe):
    """Lets the writer wait for room, and then reads everything."""
    time.sleep(2)
    pipe.read()
    pipe.close()


code, shown = errors_on_terminal("analyze", "-", feed=slowly)
check(code == 0 and re.search(
    rb"\r\d+ packets  \d+/s\033\[K.*\r\033\[K$", shown),
      "after a second a line on the terminal says how far it got, and is gone "
      "at the end", (code, shown))
check(errors_on_terminal("analyze", "-q", "-", feed=slowly) == (0, b""),
      "-q leaves it out")
with tempfile.TemporaryDirectory() as folder:
    long = os.path.join(folder, "long.pcap")
    ends = ("10.0.0.1", 40000), ("10.0.0.2", 80)
    with open(long, "wb") as file:
        file.write(craft.pcap([(1, 0, craft.tcp(*ends, craft.ACK, seq=1,
                                                ack=1))] * 10000))
    code, shown = errors_on_terminal(
        "timeline", "--csv", "--frame=1", long, drain=late)
    check(code == 0 and re.search(
        rb"\r *\d+ %  [\d,]+ packets  \d+/s  \d+ s left\033\[K", shown) and
          shown.endswith(b"\r\033[K"),
          "so does timeline, in percent of the file, with the time left",
          (code, shown[-200:]))

check(b"\033[" in on_terminal("analyze", DEAD), "a terminal gets colour")
check(b"\033" not in on_terminal("analyze", DEAD, env={"NO_COLOR": "1"}),
      "NO_COLOR forbids it")
check(b"\033" not in on_terminal("analyze", "--color=never", DEAD),
      "--color=never forbids it")

# a banner that wants to own the terminal
client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
evil = b"SSH-2.0-\033]0;owned\007\033[2J\xff\xe2\x80\xae\r\n"
done_ = run("analyze", "-vv", "-", stdin=craft.pcap(
    craft.reset_after_data(client, server, evil)))
check(done_.returncode == 0 and b"failed" in done_.stdout and
      not any(c < 0x20 and c != 0x0a for c in done_.stdout) and
      "\u202e" not in done_.stdout.decode(),
      "bytes from the wire can't drive the terminal", done_.stdout)
check(b"step of the clock" not in done_.stdout,
      "a recording whose times rise has no step of the clock", done_.stdout)

# what other tests rely on when they run it many hundred times
alike = [(run(*words, stdin=stdin), run_often(*words, stdin=stdin))
         for words, stdin in (
             ((), None), (("--version",), None), (("analyze", DEAD), None),
             (("analyze", "--json", "-"), whole),
             (("analyze", "-"), whole[:-10]),
             (("analyze", "--fail-on=any", DEAD), None),
             (("analyze", "/nonexistent/file"), None),
             (("timeline", "--frame=1", DEAD), None))]
check(all((a.returncode, a.stdout, a.stderr) ==
          (b.returncode, b.stdout, b.stderr) for a, b in alike),
      "a run that is forked says and returns what one that is started does",
      alike)

# with text, with more text, with all
for path in some_captures(12):
    results = [run("analyze", path), run("analyze", "-v", path),
               run("analyze", "-q", path)]
    check(all(r.returncode == 0 and r.stdout for r in results),
          f"{os.path.relpath(path, LAB)} is judged in words",
          [(r.returncode, r.stderr) for r in results])
for word in ("version", "-V"):
    check(run(word).stdout == run("--version").stdout, f"{word} is --version")
for name in ("analyze", "timeline"):
    check(run("help", name).stdout == run(name, "--help").stdout,
          f"help {name} is its --help")
check(run("help", "nothing").returncode == 2, "help of no command, exit 2")
done()
