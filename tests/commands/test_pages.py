#!/usr/bin/env python3
"""What the pages say is what the program does."""
import os
import re
import sys

from tap import PROGRAM, TOP, check, done

sys.path.insert(0, os.path.join(TOP, "tests", "docs"))
import examples  # noqa: E402
import links  # noqa: E402
import paths  # noqa: E402
import sync  # noqa: E402
import tables  # noqa: E402

known = tables.read(os.path.dirname(PROGRAM))
for page, (text, new) in sync.written(known).items():
    check(text == new, f"docs/{page} shows the tables as they are",
          "run make evidence")
problems = sync.uncovered(known)
check(not problems, "docs/evidence.md tells of every fact",
      "\n".join(problems))
page, new = paths.written()
check(page == new, "docs/paths.md shows the tables as they are",
      "run make evidence")
words = [fact["word"] for fact in paths.known()["fact"]]
check(len(set(words)) == len(words), "facts about paths have words of their own",
      [word for word in words if words.count(word) > 1])
with open(os.path.join(TOP, "report/titles.c"), encoding="utf-8") as file:
    titles = dict(re.findall(r"\[MECHANISM_(\w+)\] =\s*\"([^\"]+)\"",
                             file.read()))
with open(os.path.join(TOP, "report/page/text.js"), encoding="utf-8") as file:
    shown = dict(re.findall(r"\"([a-z-]+)\": \"([^\"]+)\"", file.read()))
shown["injected"] = shown["injected-data"]  # resets have their own in both
wrong = {word: title for word, title in
         ((word.lower().replace("_", "-"), title)
          for word, title in titles.items())
         if shown.get(word, word.replace("-", " ")) != title}
check(len(titles) > 25 and not wrong,
      "HTML reports call failures what the report in text calls them", wrong)
problems = links.broken()
check(not problems, "links between pages lead somewhere",
      "\n".join(problems))
problems = examples.check(PROGRAM)
check(not problems, "every example in the pages prints what is shown",
      "\n".join(problems))
done()
