"""The person's points: read from the Markdown tables, checked against the tasks of the assignment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.notebook import is_test, points, task_of_test
from tests.fairness.judged import release_of

FOLDER = Path(__file__).parent / "tables"
_PART = re.compile(r"([a-z][\w-]*) (\d+(?:\.\d+)?)(\?)?$")
_FIRST = re.compile(r"(all|none)(\?)?(?: but (.+))?$")


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a person says about one notebook.

    Attributes:
        points: by task, of the tasks that are graded automatically.
        open: tasks in which the grader may ask a person, who then gives these points.
        blank: written answers that are not there.
    """

    name: str
    what: str
    points: Mapping[str, float]
    open: frozenset[str]
    blank: frozenset[str]
    total: float
    why: str


def worth(assignment: str) -> dict[str, float]:
    """Return the points of each task that is graded automatically."""
    return {task_of_test(cell) or "": points(cell) for cell in release_of(assignment)["cells"] if is_test(cell)}


def parse_points(text: str, full: Mapping[str, float]) -> tuple[dict[str, float], frozenset[str], frozenset[str]]:
    """Return the points by task, the open tasks and the blank written answers of a cell such as ``all but fit 3``.

    ``none but load 2, look 2; blank: mushrooms`` gives no points elsewhere and says that a written answer is missing;
    a question mark behind a task, or behind ``all`` or ``none``, means that the grader may ask a person.
    """
    said, _, missing = text.partition("; blank: ")
    match = _FIRST.match(said)
    assert match, f"{text!r} begins with neither all nor none"
    given = dict(full) if match[1] == "all" else dict.fromkeys(full, 0.0)
    asked = set(full) if match[2] else set()
    for part in (match[3] or "").split(", ") if match[3] else ():
        one = _PART.match(part)
        assert one and one[1] in full, f"{part!r} is no task with its points"
        given[one[1]] = float(one[2])
        assert given[one[1]] <= full[one[1]], f"{part!r} is more than the task is worth"
        if one[3]:
            asked.add(one[1])
    return given, frozenset(asked), frozenset(filter(None, missing.split(", ")))


@cache
def rows(assignment: str) -> dict[str, Row]:
    """Return the table of an assignment by the names of its notebooks."""
    found: dict[str, Row] = {}
    full = worth(assignment)
    for line in (FOLDER / f"{assignment}.md").read_text(encoding="utf-8").splitlines():
        parts = [part.strip() for part in line.strip("| ").split(" | ")]
        if not line.startswith("| `"):
            continue
        name, what, said, total, why = parts
        given, asked, blank = parse_points(said, full)
        row = Row(name=name.strip("`"), what=what, points=given, open=asked, blank=blank, total=float(total), why=why)
        assert row.name not in found, f"{row.name} is in the table twice"
        assert sum(given.values()) == row.total, f"{row.name}: the points make {sum(given.values()):g}, not {total}"
        found[row.name] = row
    return found
