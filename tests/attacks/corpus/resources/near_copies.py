"""Hands in 1,900 cells that are each almost a locked cell of the release, and as many words.

Gains: a merge that compares each of them with every locked cell, and each copy with every other.
"""

FILE = "raw"

import json


def upload(path, released):
    locked = [cell for cell in released["cells"] if cell["metadata"].get("nbgrader", {}).get("locked")]
    copies = []
    for number in range(1_900):
        cell = locked[number % len(locked)]
        text = "".join(cell["source"]) + (f"\nword{number}" if number % 3 else "")
        copy = {"cell_type": cell["cell_type"], "id": f"copy-{number}", "metadata": {}, "source": text}
        if cell["cell_type"] == "code":
            copy |= {"outputs": [], "execution_count": None}
        copies.append(copy)
    released["cells"] = released["cells"][:1] + copies + released["cells"][1:]
    path.write_text(json.dumps(released))
