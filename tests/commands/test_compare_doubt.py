#!/usr/bin/env python3
"""culprit compare: where two captures admit two readings, it says so. Each
case has a twin that differs by what decides."""
import json
import tempfile

from talk import Talk
from tap import check, done, lab, run, run_often


def compared(talk, *options, order=None, others=()):
    with tempfile.TemporaryDirectory() as folder:
        paths = talk.write(folder, *others)
        paths = [paths[i] for i in order] if order else paths
        found = [json.loads(line) for line in run_often(
            "compare", "--json", *options, *paths).stdout.splitlines()]
        text = run("compare", *options, *paths,
                   env={"TZ": "UTC"}).stdout.decode()
    return found, " ".join(text.split())


def told(found, kind):
    """(grade, reason, after, before) of each packet of that kind."""
    return [(row["grade"], row.get("reason"), row["after"], row["before"])
            for row in found
            if row["type"] == "outcome" and row["outcome"] == kind]


def chat(talk, count=20, step=0.2, start=1.0):
    sequence, acknowledged = 1001, 9001
    for i in range(count):
        at = start + i * step
        talk.packet(at, "c", 0x18, seq=sequence, ack=acknowledged,
                    payload=b"%04d" % i * 10, ip_id=100 + i)
        sequence += 40
        talk.packet(at + 0.05, "s", 0x18, seq=acknowledged, ack=sequence,
                    payload=b"%05d" % i * 10, ip_id=500 + i)
        acknowledged += 50
    return sequence, acknowledged


def a_clock_is_set():
    for word, clock in (
            ("ahead", lambda at: 5.0 if at > 3 else 0.0),
            ("back", lambda at: -5.0 if at > 3 else 0.0),
            ("and set back", lambda at: 5.0 if 2 < at < 3 else 0.0)):
        for place in (0, 1):
            clocks = [lambda at: 0.0, lambda at: 0.0]
            clocks[place] = clock
            talk = Talk(clocks=clocks)
            talk.handshake()
            chat(talk)
            found, text = compared(talk)
            check(not told(found, "delayed") and "was set by about 5.0 s" in
                  text, f"a clock of place {place} that is set {word} delays "
                  "nothing, and is told", text)
    talk = Talk()
    talk.handshake()
    sequence, acknowledged = chat(talk)
    for i in range(4):
        talk.packet(2.01 + 0.2 * i, "c", 0x10, seq=2000 + i, ack=9300 + i,
                    late=1.0 - 0.1 * i)
    found, text = compared(talk)
    late = told(found, "delayed")
    check(late == [("certain", "other-way-prompt", "p0", "p1")] * 4 and
          "was set by" not in text,
          "late packets beside prompt ones of the other direction are late",
          text)
    talk = Talk()
    talk.handshake()
    sequence, acknowledged = chat(talk, 10)
    talk.packet(4.0, "c", 0x18, seq=sequence, ack=acknowledged,
                payload=b"z" * 100, late=1.0)
    found, text = compared(talk)
    check(told(found, "delayed") == [
        ("possible", "clock-or-delay", "p0", "p1")] and
        "clock that was set would look the same" in text,
        "a last packet that is late may be a clock's doing", text)
    with tempfile.TemporaryDirectory() as folder:
        code = run_often("compare", "--fail-on", "delayed",
                         *talk.write(folder)).returncode
    check(code == 3, "--fail-on delayed exits 3", code)


def a_recorder_stands_still():
    def talk_with(packet_between, is_unaware):
        talk = Talk()
        talk.handshake()
        talk.packet(1, "c", 0x18, seq=1001, ack=9001, payload=b"a" * 40)
        talk.packet(1.05, "s", 0x10, seq=9001, ack=1041)
        for at in (2, 2.3, 2.9):
            talk.packet(at, "c", 0x18, seq=1041, ack=9001, payload=b"b" * 40,
                        until=1)
        if packet_between:
            talk.packet(2.5, "s", 0x10, seq=8999, ack=1041)
        if is_unaware:
            talk.packet(5, "s", 0x18, seq=9001, ack=1041, payload=b"c")
        talk.packet(6, "s", 0x14, seq=9001, ack=1041)
        talk.packet(6.5, "c", 0x10, seq=1081, ack=9001)
        return talk

    for between, unaware, grade in ((False, False, "likely"),
                                    (True, False, "certain"),
                                    (False, True, "certain")):
        found, text = compared(talk_with(between, unaware))
        grades = {row[0] for row in told(found, "lost")}
        check(grades == {grade}, f"copies that are absent are {grade} to be "
              f"lost: recorder wrote meanwhile {between}, receiver knows of "
              f"none {unaware}", text)


def one_more_copy():
    for word, ip_id, doubles, grade in (
            ("with an IP ID", 77, 1, "certain"),
            ("without an IP ID", 0, 1, "possible"),
            ("of every packet", 77, 20, "possible")):
        talk = Talk()
        talk.handshake()
        sequence, acknowledged = chat(talk, 10)
        for i in range(20):
            for missed in ((), (0,))[:1 + (i < doubles)]:
                talk.packet(4 + 0.01 * i + 0.001 * len(missed), "c", 0x18,
                            seq=sequence + 40 * i, ack=acknowledged,
                            payload=b"%04d" % i * 10, missed=missed,
                            ip_id=ip_id and ip_id + i)
        talk.packet(6, "s", 0x10, seq=acknowledged, ack=sequence + 800)
        talk.packet(6.1, "c", 0x10, seq=sequence + 800, ack=acknowledged)
        found, text = compared(talk)
        grades = {row[0] for row in told(found, "duplicated")}
        check(grades == {grade}, f"one more copy {word} is {grade}", text)


def orders():
    def lossy(hops, way_s):
        talk = Talk(places=3, hops=hops, way_s=way_s)
        talk.handshake()
        sequence, acknowledged = chat(talk, 5)
        for at in (3, 3.3, 3.9):
            talk.packet(at, "c", 0x18, seq=sequence, ack=acknowledged,
                        payload=b"q" * 99, until=2)
        talk.packet(3.5, "s", 0x10, seq=acknowledged - 1, ack=sequence)
        talk.packet(6, "c", 0x10, seq=sequence + 99, ack=acknowledged)
        talk.packet(6.2, "s", 0x10, seq=acknowledged, ack=sequence)
        return talk

    for hops, way_s, by in ((1, 0.0, "TTLs"), (0, 0.01, "times")):
        for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)):
            found, text = compared(lossy(hops, way_s), order=order)
            check(set(told(found, "lost")) == {
                ("certain", "copies-absent", "p1", "p2")},
                f"files in the order {order}: the link is found by {by}", text)
            said = "order is turned" in text if order == (2, 1, 0) else \
                "another order on the path" in text
            check(said == (order != (0, 1, 2)),
                  f"and that the order is another is told ({order})", text)
    found, text = compared(lossy(0, 0.0))
    check({row[0] for row in told(found, "lost")} == {"likely"} and
          "order is that of the arguments" in text,
          "an order that nothing tells makes nothing certain", text)


def a_syn_that_never_arrives():
    def asked(answered=False, until=1):
        talk = Talk(client=("10.0.0.9", 5000))
        for at in (1, 2, 4):
            talk.packet(at, "c", 2, seq=77, until=until)
        if answered:
            talk.packet(4.1, "s", 0x12, seq=5, ack=78, since=1)
        return talk

    passing = Talk()
    passing.handshake()
    chat(passing)
    found, text = compared(asked(), others=(passing,))
    check(told(found, "lost") == [("likely", "syn-absent", "p0", "p1")] * 3
          and "never recorded there" in text,
          "a SYN that the server's side never had was lost on the way", text)
    found, text = compared(asked(answered=True), others=(passing,))
    check("syn-absent" not in {row[1] for row in told(found, "lost")},
          "one that is answered was not", text)
    elsewhere = Talk(server=("10.9.9.9", 80))
    elsewhere.handshake()
    chat(elsewhere)
    found, text = compared(asked(), others=(elsewhere,))
    check(not told(found, "lost"),
          "of a server that the other capture does not know nothing is told",
          text)
    other = Talk(client=("10.7.7.7", 999), server=("10.8.8.8", 22))
    for at in (0.5, 5):
        other.packet(at, "s", 0x10, seq=4, ack=5, until=1)
    found, text = compared(asked(), others=(other,))
    check(told(found, "lost") == [("possible", "syn-absent", "p0", "p1")] * 3
          and "no connection in common" in text,
          "with nothing in common it is possible, by times alone", text)


def equal_numbers():
    one, other = Talk(), Talk(client=("10.0.0.5", 41000))
    one.handshake()
    chat(one, 5)
    other.handshake(30)
    chat(other, 5, start=31)
    third = Talk(client=("10.0.0.7", 42000))
    third.handshake(5)
    chat(third, 5, start=6)
    one.frames[1], other.frames[0] = [], []
    found, text = compared(one, others=(other, third))
    check(not [row for row in found if row["type"] == "change"],
          "connections with the same initial numbers are no NAT's", text)
    near, far = Talk(), Talk(client=("198.51.100.1", 6000))
    for talk in (near, far):
        talk.handshake(isn=11, peer=22)
        chat(talk, 5)
    near.frames[1] = far.frames[1]
    found, text = compared(near)
    check({row["field"] for row in found if row["type"] == "change"} ==
          {"source", "target"}, "numbers of one connection each are", text)


def incidents_agree():
    """What an end never sent is not called its reset."""
    found = [json.loads(line) for line in run_often(
        "compare", "--json", *[lab(f"connection-limit.v4/{point}.pcapng")
                               for point in ("r1", "server")]
    ).stdout.splitlines()]
    said = {(row["mechanism"], row["sender"], row["grade"]) for row in found
            if row["type"] == "incident"}
    check(said == {("syn-rejected", "middlebox", "certain")},
          "a refusal that the server never sent is not the server's", said)
    found = [json.loads(line) for line in run_often(
        "compare", "--json", *[lab(f"closed-port-dscp.v4/{point}.pcapng")
                               for point in ("r1", "server")]
    ).stdout.splitlines()]
    said = {(row["mechanism"], row["sender"]) for row in found
            if row["type"] == "incident"}
    check(("port-closed", "server") in said, "one that it sent is", said)


def times():
    talk = Talk()
    talk.handshake()
    sequence, acknowledged = chat(talk, 5)
    talk.packet(3, "c", 0x18, seq=sequence, ack=acknowledged, payload=b"q",
                until=1, ip_id=7)
    talk.packet(4, "c", 0x18, seq=sequence, ack=acknowledged, payload=b"q",
                ip_id=8)
    talk.packet(4.2, "s", 0x10, seq=acknowledged, ack=sequence + 1)
    _, text = compared(talk, "--time", "utc")
    check("22:13:23.000000" in text, "--time utc is so in the picture", text)
    _, text = compared(talk)
    check("22:13:23" not in text, "without it times are relative there", text)


def cut_for_the_wire(talk, at, sequence, acknowledged, absent=(), until=None):
    """1,400 bytes that the first place has in one packet and the others in
    two; the second of these is not in the captures of `absent`."""
    payload = bytes(range(256)) * 6
    talk.packet(at, "c", 0x18, seq=sequence, ack=acknowledged,
                payload=payload[:1400], missed=tuple(range(1, talk.places)))
    talk.packet(at, "c", 0x10, seq=sequence, ack=acknowledged,
                payload=payload[:700], missed=(0,))
    talk.packet(at, "c", 0x18, seq=sequence + 700, ack=acknowledged,
                payload=payload[700:1400], missed=(0, *absent), until=until)


def segments_of_another_size():
    for places in (2, 3):
        talk = Talk(places=places)
        talk.handshake()
        sequence, acknowledged = chat(talk)
        cut_for_the_wire(talk, 6, sequence, acknowledged)
        talk.packet(6.1, "s", 0x10, seq=acknowledged, ack=sequence + 1400)
        talk.packet(7, "c", 0x10, seq=sequence + 1400, ack=acknowledged)
        found, text = compared(talk)
        check(not [row for row in found if row["type"] == "outcome"],
              f"a packet that is cut behind the first of {places} points is "
              "the same bytes", text)
    for is_sent_again, expected in (
            (False, [("certain", "acknowledged", "p0", "p1")]), (True, [])):
        talk = Talk()
        talk.handshake()
        sequence, acknowledged = chat(talk)
        cut_for_the_wire(talk, 6, sequence, acknowledged, absent=(1,))
        if is_sent_again:
            talk.packet(6.05, "s", 0x10, seq=acknowledged, ack=sequence + 700)
            talk.packet(6.5, "c", 0x18, seq=sequence + 700, ack=acknowledged,
                        payload=(bytes(range(256)) * 6)[700:1400])
        talk.packet(6.6, "s", 0x10, seq=acknowledged, ack=sequence + 1400)
        talk.packet(7, "c", 0x10, seq=sequence + 1400, ack=acknowledged)
        found, text = compared(talk)
        check(told(found, "not-recorded") == expected and
              bool(told(found, "lost")) == is_sent_again,
              "a part that is absent and acknowledged was missed, one that "
              f"was sent again was lost (sent again: {is_sent_again})", text)


def recorded_in_one_direction():
    for is_answered in (True, False):
        talk = Talk()
        talk.packet(0, "c", 2, seq=1000, missed=(1,))
        talk.packet(0.05, "s", 0x12, seq=9000,
                    ack=1001 if is_answered else 900)
        for at in (1, 1.5, 2.5):
            talk.packet(at, "c", 0x18, seq=1001, ack=9001, payload=b"x" * 40,
                        missed=(1,))
        for i in range(8):
            talk.packet(0.8 + 0.4 * i, "s", 0x18, seq=9001 + 40 * i,
                        ack=1001 if is_answered else 900, payload=b"y" * 40)
        found, text = compared(talk)
        check(bool(told(found, "lost")) != is_answered,
              "a recorder that has nothing of a direction took the other one "
              f"only, if that passed (acknowledged: {is_answered})", text)


def copies_that_nothing_tells_apart():
    """The second copy of an answer is the first that the other point has."""
    for ids, expected in (((0, 0), False), ((7, 8), True)):
        talk = Talk()
        for at, ip_id, missed in ((0.05, ids[0], (0,)), (0.8, ids[1], ())):
            talk.packet(at, "s", 0x12, seq=9000, ack=1001, ip_id=ip_id,
                        missed=missed, late=0.5 if at == 0.8 else 0)
        talk.packet(1.5, "c", 0x10, seq=1001, ack=9001)
        chat(talk, start=2)
        found, text = compared(talk)
        check(bool(told(found, "delayed")) == expected and
              "was set by" not in text,
              f"an answer with the IDs {ids} that came late is "
              f"{'' if expected else 'not '}known to have", text)


def joined_when_sent_again():
    """One byte, sent again with more behind it; and other bytes instead. The
    first point's recorder missed what came second."""
    for first, again, expected in (
            (b"a", b"a" + b"b" * 99, []),
            (b"c" * 100, b"a" + b"b" * 99,
             [("certain", "other-data", "p0", "p1")])):
        talk = Talk()
        talk.handshake()
        sequence, acknowledged = chat(talk)
        talk.packet(6, "c", 0x18, seq=sequence, ack=acknowledged,
                    payload=first)
        talk.packet(6.5, "c", 0x18, seq=sequence, ack=acknowledged,
                    payload=again, missed=(0,))
        talk.packet(6.6, "s", 0x10, seq=acknowledged, ack=sequence + 100)
        talk.packet(7, "c", 0x10, seq=sequence + 100, ack=acknowledged)
        found, text = compared(talk)
        check(told(found, "never-sent") == expected,
              f"{len(first)} bytes sent, {len(again)} arrived at their "
              f"numbers: {expected}", text)


def options_that_were_cut_off():
    scale = b"\x01\x03\x03\x07"
    for changed, snaplen, expected in (
            (scale, 54, False), (scale, 262144, False),
            (b"\x01\x03\x03\x00", 262144, True)):
        frames = ([], [])
        for place, options in enumerate((scale, changed)):
            talk = Talk()
            talk.packet(0, "c", 2, seq=1000, options=options)
            talk.packet(0.05, "s", 0x12, seq=9000, ack=1001, options=scale)
            chat(talk, 4)
            talk.packet(3, "s", 0x14, seq=9201, ack=1161)
            frames[place].extend(talk.frames[place])
        talk.frames = list(frames)
        with tempfile.TemporaryDirectory() as folder:
            paths = talk.write(folder, snaplens=(262144, snaplen))
            facts = [fact["fact"] for line in run_often(
                "analyze", "--json", *paths).stdout.splitlines()
                for fact in json.loads(line).get("evidence", ())]
        check(("window-scale-changed" in facts) == expected,
              "a window scale that a recorder cut off was not changed "
              f"(snapshot length {snaplen})", facts)


def a_recorder_that_misses():
    for missed, grade in (((), "likely"), ((1,), "possible")):
        talk = Talk()
        talk.handshake()
        talk.packet(0.5, "c", 0x18, seq=1001, ack=9001, payload=b"w" * 40,
                    missed=missed)
        sequence, acknowledged = 1041, 9001
        talk.packet(0.6, "s", 0x10, seq=acknowledged, ack=sequence)
        talk.packet(5, "c", 0x14, seq=sequence, ack=acknowledged, until=1)
        talk.packet(6, "s", 0x10, seq=acknowledged, ack=sequence)
        found, text = compared(talk)
        check([row[0] for row in told(found, "lost")] == [grade],
              f"one absent packet is {grade} to be lost where the recorder "
              f"{'has' if missed else 'has not'} missed another", text)


def a_reset_that_a_recorder_missed():
    """The server's own reset, which the capture at the server has not."""
    for missed, grade, mechanism in (((), "likely", "injected"),
                                     ((1,), "possible", "abort")):
        talk = Talk()
        talk.handshake()
        talk.packet(0.5, "c", 0x18, seq=1001, ack=9001, payload=b"w" * 40)
        talk.packet(0.6, "s", 0x10, seq=9001, ack=1041)
        talk.packet(0.7, "s", 0x18, seq=9001, ack=1041, payload=b"v" * 40,
                    missed=missed)
        talk.packet(0.75, "s", 0x18, seq=9041, ack=1041, payload=b"w" * 40)
        talk.packet(0.8, "c", 0x10, seq=1041, ack=9081)
        talk.packet(0.9, "c", 0x18, seq=1041, ack=9081, payload=b"x" * 40)
        talk.packet(1.0, "s", 0x14, seq=9081, ack=1081, missed=(1,))
        found, text = compared(talk, others=(others_go_on(2),))
        check([row[:2] for row in told(found, "never-sent")] ==
              [(grade, "absent")],
              f"one absent reset is {grade} to be forged where the recorder "
              f"{'has' if missed else 'has not'} missed another packet", text)
        said = {(row["mechanism"], row["grade"]) for row in found
                if row["type"] == "incident"}
        check(said == {(mechanism, grade)},
              "and the incident is no surer than that", said)


def numbers_of_one_end_are_random():
    """A firewall gives the client's segments other sequence numbers; a proxy
    has numbers of its own at both ends."""
    def talk_with(isn, peer):
        talk = Talk()
        talk.handshake(isn=isn, peer=peer)
        for i in range(10):
            talk.packet(1 + i, "c", 0x18, seq=isn + 1 + 40 * i,
                        ack=peer + 1 + 50 * i, payload=b"%04d" % i * 10,
                        ip_id=100 + i)
            talk.packet(1.05 + i, "s", 0x18, seq=peer + 1 + 50 * i,
                        ack=isn + 41 + 40 * i, payload=b"%05d" % i * 10,
                        ip_id=500 + i)
        return talk

    for peer, shared in ((22, 1), (777000, 0)):
        near, far = talk_with(11, 22), talk_with(500000, peer)
        near.frames[1] = far.frames[1]
        found, text = compared(near)
        totals = [row for row in found if row["type"] == "comparison"][0]
        fields = {(row["field"], row["direction"]) for row in found
                  if row["type"] == "change"}
        arrived = sum(row["arrived"] for row in found if row["type"] == "span")
        check(totals["shared"] == shared and
              fields == ({("sequence", "to-server")} if shared else set()) and
              (arrived > 20) == bool(shared) and not told(found, "lost") and
              not told(found, "never-sent"),
              f"numbers that a device gives {'one end' if shared else 'both'} "
              f"anew: {shared} in common, and nothing lost or forged",
              (fields, arrived, text))


def others_go_on(places):
    """Another connection, by which every capture covers what is judged."""
    talk = Talk(places=places, client=("10.0.0.9", 41000))
    talk.handshake(0.5)
    chat(talk, 30, start=1.5)
    return talk


def reset_by_a_tap(is_seen, ends="cs"):
    """A device at the place of the middle one of three recorders resets both
    ends in each other's name, at the TTL that the ends' packets have there."""
    talk = Talk(places=3)
    talk.handshake()
    sequence, acknowledged = chat(talk, 5)
    talk.packet(3, "c", 0x18, seq=sequence, ack=acknowledged, payload=b"word",
                ip_id=300)
    for end, number in (("c", sequence + 4), ("s", acknowledged)):
        if end in ends:
            talk.packet(3.011, end, 4, seq=number, since=1 if is_seen else 2,
                        ttl=63 if is_seen else 62)
    return talk


def a_tap_at_a_recorder():
    for is_seen in (True, False):
        found, text = compared(reset_by_a_tap(is_seen),
                               others=(others_go_on(3),))
        forged = told(found, "never-sent")
        places = {("p0", "p1"), ("p1", "p2")}
        check(len(forged) == 2 and {row[2:] for row in forged} == places and
              {row[:2] for row in forged} == {("certain", "both-ends")},
              "a device at a recorder's own place that resets both ends is "
              f"certain (its recorder has the resets: {is_seen})", text)
        for end in "cs":
            found, text = compared(reset_by_a_tap(is_seen, ends=end),
                                   others=(others_go_on(3),))
            check({row[0] for row in told(found, "never-sent")} == {"likely"},
                  f"one that resets one end is not ({end}, {is_seen})", text)
    for ends, grade in (("cs", "possible"), ("c", "likely")):
        found, text = compared(reset_by_a_tap(True, ends=ends),
                               others=(others_go_on(3),), order=(1, 2))
        said = [row["grade"] for row in found if row["type"] == "incident" and
                row["sender"] == "client"]
        check(said == [grade] and
              ("that place itself" in text) == (ends == "cs"),
              f"an end whose reset came with a forged one is {grade} to have "
              f"sent it (resets of {ends})", text)


def a_capture_that_begins_late():
    """Packets that a place did not record for want of time use up nothing."""
    for count in (10, 300):
        talk = Talk()
        talk.handshake()
        sequence, acknowledged = chat(talk, 4)
        for i in range(count):
            talk.packet(2 + i * 0.001, "c", 0x18, seq=sequence, ack=9201,
                        payload=b"%04d" % i * 5, missed=(0,), ip_id=1000 + i)
            sequence += 20
        talk.frames[0] = []  # it begins now
        for i in range(3):
            talk.packet(4 + i * 0.1, "c", 0x18, seq=sequence, ack=9201,
                        payload=b"go", ip_id=2000 + i)
            sequence += 2
        talk.packet(4.5, "c", 0x18, seq=sequence, ack=9201, payload=b"forged",
                    missed=(0,), ip_id=7)
        talk.packet(4.6, "c", 0x18, seq=sequence, ack=9201, payload=b"honest",
                    ip_id=2003)
        talk.packet(5, "s", 0x10, seq=9201, ack=sequence + 6)
        talk.packet(5.1, "c", 0x10, seq=sequence + 6, ack=9201)
        found, text = compared(talk)
        check(told(found, "never-sent") ==
              [("certain", "other-data", "p0", "p1")],
              f"a forged segment behind {count} that the nearer place was too "
              "late for is told", text)
        totals = [row for row in found if row["type"] == "comparison"][0]
        check(totals["beyond_limit"] == 0, "and nothing is beyond a limit",
              totals)


def more_absent_than_is_looked_into():
    """Every third packet is absent at the further place."""
    for count in (2000, 60000):
        talk = Talk()
        talk.handshake()
        sequence = 1001
        for i in range(count):
            talk.packet(1 + i * 0.001, "c", 0x18, seq=sequence, ack=9001,
                        payload=b"%08d" % i, ip_id=i % 60000 + 1,
                        until=1 if i % 3 == 1 else None)
            sequence += 8
        talk.packet(2 + count * 0.001, "s", 0x10, seq=9001, ack=1009)
        talk.packet(3 + count * 0.001, "c", 0x10, seq=sequence, ack=9001)
        found, text = compared(talk)
        totals = [row for row in found if row["type"] == "comparison"][0]
        span = [row for row in found if row["type"] == "span" and
                row["direction"] == "to-server"][0]
        beyond = totals["beyond_limit"]
        check(span["lost"] + beyond == (count + 1) // 3 and
              (beyond > 0) == (count > 2000) and span["lost"] > 128 and
              ("than are looked into" in text) == (beyond > 0),
              f"of {count // 3} absent packets those beyond the limit are "
              "told as not judged", (span, totals))


a_clock_is_set()
a_recorder_stands_still()
one_more_copy()
orders()
a_syn_that_never_arrives()
equal_numbers()
incidents_agree()
times()
segments_of_another_size()
recorded_in_one_direction()
copies_that_nothing_tells_apart()
joined_when_sent_again()
options_that_were_cut_off()
a_recorder_that_misses()
a_reset_that_a_recorder_missed()
numbers_of_one_end_are_random()
a_tap_at_a_recorder()
a_capture_that_begins_late()
more_absent_than_is_looked_into()
done()
