"""Every number that a model carries counts, wherever it is kept; settings do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.artifacts import ModelValue, read
from autograder.artifacts.architecture import MAX_CALLS, canonical
from autograder.artifacts.carried import FREE_NUMBERS, calls_of, carried_numbers
from autograder.artifacts.model_record import read_model
from autograder.errors import ArtifactError
from autograder.workspace.artifact_folder import FolderSource

Make = Callable[..., dict[str, Any]]
MANY = [[float(number + row) for number in range(50)] for row in range(4)]


def operation(kind: str, *args: Any, module: str = "keras.src.ops.numpy", **kwargs: Any) -> dict[str, Any]:
    return {"module": module, "class_name": kind, "registered_name": kind, "name": kind, "config": {"name": kind},
            "inbound_nodes": [{"args": [tensor("in"), *args], "kwargs": kwargs}]}


def tensor(name: str) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "dtype": "float32",
                                                         "keras_history": [name, 0, 0]}}


def array(values: Any, kind: str = "__numpy__") -> dict[str, Any]:
    return {"class_name": kind, "config": {"value": values, "dtype": "float32"}}


def carriers() -> dict[str, dict[str, Any]]:
    """Return the ways to put 200 numbers into a model outside its weights."""
    def one(kind: str, **config: Any) -> dict[str, Any]:
        return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}

    return {
        "matmul with an array": operation("Matmul", array(MANY)),
        "matmul with a tensor": operation("Matmul", array(MANY, "__tensor__")),
        "an array by name": operation("Matmul", x2=array(MANY)),
        "a list": operation("Add", [number for row in MANY for number in row]),
        "a list of whole numbers": operation("Add", list(range(200))),
        "the same number again and again": operation("Add", array([1.0] * 200)),
        "mixed with tensors": operation("Stack", [tensor("in"), *range(200)]),
        "rescaling": one("Rescaling", scale=MANY, offset=0.0),
        "rescaling by an array": one("Rescaling", scale=1.0, offset=array(MANY)),
        "normalization": one("Normalization", mean=MANY[:2], variance=MANY[2:]),
        "sides that are none": one("Reshape", target_shape=list(range(200))),
        "fractions as sides": one("Reshape", target_shape=[0.5] * 200),
        "inside a wrapper": one("TimeDistributed", layer=one("Rescaling", scale=MANY)),
        "an activation layer": one("Dense", units=3, activation=one("Rescaling", scale=MANY)),
        "truth values": operation("Multiply", array([True, False] * 100)),
        "numbers as texts": one("Rescaling", scale=["0.5"] * 200),
    }


def test_the_record_of_a_model_counts_them_too(sequential: Make) -> None:
    record = read_model({"architecture": sequential(carriers()["numbers as texts"])}, {}, model=1, version=1)
    assert record.carried_numbers == record.total_parameters >= 200


@pytest.mark.parametrize("name", carriers())
def test_numbers_outside_the_weights_count(name: str, sequential: Make) -> None:
    assert carried_numbers(sequential(carriers()[name])) >= 200
    assert carried_numbers(sequential(sequential(sequential(carriers()[name])))) >= 200
    twice = sequential(carriers()[name], sequential(carriers()[name]))
    assert carried_numbers(twice) >= 400


def test_single_numbers_count_once_they_are_more_than_a_few(sequential: Make) -> None:
    few = [operation("Multiply", 0.5 + number) for number in range(FREE_NUMBERS)]
    assert carried_numbers(sequential(*few)) == 0
    assert carried_numbers(sequential(*few, operation("Multiply", 0.1), operation("Add", 0.2))) == FREE_NUMBERS + 2
    assert carried_numbers(sequential(*[operation("Multiply", 0.5)] * 400)) == 0


def test_settings_of_honest_models_do_not_count(layer: Make, sequential: Make) -> None:
    honest = [
        layer("Rescaling", scale=1 / 255, offset=0.0), layer("Normalization", axis=[-1], mean=0.13, variance=0.09),
        layer("Reshape", target_shape=[28, 28, 1]), layer("ZeroPadding2D", padding=[[1, 1], [2, 2]]),
        *[layer("Conv2D", filters=n, kernel_size=[n, n], strides=[1, 1], dilation_rate=[1, 1], groups=1,
                kernel_initializer=layer("Constant", value=MANY), kernel_regularizer={"config": {"l2": 0.01 + n}})
          for n in range(1, 40)],
        *[layer("BatchNormalization", momentum=0.9 + n / 1000, epsilon=1e-3, axis=-1) for n in range(60)],
        *[layer("Dropout", rate=n / 100, seed=n) for n in range(60)],
        layer("RandomTranslation", height_factor=[-0.1, 0.1], width_factor=0.1, fill_value=0.0, seed=7),
    ]
    assert carried_numbers(sequential(*honest)) == 0


@pytest.mark.slow
@pytest.mark.rotates(part=3)
def test_real_models_keep_the_count_that_keras_gives(recorded: tuple[Path, dict[str, int]]) -> None:
    folder, numbers = recorded
    artifacts = read(FolderSource(folder), sampling_key="00")
    records = {name: artifacts.model(ModelValue(model=number, version=1)) for name, number in numbers.items()}
    carrying = {name: record.carried_numbers for name, record in records.items() if record.carried_numbers}
    assert carrying == {"constants": 201}  # two arrays, and the factor of 0.5
    assert records["constants"].total_parameters == records["constants"].weight_count + 201 == 10 * 11 + 201


def test_calls_are_counted_through_nested_and_shared_models(layer: Make, sequential: Make) -> None:
    inner = sequential(*[layer("Identity")] * 9)

    def shared(model: dict[str, Any]) -> dict[str, Any]:
        return {**model, "inbound_nodes": [{"args": [tensor("in")], "kwargs": {}}] * 10}

    assert calls_of(sequential(*[layer("Identity")] * 9)) == 10
    assert calls_of(sequential(shared(inner))) == 101
    assert calls_of(sequential(layer("TimeDistributed", layer=shared(inner)))) == 12
    bomb = inner
    for _ in range(4):
        bomb = sequential(shared(bomb))
    with pytest.raises(ArtifactError, match=f"at most {MAX_CALLS:,} are rebuilt"):
        canonical(bomb)


def test_layers_of_nested_models_count_together(layer: Make, sequential: Make) -> None:
    with pytest.raises(ArtifactError, match="500 layers"):
        canonical(sequential(*[sequential(*[layer("Identity")] * 100) for _ in range(6)]))


@pytest.mark.parametrize("values", ["0.5", ["0.5", "1"], [[0.5, None]], {"value": 1}, [{}]])
def test_an_array_of_texts_is_refused(values: Any, sequential: Make) -> None:
    with pytest.raises(ArtifactError, match="an array that is not numeric"):
        canonical(sequential(operation("Add", array(values))))


def test_only_own_penalties_are_kept(layer: Make, sequential: Make) -> None:
    def kept(**changes: Any) -> Any:
        node = {"module": "keras.regularizers", "class_name": "L2", "registered_name": None, "config": {"l2": 0.5}}
        made = canonical(sequential(layer("Dense", units=3, kernel_regularizer=node | changes)))
        return made["config"]["layers"][1]["config"]["kernel_regularizer"]

    assert kept() == {"module": "keras.regularizers", "class_name": "L2", "registered_name": None,
                      "config": {"l2": 0.5}}
    for other in ({"module": "__main__"}, {"registered_name": "own>L2"}, {"class_name": "Own"}, {"config": {"l2": "x"}},
                  {"module": None}, {"config": None}):
        assert kept(**other) is None
    assert json.dumps(kept(config={"l2": 0.5, "extra": {"class_name": "Lambda"}}))
