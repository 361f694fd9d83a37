#!/usr/bin/env python3
"""What two recordings of the lab prove about each packet, worked out apart
from culprit: tests/lab/compare.list.

    compare_list.py            print the list of tests/captures/lab
    compare_list.py --write    write it

What is certain is so for clocks that are not one: as far as packets that both
recorded tell how far they are apart. The lab's recorders lose nothing (tests/lab/tap says so, or the scenario
fails; NOT_LISTED are those of which it is not so), its clocks are one, and one recording follows each router's
interfaces: so for each pair of recordings the set of packets that one has and
the other lacks IS the truth. A line of the list is a group of such packets:

    scenario points what packet direction between count grade

points: in path order. what: `lost` (recorded at the point nearer to its
sender, never at the further one) or `never-sent` (the other way round), or
`passed` (a reset that both have: whoever sent it is beyond the nearer one).
between: the two lanes; r1 has two, r1.2 towards the client and r1.3. grade:
`certain` where the following rules hold, which stand even if each recorder
misses one packet in a hundred; else `open`: that it is absent is known, a
recorder that missed it is another reading.

lost, certain:
  - its bytes are absent in two copies or more and never arrive, nobody
    acknowledges them, and other packets of the same hosts did pass there; or
  - they arrive later in a copy, before which the receiver, recorded at the
    further point, acknowledged nothing of them; and that point is the receiver
    itself, 0.2 s later or more, which was not reset (no SYN: it may have
    been answered by an earlier connection), or several copies are absent: else one may have been missed by
    its recorder, and lost behind it or ignored.
duplicated: the further point has it once more, with all its numbers.
never-sent, certain:
  - a reset: the sender goes on at the nearer point (a segment without RST
    later); or its TTL at the further point differs by two or more from every
    other packet of that host there; or each end was sent one that the other
    end never sent;
  - data, FIN, SYN-ACK: the sender's own later segments at the nearer point
    go on from before its numbers, or it has other data there.
  Both at the sender's own point, or where, behind a router, the packet has the TTL that
  packets begin with, or if several alike are absent: else a recorder between may have
  missed it.
passed: always certain.
"""

import collections
import os
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
from packets_read import ACK, FIN, RST, SYN, Packet, read  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "captures", "lab")
LIST = os.path.join(HERE, "compare.list")
# of those, what is absent is not lost or forged: not recorded, or renumbered
NOT_LISTED = ("capture-loses.v4", "synproxy-backend-closed.v4",
              "synproxy-server-aborts.v4", "synproxy-works.v4")
ACK_DELAY_NS = 200000000
POINTS = ("client", "r1", "server")
PAIRS = (("client", "r1"), ("client", "server"), ("r1", "server"), POINTS)

Directed = collections.namedtuple(
    "Directed", Packet._fields + ("is_to_server",))
Recording = collections.namedtuple("Recording", "packets first_ns last_ns")


def before(one, other):
    """Sequence numbers on their circle."""
    return ((one - other) & 0xFFFFFFFF) >= 0x80000000


def end_of(packet):
    return (
        packet.seq + packet.length + bool(packet.flags & SYN)
        + bool(packet.flags & FIN)
    ) & 0xFFFFFFFF


def to_server(packet):
    return packet.is_to_server


def word(packet):
    if packet.flags & RST:
        return "RST"
    if packet.flags & SYN:
        return "SYN-ACK" if packet.flags & ACK else "SYN"
    if packet.length:
        return "data"
    return "FIN" if packet.flags & FIN else "ACK"


def service_ports(packets):
    """Those that are asked first; without a SYN, the lowest."""
    asked = {}
    for packet in packets:
        if packet.flags & (SYN | ACK) == SYN:
            asked.setdefault(frozenset((packet.sport, packet.dport)),
                             packet.dport)
    return set(asked.values()) or {min(
        port for packet in packets for port in (packet.sport, packet.dport))}


def load(name):
    """{lane: Recording}, by the recordings' files."""
    lanes, ports = {}, None
    for point in POINTS:
        packets, first, last = read(f"{FOLDER}/{name}/{point}.pcapng")
        if packets and not ports:
            ports = service_ports(packets)
        packets = [Directed(*packet, packet.dport in ports)
                   for packet in packets]
        devices = sorted({packet.device for packet in packets})
        for device in devices or [0]:
            lane = f"{point}.{device}" if len(devices) > 1 else point
            lanes[lane] = Recording(
                [packet for packet in packets if packet.device == device],
                first, last)
    return lanes


def strict(packet):
    return (packet.seq, packet.ack, packet.flags, packet.length, packet.ip_id,
            packet.tsval, packet.tsecr)


def loose(packet):
    """What a device that rewrites options, or restarts an ID, leaves."""
    return (packet.seq, packet.flags & ~8, packet.length)


def match(one, other):
    """Of two lists of one direction: pairs, and what is left of each."""
    pairs, left, right = [], list(one), list(other)
    for key in (strict, loose):
        waiting = collections.defaultdict(collections.deque)
        for packet in right:
            waiting[key(packet)].append(packet)
        rest = []
        for packet in left:
            if waiting[key(packet)]:
                found = waiting[key(packet)].popleft()
                right = [it for it in right if it is not found]
                pairs.append((packet, found))
            else:
                rest.append(packet)
        left = rest
    return pairs, left, right


def clock_error_ns(pairs, back_pairs):
    """Within what the offset of two clocks is known, from packets that both
    recorded: none arrives before it was sent. None: not at all."""
    there = sorted(other.time_ns - one.time_ns for one, other in pairs)
    back = sorted(one.time_ns - other.time_ns for one, other in back_pairs)
    if not there or not back:
        return None
    offset = (there[len(there) // 2] + back[len(back) // 2]) // 2
    return max(abs(there[0] - offset), abs(offset - back[-1]))


def covers(recording, packet, error_ns, pairs):
    """Whether it recorded then: by its clock, or between what both have."""
    if any(one.time_ns < packet.time_ns for one, _ in pairs) and \
            any(one.time_ns > packet.time_ns for one, _ in pairs):
        return True
    return error_ns is not None and (recording.first_ns + error_ns <
                                     packet.time_ns <
                                     recording.last_ns - error_ns)


def name_of(packet):
    return frozenset(((packet.source, packet.sport),
                      (packet.target, packet.dport)))


def is_same_connection(one, other):
    return {one.sport, one.dport} == {other.sport, other.dport}


def shared(near, far):
    """Names of connections of which both recorded a packet, at each."""
    here, there = set(), set()
    for way in (True, False):
        pairs, _, _ = match(*([it for it in side if to_server(it) == way]
                              for side in (near.packets, far.packets)))
        here |= {name_of(one) for one, _ in pairs}
        there |= {name_of(other) for _, other in pairs}
    return here, there


def comparable(near, far):
    """Without the connections of a proxy, which end at it: those that share
    no packet with the other side, where that has some that share none
    either."""
    here, there = shared(near, far)
    alone = [[it for it in side.packets if name_of(it) not in known]
             for side, known in ((near, here), (far, there))]
    if not all(alone):
        return near, far
    return (near._replace(packets=[it for it in near.packets
                                   if name_of(it) in here]),
            far._replace(packets=[it for it in far.packets
                                  if name_of(it) in there]))


def acknowledges(packet, lost):
    return (packet.flags & ACK and not packet.flags & RST
            and not before(packet.ack, end_of(lost)))


def is_at_end(sent):
    """Packets begin at their sender."""
    return {it.ttl for it in sent if not it.flags & RST} <= {64, 128, 255}


def lost_grade(lost, copies, near, far, way, is_one_recorder):
    """`copies`: all that are absent with these first bytes."""
    arrived = [it for it in far.packets if to_server(it) == way
               and not it.flags & RST
               and not before(lost.seq, it.seq)
               and not before(end_of(it), end_of(lost))]
    back = [it for it in far.packets if to_server(it) != way]
    if end_of(lost) == lost.seq or lost.flags & RST:
        return "open"
    later = [it for it in arrived if it.time_ns > lost.time_ns]
    if later:
        first = min(it.time_ns for it in later)
        early = [it for it in back if acknowledges(it, lost)
                 and it.time_ns < first]
        is_reset = any(it.flags & RST and is_same_connection(it, lost)
                       for it in far.packets)
        is_early = lost.flags & SYN
        is_early = is_early or first - lost.time_ns < ACK_DELAY_NS
        is_known = (is_at_end(back) and not is_reset and not is_early) or \
            len(copies) > 1
        return "certain" if is_known and not early and \
            len(arrived) == len(later) else "open"
    known = [it for it in near.packets + far.packets
             if to_server(it) != way and acknowledges(it, lost)]
    # whether its way leads past the further point, and whether another recorder
    # takes that port, others have to tell
    service = lost.dport if way else lost.sport
    if not any({it.source, it.target} == {lost.source, lost.target}
               and (is_one_recorder or service in (it.sport, it.dport))
               or is_same_connection(it, lost) for it in far.packets):
        return "open"
    return "certain" if len(copies) > 1 and not known else "open"


def is_placed(forged, near, far, way):
    """Whether it is known where it entered, though a recorder may miss one:
    at the sender's own, or where it begins, or several did."""
    own = [it for it in near.packets if to_server(it) == way]
    if own and is_at_end(own):
        return True
    there = [it for it in far.packets if to_server(it) == way
             and it.source == forged.source]
    usual = {it.ttl for it in there if not it.flags & RST}
    near_usual = {it.ttl for it in near.packets
                  if it.source == forged.source and not it.flags & RST}
    if forged.ttl in (64, 255) and forged.ttl not in usual and \
            usual != near_usual:
        return True
    return sum(it.flags == forged.flags for it in there) > 1


def forged_grade(forged, near, far, way, is_both, error_ns):
    if not is_placed(forged, near, far, way):
        return "open"
    own = [it for it in near.packets if to_server(it) == way
           and is_same_connection(it, forged)]
    own_later = [it for it in own if error_ns is not None
                 and it.time_ns > forged.time_ns + error_ns]
    if forged.flags & RST:
        ttls = {it.ttl for it in far.packets
                if to_server(it) == way and not it.flags & RST
                and it.source == forged.source}
        goes_on = any(not it.flags & RST for it in own_later)
        far_off = ttls and all(abs(ttl - forged.ttl) >= 2 for ttl in ttls)
        return "certain" if goes_on or far_off or is_both else "open"
    if any(it.seq == forged.seq and it.payload[:8] != forged.payload[:8]
           for it in own if it.length and
           (forged.length or forged.flags & FIN)):
        return "certain"
    goes_on = any(not it.flags & (RST | SYN) and before(it.seq, end_of(forged))
                  for it in own_later
                  if not it.length and not it.flags & FIN)
    return "certain" if goes_on else "open"


def lines_of_lanes(near_name, far_name, lanes, way):
    """One direction between two lanes, the nearer one being the sender's."""
    near, far = comparable(lanes[near_name], lanes[far_name])
    sent = [it for it in near.packets if to_server(it) == way]
    came = [it for it in far.packets if to_server(it) == way]
    pairs, left, new = match(sent, came)
    back_pairs, _, back_new = match(
        [it for it in far.packets if to_server(it) != way],
        [it for it in near.packets if to_server(it) != way])
    is_both = any(it.flags & RST for it in back_new)
    is_one_recorder = near_name.split(".")[0] == far_name.split(".")[0]
    error = (0 if is_one_recorder
             else clock_error_ns(pairs, [(b, a) for a, b in back_pairs]))
    both = pairs + [(b, a) for a, b in back_pairs]
    between = (f"{near_name}..{far_name}" if way
               else f"{far_name}..{near_name}")
    direction = "to-server" if way else "to-client"
    for one, other in pairs:
        if one.flags & RST:
            yield "passed", "RST", direction, between, "certain"
    for lost in left:
        copies = [it for it in left if it.seq == lost.seq
                  and end_of(it) == end_of(lost)]
        yield ("lost", word(lost), direction, between,
               lost_grade(lost, copies, near, far, way, is_one_recorder)
               if covers(far, lost, error, both) else "open")
    known = {strict(other) for _, other in pairs}
    for forged in new:
        if strict(forged) in known:
            yield ("duplicated", word(forged), direction, between, "open")
        else:
            yield ("never-sent", word(forged), direction, between,
                   forged_grade(forged, near, far, way, is_both, error)
                   if covers(near, forged, error,
                             [(b, a) for a, b in both]) else "open")


def lines_of_points(points, lanes):
    names = [lane for point in points for lane in lanes
             if lane.split(".")[0] == point]
    for nearer, further in zip(names, names[1:]):
        yield from lines_of_lanes(nearer, further, lanes, True)
        yield from lines_of_lanes(further, nearer, lanes, False)


def lines():
    for name in sorted(os.listdir(FOLDER)):
        if not os.path.exists(f"{FOLDER}/{name}/truth.json") or \
                name in NOT_LISTED:
            continue
        lanes = load(name)
        for points in PAIRS:
            found = collections.Counter(lines_of_points(points, lanes))
            for (what, packet, way, between, grade), count in sorted(
                    found.items()):
                yield (f"{name} {','.join(points)} {what} {packet} {way} "
                       f"{between} {count} {grade}")


def main():
    if sys.argv[1:] == ["--write"]:
        with open(LIST, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines())
        return 0
    for line in lines():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
