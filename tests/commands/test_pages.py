#!/usr/bin/env python3
"""What the pages say is what the program does."""
import os
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
problems = links.broken()
check(not problems, "links between pages lead somewhere",
      "\n".join(problems))
problems = examples.check(PROGRAM)
check(not problems, "every example in the pages prints what is shown",
      "\n".join(problems))
done()
