"""The steps in which programs that are not ours talk: sshd, ssh, OpenSSL."""

import contextlib
import os
import shlex
import signal
import ssl
import subprocess
import time

import servers
import sshd
from step_failed import StepFailed

PATIENCE = 45
TLS_VERSIONS = {
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


class ProgramSteps:
    """A part of Conductor, which has the path, the family and the sockets."""

    def do_etc(self, _, __, text):
        file, _, content = text.partition(" ")
        self.etc["/etc/" + file] = content.replace("\\n", "\n") + "\n"

    def do_sshd(self, node, _, text):
        sshd.start(node, text.replace(";", "\n"), self.etc)

    def do_ssh(self, node, _, text):
        name, _, rest = text.partition(" ")
        options, _, command = rest.partition("--")
        words = sshd.client_words(
            self.path, self.family, *shlex.split(options)
        )
        if command.strip():
            words.append(command.strip())
        self.ssh[name] = node.start(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def do_ssh_says(self, _, __, text):
        """Waits until the session has printed the text."""
        name, _, wanted = text.partition(" ")
        process = self.ssh[name]
        os.set_blocking(process.stdout.fileno(), False)
        said, deadline = b"", time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            said += process.stdout.read() or b""
            if wanted.encode() in said:
                return
            if process.poll() is not None:
                break
            time.sleep(0.02)
        raise StepFailed(f"ssh said {said!r}")

    def do_ssh_type(self, _, __, text):
        name, _, line = text.partition(" ")
        self.ssh[name].stdin.write(line.encode() + b"\n")
        self.ssh[name].stdin.flush()

    def do_ssh_freeze(self, _, __, text):
        self.ssh[text].send_signal(signal.SIGSTOP)

    def do_ssh_kill(self, _, __, text):
        self.ssh[text].kill()
        self.ssh[text].wait()

    def do_ssh_ends(self, _, __, text):
        name, *seconds = text.split()
        process = self.ssh[name]
        try:
            process.wait(float(seconds[0]) if seconds else PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise StepFailed("ssh has not ended") from error

    def do_ssh_lives(self, _, __, text):
        if self.ssh[text].poll() is not None:
            raise StepFailed("ssh has ended")

    # TLS.

    def do_serve(self, node, _, text):
        port, kind, *argument = text.split(None, 2)
        servers.start(node, int(port), kind, *argument)

    def do_tls(self, node, connection, text):
        """A handshake, two bytes each way if it succeeds, and the end.

        `ends`: the handshake fails. `leaves`: closes without a farewell.
        `verify`: trusts nobody, and so not the server's certificate.
        """
        wanted, *words = text.split()
        options = dict(word.partition("=")[::2] for word in words)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        if "verify" not in options:
            context.verify_mode = ssl.CERT_NONE
        if "min" in options:
            context.minimum_version = TLS_VERSIONS[options["min"]]
        if "max" in options:
            context.maximum_version = TLS_VERSIONS[options["max"]]
        plain = self.sockets.pop((node.name, connection))
        got = "nothing"
        try:
            with context.wrap_socket(plain) as spoken:
                spoken.sendall(b"hi")
                spoken.recv(2)
                got = "leaves"
                if wanted == "lives":
                    got = "lives"
                    with contextlib.suppress(OSError):
                        spoken.unwrap()  # the farewell
        except ssl.SSLError:
            got = "ends"
        finally:
            plain.close()
        if got != wanted:
            raise StepFailed(f"TLS {got}")
