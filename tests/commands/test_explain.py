#!/usr/bin/env python3
"""Every word of a verdict is explained."""
import json
import pathlib
import re

from tap import (PROGRAM, captures, check, done, probe_recordings, run,
                 run_often, some_captures)

TOP = pathlib.Path(__file__).resolve().parents[2]

WORDS = """port-closed syn-rejected syn-unanswered abort late-data
unknown-connection state-expired injected firewall-reject proxy-closed
keepalive-timeout retransmission-timeout pmtu-black-hole pmtu-ignored
icmp-unreachable half-open nat-mismatch option-refused no-response
window-closed peer-protocol ssh-max-startups ssh-refused-before-banner ssh-login-grace
ssh-no-common-algorithm ssh-slow-banner ssh-client-alive orderly unknown
path-mtu too-big-ignored mss-clamped df-cleared fragments-dropped port-state
reset-origin injector proxy idle-timeout loss rewritten ssh certain likely
possible undetermined client server middlebox none nat-timeout
path-loss""".split()

listed = run("explain")
check(listed.returncode == 0 and not listed.stderr,
      "explain alone lists the words")
shown = listed.stdout.decode()
missing = [w for w in WORDS if f"  {w} " not in shown]
check(not missing, "every word that --json prints is listed", missing)
failed = []
wide = []
for word in WORDS:
    result = run_often("explain", word)
    text = result.stdout.decode()
    if result.returncode != 0 or not text.startswith(word) or \
            "How it is recognised" not in text:
        failed.append(word)
    wide += [line for line in text.splitlines() if len(line) > 100]
check(not failed, "every word says how it is recognised", failed)
check(not wide, "texts keep to the width of the page", "\n".join(wide))
used = set()
# under the sanitizers test_verdicts.py says the same of all of them
for path in probe_recordings()[::6 if "sanitized" in PROGRAM else 1]:
    for line in run_often("analyze", "--json", path).stdout.splitlines():
        o = json.loads(line)
        if o["type"] == "finding":
            used |= {o[key] for key in ("finding", "grade", "state", "kind",
                                        "field", "signature") if key in o}
            used |= {row["fact"] for row in o["evidence"]}
explained = {line.split()[0] for line in shown.splitlines() if line}
missing = used - explained
check(len(used) > 50 and not missing,
      "every word of findings of our probes is explained", missing)
fact = run("explain", "next-hop-answers-large").stdout.decode()
check("Fact about a path" in fact and "What could fool it" in fact,
      "a fact says when it holds, and what could fool it", fact)
both = run("explain", "pmtu-black-hole").stdout.decode()
check("Mechanism of an incident" in both and "Finding of a probe" in both,
      "a word with two meanings is told twice")
wrong = run("explain", "injcted")
check(wrong.returncode == 2 and b"did you mean injected?" in wrong.stderr,
      "a mistyped word is answered with the right one, exit 2")
titles = {re.sub(r"\s+", " ", line[4:].split("  ")[0]).strip()
          for path in captures()[:200] for line in
          run_often("analyze", path).stdout.decode().splitlines()
          if re.match(r"[ \d]\d  [A-Z]{2}", line)}
failed = [title for title in titles
          if run_often("explain", title).returncode != 0]
check(len(titles) > 10 and not failed,
      "every headline of a report is explained", failed)
check(run("explain", "--json").returncode == 2,
      "explain has no JSON, and says so")
used = set()
for path in captures()[:60:6 if "sanitized" in PROGRAM else 1]:
    for line in run_often("analyze", "--json", path).stdout.splitlines():
        o = json.loads(line)
        if o["type"] == "incident":
            used |= {o["mechanism"], o["sender"], o["culprit"], o["grade"],
                     o["signature"], *o.get("outranked", [])}
            used |= {row["fact"] for row in o["evidence"]}
            used |= {row["fact"] for row in o.get("undecided", [])}
            used |= {word for other in o.get("also", [])
                     for word in other.values() if word in explained}
check(len(used) > 50 and not used - explained,
      "every word that verdicts on our captures use is explained",
      used - explained)


def plain(text):
    """A cell of docs/evidence.md, or a text of explain, as words."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[`\s]+", "", text).lower()


told = []
rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \| (.+) \| (.+) \|$",
                  re.search(r"\n## Facts about a reset\n.*?\n## (?!Facts)",
                            (TOP / "docs/evidence.md").read_text(),
                            re.S).group(0), re.M)
for word, *cells in rows:
    text = plain(run_often("explain", word).stdout.decode())
    told += [f"{word}: {cell}" for cell in cells
             if cell != "-" and plain(cell) not in text]
check(len(rows) > 100 and not told,
      "facts are explained as in docs/evidence.md", told[:5])
# words beside packets, as ladders print them
notes = set()
for path in some_captures(60, "client.pcapng"):
    for line in run_often("timeline", path).stdout.decode().splitlines():
        if re.match(r"[> ] #\d+ ", line):
            notes |= {flag for flag in re.findall(r"\b[A-Z]{3}\b", line)
                      if flag != "ICM"}
            notes |= {part.strip() for part in line.split(";")[1:]
                      if part.strip().isalpha()}
            notes |= set(re.findall(r"SACK|hole", line))
unknown = [word for word in notes
           if run_often("explain", word).returncode]
check({"RST", "retransmission", "unacknowledged"} <= notes and not unknown,
      "every word beside a packet is explained", (unknown, notes))
for word in ("syn-absent", "other-way-prompt", "clock-or-delay", "lost"):
    check(run("explain", word).returncode == 0, f"{word} is explained")
done()
