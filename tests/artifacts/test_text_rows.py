"""Rows made from texts: recovered by the vocabulary of Keras's own layer, and refused where it is something else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts import ArrayValue, LayerValue
from autograder.artifacts.text_rows import TextRows, recover_texts

RANDOM = np.random.RandomState(4)
WORDS = ["soup", "Bread", "was", "cold,", "it's", "Über", "ÉCLAIR", "good!", "naïve\u00a0one", "the\ttable",
         "semi;colon", "A-B"]
TEXTS = np.array([*(" ".join(RANDOM.choice(WORDS, RANDOM.randint(1, 9))) for _ in range(60)),
                  "unseen words here", "!"])
LAST = ["quite other", "the soup, the BREAD", "x" * 50]
pytestmark = pytest.mark.slow


def array_of(rows: np.ndarray, places: np.ndarray | None = None) -> ArrayValue:
    places = np.arange(0, len(rows), 2) if places is None else places
    return ArrayValue(type="numpy.ndarray", shape=rows.shape, dtype=str(rows.dtype), rows=rows[places], indices=places)


def made(**settings: Any) -> tuple[np.ndarray, np.ndarray, LayerValue]:
    """Return what a layer of Keras makes of the texts and of others, and its record."""
    import keras

    layer = keras.layers.TextVectorization(**settings)
    layer.adapt(TEXTS[:50].tolist())
    config = {name: value for name, value in layer.get_config().items() if name != "vocabulary"}
    words = tuple(str(word) for word in layer.get_vocabulary())
    return (np.array(layer(TEXTS.tolist())), np.array(layer(LAST)),
            LayerValue(name="TextVectorization", settings=config, vocabulary=words, size=len(words)))


@pytest.mark.parametrize("settings", [
    {"output_sequence_length": 5}, {"output_sequence_length": 30, "standardize": None},
    {"output_sequence_length": 12, "standardize": "lower", "max_tokens": 6},
    {"output_sequence_length": 12, "standardize": "strip_punctuation"}, {"output_mode": "multi_hot"},
    {"output_mode": "count", "max_tokens": 8},
    {"output_mode": "multi_hot", "max_tokens": 90, "pad_to_max_tokens": True},
    {"output_sequence_length": 20, "split": "character"},
], ids=str)
def test_what_keras_makes_of_texts_is_found_and_repeated(settings: dict[str, Any]) -> None:
    rows, others, layer = made(**settings)
    form = recover_texts(array_of(rows), TEXTS, [layer])
    assert form is not None
    assert np.array_equal(form.apply(TEXTS), rows) and np.array_equal(form.apply(np.array(LAST)), others)


@pytest.mark.parametrize("settings", [
    {}, {"output_sequence_length": 2, "split": None}, {"output_mode": "tf_idf"},
    {"output_sequence_length": 9, "ngrams": 2},
], ids=["no length", "whole texts", "weights", "pairs"])
def test_other_rules_are_not_guessed(settings: dict[str, Any]) -> None:
    rows, _, layer = made(**settings)
    assert recover_texts(array_of(rows), TEXTS, [layer]) is None


def test_rows_of_a_division_of_the_students_own_are_found_in_any_order() -> None:
    rows, _, layer = made(output_sequence_length=8)
    chosen = rows[np.random.RandomState(1).permutation(len(rows))[:40]]
    assert recover_texts(array_of(chosen), TEXTS, [layer]) is not None


def test_rows_that_the_layer_does_not_make_prove_nothing() -> None:
    rows, _, layer = made(output_sequence_length=8)
    wrong = rows.copy()
    wrong[4, 0] += 1
    assert recover_texts(array_of(wrong), TEXTS, [layer]) is None
    other = LayerValue(name=layer.name, settings=layer.settings, vocabulary=("", "[UNK]", "soup"), size=3)
    assert recover_texts(array_of(rows), TEXTS, [other]) is None
    assert recover_texts(array_of(rows), TEXTS, [other, layer]) is not None, "the one that fits is found among others"


def test_words_that_were_not_recorded_make_a_person_look() -> None:
    rows, _, layer = made(output_sequence_length=8)
    cut = LayerValue(name=layer.name, settings=layer.settings, vocabulary=layer.vocabulary, size=9_000)
    assert recover_texts(array_of(rows), TEXTS, [cut]) is None
    assert recover_texts(array_of(rows), TEXTS, []) is None
    assert recover_texts(array_of(rows[:3], np.arange(3)), TEXTS, [layer]) is None, "three rows prove nothing"


def test_an_unknown_word_has_the_number_of_unknown_words() -> None:
    assert TextRows(words=("", "[UNK]", "soup"), width=3).apply(np.array(["Soup of day"])).tolist() == [[2, 1, 1]]
