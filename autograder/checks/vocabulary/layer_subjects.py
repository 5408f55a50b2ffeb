"""Assertions about single layers that prepare texts or numbers: their settings, and the words that they learned."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.artifacts import LayerValue, Value
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary import keras_names, layer_values
from autograder.checks.vocabulary.subject import Subject, article, claimed, describe

RESERVED = frozenset({"", "[UNK]", "-1", "0"})
"""What stands for padding and for unknown words, which is no word that was learned."""


class LayerSubject(Subject):
    """A single layer of Keras's in the student's notebook, such as ``TextVectorization`` or ``StringLookup``."""

    def __init__(self, name: str, value: LayerValue, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self._value = value

    @claimed
    def has_settings(self, /, **settings: object) -> None:
        """The layer has these settings, given or by default: ``has_settings(output_sequence_length=50)``.

        Raises:
            CheckFailed: a setting differs.
            CheckError: Keras's layer has no such setting.
            Unjudged: a setting was not recorded.
        """
        kind = self._value.name
        keras_names.require_settings(kind, settings, keras_names.LAYERS.get(kind, frozenset(settings)))
        for key, wanted in settings.items():
            if key not in self._value.settings:
                raise Unjudged(f"The setting `{key}` of {self.quoted} was not recorded; a person will look at it.",
                               f"the configuration of the {kind} layer has no {key}")
            seen = self._value.settings[key]
            if not layer_values.fits(key, seen, wanted):
                raise CheckFailed(f"{self.quoted} has {key.replace('_', ' ')} {layer_values.text(key, seen)}.",
                                  f"`{key}={wanted!r}`."[:200])

    @claimed
    def has_vocabulary(self, words: Sequence[str]) -> None:
        """The learned words are these, in any order; unknown words and padding do not count.

        Raises:
            CheckFailed: one is missing, or there is another.
            Unjudged: the vocabulary was not recorded as a whole.
        """
        own = self._learned()
        missing = [word for word in words if word not in own]
        more = own - set(words)
        if missing or more:
            which = f"without “{missing[0][:40]}”" if missing else f"with “{min(more)[:40]}”"
            raise CheckFailed(f"The vocabulary of {self.quoted} has {len(own):,} words, {which}.",
                              f"The {len(set(words)):,} words of the training texts.",
                              "Was `adapt` called with the training texts, all of them and no others?")

    @claimed
    def knows(self, *words: str) -> None:
        """At least these words were learned."""
        own = self._learned()
        missing = [word for word in words if word not in own]
        if missing:
            raise CheckFailed(f"{self.quoted} does not know “{missing[0][:40]}”.", "A vocabulary with this word.",
                              "Was `adapt` called with the training texts?")

    def _learned(self) -> set[str]:
        words, size = self._value.vocabulary, self._value.size
        if words is None or size is None or size > len(words):
            raise Unjudged(f"The vocabulary of {self.quoted} could not be read; a person will look at it.",
                           "it was not recorded, or is too long")
        return set(words) - RESERVED


def layer_of(name: str, value: Value, kind: str, evidence: Evidence) -> LayerSubject:
    """Return the layer of a class that a value is.

    Raises:
        CheckFailed: it is something else.
        CheckError: Keras has no such layer.
    """
    wanted = keras_names.known_layer(kind)
    if isinstance(value, LayerValue) and keras_names.ALIASES.get(value.name, value.name) == wanted:
        return LayerSubject(name, value, evidence)
    raise CheckFailed(f"`{name}` is {describe(value)}.", f"{article(wanted).capitalize()} {wanted} layer.")
