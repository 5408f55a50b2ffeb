"""Converts lists of numbers to arrays."""

from __future__ import annotations

from autograder.artifacts import ArrayValue, SequenceValue, Value
from autograder.checks.outcome import Unjudged


def numbers_of(name: str, value: Value) -> ArrayValue | None:
    """Return the array that a value is: itself, or the numbers of a list, a tuple, a range or nested ones.

    Raises:
        Unjudged: the list was too large to be looked through.
    """
    if isinstance(value, ArrayValue):
        return value
    if not isinstance(value, SequenceValue):
        return None
    if value.large:
        raise Unjudged(f"`{name}` is too long to be judged by a machine; a person will look at it.",
                       f"a {value.type} of {value.length} items is too large to be converted")
    return value.array
