"""Calls of students' functions: what they return is recorded, what they do otherwise is undone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts import CallbackValue, MappingValue, ModelValue, OtherValue, ScalarValue, read
from autograder.checks import bunch, call, keras_object, student_value
from autograder.model import Call
from autograder.workspace.artifact_folder import FolderSource

pytestmark = pytest.mark.slow

NETWORK = """
import keras, numpy as np
X = np.random.rand(64, 4).astype("float32"); Y = np.random.rand(64, 2).astype("float32")
def network(input_shape=(4,), units=3, optimizer="sgd"):
    made = keras.Sequential([keras.Input(input_shape), keras.layers.Dense(units, "relu"), keras.layers.Dense(2)])
    made.compile(optimizer, "mse")
    return made
"""


def outcomes(ran: Any, *calls: Call, task: str = "a") -> list[Any]:
    found = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff")
    assert found.problems == ()
    by_key = found.calls(task)
    return [by_key[item.key] for item in calls]


def test_a_returned_model_is_recorded(run: Any) -> None:
    calls = (call("network", input_shape=(7,), units=5), call("network", optimizer=keras_object("optimizers.SGD",
                                                                                               learning_rate=0.3)))
    ran = run(NETWORK, ("a", "1"), calls={"a": calls})
    shaped, optimized = outcomes(ran, *calls)
    found = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff")
    assert isinstance(shaped.value, ModelValue) and isinstance(optimized.value, ModelValue)
    record = found.model(shaped.value)
    assert record.unsupported is None and record.input_shape == (None, 7) and record.steps[0].units == 5
    compiled = found.model(optimized.value).compile
    assert compiled is not None and compiled.optimizer == "sgd" and compiled.settings["learning_rate"] == 0.3
    assert "made" not in ran.checkpoints["a"]["names"]


def test_arguments_of_every_kind(run: Any) -> None:
    points = np.arange(6, dtype=np.float64).reshape(3, 2)
    calls = (
        call("same", points), call("kind", (1, [2.5, None], "text")), call("same", float("nan")),
        call("total", student_value("X")), call("same", True), call("listed", [1, 2]),
    )
    ran = run("import numpy as np\nX = np.ones(5)\ndef same(x): return x\ndef kind(x): return repr(x)\n"
              "def total(x):\n    x *= 2\n    return float(x.sum())\n"
              "def listed(x): return [float(i) / 3 for i in x]",
              ("a", "print(X.sum())"), calls={"a": calls})
    array, text, nan, total, truth, listed = outcomes(ran, *calls)
    np.testing.assert_array_equal(array.whole, points)
    assert array.whole.dtype == np.float64
    assert text.value.value == "(1, [2.5, None], 'text')"
    assert np.isnan(nan.value.value) and total.value.value == 10.0 and truth.value.value is True
    np.testing.assert_array_equal(listed.whole, [1 / 3, 2 / 3])
    assert ran.text(1) == "5.0\n"


def test_whole_arrays_have_a_limit(run: Any) -> None:
    calls = (call("zeros", 20_000), call("zeros", 20_001))
    small, large = outcomes(run("import numpy as np\ndef zeros(n): return np.zeros(n)", ("a", "1"), calls={"a": calls}),
                            *calls)
    assert small.whole.shape == (20_000,) and large.whole is None and large.value.shape == (20_001,)


def test_a_result_with_a_long_description_is_described_by_its_type(run: Any) -> None:
    calls = (call("texts"), call("deep"), call("short"))
    ran = run("def texts(): return ['x' * 2000] * 100\ndef deep(): return [[1] * 100] * 100\n"
              "def short(): return [1, 'a']",
              ("a", "1"), calls={"a": calls})
    texts, deep, short = outcomes(ran, *calls)
    assert texts.value == deep.value == OtherValue(type="list") and texts.whole is None
    assert deep.whole.shape == (100, 100) and short.value.length == 2


def test_errors_of_calls_are_recorded(run: Any) -> None:
    calls = (call("nothing"), call("broken", 1), call("strict"), call("exits"), call("hostile"), call("number"),
             call("fine", student_value("absent")), call("fine", keras_object("optimizers.Nonsense")), call("fine", 1))
    ran = run("class Evil(Exception):\n    def __str__(self): raise SystemExit\n"
              "def broken(x): raise ValueError('no ' * 200 + '\\nmore')\ndef strict(x): return x\n"
              "def exits(): raise SystemExit\ndef hostile(): raise Evil\nnumber = 3\ndef fine(x): return x",
              ("a", "print('goes on')"), calls={"a": calls})
    nothing, broken, strict, exits, hostile, number, absent, nonsense, fine = outcomes(ran, *calls)
    assert nothing.missing and nothing.error is None
    assert broken.error.startswith("ValueError: no no") and len(broken.error) == 200
    assert strict.error.startswith("TypeError: strict() missing") and exits.error == "SystemExit"
    assert hostile.error == "Evil" and number.error == "TypeError: 'int' object is not callable"
    assert absent.error == "NameError: name 'absent' is not defined" and nonsense.error.startswith("AttributeError")
    assert fine.value == ScalarValue(type="int", value=1)
    assert ran.text(1) == "goes on\n" and ran.cells[1]["status"] == "ok"


def test_a_call_leaves_no_output_training_or_figure(run: Any) -> None:
    noisy = call("noisy")
    ran = run(NETWORK + "import os, sys, matplotlib.pyplot as plt\n"
              "def noisy():\n    print('loud'); os.write(1, b'louder'); print('worse', file=sys.stderr)\n"
              "    display(3); plt.plot([1, 2]); plt.show(); plt.figure()\n    model = network()\n"
              "    return model.fit(X, Y, epochs=2).history['loss'][0]",
              ("a", "print('seen')"), ("b", "print(len(plt.get_fignums()))"), calls={"a": (noisy,)})
    assert isinstance(outcomes(ran, noisy)[0].value.value, float)
    assert [message["type"] for message in ran.messages] == ["stream", "stream"]
    assert (ran.text(1), ran.text(2)) == ("seen\n", "0\n")
    assert ran.checkpoints["a"]["fits"] == [] == ran.checkpoints["b"]["fits"]


STATE = """
model = network()
counter = 0
def meddle(again=0):
    global counter, X, extra
    counter, X, extra = counter + 1, None, 5
    model.compile("adam", "mae")
    model.fit(globals()["Y"][:, [0, 1, 0, 1]], Y, verbose=0)
    np.random.seed(3)
    keras.utils.set_random_seed(11)
    return counter
def build():
    return [network(units=9), keras.random.normal((3,)), network().fit(Y[:, [0, 1, 0, 1]], Y, verbose=0) and 1][-1]
"""
AFTER = """
import tensorflow as tf
later = network(); history = later.fit(X, Y, epochs=2, verbose=0, validation_split=0.2)
random = np.random.rand(); tensor = keras.random.normal((3,)).numpy(); other = tf.random.normal((3,)).numpy()
model.fit(X, Y, epochs=1, verbose=0)
name = later.layers[0].name
kernel = model.get_weights()[0]; far = later.get_weights()[0]
"""


def test_the_rest_of_the_notebook_runs_as_without_calls(run: Any) -> None:
    calls = (call("meddle"), call("build"), call("meddle", 1))
    cells = (NETWORK, STATE, ("a", "1"), AFTER, ("b", "1"))
    without, with_calls = run(*cells), run(*cells, calls={"a": calls})
    assert [outcomes(with_calls, *calls)[place].value.value for place in (0, 2)] == [1, 1]
    assert without.checkpoints["a"]["names"] == with_calls.checkpoints["a"]["names"]
    one, two = without.checkpoints["b"], with_calls.checkpoints["b"]
    for name in ("random", "tensor", "other", "kernel", "far", "counter", "X", "name"):
        left, right = dict(one["names"][name]), dict(two["names"][name])
        for record in (left, right):
            record.pop("rows", None), record.pop("file", None)
        assert left == right, name
    assert "extra" not in two["names"]
    assert one["names"]["history"]["history"] == two["names"]["history"]["history"]
    assert with_calls.json("model-1-2.json")["compile"]["optimizer"]["class"] == "SGD"


def test_arrays_of_the_namespace_cannot_be_changed_in_place(run: Any) -> None:
    calls = (call("scale"), call("scale_given", student_value("X")), call("look"))
    ran = run("import numpy as np\nX = np.ones((6, 2)); part = X[:3]; flat = X.reshape(-1)\nfixed = np.ones(2)\n"
              "fixed.flags.writeable = False\n"
              "def scale():\n    global X\n    X /= 255\n    return X\n"
              "def scale_given(x):\n    x /= 255\n    return x\ndef look(): return float(part.sum() + flat.sum())",
              ("a", "part += 1; flat += 1; X += 1\nprint(X.sum(), fixed.flags.writeable)"), calls={"a": calls})
    scaled, given, seen = outcomes(ran, *calls)
    assert "read-only" in scaled.error
    assert given.whole.sum() == pytest.approx(12 / 255) and seen.value.value == 18.0
    assert ran.text(1) == "42.0 False\n"


def test_each_task_has_its_own_calls_at_its_own_time(run: Any) -> None:
    item = call("value")
    ran = run("def value(): return x\nx = 1", ("a", "1"), "x = 2", ("b", "1"), calls={"a": (item,), "b": (item,)})
    assert [outcomes(ran, item, task=task)[0].value.value for task in "ab"] == [1, 2]


def test_a_call_that_takes_too_long_is_interrupted_and_the_notebook_continues(run: Any) -> None:
    # On a busy machine the first interrupt may come before the call, where it does nothing.
    calls = (call("quick"), call("slow"), call("quick", 2))
    ran = run("import time\ndef quick(x=1): return x\ndef slow():\n    time.sleep(60)",
              ("a", "print('after')"), calls={"a": calls}, interrupts=(4.0, 9.0, 20.0))
    quick, slow, last = outcomes(ran, *calls)
    assert quick.value.value == 1 and "TimeoutError" in slow.error and "TimeoutError" in last.error
    assert ran.text(1) == "after\n" and ran.cells[1]["status"] == "ok"


def test_a_call_that_ends_the_process_leaves_its_checkpoint(run: Any) -> None:
    item = call("leave")
    ran = run("import os\ndef leave(): os._exit(3)", ("a", "1"), calls={"a": (item,)})
    assert "leave" in ran.checkpoints["a"]["names"]
    assert read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").calls("a") == {}


def test_equal_calls_have_one_key() -> None:
    assert call("f", a=1, b=(2, 3)).key == call("f", b=(2, 3), a=1).key
    assert len({call("f", 1).key, call("f", 1.0).key, call("f", "1").key, call("f", [1]).key, call("f", (1,)).key,
                call("f", a=1).key, call("g", 1).key, call("f", True).key}) == 8
    assert Call.from_json(call("f", np.ones((2, 3), "float32")).to_json()).key == call("f", np.ones((2, 3), "f4")).key


@pytest.mark.parametrize(("item", "text"), [
    (call("create_DNN", input_shape=(300,), num_classes=4), "create_DNN(input_shape=(300,), num_classes=4)"),
    (call("f", [1, "a"], None), "f([1, 'a'], None)"),
    (call("f", keras_object("optimizers.SGD", learning_rate=0.3)), "f(keras.optimizers.SGD(learning_rate=0.3))"),
    (call("f", student_value("X"), np.zeros((625, 2))), "f(X, array of shape (625, 2))"),
])
def test_calls_read_as_people_write_them(item: Call, text: str) -> None:
    assert item.text == text


def test_parts_of_tuples_and_dicts_are_kept_whole(run: Any) -> None:
    calls = (call("pair"), call("named"), call("many"), call("made"))
    ran = run("import numpy as np, keras\ndef pair(): return np.ones((3, 2)), [1, 2]\n"
              "def named(): return {'X': np.zeros(4), 'text': 'a'}\n"
              "def many(): return [np.ones(i) for i in range(1, 30)]\n"
              "def made(): return keras.callbacks.EarlyStopping(patience=np.int64(3)), np.ones(2)",
              ("a", "1"), calls={"a": calls})
    pair, named, many, made = outcomes(ran, *calls)
    assert pair.whole is None and pair.parts["0"].shape == (3, 2) and pair.parts["1"].tolist() == [1, 2]
    assert isinstance(named.value, MappingValue) and set(named.parts) == {"X"}
    assert not many.parts and many.value.length == 29
    stopping = made.value.items[0]
    assert isinstance(stopping, CallbackValue) and stopping.name == "EarlyStopping"
    assert stopping.settings["patience"] == 3 and stopping.settings["mode"] == "auto"
    assert "baseline" not in stopping.settings and made.parts["1"].tolist() == [1, 1]


def test_dicts_bunches_and_networks_are_made_for_calls(run: Any) -> None:
    table = {"data": np.arange(4.0), "target": np.arange(2)}
    small = keras_object("models.Sequential", layers=[keras_object("layers.Input", shape=(4,)),
                                                      keras_object("layers.Dense", units=3)])
    calls = (call("total", table), call("attribute", bunch(**table)), call("attribute", table), call("units", small))
    ran = run("def total(x): return float(x['data'].sum())\ndef attribute(x): return float(x.data.sum())\n"
              "def units(model): return model.layers[-1].units", ("a", "1"), calls={"a": calls})
    total, attribute, plain, units = outcomes(ran, *calls)
    assert total.value.value == attribute.value.value == 6.0 and units.value.value == 3
    assert plain.error.startswith("AttributeError")


def test_what_a_function_changes_in_place_is_recorded(run: Any) -> None:
    fresh, own = student_value("net", fresh=True), student_value("net")
    calls = (call("compile_it", fresh), call("compile_it", model=own), call("nothing", fresh),
             call("double", np.ones(3)), call("nothing", np.ones(3)), call("fill", {"a": 1}))
    ran = run(NETWORK + "net = network(optimizer='sgd')\ndef compile_it(model): model.compile('adam', 'mse')\n"
              "def nothing(x): pass\ndef double(x): x *= 2\ndef fill(x): x['b'] = np.ones(2)",
              ("a", "print(net.optimizer.name)"), calls={"a": calls})
    compiled, named, untouched, doubled, same, filled = outcomes(ran, *calls)
    found = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff")
    optimizers = []
    for left in (compiled.arguments["0"], named.arguments["model"], untouched.arguments["0"]):
        assert isinstance(left.value, ModelValue)
        spec = found.model(left.value).compile
        optimizers.append(spec.optimizer if spec else None)
    assert optimizers == ["adam", "adam", None]  # a fresh model is not compiled, whatever the notebook's own is
    assert doubled.arguments["0"].whole.tolist() == [2, 2, 2] and not same.arguments
    assert filled.arguments["0"].parts["b"].tolist() == [1, 1]
    assert ran.text(1) == "sgd\n" and compiled.models == (compiled.arguments["0"].value,)
