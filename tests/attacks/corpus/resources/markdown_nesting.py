"""Hands in text cells of quotes in quotes, lists in lists, open links, tags, entities, tables and long references.

Gains: a renderer that runs out of stack or time, or makes megabytes of a few kilobytes.
"""

FILE = "raw"

import json

SHAPES = (
    ">" * 20_000, "> " * 10_000, "- " * 10_000, "1. " * 6_000, "[" * 20_000, "[a](" * 5_000, "![" * 10_000, "<" * 20_000,
    "<a " * 6_000, "&#" * 10_000, "&quot;" * 3_000, "`a``" * 5_000, "$a" * 10_000, "|a" * 10_000 + "\n" + "|-" * 10_000,
    "[a]: http://" + "b" * 9_000 + "\n\n" + "[a]" * 3_000, "_a__" * 5_000, "~~a~" * 5_000, "\\" * 20_000,
    "".join("  " * depth + "- a\n" for depth in range(190)),
)


def upload(path, released):
    released["cells"] += [
        {"cell_type": "markdown", "id": f"more-{number}", "metadata": {}, "source": SHAPES[number % len(SHAPES)]}
        for number in range(400)]
    path.write_text(json.dumps(released))
