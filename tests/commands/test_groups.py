#!/usr/bin/env python3
"""Groups of failures: half a million packets to thousands of servers, with
devices and servers that are known, are told in a few groups, each device in
its own."""
import json
import os
import random
import struct
import tempfile

from tap import check, done, run

PACKETS = 500_000
SERVERS = 4096
SYN, FIN, RST, PSH, ACK = 2, 1, 4, 8, 16
RECORD = struct.Struct("<IIII")
IP4 = struct.Struct("!BBHHHBBHII")
TCP = struct.Struct("!HHIIBBHHH")
BUSY = 0xC612FFFE  # one server with a tenth of all aborts

# What each device writes: acknowledges?, window, identification, DF, the TTL
# with which it sends, and how far it is at least.
DEVICES = {
    "RST,ACK zero zero": (True, "zero", "zero", False, 255, 6),
    "RST other other": (False, "other", "other", True, 64, 9),
    "RST,ACK copied zero": (True, "copied", "zero", True, 128, 4),
}


class Capture:
    """Written as it goes, in the order of time."""

    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0,
                                    65535, 101))
        self.packets = 0

    def packet(self, at, ends, flags, numbers, payload=b"", ttl=64, ident=1,
               df=True, window=500):
        segment = TCP.pack(ends[2], ends[3], numbers[0] & 0xFFFFFFFF,
                           numbers[1] & 0xFFFFFFFF, 0x50, flags, window, 0,
                           0) + payload
        self.file.write(RECORD.pack(1700000000 + at // 10**9, at % 10**9,
                                    20 + len(segment), 20 + len(segment)))
        self.file.write(IP4.pack(0x45, 0, 20 + len(segment), ident & 0xFFFF,
                                 0x4000 if df else 0, ttl, 6, 0, ends[0],
                                 ends[1]) + segment)
        self.packets += 1


def talk(chance, number):
    """The packets of one connection, as calls of Capture.packet without the
    time, and what ended it."""
    fate = chance.choices(["orderly", "abort", *DEVICES],
                          [40, 5, 2, 2, 2])[0]
    server = 0xC6120000 + chance.randrange(SERVERS)
    if fate == "abort" and chance.random() < 0.1:
        server = BUSY
    up = (0x0A000000 + number * 61 % 0xFFFFFF, server,
          1024 + number % 60000, 443)
    down = (up[1], up[0], up[3], up[2])
    mine, its = chance.randrange(1 << 32), chance.randrange(1 << 32)
    far = 64 - 14 - server % 9
    ids = [chance.randrange(1, 1 << 16), chance.randrange(1, 1 << 16)]

    def sent(ends, flags, numbers, payload=b"", **fields):
        side = ends is down
        ids[side] += 1
        return dict({"ends": ends, "flags": flags, "numbers": numbers,
                     "payload": payload, "ttl": far if side else 64,
                     "ident": ids[side], "window": 400 if side else 500},
                    **fields)

    yield fate, sent(up, SYN, (mine, 0))
    yield fate, sent(down, SYN | ACK, (its, mine + 1))
    mine, its = mine + 1, its + 1
    yield fate, sent(up, ACK, (mine, its))
    for _ in range(chance.randrange(2, 8)):
        yield fate, sent(up, PSH | ACK, (mine, its), b"q" * 40)
        mine += 40
        yield fate, sent(down, PSH | ACK, (its, mine), b"a" * 60)
        its += 60
        yield fate, sent(up, ACK, (mine, its))
    if fate == "orderly":
        yield fate, sent(down, FIN | ACK, (its, mine))
        yield fate, sent(up, FIN | ACK, (mine, its + 1))
        yield fate, sent(down, ACK, (its + 1, mine + 1))
    elif fate == "abort":
        yield fate, sent(down, RST | ACK, (its, mine))
    else:
        has_ack, window, ident, df, ttl, hops = DEVICES[fate]
        yield fate, sent(
            down, RST | ACK if has_ack else RST,
            (its, mine if has_ack else 0), df=df,
            ttl=ttl - hops - chance.randrange(4),
            window={"zero": 0, "copied": 500, "other": 8192}[window],
            ident=0 if ident == "zero" else chance.randrange(1 << 15) + 999)
        yield fate, sent(down, PSH | ACK, (its, mine), b"a" * 60)


def write(path):
    """Connections by the hundred side by side. Returns how many were ended by
    whom."""
    chance = random.Random(7)
    out = Capture(path)
    ended = {}
    living = []
    number = at = 0
    while out.packets < PACKETS or living:
        while out.packets < PACKETS and len(living) < 500:
            living.append(talk(chance, number))
            number += 1
        place = chance.randrange(len(living))
        at += 2000
        try:
            fate, packet = next(living[place])
        except StopIteration:
            living[place] = living[-1]
            living.pop()
            continue
        out.packet(at, **packet)
        if packet["flags"] & RST:
            ended[fate] = ended.get(fate, 0) + 1
    out.file.close()
    return ended


def look(group):
    packet = group["key"].get("packet", {})
    return f"{packet.get('flags')} {packet.get('window')} {packet.get('ip_id')}"


def groups_of(*arguments):
    result = run("analyze", "--json", *arguments)
    records = [json.loads(line) for line in result.stdout.splitlines()]
    return ([o for o in records if o["type"] == "group"],
            [o for o in records if o["type"] == "incident"])


with tempfile.TemporaryDirectory() as folder:
    capture = os.path.join(folder, "many.pcap")
    ended = write(capture)
    groups, incidents = groups_of(capture)
    check(3 <= len(groups) <= 22,
          f"{len(incidents)} incidents at {SERVERS} servers are told in "
          f"{len(groups)} groups", json.dumps(groups, indent=1))
    by_device = [g for g in groups if g["key"]["culprit"] == "middlebox"]
    for name in DEVICES:
        mine = [g for g in by_device if look(g) == name]
        check(len(mine) == 1 and
              mine[0]["incidents"] >= 0.95 * ended[name],
              f"the device of {name} is one group of nearly all "
              f"{ended[name]} resets",
              json.dumps(by_device, indent=1))
        check(mine and mine[0]["distinct"].get("server", 0) > 500 and
              mine[0]["distinct"]["port"] == 1 and
              mine[0]["ttl"]["most"] - mine[0]["ttl"]["least"] == 3,
              "its servers, port and distance are told", json.dumps(mine))
    busy = [g for g in groups if g["place"].get("server") == "198.18.255.254"]
    check(len(busy) == 1 and busy[0]["incidents"] > 100,
          "the server with a tenth of the aborts has a group of its own",
          json.dumps(groups, indent=1))
    text = run("analyze", capture).stdout.decode()
    table = text.split("\n\n")[1]
    check("failure" in table and "forged reset" in table and "(UTC)" in table,
          "the table on top has a row for each failure", table)
    quiet = run("analyze", "-q", capture).stdout.decode().splitlines()
    check(len(quiet) == 1 + len(groups), "-q has one line for each group",
          "\n".join(quiet))

done()
