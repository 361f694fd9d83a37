#!/usr/bin/python3
"""Does `culprit probe` say how many packets its own capture lost?

    test_capture_lost.py PROGRAM

The probe is stopped for a moment while the target sends more than the capture
has room for. Needs root.
"""

import json
import signal
import socket
import subprocess
import time

import stage

from stage import done
from tap import PROGRAM, check

ROUTERS = 2
PACKETS, BYTES = 30000, 1000
BASE = stage.usual_path(ROUTERS)


def flood(path, client):
    with path.server.inside():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            for _ in range(PACKETS):
                try:
                    one.sendto(bytes(BYTES), (client, 9))
                except OSError:  # the queue is full: as many as fit
                    time.sleep(0.001)


def flooded(is_flooded):
    def act(path):
        name = stage.recording()
        command = [PROGRAM, "probe", path.server_address(4), "--only", "loss",
                   "--json", "-w", name]
        with path.client.inside():
            run = subprocess.Popen(command, text=True, stdout=subprocess.PIPE)
            time.sleep(0.5)
            run.send_signal(signal.SIGSTOP)
        if is_flooded:
            flood(path, "10.77.1.2")
        run.send_signal(signal.SIGCONT)
        said, _ = run.communicate()
        return {
            "said": said,
            "is_same": stage.judged(PROGRAM, name) == said,
        }

    return stage.play(BASE, act)


def main():
    for is_flooded in (True, False):
        run = flooded(is_flooded)
        lines = [json.loads(line) for line in run["said"].splitlines()]
        lost = lines[-1].get("capture_lost", 0)
        sure = [line for line in lines if line.get("grade") == "certain"]
        check(
            run["is_same"] and (lost > 0) == is_flooded and not sure,
            "what the capture lost is said, also of the recording"
            if is_flooded
            else "where it lost nothing that is not said",
            run["said"],
        )


main()
done()
