"""What all subjects share: the wording of messages, and the record of evidence."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from autograder.artifacts import (
    ArrayValue,
    CallbackValue,
    DatasetValue,
    FigureValue,
    FunctionValue,
    HistoryValue,
    LayerValue,
    MappingValue,
    ModelValue,
    OtherValue,
    ScalarValue,
    SequenceValue,
    TextValue,
    Value,
)
from autograder.checks.outcome import Evidence
from autograder.model import Basis

RETURNS_SUBJECT = "returns_subject"
"""Attribute of assertions: they return the subject that they are about."""


class Subject:
    """A part of the student's work to make assertions about. Each assertion returns the subject, for chaining."""

    def __init__(self, name: str, evidence: Evidence) -> None:
        self.name = name
        self.evidence = evidence

    @property
    def quoted(self) -> str:
        """The name as messages show it."""
        return f"`{self.name}`"


S = TypeVar("S", bound=Subject)
P = ParamSpec("P")
Assertion = Callable[Concatenate[S, P], S]


def _recording(basis: Basis) -> Callable[[Callable[Concatenate[S, P], None]], Assertion[S, P]]:
    def decorate(assertion: Callable[Concatenate[S, P], None]) -> Assertion[S, P]:
        @functools.wraps(assertion)
        def recorded(subject: S, /, *args: P.args, **kwargs: P.kwargs) -> S:
            subject.evidence.note(basis, assertion.__name__)
            assertion(subject, *args, **kwargs)
            return subject

        recorded.__dict__[RETURNS_SUBJECT] = True
        recorded.__doc__ = f"{assertion.__doc__}\n\n        Basis: {basis.value}."
        return recorded

    return decorate


def measured(assertion: Callable[Concatenate[S, P], None]) -> Assertion[S, P]:
    """Mark an assertion that recomputes its evidence from weights, layers or sampled rows."""
    return _recording(Basis.MEASURED)(assertion)


def claimed(assertion: Callable[Concatenate[S, P], None]) -> Assertion[S, P]:
    """Mark an assertion that repeats what the student's process says."""
    return _recording(Basis.CLAIMED)(assertion)


def describe(value: Value) -> str:
    """Return in words what a value is: ``a list of 3 items``."""
    match value:
        case ArrayValue():
            return f"an array of shape {shape_text(value.shape)}"
        case ScalarValue(value=None):
            return "None"
        case ScalarValue(value=bool()):
            return "a boolean (True or False)"
        case ScalarValue():
            return f"the number {number_text(value.value)}"
        case TextValue():
            return "text"
        case SequenceValue() | MappingValue():
            return f"a {value.type} of {value.length} item{'' if value.length == 1 else 's'}"
        case ModelValue():
            return "a Keras model"
        case HistoryValue():
            return "what `fit` returned"
        case FunctionValue():
            return "a function"
        case CallbackValue():
            return f"{article(value.name)} {value.name[:80]} callback"
        case LayerValue():
            return f"{article(value.name)} {value.name[:80]} layer"
        case DatasetValue():
            return "a `tf.data.Dataset`"
        case FigureValue():
            return "a figure"
        case OtherValue():
            return f"an object of type {value.type[:80]}"


def article(word: str) -> str:
    """Return the article of a word: ``an`` for EarlyStopping, ``a`` for CSVLogger."""
    return "an" if word[:1] in "AEIOUaeiou" else "a"


def shape_text(shape: Sequence[int | None]) -> str:
    """Return a shape as Python writes it, open axes as None: ``(None, 784)``."""
    inner = ", ".join(str(side) for side in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def whole_shape(shape: Sequence[int | tuple[int, ...]]) -> tuple[int, ...]:
    """Return the shape that an assertion was given, as numbers or as one tuple."""
    flat: list[int] = []
    for side in shape:
        flat.extend([side] if isinstance(side, int) else side)
    return tuple(flat)


def number_text(value: float | None) -> str:
    """Return a number in readable form: at most four digits after the point or before the exponent."""
    if value is None:
        return "nothing"
    if isinstance(value, int):
        # A student's integer may have thousands of digits, which Python refuses to write out.
        return str(value) if abs(value) < 10**15 else f"a whole number of {value.bit_length()} bits"
    if not math.isfinite(value):
        return "NaN (not a number)" if math.isnan(value) else "infinite"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e6:
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return f"{value:.3g}"


def as_float(value: object) -> float | None:
    """Return a number as a float, infinite where it is too large for one; None for booleans and everything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: ``accuracy and val_loss``."""
    if len(names) < 2:
        return "".join(names) or "nothing"
    return f"{', '.join(names[:-1])} and {names[-1]}"
