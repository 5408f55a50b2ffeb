"""The outcome of a call that the grader made to a student's function, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.artifacts.values import Array, MappingValue, ModelValue, SequenceValue, Value


@dataclass(frozen=True, kw_only=True, slots=True)
class CallOutcome:
    """The outcome of one call that the grader made to a student's function.

    Attributes:
        value: what it returned; None where it did not return.
        whole: the returned array (or list of numbers) whole, None for one of more than 20,000 numbers and for
            everything else.
        error: type and first line of the exception, None where it returned.
        missing: there was no object of this name.
        parts: the items of a returned list, tuple or dict that are such arrays, whole, by position as text or key.
        arguments: what the call left in its arguments, by position as text or by name: models, lists and dicts, and
            arrays that it changed in place.
    """

    value: Value | None = None
    whole: Array | None = None
    error: str | None = None
    missing: bool = False
    parts: Mapping[str, Array] = field(default_factory=dict)
    arguments: Mapping[str, CallOutcome] = field(default_factory=dict)

    @property
    def models(self) -> tuple[ModelValue, ...]:
        """Every model that it returned, alone or in a list, a tuple or a dict, or left in an argument."""
        found = _models_in(self.value)
        return (*found, *(model for left in self.arguments.values() for model in left.models))


def _models_in(value: Value | None) -> tuple[ModelValue, ...]:
    if isinstance(value, ModelValue):
        return (value,)
    items: tuple[Value, ...] = ()
    if isinstance(value, SequenceValue):
        items = value.items
    elif isinstance(value, MappingValue):
        items = tuple(value.items.values())
    return tuple(item for item in items if isinstance(item, ModelValue))
