"""What is read of a stored run, and what is left out of it: on a crafted recording, without Keras."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import read
from autograder.artifacts.layer_sizes import layer_sizes
from autograder.artifacts.model_record import read_model
from autograder.artifacts.sampling import sample_indices
from autograder.errors import ArtifactError
from autograder.pipeline.quiz import count_confusions
from autograder.pipeline.reading.question_facts import find_facts
from autograder.questions import Evidence
from tests.artifacts.crafted import recording

KEY = "0123456789abcdef"
Change = Callable[[dict[str, Any], dict[str, Any]], object]
"""Gets the line of task a, and the first fit in it."""


class Memory:
    """Artifacts in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def names(self) -> tuple[str, ...]:
        return tuple(self.files)

    def read(self, name: str, limit: int) -> bytes:
        if len(self.files[name]) > limit:
            raise ArtifactError("too large.")
        return self.files[name]


def facts(
    change: Change = lambda line, fit: None, files: dict[str, bytes] | None = None, *, doubted: tuple[str, ...] = (),
) -> Evidence:
    lines = recording.lines()
    fit = lines[0]["fits"][0]
    fit |= {"steps": 8, "history": {"loss": [1.0, 0.5], "val_loss": [1.0, 0.6], "lr": [0.1, 0.1]}}
    change(lines[0], fit)
    text = b"\n".join(json.dumps(line).encode() for line in lines)
    found = read(Memory({**recording.files(), "checkpoints.jsonl": text, **(files or {})}), sampling_key=KEY)
    keys = [("a", "m", "X"), ("a", "m", "no"), ("c", "m", "X")]
    return find_facts(found, tasks=("a", "b"), doubted=doubted, keys=keys)


def test_layers_training_and_test_array_are_read() -> None:
    found = facts()
    [network, branched] = found.networks
    assert (network.name, network.task, network.optimizer, network.learning_rate) == ("m", "a", "sgd", 0.01)
    assert [(one.kind, one.parameters, one.inputs, one.output, one.rate) for one in network.layers] == [
        ("Dense", 28, 6, (4,), None), ("Dropout", 0, None, (4,), 0.2), ("Dense", 15, 4, (3,), None)]
    assert network.total == 43 and network.input == (6,)
    assert branched.layers == () and any("no plain chain" in said for said in found.left_out)
    [training] = found.trainings
    assert (training.given, training.examples, training.batch_size, training.updates) == (40, 32, 8, 4)
    assert training.stops_early and training.curves == {"loss": (1.0, 0.5), "val_loss": (1.0, 0.6)}
    assert [(one.task, one.name, one.state, one.rows) for one in found.tested] == [("a", "m", "model-1-1", 40)]
    assert found.confusions == ()


@pytest.mark.parametrize("change, said", [
    (lambda line, fit: fit.update(steps=9), "9 times and not 8 times"),
    (lambda line, fit: fit.update(completed=False), "incomplete or contradicts itself"),
    (lambda line, fit: fit.update(x={"type": "tf.data.Dataset"}), "not recorded"),
    (lambda line, fit: fit.update(batch_size=None), "not recorded"),
    (lambda line, fit: fit.update(history={"loss": [1.0, 0.5, 0.4]}), "does not fit its epochs"),
    (lambda line, fit: fit.update(history={"loss": [1.0, "nan"]}), "does not fit its epochs"),
    (lambda line, fit: line["fits"].append(fit), "called 2 times"),
])
def test_a_training_that_contradicts_itself_is_left_out(change: Change, said: str) -> None:
    found = facts(change)
    assert found.trainings == () and any(said in sentence for sentence in found.left_out)


def test_a_network_that_did_not_prove_to_be_the_recorded_one_is_left_out() -> None:
    found = facts(doubted=("model-1-1",))
    assert [one.task for one in found.networks] == ["b"] and found.tested == ()
    assert any("does not answer as it did" in said for said in found.left_out)


def test_a_rate_that_changes_is_not_one_learning_rate() -> None:
    found = facts(lambda line, fit: fit.update(callbacks=["ReduceLROnPlateau"]))
    assert found.networks[0].learning_rate is None


@pytest.mark.parametrize("name", ["a b", "x" * 41, "<b>", "=1", "", "a\u202eb"])
def test_a_name_that_is_no_variable_is_left_out(name: str) -> None:
    def rename(line: dict[str, Any], _: dict[str, Any]) -> None:
        line["names"][name] = line["names"].pop("m")

    found = facts(rename)
    assert [one.task for one in found.networks] == ["b"] and any("cannot be printed" in said for said in found.left_out)


def test_a_record_without_weights_makes_no_question() -> None:
    found = facts(files={"weights-1-1.npz": b"no zip"})
    assert [one.task for one in found.networks] == ["b"] and any("weights were not recorded" in said
                                                                for said in found.left_out)


def matrix(counts: Any, **changed: Any) -> tuple[Change, dict[str, bytes]]:
    """Return a student's own array ``confusion``, recorded whole."""
    array = np.asarray(counts)
    rows = array[sample_indices(KEY, len(array), 64)]
    memory = io.BytesIO()
    np.savez(memory, a0=rows)
    value = {"kind": "array", "type": "numpy.ndarray", "shape": list(array.shape), "dtype": array.dtype.name,
             "fingerprint": "cd", "rows": "a0", "file": 9, **changed}
    return lambda line, fit: line["names"].update(confusion=value), {"rows-9.npz": memory.getvalue()}


def test_the_students_own_matrix_is_read_whole() -> None:
    change, files = matrix([[9, 1, 0], [0, 8, 2], [3, 0, 7]])
    [found] = facts(change, files).confusions
    assert found.counts == ((9, 1, 0), (0, 8, 2), (3, 0, 7)) and (found.source, found.examples) == ("own", 30)


@pytest.mark.parametrize("counts", [
    [[0.5, 1, 2], [1, 1, 1], [1, 1, 1]], [[-1, 1, 2], [1, 1, 1], [1, 1, 1]], [[1, 1, 1], [2, 2, 2]],
    [[np.nan, 1, 2], [1, 1, 1], [1, 1, 1]], [[10**9, 1, 2], [1, 1, 1], [1, 1, 1]], np.zeros((21, 21), int),
])
def test_what_is_no_matrix_of_counts_is_left_out(counts: Any) -> None:
    change, files = matrix(counts)
    assert facts(change, files).confusions == ()


def test_predictions_are_counted_by_true_and_predicted_class() -> None:
    outputs = np.eye(3)[[0, 1, 1, 2, 0]]
    assert count_confusions(outputs, np.array([0, 1, 2, 2, 2])) == ((1, 0, 0), (0, 1, 0), (1, 1, 1))


def _image_network() -> tuple[dict[str, Any], list[tuple[int, ...]]]:
    first = recording.layer("InputLayer", "input", batch_shape=[None, 28, 28, 1], sparse=False)
    layers = [
        first,
        recording.layer("Conv2D", "c1", filters=4, kernel_size=[5, 5], strides=[1, 1], padding="same", use_bias=True,
                        activation="relu", data_format="channels_last", dilation_rate=[1, 1]),
        recording.layer("MaxPooling2D", "p1", pool_size=[2, 2], strides=[2, 2], padding="valid",
                        data_format="channels_last"),
        recording.layer("Conv2D", "c2", filters=8, kernel_size=[3, 3], strides=[2, 2], padding="valid", use_bias=False,
                        activation="relu", data_format="channels_last", dilation_rate=[1, 1]),
        recording.layer("Flatten", "f", data_format="channels_last"),
        recording.dense("d", 10, "softmax"),
    ]
    node = {"module": "keras", "class_name": "Sequential", "registered_name": None,
            "build_config": {"input_shape": [None, 28, 28, 1]},
            "config": {"name": "s", "trainable": True, "build_input_shape": [None, 28, 28, 1], "layers": layers}}
    return node, [(5, 5, 1, 4), (4,), (3, 3, 4, 8), (288, 10), (10,)]


def test_shapes_are_followed_through_convolution_and_pooling() -> None:
    node, shapes = _image_network()
    weights = {f"w{place}": np.zeros(shape, "float32") for place, shape in enumerate(shapes)}
    sizes = layer_sizes(read_model({**recording.model(1, node), "input_shape": [None, 28, 28, 1]}, weights, model=1,
                                   version=1))
    assert sizes is not None
    assert [one.output for one in sizes] == [(28, 28, 4), (14, 14, 4), (6, 6, 8), (288,), (10,)]
    assert [one.parameters for one in sizes] == [104, 0, 288, 0, 2890]
    assert sizes[3].output == (sizes[4].inputs,)  # what the dense layer's own weights say
