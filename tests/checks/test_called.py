"""What students' functions returned when the grader called them, as checks ask for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checks import CheckFailed, Unjudged, bunch, call, keras_object, student_value
from autograder.checks.calls import calls_by_task
from autograder.checks.spec import ordered, read_spec
from autograder.errors import CheckError
from autograder.model import Basis, CheckSpec

FUNCTION = {"kind": "function", "name": "make", "parameters": ["shape"]}
CALL = call("make", shape=(300,))
POINTS = np.linspace(-5, 5, 1250).reshape(625, 2)


@pytest.fixture
def called(craft, tiny):
    """Return a function: what the call returned → the subject."""
    def make(outcome, *, asked=CALL, **wholes):
        craft.lines.clear()
        for path in craft.folder.glob("calls-*"):
            path.unlink()
        craft.checkpoint("t", {"make": FUNCTION})
        craft.calls("t", (asked, outcome), **wholes)
        return craft.student(tiny, "t", declared=(asked,)).called("make", shape=(300,))

    return make


def scalar(value):
    return {"value": {"kind": "scalar", "type": "float", "value": value}}


def test_a_model_is_judged_like_any_other(called, craft, said):
    craft.model(4, [craft.dense(10, "softmax")], inputs=300)
    network = called({"value": {"kind": "model", "model": 4, "version": 1}}).model()
    network.has_input_shape(300).has_output_shape(10).has_parameter_count(3010)
    assert network.evidence.weakest is Basis.MEASURED
    message = said(lambda: network.has_input_shape(784))
    assert message == "One input of `make(shape=(300,))` has shape (300,). | Shape (784,)."


def test_numbers_texts_lists_and_dicts(called, craft):
    craft.lines.clear()
    assert called(scalar(0.5)).number().value == 0.5


@pytest.mark.parametrize(("outcome", "kind", "words"), [
    (scalar(None), "model", "returned None. | A Keras model. | A `return` at the end"),
    (scalar(None), "number", "returned None. | One number."),
    (scalar(3), "model", "returned the number 3. | A Keras model."),
    (scalar(3), "text", "returned the number 3. | A text."),
    (scalar(3), "mapping", "A dict."), (scalar(3), "sequence", "A list of numbers."), (scalar(3), "array", "An array."),
    ({"error": "ValueError: no"}, "model", "`make(shape=(300,))` raised ValueError: no | A call without an error."),
    ({"error": "AttributeError: module 'keras.layers' has no attribute 'core'"}, "model", "an earlier version's"),
    ({"missing": True}, "number", "there is no such function"),
    ({"value": {"kind": "nonsense"}}, "number", "an object of type unreadable"),
    ({"value": 7}, "model", "an object of type unreadable"),
])
def test_another_kind_is_named(called, said, outcome, kind, words):
    subject = called(outcome)
    assert words in said(getattr(subject, kind))


def test_whole_arrays_come_back(called, said):
    node = {"kind": "array", "type": "numpy.ndarray", "shape": [625, 1], "dtype": "float64", "min": -99.0}
    values = (POINTS[:, :1] ** 2).astype("float64")
    subject = called({"value": node, "whole": "c0"}, c0=values).array()
    np.testing.assert_array_equal(subject.has_shape(625, 1).is_finite().lies_between(0, 25).values(), values)
    assert "Shape (625,)" in said(lambda: subject.has_shape(625))


def test_an_array_from_outside_is_the_students_mistake(called, said):
    node = {"kind": "array", "type": "numpy.ndarray", "shape": [60_000, 28, 28], "dtype": "uint8", "rows": "a0"}
    subject = called({"value": node}).array()
    subject.value = replace(subject.value, rows=np.zeros((64, 28, 28), "uint8"))
    assert "(60000, 28, 28)" in said(subject.values) and "an array from outside" in said(subject.values)


def test_a_list_of_numbers_is_an_array_too(called):
    node = {"kind": "sequence", "type": "list", "length": 625, "items": []}
    subject = called({"value": node, "whole": "c0"}, c0=np.arange(625.0))
    assert subject.array().values()[3] == 3 and subject.sequence().has_length(625).values[624] == 624


def test_nan_in_a_returned_array_is_seen(called, said):
    subject = called({"value": {"kind": "other", "type": "x"}, "whole": "c0"}, c0=np.array([1.0, np.nan])).array()
    assert "NaN" in said(subject.is_finite)


@pytest.mark.parametrize("whole", [np.zeros(20_001), np.array(3.0), np.array(["a", "b"])])
def test_what_breaks_a_limit_is_left_out(called, said, whole):
    subject = called({"value": {"kind": "other", "type": "x"}, "whole": "c0"}, c0=whole)
    assert "returned an object of type x" in said(subject.array)


def test_an_undeclared_call_is_the_instructors_mistake(craft, tiny):
    craft.checkpoint("t", {"make": FUNCTION})
    student = craft.student(tiny, "t", declared=(CALL,))
    with pytest.raises(CheckError, match=r"make\(shape=\(301,\)\) was not declared at t \(declared: make\(shape="):
        student.called("make", shape=(301,))


def test_a_function_that_is_not_there(craft, tiny, said):
    craft.checkpoint("t", {"makes": FUNCTION})
    student = craft.student(tiny, "t", declared=(CALL,))
    assert "There is `makes`" in said(lambda: student.called("make", shape=(300,)))


def test_a_call_without_an_outcome(craft, tiny, said):
    craft.checkpoint("t", {"make": FUNCTION})
    with pytest.raises(Unjudged):
        craft.student(tiny, "t", declared=(CALL,)).called("make", shape=(300,))
    ended = craft.student(tiny, "t", declared=(CALL,), ended="The notebook used too much memory.")
    assert "did not return: The notebook used too much" in said(lambda: ended.called("make", shape=(300,)))


def test_models_that_were_returned_are_not_evaluated(called, craft, tiny):
    craft.model(4, [craft.dense(10, "softmax")])
    network = called({"value": {"kind": "model", "model": 4, "version": 1}}).model()
    with pytest.raises(CheckError, match="has no predictions"):
        network.gives_probabilities("X_test")


@pytest.mark.parametrize("damage", ["{", "[]", '{"task": 3}', '{"task": "t", "calls": [3, {"key": 5}, null]}'])
def test_junk_in_the_record_withholds(craft, tiny, damage):
    craft.checkpoint("t", {"make": FUNCTION})
    (craft.folder / "calls-1.json").write_text(damage)
    (craft.folder / "calls-1.npz").write_bytes(b"PK junk" if damage == '{"task": "t"}' else b"")
    with pytest.raises(Unjudged):
        craft.student(tiny, "t", declared=(CALL,)).called("make", shape=(300,))


class TestDeclaring:
    def spec(self, **marker) -> CheckSpec:
        return read_spec("test_x", "A sentence.", ["t"], {"points": 1, "basis": "measured", **marker})

    def test_the_marker_takes_calls(self):
        spec = self.spec(calls=[CALL, call("make", POINTS)])
        assert CheckSpec.from_json(spec.to_json()) == spec
        assert [item.key for item in calls_by_task([spec, spec, self.spec(calls=[CALL])])["t"]] == [
            CALL.key, call("make", POINTS).key]

    def test_too_many_calls_of_one_task(self):
        ordered([self.spec(calls=[call("make", number) for number in range(50)])])
        with pytest.raises(CheckError, match="request 51 calls; at most 50"):
            ordered([self.spec(calls=[call("make", number) for number in range(51)])])

    @pytest.mark.parametrize("calls", ["make", ["make"], [("make", 1)], CALL])
    def test_other_things_are_refused(self, calls):
        with pytest.raises(CheckError, match="has to be a list of call"):
            self.spec(calls=calls)

    @pytest.mark.parametrize("make", [
        lambda: call("not a name"), lambda: call("f", object()), lambda: call("f", {(1, 2): 1}),
        lambda: call("f", np.zeros(20_001)), lambda: call("f", np.array(["a"])), lambda: call("f", [lambda: 1]),
        lambda: keras_object("utils.get_file"), lambda: keras_object("optimizers.__class__"),
        lambda: student_value("a b"),
        lambda: keras_object("optimizers.SGD", learning_rate=object()), lambda: keras_object("models.load_model"),
    ])
    def test_arguments_that_cannot_be_sent(self, make):
        with pytest.raises(CheckError):
            make()


def test_the_answer_that_a_student_gives_for_themselves_is_no_call(craft, tiny):
    """A student who names a variable like the call's outcome changes nothing."""
    craft.checkpoint("t", {"make": FUNCTION, CALL.key: 3})
    craft.calls("t", (CALL, scalar(1)))
    craft.calls("t", (CALL, scalar(2)))
    assert craft.student(tiny, "t", declared=(CALL,)).called("make", shape=(300,)).number().value == 1
    with pytest.raises(CheckFailed):
        craft.student(tiny, "t", declared=(CALL,)).called("make", shape=(300,)).text()


def array(*shape):
    return {"kind": "array", "type": "numpy.ndarray", "dtype": "float64", "shape": list(shape)}


def pair(**changes):
    return {"value": {"kind": "sequence", "type": "tuple", "length": 2, "items": [array(3, 2), array(3)], **changes},
            "parts": {"0": "c0", "1": "c1"}}


def test_each_item_of_a_tuple_is_asked_like_a_result(called, said):
    wholes = {"c0": np.arange(6.0).reshape(3, 2), "c1": np.ones(3)}
    first, second = called(pair(), **wholes).items(2)
    first.array().has_shape(3, 2).equals_rows_of(wholes["c0"])
    assert second.sequence().values == (1.0, 1.0, 1.0)
    called(pair(), **wholes).item(1).array().has_shape(3)
    called(pair(), **wholes).item(-1).array().has_shape(3)
    assert "`make(shape=(300,))[1]` has shape (3,). | Shape (4,)." in said(
        lambda: called(pair(), **wholes).item(1).array().has_shape(4))
    assert "a tuple of 2 items. | 3 items." in said(lambda: called(pair(), **wholes).items(3))
    assert "An item at position 2" in said(lambda: called(pair(), **wholes).item(2))
    assert "A dict." in said(lambda: called(pair(), **wholes).item("X"))
    with pytest.raises(Unjudged):
        called(pair(length=900), **wholes).items()


def test_two_rows_of_an_array_are_unpacked_like_a_tuple(called, said):
    rows = np.arange(6.0).reshape(2, 3)
    first, _ = called({"value": array(2, 3), "whole": "c0"}, c0=rows).items(2)
    first.array().equals_rows_of(rows[0])
    assert called({"value": array(2), "whole": "c0"}, c0=np.array([1.0, 4.0])).items(2)[1].number().value == 4.0
    assert "A tuple of 3 items." in said(lambda: called({"value": array(2, 3), "whole": "c0"}, c0=rows).items(3))
    assert "returned None. | A tuple of 2 items. | A `return`" in said(lambda: called(scalar(None)).items(2))


def test_items_of_a_dict(called, said):
    outcome = {"value": {"kind": "mapping", "type": "dict", "length": 1, "items": {"X": array(3, 2)}},
               "parts": {"X": "c0"}}
    called(outcome, c0=np.ones((3, 2))).item("X").array().has_shape(3, 2)
    assert "without 'y'" in said(lambda: called(outcome, c0=np.ones((3, 2))).item("y"))
    outcome["value"]["length"] = 900
    with pytest.raises(Unjudged):
        called(outcome, c0=np.ones((3, 2))).item("y")


def test_a_call_with_a_long_list_is_named_in_a_few_words():
    assert call("f", ["one", "two"], 3).text == "f(['one', 'two'], 3)"
    assert call("f", [f"text {number}" for number in range(150)]).text == "f(list of 150 items)"


def test_what_a_call_left_in_its_arguments(called, craft, said):
    craft.model(4, [craft.dense(10, "softmax")], compiled={"optimizer": {"class": "Adam", "config": {}}})
    model = {"value": {"kind": "model", "model": 4, "version": 1}}
    outcome = {**scalar(None), "arguments": {"0": model, "X": {"value": array(3), "whole": "c0"}}}
    called(outcome, c0=np.ones(3)).argument(0).model().is_compiled_with(optimizer="adam")
    called(outcome, c0=np.ones(3)).argument("X").array().has_shape(3)
    assert "left its argument 1 as it was" in said(lambda: called(outcome, c0=np.ones(3)).argument(1))
    assert "raised ValueError" in said(lambda: called({"error": "ValueError: no"}).argument(0))
    called(outcome, c0=np.ones(3)).keeps_argument(1).keeps_argument(0)  # a model is recorded in any case
    assert "changes its argument 'X'" in said(lambda: called(outcome, c0=np.ones(3)).keeps_argument("X"))
    assert "raised ValueError" in said(lambda: called({"error": "ValueError: no"}).keeps_argument(0))


def test_dicts_and_bunches_are_arguments():
    asked = call("f", {"data": np.ones(2), 1: [True]}, bunch(target=np.zeros(3), names=("a",)))
    assert asked.text == "f({'data': array of shape (2,), 1: [True]}, Bunch(target=array of shape (3,), names=('a',)))"
    assert call("f", student_value("net", fresh=True)).key != call("f", student_value("net")).key
    keras_object("models.Sequential", layers=[keras_object("layers.Input", shape=(4,))])
    for wrong in (lambda: call("f", {(1, 2): 3}), lambda: call("f", {"x": object()}), lambda: bunch(x=object()),
                  lambda: keras_object("models.load_model", filepath="x")):
        with pytest.raises(CheckError):
            wrong()
