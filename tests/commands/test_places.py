#!/usr/bin/env python3
"""Captures of the same traffic from two places, in one call."""
import json
import os
import tempfile

from copies import arrange, beside_a_stray, packets, time_ns, write
from tap import check, done, lab, run, run_often

ENDS = ("client", "server")


def analyze(*arguments):
    done_ = run_often("analyze", "--json", *arguments)
    rows = [json.loads(line) for line in done_.stdout.splitlines()]
    return ([row for row in rows if row["type"] == "incident"],
            rows[-1] if rows else {}, done_)


def verdicts(incidents):
    return sorted((row["mechanism"], row["culprit"], row["grade"],
                   row["flow"]["client"], os.path.basename(row["file"]),
                   row["frame"]) for row in incidents)


def ends(scenario):
    return [lab(f"{scenario}/{end}.pcapng") for end in ENDS]


def named(client, server):
    return ("--at", f"client={client}", "--at", f"server={server}")


def counts_once():
    incidents, summary, _ = analyze(*ends("orderly-close.v4"))
    alone = analyze(ends("orderly-close.v4")[0])[1]
    check(not incidents and summary["flows"] == alone["flows"] and
          summary["orderly"] == alone["orderly"],
          "what both ends recorded is one connection", summary)
    check(summary["duplicates"] == 0 and summary["shared_packets"] ==
          alone["tcp_packets"] and summary["lost_packets"] == 0,
          "its packets are the same ones, no copies", summary)
    check(sorted(point["name"] for point in summary["capture_points"]) ==
          ends("orderly-close.v4"),
          "capture points without names are called by their files", summary)


def order_means_nothing():
    for scenario in ("tap-copied-ttl.v4", "accept-queue-full.v4",
                     "server-linger-0.v4"):
        client, server = ends(scenario)
        one, other = (analyze("--at", *order[0], "--at", *order[1])[0]
                      for order in (((f"client={client}",),
                                     (f"server={server}",)),
                                    ((f"server={server}",),
                                     (f"client={client}",))))
        check([(row["mechanism"], row["culprit"], row["grade"])
               for row in one if row["mechanism"] != "orderly"] ==
              [(row["mechanism"], row["culprit"], row["grade"])
               for row in other if row["mechanism"] != "orderly"],
              f"{scenario}: the order of the files changes no verdict",
              (verdicts(one), verdicts(other)))


def clocks(folder):
    client, server = ends("tap-copied-ttl.v4")
    plain, _, _ = analyze(*named(client, server))
    for shift_s in (0.25, 37, -7200):
        moved = write(folder, "server.pcapng", server,
                      move=lambda t, s=shift_s: t + int(s * 1e9))
        incidents, summary, _ = analyze(*named(client, moved))
        told = summary["capture_points"][1].get("clock_offset_s", 1e9)
        check(abs(told - shift_s) < 0.01,
              f"a clock that is {shift_s} s ahead is measured", summary)
        check(verdicts(incidents) == verdicts(plain),
              f"a clock that is {shift_s} s ahead changes no verdict",
              (verdicts(incidents), verdicts(plain)))


def clocks_apart(folder):
    """Without names, files of other times are taken for a rotated capture."""
    client, server = ends("tap-copied-ttl.v4")
    for shift_s in (20, 7200, -7200):
        moved = write(folder, "server.pcapng", server,
                      move=lambda t, s=shift_s: t + int(s * 1e9))
        said = run("analyze", "-q", client, moved).stderr.decode()
        check("clocks are apart" in said and "--at" in said and
              client in said and moved in said,
              f"the same connections {shift_s} s apart are noticed", said)
        said = run("analyze", "-q", *named(client, moved)).stderr.decode()
        check(not said, "not where the places are named", said)
    parts = [write(folder, f"part{i}.pcapng", client,
                   keep=lambda n, i=i: (n > 4) == bool(i)) for i in (0, 1)]
    others = [lab("tap-copied-ttl.v4/client.pcapng"),
              lab("server-linger-0.v4/client.pcapng")]
    for files in (parts, others, (client, server)):
        said = run("analyze", "-q", *files).stderr.decode()
        check(not said, "nor in other files", said)


def rotated(folder):
    client, server = ends("tap-copied-ttl.v4")
    parts = [write(folder, f"part{i}.pcapng", client,
                   keep=lambda n, i=i: (n > 9) == bool(i)) for i in (0, 1)]
    whole, summary, _ = analyze(client)
    split, of_parts, _ = analyze(*parts)
    check("capture_points" not in of_parts and
          of_parts["flows"] == summary["flows"] and
          [row["signature"] for row in split] ==
          [row["signature"] for row in whole],
          "files that follow each other are one capture point",
          (verdicts(split), of_parts))
    both, of_both, _ = analyze("--at", f"client={parts[1]}", "--at",
                               f"server={server}", "--at",
                               f"client={parts[0]}")
    check([point["name"] for point in of_both["capture_points"]] ==
          ["client", "server"] and
          [row["signature"] for row in both] ==
          [row["signature"] for row in analyze(*named(client, server))[0]],
          "files of one name are one capture point", (verdicts(both), of_both))


def ends_in_a_short_connection(folder):
    """The last millisecond of one file is all that the other has of it."""
    for scenario, count in (("client-linger-0.v4", 8), ("closed-port.v4", 2)):
        pair = beside_a_stray(folder, scenario)
        incidents, summary, done_ = analyze(*pair)
        check([point["packets"] for point in
               summary.get("capture_points", [])] == [count + 1, count] and
              summary["shared_packets"] == count and not done_.stderr and
              [row["signature"] for row in incidents] ==
              [row["signature"] for row in analyze(*named(*pair))[0]],
              f"{scenario}: who recorded what the end of a file has, is "
              f"somewhere else", (summary, done_.stderr))
    client, server = beside_a_stray(folder, "client-linger-0.v4")
    rows = [(n, 0) for n in range(1, 10)]
    alike = arrange(folder, "alike.pcapng", client,
                    rows[:4] + [(4, 1000)] + rows[4:])
    summary = analyze(alike, server)[1]
    check(summary.get("shared_packets") == 8, "so it is where some of one "
          "direction are alike", summary)


def other_connections_of_a_moment(folder):
    files = []
    for scenario in ("closed-port.v4", "client-linger-0.v4"):
        os.mkdir(os.path.join(folder, scenario))
        files.append(beside_a_stray(os.path.join(folder, scenario),
                                    scenario)[1])
    began = [time_ns(packets(path)[1][0]) for path in files]
    files[1] = arrange(folder, "moment.pcapng", files[1], [
        (n, began[0] - began[1] + 1000) for n in range(1, 9)])
    summary = analyze(*files)[1]
    check(len(summary.get("capture_points", [])) == 2,
          "files that overlap by most of one do not follow each other",
          summary)


def seams(folder):
    """Of one capture point: its files overlap by less than a millisecond."""
    source = beside_a_stray(folder, "client-linger-0.v4")[0]
    stray, syn, accept, ack, *rest = ((n, 0) for n in range(1, 10))
    for what, parts in (
            ("frames out of order",
             ((stray, syn, accept, (4, 200000)), rest)),
            ("acknowledgments that are alike",
             ((stray, syn, accept, (4, 200000)), (ack, *rest))),
            ("packets that were recorded twice, one after the other",
             ((stray, syn, accept), ((2, 70000), (3, 70000), ack, *rest))),
            ("a recorder that sees all packets twice",
             ((stray, syn, (2, 4000), (3, -4000), accept, ack, (5, 0), (6, 0)),
              ((4, 4000), (6, -4000), (5, 4000), *rest[2:])))):
        files = [arrange(folder, f"seam{n}.pcapng", source, rows)
                 for n, rows in enumerate(parts)]
        summary = analyze(*files)[1]
        check("capture_points" not in summary and summary["flows"] == 1 and
              summary["packets"] == sum(map(len, parts)),
              f"one capture point: {what} where a file ends", summary)


def twice():
    for end in ENDS:
        path = lab(f"server-linger-0.v4/{end}.pcapng")
        alone, _, _ = analyze(path)
        both, summary, _ = analyze(path, path)
        check(verdicts(alone) == verdicts(both) and summary["flows"] == 1,
              f"a file given twice ({end}) is judged as once",
              (verdicts(alone), verdicts(both)))


def forged_is_proved():
    client, server = ends("tap-copied-ttl.v4")
    incidents, _, _ = analyze(*named(client, server))
    row = next(row for row in incidents if row["mechanism"] == "injected")
    fact = next(fact for fact in row["evidence"]
                if fact["fact"] == "reset-left-its-sender")
    check(row["grade"] == "certain" and row["capture_point"] == "client" and
          fact["holds"] is False and
          fact["against_capture_point"] == "server",
          "a reset that never left the server is forged for certain", row)


def usage():
    for wrong in ("client", "=a.pcap", "client="):
        check(run_often("analyze", "--at", wrong).returncode == 2,
              f"--at {wrong} is refused")
    text = run_often("analyze", *named(*ends("tap-copied-ttl.v4")))
    check("client: 16 packets" in text.stdout.decode() and
          "Recorded at client" in text.stdout.decode(),
          "the text names the capture points", text.stdout.decode()[:600])
    path = lab("closed-port.v4/client.pcapng")
    many = run("analyze", "--json", *[path] * 70)
    summary = json.loads(many.stdout.splitlines()[-1])
    check(many.returncode == 0 and len(summary["capture_points"]) == 64 and
          summary["packets"] == 70 * analyze(path)[1]["packets"],
          "more captures than can be compared are all read", summary)
    many = run("analyze", *[word for number in range(65)
                            for word in ("--at", f"p{number}={path}")])
    check(many.returncode == 2 and b"at most 64" in many.stderr,
          "more names than can be compared are refused", many.stderr)


def main():
    counts_once()
    order_means_nothing()
    with tempfile.TemporaryDirectory() as folder:
        clocks_apart(folder)
        clocks(folder)
        rotated(folder)
        ends_in_a_short_connection(folder)
        other_connections_of_a_moment(folder)
        seams(folder)
    twice()
    forged_is_proved()
    usage()
    done()


main()
