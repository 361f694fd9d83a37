#!/usr/bin/python3
"""What `culprit probe HOST` does if nobody says more: path, resets and SSH in
one run, within the time, the packets and the connections that it may take, at
real servers that are healthy and at those that are not.

    test_default.py PROGRAM

Needs root.
"""

import os
import shutil
import subprocess

import stage

import idle_cases
import processes
import sshd
import topology
from stage import done
from tap import PROGRAM, check, skip

ROUTERS = 5
PATH = ["--routers", str(ROUTERS), *stage.limits(ROUTERS),
        "--wire", "1:both:delay_ms=10"]
MOST_S, MOST_PACKETS, MOST_BANNERS = 15, 900, 10
MOST_LOAD = 4  # else the time of a run is that of others
SSH_QUESTIONS = {"ssh"}


def dropbear(path):
    key = "/run/lab/dropbear-key"
    subprocess.run(["dropbearkey", "-t", "ecdsa", "-f", key], check=True,
                   capture_output=True)
    with open("/run/lab/sshd.log", "w", encoding="utf-8") as log:
        path.server.start(["dropbear", "-F", "-E", "-r", key, "-p", "22",
                           "-P", ""], stderr=log)
    stage.wait_until(
        lambda: any(state == stage.LISTENING
                    for state, _, _ in stage.sockets(path.server, 22)),
        "dropbear listens",
    )


# words of the path, options of sshd, files of /etc, what serves; causes that
# are found; those that are excluded at least
SPOKEN = {"ssh-mismatch", "tcp-wrappers", "max-startups",
          "dscp-dropped", "middlebox-reset", "pmtu-black-hole", "loss"}
CASES = {
    "a healthy sshd": ([], "", {}, None, {}, SPOKEN),
    "MaxStartups 4": (
        [], "MaxStartups 4:100:4", {}, None, {"max-startups": "certain"},
        {"pmtu-black-hole", "middlebox-reset"}),
    "MaxStartups 6": (
        [], "MaxStartups 6:100:6", {}, None, {"max-startups": "certain"},
        {"pmtu-black-hole", "middlebox-reset"}),
    "an old key exchange": (
        [], "KexAlgorithms diffie-hellman-group1-sha1", {}, None,
        {"ssh-mismatch": "certain"},
        SPOKEN - {"ssh-mismatch", "dscp-dropped"}),
    # its size takes connections that others would have had
    "a hole on the way back": (
        ["--hole", "3:1400:silent:reverse"], "", {}, None,
        {"pmtu-black-hole": "certain"}, {"middlebox-reset"}),
    "a hole on the way there": (
        ["--hole", "3:1400:silent:forward"], "", {}, None,
        {"pmtu-black-hole": "certain"}, {"ssh-mismatch", "tcp-wrappers"}),
}
if shutil.which("dropbear"):
    CASES["dropbear"] = ([], "", {}, dropbear, {}, SPOKEN - {"max-startups"})


def banners(recording, port=22):
    """Connections on which the server said something."""
    said = subprocess.run(
        ["tshark", "-r", recording, "-Y",
         f"tcp.srcport=={port} && tcp.len>0", "-T", "fields", "-e",
         "tcp.dstport"],
        capture_output=True, text=True, check=True).stdout
    return len(set(said.split()))


def run(name, family):
    words, options, files, serve = CASES[name][:4]

    def act(path):
        if serve:
            serve(path)
        else:
            sshd.start(path.server, options, files)
        result = stage.probe(path, PROGRAM, family)
        stage.wait_unguarded(3)
        result["log"] = [] if serve else stage.sshd_log(path)
        return result

    return stage.play([*PATH, *words], act)


def in_state(result, state):
    return {line["cause"]: line for line in result["lines"]
            if line["type"] == "cause" and line["state"] == state}


def is_all_excluded(name, result):
    """Whether a run excludes what it has to. A busy sshd refuses the connection
    of the other parity as well, where it still counts one that has ended: then
    the way back of large packets is open."""
    missing = CASES[name][5] - set(in_state(result, "excluded"))
    is_refused = name.startswith("MaxStartups") and (
        "Connections of even or of odd source ports were not measured"
        in result["text"]
    )
    return missing <= ({"pmtu-black-hole"} if is_refused else set())


def check_case(name, family, result):
    _, _, _, serve, wanted, _ = CASES[name]
    found = {word: line["grade"]
             for word, line in in_state(result, "found").items()}
    what = f"IPv{family}: {name}: "
    recording = result["said"].rsplit("recorded in ", 1)[1].rstrip(")\n")
    count = banners(recording)
    sent = result["lines"][-1]["sent"]
    check(
        result["status"] == 0 and result["is_same"] and found == wanted
        and is_all_excluded(name, result),
        what + "a run without --only finds it, and excludes what it tested",
        (found, sorted(in_state(result, "excluded")), result["text"]),
    )
    check(
        count <= MOST_BANNERS and sent <= MOST_PACKETS
        and result["seconds"] <= MOST_S,
        what + "it takes no more connections, packets and time than it may",
        (count, sent, result["seconds"], result["text"]),
    )
    if not wanted and not serve:
        said = [line for line in result["log"] if not stage.is_mere_end(line)]
        check(not said, what + "sshd's log shows closed connections only",
              result["log"])


def web():
    def act(path):
        return [stage.probe(path, PROGRAM, family, "-p", port)
                for family in (4, 6) for port in ("80", "81", "82")]

    return stage.play([*PATH, "--serve", "80:talk", "--serve", "81:echo"], act)


def check_web(runs):
    for result in runs:
        asked = {line["question"] for line in result["lines"]
                 if line["type"] in ("undetermined", "excluded")}
        check(
            result["is_same"] and not asked & SSH_QUESTIONS,
            "of a server that speaks no SSH nothing is said about that",
            (asked, result["text"]),
        )


def path_alone():
    """Without the new ones a run is as short as it was."""
    def act(path):
        sshd.start(path.server)
        return [[stage.probe(path, PROGRAM, family, "--only",
                             "route,mtu,reverse,fragments,rewritten,loss")
                 for _ in range(3)] for family in (4, 6)]

    return stage.play(PATH, act)


def check_path_alone(runs):
    for three in runs:
        sent = [one["lines"][-1]["sent"] for one in three]
        seconds = [one["seconds"] for one in three]
        check(max(sent) <= 400,
              "the experiments on the path alone take 400 packets at most",
              sent)
        what = "the experiments on the path alone take 1.5 s at most"
        if os.getloadavg()[0] > MOST_LOAD:
            skip(what, f"{os.getloadavg()[0]} programs run at once")
        else:
            check(min(seconds) <= 1.5, what, seconds)


TIMEOUT_S = 5


def idle_beside():
    """With a device that forgets at hop 2."""
    def act(path):
        sshd.start(path.server)
        return [stage.probe(path, PROGRAM, family, "-p", port, "--only", only,
                            "--idle-max", "8")
                for family in (4, 6)
                for port, only in (("2000", "mtu,reset,loss,idle"),
                                   ("22", "mtu,reset,ssh,idle"))]

    return stage.play([*PATH, "--serve", "2000:echo",
                       *idle_cases.device(2, TIMEOUT_S, "silent")], act)


def check_idle_beside(runs):
    for result in runs:
        found = [line for line in stage.findings(result)
                 if line["finding"] == "idle-timeout"]
        check(
            result["is_same"] and len(found) == 1
            and found[0]["survived_s"] <= TIMEOUT_S
            and TIMEOUT_S <= found[0]["died_s"] + idle_cases.JIFFY
            and (found[0]["after_hop"], found[0]["before_hop"]) == (1, 2),
            "beside other experiments idle measures the same, after them",
            (found, result["text"]),
        )


def main():
    pool = processes.Pool(2)
    calls = [(check_web, pool.submit(web)),
             (check_idle_beside, pool.submit(idle_beside)),
             (check_path_alone, pool.submit(path_alone))]
    for name in CASES:
        for family in (4, 6):
            call = pool.submit(run, name, family)
            calls.append((lambda result, n=name, f=family:
                          check_case(n, f, result), call))
    for look, call in calls:
        look(call.result())


main()
done()
