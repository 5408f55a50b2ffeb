"""Reads nbgrader's notebooks: sources and releases, with cell metadata of every schema. Pure."""

from __future__ import annotations

from typing import Any

from autograder.errors import ReleaseError
from autograder.notebook import source
from autograder.platforms.importing import solution_marks
from autograder.platforms.importing.parts import (
    BEGIN,
    END,
    Answer,
    Cell,
    Findings,
    Locked,
    Part,
    Test,
    Written,
    points_text,
)

NEWEST = 3
_ROLES = ("grade", "solution", "locked", "task")


def is_nbgrader(notebook: dict[str, Any]) -> bool:
    """Whether at least one cell has nbgrader's metadata."""
    return any(any(key in _raw(cell) for key in (*_ROLES, "grade_id")) for cell in notebook["cells"])


def read_nbgrader(notebook: dict[str, Any], found: Findings) -> list[Part]:
    """Return the parts of a notebook.

    Raises:
        ReleaseError: two cells have one grade_id, or the metadata are newer than all that are known.
    """
    cells: list[Cell] = notebook["cells"]
    _refuse_newer(cells)
    _refuse_repeated(cells)
    older = {version for cell in cells if _raw(cell) and (version := _version(cell)) < NEWEST}
    if older:
        found.done.append(f"The cells' metadata were upgraded from nbgrader's schema {_listed(older)} to {NEWEST}.")
    parts: list[Part] = []
    for number, cell in enumerate(cells, 1):
        parts += _parts(cell, f"cell {number}", found)
    return parts


def _parts(cell: Cell, place: str, found: Findings) -> list[Part]:
    meta, text, name = _raw(cell), source(cell), _name(cell)
    code, solution, grade = cell["cell_type"] == "code", _is(meta, "solution"), _is(meta, "grade")
    if not meta.get("task") and not solution and not grade and not text.strip():
        found.done.append(f"The empty {place} was left out.")
        return []
    if _is(meta, "task"):
        return _task(cell, place, found)
    if solution and not code:
        return [_written(cell, place, found)]
    if solution:
        made = solution_marks.from_regions(text)
        answer = Answer(source=made.source, complete=made.complete, place=place, name=name, manual=grade)
        return [answer, Test(place=place, name=name, points=_points(meta, place, found))] if grade else [answer]
    if grade and code:
        return [_test(cell, place, found)]
    if grade:
        found.impossible.append(f"The text in {place} has {points_text(_points(meta, place, found))}, but nobody "
                                "can write into it; it was kept without points.")
    if not meta or not (grade or _is(meta, "locked")):
        found.unlocked.append(place)
    return [Locked(kind=cell["cell_type"], source=text, place=place, name=name, attachments=cell.get("attachments"))]


def _test(cell: Cell, place: str, found: Findings) -> Test:
    public, hidden = solution_marks.without_block(source(cell), "HIDDEN TESTS")
    return Test(place=place, name=_name(cell), public=public.strip("\n"), hidden=hidden.strip("\n"),
                points=_points(_raw(cell), place, found))


def _written(cell: Cell, place: str, found: Findings) -> Written:
    meta = _raw(cell)
    text, scheme = solution_marks.without_block(source(cell), "MARK SCHEME")
    model, region = solution_marks.without_block(text, "SOLUTION")
    complete = bool(region.strip()) or not (solution_marks.TEXT_PLACEHOLDER.search(text) or not text.strip())
    if region.strip():
        text = "\n".join([*([model.strip("\n"), ""] if model.strip() else []), BEGIN, region, END])
    points = _points(meta, place, found)
    if not _is(meta, "grade"):
        points = 1.0
        found.look.append(f"The written answer in {place} had no points; it was given 1, which you can change.")
    return Written(source=text, place=place, name=_name(cell), points=points, scheme=scheme.strip(), complete=complete)


def _task(cell: Cell, place: str, found: Findings) -> list[Part]:
    """Return a manually graded task, where students add cells: its text, then a written answer with its points."""
    name = _name(cell)
    text, scheme = solution_marks.without_block(source(cell), "MARK SCHEME")
    points = _points(_raw(cell), place, found)
    found.look.append(f"{place.capitalize()} is a manually graded task, for which students add cells of their own. It "
                      f"became a text and a written answer with its {points_text(points)}: check that students know "
                      "what to write there.")
    # The answer keeps the id, since points belong to it.
    return [Locked(kind="markdown", source=text.strip(), place=place, name=f"about-{name}" if name else None,
                   attachments=cell.get("attachments")),
            Written(source="", place=place, name=name, points=points, scheme=scheme.strip(), complete=False)]


def _raw(cell: Cell) -> dict[str, Any]:
    meta = cell["metadata"].get("nbgrader")
    return meta if isinstance(meta, dict) else {}


def _is(meta: dict[str, Any], key: str) -> bool:
    return meta.get(key) in (True, "true", "True", 1)


def _name(cell: Cell) -> str | None:
    name = _raw(cell).get("grade_id")
    return name.strip() or None if isinstance(name, str) else None


def _version(cell: Cell) -> int:
    version = _raw(cell).get("schema_version", 0)
    return version if isinstance(version, int) and not isinstance(version, bool) else 0


def _points(meta: dict[str, Any], place: str, found: Findings) -> float:
    """Return the points of a cell; early schemas store them as text, perhaps empty."""
    given = meta.get("points", 0)
    try:
        points = float(given) if given not in ("", None) else 0.0
    except (TypeError, ValueError, OverflowError):
        points = float("nan")
    if 0 <= points <= 10_000:
        return points
    found.look.append(f"The points of {place} are {str(given)[:40]!r}, which is no number of points; they were read "
                      "as 0.")
    return 0.0


def _refuse_newer(cells: list[Cell]) -> None:
    for number, cell in enumerate(cells, 1):
        if _version(cell) > NEWEST:
            raise ReleaseError(f"Cell {number} has nbgrader's metadata of schema {_version(cell)}, but {NEWEST} is the "
                               "newest that is known here: save the notebook with nbgrader 0.9.")


def _refuse_repeated(cells: list[Cell]) -> None:
    places: dict[str, list[int]] = {}
    for number, cell in enumerate(cells, 1):
        if name := _name(cell):
            places.setdefault(name, []).append(number)
    refuse_repeated(places, "grade_id")


def refuse_repeated(places: dict[str, list[int]], what: str) -> None:
    """Check that every name is used once.

    Args:
        places: the numbers of the cells that have a name.

    Raises:
        ReleaseError: a name is used more than once; the sentence names all of them with their cells.
    """
    twice = {name: numbers for name, numbers in places.items() if len(numbers) > 1}
    if twice:
        listed = "; ".join(f"{name[:60]!r} in cells {_listed(set(numbers))}" for name, numbers in twice.items())
        raise ReleaseError(f"Every {what} has to be used once, but the notebook has {listed}: rename all but one of "
                           "each and import it again.")


def _listed(numbers: set[int]) -> str:
    ordered = [str(number) for number in sorted(numbers)]
    return ordered[0] if len(ordered) == 1 else f"{', '.join(ordered[:-1])} and {ordered[-1]}"
