"""Gives a merged submission its student's own numbers, and finds out whose variant it was made from.

The numbers in an upload decide nothing: the student's own are drawn again and put into the sizes cell, and the
hidden checks read those. What the upload says only tells staff where it came from.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from autograder import notebook
from autograder.model import CheckSpec, Merged
from autograder.notebook import Claimed, Size
from autograder.pipeline.session.student_numbers import Draws, draws_of_version
from autograder.workspace.layout import Workspace

NOT_YOURS = ("Some numbers in this notebook are not those of your variant, so a person looks at the points that depend "
             "on them.")
"""For the student; it names nobody."""
_SHOWN = 3


def give_numbers(workspace: Workspace, assignment: str, student: str, merged: Merged, claimed: Claimed) -> Merged:
    """Return a merged submission with its student's numbers; unchanged where all students have the same.

    Raises:
        CourseError: the secret is missing, or is not the one of the submission's release.
    """
    draws = draws_of_version(workspace, assignment, merged.release)
    if draws is None:
        return _without_variant(workspace, assignment, merged)
    own = draws.of(student)
    merged = notebook.with_draw(merged, own)
    held, flag = _compare(draws, student, own, claimed)
    return merged.model_copy(update={
        "held": held, "staff_flags": (*merged.staff_flags, *([flag] if flag else [])),
        "notes": (*merged.notes, *([NOT_YOURS] if held else []))})


def _without_variant(workspace: Workspace, assignment: str, merged: Merged) -> Merged:
    """Return a submission from a release in which all students have the same numbers.

    It may be work from before there were variants. But the version is what the upload says, and whoever writes an
    earlier one into it must not choose the numbers by that.
    """
    current = workspace.release(assignment)
    if not current.is_file() or notebook.family_of(json.loads(current.read_bytes())) is None:
        return merged
    flag = (f"This notebook names the release {merged.release}, in which all students have the same numbers, although "
            "each has a variant now.")
    return merged.model_copy(update={
        "held": True, "staff_flags": (*merged.staff_flags, flag), "notes": (*merged.notes, NOT_YOURS)})


def _compare(draws: Draws, student: str, own: dict[str, Size], claimed: Claimed) -> tuple[bool, str | None]:
    """Return whether an upload was made from another copy than the student's, and one sentence for staff."""
    if claimed.code is not None and claimed.code != draws.code(student):
        other = draws.with_code(claimed.code)
        whose = f"of {other}" if other else "of nobody in the class list"
        return True, f"This notebook was made from the variant {whose} (code {claimed.code})."
    if not claimed.numbers or claimed.numbers == own:
        return False, None
    others = draws.with_numbers(claimed.numbers)
    said = f"The sizes cell was handed in with {shown(claimed.numbers)}; this student's are {shown(own)}."
    return bool(others), f"{said} {whose_numbers(others)}"


def whose_numbers(students: Sequence[str]) -> str:
    """Return the sentence that names whose numbers they are."""
    if not students:
        return "Nobody in the class list has these."
    more = f" and {len(students) - _SHOWN} more" if len(students) > _SHOWN else ""
    return f"They are those of the variant of {', '.join(students[:_SHOWN])}{more}."


def shown(numbers: dict[str, Size]) -> str:
    """Return numbers as a sentence writes them."""
    return ", ".join(f"{name} = {str(number)[:20]}" for name, number in numbers.items())


def doubts_of(specs: Sequence[CheckSpec]) -> dict[str, str]:
    """Return, for every task with a check that reads the sizes, why a check that fails there proves nothing."""
    return {spec.task: NOT_YOURS for spec in specs if is_held(spec, specs)}


def is_held(spec: CheckSpec, specs: Sequence[CheckSpec]) -> bool:
    """Whether a check's points depend on the drawn numbers; all do where none reads them by itself."""
    return spec.sized or not any(one.sized for one in specs)
