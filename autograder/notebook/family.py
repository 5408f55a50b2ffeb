"""A release with a variant for each student: which of its sizes are drawn, and from which ranges.

The release itself says so, in ``metadata.autograder.variants``. So every archived release keeps the ranges that its
students had, and a change of them makes another version.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from autograder.errors import ReleaseError
from autograder.model import Merged, Value
from autograder.notebook.cells import grade_id, is_code, source
from autograder.notebook.draws import CODE
from autograder.notebook.sizes import GRADE_ID, Size, check_sizes, with_sizes
from autograder.notebook.syntax import parse_syntax

KEY = "variants"
_LONGEST = 10_000
"""Characters of a cell that may be a copy of the sizes cell; the released one has a few lines."""


class Family(Value):
    """The variants of one release.

    Attributes:
        draw: name in the sizes cell → the numbers that a student may get.
        secret: fingerprint of the secret that they are drawn with.
    """

    draw: dict[str, tuple[Size, ...]]
    secret: str


class Claimed(Value):
    """What a handed-in notebook says about its variant; anybody can write anything there.

    Attributes:
        numbers: those of its copy of the sizes cell for all drawn names; empty where it has no such copy.
        code: the code in its metadata.
    """

    numbers: dict[str, Size] = Field(default_factory=dict)
    code: str | None = None


def family_of(release: Mapping[str, Any]) -> Family | None:
    """Return the variants of a release, None where all students have the same notebook.

    Raises:
        ReleaseError: its metadata cannot be read.
    """
    found = _own_metadata(release).get(KEY)
    if found is None:
        return None
    try:
        return Family.model_validate(found)
    except ValidationError:
        raise ReleaseError("The release's metadata should say which numbers are drawn for each student, but cannot be "
                           "read; run `autograder release` again.") from None


def check_ranges(notebook: Mapping[str, Any], ranges: Mapping[str, tuple[Size, ...]], assignment: str) -> None:
    """Compare the ranges of course.yml with the sizes cell.

    Raises:
        ReleaseError: a name that the cell does not have, or a fraction where the cell has a whole number.
    """
    for place in range(max(map(len, ranges.values()), default=0)):
        check_sizes(notebook, {name: numbers[min(place, len(numbers) - 1)] for name, numbers in ranges.items()},
                    f"variants of {assignment}")


def personal_copy(release: dict[str, Any], sizes: Mapping[str, Size], code: str) -> dict[str, Any]:
    """Return a student's copy of a release: with their numbers in the sizes cell, and the code of the copy.

    Raises:
        ReleaseError: the sizes cell does not have one of the names.
    """
    copy = with_sizes(release, sizes)
    own = {**_own_metadata(release), "variant": code}
    return {**copy, "metadata": {**copy["metadata"], "autograder": own}}


def claimed_variant(submission: Mapping[str, Any], family: Family) -> Claimed:
    """Return what a handed-in notebook says about its variant. Never raises for what a student wrote."""
    code = _own_metadata(submission).get("variant")
    cells = [cell for cell in submission["cells"] if is_code(cell) and len(source(cell)) <= _LONGEST]
    for cell in sorted(cells, key=lambda cell: grade_id(cell) != GRADE_ID):  # editors may have dropped its id
        numbers = _numbers(source(cell), family)
        if numbers:
            break
    else:
        numbers = {}
    return Claimed(numbers=numbers, code=code if isinstance(code, str) and CODE.fullmatch(code) else None)


def skeleton(release: dict[str, Any], family: Family, claimed: Claimed) -> dict[str, Any]:
    """Return the release as the student had it, to compare with: numbers of the family are no change of the cell."""
    found = {name: number for name, numbers in family.draw.items() for number in numbers
             if number == claimed.numbers.get(name)}
    return with_sizes(release, found) if found.keys() == family.draw.keys() else release


def with_draw(merged: Merged, sizes: Mapping[str, Size]) -> Merged:
    """Return a merged notebook with the numbers drawn for its student in its sizes cell.

    Raises:
        ReleaseError: the sizes cell does not have one of the names.
    """
    return merged.model_copy(update={"notebook": with_sizes(merged.notebook, sizes), "drawn": dict(sizes)})


def _numbers(text: str, family: Family) -> dict[str, Size]:
    """Return the numbers that a cell assigns to all drawn names; imports and other lines may have been added."""
    found: dict[str, Size] = {}
    try:
        statements = parse_syntax(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int() | float() as value)) \
                    if name in family.draw and _is_number(value):
                found[name] = value
    return {name: found[name] for name in family.draw} if family.draw.keys() <= found.keys() else {}


def _is_number(value: Size) -> bool:
    if isinstance(value, int):  # of any length: one that no float can hold is a number too
        return not isinstance(value, bool)
    return math.isfinite(value)


def _own_metadata(notebook: Mapping[str, Any]) -> dict[str, Any]:
    metadata = notebook.get("metadata")
    own = metadata.get("autograder") if isinstance(metadata, dict) else None
    return own if isinstance(own, dict) else {}
