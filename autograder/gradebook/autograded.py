"""The notebook that formgrader shows: what the student's code printed, and our scores in the test cells. Pure."""

from __future__ import annotations

import copy
import html
from collections.abc import Sequence
from typing import Any

from autograder.gradebook.release_cells import nbgrader_metadata
from autograder.gradebook.scores import CellScore
from autograder.safe import plain_words, safe_notebook


def scored_notebook(
    notebook: dict[str, Any], release: dict[str, Any], scores: Sequence[CellScore]
) -> dict[str, Any]:
    """Return a safe copy of an executed notebook with the release's nbgrader metadata and the scores in its test cells.

    A score is the first output of its cell, an ``execute_result`` whose ``text/plain`` is a number: that is how
    nbgrader reads partial credit. A cell without a score has there what is certain, or 0.0, because nbgrader reads an
    empty cell as full marks; the gradebook then leaves it open for a person.
    """
    result = safe_notebook(notebook, own=release["cells"])
    known = {nbgrader_metadata(cell)["grade_id"]: cell for cell in release["cells"] if nbgrader_metadata(cell)}
    by_cell = {score.cell: score for score in scores}
    seen: set[str] = set()
    for cell in result["cells"]:
        name = str(nbgrader_metadata(cell).get("grade_id"))
        if name in known and name not in seen and cell.get("cell_type") == known[name]["cell_type"]:
            seen.add(name)
            cell["metadata"]["nbgrader"] = copy.deepcopy(nbgrader_metadata(known[name]))
        else:
            cell.get("metadata", {}).pop("nbgrader", None)
    result["cells"] += [copy.deepcopy(known[name]) for name in by_cell if name not in seen]
    for cell in result["cells"]:
        name = str(nbgrader_metadata(cell).get("grade_id"))
        if name in by_cell and cell["cell_type"] == "code":
            cell["outputs"] = [_score_output(by_cell[name]), *cell.get("outputs", [])]
    if result.get("nbformat") == 4 and result.get("nbformat_minor", 0) < 5:
        for cell in result["cells"]:
            cell.pop("id", None)
    return result


def _score_output(score: CellScore) -> dict[str, Any]:
    if score.auto is None:
        number, words = score.certain or 0.0, f"Open: {score.reason}"
    else:
        number, words = score.auto, f"{score.auto:g} of {score.points:g} points"
    return {
        "output_type": "execute_result", "execution_count": None, "metadata": {},
        "data": {"text/plain": repr(float(number)), "text/html": f"<p><b>{html.escape(plain_words(words))}</b></p>"},
    }
