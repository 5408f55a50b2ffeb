"""The requirements on a source notebook and its hidden checks, and on a finished release. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograder.errors import ReleaseError
from autograder.grades import parse_rubric
from autograder.model import Basis, CheckSpec

TEST_PREFIX = "test-"
CLAIMED_SHARE = 0.30
LEAK_LENGTH = 15
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_HIDDEN = (("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"), ("### BEGIN MARK SCHEME", "### END MARK SCHEME"))
_MARKERS = (BEGIN, END, *(marker for pair in _HIDDEN for marker in pair))
_ROUNDING = 1e-9
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_source(notebook: Mapping[str, Any]) -> None:
    """Check the cells of a source notebook.

    Raises:
        ReleaseError: a missing or duplicate id, or a task that is not an answer cell followed by its test cell.
    """
    cells = notebook["cells"]
    for position, cell in enumerate(cells):
        if not _meta(cell).get("grade_id"):
            start = " ".join(cell["source"].split())[:60]
            raise ReleaseError(
                f"Every cell needs nbgrader metadata with a grade_id, but cell {position + 1} (“{start}”) has none; "
                "mark it as locked and name it."
            )
    wrong = [name for name in map(_name, cells) if not _CELL_ID.fullmatch(name)]
    if wrong:
        raise ReleaseError("Cell ids have 1 to 64 letters, digits, - and _, because they become the notebook's own "
                           f"cell ids, but {wrong[0][:80]!r} is used; rename it.")
    twice = [name for name, count in Counter(_name(cell) for cell in cells).items() if count > 1]
    if twice:
        raise ReleaseError(f"Cell ids have to be unique, but {twice[0]!r} is used more than once; rename one of them.")
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        _check_cell(cell, following)
    _check_tests(cells)


def _check_cell(cell: Mapping[str, Any], following: Mapping[str, Any] | None) -> None:
    meta, name = _meta(cell), _name(cell)
    if "rubric" in _own(cell) and (cell["cell_type"] == "code" or not meta.get("solution")):
        raise ReleaseError(f"Cell {name!r} has a rubric, but only written answers can have one; remove it.")
    if meta.get("task"):
        raise ReleaseError(f"Cell {name!r} is one of nbgrader's manually graded task cells, which are not supported; "
                           "ask for a written answer instead.")
    if not meta.get("solution"):
        if not (meta.get("locked") or meta.get("grade")):
            raise ReleaseError(f"Cell {name!r} is neither an answer nor locked; lock it, or students may change it.")
        return
    if cell["cell_type"] != "code":
        if not meta.get("grade") or "points" not in meta:
            raise ReleaseError(f"The written answer {name!r} needs points; make it a manually graded answer.")
        _check_rubric(cell)
        return
    if BEGIN not in cell["source"]:
        raise ReleaseError(f"The answer cell {name!r} needs its solution between {BEGIN} and {END}; add the two lines.")
    if cell["metadata"].get("autograder", {}).get("ungraded") is True:
        if following is not None and (_meta(following).get("solution") or _meta(following).get("grade")):
            raise ReleaseError(f"The ungraded cell {name!r} has to be followed by a locked cell without points, but "
                               f"cell {_name(following)!r} follows; put a line of text between them.")
        return
    if following is None or _name(following) != TEST_PREFIX + name or not _meta(following).get("grade"):
        seen = "the end of the notebook" if following is None else f"cell {_name(following)!r}"
        raise ReleaseError(
            f"The answer cell {name!r} has to be followed by its test cell {TEST_PREFIX + name!r}, but {seen} follows; "
            "move or rename it."
        )


def _check_rubric(cell: Mapping[str, Any]) -> None:
    try:
        parse_rubric(_own(cell).get("rubric"), float(_meta(cell)["points"]))
    except ValueError as error:
        raise ReleaseError(f"The rubric of the written answer {_name(cell)!r} cannot be used: {error}.") from None


def without_rubrics(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source notebook without the rubrics of its written answers, which students do not get."""
    cells = [{**cell, "metadata": {**cell["metadata"], "autograder": {
        key: value for key, value in _own(cell).items() if key != "rubric"}}}
        if "rubric" in _own(cell) else cell for cell in notebook["cells"]]
    return {**notebook, "cells": cells}


def _check_tests(cells: Sequence[Mapping[str, Any]]) -> None:
    answers = {_name(cell) for cell in cells if _meta(cell).get("solution") and cell["cell_type"] == "code"
               and not cell["metadata"].get("autograder", {}).get("ungraded")}
    for cell in cells:
        meta, name = _meta(cell), _name(cell)
        if not meta.get("grade") or meta.get("solution"):
            continue
        if name.removeprefix(TEST_PREFIX) not in answers or not name.startswith(TEST_PREFIX):
            raise ReleaseError(f"The test cell {name!r} tests no answer cell; call it {TEST_PREFIX}<task> and put it "
                               "after that task's answer cell.")
        if not float(meta.get("points", 0)) > 0:
            raise ReleaseError(f"The test cell {name!r} has no points; give it the sum of its hidden checks.")


def check_points(notebook: Mapping[str, Any], specs: Iterable[CheckSpec]) -> None:
    """Compare the hidden checks with the test cells.

    Raises:
        ReleaseError: a check of an unknown task, points that do not add up, or too many claimed points.
    """
    specs = list(specs)
    points = {_name(cell).removeprefix(TEST_PREFIX): float(_meta(cell)["points"]) for cell in notebook["cells"]
              if _meta(cell).get("grade") and not _meta(cell).get("solution")}
    for spec in specs:
        if spec.task not in points:
            near = difflib.get_close_matches(spec.task, list(points), n=1)
            raise ReleaseError(f"The hidden check {spec.id!r} belongs to task {spec.task!r}, which the notebook does "
                               "not have; " + (f"the nearest one is {near[0]!r}." if near else "correct its marker."))
    for task, wanted in points.items():
        found = sum(spec.points for spec in specs if spec.task == task)
        if abs(found - wanted) > _ROUNDING:
            raise ReleaseError(f"The hidden checks of task {task!r} have {found:g} points, its test cell {wanted:g}; "
                               "make them equal.")
    claimed = sum(spec.points for spec in specs if spec.basis is Basis.CLAIMED)
    total = sum(points.values())
    if claimed > CLAIMED_SHARE * total + _ROUNDING:
        raise ReleaseError(
            f"Checks based only on claims of the student's process have {claimed:g} of {total:g} points, but at most "
            f"{CLAIMED_SHARE:.0%} is allowed; move points to measured checks."
        )


def check_leaks(
    source: Mapping[str, Any], files: Mapping[str, bytes], hidden: Mapping[str, str]
) -> None:
    """Search everything that students get for the solution and the hidden checks.

    Args:
        source: the source notebook, placeholders filled.
        files: the files of ``release/<assignment>/``, by relative path.
        hidden: sources of the hidden checks, by file name.

    Raises:
        ReleaseError: a line of 15 characters or more that only the solution or a hidden check has.
    """
    public = "\n".join(_public_source(cell) for cell in source["cells"])
    secret = {line: f"the solution of {_name(cell)!r}" for cell in source["cells"]
              for line in _lines(_secret_source(cell))}
    secret |= {str(line["text"]): f"the rubric of {_name(cell)!r}" for cell in source["cells"]
               for line in _own(cell).get("rubric", ()) if len(line["text"]) >= LEAK_LENGTH}
    secret |= {line: f"the hidden checks in {name}" for name, text in hidden.items() for line in _lines(text)}
    looked_for = {line: where for line, where in secret.items() if line not in public}
    for path, data in files.items():
        for text in _texts(path, data):
            for line, where in looked_for.items():
                if line in text:
                    raise ReleaseError(f"release/…/{path} would show students a line of {where}: “{line[:80]}”; "
                                       "remove it from what is released.")


def _texts(path: str, data: bytes) -> Iterator[str]:
    """Yield a file's text, and for a notebook also its cell sources, since JSON escapes quotes."""
    text = data.decode("utf-8", errors="replace")
    yield text
    if path.endswith(".ipynb"):
        yield from ("".join(cell["source"]) for cell in json.loads(text)["cells"])


def _lines(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if len(line) >= LEAK_LENGTH]


def _public_source(cell: Mapping[str, Any]) -> str:
    return "\n".join(line for line, secret in _marked(cell) if not secret)


def _secret_source(cell: Mapping[str, Any]) -> str:
    return "\n".join(line for line, secret in _marked(cell) if secret)


def _marked(cell: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a cell, and whether students must not see them."""
    source = cell["source"]
    if _meta(cell).get("solution") and BEGIN not in source:
        yield from ((line, True) for line in source.splitlines())
        return
    inside = False
    for line in source.splitlines():
        if any(marker in line for marker in _MARKERS):
            inside = "### BEGIN" in line
        else:
            yield line, inside


def _own(cell: Mapping[str, Any]) -> dict[str, Any]:
    found = cell.get("metadata", {}).get("autograder", {})
    return found if isinstance(found, dict) else {}


def _meta(cell: Mapping[str, Any]) -> dict[str, Any]:
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def _name(cell: Mapping[str, Any]) -> str:
    return str(_meta(cell).get("grade_id", ""))
