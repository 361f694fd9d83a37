"""What the analysis knows (facts, signatures, idle timers), as the program
build/tools/knowledge prints it: one JSON object a line, by type."""
import json
import os
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def read(build=os.path.join(TOP, "build")):
    """{type: [rows in order]}"""
    done = subprocess.run([os.path.join(build, "tools", "knowledge")],
                          stdout=subprocess.PIPE, check=True)
    found = {}
    for line in done.stdout.decode().splitlines():
        row = json.loads(line)
        found.setdefault(row["type"], []).append(row)
    return found
