"""Masks of embeddings in functional models, which Keras makes again when it rebuilds a model."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.artifacts.layer_spec import layout
from autograder.artifacts.masks import without_masks


def tensor(layer: str) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "keras_history": [layer, 0, 0]}}


def called(*args: Any, **kwargs: Any) -> list[dict[str, Any]]:
    return [{"args": list(args), "kwargs": kwargs}]


def reader(mask: Any = 0, *, mask_zero: bool = True, used: bool = False) -> dict[str, Any]:
    """Return a functional model of an embedding and an LSTM, as Keras serialises it."""
    layers: list[dict[str, Any]] = [
        {"class_name": "InputLayer", "name": "words", "config": {"batch_shape": [None, 4]}, "inbound_nodes": []},
        {"class_name": "Embedding", "name": "vectors", "config": {"mask_zero": mask_zero, "output_dim": 3},
         "inbound_nodes": called(tensor("words"))},
        {"class_name": "NotEqual", "name": "is_word", "config": {}, "inbound_nodes": called(tensor("words"), mask)},
        {"class_name": "LSTM", "name": "memory", "config": {"units": 2},
         "inbound_nodes": called(tensor("vectors"), mask=tensor("is_word"), training=False)},
    ]
    if used:
        layers.append({"class_name": "Multiply", "name": "counts", "config": {},
                       "inbound_nodes": called([tensor("memory"), tensor("is_word")])})
    return {"class_name": "Functional", "config": {"name": "reader", "layers": layers}}


def names(node: dict[str, Any]) -> list[str]:
    return [layer["name"] for layer in node["config"]["layers"]]


def test_what_keras_makes_itself_is_no_part_of_the_model() -> None:
    given = reader()
    found = without_masks(given)
    assert names(found) == ["words", "vectors", "memory"]
    assert found["config"]["layers"][-1]["inbound_nodes"] == called(tensor("vectors"), training=False)
    assert names(given) == ["words", "vectors", "is_word", "memory"], "the given one stays as it is"
    assert layout(found).chain and not layout(given).chain


@pytest.mark.parametrize("given", [reader(mask=1), reader(mask_zero=False), reader(mask=[0]), reader(used=True)])
def test_any_other_comparison_is_left_where_it_is(given: dict[str, Any]) -> None:
    assert without_masks(given) == given


def test_models_inside_models() -> None:
    outer = {"class_name": "Functional", "config": {"layers": [reader(), {"class_name": "Dense", "name": "out"}]}}
    assert names(without_masks(outer)["config"]["layers"][0]) == ["words", "vectors", "memory"]


@pytest.mark.parametrize("junk", [
    {}, {"config": 3}, {"config": {"layers": "no"}}, {"config": {"layers": [1, {}]}},
    {"config": {"layers": [{"class_name": "NotEqual", "inbound_nodes": [{"args": [{}, 0]}]}, {"inbound_nodes": [3]}]}},
    {"config": {"layers": [{"inbound_nodes": called({"class_name": "__keras_tensor__", "config": {
        "keras_history": [[], 0, 0]}})}]}},
])
def test_junk_stays_junk(junk: dict[str, Any]) -> None:
    assert without_masks(junk) == junk
