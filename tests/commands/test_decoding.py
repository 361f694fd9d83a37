#!/usr/bin/env python3
"""A second decoder reads the same captures: every TCP packet's addresses,
ports, flags, numbers, lengths, TTL, identification and tunnel are what tshark
reads, or the difference is one of docs/decoding.md's.

DECODING_CAPTURES=FOLDER compares all captures below that folder as well.
"""
import collections
import lzma
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from tap import PROGRAM, TOP, captures, check, done, probe_recordings, skip

TOOL = os.path.join(os.path.dirname(PROGRAM), "tools", "packet_fields")
SEEDS = os.path.join(TOP, "tests", "fuzz", "corpus", "decode")
FIELDS = ("frame.number", "frame.protocols", "ip.src", "ip.dst", "ip.ttl",
          "ip.id", "ip.len", "ipv6.src", "ipv6.dst", "ipv6.hlim", "ipv6.plen",
          "tcp.srcport", "tcp.dstport", "tcp.flags", "tcp.seq_raw",
          "tcp.ack_raw", "tcp.len", "tcp.window_size_value", "frame.len",
          "frame.cap_len")
NAMES = ("tunnel", "source", "target", "source port", "target port", "flags",
         "sequence", "acknowledged", "payload", "ttl", "identification",
         "window", "ip bytes")
# One packet by itself is compared, not what several are put together to.
ALONE = ("ip.defragment:FALSE", "ipv6.defragment:FALSE",
         "tcp.desegment_tcp_streams:FALSE", "tcp.check_checksum:FALSE",
         "tcp.analyze_sequence_numbers:FALSE",
         "tcp.relative_sequence_numbers:FALSE")
# Layers that say how a packet was carried, and culprit's word for each; the
# outermost names the tunnel.
TUNNELS = {"gre": "gre", "vxlan": "vxlan", "geneve": "geneve", "gtp": "gtp",
           "teredo": "teredo", "erspan": "erspan"}
ERRORS = ("icmp", "icmpv6")
BETWEEN = ("ah", "eth", "ethertype")  # IP headers, and still IP in IP
ODD_IP_LENGTH, ODD_FRAGMENT = 1 << 1, 1 << 9
# Differences that docs/decoding.md explains: fields of odd packets, and what
# tshark does not decode, by how it is wrapped.
ODD_FIELDS = {"ip bytes": ODD_IP_LENGTH, "payload": ODD_FRAGMENT}
NOT_THEIRS = {
    "Cisco-HDLC-with-direction", "GTP", "NetAnalyzer",
    "NetAnalyzer-with-preamble", "PPPoE", "PPPoE-alone", "Prism",
    "macOS-pktap", "pppd", "preamble", "pseudowire",
    "pseudowire-without-control-word"}


def tunnel_of(layers):
    """culprit's word for the outermost tunnel, by tshark's layers."""
    before = None
    for place, layer in enumerate(layers):
        if layer == "gre" and "erspan" in layers[place:place + 2]:
            return "erspan"
        if layer in TUNNELS:
            return TUNNELS[layer]
        if layer in ("ip", "ipv6") and before in ("ip", "ipv6"):
            return "6in4" if (before, layer) == ("ip", "ipv6") else "ip-in-ip"
        if not layer.startswith("ipv6.") and layer not in BETWEEN:
            before = layer
    return "none"


def own(text, index=0):
    """Of the values of all layers of a kind, that of layer `index`."""
    values = text.split(",")
    return values[min(index, len(values) - 1)]


def theirs(files, folder):
    """What tshark reads: frame to the same row as ours, and all frames."""
    merged = files[0]
    if len(files) > 1:  # one tshark for all: it takes long to begin
        merged = os.path.join(folder, "merged.pcapng")
        subprocess.run(["mergecap", "-a", "-F", "pcapng", "-w", merged, *files],
                       check=True, stderr=subprocess.DEVNULL)
    command = ["tshark", "-n", "-r", merged, "-T", "fields"]
    for option in ALONE:
        command += ["-o", option]
    for field in FIELDS:
        command += ["-e", field]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=False,
                            stderr=subprocess.DEVNULL, text=True).stdout
    rows, frames = {}, 0
    for line in output.splitlines():
        values = dict(zip(FIELDS, line.split("\t")))
        frames = int(values["frame.number"])
        layers = values["frame.protocols"].split(":")
        if "tcp" not in layers or not values["tcp.flags"]:
            continue
        layers = layers[:layers.index("tcp")]
        if any(layer in ERRORS for layer in layers):
            continue
        network = [layer for layer in layers if layer in ("ip", "ipv6")][-1]
        is_v4 = network == "ip"
        inner = layers.count(network) - 1
        length = own(values["ip.len" if is_v4 else "ipv6.plen"], inner)
        rows[frames] = (
            tunnel_of(layers), own(values[f"{network}.src"], inner),
            own(values[f"{network}.dst"], inner), own(values["tcp.srcport"]),
            own(values["tcp.dstport"]),
            str(int(own(values["tcp.flags"]), 16) & 0x1ff),
            own(values["tcp.seq_raw"]), own(values["tcp.ack_raw"]),
            own(values["tcp.len"]),
            own(values["ip.ttl" if is_v4 else "ipv6.hlim"], inner),
            str(int(own(values["ip.id"], inner), 16)) if is_v4 else "0",
            own(values["tcp.window_size_value"]),
            length if is_v4 else str(int(length or 0) + 40))
    return rows, frames


def ours(files):
    output = subprocess.run([TOOL, *files], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, check=False,
                            text=True).stdout
    rows, oddities, frames = {}, {}, 0
    for line in output.splitlines():
        if line.startswith("# "):
            frames = int(line[2:])
            continue
        number, *row, odd = line.split("\t")
        rows[int(number)] = tuple(row)
        oddities[int(number)] = int(odd)
    return rows, oddities, frames


def compare(files, folder, names=()):
    """Counts packets and the differences by kind, with a first example."""
    mine, oddities, my_frames = ours(files)
    other, other_frames = theirs(files, folder)
    kinds = collections.Counter()
    examples = {}

    def differs(kind, frame, text):
        kinds[kind] += 1
        examples.setdefault(kind, f"frame {frame}: {text}")

    if my_frames != other_frames:
        differs("frames", 0, f"{my_frames}, tshark {other_frames}")
    for frame in sorted(mine.keys() | other.keys()):
        if frame not in mine:
            differs("only tshark", frame, other[frame])
        elif frame not in other:
            if names and names[frame - 1] in NOT_THEIRS:
                continue
            differs("only culprit", frame, (mine[frame], oddities[frame]))
        else:
            for name, a, b in zip(NAMES, mine[frame], other[frame]):
                if a != b and not oddities[frame] & ODD_FIELDS.get(name, 0):
                    differs(name, frame, f"{a}, tshark {b}, oddities "
                            f"{oddities[frame]:#x}")
    return len(mine.keys() & other.keys()), kinds, examples


def pcapng_block(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def wrapped(folder):
    """A capture of the frames that the fuzzing of the decoders begins with,
    one for every way to carry a segment; and their names."""
    blocks, interfaces, names = [], {}, []
    for name in sorted(os.listdir(SEEDS)):
        with open(os.path.join(SEEDS, name), "rb") as file:
            linktype, more, *frame = struct.unpack(">HB", file.read(3)) + (
                file.read(),)
        frame = frame[0]
        linktype %= 300
        if linktype not in interfaces:
            interfaces[linktype] = len(interfaces)
            blocks.append(pcapng_block(1, struct.pack("<HHI", linktype, 0, 0)))
        head = struct.pack("<IIIII", interfaces[linktype], 0, 1, len(frame),
                           len(frame) + 7 * more)
        blocks.append(pcapng_block(6, head + frame))
        names.append(name)
    path = os.path.join(folder, "wrapped.pcapng")
    with open(path, "wb") as file:
        file.write(pcapng_block(0x0a0d0d0a, struct.pack(
            "<IHHq", 0x1a2b3c4d, 1, 0, -1)))
        file.writelines(blocks)
    return path, names


def unpacked(path, folder):
    """A name that mergecap can read."""
    if not path.endswith(".xz"):
        return path
    target = os.path.join(folder, os.path.basename(path)[:-len(".xz")])
    with lzma.open(path) as source, open(target, "wb") as file:
        shutil.copyfileobj(source, file)
    return target


def main():
    if not shutil.which("tshark") or not shutil.which("mergecap"):
        skip("tshark reads the same", "tshark is not installed")
        done()
    with tempfile.TemporaryDirectory() as folder:
        files = [unpacked(path, folder)
                 for path in captures() + probe_recordings()]
        count, kinds, examples = compare(files, folder)
        check(count > 5000, "there are packets to compare", count)
        check(not kinds, f"tshark reads the same in all {count} TCP packets "
              "of the committed captures", f"{kinds}\n{examples}")
        path, names = wrapped(folder)
        count, kinds, examples = compare([path], folder, names)
        check(count > 80, "there are ways to carry a segment", count)
        check(not kinds, "tshark reads the same however a segment is "
              "carried", f"{kinds}\n{examples}")
        for path in others():
            count, kinds, examples = compare([path], folder)
            check(not kinds, f"{path}: tshark reads the same in {count} TCP "
                  "packets", f"{kinds}\n{examples}")
    done()


def others():
    top = os.environ.get("DECODING_CAPTURES")
    for folder, _, names in os.walk(top) if top else ():
        for name in sorted(names):
            if name.endswith((".pcap", ".pcapng", ".pcap.gz")):
                yield os.path.join(folder, name)


if __name__ == "__main__":
    sys.exit(main())
