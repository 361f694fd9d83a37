#!/usr/bin/env python3
"""The job files of docs/lake.md, as they stand: under Slurm, on a cluster of
two nodes on this machine of which one dies in the middle of its task; under
GNU parallel; and the commands of the Kubernetes jobs. Each has to give the
report of one run over all captures."""
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from pieces import pieces
from tap import PROGRAM, check, done, lab, run, skip
from waiting import wait_until

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
JOBS = os.path.join(TOP, "docs", "examples", "lake")
CAPTURE = lab("b5_fw_expired_reject_icmpport.client.pcap")
PIECES = 6
DAEMONS = "munged", "slurmctld", "slurmd", "sbatch", "unshare"
CONFIGURATION = """\
ClusterName=culprit
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
ReturnToService=2
SlurmdTimeout=3
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=node1 NodeHostname=localhost NodeAddr=127.0.0.1 Port={ports[1]} \
CPUs=1 RealMemory=2000
NodeName=node2 NodeHostname=localhost NodeAddr=127.0.0.1 Port={ports[2]} \
CPUs=1 RealMemory=2000
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def environment(**more):
    return {**os.environ, **more,
            "PATH": f"{os.path.dirname(PROGRAM)}:{os.environ['PATH']}"}


def write_captures(folder):
    with open(CAPTURE, "rb") as file:
        parts, _ = pieces(file.read(), PIECES)
    paths = []
    for number, piece in enumerate(parts):
        paths.append(os.path.join(folder, str(number)))
        with open(paths[-1], "wb") as file:
            file.write(piece)
    return paths


def is_report(path, captures):
    with open(path, "rb") as file:
        return file.read() == run("analyze", "--json", *captures).stdout


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """munged, slurmctld, and a slurmd for each of two nodes, which has a
    process namespace of its own: when its slurmd dies, so does all that runs
    there, as on a node that loses power."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        os.mkdir(os.path.join(folder, "state"))
        with open(os.path.join(folder, "munge.key"), "wb") as file:
            os.fchmod(file.fileno(), 0o400)
            file.write(os.urandom(1024))
        with open(self.at("slurm.conf"), "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(folder=folder,
                                            ports=free_ports(3)))
        self.environment = environment(SLURM_CONF=self.at("slurm.conf"))
        self.start("munged", "--force", "--foreground",
                   *(f"--{option}={self.at('munge.' + end)}"
                     for option, end in (
                         ("key-file", "key"), ("socket", "socket"),
                         ("pid-file", "pid"), ("seed-file", "seed"),
                         ("log-file", "log"))))
        wait_until(lambda: os.path.exists(self.at("munge.socket")))
        self.start("slurmctld", "-D")
        self.nodes = {name: self.start(
            "unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
            "slurmd", "-D", "-N", name) for name in ("node1", "node2")}

    def at(self, name):
        return os.path.join(self.folder, name)

    def start(self, *command):
        with open(self.at("output"), "ab") as output:
            self.processes.append(subprocess.Popen(
                command, stdout=output, stderr=output, env=self.environment,
                stdin=subprocess.DEVNULL))
        return self.processes[-1]

    def ask(self, *command):
        time.sleep(0.1)  # it is asked until the answer is another
        return subprocess.run(command, env=self.environment, check=False,
                              capture_output=True, text=True).stdout

    def is_up(self):
        return self.ask("sinfo", "-h", "-o", "%T %D").split() == ["idle", "2"]

    def state(self, job):
        found = re.search(r"JobState=(\w+)",
                          self.ask("scontrol", "show", "job", job))
        return found and found[1]

    def running(self, task):
        """(array job, node) of a task of the array that runs."""
        for line in self.ask("squeue", "-h", "-r", "-t", "R", "-o",
                             "%K %F %N").splitlines():
            if line.split()[0] == task:
                return line.split()[1:]
        return None

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGKILL)
            process.wait()


def has_no_reader(pipe):
    waiting = select.poll()
    waiting.register(pipe, 0)
    return any(events & select.POLLERR for _, events in waiting.poll(0))


def slurm(cluster, folder):
    """One of the captures is a FIFO in which nothing comes: the task that
    reads it is in the middle of its work for as long as that is so."""
    captures = write_captures(folder)
    whole = captures[3] + ".whole"
    os.rename(captures[3], whole)
    os.mkfifo(captures[3])
    listed = os.path.join(folder, "list")
    with open(listed, "w", encoding="ascii") as file:
        file.write("\n".join(captures) + "\n")
    out = os.path.join(folder, "out")
    check(wait_until(cluster.is_up), "two nodes are up",
          cluster.ask("sinfo"))
    submitted = subprocess.run(
        [os.path.join(JOBS, "slurm-submit.sh"), listed, out], text=True,
        env=cluster.environment, capture_output=True, check=False)
    merge = submitted.stdout.strip()
    check(submitted.returncode == 0 and merge, "the jobs are taken", submitted)
    check(wait_until(lambda: cluster.running("3")), "a task is at its work")
    # in the middle: it has the FIFO open, and waits
    with open(captures[3], "wb") as writer, open(whole, "rb") as file:
        writer.write(file.read()[:100])
        writer.flush()
        wait_until(lambda: os.path.exists(os.path.join(out, "2.part")))
        array, node = cluster.running("3")
        cluster.nodes[node].kill()
        cluster.nodes[node].wait()
        # once nobody reads it, nobody takes its end for the capture's
        wait_until(lambda: has_no_reader(writer))
    os.unlink(captures[3])
    os.rename(whole, captures[3])
    ended = "COMPLETED", "FAILED", "CANCELLED", "NODE_FAIL", "TIMEOUT"
    wait_until(lambda: cluster.state(merge) in ended, 120)
    check(cluster.state(merge) == "COMPLETED",
          "the job that depends on all tasks runs to its end",
          cluster.ask("scontrol", "show", "job", merge))
    check(os.path.exists(os.path.join(out, "report.json")) and
          is_report(os.path.join(out, "report.json"), captures),
          "with a node that dies in the middle of a task, the report is that "
          "of one run")
    other = {"node1": "node2", "node2": "node1"}[node]
    task = cluster.ask("scontrol", "show", "job", f"{array}_3")
    check("Restarts=1" in task and f"BatchHost={other}" in task,
          "the other node has done its task again", task)


def test_slurm():
    missing = [name for name in DAEMONS if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        skip("Slurm", f"{', '.join(missing)} not installed (Debian: slurm-wlm)"
             if missing else "a cluster's daemons take root")
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        work = os.path.join(folder, "work")
        os.mkdir(work)
        cluster = Cluster(folder)
        try:
            slurm(cluster, work)
        finally:
            cluster.stop()


def test_parallel():
    said = shutil.which("parallel") and subprocess.run(
        ["parallel", "--version"], capture_output=True, check=False).stdout
    if not said or b"GNU parallel" not in said:
        skip("GNU parallel", "it is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        captures = write_captures(folder)
        out = os.path.join(folder, "out")
        ended = subprocess.run(
            [os.path.join(JOBS, "parallel.sh"), out, *captures],
            env=environment(), capture_output=True, check=False)
        check(ended.returncode == 0 and
              is_report(os.path.join(out, "report.json"), captures),
              "under GNU parallel the report is that of one run", ended)


def kubernetes_commands():
    """Those of the two containers."""
    with open(os.path.join(JOBS, "kubernetes.yaml"), encoding="ascii") as file:
        text = file.read()
    completions = int(re.search(r"completions: (\d+)", text)[1])
    return completions, re.findall(
        r"args:\n +- \|\n((?: {14}.*\n)+)", text)


def test_kubernetes():
    completions, commands = kubernetes_commands()
    check(len(commands) == 2 and f"seq -f %g.part 0 {completions - 1})" in
          commands[1], "the second job merges what the first one makes")
    with tempfile.TemporaryDirectory() as folder:
        captures = write_captures(folder)
        out = os.path.join(folder, "out")
        os.mkdir(out)
        for number, command in enumerate(commands):
            command = re.sub(r"/captures\b", folder, command)
            command = re.sub(r"/partials\b", out, command)
            command = command.replace(f" {completions - 1})",
                                      f" {PIECES - 1})")
            for index in range(PIECES if number == 0 else 1):
                ended = subprocess.run(
                    ["sh", "-euc", command], capture_output=True, check=False,
                    env=environment(JOB_COMPLETION_INDEX=str(index),
                                    HOSTNAME="pod"))
                if ended.returncode:
                    check(False, "the container's command runs", ended)
        check(is_report(os.path.join(out, "report.json"), captures),
              "the commands of the Kubernetes jobs give the report of one run")


def main():
    test_kubernetes()
    test_parallel()
    test_slurm()
    done()


main()
