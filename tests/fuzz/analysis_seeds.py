#!/usr/bin/env python3
"""Writes the seeds of fuzz_analysis: each text trace as frames, in the form
that the harness reads (see read_frames there).

    make tools && python3 tests/fuzz/analysis_seeds.py
"""
import glob
import os
import struct
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
STEPS = [0, 50000, 1000000, 20000000, 200000000, 1000000000, 3000000000,
         40000000000, 65000000000, 131000000000, 3600000000000, -1000000,
         -2000000000, -3600000000000, 100000, 400000000]  # as step_ns
LARGEST_SEED = 4096
ETHERNET = 0  # the harness's first link type


def frames(path):
    data = open(path, "rb").read()
    at = 24
    while at + 16 <= len(data):
        seconds, rest, captured, _ = struct.unpack_from("<4I", data, at)
        yield seconds * 10**9 + rest, data[at + 16:at + 16 + captured]
        at += 16 + captured


def seed(path, mode):
    out = bytes([mode, ETHERNET])
    last = None
    for time, data in frames(path):
        gap = 0 if last is None else time - last
        last = time
        when = min(range(16), key=lambda i: abs(STEPS[i] - gap))
        if len(data) > 120:
            data, when = data[:120], when | 0x40
        out += bytes([when, len(data)]) + data
    return out


def main():
    folder = os.path.join(TOP, "tests/fuzz/corpus/analysis")
    os.makedirs(folder, exist_ok=True)
    traces = sorted(glob.glob(os.path.join(TOP, "tests/traces/*.trace")))
    with tempfile.TemporaryDirectory() as temporary:
        pcap = os.path.join(temporary, "trace.pcap")
        for number, trace in enumerate(traces):
            subprocess.run([os.path.join(TOP, "build/tools/trace2pcap"),
                            trace, pcap], check=True)
            data = seed(pcap, (0, 2, 4, 16)[number % 4])
            if len(data) > LARGEST_SEED:
                continue
            name = os.path.basename(trace)[:-len(".trace")]
            with open(os.path.join(folder, name), "wb") as out:
                out.write(data)


main()
