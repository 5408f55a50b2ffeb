"""Assertions about numbers, histories and figures."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.checks.vocabulary.constant_answers import ConstantAnswer
from autograder.checks.vocabulary.predictions import AccuracySubject
from autograder.model import Basis, SlotStatus


@pytest.fixture
def student(craft, tiny):
    def make(value, **request):
        craft.checkpoint("t", {"n": value})
        return craft.student(tiny, "t", **request)

    return make


def accuracy(student, test, withheld=0.9):
    return AccuracySubject("model", student.evidence, test=test, withheld=withheld, metric="t/model",
                           constant=ConstantAnswer(given=False))


class TestNumber:
    @pytest.mark.parametrize("value", [0.93, np.array([0.93]), [0.93], {"kind": "scalar", "type": "x", "value": 0.93}])
    def test_every_kind_of_number_passes(self, student, value):
        student(value).number("n").is_close_to(0.93, 0.001).is_about(0.93, 0.001).lies_between(0.9, 1)

    def test_another_number(self, student, said):
        subject = student(0.5).number("n")
        assert said(lambda: subject.is_close_to(0.93, 0.01)) == "`n` is 0.5. | 0.93 (± 0.01)."
        assert "0.93" not in said(lambda: subject.is_about(0.93, 0.01))
        assert "from 0.6 to 0.7" in said(lambda: subject.lies_between(0.6, 0.7))

    def test_nothing_is_close_to_nan(self, student, said):
        assert "`n` is 0.5." in said(lambda: student(0.5).number("n").is_about(float("nan"), 0.01))

    def test_per_cent(self, student, said):
        assert "looks like a percentage" in said(lambda: student(93.0).number("n").is_close_to(0.93, 0.01))

    def test_the_students_own_accuracy(self, student, said):
        given = student(0.93)
        given.number("n").matches_accuracy(accuracy(given, 0.9312))
        message = said(lambda: given.number("n").matches_accuracy(accuracy(given, 0.74)))
        assert message == "`n` is 0.93. | The accuracy of `model` on the test images, 0.7400 as we measured it."

    def test_the_loss_instead(self, student, said):
        given = student(1.7)
        assert "may be the loss" in said(lambda: given.number("n").matches_accuracy(accuracy(given, 0.74)))

    @pytest.mark.parametrize(("value", "words"), [
        ([1.7, 0.74], "`evaluate` returns loss and metrics together"), ("0.93", "Without the quotation marks"),
        (None, "`n` is None"), (True, "a boolean"), (float("nan"), "NaN"), (float("inf"), "infinite"),
        (np.zeros((3, 3)), "an array of shape (3, 3)"), (np.array([np.nan]), "NaN"),
        ({}, "a dict of 0 items"),
    ])
    def test_anything_else_is_named(self, student, said, value, words):
        assert words in said(lambda: student(value).number("n"))


class TestHistory:
    HISTORY = {"kind": "history", "model": 1, "fit": 1, "history": {"loss": [2.0, 1.0], "acc": [0.1, 0.2]}}  # noqa: RUF012  (read only)

    @pytest.mark.parametrize("value", [HISTORY, {"loss": [2.0, 1.0], "acc": [0.1, 0.2]}])
    def test_a_history_or_its_dict_passes(self, student, value):
        student(value).history("n").has_epochs(2).has_quantities("loss", "accuracy").is_finite()

    def test_mistakes(self, student, said):
        subject = student(self.HISTORY).history("n")
        assert "holds 2 epochs" in said(lambda: subject.has_epochs(10))
        assert "`fit` got validation data" in said(lambda: subject.has_quantities("val_loss"))

    def test_nan(self, student, said):
        assert "became NaN" in said(lambda: student({"loss": [1.0, float("nan")]}).history("n").is_finite())

    def test_another_models_history(self, craft, tiny, said):
        for number in (1, 2):
            craft.model(number, [craft.dense(10, "softmax")])
        craft.checkpoint("t", {"n": self.HISTORY, "one": craft.net(1), "two": craft.net(2)})
        student = craft.student(tiny, "t")
        student.history("n").belongs_to(student.model("one"))
        assert "another model's history" in said(lambda: student.history("n").belongs_to(student.model("two")))

    @pytest.mark.parametrize("value", [3, [], {}, {"loss": 3}, {"loss": ["x"]}, {"loss": [None]}])
    def test_anything_else_is_named(self, student, said, value):
        assert "What `fit` returned." in said(lambda: student(value).history("n"))

    def test_where_curves_end(self, student, said):
        curves = {"loss": [2.0, 1.0], "val_loss": [2.1, 1.6], "acc": [0.8, 0.9], "val_acc": [0.7, 0.75]}
        given = student({**self.HISTORY, "history": curves})
        history = given.history("n").ends_below("val_loss", 1.7)
        assert history.gap("accuracy", "val_accuracy").value == pytest.approx(0.15)
        assert history.gap("val_loss", "loss", epochs=2).value == pytest.approx(0.35)
        assert history.last("loss").value == 1.0
        assert said(lambda: history.ends_below("val_loss", 1.6)) == "val_loss of `n` ends at 1.6. | Below 1.6."
        assert given.evidence.weakest is Basis.CLAIMED

    def test_curves_that_end_nowhere(self, student, said):
        given = student({**self.HISTORY, "history": {"loss": ["nan"], "val_loss": []}}).history("n")
        assert "Finite" not in said(lambda: given.gap("accuracy", "loss"))
        for name in ("loss", "val_loss"):
            assert "A finite number." in said(lambda name=name: given.last(name))


class TestFigures:
    def test_enough(self, student):
        student(0, figures={"t": 2}).figures().at_least(2)

    @pytest.mark.parametrize(
        ("count", "words"), [(0, "No figure was shown"), (1, "1 figure was shown by this step. | At")]
    )
    def test_too_few(self, student, said, count, words):
        assert words in said(lambda: student(0, figures={"t": count}).figures().at_least(2))

    def test_blank(self, student, said):
        given = student(0, slots={"t": SlotStatus.BLANK})
        assert said(lambda: given.figures().at_least(1)).startswith("Nothing was written")
