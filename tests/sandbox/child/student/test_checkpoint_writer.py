"""Checkpoints: what is recorded of arrays, models, fits and histories, when, and what hostile values do to it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from autograder.artifacts.sampling import fingerprint, probe_inputs, sample_indices

pytestmark = pytest.mark.slow

MODEL = """
import keras, numpy as np
x = np.random.rand(100, 4).astype("float32"); y = np.random.rand(100, 2).astype("float32")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="relu"), keras.layers.Dropout(0.5),
                          keras.layers.Dense(2)])
model.compile("sgd", "mse", metrics=["mae"])
"""


def names(ran: Any, task: str = "a") -> dict[str, Any]:
    return ran.checkpoints[task]["names"]


def test_arrays_are_measured_and_sampled(run: Any) -> None:
    code = "import numpy as np\nx = np.arange(4000.0).reshape(1000, 4)\nx[3, 0], x[5, 1] = np.nan, np.inf"
    ran = run(code, ("a", "1"))
    value = names(ran)["x"]
    expected = np.arange(4000.0).reshape(1000, 4)
    expected[3, 0], expected[5, 1] = np.nan, np.inf
    good = expected[np.isfinite(expected)]
    assert (value["shape"], value["dtype"], value["nan"], value["inf"]) == ([1000, 4], "float64", 1, 1)
    assert (value["min"], value["max"]) == (0.0, 3999.0)
    assert value["mean"] == pytest.approx(good.mean()) and value["std"] == pytest.approx(good.std())
    assert value["fingerprint"] == fingerprint(expected)
    rows = ran.npz(f"rows-{value['file']}.npz")[value["rows"]]
    np.testing.assert_array_equal(rows, expected[sample_indices("00ff", 1000, 64)])


def test_statistics_do_not_lose_digits_or_overflow(run: Any) -> None:
    ran = run(
        "import numpy as np\nbig = np.full(300_000, 255, 'uint8'); big[0] = 0\n"
        "far = (1e9 + np.arange(300_000) % 2).astype('float64')\nview = np.arange(24.).reshape(4, 6).T[::2]\n"
        "empty = np.zeros((0, 3)); nothing = np.full(3, np.nan); flags = np.array([True, False])\n"
        "half = np.ones(3, 'float16')",
        ("a", "1"),
    )
    found = names(ran)
    assert found["big"]["mean"] == pytest.approx(255 - 255 / 300_000)
    assert found["far"]["std"] == pytest.approx(0.5)
    assert found["view"]["fingerprint"] == fingerprint(np.arange(24.0).reshape(4, 6).T[::2])
    assert found["empty"]["min"] is None and found["nothing"]["mean"] is None and found["nothing"]["nan"] == 3
    assert found["flags"]["mean"] == 0.5 and found["half"]["max"] == 1.0


def test_unchanged_arrays_are_stored_once_and_changed_ones_again(run: Any) -> None:
    ran = run("import numpy as np\nx = np.arange(2000.0); same = x.copy()", ("a", "1"), ("b", "1"),
              "x[1999] = 5", ("c", "1"), "np.random.default_rng(0).shuffle(x)", ("d", "1"))
    a, b, c, d = (names(ran, task)["x"] for task in "abcd")
    assert a == b == names(ran)["same"]
    assert c["fingerprint"] != a["fingerprint"] and (c["rows"], c["file"]) != (a["rows"], a["file"])
    assert d["fingerprint"] != c["fingerprint"] and d["mean"] == pytest.approx(c["mean"])
    assert not (ran.scratch / ".out" / f"rows-{a['file'] + 1}.npz").exists() or c["file"] == a["file"] + 1


def test_rows_over_a_mebibyte_and_odd_types_are_not_sampled(run: Any) -> None:
    ran = run("import numpy as np\nwide = np.zeros((2, 200_000)); text = np.array(['a']); deep = np.zeros((1,) * 8)\n"
              "objects = np.array([{}, 1], dtype=object)", ("a", "1"))
    assert names(ran)["wide"]["rows"] is None and names(ran)["deep"]["rows"] is None
    assert set(names(ran)["objects"]) == {"kind", "type", "shape", "dtype"}
    assert "rows" not in names(ran)["text"]


def test_plain_values(run: Any) -> None:
    ran = run(
        "import numpy as np, os, keras\nfrom os import path\ni, f, t, n = 3, 0.5, True, None\nnan = float('nan')\n"
        "number = np.float32(2.5); zero = np.array(7); huge = 10 ** 5000; text = 'x' * 5000\n"
        "deep = [[[[1]]]]; many = list(range(500)); table = {'a': 1, 2: (3,), ('k',): 4}\n_private = 1\n"
        "def create(a, *, b=1): pass\nclass Thing: pass\nthing = Thing()\nimport matplotlib.pyplot as plt\n"
        "figure = plt.figure()\ntensor = keras.ops.ones((2, 2))", ("a", "1"),
    )
    found = names(ran)
    assert not set(found) & {"_private", "Thing", "np", "os", "path", "In", "Out", "exit", "get_ipython"}
    assert found["i"] == {"kind": "scalar", "type": "int", "value": 3}
    assert found["t"]["value"] is True and found["n"]["value"] is None and found["nan"]["value"] == "nan"
    assert found["number"] == {"kind": "scalar", "type": "numpy.float32", "value": 2.5}
    assert found["zero"]["value"] == 7 and found["huge"] == {"kind": "other", "type": "int"}
    assert len(found["text"]["value"]) == 2000 and found["text"]["length"] == 5000
    assert found["many"]["length"] == 500 and len(found["many"]["items"]) == 200
    assert found["deep"]["items"][0]["items"][0]["items"][0]["kind"] == "other"
    assert set(found["table"]["items"]) == {"a", "2"} and found["table"]["length"] == 3
    assert found["create"] == {"kind": "function", "name": "create", "parameters": ["a", "b"]}
    assert found["figure"] == {"kind": "figure"} and found["thing"]["type"] == "__main__.Thing"
    assert found["tensor"]["shape"] == [2, 2]


HOSTILE = """
import os
class Array:
    def __array__(self, *a, **k): os._exit(1)
    def __len__(self): os._exit(2)
    def __eq__(self, other): os._exit(3)
    def __getattr__(self, name): os._exit(4)
    def __bool__(self): os._exit(5)
    __class__ = property(lambda self: os._exit(6))
class Meta(type):
    def __getattribute__(cls, name): raise SystemExit(name)
class Strange(metaclass=Meta): pass
class List(list):
    def __iter__(self): os._exit(7)
    def __len__(self): os._exit(8)
class Dict(dict):
    def items(self): os._exit(9)
class Text(str):
    def __getitem__(self, key): os._exit(10)
    def __len__(self): os._exit(11)
class Number(float):
    def __float__(self): os._exit(12)
array, strange, some, table, text, number = Array(), Strange(), List([1]), Dict(a=1), Text("t"), Number(1.5)
loop = []; loop.append(loop)
surrogate = "\\ud800"
globals()["\\ud800name"] = 1
last = 1
"""


def test_hostile_values_cost_nothing_but_themselves(run: Any) -> None:
    ran = run(HOSTILE, ("a", "print('still here')"))
    found = names(ran)
    assert ran.events[-1] == {"done": True} and ran.text(1) == "still here\n"
    assert found["array"] == {"kind": "other", "type": "__main__.Array"}
    assert found["strange"]["kind"] == "other"
    assert found["some"]["items"] == [{"kind": "scalar", "type": "int", "value": 1}]
    assert found["table"]["length"] == 1 and found["text"]["value"] == "t" and found["number"]["value"] == 1.5
    assert found["last"]["value"] == 1


def test_at_most_five_hundred_names_and_a_bounded_line(run: Any) -> None:
    ran = run("for i in range(700): globals()[f'n{i}'] = [['x' * 3000] * 200] * 200", ("a", "1"))
    assert len(names(ran)) == 500
    assert (ran.scratch / ".out" / "checkpoints.jsonl").stat().st_size < 8 << 20


def test_all_checkpoints_together_stay_within_what_their_reader_takes(run: Any) -> None:
    code = "for i in range(400): globals()[f'n{i}'] = ['\\U0001f600' * 2000] * 9\nlast = 1"
    ran = run(code, *[(f"t{i}", "1") for i in range(20)])
    size = (ran.scratch / ".out" / "checkpoints.jsonl").stat().st_size
    assert size <= 15 << 20
    assert len(ran.checkpoints) == 20 and names(ran, "t19")["last"]["value"] == 1


def test_sampled_rows_of_one_checkpoint_fit_their_file(run: Any) -> None:
    code = "import numpy as np\nfor i in range(6): globals()[f'x{i}'] = np.full((70, 100_000), i, 'uint8')"
    ran = run(code, ("a", "1"))
    kept = [value for value in names(ran).values() if value.get("rows")]
    assert len(kept) == 5 and (ran.scratch / ".out" / "rows-1.npz").stat().st_size <= 33 << 20


def test_a_value_that_takes_too_long_is_given_up_at_the_interrupt(run: Any) -> None:
    code = ("class Slow:\n    def __getattr__(self, name):\n        while True: pass\n"
            "Slow.__module__ = 'pandas.core'\nslow = Slow(); after = 1")
    ran = run(code, ("a", "1"), interrupts=(1.5,))
    assert names(ran)["slow"]["kind"] == "other" and names(ran)["after"]["value"] == 1
    assert [c["status"] for c in ran.cells] == ["ok", "ok"]


def test_arrays_are_injected_after_the_checkpoint(run: Any, tmp_path: Any) -> None:
    np.save(tmp_path / "x.npy", np.ones(3))
    ran = run("x = 'mine'", ("a", "print(x)"), ("b", "1"), inject={"a": {"x": str(tmp_path / "x.npy")}})
    assert names(ran)["x"]["value"] == "mine" and ran.text(1) == "[1. 1. 1.]\n"
    assert names(ran, "b")["x"]["mean"] == 1.0


def test_models_are_recorded_once_per_change(run: Any) -> None:
    ran = run(MODEL, ("a", "1"), ("b", "1"), "model.fit(x, y, verbose=0);", ("c", "1"), "alias = model", ("d", "1"),
              "model.compile('adam', 'mae')", ("e", "1"))
    versions = [names(ran, task)["model"]["version"] for task in "abcde"]
    assert versions == [1, 1, 2, 2, 3]
    assert names(ran, "d")["alias"] == names(ran, "d")["model"]
    first, last = ran.json("model-1-1.json"), ran.json("model-1-3.json")
    assert first["compile"]["optimizer"]["class"] == "SGD" and first["compile"]["loss"] == "mse"
    assert first["compile"]["metrics"] == ["mae"] and last["compile"]["optimizer"]["class"] == "Adam"
    assert first["parameters"] == {"total": 23, "trainable": 23} and first["input_shape"] == [None, 4]
    assert first["architecture"]["class_name"] == "Sequential"
    assert [w["shape"] for w in first["weights"]] == [[4, 3], [3], [3, 2], [2]]
    weights = ran.npz("weights-1-2.npz")
    assert [weights[f"w{i}"].shape for i in range(4)] == [(4, 3), (3,), (3, 2), (2,)]
    assert not np.array_equal(weights["w0"], ran.npz("weights-1-1.npz")["w0"])


def test_a_model_that_was_only_compiled_has_its_files_under_a_second_name(run: Any) -> None:
    ran = run(MODEL, ("a", "1"), "model.compile('adam', 'mae')", ("b", "1"), "model.fit(x, y, verbose=0);", ("c", "1"))
    assert [names(ran, task)["model"]["version"] for task in "abc"] == [1, 2, 3]
    out = ran.scratch / ".out"
    for kind in ("weights", "probe"):
        assert (out / f"{kind}-1-2.npz").samefile(out / f"{kind}-1-1.npz")
        assert not (out / f"{kind}-1-3.npz").samefile(out / f"{kind}-1-1.npz")


def test_another_activation_with_the_same_weights_is_probed_again(run: Any) -> None:
    ran = run(MODEL, ("a", "1"), "model.layers[0].activation = keras.activations.tanh; model.compile('adam', 'mae')",
              ("b", "1"))
    probe, w = ran.npz("probe-1-2.npz"), ran.npz("weights-1-2.npz")
    assert np.array_equal(w["w0"], ran.npz("weights-1-1.npz")["w0"])
    np.testing.assert_allclose(probe["y"], np.tanh(probe["x"] @ w["w0"] + w["w1"]) @ w["w2"] + w["w3"],
                               rtol=1e-5, atol=1e-6)


def test_weights_whose_file_disappeared_are_written_again(run: Any) -> None:
    ran = run(MODEL, ("a", "1"), "import os; os.unlink('.out/weights-1-1.npz'); model.compile('adam', 'mae')",
              ("b", "1"))
    assert ran.npz("weights-1-2.npz")["w0"].shape == (4, 3)


def test_probe_answers_are_those_of_the_weights_without_dropout(run: Any) -> None:
    ran = run(MODEL, ("a", "1"))
    probe, w = ran.npz("probe-1-1.npz"), ran.npz("weights-1-1.npz")
    np.testing.assert_array_equal(probe["x"], probe_inputs("00ff", (4,), "float32", 32))
    hidden = np.maximum(probe["x"] @ w["w0"] + w["w1"], 0)
    np.testing.assert_allclose(probe["y"], hidden @ w["w2"] + w["w3"], rtol=1e-5, atol=1e-6)


def test_checkpoints_do_not_change_what_is_trained(run: Any) -> None:
    training = ["model.fit(x, y, epochs=2, verbose=0);", "import random; print(random.random(), np.random.rand())",
                "print(keras.layers.Dense(1).name, [float(w.numpy().sum()) for w in model.weights])"]
    plain = run(MODEL, "1", *training)
    watched = run(MODEL, ("a", "1"), *[cell for pair in zip(training, [("b", "1"), ("c", "1"), ("d", "1")], strict=True)
                                       for cell in pair])
    assert plain.text(3) == watched.text(4) and plain.text(4) == watched.text(6)


def test_fits_and_evaluations_are_seen(run: Any) -> None:
    ran = run(
        MODEL, "h = model.fit(x, y, 32, epochs=3, validation_data=(x[:10], y[:10]), verbose=0, shuffle=False,\n"
        "              callbacks=[keras.callbacks.EarlyStopping(patience=9)])\nmodel.evaluate(x, y, verbose=0)",
        ("a", "1"),
        "model.fit(x, y, validation_split=0.2, verbose=0)\ntry: model.fit(x, y[:3])\nexcept ValueError: pass\n"
        "import tensorflow as tf\nmodel.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(10), verbose=0);",
        ("b", "1"),
    )
    [fit] = ran.checkpoints["a"]["fits"]
    x, y = names(ran)["x"], names(ran)["y"]
    assert fit["x"] == {key: x[key] for key in ("fingerprint", "shape", "dtype")}
    assert fit["y"]["fingerprint"] == y["fingerprint"]
    assert (fit["batch_size"], fit["epochs"], fit["steps"], fit["completed"]) == (32, 3, 12, True)
    assert fit["callbacks"] == ["EarlyStopping"] and fit["shuffle"] is False and fit["cell"] == 1
    assert fit["validation"]["x"]["shape"] == [10, 4] and len(fit["history"]["val_loss"]) == 3
    assert fit["weights_before"] != fit["weights_after"]
    assert names(ran)["h"] == {"kind": "history", "model": 1, "fit": 1, "history": fit["history"]}
    [evaluation] = ran.checkpoints["a"]["evaluations"]
    assert evaluation["x"]["fingerprint"] == x["fingerprint"] and len(evaluation["result"]) == 2
    split, failed, dataset = ran.checkpoints["b"]["fits"]
    assert split["validation"] == {"split": 0.2} and split["batch_size"] == 32
    assert failed["completed"] is False and failed["steps"] == 0
    assert dataset["x"] == {"type": "tf.data.Dataset"} and dataset["batch_size"] == 10
    assert ran.checkpoints["b"]["evaluations"] == []


def test_a_model_without_a_name_is_recorded_if_it_was_fitted(run: Any) -> None:
    ran = run(MODEL + "def train():\n    m = keras.Sequential([keras.layers.Dense(2)]); m.compile('sgd', 'mse')\n"
              "    m.fit(x, y, verbose=0)\ntrain()", ("a", "1"))
    assert ran.checkpoints["a"]["fits"][0]["model"] == 1 or names(ran)["model"]["model"] == 1
    assert len(list((ran.scratch / ".out").glob("weights-*-1.npz"))) == 2


def test_unbuilt_and_subclassed_models_are_recorded_as_far_as_they_can_be(run: Any) -> None:
    ran = run(
        MODEL + "unbuilt = keras.Sequential([keras.layers.Dense(2)])\nclass Mine(keras.Model):\n"
        "    def __init__(self):\n        super().__init__(); self.d = keras.layers.Dense(2)\n"
        "    def call(self, x): return self.d(x)\n    def get_config(self): raise SystemExit\n"
        "mine = Mine(); mine.compile('sgd', 'mse'); mine.fit(x, y, verbose=0)", ("a", "1"),
    )
    unbuilt = names(ran)["unbuilt"]["model"]
    assert ran.json(f"model-{unbuilt}-1.json")["built"] is False
    assert not (ran.scratch / ".out" / f"weights-{unbuilt}-1.npz").exists()
    assert ran.events[-1] == {"done": True}


def test_callbacks_are_recorded_with_their_settings(run: Any) -> None:
    ran = run(MODEL + "stop = keras.callbacks.EarlyStopping(monitor='val_loss', patience=10, min_delta=0.001,\n"
              "                                     restore_best_weights=True)\n"
              "class Own(keras.callbacks.Callback):\n    patience = 5\n"
              "    def __getattr__(self, name): raise AttributeError(name)\n"
              "model.fit(x, y, validation_split=0.2, epochs=2, callbacks=[stop, Own()], verbose=0)\n"
              "model.fit(x, y, validation_split=0.2, callbacks=stop, verbose=0)\nmodel.fit(x, y, verbose=0)",
              ("a", "1"))
    several, single, none = ran.checkpoints["a"]["fits"]
    assert several["callbacks"] == ["EarlyStopping", "Own"]
    made = several["callback_settings"][0]
    assert made == single["callback_settings"][0] | {"patience": 10}
    assert (made["monitor"], made["min_delta"], made["restore_best_weights"]) == ("val_loss", 0.001, True)
    assert several["callback_settings"][1] == {}
    assert none["callbacks"] == none["callback_settings"] == []


SETTINGS = {"optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {"learning_rate": 0.5},
                          "registered_name": None}, "loss": "mae", "metrics": ["mse"]}


@pytest.mark.parametrize("mistake", ["model.compile(optimizer='adan')", "model = model.compile('sgd', 'mse')", "pass"])
def test_a_model_is_compiled_as_the_job_says_after_the_checkpoint(run: Any, tmp_path: Any, mistake: str) -> None:
    """Also one that the mistake took away: what was built at the checkpoint before is what counts."""
    path = tmp_path / "model.json"
    path.write_text(json.dumps(SETTINGS))
    build = MODEL[: MODEL.index("model.compile")]
    ran = run(build, ("build", "1"), mistake, ("compile", "1"), "history = model.fit(x, y, verbose=0)", ("fit", "1"),
              inject={"compile": {"model": str(path)}})
    number = names(ran, "build")["model"]["model"]
    assert names(ran, "compile")["model"].get("kind") in ("model", "scalar"), "the checkpoint is the student's own"
    after = names(ran, "fit")["model"]
    assert after["model"] == number and ran.checkpoints["fit"]["fits"]
    record = ran.json(f"model-{number}-{after['version']}.json")
    assert record["compile"]["optimizer"]["class"] == "Adam" and record["compile"]["loss"] == "mae"
    assert record["compile"]["metrics"] == ["mse"]


def test_what_is_no_model_is_left_alone(run: Any, tmp_path: Any) -> None:
    (tmp_path / "model.json").write_text(json.dumps(SETTINGS))
    ran = run("model = 'mine'", ("a", "print(model)"), inject={"a": {"model": str(tmp_path / "model.json")}})
    assert ran.text(1) == "mine\n"
