#!/usr/bin/python3
"""Whether a TLS server takes clients, and why not: openssl's server and nginx
with each cause planted, in IPv4 and IPv6, and the same without it."""

import collections
import os
import shutil
import signal
import subprocess
import tempfile
import time

import stage

import capture
import liar
import packets
import processes
import sshd
import topology
from stage import done, is_cause
from tap import PROGRAM, check

ROUTERS = 2
ONLY = os.environ.get("ONLY")
NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
NAME = "www.example.org"

# path: of path.py; serve: starts the server; words: of the probe; holds: what
# is wrong with the run, or None
Case = collections.namedtuple(
    "Case", "name family serve path words holds", defaults=([], [], None)
)


def keys(kind="rsa", name=NAME):
    """A certificate for that name, and its key."""
    folder = os.path.join(topology.BUILD, "tls")
    certificate = os.path.join(folder, f"{kind}-{name}.pem")
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists(certificate):
        new = ["-newkey", "rsa:2048"]
        if kind == "ecdsa":
            new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        subprocess.run(
            ["openssl", "req", "-x509", "-nodes", "-days", "30", *new,
             "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
             "-keyout", certificate + ".key", "-out", certificate + ".new"],
            check=True,
            capture_output=True,
        )
        os.rename(certificate + ".new", certificate)
    return certificate, certificate + ".key"


CA = """\
[ca]
default_ca = one
[one]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
default_md = sha256
policy = names
x509_extensions = names_of
[names]
commonName = supplied
[names_of]
subjectAltName = DNS:{name}
"""


def expired_keys():
    """A certificate for NAME of the year 2020, and its key."""
    folder = os.path.join(topology.BUILD, "tls", "expired")
    _, key = keys(name="expired.example.org")
    old = os.path.join(folder, "certificate.pem")
    os.makedirs(folder, exist_ok=True)
    for name, text in (("index", ""), ("serial", "01\n"),
                       ("conf", CA.format(folder=folder, name=NAME))):
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)
    for words in (
        f"req -new -key {key} -subj /CN={NAME} -out {folder}/request",
        f"ca -batch -notext -selfsign -config {folder}/conf -keyfile {key} "
        f"-in {folder}/request -out {old} -startdate 20200101000000Z "
        "-enddate 20201231235959Z",
    ):
        subprocess.run(["openssl", *words.split()], check=True,
                       capture_output=True)
    return old, key


def serve_expired(path, case):
    certificate, key = expired_keys()
    path.server.start(
        ["openssl", "s_server", f"-{case.family}", "-accept", "443",
         "-cert", certificate, "-key", key, "-quiet"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(path, 443)


def wait_for(path, port):
    stage.wait_until(
        lambda: any(
            state == stage.LISTENING
            for state, _, _ in stage.sockets(path.server, port)
        ),
        f"a server listens at {port}",
    )


def s_server(*options, kind="rsa", name=NAME):
    """openssl's, which attends to one connection at a time."""

    def serve(path, case):
        certificate, key = keys(kind, name)
        process = path.server.start(
            ["openssl", "s_server", f"-{case.family}", "-accept", "443",
             "-cert", certificate, "-key", key, "-quiet", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(path, 443)
        return process

    return serve


def nginx(text):
    def serve(path, case):
        certificate, key = keys()
        folder = f"/run/lab/nginx-{os.getpid()}"
        os.makedirs(folder)
        with open(f"{folder}/conf", "w", encoding="ascii") as file:
            file.write(
                f"daemon off; user root; pid {folder}/pid; worker_processes 1;"
                f" error_log {folder}/log;\nevents {{}}\nhttp {{ access_log off;"
                + "".join(
                    f" {kind}_temp_path {folder}/{kind};"
                    for kind in ("client_body", "proxy", "fastcgi", "uwsgi",
                                 "scgi")
                )
                + "\nssl_protocols TLSv1.2 TLSv1.3;"
                f" ssl_certificate {certificate};"
                f" ssl_certificate_key {key};\n{text} }}\n"
            )
        path.server.start(
            [NGINX, "-e", f"{folder}/log", "-p", folder, "-c",
             f"{folder}/conf"]
        )
        wait_for(path, 443)

    return serve


LISTEN = "listen 443 ssl; listen [::]:443 ssl;"
DEFAULT = LISTEN.replace("ssl;", "ssl default_server;")


def serve_sshd(path, case):
    sshd.start(path.server, "Port 443")


def serve_stopped(path, case):
    """Its kernel accepts connections, and nobody attends to them."""
    os.kill(s_server()(path, case).pid, signal.SIGSTOP)


def serve_beside_liar(path, case):
    """And a device forges responses to every packet."""
    s_server()(path, case)
    liar.start(path, case.name.rsplit(" ", 1)[1], case.family)


def serve_nothing(path, case):
    """What the case has is there already."""


def run(case):
    def act(path):
        case.serve(path, case)
        result = stage.probe(
            path, PROGRAM, case.family, "--only", "tls", "-p", "443",
            *case.words
        )
        result["announced"] = stage.announced(
            path, PROGRAM, case.family, "--only", "tls", "-p", "443",
            *case.words
        )
        stage.wait_unguarded(3)
        return result

    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    return stage.play([*words, *case.path], act)


def excluded(run):
    return stage.excluded(run, "tls")


HEALTHY = {
    "tls-answered",
    "tls-1.2-answered",
    "tls-no-certificate-asked",
    "tls-large-answered",
}
NAMED = HEALTHY | {"tls-name-certified"}
SNI = ["--sni", NAME]


def is_healthy(expected=NAMED, version="TLS 1.3"):
    def holds(run):
        if stage.findings(run):
            return f"found {stage.findings(run)}"
        if excluded(run) != expected:
            return f"excluded: {excluded(run) ^ expected}"
        if version == "TLS 1.3" and not stage.is_as_announced(run):
            return f"{run['announced']} packets were announced"
        times = run["lines"][-1]["tls"]
        if times["version"] != version:
            return f"version {times['version']}"
        if not {"handshake_ms", "hello_ms", "suite"} <= set(times):
            return f"phases: {times}"
        return None

    return holds


def is_not_fooled(run):
    found = [line for line in stage.findings(run) if line["finding"] == "tls"]
    return f"found {found}" if found else None


def port_is(state):
    def holds(run):
        lines = stage.findings(run)
        if excluded(run):
            return "something is said of TLS"
        if [line.get("state") for line in lines] != [state]:
            return f"found {lines}"
        return None

    return holds


def router_rule(rule):
    return ["--nft", "2:" + topology.chain("forward", rule)]


def with_openssl():
    for family in (4, 6):
        yield Case("a healthy server", family, s_server(), words=SNI,
                   holds=is_healthy())
        yield Case("a healthy server with ECDSA", family,
                   s_server(kind="ecdsa"), words=SNI, holds=is_healthy())
        yield Case("a server with TLS 1.3 alone", family, s_server("-tls1_3"),
                   words=SNI,
                   holds=is_cause("new-version-only", "certain", "TLS 1.2",
                                phase="hello", version="TLS 1.3"))
        yield Case("a server with TLS 1.0 alone", family,
                   s_server("-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"),
                   words=SNI,
                   holds=is_cause("old-version", "certain", "ssl_protocols",
                                version="TLS 1.0", alert="protocol_version"))
    yield Case("a server without a name asked for", 4, s_server(),
               holds=is_healthy(HEALTHY))
    yield Case("a server far away", 4, s_server(), ["--delay-ms", "40"], SNI,
               is_healthy())
    yield Case("a loss of a tenth each way", 6, s_server(),
               ["--loss", "2:10"], SNI, is_not_fooled)
    yield Case("a server with TLS 1.2 alone", 4, s_server("-tls1_2"),
               words=SNI,
               holds=is_healthy(NAMED - {"tls-1.2-answered"}, "TLS 1.2"))
    yield Case("a server with one usual suite", 6,
               s_server("-tls1_2", "-cipher", "AES128-SHA"), words=SNI,
               holds=is_healthy(NAMED - {"tls-1.2-answered"}, "TLS 1.2"))
    for family, suite, name in (
        (4, "CAMELLIA128-SHA", "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"),
        (6, "ECDHE-ARIA256-GCM-SHA384",
         "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384"),
    ):
        yield Case("a suite that nobody shares", family,
                   s_server("-tls1_2", "-cipher", suite), words=SNI,
                   holds=is_cause("no-common-suite", "likely", "ssl_ciphers",
                                suite=name, alert="handshake_failure"))
    yield Case("a server with P-256 alone", 4,
               s_server("-groups", "P-256"), words=SNI,
               # a HelloRetryRequest shows nothing of large segments
               holds=is_healthy(NAMED - {"tls-large-answered"}))
    yield Case("a group that clients do not have", 4,
               s_server("-groups", "brainpoolP256r1", "-tls1_2", "-cipher",
                        "ECDHE-RSA-AES128-SHA"), words=SNI,
               holds=is_cause("no-common-suite", "likely", "ssl_ecdh_curve"))
    for family in (4, 6):
        yield Case("a client's certificate that is demanded", family,
                   s_server("-Verify", "1"), words=SNI,
                   holds=is_cause("client-certificate", "likely", "--cert",
                                phase="certificate"))
    yield Case("a certificate for another name", 4, s_server(),
               words=["--sni", "other.example.org"],
               holds=is_cause("other-certificate", "likely", "other.example.org",
                            server_name="other.example.org"))
    yield Case("a certificate that has expired", 6, serve_expired, words=SNI,
               holds=is_cause("expired-certificate", "likely", "Renew",
                            phase="certificate"))
    yield Case("a certificate with a star", 6,
               s_server(name="*.example.org"), words=SNI, holds=is_healthy())
    yield Case("a star for two labels", 6, s_server(name="*.org"), words=SNI,
               holds=is_cause("other-certificate", "likely"))


def with_nginx():
    for family in (4, 6):
        yield Case("nginx", family,
                   nginx(f"server {{ {LISTEN} server_name {NAME}; }}"),
                   words=SNI, holds=is_healthy())
        yield Case("nginx that refuses the name", family,
                   nginx(f"server {{ {LISTEN} server_name other.org; }}"
                         f"server {{ {DEFAULT} ssl_reject_handshake on; }}"),
                   words=SNI,
                   holds=is_cause("server-name", "likely", NAME,
                                alert="unrecognized_name", server_name=NAME))
    refuses = nginx(f"server {{ {LISTEN} server_name {NAME}; }}"
                    f"server {{ {DEFAULT} ssl_reject_handshake on; }}")
    yield Case("nginx that wants a name, and gets it", 4, refuses, words=SNI,
               holds=is_healthy())
    yield Case("nginx that wants a name, and gets none", 4, refuses,
               holds=is_cause("server-name", "certain", "--sni"))
    yield Case("nginx that speaks HTTP", 4,
               nginx("server { listen 443; listen [::]:443; }"), words=SNI,
               holds=is_cause("not-tls", "certain", speaks="HTTP"))
    yield Case("nginx that takes certificates", 6,
               nginx(f"server {{ {LISTEN} ssl_verify_client optional_no_ca; "
                     "}"),
               words=SNI, holds=is_cause("client-certificate", "likely"))


def others():
    for family in (4, 6):
        yield Case("sshd on the port", family, serve_sshd, words=SNI,
                   holds=is_cause("not-tls", "certain", speaks="SSH"))
        yield Case("a server that is stopped", family, serve_stopped,
                   words=SNI,
                   holds=is_cause("silent", "likely", "port 443",
                                phase="hello"))
        yield Case("a hole of 1400 on the way there", family, s_server(),
                   ["--hole", "2:1400:silent:forward"], SNI,
                   is_cause("large-packets-lost", "likely", "--only mtu",
                          direction="forward"))
        yield Case("a hole of 1000 on the way back", family, s_server(),
                   ["--hole", "2:1000:silent:reverse"], SNI,
                   is_cause("large-packets-lost", "likely", "--only mtu",
                          direction="reverse"))
    yield Case("a path of 1400 that says so", 4, s_server(),
               ["--mtu", "2:1400"], SNI,
               lambda run: is_not_fooled(run))
    yield Case("a server of a text protocol", 4, serve_nothing,
               ["--serve", "443:talk"], SNI,
               is_cause("not-tls", "certain"))
    yield Case("a host firewall that drops", 4, s_server(),
               ["--nft", "server:" + topology.chain(
                   "input", "tcp dport 443 drop")], SNI,
               port_is("filtered"))
    yield Case("a server that resets after the hello", 6, serve_nothing,
               ["--serve", "443:abort"], SNI,
               is_cause("closed", "likely", "port 443"))
    yield Case("a server that closes", 4, serve_nothing,
               ["--serve", "443:close"], SNI,
               is_cause("closed", "likely", "port 443"))
    for family, way in zip((4, 6) * len(liar.WAYS), liar.WAYS):
        yield Case(f"a device that forges {way}", family, serve_beside_liar,
                   ["--routers", "5", *stage.limits(5)], SNI, is_not_fooled)


def killed(family):
    """A run that is killed while it waits for the server, which goes on then:
    what our host's kernel sent, and how many guards there are."""

    def act(path):
        Server = collections.namedtuple("Server", "family")
        server = s_server()(path, Server(family))
        os.kill(server.pid, signal.SIGSTOP)
        folder = tempfile.mkdtemp()
        recorder = capture.Recorder(
            path, folder, [capture.Point("client")], lambda point: {}
        )
        process = path.client.start(
            [PROGRAM, "probe", path.server_address(family), "--only", "tls",
             "-p", "443", "-q", *SNI],
            stdout=subprocess.DEVNULL,
        )
        time.sleep(1.5)
        process.kill()
        status = process.wait(60)
        guards = len(stage.guards())
        os.kill(server.pid, signal.SIGCONT)
        time.sleep(1)
        recorder.stop()
        seen = list(packets.read(os.path.join(folder, "client.pcapng")))
        shutil.rmtree(folder)
        stage.end_guards(1)
        own = path.client_address(family)
        return {
            "status": status,
            "guards": guards,
            "spoken": sum(len(p.payload) > 100 for p in seen
                          if p.source == own),
            "answered": sum(len(p.payload) > 100 for p in seen
                            if p.source != own),
            "kernels": sum(stage.is_kernels_reset(p) for p in seen
                           if p.source == own),
        }

    words = ["--routers", str(ROUTERS), *stage.limits(ROUTERS)]
    return stage.play(words, act)


def check_killed(family, run_):
    check(
        run_["status"] == -signal.SIGKILL
        and run_["guards"] == 1
        and run_["spoken"]
        and run_["answered"]
        and not run_["kernels"],
        f"IPv{family}: after kill -9 the ports are guarded, and our kernel "
        "resets no server that answers then",
        run_,
    )


def cases():
    yield from with_openssl()
    if NGINX:
        yield from with_nginx()
    yield from others()


def main():
    keys()  # before they are used side by side
    for name in ("*.example.org", "*.org"):
        keys(name=name)
    keys("ecdsa")
    sshd.make_keys()
    pool = processes.Pool(2)
    kills = [
        (family, pool.submit(killed, family))
        for family in (4, 6)
        if not ONLY or ONLY == "kill"
    ]
    calls = [
        (case, pool.submit(run, case))
        for case in cases()
        if not ONLY or ONLY in case.name
    ]
    for case, call in calls:
        result = call.result()
        said = case.holds(result)
        check(
            result["status"] == 0 and result["is_same"] and not said,
            f"IPv{case.family}: {case.name}",
            f"{said}\n{result['seconds']:.1f} s, same {result['is_same']}\n"
            f"{result['text']}\n{result['said']}",
        )
    for family, call in kills:
        check_killed(family, call.result())


main()
done()
