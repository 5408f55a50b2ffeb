"""Bounds that a model reaches which ignores its inputs: they grade nothing, so a check may not use them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.checks.vocabulary.subject import number_text
from autograder.errors import CheckError

MARGIN = 0.05
"""How far a bound has to be from what a constant answer reaches: of rates this much, of errors this share."""
_ROOM = 5
"""Near a rate of 1 there is less room: then this part of it is enough."""


@dataclass(frozen=True, kw_only=True)
class ConstantAnswer:
    """One answer for every row.

    Attributes:
        given: whether the student's model answers like that.
        reaches: the accuracy of the best such model; None where it is unknown.
    """

    given: bool
    reaches: float | None = None


def require_above(minimum: float, constant: float | None, what: str) -> None:
    """Refuse a minimum that is within reach of one answer for every row.

    Raises:
        CheckError: names both numbers.
    """
    if constant is not None and minimum < constant + min(MARGIN, max(1 - constant, 0) / _ROOM):
        raise _reached("minimum", minimum, constant, what)


def require_below(maximum: float, constant: float | None, what: str) -> None:
    """Refuse a maximum of an error that is within reach of one answer for every row; raises like `require_above`."""
    if constant is not None and maximum > constant * (1 - MARGIN):
        raise _reached("maximum", maximum, constant, what)


def _reached(kind: str, bound: float, constant: float, what: str) -> CheckError:
    return CheckError(f"The {kind} {number_text(bound)} for {what} is within reach of a constant answer, which has "
                      f"{number_text(constant)}; choose one further away, or another score.")
