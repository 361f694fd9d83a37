#!/usr/bin/python3
"""At which phase an SSH server fails, and why: Debian's sshd with each cause
planted, in IPv4 and IPv6, and the same server without it."""

import collections
import os
import shutil
import signal
import subprocess

import stage

import liar
import processes
import sshd
import topology
from stage import done, is_cause
from tap import PROGRAM, check

ROUTERS = 2
ONLY = os.environ.get("ONLY")

# path: of path.py; options: of sshd_config; files: of /etc; words: of the
# probe; holds: what is wrong with the run, or None
Case = collections.namedtuple(
    "Case",
    "name family path options files words holds serve",
    defaults=([], "", {}, [], None, None),
)


def serve_sshd(path, case):
    sshd.start(path.server, case.options, case.files)


def serve_stopped(path, case):
    """Its kernel accepts connections, and nobody attends to them."""
    os.kill(sshd.start(path.server).pid, signal.SIGSTOP)


def serve_beside_liar(path, case):
    """And a device forges responses to every packet."""
    sshd.start(path.server)
    liar.start(path, case.name.rsplit(" ", 1)[1], case.family)


def serve_nothing(path, case):
    """What the case has is there already."""


def serve_dropbear(path, case):
    key = "/run/lab/dropbear-key"
    subprocess.run(
        ["dropbearkey", "-t", "ed25519", "-f", key],
        check=True,
        capture_output=True,
    )
    with open("/run/lab/sshd.log", "w", encoding="utf-8") as log:
        path.server.start(
            ["dropbear", "-F", "-E", "-r", key, "-p", "22", "-P", ""],
            stderr=log,
        )
    stage.wait_until(
        lambda: any(
            state == stage.LISTENING
            for state, _, _ in stage.sockets(path.server, 22)
        ),
        "dropbear listens",
    )


def log_of(path, case):
    if "--loss" in case.path:  # where a FIN can be lost, sshd waits for long
        return []
    if case.serve is None:
        return stage.sshd_log(path)
    if case.serve is not serve_dropbear:
        return []
    with open("/run/lab/sshd.log", encoding="utf-8") as log:
        return log.read().splitlines()


def run(case):
    def act(path):
        (case.serve or serve_sshd)(path, case)
        result = stage.probe(
            path, PROGRAM, case.family, "--only", "ssh", *case.words
        )
        result["announced"] = stage.announced(
            path, PROGRAM, case.family, "--only", "ssh", *case.words
        )
        stage.wait_unguarded(3)
        result["log"] = log_of(path, case)
        return result

    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    return stage.play([*words, *case.path], act)


def excluded(run):
    return stage.excluded(run, "ssh")


def found(run):
    return [line for line in stage.findings(run) if line["finding"] == "ssh"]


HEALTHY = {
    "ssh-identified",
    "ssh-identified-at-once",
    "ssh-common-algorithms",
    "ssh-exchanged",
    "ssh-many-accepted",
    "ssh-marked-answered",
}


def is_healthy(run):
    if stage.findings(run):
        return f"found {stage.findings(run)}"
    if excluded(run) != HEALTHY:
        return f"excluded: {excluded(run) ^ HEALTHY}"
    if not stage.is_as_announced(run):
        return f"{run['announced']} packets were announced"
    times = run["lines"][-1]["ssh"]
    if times["identified"] != 10:
        return f"{times['identified']} identifications were read"
    if not {"handshake_ms", "banner_ms", "kexinit_ms", "kex_reply_ms",
            "close_ms"} <= set(times):
        return f"phases: {times}"
    said = [line for line in run["log"] if not stage.is_mere_end(line)]
    return f"sshd says {said}" if said else None


def but(*signatures):
    """Nothing is found, and all is excluded but those."""

    def holds(run):
        if stage.findings(run):
            return f"found {stage.findings(run)}"
        left = HEALTHY - set(signatures)
        return None if excluded(run) == left else excluded(run) ^ left

    return holds


def may_be_penalised(run):
    """As OpenSSH since 9.8 refuses: which of its two reasons is not known."""
    said = is_cause("not-allowed", "likely", "MaxStartups", "journalctl",
                    phase="banner", at_once=1)(run)
    other = stage.findings(run)[0].get("could_also_be", "")
    return said or (None if "PerSourcePenalties" in other else other)


def is_open(run):
    """Nothing is found, and nothing excluded."""
    if stage.findings(run) or excluded(run):
        return f"found {stage.findings(run)}, excluded {excluded(run)}"
    rows = stage.listed(run, "undetermined", "ssh")
    return None if rows else "it is in no list"


def is_not_fooled(run):
    return f"found {found(run)}" if found(run) else None


def is_healthy_dropbear(run):
    """It takes five connections of one address that are not logged in."""
    if any(
        "Exit before auth" in line and not line.endswith("Exited normally")
        for line in run["log"]
    ):
        return "it says more than that connections ended"
    return but("ssh-many-accepted")(run)


def is_reported(run):
    """A client would send smaller segments."""
    if stage.findings(run):
        return f"found {stage.findings(run)}"
    other = excluded(run) ^ HEALTHY
    return None if other == {"ssh-exchanged", "ssh-exchanged-smaller"} else other


def port_is(state):
    def holds(run):
        lines = stage.findings(run)
        if found(run) or excluded(run):
            return "something is said of SSH"
        if [line.get("state") for line in lines] != [state]:
            return f"found {lines}"
        return None

    return holds


def server_rule(rule):
    return ["--nft", "server:" + topology.chain("input", rule)]


def router_rule(rule):
    return ["--nft", "2:" + topology.chain("forward", rule)]


def written(name, text):
    path = os.path.join(stage.RECORDINGS, name)
    os.makedirs(stage.RECORDINGS, exist_ok=True)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def rsa_key():
    """A host key of that type."""
    name = os.path.join(sshd.KEYS, "host-rsa")
    sshd.make_keys()
    if not os.path.exists(name):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f",
             name],
            check=True,
        )
    return name


NAMES = {
    "/etc/hosts.deny": "sshd: .nobody.example\n",
    "/etc/resolv.conf": "nameserver 10.77.1.2\noptions timeout:2 attempts:2\n",
}
# which gets no question: nothing comes back
UNNAMED = ["--nft", "2:" + topology.chain("forward", "udp dport 53 drop")]


def cases():
    yield Case("a healthy sshd", 4, holds=is_healthy)
    yield Case("a healthy sshd", 6, holds=is_healthy)
    yield Case("a healthy sshd far away", 4, ["--delay-ms", "20"],
               holds=is_healthy)
    yield Case("a loss of a tenth each way", 6, ["--loss", "2:10"],
               holds=lambda run: f"found {found(run)}" if found(run) else None)

    yield Case("MaxStartups 4", 4, options="MaxStartups 4:100:4",
               holds=is_cause("max-startups", "certain", "below 5",
                            phase="banner"))
    yield Case("MaxStartups 12, which is not reached", 6,
               options="MaxStartups 12:100:12", holds=is_healthy)
    yield Case("fewer connections than show MaxStartups", 4,
               options="MaxStartups 6:100:6", words=["--startups", "3"],
               holds=but("ssh-many-accepted"))

    for family in (4, 6):
        yield Case("hosts.deny", family, files={"/etc/hosts.deny": "sshd: ALL\n"},
                   holds=is_cause("refused-before-banner", "likely",
                                "hosts.deny", phase="banner"))
    yield Case("hosts.deny that allows this host", 4,
               files={"/etc/hosts.deny": "sshd: 192.0.2.0/24\n"},
               holds=is_healthy)

    yield Case("a resolver that does not answer", 4, UNNAMED, files=NAMES,
               holds=is_cause("slow-banner", "likely", "resolv.conf",
                            phase="banner"))
    yield Case("names in hosts.deny, and no resolver", 6,
               files={"/etc/hosts.deny": "sshd: .nobody.example\n"},
               holds=is_healthy)

    yield Case("a key exchange that is too old", 4,
               options="KexAlgorithms diffie-hellman-group1-sha1",
               holds=is_cause("no-common-algorithm", "certain",
                            "KexAlgorithms +diffie-hellman-group1-sha1",
                            "~/.ssh/config", phase="algorithms"))
    yield Case("a cipher that is too old", 6, options="Ciphers aes256-cbc",
               holds=is_cause("no-common-algorithm", "certain",
                            "Ciphers +aes256-cbc"))
    yield Case("a host key that is too old", 4,
               options=f"HostKey {rsa_key()}\nHostKeyAlgorithms ssh-rsa",
               holds=is_cause("no-common-algorithm", "certain",
                            "HostKeyAlgorithms +ssh-rsa"))
    yield Case("a MAC that is too old", 4,
               options="MACs hmac-md5\nCiphers aes128-ctr",
               holds=is_cause("no-common-algorithm", "certain",
                            "MACs +hmac-md5"))
    yield Case("a MAC that no cipher needs", 4,
               options="MACs hmac-md5\nCiphers aes128-gcm@openssh.com",
               holds=is_healthy)
    old = written("old", "KexAlgorithms diffie-hellman-group14-sha1\n")
    yield Case("a key exchange, a host key and a cipher that are too old", 6,
               options=f"HostKey {rsa_key()}\nHostKeyAlgorithms ssh-rsa\n"
               "KexAlgorithms diffie-hellman-group1-sha1\n"
               "Ciphers aes256-cbc",
               holds=is_cause("no-common-algorithm", "certain",
                            "KexAlgorithms +diffie-hellman-group1-sha1",
                            "HostKeyAlgorithms +ssh-rsa",
                            "Ciphers +aes256-cbc"))
    young = written("young", "HostKeyAlgorithms ssh-ed25519\n")
    yield Case("a server without the client's kind of host key", 4,
               options=f"HostKey {rsa_key()}\n"
               "HostKeyAlgorithms rsa-sha2-512",
               words=["--client-algorithms", young],
               holds=is_cause("no-common-algorithm", "certain",
                            "ssh_host_ed25519_key", "sshd_config"))
    yield Case("a client that is too old", 6,
               words=["--client-algorithms", old],
               holds=is_cause("no-common-algorithm", "certain",
                            "KexAlgorithms +diffie-hellman-group14-sha1",
                            "sshd_config"))
    yield Case("a client as old as the server", 4,
               options="KexAlgorithms diffie-hellman-group14-sha1",
               words=["--client-algorithms", old], holds=is_healthy)
    for method in ("ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
                   "diffie-hellman-group16-sha512",
                   "curve25519-sha256@libssh.org"):
        yield Case(f"a server with {method} alone", 4,
                   options=f"KexAlgorithms {method}", holds=is_healthy)
    yield Case("a key exchange that the probe can't do", 4,
               options="KexAlgorithms diffie-hellman-group18-sha512",
               holds=but("ssh-exchanged", "ssh-many-accepted",
                         "ssh-marked-answered"))

    yield Case("LoginGraceTime 3", 4, options="LoginGraceTime 3",
               words=["--login-grace"],
               holds=is_cause("login-grace-time", "likely", "LoginGraceTime"))

    for family in (4, 6):
        yield Case("a hole of 1400 on the way there", family,
                   ["--hole", "2:1400:silent:forward"],
                   holds=is_cause("large-packets-lost", "likely", "--only mtu",
                                direction="forward"))
        yield Case("a hole of 900 on the way back", family,
                   ["--hole", "2:900:silent:reverse"],
                   holds=is_cause("large-packets-lost", "likely", "--only mtu",
                                direction="reverse"))
    yield Case("a hole that no message of this server's meets", 4,
               ["--hole", "2:1400:silent:reverse"], holds=is_healthy)
    yield Case("a path of 1400 that says so", 4, ["--mtu", "2:1400"],
               holds=is_reported)

    yield Case("a router that drops AF21", 4, router_rule("ip dscp af21 drop"),
               holds=is_cause("dscp", "likely", "IPQoS", dscp=18))
    yield Case("a router that drops CS1", 6, router_rule("ip6 dscp cs1 drop"),
               holds=is_cause("dscp", "likely", "IPQoS", dscp=8))
    yield Case("a router that clears the DSCP", 4,
               router_rule("ip dscp set cs0"), holds=is_healthy)

    yield Case("UseDNS, and a resolver that does not answer", 4, UNNAMED,
               options="UseDNS yes",
               files={"/etc/resolv.conf": NAMES["/etc/resolv.conf"]},
               holds=is_healthy)  # names are looked up at the login
    yield Case("sshd that is stopped", 6, serve=serve_stopped,
               holds=is_cause("silent", "likely", "getent", phase="banner"))
    for family, text, holds in (
        (4, "Not allowed at this time", may_be_penalised),
        (6, "Exceeded MaxStartups", is_cause("max-startups", "certain")),
    ):
        yield Case(f'a server that says "{text}"', family,
                   ["--serve", f"22:refuse:{text}"], serve=serve_nothing,
                   holds=holds)
    yield Case("sshd on another port", 6, options="Port 2222",
               words=["-p", "2222"], holds=is_healthy)
    yield Case("a server of another protocol", 4, ["--serve", "80:talk"],
               words=["-p", "80"], serve=serve_nothing, holds=is_open)
    yield Case("a server that says nothing", 6, ["--serve", "81:echo"],
               words=["-p", "81"], serve=serve_nothing, holds=is_open)
    for family, way in zip((4, 6) * len(liar.WAYS), liar.WAYS):
        yield Case(f"a device that forges {way}", family,
                   ["--routers", "5", *stage.limits(5)],
                   serve=serve_beside_liar,
                   holds=is_not_fooled)
    if shutil.which("dropbear"):
        for family in (4, 6):
            yield Case("dropbear", family, serve=serve_dropbear,
                       holds=is_healthy_dropbear)
    reject = "tcp dport 22 reject with icmpx type port-unreachable"
    yield Case("a host firewall that rejects, as fail2ban's", 4,
               server_rule(reject), holds=port_is("rejected"))
    yield Case("a host firewall that drops", 6,
               server_rule("tcp dport 22 drop"), holds=port_is("filtered"))


def main():
    pool = processes.Pool(2)
    calls = [(case, pool.submit(run, case)) for case in cases() if not ONLY or ONLY in case.name]
    for case, call in calls:
        result = call.result()
        said = case.holds(result)
        check(
            result["status"] == 0 and result["is_same"] and not said,
            f"IPv{case.family}: {case.name}",
            f"{said}\n{result['seconds']:.1f} s, same {result['is_same']}\n"
            + "\n".join(result["log"][-12:])
            + f"\n{result['text']}\n{result['said']}",
        )


main()
done()
