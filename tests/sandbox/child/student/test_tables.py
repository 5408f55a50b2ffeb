"""Small tables of pandas are recorded as dicts of their columns too, those with numbers as arrays besides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from autograder.sandbox.child.student.array_book import ArrayBook
from autograder.sandbox.child.student.describer import Describer


def described(value: Any) -> dict[str, Any]:
    return Describer(ArrayBook("00", 16), lambda _: None).one(value)


def plain(node: dict[str, Any]) -> Any:
    if node["kind"] == "sequence":
        return [plain(item) for item in node["items"]]
    return {key: plain(item) for key, item in node["items"].items()} if node["kind"] == "mapping" else node["value"]


def test_a_table_with_other_things_than_numbers_is_a_dict_of_its_columns() -> None:
    results = {"mean_test_score": [0.5, 0.75], "param_model_kwargs": [{"optimizer": "SGD"}, {"optimizer": "Adam"}]}
    node = described(pd.DataFrame(results))
    assert node["kind"] == "mapping" and node["length"] == 2 and plain(node) == results


def test_a_table_of_numbers_is_an_array_and_a_dict() -> None:
    node = described(pd.DataFrame({"loss": [2.0, 1.0], "accuracy": [0.25, 0.5]}))
    assert node["kind"] == "array" and node["shape"] == [2, 2]
    assert {key: plain(item) for key, item in node["items"].items()} == {"loss": [2.0, 1.0], "accuracy": [0.25, 0.5]}


def test_a_series_with_labels_is_an_array_and_a_dict() -> None:
    node = described(pd.Series([0.87, 0.95], index=["SGD", "Adam"]))
    assert node["kind"] == "array" and {key: plain(item) for key, item in node["items"].items()} == {
        "SGD": 0.87, "Adam": 0.95}


@pytest.mark.parametrize("table", [
    pd.DataFrame(np.zeros((201, 201)), columns=list(map(str, range(201)))), pd.DataFrame(np.zeros((3, 3))),
    pd.Series([1, 2])])
def test_long_tables_and_those_without_names_are_arrays_only(table: Any) -> None:
    assert described(table)["kind"] == "array" and "items" not in described(table)


def test_a_long_table_has_its_columns_as_arrays() -> None:
    node = described(pd.DataFrame(np.zeros((201, 3)), columns=["a", "b", "c"]))
    assert node["kind"] == "array" and {name: item["shape"] for name, item in node["items"].items()} == {
        "a": [201], "b": [201], "c": [201]}
    mixed = described(pd.DataFrame({"word": ["a"] * 300, "number": np.arange(300)}))
    assert mixed["kind"] == "mapping" and mixed["items"]["word"]["texts"] == ["a"] * 16
    assert mixed["items"]["number"]["max"] == 299
