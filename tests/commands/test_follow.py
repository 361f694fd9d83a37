#!/usr/bin/env python3
"""analyze --follow: a capture that grows, and a pipe."""
import json
import lzma
import os
import signal
import subprocess
import tempfile
import time

from craft import handshake, pcap, reset_after_data, tcp
from tap import PROGRAM, TOP, check, done, lab, run

DEADLINE_S = 60


def begin(*arguments, **more):
    return subprocess.Popen([PROGRAM, "analyze", "--follow", *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            **more)


def frames():
    """A connection that is reset, and another, much later: by then the first
    is settled."""
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
    return (reset_after_data(client, server) +
            handshake(("10.0.0.1", 40001), server, 1700000300) +
            [(1700000300, 200000000 + i, tcp(
                ("10.0.0.1", 40001), server, 0x18, seq=1001 + i, ack=5001,
                payload=b"x")) for i in range(50)])


def later(number):
    """One more packet of the other connection, without a file's header."""
    return pcap([(1700000301 + number // 100, 0, tcp(
        ("10.0.0.1", 40001), ("10.0.0.2", 22), 0x18, seq=1051 + number,
        ack=5001, payload=b"x"))])[24:]


def a_file_that_grows(folder):
    path = os.path.join(folder, "grows.pcap")
    data = pcap(frames())
    with open(path, "wb") as file:
        file.write(data[:10])
    process = begin("--json", path)
    with open(path, "ab", buffering=0) as file:
        for at in range(10, len(data), 97):
            file.write(data[at:at + 97])
            time.sleep(0.005)
    told, until, more = [], time.monotonic() + DEADLINE_S, 0
    os.set_blocking(process.stdout.fileno(), False)
    while not told and time.monotonic() < until:
        with open(path, "ab", buffering=0) as file:
            file.write(later(more))  # it is told as packets come
        more += 1
        time.sleep(0.02)
        line = process.stdout.readline()
        told += [line] if b'"notice"' in (line or b"") else []
    check(told and json.loads(told[-1])["flow"]["client"] ==
          "10.0.0.1:40000", "a failure is told while the file grows", told)
    check(process.poll() is None, "and its end is waited for")
    with open(path, "ab", buffering=0) as file:
        file.write(pcap(frames())[24:64])  # a packet that is half written
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    os.set_blocking(process.stdout.fileno(), True)
    out, error = process.communicate(timeout=DEADLINE_S)
    rows = [json.loads(line) for line in out.splitlines()]
    data += b"".join(map(later, range(more)))
    plain = run("analyze", "--json", "-", stdin=data)
    check(process.returncode == 0 and not error,
          "SIGINT ends it, exit 0", (process.returncode, error))
    check([row for row in rows if row["type"] == "summary"][0]["packets"] ==
          len(frames()) + more, "with the report of everything", rows[-1:])
    check([row["mechanism"] for row in rows if row["type"] == "incident"] ==
          [json.loads(line)["mechanism"] for line in plain.stdout.splitlines()
           if b'"incident"' in line[:30]],
          "the same that analyze reports", rows)
    process = begin("-q", "--fail-on", "any", path)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=DEADLINE_S)
    check(process.returncode == 3 and b"ABORTED" in out,
          "--fail-on holds", out)


def a_pipe():
    process = begin("-", stdin=subprocess.PIPE)
    process.stdin.write(pcap(frames()))
    told, until, sent = b"", time.monotonic() + DEADLINE_S, 0
    os.set_blocking(process.stdout.fileno(), False)
    while b"10.0.0.1:40000" not in told and time.monotonic() < until:
        # more packets come until it is told
        process.stdin.write(later(sent))
        process.stdin.flush()
        sent += 1
        time.sleep(0.01)
        told += process.stdout.read() or b""
    check(b"10.0.0.1:40000" in told, "a pipe is told of while it is open",
          told)
    process.stdin.close()
    os.set_blocking(process.stdout.fileno(), True)
    out = process.stdout.read() or b""
    check(process.wait(DEADLINE_S) == 0 and b"1 failed" in out.replace(
        b" of them", b""), "its end is the end", out)


def told_by(process, until_s):
    """What it says until then."""
    os.set_blocking(process.stdout.fileno(), False)
    told, until = b"", time.monotonic() + until_s
    while b'"notice"' not in told and time.monotonic() < until:
        told += process.stdout.read() or b""
        time.sleep(0.05)
    return told


def nearly_due():
    """A reset, and 58 s later packets of another connection: 2 s more, and the
    reset is judged."""
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
    return (reset_after_data(client, server) +
            handshake(("10.0.0.1", 40001), server, 1700000058))


def nothing_more_comes(folder):
    """What is due is told by the clock."""
    path = os.path.join(folder, "silent.pcap")
    data = pcap(nearly_due())
    plain = [json.loads(line) for line in
             run("analyze", "--json", "-", stdin=data).stdout.splitlines()]
    for words, way in (([path], "a file"), (["-"], "a pipe")):
        with open(path, "wb") as file:
            file.write(data)
        process = begin("--json", *words, stdin=subprocess.PIPE)
        if way == "a pipe":
            process.stdin.write(data)
            process.stdin.flush()
        told = told_by(process, DEADLINE_S)
        check(told.count(b'"notice"') == 1 and
              json.loads(told.splitlines()[0])["mechanism"] ==
              plain[0]["mechanism"],
              f"{way}: a reset is told though no packet comes after it", told)
        time.sleep(2.5)
        process.send_signal(signal.SIGINT)
        os.set_blocking(process.stdout.fileno(), True)
        out, _ = process.communicate(timeout=DEADLINE_S)
        rows = [json.loads(line) for line in (told + out).splitlines()]
        check([row["type"] for row in rows].count("notice") == 1 and
              [row["mechanism"] for row in rows if row["type"] == "incident"]
              == [plain[0]["mechanism"]] and process.returncode == 0,
              f"{way}: once, and the report is that of the packets", rows)


def beside_others():
    """Packets that the filter leaves out are no packets; but their time is the
    capture's, and not the reader's clock."""
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
    for step_ns, is_due in ((50000000, True), (0, False)):
        process = begin("--filter", "not port 40002", "-",
                        stdin=subprocess.PIPE)
        process.stdin.write(pcap(nearly_due()))
        told, until = b"", time.monotonic() + (15 if is_due else 3.5)
        os.set_blocking(process.stdout.fileno(), False)
        number = 0
        while b"%s:%d" % (client[0].encode(), client[1]) not in told and \
                time.monotonic() < until:
            at_ns = number * step_ns
            process.stdin.write(pcap([(
                1700000058 + at_ns // 10**9, at_ns % 10**9, tcp(
                    ("10.0.0.1", 40002), server, 0x18, seq=1001 + number,
                    ack=5001, payload=b"x"))])[24:])
            process.stdin.flush()
            time.sleep(0.05)
            told += process.stdout.read() or b""
            number += 1
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=DEADLINE_S)
        said = b" ".join(told.split())
        check((b"10.0.0.1:40000" in said and b"may change it" in said) ==
              is_due, "beside traffic that the filter leaves out, what is due "
              f"by its time is told ({is_due})", told)


def other(seconds, nanoseconds):
    """A packet that `not port 40002` leaves out."""
    return pcap([(seconds, nanoseconds, tcp(
        ("10.0.0.1", 40002), ("10.0.0.2", 22), 0x18, seq=1001, ack=5001,
        payload=b"x"))])[24:]


def told_beside(first, times):
    """What is told of `first` while the filter leaves out packets of these
    times, each of them sent for so many seconds."""
    process = begin("--json", "--filter", "not port 40002", "-",
                    stdin=subprocess.PIPE)
    os.set_blocking(process.stdout.fileno(), False)
    process.stdin.write(first)
    told = []
    for seconds, nanoseconds, for_s in times:
        until, text = time.monotonic() + for_s, b""
        while b'"notice"' not in text and time.monotonic() < until:
            process.stdin.write(other(seconds, nanoseconds))
            process.stdin.flush()
            time.sleep(0.05)
            text += process.stdout.read() or b""
        told.append(b'"notice"' in text)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=DEADLINE_S)
    return told


def a_second_of_the_capture():
    """All connections are looked at for a second of the capture: the reset is
    due 2.04 s after the last packet that is judged."""
    told = told_beside(pcap(nearly_due()),
                       ((1700000059, 920000000, 1.5),  # 1.9 s after it
                        (1700000060, 520000000, 1.5),  # 2.5 s
                        (1700000061, 20000000, 15)))   # 3.0 s
    check(told == [False, False, True],
          "what is due is told for each second of the capture", told)


def a_clock_that_was_set_back():
    """What was read before the clock was set back is no time that passed."""
    ahead = 1700000000 + 3600
    client, server = ("10.0.0.1", 40003), ("10.0.0.2", 22)
    asks = tcp(client, server, 2, seq=1000)
    data = [pcap([]) + other(ahead, 0),
            pcap([(1700000000 + at, 0, asks) for at in (0, 1, 3)])[24:],
            pcap(handshake(client, server, 1700000004)[1:])[24:]]
    process = begin("--json", "--filter", "not port 40002", "-",
                    stdin=subprocess.PIPE)
    for part in data:
        process.stdin.write(part)
        process.stdin.flush()
        time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=DEADLINE_S)
    check(b'"summary"' in out and b'"notice"' not in out and
          b'"withdrawal"' not in out,
          "a packet that was left out an hour ahead makes nothing due", out)
    told = told_beside(
        pcap([(ahead, 0, tcp(client, server, 0x18, seq=1, ack=1,
                             payload=b"x"))] + nearly_due()),
        ((1700000059, 0, 1.5), (1700000061, 20000000, 15)))
    check(told == [False, True],
          "and one that is judged does not keep from telling what is", told)


def packets_after_what_was_told(folder):
    """A failure that was told by the clock is none twice when packets come."""
    path = os.path.join(folder, "goes-on.pcap")
    with open(path, "wb") as file:
        file.write(pcap(nearly_due()))
    process = begin("--json", path)
    told = told_by(process, DEADLINE_S)
    with open(path, "ab", buffering=0) as file:
        for number in range(200):
            file.write(later(number))
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    os.set_blocking(process.stdout.fileno(), True)
    out, _ = process.communicate(timeout=DEADLINE_S)
    rows = [json.loads(line) for line in (told + out).splitlines()]
    notices = [row["flow"]["client"] for row in rows if row["type"] == "notice"]
    check(told and notices.count("10.0.0.1:40000") == 1 and
          not [row for row in rows if row["type"] == "withdrawal"],
          "what the clock told is not told again when packets show it, nor "
          "withdrawn", notices)


def a_connection_that_goes_on(folder):
    """The clock of the capture may be behind: the alleged sender of the reset
    goes on before it is due by that, and is judged as without --follow."""
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
    path = os.path.join(folder, "late.pcap")
    with open(path, "wb") as file:
        file.write(pcap(nearly_due()))
    process = begin("--json", path)
    told = told_by(process, DEADLINE_S)
    with open(path, "ab", buffering=0) as file:
        file.write(pcap([(1700000058, 500000000 + i, tcp(
            server, client, 0x18, seq=5006 + i, ack=1001, payload=b"x",
            ttl=54)) for i in range(9)])[24:])
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    os.set_blocking(process.stdout.fileno(), True)
    out, _ = process.communicate(timeout=DEADLINE_S)
    first = json.loads(told.splitlines()[0])
    withdrawn = [row for row in map(json.loads, out.splitlines())
                 if row["type"] == "withdrawal"]
    check([(row["flow"], row["frame"], row["mechanism"]) for row in withdrawn]
          == [(first["flow"], first["frame"], first["mechanism"])],
          "what was told by the clock is withdrawn when packets say otherwise",
          out)
    rows, plain = ([line for line in text.splitlines() if b'"incident"' in
                    line[:30]] for text in
                   (out, run("analyze", "--json", path).stdout))
    check(told and rows == plain and json.loads(rows[0])["mechanism"] !=
          json.loads(told.splitlines()[0])["mechanism"],
          "what was told by the clock binds nobody", (told, rows, plain))


def two_that_go_on():
    """What is withdrawn soon after another is withdrawn too, when no packet
    comes after it, or when the reader is ended."""
    server = ("10.0.0.2", 22)
    clients = [(f"10.0.0.{i}", 40000) for i in (3, 4)]
    for is_ended in (False, True):
        process = begin("--json", "-", stdin=subprocess.PIPE)
        process.stdin.write(pcap(
            [frame for client in clients
             for frame in reset_after_data(client, server)] +
            nearly_due()[-3:]))
        process.stdin.flush()
        told, until = b"", time.monotonic() + DEADLINE_S
        os.set_blocking(process.stdout.fileno(), False)
        while told.count(b'"notice"') < 2 and time.monotonic() < until:
            told += process.stdout.read() or b""
            time.sleep(0.05)
        for client in clients:
            process.stdin.write(pcap([(1700000058, 500000000 + i, tcp(
                server, client, 0x18, seq=5006 + i, ack=1001, payload=b"x",
                ttl=54)) for i in range(9)])[24:])
            process.stdin.flush()
            time.sleep(0.2)
        while not is_ended and told.count(b'"withdrawal"') < 2 and \
                time.monotonic() < until:
            told += process.stdout.read() or b""
            time.sleep(0.05)
        if is_ended:
            process.send_signal(signal.SIGINT)
            os.set_blocking(process.stdout.fileno(), True)
            told += process.communicate(timeout=DEADLINE_S)[0]
        process.kill()
        process.communicate()
        check([told.count(kind) for kind in (b'"notice"', b'"withdrawal"')] ==
              [2, 2], f"both are withdrawn (at the end: {is_ended})", told)


def a_reader_that_stands_still(folder):
    """What it did not wait for is no silence of the writer."""
    client, server = ("10.0.0.1", 40000), ("10.0.0.2", 22)
    path = os.path.join(folder, "still.pcap")
    with open(path, "wb") as file:
        file.write(pcap(nearly_due()))
    process = begin("--json", path)
    time.sleep(0.5)
    process.send_signal(signal.SIGSTOP)
    time.sleep(3)
    with open(path, "ab", buffering=0) as file:
        file.write(pcap([(1700000059, i, tcp(
            server, client, 0x18, seq=5006 + i, ack=1001, payload=b"x",
            ttl=54)) for i in range(9)])[24:])
    process.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=DEADLINE_S)
    check(b'"incident"' in out and b'"notice"' not in out,
          "a reader that stood still tells nothing by the clock", out)


def many_that_are_due(folder):
    """More than are told by the clock: the others are told when packets show
    them, each once, and in text with the time of day and the frame."""
    server, count, most = ("10.0.0.2", 22), 4200, 4096
    path = os.path.join(folder, "many.pcap")
    frames_due = [frame for i in range(count) for frame in reset_after_data(
        (f"10.0.{1 + i // 250}.{1 + i % 250}", 40000), server)]
    frames_due += nearly_due()[-3:]
    with open(path, "wb") as file:
        file.write(pcap(frames_due))
    process = begin("--color", "never", "--time", "utc", path)
    told, until = b"", time.monotonic() + DEADLINE_S
    os.set_blocking(process.stdout.fileno(), False)
    while told.count(b"by the") < most and time.monotonic() < until:
        told += process.stdout.read() or b""
        time.sleep(0.05)
    time.sleep(1.5)
    told += process.stdout.read() or b""
    by_clock = told.count(b"2023-11-14 22:13:20 UTC")
    with open(path, "ab", buffering=0) as file:
        for number in range(9):
            file.write(later(number))
    time.sleep(1)
    os.set_blocking(process.stdout.fileno(), True)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=DEADLINE_S)
    told += out[:out.find(b"many.pcap:")]
    moments = told.count(b"2023-11-14 22:13:20 UTC")
    check(by_clock == most, f"{most} are told by the clock", by_clock)
    check(told.count(b"10.0.1.1:40000 ") == 1 and moments == count,
          f"{count} failures that are due at once are told once each, with "
          "the time", (moments, told[:600]))


def a_file_that_begins_anew(folder):
    path = os.path.join(folder, "anew.pcap")
    with open(path, "wb") as file:
        file.write(pcap(frames()))
    process = begin("-q", path)
    time.sleep(0.5)
    os.truncate(path, 24)
    out, error = process.communicate(timeout=DEADLINE_S)
    check(b"ABORTED" in out and process.returncode in (0, 1),
          "a file that becomes shorter is followed no more", (out, error))


def a_probe(folder):
    path = os.path.join(folder, "probe.pcapng")
    with lzma.open(os.path.join(TOP, "docs/examples/probe.pcapng.xz")) as file:
        with open(path, "wb") as copy:
            copy.write(file.read())
    finished = run("analyze", "--follow", path)
    check(finished.returncode == 2 and b"probe" in finished.stderr,
          "experiments of a probe are not judged as connections",
          (finished.returncode, finished.stderr))


def usage():
    path = lab("tap-single.v4/client.pcapng")
    for options in (["--jobs", "2"], ["--html", "x.html"], [path],
                    ["--partial", "x"], ["--lake", "x"]):
        finished = run("analyze", "--follow", path, *options)
        check(finished.returncode == 2 and b"--follow" in finished.stderr,
              f"--follow and {options[0][:9]} is wrong usage", finished.stderr)
    finished = run("analyze", "--follow", "-c", "5", path)
    check(finished.returncode == 0, "-c ends it", finished.stderr)
    finished = run("analyze", "--follow", "/etc/passwd")
    check(finished.returncode == 1 and b"text" in finished.stderr,
          "what is no capture is said", finished.stderr)


with tempfile.TemporaryDirectory() as temporary:
    a_file_that_grows(temporary)
    a_file_that_begins_anew(temporary)
    nothing_more_comes(temporary)
    packets_after_what_was_told(temporary)
    beside_others()
    a_second_of_the_capture()
    a_clock_that_was_set_back()
    two_that_go_on()
    a_connection_that_goes_on(temporary)
    a_reader_that_stands_still(temporary)
    many_that_are_due(temporary)
    a_probe(temporary)
a_pipe()
usage()
done()
