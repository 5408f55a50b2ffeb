"""Hands in a notebook with cells of a megabyte, thousands of cells, and outputs nested as deep as a parser goes.

Gains: a merge, a page or a gradebook that takes minutes for one student, or halts for all.
"""

FILE = "raw"

import json


def upload(path, released):
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [code | {"id": f"big-{number}", "source": "# " + "x" * 1_000_000} for number in range(5)]
    cells += [code | {"id": f"small-{number}", "source": f"small_{number} = {number}"} for number in range(1_500)]
    deep = "x"
    for _ in range(40):
        deep = {"a": [deep]}
    cells.append(code | {"id": "deep", "source": "1", "outputs": [
        {"output_type": "display_data", "data": {"application/json": deep}, "metadata": {}}]})
    released["cells"][2:2] = cells
    path.write_text(json.dumps(released))
