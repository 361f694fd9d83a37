"""Recording a path: one pcapng file per point, the truth in its comment."""

import dataclasses
import json
import os
import signal
import subprocess

import topology


@dataclasses.dataclass
class Point:
    """Where and how to record. `interface` "any" is all of the node's."""

    node: str
    interface: str = "any"
    snap_bytes: int = 262144
    lose_percent: int = 0
    late: bool = False  # started by a step, in the middle of the stream


def default_points(path):
    """The ends on their interfaces, the routers on `any`, as people do."""
    points = [Point("client", path.client.interfaces[0][0])]
    points += [Point(router.name) for router in path.routers]
    points += [
        Point(server.name, server.interfaces[0][0]) for server in path.servers
    ]
    return points


class Recorder:
    """Records points of a path until stop().

    `comment_of(point)` gives what goes into the file's section comment, as
    anything that JSON can hold.
    """

    def __init__(self, path, folder, points, comment_of):
        self.path = path
        self.folder = folder
        self.comment_of = comment_of
        self.processes = []
        os.makedirs(folder, exist_ok=True)
        self.start([point for point in points if not point.late])

    def file_of(self, point):
        return os.path.join(self.folder, point.node + ".pcapng")

    def start(self, points):
        if not points:
            return
        words = [os.path.join(topology.BUILD, "tap")]
        descriptors = []
        for point in points:
            node = self.path.node(point.node)
            comment = f"/run/lab/comment-{point.node}"
            with open(comment, "w", encoding="utf-8") as file:
                json.dump(self.comment_of(point), file)
            descriptors.append(node.descriptor)
            words.append(
                f"{node.descriptor},{point.interface},{point.snap_bytes},"
                f"{point.lose_percent},{self.file_of(point)},{comment}"
            )
        process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=descriptors,
        )
        topology.wait_ready(process, "tap")
        self.processes.append(process)

    def stop(self):
        """Drains and closes all files."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            _, said = process.communicate()
            if process.returncode != 0:
                raise topology.LabError(f"tap: {said.decode().strip()}")
