"""Debian's own sshd, with a configuration and accounts of its own.

Runs inside a sandbox: /etc/passwd, hosts.deny and so on are covered by files
of ours there, the machine's are not touched.
"""

import fcntl
import os
import subprocess
import time

import kernel
import topology

KEYS = os.path.join(topology.BUILD, "keys")

COVERED = {
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"
    "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n",
    "/etc/shadow": "root:*:19000:0:99999:7:::\n",
    "/etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/hosts.allow": "",
    "/etc/hosts.deny": "",
    "/etc/resolv.conf": "",
}

CONFIGURATION = """\
Port 22
HostKey {keys}/host
AuthorizedKeysFile {keys}/user.pub
PidFile none
UsePAM no
UseDNS no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
"""


def make_keys():
    """Generates the host's and the user's key once per build folder."""
    os.makedirs(KEYS, exist_ok=True)
    with open(os.path.join(KEYS, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("host", "user"):
            path = os.path.join(KEYS, name)
            if not os.path.exists(path + ".pub"):
                subprocess.run(
                    ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path],
                    check=True,
                )


def cover(files):
    """Puts texts in the place of files of /etc, for this sandbox only."""
    for path, text in files.items():
        ours = "/run/lab/" + path.strip("/").replace("/", "-")
        kernel.write_file(ours, text)
        if os.path.exists(path):
            os.chmod(ours, 0o644)
            kernel.mount(ours, os.path.realpath(path), flags=kernel.MS_BIND)
        elif text:
            raise topology.LabError(f"{path} is missing, cannot cover it")


def start(
    node, options="", files=None, log="/run/lab/sshd.log", environment=None
):
    """Starts sshd in a node and waits until it listens.

    `options` are lines of sshd_config; the first mention of a word counts, so
    they win over ours. `files` replaces texts of COVERED, and `environment`
    adds to the process's.
    """
    make_keys()
    cover({**COVERED, **(files or {})})
    os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
    kernel.write_file(
        "/run/lab/sshd_config", options + "\n" + CONFIGURATION.format(keys=KEYS)
    )
    with open(log, "w", encoding="utf-8") as said:
        process = node.start(
            ["/usr/sbin/sshd", "-D", "-e", "-f", "/run/lab/sshd_config"],
            stdin=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, **(environment or {})},
        )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with open(log, encoding="utf-8") as said:
            if "Server listening" in said.read():
                return process
        time.sleep(0.02)
    with open(log, encoding="utf-8") as said:
        raise topology.LabError(f"sshd did not start: {said.read().strip()}")


def client_words(path, family, *options):
    """The ssh command for a login at the path's server."""
    return [
        "ssh",
        "-F",
        "none",
        "-i",
        os.path.join(KEYS, "user"),
        "-o",
        "BatchMode=yes",
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        *options,
        "root@" + path.server_address(family),
    ]
