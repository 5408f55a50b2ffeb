"""Assertions about texts, functions, lists and dicts, and the numbers that checks measure themselves."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from autograder.checks import Unjudged, measure
from autograder.model import Basis


@pytest.fixture
def student(craft, tiny):
    def make(**names):
        craft.checkpoint("t", names)
        return craft.student(tiny, "t")

    return make


class TestText:
    @pytest.mark.parametrize("answer", ["Nadam", "nadam", " NADAM\n"])
    def test_case_and_blanks_do_not_matter(self, student, answer):
        student(best=answer).text("best").is_one_of("nadam", "adam")

    def test_a_wrong_word_is_not_answered_with_the_right_one(self, student, said):
        message = said(lambda: student(best="sgd").text("best").is_one_of("nadam"))
        assert message == "`best` is 'sgd'. | A different answer."

    def test_a_word_that_is_no_choice_gets_the_choices(self, student, said):
        given = student(best="the second")
        assert "'under' and 'over'" in said(lambda: given.text("best").is_one_of("over", choices=("under", "over")))

    def test_other_things(self, student, said):
        assert "the number 3" in said(lambda: student(best=3).text("best"))


class TestFunction:
    def test_parameters(self, student, said):
        node = {"kind": "function", "name": "create_DNN", "parameters": ["input_shape", "units"]}
        given = student(create_DNN=node, x=1)
        given.function("create_DNN").takes("input_shape").takes("units", "input_shape")
        message = said(lambda: given.function("create_DNN").takes("num_classes"))
        assert message.startswith("The function is `create_DNN(input_shape, units)`. | A parameter called num_classes.")
        assert "`def x(…):` begins one" in said(lambda: given.function("x"))


class TestSequence:
    @pytest.mark.parametrize("value", [[7, 2, 1, 0], (7, 2, 1, 0), np.array([7, 2, 1, 0]), [7.0, np.float64(2), 1, 0],
                                       np.array([[7], [2], [1], [0]]), np.array([[7, 2, 1, 0]])])
    def test_every_kind_of_list_passes(self, student, value):
        given = student(n=value).sequence("n").is_about([7, 2, 1, 0], 0.1).has_length(4).lies_between(0, 9)
        assert given.length == 4 and given.values == (7, 2, 1, 0)

    def test_a_long_array_is_compared_by_its_sampled_rows(self, student, said):
        given = student(n=np.arange(1000.0)).sequence("n").is_about(range(1000), 0.5)
        assert "1,000 numbers" in said(lambda: given.is_about([1.0], 0.5))
        assert "Another number" in said(lambda: given.is_about(np.arange(1000) + 1, 0.5))

    @pytest.mark.parametrize(("value", "words"), [
        ([7, 2, 1], "has 3 numbers. | 4 numbers."), ([7, 2, 1, 5], "Number 3 of `n`, counted from 0, is 5."),
        ([7, 2, 1, "0"], "`n[3]` is text."), ([7, 2, 1, float("nan")], "NaN"), ([], "is empty"),
        (3, "A list of numbers"),
        (np.zeros((3, 3)), "One axis of numbers"),
        ({"kind": "sequence", "type": "set", "length": 1, "items": [{"kind": "scalar", "type": "int", "value": 1}]},
         "A set has no order"),
    ])
    def test_other_lists_fail(self, student, said, value, words):
        message = said(lambda: student(n=value).sequence("n").is_about([7, 2, 1, 0], 0.1))
        assert words in message and "0 (" not in message

    def test_what_was_not_recorded_is_not_judged(self, student):
        node = {"kind": "sequence", "type": "list", "length": 999, "items": [{"kind": "scalar", "type": "int",
                                                                           "value": 1}] * 200}
        with pytest.raises(Unjudged):
            student(n=node).sequence("n")


class TestMapping:
    def test_numbers_by_key(self, student, said):
        given = student(means={"SGD": 0.87, "Adam": np.float64(0.95)}, n=1, texts={"SGD": "high"})
        means = given.mapping("means").has_keys("Adam", "SGD")
        assert means.keys == ("SGD", "Adam") and means.length == 2
        assert means.numbers() == {"SGD": 0.87, "Adam": 0.95}
        means.number("Adam").is_close_to(0.95, 0.001)
        assert "has no Nadam" in said(lambda: means.has_keys("Adam", "Nadam"))
        assert "means['Adam']` is 0.95" in said(lambda: means.number("Adam").lies_between(0, 0.5))
        assert "`texts['SGD']` is text" in said(lambda: given.mapping("texts").numbers())
        assert "A dict." in said(lambda: given.mapping("n"))

    def test_a_table_of_pandas_is_the_dict_of_its_columns(self, craft, student, said):
        columns = {"loss": craft.value([2.0, 1.0]), "val_loss": craft.value(np.array([2.5, 1.5]))}
        table = craft.value(np.array([[2.0, 2.5], [1.0, 1.5]]))
        given = student(table=table | {"items": columns}, rows=table, history={"loss": np.array([2.0, 1.0])})
        assert given.mapping("table").has_keys("loss", "val_loss").length == 2
        assert given.array("table").has_shape(2, 2)
        assert given.history("table").history == {"loss": (2.0, 1.0), "val_loss": (2.5, 1.5)}
        assert given.history("history").history == {"loss": (2.0, 1.0)}
        assert "A dict." in said(lambda: given.mapping("rows"))


class TestMeasure:
    REFERENCE = SimpleNamespace(maximum=lambda metric: SimpleNamespace(value=5.0, low=3.0, high=4.5),
                                minimum=lambda metric: SimpleNamespace(value=0.9, low=0.92, high=0.96))

    def test_the_number_is_kept_for_the_calibration(self, student):
        given = student()
        measure(given, "surface-error", np.float32(4.0)).stays_below_maximum(self.REFERENCE)
        measure(given, "rate", 0.95).reaches_minimum(self.REFERENCE)
        assert given.evidence.measured == {"surface-error": 4.0, "rate": 0.95}
        assert given.evidence.weakest is Basis.MEASURED

    def test_beyond_the_bound(self, student, said):
        given = student()
        message = said(lambda: measure(given, "surface-error", 6).stays_below_maximum(self.REFERENCE))
        assert message == "The surface error is 6, measured by us. | At most 5 (correct runs: 3–4.5)."
        message = said(lambda: measure(given, "r", 0.8, "the share").reaches_minimum(self.REFERENCE))
        assert message == "The share is 0.8, measured by us. | At least 0.9 (correct runs: 0.92–0.96)."
        assert given.evidence.measured["surface-error"] == 6.0

    def test_a_number_just_beyond_does_not_look_like_the_bound(self, student, said):
        message = said(lambda: measure(student(), "e", 5.0004).stays_below_maximum(self.REFERENCE))
        assert "5.0004" in message

    def test_nan_fails(self, student, said):
        assert "NaN" in said(lambda: measure(student(), "e", float("nan")))


class TestListsOfNumbers:
    """A list, a tuple or nested ones of numbers are what an array of the same numbers is."""

    @staticmethod
    def recorded(craft, values, **more):
        array = craft.value(np.array(values))
        return {"kind": "sequence", "type": "list", "length": len(values), "items": [], "array": array} | more

    def test_a_long_list(self, student, craft):
        node = self.recorded(craft, list(range(1000)))
        given = student(n=node)
        given.array("n").has_shape(1000).equals_rows_of(np.arange(1000))
        given.sequence("n").has_length(1000)

    def test_a_table(self, student, craft, said):
        given = student(n=self.recorded(craft, [[1, 2], [3, 4]]))
        assert given.array("n").has_shape(2, 2).values().tolist() == [[1, 2], [3, 4]]
        assert "Shape (3, 2)" in said(lambda: given.array("n").has_shape(3, 2))

    def test_what_is_too_large_is_a_persons_case(self, student):
        node = {"kind": "sequence", "type": "list", "length": 10**8, "items": [], "large": True}
        for ask in ("array", "sequence"):
            with pytest.raises(Unjudged):
                getattr(student(n=node), ask)("n")

    def test_what_holds_no_numbers_is_no_array(self, student, said):
        words = [{"kind": "text", "value": "a", "length": 1}]
        node = {"kind": "sequence", "type": "list", "length": 1, "items": words}
        assert "An array. | Its rows differ in length" in said(lambda: student(n=node).array("n"))
