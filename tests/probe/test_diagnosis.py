#!/usr/bin/python3
"""Why connections to a host fail: planted causes are found, and those are
excluded that would have shown; what ssh is set to do on this host.

    test_diagnosis.py PROGRAM

Needs root.
"""

import json
import os
import subprocess
import tempfile
import time

import stage

import idle_cases
import processes
import sshd
import topology
from stage import done
from tap import PROGRAM, check

FAMILIES = (4, 6)
ROUTERS = 4
PATH = ["--routers", str(ROUTERS), *stage.limits(ROUTERS), "--delay-ms", "1"]
SSH = ["--serve", "22:ssh"]
SEVERAL = {"host-firewall", "fail2ban", "security-group"}
OF_SSH = {"ssh-mismatch", "max-startups", "tcp-wrappers", "login-grace",
          "slow-dns", "client-alive", "dscp-dropped"}
ALL = {"pmtu-black-hole", "idle-timeout", "keepalive-absent", "loss",
       "middlebox-reset", "no-host", "no-service", "server-log"} | SEVERAL | OF_SSH


def causes(run, state):
    """Those in a state: {word: line}, in their order."""
    return {
        line["cause"]: line
        for line in run["lines"]
        if line["type"] == "cause" and line["state"] == state
    }


def chain(where, rule):
    return ["--nft", f"{where[0]}:{topology.chain(where[1], rule)}"]


# what is planted, on which port is asked, the experiments; what is found, with
# its grade, what is excluded at least
CASES = {
    "a healthy server": (
        [], 22, "", {}, SEVERAL | {"loss", "no-service"}),
    "a black hole": (
        ["--hole", "3:1400:silent"], 22, "route,mtu",
        {"pmtu-black-hole": "certain"}, SEVERAL | {"no-service"}),
    "loss": (
        ["--loss", "3:15"], 22, "route,loss", {"loss": "certain"}, SEVERAL),
    "a closed port": (
        [], 23, "route", {"no-service": "likely", "host-firewall": "possible"},
        set()),
    "a rule of the server that rejects": (
        chain(("server", "input"), "tcp dport 22 reject"), 22, "route",
        {"host-firewall": "possible", "fail2ban": "possible"},
        {"security-group", "no-service"}),
    "a rule of a router that rejects": (
        chain(("3", "forward"), "tcp dport 22 reject"), 22, "route",
        {"security-group": "certain"}, {"host-firewall", "fail2ban"}),
    "a rule of the server that drops": (
        chain(("server", "input"), "tcp dport 22 drop"), 22, "route",
        {word: "possible" for word in SEVERAL}, set()),
    "a rule of a router that drops": (
        chain(("3", "forward"), "tcp dport 22 drop"), 22, "route",
        {word: "possible" for word in SEVERAL}, set()),
    # its SYNs are sent to each hop
    "a rule of a router that drops, found": (
        chain(("3", "forward"), "tcp dport 22 drop"), 22, "",
        {"security-group": "likely"}, {"no-host"}),
    "a rule of the server that drops, not found on the path": (
        chain(("server", "input"), "tcp dport 22 drop"), 22, "",
        {word: "possible" for word in SEVERAL}, {"no-host"}),
}


# The same of sshd, where the experiment ssh is there: its options, files; what
# is found, what is excluded at least.
SPOKEN = {"ssh-mismatch", "tcp-wrappers"}
SSHD = {
    "a healthy sshd": ("", {}, {}, SPOKEN | SEVERAL | {"max-startups"}),
    "MaxStartups": (
        "MaxStartups 4:100:4", {}, {"max-startups": "certain"}, SEVERAL),
    "hosts.deny": (
        "", {"/etc/hosts.deny": "sshd: ALL\n"},
        {"tcp-wrappers": "likely"}, SEVERAL | {"max-startups", "no-host"}),
    "an old key exchange": (
        "KexAlgorithms diffie-hellman-group1-sha1", {},
        {"ssh-mismatch": "certain"}, SEVERAL | {"tcp-wrappers"}),
}


NOBODY = {4: "10.77.5.77", 6: "fd77:5::77"}


def absent(path):
    """A host that is not there, and one that drops everything: what is found,
    in its order."""
    said = []
    for silent in (False, True):
        if silent:
            path.server.nft(topology.chain("input", (
                "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } "
                "accept; drop")))
        for family in FAMILIES:
            target = (path.server_address(family) if silent
                      else NOBODY[family])
            with path.client.inside():
                ran = subprocess.run(
                    [PROGRAM, "probe", target, "--json", "--only", "route"],
                    text=True, capture_output=True, check=False)
            said.append([json.loads(line) for line in ran.stdout.splitlines()])
    return said


def check_absent(said):
    for number, lines in enumerate(said):
        is_silent, family = number // 2, FAMILIES[number % 2]
        found = [(line["cause"], line["grade"])
                 for line in causes({"lines": lines}, "found").values()]
        reason = causes({"lines": lines}, "found").get("no-host", {})
        check(
            (set(found) == {(word, "possible")
                            for word in SEVERAL | {"no-host"}}
             if is_silent else found[:1] == [("no-host", "possible")])
            and all(word in reason.get("could_also_be", "")
                    for word in ("firewall",))
            and "whether the host is up" in reason.get("advice", ""),
            f"IPv{family}: "
            + ("a host that drops everything may be down as well" if is_silent
               else "a host that does not exist is the first cause"),
            found,
        )


def has_experiment(word):
    said = subprocess.run([PROGRAM, "probe", "--help"], capture_output=True,
                          text=True, check=True).stdout
    return f"\n  {word} " in said


def spoken(name, family):
    options, files = SSHD[name][:2]

    def act(path):
        sshd.start(path.server, options, files)
        return stage.probe(path, PROGRAM, family, "--only", "ssh")

    return stage.play(PATH, act)


def check_spoken(name, family, run):
    _, _, wanted, excluded = SSHD[name]
    found = causes(run, "found")
    grades = {word: line["grade"] for word, line in found.items()}
    check(
        run["is_same"]
        and grades == wanted
        and excluded <= set(causes(run, "excluded"))
        and all("advice" in line for line in found.values()),
        f"IPv{family}: {name}: its causes are found, and others excluded by "
        "what sshd said",
        (grades, run["text"]),
    )


def planted(name, family):
    words, port, only = CASES[name][:3]

    def act(path):
        more = ["--only", only] if only else []
        return stage.probe(path, PROGRAM, family, "-p", str(port), *more)

    return stage.play([*PATH, *SSH, *words], act)


def check_planted(name, family, run):
    _, port, _, wanted, excluded = CASES[name]
    found = causes(run, "found")
    grades = {word: line["grade"] for word, line in found.items()}
    listed = [line["cause"] for line in run["lines"]
              if line["type"] == "cause"]
    known = ALL if port == 22 else ALL - OF_SSH
    check(
        run["is_same"]
        and grades == wanted
        and sorted(listed) == sorted(known)
        and excluded <= set(causes(run, "excluded")),
        f"IPv{family}: {name}: its causes are found, others are not, and its "
        "recording gives the same",
        (grades, run["text"]),
    )
    ranks = ["certain", "likely", "possible"]
    check(
        [line["rank"] for line in found.values()]
        == list(range(1, len(found) + 1))
        and [ranks.index(grade) for grade in grades.values()]
        == sorted(ranks.index(grade) for grade in grades.values())
        and all("could_also_be" in line for word, line in found.items()
                if line["grade"] == "possible"),
        f"IPv{family}: {name}: the surest cause is the first",
        found,
    )
    opened = causes(run, "undetermined")
    target = run["lines"][-1]["target"]
    check(
        all(
            line.get("settled_by")
            or line.get("at_server")
            or line.get("at_client")
            or word in SEVERAL
            for word, line in opened.items()
        )
        and all(
            f"sudo culprit probe {target} -p " in line["settled_by"]
            for line in opened.values()
            if "culprit" in line.get("settled_by", "")
        ),
        f"IPv{family}: {name}: what is open has what tests it",
        opened,
    )


def with_config(path, folder, config, words, fake=""):
    """A run with another ssh_config, or another ssh; a dictionary as
    stage.probe's."""
    name = os.path.join(folder, "ssh_config")
    recording = stage.recording()
    with open(name, "w", encoding="utf-8") as file:
        file.write(config)
    if fake:
        with open(os.path.join(folder, "ssh"), "w", encoding="utf-8") as file:
            file.write(fake)
        os.chmod(os.path.join(folder, "ssh"), 0o755)
    os.chmod(folder, 0o777)
    script = (
        f"mount --bind {name} /etc/ssh/ssh_config && exec {PROGRAM} probe "
        f"{path.server_address(4)} --json -w {recording} {words}"
    )
    started = time.monotonic()
    with path.client.inside():
        ran = subprocess.run(
            ["unshare", "-m", "sh", "-c", script],
            text=True,
            capture_output=True,
            check=False,
            # the real ssh wants a user who exists: this one
            env=dict(os.environ, SUDO_UID="4321", SUDO_GID="4322",
                     PATH=f"{folder}:{os.environ['PATH']}")
            if fake else None,
        )
    again = stage.judged(PROGRAM, recording)
    return {
        "status": ran.returncode,
        "lines": [json.loads(line) for line in ran.stdout.splitlines()],
        "text": ran.stdout + ran.stderr,
        "seconds": time.monotonic() - started,
        "is_same": again == ran.stdout,
    }


TIMEOUT_S = 4
IDLE = "--only idle --idle-max 6 -p 22"


def keepalives(path):
    with tempfile.TemporaryDirectory() as folder:
        return [
            with_config(path, folder, f"ServerAliveInterval {seconds}\n", IDLE)
            for seconds in (0, 1)
        ]


def check_keepalives(said):
    for run, state in zip(said, ("found", "excluded")):
        found = causes(run, "found")
        line = causes(run, state).get("keepalive-absent", {})
        check(
            run["is_same"]
            and found.get("idle-timeout", {}).get("grade")
            in ("certain", "likely")
            and line
            and ("ServerAliveInterval" in line.get("advice", ""))
            == (state == "found")
            and line.get("grade", "likely") == "likely",
            "an idle time-out is held against ssh's keepalives, which are "
            f"{'absent' if state == 'found' else 'enough'}",
            run["text"],
        )


FAKES = {
    # who it is, in which session, with what open
    "asks": "#!/bin/sh\n(id -u; id -g; ls /proc/self/fd | wc -l) > {out}\n"
    "echo port 2222\necho proxyjump me@there\necho serveralivecountmax 3\n"
    "echo tcpkeepalive yes\necho serveraliveinterval 7\n",
    "hangs": "#!/bin/sh\necho serveraliveinterval 7\necho $$ > {out}\n"
    "exec sleep 600\n",
    "does not end": "#!/bin/sh\ntrap '' ALRM TERM HUP\n"
    "echo serveraliveinterval 7\necho $$ > {out}\n"
    "while :; do echo; sleep 0.1; done\n",
    "floods": "#!/bin/sh\necho $$ > {out}\nexec yes serveraliveinterval 7\n",
    "long lines": "#!/bin/sh\nhead -c 60000 /dev/zero | tr '\\0' x\n"
    "echo\necho serveraliveinterval 7\necho tcpkeepalive yes\n"
    "echo port 22\necho serveralivecountmax 3\necho done > {out}\n",
}


def lives(process):
    """Whether it still does after a while."""
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            with open(f"/proc/{process}/stat", encoding="utf-8") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return False
        except OSError:
            return False
        time.sleep(0.05)
    return True


def others(path):
    said = {}
    for name, fake in FAKES.items():
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            run = with_config(path, folder, "", "--only route",
                              fake.format(out=out))
            with open(out, encoding="utf-8") as file:
                run["out"] = file.read().split()
        if name in ("hangs", "floods", "does not end"):
            run["lives"] = lives(run["out"][0])
        said[name] = run
    return said


def check_others(said):
    run = said["asks"]
    client = [line for line in run["lines"] if line["type"] == "client"]
    check(
        run["is_same"]
        and run["out"][:2] == ["4321", "4322"]
        and int(run["out"][2]) <= 4
        and client
        and client[0]["server_alive_interval_s"] == 7
        and client[0]["ssh_port"] == 2222
        and client[0]["proxy"] is True
        and client[0]["kernel_idle_s"] > 0
        and client[0]["keepalive_s"] == 7,
        "ssh -G runs as the user who called sudo, with no descriptor of "
        "culprit's, and its settings are in the recording",
        (run["out"], client),
    )
    for name in ("hangs", "floods", "does not end"):
        run = said[name]
        client = [line for line in run["lines"] if line["type"] == "client"]
        check(
            run["status"] == 0
            and run["is_same"]
            and run["seconds"] < 20
            and not run["lives"]
            and "server_alive_interval_s" not in client[0],
            f"an ssh that {name} is ended, and nothing is known of it",
            run,
        )
    client = [line for line in said["long lines"]["lines"]
              if line["type"] == "client"]
    check(
        said["long lines"]["is_same"]
        and client[0].get("server_alive_interval_s") == 7,
        "lines that are too long are passed over",
        said["long lines"],
    )


def words(path):
    """--advice and --fail-on."""
    said = []
    for more in ("--advice", "--fail-on loss", "--fail-on pmtu-black-hole",
                 "--fail-on any", "--fail-on path-mtu", "--fail-on sorcery",
                 "--fail-on los"):
        with path.client.inside():
            ran = subprocess.run(
                [PROGRAM, "probe", path.server_address(4), "--only", "mtu",
                 *more.split()],
                text=True, capture_output=True, check=False)
        said.append((ran.returncode, ran.stdout, ran.stderr))
    return said


def check_words(said, is_guilty):
    advice, loss, hole, some, mtu, unknown, near = said
    lines = advice[1].splitlines()
    check(
        advice[0] == 0
        and (lines[0].startswith("What to change for 10.77.5.2:22")
             and "maxseg size set 1360" in advice[1] and len(lines) < 20
             if is_guilty
             else lines[0].startswith("Nothing to change was found")
             and "--only idle" in " ".join(advice[1].split()))
        and " hop  loss" not in advice[1],
        "--advice prints what to change, and no more",
        advice,
    )
    check(
        [one[0] for one in (loss, hole, some, mtu)]
        == ([0, 3, 3, 0] if is_guilty else [0, 0, 0, 3])
        and hole[1]
        and unknown[0] == near[0] == 2
        and "explain" in unknown[2]
        and "did you mean loss" in near[2],
        "--fail-on stops at what is found, and takes known words only",
        said,
    )


def main():
    pool = processes.Pool(2)
    calls = []
    for name in CASES:
        for family in FAMILIES:
            call = pool.submit(planted, name, family)
            calls.append(
                (lambda run, n=name, f=family: check_planted(n, f, run), call)
            )
    if has_experiment("ssh"):
        for name, family in ((n, f) for n in SSHD for f in FAMILIES):
            call = pool.submit(spoken, name, family)
            calls.append(
                (lambda run, n=name, f=family: check_spoken(n, f, run), call)
            )
    device = idle_cases.device(2, TIMEOUT_S, "silent")
    calls.append((check_keepalives, pool.submit(
        stage.play, [*PATH, *SSH, *device], keepalives)))
    calls.append((check_others, pool.submit(
        stage.play, [*PATH, *SSH], others)))
    calls.append((check_absent, pool.submit(
        stage.play, [*PATH, *SSH], absent)))
    for hole in (["--hole", "3:1400:silent"], []):
        call = pool.submit(stage.play, [*PATH, *SSH, *hole], words)
        calls.append(
            (lambda said, is_guilty=bool(hole): check_words(said, is_guilty),
             call)
        )
    for look, call in calls:
        look(call.result())


main()
done()
