#!/usr/bin/env python3
"""culprit probe: refusals, and, as root, paths of namespaces with something
planted in them and their healthy twins."""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

from tap import PROGRAM, TOP, check, done, run, skip

PATH = os.path.join(TOP, "tests", "lab", "path.py")
LIMITS = [word for node in ("r1", "r2", "r3", "r4", "r5", "server")
          for word in ("--sysctl", f"{node}:net.ipv4.icmp_ratelimit=1000",
                       "--sysctl", f"{node}:net.ipv6.icmp.ratelimit=1000")]


def refusals():
    for host in ("127.0.0.1", "::1", "224.0.0.1", "255.255.255.255", "ff02::1",
                 "0.0.0.0"):
        done_ = run("probe", host)
        check(done_.returncode in (2, 5) and done_.stderr and
              not done_.stdout, f"{host} is refused with a reason",
              done_.stderr.decode())
    done_ = run("probe")
    check(done_.returncode == 2, "probe without a host is wrong usage")
    done_ = run("probe", "192.0.2.1", "--only", "route,mut")
    check(done_.returncode == 2 and b"mtu" in done_.stderr,
          "an unknown experiment is answered with those there are, exit 2")
    for words in (["--only", ""], ["--only", "route,"], ["--rate", "0"],
                  ["-6"], ["-w", "-"]):
        done_ = run("probe", "192.0.2.1", *words)
        check(done_.returncode == 2 and done_.stderr,
              f"{' '.join(words)!r} is wrong usage", done_.stderr.decode())
    for experiment, words in (
            ("idle", ["--idle-max", "9"]), ("idle", ["--idle-precision", "9"]),
            ("idle", ["--verify"]), ("reset", ["--trigger", "ssh"]),
            ("reset", ["--send"]), ("ssh", ["--startups", "3"]),
            ("ssh", ["--login-grace"]), ("tls", ["--sni", "host.test"]),
            ("ssh", ["--client-algorithms", "/dev/null"])):
        done_ = run("probe", "192.0.2.1", "--only", "route", *words)
        said = f"experiment {experiment}".encode()
        check(done_.returncode == 2 and said in done_.stderr and
              words[0].encode() in done_.stderr,
              f"{words[0]} without {experiment} says where it belongs",
              done_.stderr)
    for name in ("10.0.0.1", "a b", "", "x" * 256):
        done_ = run("probe", "192.0.2.1", "--only", "tls", "--sni", name)
        check(done_.returncode == 2 and b"--sni" in done_.stderr,
              f"--sni {name[:9]!r} is no name of a server", done_.stderr)
    done_ = run("probe", "::ffff:127.0.0.1")
    check(done_.returncode == 2 and b"loopback" in done_.stderr,
          "an IPv4 address in IPv6 notation is that address", done_.stderr)
    for host, hint in (
            ("192.0.2.7:443", b"culprit probe 192.0.2.7 -p 443"),
            ("[2001:db8::7]:443", b"culprit probe [2001:db8::7] -p 443"),
            ("host.test:22", b"culprit probe host.test -p 22"),
            ("[192.0.2.7]", b"none: culprit probe 192.0.2.7\n"),
            ("https://host.test/x", b"culprit probe host.test -p 443"),
            ("ssh://me@host.test:2222", b"culprit probe host.test\n"),
            ("me@host.test", b"culprit probe host.test\n"),
            ("", b"empty"), ("[]", b"empty")):
        done_ = run("probe", host)
        check(done_.returncode == 2 and hint in done_.stderr,
              f"{host!r} is answered with how a target is written",
              done_.stderr)
    for host, status, reason in (
            ("fe80::1", 2, b"link-local"),
            ("fe80::1%none", 2, b"interface"),
            ("fe80::1%lo", 5, b"no route")):
        done_ = run("probe", host)
        check(done_.returncode == status and reason in done_.stderr,
              f"{host} is refused with a reason", done_.stderr)


def lists_of_algorithms():
    for text in ("", "rubbish\n", "Port 22\nUser me\n"):
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(text)
            file.flush()
            done_ = subprocess.run(
                ["unshare", "-n", "sh", "-c",
                 "ip link add d0 type veth && ip addr add 10.9.0.1/24 dev d0 "
                 "&& ip link set d0 up && $PROGRAM probe 10.9.0.2 --only ssh "
                 f"--client-algorithms {file.name}"],
                capture_output=True, timeout=60, check=False,
                env=dict(os.environ, PROGRAM=PROGRAM))
        check(done_.returncode == 2 and
              b"no line begins with KexAlgorithms" in done_.stderr,
              f"{text!r} is no list of what a client proposes", done_.stderr)


def in_lab(options, script):
    """Runs a shell script at the client's end; culprit is $PROGRAM."""
    return subprocess.run(
        [sys.executable, PATH, "--routers", "5", *LIMITS, *options, "--",
         "sh", "-c", script], cwd=TOP, capture_output=True, text=True,
        env=dict(os.environ, PROGRAM=PROGRAM), timeout=120, check=False)


def probed(story):
    """(what was run, what its recording gives)"""
    family, options, words, server = story[:4]
    with tempfile.TemporaryDirectory() as folder:
        recording = os.path.join(folder, "probe.pcapng")
        done_ = in_lab([*options, "--serve", f"22:{server}"],
                       f"$PROGRAM probe $LAB_SERVER{family} --json {words} "
                       f"-w {recording}")
        return done_, run("analyze", "--json", recording).stdout.decode()


def has(findings, **wanted):
    return any(all(finding.get(key) == value
                   for key, value in wanted.items()) for finding in findings)


def only(experiments):
    return f"--only {experiments}"


def stories():
    """IP version, what is planted, options, server; what holds of the
    findings."""
    for family in (4, 6):
        yield (family, [], "", "banner",
               "on a healthy path nothing is found but its MTU",
               lambda found: found and all(
                   f["finding"] == "path-mtu" and f["mtu"] == 1500
                   for f in found))
        yield (family, ["--hole", "3:1347:silent"], only("route,mtu"),
               "banner", "a silent hole is named by size and link",
               lambda found: has(
                   found, finding="pmtu-black-hole", direction="forward",
                   mtu=1347, after_hop=2, before_hop=3, grade="certain"))
        yield (family, ["--hole", "3:1347:silent:reverse"],
               only("route,mtu"), "banner",
               "a hole on the way back is told from one on the way there",
               lambda found: has(found, finding="pmtu-black-hole",
                                 direction="reverse", mtu=1347) and
               has(found, finding="path-mtu", direction="forward", mtu=1500))
        yield (family, ["--hole", "4:1400:icmp"], only("route,mtu"),
               "banner", "a limit that is told of is no hole",
               lambda found: has(found, finding="path-mtu", mtu=1400,
                                 limited_after_hop=3, grade="certain") and
               not has(found, finding="pmtu-black-hole"))
        yield (family, ["--mss", "3:1300"], only("route,rewritten"),
               "banner", "an MSS clamp is found at its hop",
               lambda found: has(found, finding="mss-clamped", arrived=1300,
                                 hop=3))
        yield (family, ["--wire", "4:forward:tos=32"],
               only("route,rewritten"), "banner",
               "a changed traffic class is found at its hop",
               lambda found: has(found, finding="rewritten", field="dscp",
                                 hop=3) and
               has(found, finding="rewritten", field="ecn", hop=3) and
               len(found) == 2)
        yield (family, ["--wire", "3:forward:drop_fragments"],
               only("route,fragments"), "banner",
               "a dropper of fragments is found on its link",
               lambda found: has(
                   found, finding="fragments-dropped", direction="forward",
                   kind="any", after_hop=2, before_hop=3))
        yield (family, ["--wire", "3:reverse:drop_fragments"],
               only("route,fragments"), "banner",
               "fragments dropped on the way back only",
               lambda found: has(found, finding="fragments-dropped",
                                 direction="reverse") and len(found) == 1)
        yield (family, ["--hole", "3:1400:silent"], "", "close",
               "a server that closes at once is not called a lossy path, nor "
               "a hole a dropper of fragments",
               lambda found: has(found, finding="pmtu-black-hole", mtu=1400,
                                 after_hop=2, before_hop=3) and
               # it resets those whose request it has not read, and that is
               # what TCP wrappers do on port 22
               has(found, finding="ssh", cause="refused-before-banner") and
               len([one for one in found if one["grade"] != "undetermined"]) ==
               2 + has(found, finding="reset-origin", sender="server"))
    yield (4, ["--wire", "3:forward:clear_df"], only("route,rewritten"),
           "banner", "a cleared don't-fragment bit is found at its hop",
           lambda found: has(found, finding="df-cleared", hop=2))
    yield (4, ["--wire", "2:forward:strip_timestamps"],
           only("route,rewritten"), "banner",
           "stripped timestamps are found at their hop",
           lambda found: has(found, finding="rewritten", field="timestamps",
                             hop=1))
    yield (4, ["--loss", "3:10"], only("route,mtu,loss"), "banner",
           "loss is measured",
           lambda found: has(found, finding="loss", grade="certain"))


def guilty_and_innocent():
    told = list(stories())
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        results = pool.map(probed, told)
        for story, (done_, again) in zip(told, results):
            family, options, _, _, sentence, holds = story
            check(done_.returncode == 0 and again == done_.stdout,
                  f"IPv{family} {' '.join(options) or 'healthy'}: the "
                  "recording is judged as the run was",
                  done_.stderr + again + done_.stdout)
            lines = [json.loads(line) for line in done_.stdout.splitlines()]
            found = [line for line in lines if line["type"] == "finding"]
            check(holds(found), f"IPv{family}: {sentence}", found)


def closed_port():
    done_ = in_lab([], "$PROGRAM probe $LAB_SERVER4 -p 2222 --json "
                   "--only route,mtu")
    lines = [json.loads(line) for line in done_.stdout.splitlines()]
    check(has(lines, finding="port-state", state="closed") and
          has(lines, finding="path-mtu", direction="forward", mtu=1500),
          "a closed port is named, and echo measures instead",
          done_.stdout + done_.stderr)


def strange_surroundings():
    """No standard output, and a recording that may not become large."""
    with tempfile.TemporaryDirectory() as folder:
        recording = os.path.join(folder, "probe.pcapng")
        done_ = in_lab([], "$PROGRAM probe $LAB_SERVER4 --only route --json "
                       f"-w {recording} >&- <&-")
        lines = run("analyze", "--json", recording).stdout.splitlines()
        check(done_.returncode == 1 and "standard output" in done_.stderr and
              json.loads(lines[-1])["distance"] == 6,
              "what is printed to a closed output goes into no socket",
              done_.stderr)
        done_ = in_lab([], "ulimit -f 4; $PROGRAM probe $LAB_SERVER4 "
                       f"-w {recording} --only route")
        check(done_.returncode == 1 and "File too large" in done_.stderr,
              "a limit of the size of files is told, and kills nothing",
              done_.stderr)


def cut_recordings():
    """What was sent last has no answer yet: no port is silent, no packet too
    large for that."""
    with tempfile.TemporaryDirectory() as folder:
        recording = os.path.join(folder, "probe.pcapng")
        in_lab(["--hole", "3:1400:silent", "--serve", "22:banner"],
               "$PROGRAM probe $LAB_SERVER4 --only route,mtu -w " + recording)
        with open(recording, "rb") as file:
            whole = file.read()
        wrong = []
        for size in range(300, 40000, 300):
            with open(recording, "wb") as file:
                file.write(whole[:size])
            for line in run("analyze", "--json",
                            recording).stdout.splitlines():
                found = json.loads(line)
                if found["type"] == "finding" and (
                        found["finding"] == "port-state" or
                        found.get("mtu", 1400) < 256):
                    wrong.append(found)
        check(not wrong, "a recording that was cut accuses nobody", wrong)


def unprivileged():
    """As nobody: what is missing is said, and a dry run needs nothing."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copy = os.path.join(folder, "culprit")
        subprocess.run(["cp", PROGRAM, copy], check=True)
        done_ = in_lab([], "setpriv --reuid 65534 --regid 65534 "
                       f"--clear-groups {copy} probe $LAB_SERVER4")
        check(done_.returncode == 4 and "sudo" in done_.stderr and
              "cap_net_raw" in done_.stderr,
              "without privilege: exit 4 and the command that grants it",
              done_.stderr)
        done_ = in_lab([], "setpriv --reuid 65534 --regid 65534 "
                       f"--clear-groups {copy} probe $LAB_SERVER4 --dry-run")
        check(done_.returncode == 0 and "10.77.6.2 port 22. " in done_.stdout and
              "3 SYNs each to it, 1 and 47123" in done_.stdout and
              "at most" in done_.stdout, "a dry run takes no privilege",
              done_.stdout + done_.stderr)


TWO_WAYS = """
ip link set lo up
ip link add d0 type veth peer name e0
ip link add d1 type veth peer name e1
for link in d0 e0 d1 e1; do ip link set $link up; done
ip addr add 10.9.0.1/24 dev d0
ip addr add 10.8.0.1/24 dev d1
ip route add default via 10.9.0.2 mtu 1400
ip route add default via 10.8.0.2 table 200
[ "$RULE" = 0 ] || ip rule add ipproto udp lookup 200
exec "$PROGRAM" probe --dry-run 192.0.2.1
"""


def routes():
    """libdnet looks routes up by UDP, the probe's own packets are TCP."""
    for rule in (0, 1):
        done_ = subprocess.run(
            ["unshare", "-n", "sh", "-c", TWO_WAYS], capture_output=True,
            text=True, timeout=60, check=False,
            env=dict(os.environ, PROGRAM=PROGRAM, RULE=str(rule)))
        check("From 10.9.0.1 by d0 (MTU 1500, route MTU 1400)" in
              done_.stdout, "the route is the kernel's for TCP",
              done_.stdout + done_.stderr)
        check(("libdnet names interface d1" in done_.stderr) == bool(rule),
              f"libdnet and the kernel {'dis' if rule else ''}agree on the "
              f"route{', which is said' if rule else ''}", done_.stderr)


refusals()
subprocess.run(["make", "-s", "lab-tools"], cwd=TOP, check=False,
               stdout=subprocess.DEVNULL)
if in_lab([], "true").returncode == 0:
    guilty_and_innocent()
    closed_port()
    lists_of_algorithms()
    routes()
    strange_surroundings()
    cut_recordings()
    unprivileged()
else:
    skip("probes of paths with something planted in them",
         "namespaces take root and /dev/net/tun")
done()
