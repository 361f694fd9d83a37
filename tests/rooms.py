#!/usr/bin/env python3
"""Who may include whom (docs/architecture.md), sub-folders included.

Prints each include that crosses the table, each circle of includes,
each circle of calls between files (read from the object files), each file that includes two of libpcap, libnet and libdnet, each library
that more files include than the wrappers, each call by which analysis
would read a clock or open a file, and each by which text that is not constant
would go to standard error as it is. Fails on any.
"""
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# room -> rooms it may include besides itself
MAY_INCLUDE = {
    "capture": (),
    "capture/decode": ("capture",),
    "capture/file": ("capture", "capture/decode"),
    "capture/live": ("capture", "capture/decode", "capture/file"),
    "probe/protocol": ("capture",),
    # both read plain packets from their frames
    "analysis/flow": ("capture", "capture/decode"),
    # who listens where says which side of a connection is the server
    "analysis/observe": ("capture", "capture/decode", "analysis/flow",
                         "analysis/learned", "analysis/thresholds"),
    "analysis/learned": ("capture", "analysis/flow"),
    "analysis/verdict": ("capture", "analysis/flow", "analysis/observe",
                         "analysis/learned", "analysis/thresholds"),
    "analysis/path": ("capture", "capture/decode", "probe/protocol",
                      "analysis/observe",
                      "analysis/thresholds", "analysis/verdict"),
    # made of what the judge of paths has found, and of nothing else
    "analysis/cause": ("capture", "probe/protocol", "analysis/verdict",
                       "analysis/path"),
    "analysis/thresholds": (),
    "analysis/compare": ("capture", "analysis", "analysis/flow",
                         "analysis/learned", "analysis/observe",
                         "analysis/verdict"),
    "analysis": ("capture", "capture/decode", "analysis/flow",
                 "analysis/observe",
                 "analysis/learned", "analysis/thresholds",
                 "analysis/verdict"),
    "probe/engine": ("capture", "capture/file", "capture/live",
                     "capture/decode", "probe/protocol", "probe/tcp"),
    "probe/tcp": ("capture", "probe/protocol", "probe/engine"),
    "probe/experiments": ("capture", "probe/protocol", "probe/engine",
                          "probe/tcp"),
    "report": ("capture*", "analysis*", "probe/protocol"),
    "report/page": ("report", "capture*", "analysis*", "probe/protocol"),
    "cli": ("report*", "capture*", "analysis*", "probe*"),
}
# Protocols carry each other: IP in UDP in IP. The circle is the protocols'.
NESTING = [{f"capture/decode/decode_{name}.c" for name in (
    "encapsulated", "ethertype", "network", "transport", "tunnel",
    "wireless")}]
LIBRARIES = {"pcap(/[a-z]+)?": 3, "libnet": 1, "(dumb|d)net": 1}
NO_CLOCK = re.compile(r"\b(clock_gettime|gettimeofday|time|fopen|open)\(")
OURS = re.compile(r'^#include "([^"]+)"', re.M)


def sources():
    """{path: text} of all C files of the product."""
    found = {}
    for top in sorted({room.split("/")[0] for room in MAY_INCLUDE}):
        for folder, _, names in os.walk(os.path.join(TOP, top)):
            for name in names:
                if name.endswith((".c", ".h", ".def")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as file:
                        found[os.path.relpath(path, TOP)] = file.read()
    return found


def may_include(room, target):
    return target == room or any(
        target == allowed or (allowed.endswith("*") and
                              target.split("/")[0] == allowed[:-1])
        for allowed in MAY_INCLUDE[room])


def crossings(files):
    for path, text in files.items():
        room = os.path.dirname(path)
        if room not in MAY_INCLUDE:
            yield f"{path}: no room of that name in the table"
            continue
        for target in OURS.findall(text):
            if target not in files:
                yield f"{path} includes {target}, which does not exist"
            elif not may_include(room, os.path.dirname(target)):
                yield f"{path} includes {target}"


def circles(graph):
    """Groups of more than one node that reach each other, sorted."""
    index, low, stack, groups = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(group) > 1:
                groups.append(sorted(group))

    sys.setrecursionlimit(10000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return groups


def include_circles(files):
    graph = {path: set(OURS.findall(text)) for path, text in files.items()}
    for group in circles(graph):
        yield "a circle of includes: " + " ".join(group)


def call_circles(objects):
    """From the symbols of the object files: who defines, who needs."""
    defines, needs = {}, {}
    paths = [os.path.join(folder, name)
             for folder, _, names in os.walk(objects) for name in names
             if name.endswith(".o")]
    paths = [path for path in paths if os.path.exists(os.path.join(
        TOP, os.path.relpath(path, objects)[:-1] + "c"))]
    text = subprocess.run(["nm", "-A", "-P", *paths], capture_output=True,
                          text=True, check=True).stdout if paths else ""
    for line in text.splitlines():
        path, symbol, kind = line.split()[:3]
        source = os.path.relpath(path.rstrip(":"), objects)[:-1] + "c"
        if source.startswith("tests/"):
            continue
        if kind == "U":
            needs.setdefault(source, set()).add(symbol)
        elif kind in "TDRB":
            defines[symbol] = source
    graph = {source: {defines[symbol] for symbol in symbols
                      if symbol in defines} - {source}
             for source, symbols in needs.items()}
    for group in circles(graph):
        if set(group) not in NESTING:
            yield "a circle of calls: " + " ".join(group)


def libraries(files):
    for pattern, most in LIBRARIES.items():
        users = [path for path, text in files.items()
                 if re.search(rf"^#include <{pattern}\.h>", text, re.M)]
        if len(users) > most:
            yield (f"{len(users)} files include <{pattern}.h>, at most {most}: "
                   + " ".join(users))
    for path, text in files.items():
        if sum(bool(re.search(rf"^#include <{pattern}\.h>", text, re.M))
               for pattern in LIBRARIES) > 1:
            yield f"{path} includes two of libpcap, libnet and libdnet"


def clocks(files):
    for path, text in files.items():
        if path.startswith("analysis/"):
            for match in NO_CLOCK.finditer(text):
                yield f"{path} calls {match.group(1)}()"


CREATES = re.compile(
    r"\b(?:creat|mkstemp)\(|\bf(?:re)?open\([^;]*\"[wa]|O_CREAT|O_TMPFILE")
# with a name; names of flags alone; without a name
CREATORS = ("cli/output_file.c", "cli/sandbox_calls.c", "cli/spill_file.c")


def creators(files):
    """One function creates what is written and has a name: no other way leads
    past its checks."""
    for path, text in files.items():
        if path.endswith(".c") and path not in CREATORS and \
                CREATES.search(text):
            yield f"{path} creates a file, as only cli/output_file.c may"


COMMENT = re.compile(r"/\*.*?\*/", re.S)
TEXT = r'(?:"(?:[^"\\\n]|\\.)*"|\bPRI\w+)'
TEXTS = re.compile(rf"{TEXT}(?:\s*{TEXT})*")
SPOKEN = re.compile(r"[^;{}]*\bstderr\b[^;{}]*")
CONSTANT = re.compile(
    r"""fprintf\(stderr, "".*\)|safe_text_write\(stderr, .*\)|"""
    r"""fput[sc]\(([^"]* \? "" : ""|""|'..?'), stderr\)|fflush\(stderr\)""")
# Numbers, what is made safe elsewhere, and sentences of the program's own.
SPEAKERS = {
    "cli/cmd_timeline.c": 'fprintf( is_told_there ? run->output.stream : '
                          'stderr, "", sentence)',
    "cli/main.c": "usage(stderr) refusals_print(stderr)",
    "cli/notice.c": 'fprintf(stderr, "", shown)',
    "cli/probe_view.c": "fwrite(page->text, 1, page->used, stderr)",
    "cli/progress.c": 'fprintf(stderr, "", progress_text(text, state))',
}


def foreign_text(files):
    """One function prints names of files and of interfaces on standard error,
    made safe: that of cli/notice.c. Elsewhere each %s is one of two
    constants."""
    for path, text in files.items():
        texts = []

        def take_out(match):
            texts.append(match.group())
            return f'"{len(texts) - 1}"'
        # What is in texts ends no statement.
        text = TEXTS.sub(take_out, COMMENT.sub("", text))
        for words in SPOKEN.findall(text if path.endswith(".c") else ""):
            asked = sum(len(re.findall(r"%[^%a-zA-Z]*s", texts[int(number)]))
                        for number in re.findall(r'"(\d+)"', words))
            words = " ".join(re.sub(r'"\d+"', '""', words).split())
            call = words.rpartition("(void)")[2]
            if call not in SPEAKERS.get(path, "") and (
                    asked > call.count('? "" : ""') or
                    not CONSTANT.fullmatch(call)):
                yield (f"{path} says on standard error what is not constant, "
                       f"as only cli/notice.c may: {call}")


def main():
    files = sources()
    problems = [*crossings(files), *include_circles(files),
                *libraries(files), *clocks(files), *creators(files), *foreign_text(files),
                *call_circles(os.path.join(TOP, *sys.argv[1:2] or
                                           ["build/objects"]))]
    for problem in problems:
        print(f"rooms: {problem}")
    print(f"{'not ok' if problems else 'ok'} 1 - rooms include only whom they "
          "may")
    return 1 if problems else 0


sys.exit(main())
