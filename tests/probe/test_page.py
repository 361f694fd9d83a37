#!/usr/bin/python3
"""culprit probe --html: the page of a run is that of its recording, and a page
that can't be written sends nothing.

    test_page.py PROGRAM

Needs root.
"""

import os
import subprocess
import tempfile

import stage
from stage import done
from tap import PROGRAM, check

HOLE = ["--routers", "3", *stage.limits(3), "--hole", "2:1400:silent"]
WORDS = ["-p", "80", "--only", "route,mtu"]


def run(path, family, *words):
    with path.client.inside():
        return subprocess.run(
            [PROGRAM, "probe", path.server_address(family), *WORDS, *words],
            capture_output=True,
            check=False,
        )


def read(name):
    with open(name, "rb") as file:
        return file.read().decode()


def act(path):
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        page, recording, again = (
            os.path.join(folder, name) for name in ("a.html", "a.pcapng", "b")
        )
        for family in (4, 6):
            ran = run(path, family, "--html", page, "-w", recording)
            subprocess.run(
                [PROGRAM, "analyze", "--html", again, recording],
                capture_output=True,
                check=False,
            )
            found[str(family)] = {
                "status": ran.returncode,
                "said": ran.stderr.decode(),
                "text": ran.stdout.decode(),
                "is_same": read(page) == read(again),
                "has_hole": '"finding":"pmtu-black-hole"' in read(page),
            }
        before = stage.received_bytes(path.server, "to-r3")
        full = run(path, 4, "--html", os.path.join(folder, "no", "page"))
        found["refused"] = {
            "status": full.returncode,
            "said": full.stderr.decode(),
            "sent": stage.received_bytes(path.server, "to-r3") - before,
        }
        same = run(path, 4, "--html", recording, "-w", recording)
        found["same"] = {
            "status": same.returncode,
            "said": same.stderr.decode(),
        }
    return found


result = stage.play([*HOLE, "--serve", "80:echo"], act)
for family in ("4", "6"):
    one = result[family]
    check(
        one["status"] == 0 and "PATH MTU BLACK HOLE" in one["text"],
        f"IPv{family}: the report for the terminal is as ever",
        one,
    )
    check(
        one["is_same"] and one["has_hole"],
        f"IPv{family}: the page of a run is that of its recording",
        one,
    )
check(
    result["refused"]["status"] == 2
    and "--html" in result["refused"]["said"]
    and result["refused"]["sent"] == 0,
    "a page that can't be written: wrong usage, and nothing is sent",
    result["refused"],
)
check(
    result["same"]["status"] == 2 and "-w" in result["same"]["said"],
    "the page and the recording are two files",
    result["same"],
)
done()
