"""The rubric of a written answer, and its lines in the comment that a student reads. Pure.

nbgrader's gradebook has points and a comment for an answer, and no place for a rubric. So the lines that a person has
ticked are the first lines of the comment, in a form that can be read back.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from autograder.model import Value

MOST_LINES = 9
"""One key of the keyboard each."""
LONGEST_LINE = 200
_ROUNDING = 1e-9
_TICKED, _OPEN = "[x] ", "[ ] "


class RubricLine(Value):
    """One line of a rubric: what an answer says, and its points; negative points are deducted."""

    points: float
    text: str


def parse_rubric(found: object, points: float) -> tuple[RubricLine, ...]:
    """Return the rubric that a source notebook has in ``metadata.autograder.rubric`` of a written answer.

    Args:
        found: a list of mappings with ``points`` and ``text``; None: no rubric.
        points: the most that the answer is worth.

    Raises:
        ValueError: one sentence about what is wrong.
    """
    if found is None:
        return ()
    if not isinstance(found, list) or not 0 < len(found) <= MOST_LINES:
        raise ValueError(f"it has to be a list of 1 to {MOST_LINES} lines such as {{\"points\": 1, \"text\": \"…\"}}")
    lines = tuple(_line(number, line) for number, line in enumerate(found, start=1))
    if len({line.text for line in lines}) < len(lines):
        raise ValueError("two lines have the same text; say what differs, or make them one")
    full = sum(line.points for line in lines if line.points > 0)
    if abs(full - points) > _ROUNDING:
        raise ValueError(f"its lines have {full:g} points together and the answer is worth {points:g}; make them equal")
    return lines


def _line(number: int, found: object) -> RubricLine:
    if not isinstance(found, dict) or found.keys() != {"points", "text"}:
        raise ValueError(f"line {number} has to have exactly the keys points and text")
    points, text = found["points"], found["text"]
    is_number = isinstance(points, int | float) and not isinstance(points, bool)
    if not is_number or not math.isfinite(points) or not points:
        raise ValueError(f"the points of line {number} have to be a number other than 0, not {points!r}")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_LINE or not text.isprintable():
        raise ValueError(f"the text of line {number} has to be one line of 1 to {LONGEST_LINE} characters")
    return RubricLine(points=points, text=text.strip())


def rubric_points(rubric: Sequence[RubricLine], ticked: Collection[int], most: float) -> float:
    """Return the points of the lines with these indices, at least 0 and at most ``most``."""
    return round(min(most, max(0.0, sum(rubric[index].points for index in ticked))), 6)


def write_comment(rubric: Sequence[RubricLine], ticked: Collection[int], words: str) -> str | None:
    """Return the comment for the gradebook: the rubric's lines, if any is ticked, then a person's own words."""
    lines = _as_text(rubric, ticked) if ticked else []
    parts = [part for part in ("\n".join(lines), words.strip()) if part]
    return "\n\n".join(parts) or None


def read_comment(rubric: Sequence[RubricLine], comment: str | None) -> tuple[tuple[int, ...], str]:
    """Return the indices of the ticked lines and the person's own words; what is no line of the rubric is words."""
    ticked: list[int] = []
    words: list[str] = []
    known = {line: index for index in range(len(rubric)) for line in _both(rubric[index])}
    for line in (comment or "").splitlines():
        index = known.get(line)
        if index is None:
            words.append(line)
        elif line.startswith(_TICKED):
            ticked.append(index)
    return tuple(ticked), "\n".join(words).strip()


def _as_text(rubric: Sequence[RubricLine], ticked: Collection[int]) -> list[str]:
    """A deduction that is not made is no line of a comment."""
    return [_both(line)[index not in ticked] for index, line in enumerate(rubric)
            if index in ticked or line.points > 0]


def _both(line: RubricLine) -> tuple[str, str]:
    """The line ticked and not ticked."""
    if line.points < 0:
        return f"{_TICKED}\N{MINUS SIGN}{-line.points:g}: {line.text}", f"{_OPEN}\N{MINUS SIGN}0: {line.text}"
    return f"{_TICKED}{line.points:g} of {line.points:g}: {line.text}", f"{_OPEN}0 of {line.points:g}: {line.text}"
