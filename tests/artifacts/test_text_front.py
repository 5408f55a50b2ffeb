"""A model whose first layer takes texts: what is rebuilt of it, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts.architecture import canonical
from autograder.artifacts.model_record import read_model
from autograder.artifacts.text_front import are_rows_of, split_front
from autograder.errors import ArtifactError

WORDS = ["", "[UNK]", "soup", "cold"]
SETTINGS = {"output_mode": "int", "output_sequence_length": 6, "standardize": "lower", "split": "whitespace",
            "ngrams": None, "ragged": False, "max_tokens": None, "pad_to_max_tokens": False}
RECORDED = {"kind": "layer", "class": "TextVectorization", "settings": SETTINGS, "vocabulary": WORDS, "size": 4}


def layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": kind, "registered_name": None, "config": config}


def model(*layers: dict[str, Any]) -> dict[str, Any]:
    start = layer("InputLayer", batch_shape=[None, 1], dtype="string", name="words")
    return {"module": "keras", "class_name": "Sequential", "registered_name": "Sequential",
            "config": {"name": "m", "layers": [start, *layers]}}


VECTORIZE = layer("TextVectorization", name="vectorize", **SETTINGS)
BEHIND = (layer("Embedding", name="e", input_dim=4, output_dim=2), layer("GlobalAveragePooling1D", name="g"),
          layer("Dense", name="d", units=1, activation="sigmoid", use_bias=True))


def test_the_layers_behind_are_a_model_that_takes_rows_of_numbers() -> None:
    split = split_front(model(VECTORIZE, *BEHIND), RECORDED)
    assert split is not None
    rows, behind = split
    assert (rows.words, rows.width, rows.mode, rows.standardize) == (tuple(WORDS), 6, "int", "lower")
    kept = canonical(behind)["config"]["layers"]
    assert [one["class_name"] for one in kept] == ["InputLayer", "Embedding", "GlobalAveragePooling1D", "Dense"]
    assert kept[0]["config"]["batch_shape"] == [None, 6]


def test_the_record_shows_all_layers_and_counts_the_weights() -> None:
    weights = {"w0": np.zeros((4, 2), np.float32), "w1": np.zeros((2, 1), np.float32), "w2": np.zeros(1, np.float32)}
    document = {"built": True, "class": "Sequential", "architecture": model(VECTORIZE, *BEHIND), "vectorizer": RECORDED}
    record = read_model(document, weights, model=1, version=1)
    assert record.unsupported is None and record.texts is not None and record.texts.width == 6
    assert [one.class_name for one in record.layers][:2] == ["TextVectorization", "Embedding"]
    assert record.total_parameters == 11
    fewer = read_model(document, {"w0": weights["w0"]}, model=1, version=1)
    assert fewer.unsupported is not None and fewer.architecture == {}


def test_a_model_that_takes_numbers_is_as_it_was() -> None:
    assert split_front(model(*BEHIND), RECORDED) is None
    assert split_front(model(BEHIND[0], VECTORIZE), RECORDED) is None, "refused elsewhere: the layer is on no list"
    assert split_front({"config": []}, None) is None


@pytest.mark.parametrize("changed", [
    {"vocabulary": None}, {"size": 5}, {"vocabulary": [*WORDS[:3], "x" * 200]},
    {"settings": {**SETTINGS, "encoding": "latin-1"}}, {"settings": {**SETTINGS, "output_sequence_length": None}},
    {"settings": {**SETTINGS, "standardize": "own"}}, {"settings": {**SETTINGS, "ngrams": 2}},
    {"settings": {**SETTINGS, "output_mode": "tf_idf"}}, {"settings": {**SETTINGS, "output_sequence_length": 10**9}},
    {"settings": {**SETTINGS, "output_sequence_length": True}}, {"settings": None}, {"class": "StringLookup"},
])
def test_rows_that_cannot_be_made_here_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ArtifactError, match="TextVectorization cannot be applied by the grader"):
        split_front(model(VECTORIZE, *BEHIND), {**RECORDED, **changed})
    with pytest.raises(ArtifactError, match="one chain"):
        split_front(model(VECTORIZE), RECORDED)


def test_only_texts_of_the_data_set_are_evaluated() -> None:
    texts = np.array(["a long text", "b", "c"])
    assert are_rows_of(("b", "a long text"), texts, 500) and are_rows_of(("a lo",), texts, 4)
    assert not any(are_rows_of(kept, texts, 500) for kept in (("b", "x"), ("a lo",), (), None))
