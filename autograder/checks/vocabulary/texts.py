"""Assertions about lists of texts: reviews, names of classes, a column of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.artifacts import Array, ArrayValue, OtherValue, SequenceValue, TextValue, Value
from autograder.artifacts.checkpoints import MAX_TEXT
from autograder.artifacts.values import SAMPLED_TEXT
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.subject import Subject, describe, measured

SHOWN = 60
"""Characters of a text that a message shows."""


class TextsSubject(Subject):
    """A list, array or column of texts, some of which were recorded.

    Args:
        texts: the recorded ones, at ``places`` of all ``length``.
    """

    def __init__(self, name: str, evidence: Evidence, texts: Sequence[str], places: Array, length: int) -> None:
        super().__init__(name, evidence)
        self.length = length
        self._texts = tuple(texts)
        self._places = places

    @measured
    def has_length(self, count: int) -> None:
        """There are this many texts."""
        if self.length != count:
            raise CheckFailed(f"{self.quoted} has {self.length:,} texts.", f"{count:,}.")

    @measured
    def equals_rows_of(self, raw: Sequence[str]) -> None:
        """Text i is ``raw[i]``, compared at places that the grader draws."""
        if self.length > len(raw):
            raise CheckFailed(f"{self.quoted} has {self.length:,} texts.", f"At most {len(raw):,}.")
        for place, text in zip(self._places.tolist(), self._texts, strict=True):
            if not _same(text, raw[place]):
                raise CheckFailed(f"Text {place} of {self.quoted}, counted from 0, is “{text[:SHOWN]}”.",
                                  f"“{raw[place][:SHOWN]}”.", "Are they in the same order, and unchanged?")

    @measured
    def contains_only(self, *choices: str) -> None:
        """Every text that the grader looked at is one of these: for names of classes."""
        other = next((text for text in self._texts if not any(_same(text, choice) for choice in choices)), None)
        if other is not None:
            raise CheckFailed(f"{self.quoted} contains “{other[:SHOWN]}”.", f"One of: {', '.join(choices)}.")


def count_texts(value: Value | None) -> int:
    """Return how many texts a list or an array of texts has; 0 for anything else."""
    if isinstance(value, SequenceValue):
        return value.length if value.texts else 0
    return value.shape[0] if isinstance(value, ArrayValue) and value.texts and value.shape else 0


def _same(text: str, raw: str) -> bool:
    """Whether a recorded text is this one; of a long text only the beginning was recorded."""
    return text == raw or (len(text) in (SAMPLED_TEXT, MAX_TEXT) and raw.startswith(text))


def texts_of(name: str, value: Value, evidence: Evidence, places: Callable[[int], Array]) -> TextsSubject:
    """Return the texts that a value contains.

    Args:
        places: length → the places that are sampled.

    Raises:
        CheckFailed: it is something else, or contains something else.
        Unjudged: its texts were not recorded.
    """
    if not isinstance(value, (ArrayValue, SequenceValue)):
        raise CheckFailed(f"`{name}` is {describe(value)}.", "A list of texts.")
    items = value.items if isinstance(value, SequenceValue) else ()
    length = value.length if isinstance(value, SequenceValue) else next(iter(value.shape), 0)
    if not length:
        raise CheckFailed(f"`{name}` is empty.", "A list of texts.")
    # What no longer fitted into the record of a checkpoint has only its type.
    only = all(isinstance(item, TextValue) or item == OtherValue(type="str") for item in items)
    if value.texts is not None:
        sampled = places(length)
        if len(sampled) == len(value.texts):
            return TextsSubject(name, evidence, value.texts, sampled, length)
    own = [item.value for item in items if isinstance(item, TextValue)]
    if own and len(own) == length:
        return TextsSubject(name, evidence, own, np.arange(length), length)
    texts = only if isinstance(value, SequenceValue) else value.dtype.startswith(("<U", "object", "str", "string"))
    if value.texts is not None or texts:
        raise Unjudged(f"The texts of `{name}` could not be read; a person will look at it.",
                       f"a {value.type} of {length:,} items whose sampled texts are missing")
    raise CheckFailed(f"`{name}` is {describe(value)}.", "A list of texts.")
