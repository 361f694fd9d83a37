#!/usr/bin/env python3
"""Relative links of all pages lead somewhere, to the heading where they name
one. Prints those that don't; exits 1 if there are any."""
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def pages():
    found = []
    for folder, folders, names in os.walk(TOP):
        folders[:] = [f for f in folders if f not in ("build", ".git")]
        found += [os.path.join(folder, n) for n in names
                  if n.endswith(".md")]
    return sorted(found)


def anchors(path):
    """Headings as GitHub names them."""
    with open(path, encoding="utf-8") as file:
        headings = re.findall(r"^#+ +(.*)$", file.read(), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-")
            for h in headings}


def broken():
    found = []
    for page in pages():
        with open(page, encoding="utf-8") as file:
            text = re.sub(r"^```.*?^```", "", file.read(), flags=re.M | re.S)
        text = re.sub(r"`[^`\n]*`", "", text)
        for link in re.findall(r"\]\(([^()\s]+)\)", text):
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = link.partition("#")
            path = os.path.normpath(os.path.join(
                os.path.dirname(page), target)) if target else page
            where = os.path.relpath(page, TOP)
            if not os.path.exists(path):
                found.append(f"{where}: {link} leads nowhere")
            elif anchor and anchor not in anchors(path):
                found.append(f"{where}: {link} has no such heading")
    return found


if __name__ == "__main__":
    problems = broken()
    print("\n".join(problems), end="\n" if problems else "")
    sys.exit(1 if problems else 0)
