"""Whether a merged notebook keeps a right answer: it runs, once and in its place, or a person is asked to look."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from typing import Any

from autograder.model import Merged, Slot, SlotStatus
from autograder.notebook import grade_id, is_answer, is_code, is_written, source
from autograder.notebook.code_names import parse
from autograder.notebook.variants import solution_submission
from autograder.pipeline.session.source_notebook import read_source
from tests.assignments.common import ROOT

Notebook = dict[str, Any]


@cache
def release_of(name: str) -> Notebook:
    """Return the release of an assignment."""
    from autograder.notebook import read

    path = ROOT / "release" / name / f"{name}.ipynb"
    return read(path.read_bytes(), path.name)


@cache
def solution_of(name: str) -> Notebook:
    """Return the solution of an assignment as a student would hand it in."""
    return solution_submission(read_source(ROOT / "assignments" / name / f"{name}.ipynb"), release_of(name))


def answers_of(notebook: Notebook) -> dict[str, str]:
    """Return the text of every answer by task."""
    return {grade_id(cell) or "": source(cell) for cell in notebook["cells"] if is_answer(cell) or is_written(cell)}


def lost_in_silence(merged: Merged, answers: Mapping[str, str]) -> list[str]:
    """Return the tasks whose answer neither counts in full nor is put before a person."""
    lost = []
    for slot in merged.slots:
        if slot.status is SlotStatus.UNMATCHED or slot.task in merged.doubts:
            if not (merged.notes or slot.task in merged.doubts):
                lost.append(f"{slot.task}: withheld without a word")
            continue
        text = "\n".join(source(merged.notebook["cells"][index]) for index in slot.cells)
        if slot.kind == "code":
            kept = _statements(text, answers[slot.task]) or _begun_above(merged, slot, answers[slot.task])
        else:
            kept = _words(text, answers[slot.task])
        if slot.status is SlotStatus.BLANK or not kept:
            lost.append(f"{slot.task}: {slot.status.value}")
    return lost


def _statements(text: str, answer: str) -> bool:
    """Whether all statements of the answer stand in the text, in their order."""
    wanted, found = parse(answer), parse(text)
    if wanted is None or found is None:
        return "".join(answer.split()) in "".join(text.split())
    rest = iter([ast.dump(node) for node in found.body])
    return all(ast.dump(node) in rest for node in wanted.body)


def _begun_above(merged: Merged, slot: Slot, answer: str) -> bool:
    """Whether an answer ends in its slot, and what precedes runs in its order in cells above: nothing of it is lost."""
    wanted = parse(answer)
    if wanted is None or not slot.cells:
        return False
    cells = merged.notebook["cells"]
    text = "\n".join(source(cell) for cell in cells[: slot.cells[-1] + 1] if is_code(cell))
    own = "\n".join(source(cells[index]) for index in slot.cells)
    return _statements(text, answer) and _statements(own, ast.unparse(wanted.body[-1]))


def _words(text: str, answer: str) -> bool:
    return "".join(answer.split()) in "".join(text.split()).replace("#", "") or \
        "".join(answer.split()).replace("#", "") in "".join(text.split()).replace("#", "")
