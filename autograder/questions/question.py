"""A question, its answer, and all questions of one student. Pure."""

from __future__ import annotations

import unicodedata
from typing import Literal

from pydantic import Field

from autograder.model import Value

Group = Literal["network", "training", "outcome"]
"""What a question is about; a student gets one of each where the evidence allows."""


class Number(Value):
    """A number, and how far an accepted answer may be from it."""

    value: float = Field(allow_inf_nan=False)
    tolerance: float = Field(0.0, ge=0, allow_inf_nan=False)

    @property
    def words(self) -> str:
        """The number for people, with its tolerance where it has one."""
        return number(self.value) + (f" ± {number(self.tolerance)}" if self.tolerance else "")


class Choice(Value):
    """One right option and some wrong ones, in the order in which they are shown."""

    right: str
    options: tuple[str, ...]

    @property
    def words(self) -> str:
        """The right option."""
        return self.right


class Question(Value):
    """One question about one student's own work.

    Attributes:
        kind: which of the kinds in the documentation it is.
        task: the task that it is about, as people call it.
        how: for staff only: where the answer can be found, or how it is worked out.
        of_run: whether another run of the same notebook may have another answer.
    """

    kind: str
    group: Group
    task: str
    text: str
    answer: Number | Choice
    how: str
    of_run: bool = False


class Sheet(Value):
    """The questions of one student, and why there are not more."""

    student: str
    name: str = ""
    questions: tuple[Question, ...] = ()
    reasons: tuple[str, ...] = Field((), description="for staff, where there are fewer questions than wanted")


class Quiz(Value):
    """The questions of a class about one assignment."""

    assignment: str
    title: str
    wanted: int
    sheets: tuple[Sheet, ...] = ()


def number(value: float) -> str:
    """Return a number without needless digits: 401,920; 0.01; 98.7."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.6g}"


def plain_number(value: float) -> str:
    """Return a number as import formats expect it: a dot, no separators and no exponent."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10f}".rstrip("0").rstrip(".")


def one_line(text: str, longest: int = 2000) -> str:
    """Return text on one line, without characters that no reader sees: they could end or turn around a line."""
    kept = (" " if sign.isspace() else sign for sign in text
            if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())[:longest]
