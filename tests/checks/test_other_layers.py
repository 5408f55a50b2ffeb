"""Layers for texts, sequences and augmentation with their settings, as models of Keras's are recorded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import LayerSpec, allowed
from autograder.artifacts.layer_spec import spec_of
from autograder.checks import Unjudged, initializer, layer, regularizer
from autograder.checks.vocabulary import keras_names
from autograder.checks.vocabulary.layers import difference
from autograder.errors import CheckError
from autograder.model import Basis


def step(name: str, **config: Any) -> LayerSpec:
    return spec_of({"class_name": name, "config": config})


EMBEDDING = step("Embedding", input_dim=1000, output_dim=16, mask_zero=True,
                 embeddings_initializer={"class_name": "RandomUniform", "config": {"minval": -0.05, "maxval": 0.05}})
LSTM = {"class_name": "LSTM", "config": {"units": 32, "activation": "tanh", "recurrent_activation": "sigmoid",
                                         "return_sequences": True, "dropout": 0.2, "recurrent_regularizer": None}}
BOTH_WAYS = step("Bidirectional", layer=LSTM, merge_mode="concat")
CONVOLUTION = step("Conv1D", filters=8, kernel_size=[5], strides=[1], padding="causal", activation="relu",
                   dilation_rate=[2])


@pytest.mark.parametrize(("seen", "wanted"), [
    (EMBEDDING, layer("Embedding", input_dim=1000, output_dim=16)), (EMBEDDING, layer("Embedding", mask_zero=True)),
    (EMBEDDING, layer("Embedding", initializer="random_uniform")),
    (EMBEDDING, layer("Embedding", embeddings_initializer=initializer("RandomUniform", maxval=0.05))),
    (spec_of(LSTM), layer("LSTM", units=32, return_sequences=True, recurrent_activation="sigmoid")),
    (BOTH_WAYS, layer("Bidirectional", layer=layer("LSTM", units=32), merge_mode="concat")),
    (CONVOLUTION, layer("Conv1D", filters=8, kernel_size=5, padding="causal", dilation_rate=2)),
    (CONVOLUTION, layer("Convolution1D", kernel_size=(5,), strides=1, activation="relu")),
    (step("MaxPooling1D", pool_size=[2], strides=[2]), layer("MaxPool1D", pool_size=2)),
    (step("Conv2D", kernel_size=[3, 3]), layer("Conv2D", kernel_size=3)),
    (step("RandomFlip", mode="horizontal"), layer("RandomFlip", mode="horizontal")),
    (step("RandomRotation", factor=[-0.1, 0.1]), layer("RandomRotation", factor=0.1)),
    (step("RandomZoom", height_factor=0.2), layer("RandomZoom", height_factor=(-0.2, 0.2))),
    (step("RandomContrast", factor=[0, 0.2]), layer("RandomContrast", factor=0.2)),
    (step("Normalization", axis=[-1], mean={"class_name": "__numpy__", "config": {"value": [1.0, 2.0]}}),
     layer("Normalization", axis=-1, mean=np.array([1, 2]))),
    (step("Rescaling", scale=1 / 255, offset=0.0), layer("Rescaling", scale=0.00392157)),
])
def test_equal_layers(seen: LayerSpec, wanted: Any) -> None:
    assert difference(seen, wanted) is None


@pytest.mark.parametrize(("seen", "wanted", "says"), [
    (EMBEDDING, layer("Embedding", input_dim=500), "has input dim 1000"),
    (EMBEDDING, layer("Embedding", mask_zero=False), "has mask zero True"),
    (EMBEDDING, layer("Embedding", embeddings_initializer="zeros"), "embeddings initializer RandomUniform("),
    (spec_of(LSTM), layer("LSTM", return_sequences=False), "has return sequences True"),
    (spec_of(LSTM), layer("LSTM", recurrent_activation="tanh"), "has recurrent activation sigmoid"),
    (spec_of(LSTM), layer("LSTM", recurrent_regularizer=regularizer(l2=0.1)), "has recurrent regularizer nothing"),
    (BOTH_WAYS, layer("Bidirectional", layer=layer("GRU")), "has a layer that is LSTM(32, tanh)"),
    (BOTH_WAYS, layer("Bidirectional", layer=layer("LSTM", units=16)), "has a layer that has 32 units"),
    (CONVOLUTION, layer("Conv1D", kernel_size=3), "has kernel size (5,)"),
    (CONVOLUTION, layer("Conv1D", dilation_rate=1), "has dilation rate [2]"),
    (step("RandomFlip", mode="horizontal"), layer("RandomFlip", mode="vertical"), "has mode horizontal"),
    (step("RandomRotation", factor=[-0.1, 0.1]), layer("RandomRotation", factor=0.2), "has factor [-0.1, 0.1]"),
])
def test_other_settings(seen: LayerSpec, wanted: Any, says: str) -> None:
    found = difference(seen, wanted)
    assert found is not None and says in found[0]


def test_a_setting_that_was_not_recorded_is_no_evidence() -> None:
    with pytest.raises(Unjudged, match="`mask_zero` of a Embedding layer"):
        difference(step("Embedding", input_dim=3), layer("Embedding", mask_zero=True))


@pytest.mark.parametrize(("name", "settings", "says"), [
    ("Embeding", {}, "did you mean 'Embedding'"), ("Embedding", {"input_size": 3}, "not 'input_size'"),
    ("LSTM", {"filters": 3}, "not 'filters'"), ("Dropout", {"units": 3}, "not 'units'"),
    ("Lambda", {}, "no layer 'Lambda'"), ("Dense", {"activation": "rellu"}, "none of Keras's"),
    ("Flatten", {"initializer": "zeros"}, "not 'initializer'"),
])
def test_unknown_layers_and_settings_are_mistakes_of_the_check(name: str, settings: dict[str, Any], says: str) -> None:
    with pytest.raises(CheckError, match=says.replace("(", r"\(")):
        layer(name, **settings)


def test_what_only_acts_in_training_is_a_claim(craft: Any, tiny: Any) -> None:
    recurrent = {"module": "keras.layers", "registered_name": None, **LSTM}
    augment = {"module": "keras.layers", "class_name": "RandomFlip", "registered_name": None,
               "config": {"name": "flip", "mode": "horizontal"}}
    craft.model(1, [augment, recurrent, craft.dense(10, "softmax")])
    craft.checkpoint("t", {"net": craft.net(1)})

    def basis(*wanted: Any) -> Basis | None:
        return craft.student(tiny, "t").model("net").contains(*wanted).evidence.weakest

    assert basis(layer("LSTM", units=32, return_sequences=True)) is Basis.MEASURED
    assert basis(layer("LSTM", dropout=0.2)) is Basis.CLAIMED
    assert basis("RandomFlip") is Basis.CLAIMED
    assert basis(layer("RandomFlip", mode="horizontal")) is Basis.CLAIMED


KERAS = """
import inspect, json, sys
import keras
from keras import callbacks, layers, losses, metrics, optimizers
sys.path.insert(0, {root!r})
from autograder.artifacts.compilation import read_compile
from autograder.checks.vocabulary import keras_names as names

def taken(kind):
    found = set()
    for base in kind.__mro__:
        if "__init__" in vars(base):
            found |= set(inspect.signature(base.__init__).parameters)
    return found

wrong = [(name, sorted(own - taken(getattr(place, name))))
         for place, table in ((layers, names.LAYERS), (callbacks, names.CALLBACKS),
                              (optimizers.schedules, names.SCHEDULES))
         for name, own in table.items() if not hasattr(place, name) or own - taken(getattr(place, name))]
wrong += [other for other, name in names.ALIASES.items() if getattr(layers, other) is not getattr(layers, name)]
classes = {{kind.__name__.lower(): kind for kind in vars(optimizers).values() if inspect.isclass(kind)}}
wrong += [name for name, own in names.OPTIMIZERS.items() if name not in classes or own - taken(classes[name])]
for place, table in ((losses, names.LOSSES), (metrics, names.METRICS)):
    spelled = set()
    for name in vars(place):
        read = read_compile({{"optimizer": "sgd", "metrics": [{{"class_name": name, "config": {{}}}}]}})
        spelled |= set(read.metrics)
    wrong += sorted(table - spelled - {{"accuracy"}} - (set(names.LOSSES) if place is metrics else set()))
print(json.dumps(wrong))
"""


@pytest.mark.slow
def test_keras_has_all_that_the_tables_name() -> None:
    code = KERAS.format(root=str(Path(__file__).resolve().parents[2]))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_every_layer_that_can_be_rebuilt_can_be_named() -> None:
    cells = {"InputLayer", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells"}
    assert allowed.LAYERS - cells <= keras_names.LAYERS.keys()
