"""What an expression of a hidden check is, as far as its text says: the student's work, a model, an array … Pure."""

from __future__ import annotations

import difflib
import functools
import inspect
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.checks.ground_truth import CourseData, Holdout, ReferenceView
from autograder.checks.student import Student
from autograder.checks.vocabulary.subject import RETURNS_SUBJECT

FIXTURES: Mapping[str, type] = {
    "student": Student, "holdout": Holdout, "reference": ReferenceView, "data": CourseData, "sizes": dict,
}
_FOLLOWED = "autograder.checks."
"""Only methods of our own classes are looked up."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What an expression is.

    Attributes:
        type: the class of its value.
        task: the checkpoint that it is about, None where this is unknown.
        name: by which it was found: the name of a model, the class of a callback; None where this is unknown.
    """

    type: type
    task: str | None = None
    name: str | None = None


def method(kind: Kind, name: str) -> Any:
    """Return a method or property of a kind; None where it has none, or is a class that is not ours."""
    return inspect.getattr_static(kind.type, name, None)


def nearest(kind: Kind, name: str) -> str | None:
    """Return the public method with the most similar name."""
    known = [one for one in dir(kind.type) if not one.startswith("_")]
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.6)), None)


def result(kind: Kind, called: Any, arguments: Sequence[Any]) -> Kind | None:
    """Return what a method returns, None where its annotations do not say.

    Args:
        called: what `method` has returned.
        arguments: the constants among the positional arguments, None for others.
    """
    called = called.fget if isinstance(called, property) else called
    if getattr(called, RETURNS_SUBJECT, False):
        return kind
    found = _returned(called)
    if found is None:
        return None
    texts = [one for one in arguments if isinstance(one, str)]
    if kind.type is Student and called.__name__ == "at":
        return Kind(type=found, task=texts[0] if texts else None)
    own = [texts[-1] if called.__name__ in ("callback", "layer") else texts[0]] if texts else []
    named = own[0] if own and (kind.type is Student or called.__name__ == "callback") else kind.name
    return Kind(type=found, task=kind.task, name=named)


@functools.cache
def _returned(called: Any) -> type | None:
    """Return the class that a function's annotation names, if it is one of ours."""
    try:
        found = typing.get_type_hints(inspect.unwrap(called)).get("return")
    except (NameError, TypeError):
        return None
    return found if isinstance(found, type) and found.__module__.startswith(_FOLLOWED) else None


def misuse(called: Any, positional: int, keywords: Sequence[str], *, bound: bool) -> str | None:
    """Return why a function cannot be called with these arguments, None where it can.

    Args:
        bound: whether the function is a method, so that its first parameter is the object itself.
    """
    try:
        signature = inspect.signature(called)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*[None] * (positional + bound), **dict.fromkeys(keywords))
    except TypeError as error:
        return str(error)
    return None
