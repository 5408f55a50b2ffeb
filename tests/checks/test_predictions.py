"""Answers that are judged against the student's own model: labels, probabilities, confusion matrix, sensitivity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checks import CheckFailed, Prediction, Unjudged
from autograder.checks.ground_truth import NOUNS
from autograder.model import Basis

PUBLIC, ROWS = 100, 200
"""Rows of the public test images of the small course that are no copies, and all of them."""


@pytest.fixture
def network(craft, tiny, tmp_path):
    """Return a function: names of the student's → (the student, what their model says)."""
    outputs = np.random.default_rng(1).dirichlet(np.full(10, 0.2), PUBLIC + len(tiny.holdout_labels)).astype("float32")
    outputs[3, :] = 0.1
    outputs[3, 4] = outputs[3, 6] = 0.1004

    def make(rows: int = ROWS, **names):
        craft.model(1, [craft.dense(10, "softmax")])
        test = tiny.test_images.reshape(-1, 784)[:rows]
        craft.checkpoint("t", {"model": craft.net(1), "X_test": test, **names})
        np.savez(tmp_path / "predictions.npz", y=outputs)
        asked = Prediction(task="t", model="model", array="X_test", outputs=tmp_path / "predictions.npz")
        student = craft.student(tiny, "t", predictions=(asked,))
        return student, student.model("model").predictions_on(student._case.holdout, "X_test")

    make.all = np.concatenate([outputs[:PUBLIC], outputs[:PUBLIC]])
    make.labels = make.all.argmax(axis=1)
    return make


class TestAnswers:
    def test_labels_and_probabilities_of_all_images_pass(self, network):
        student, predicted = network(labels=network.labels, column=network.labels[:, None].astype("float32"),
                                     probabilities=network.all, few=network.labels[:4], listed=[int(network.labels[0])])
        for name in ("labels", "column", "probabilities", "few"):
            predicted.answers(student.array(name))
        predicted.answers(student.sequence("listed")).answers(student.sequence("few"))
        assert student.evidence.weakest is Basis.MEASURED

    def test_a_level_label_is_right_too(self, network):
        other = network.labels.copy()
        other[3] = other[103] = 4 if network.labels[3] == 6 else 6
        student, predicted = network(labels=other, four=other[:4])
        predicted.answers(student.array("four"))
        predicted.answers(student.array("labels"))

    def test_other_labels_fail_and_name_an_image(self, network, said, tiny):
        student, predicted = network(true=tiny.test_labels, shifted=(network.labels[:4] + 1) % 10)
        assert "your model `model`" in said(lambda: predicted.answers(student.array("true")))
        message = said(lambda: predicted.answers(student.array("shifted")))
        assert message.startswith(f"For image 0 `shifted` says {(network.labels[0] + 1) % 10}, your model `model` ")

    def test_other_probabilities_and_shapes_fail(self, network, said):
        student, predicted = network(off=network.all + 0.01, logits=np.zeros((ROWS, 3)), long=np.zeros(ROWS + 1))
        assert "other numbers than `model` answers" in said(lambda: predicted.answers(student.array("off")))
        assert "One label, or 10 probabilities" in said(lambda: predicted.answers(student.array("logits")))
        assert "At most 200, as `X_test`" in said(lambda: predicted.answers(student.array("long")))

    def test_answers_about_chosen_images(self, network, said):
        student, predicted = network(last=network.all[-1], two=network.labels[[150, 7]])
        predicted.answers(student.array("last"), rows=[-1]).answers(student.array("two"), rows=[150, 7])
        assert "2 rows, one for each image" in said(lambda: predicted.answers(student.array("last"), rows=[1, 2]))

    def test_not_a_number_answers_nothing(self, network, said):
        student, predicted = network(nan=np.full(4, np.nan), far=np.full(4, 99), half=np.full(4, 0.5))
        for name in ("nan", "far", "half"):
            assert "For image 0" in said(lambda name=name: predicted.answers(student.array(name)))


class TestLabel:
    def test_the_models_own_digit_is_right(self, network, said):
        student, predicted = network(digit=int(network.labels[11]), array=network.labels[199:], wrong=12.5)
        student.number("digit").is_label_of(predicted, 11)
        student.number("array").is_label_of(predicted, -1)
        student.number("array").is_label_of(predicted, 199)
        assert predicted.label_of(111) == predicted.label_of(11) == network.labels[11]
        assert f"image 11: {network.labels[11]}" in said(lambda: student.number("wrong").is_label_of(predicted, 11))

    def test_an_image_that_the_student_does_not_have(self, network, said):
        student, predicted = network(rows=50, digit=1)
        assert "`X_test` has 50 rows" in said(lambda: student.number("digit").is_label_of(predicted, 50))


def confusion(truth, answered):
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (truth.astype(int), answered), 1)
    return counts


class TestConfusion:
    @pytest.fixture
    def right(self, network, tiny):
        return confusion(tiny.test_labels, network.labels)

    @pytest.mark.parametrize("dtype", ["int64", "float32", "uint8"])
    def test_the_right_one_passes(self, network, tiny, right, dtype):
        student, predicted = network(table=right.astype(dtype))
        student.array("table").is_confusion_matrix_of(predicted, tiny.test_labels)

    def test_fewer_images_count_as_many(self, network, tiny):
        student, predicted = network(rows=150, table=confusion(tiny.test_labels[:150], network.labels[:150]))
        student.array("table").is_confusion_matrix_of(predicted, tiny.test_labels)

    def test_orientation(self, network, tiny, right, said):
        student, predicted = network(table=right.T.copy())
        table = student.array("table")
        assert "the true digits in its columns" in said(lambda: table.is_confusion_matrix_of(
            predicted, tiny.test_labels))
        table.is_confusion_matrix_of(predicted, tiny.test_labels, orientation="any")

    def test_wrong_ones(self, network, tiny, right, said):
        shares = right / right.sum(axis=1, keepdims=True)
        student, predicted = network(shares=shares, eye=np.diag(right.sum(axis=1)), small=right[:9, :9],
                                     nan=right * np.nan)
        def ask(name):
            return said(lambda: student.array(name).is_confusion_matrix_of(predicted, tiny.test_labels))

        assert "The entries should be counts, not shares." in ask("shares")
        assert "does not count what `model` answers" in ask("eye")
        assert "Shape (10, 10)" in ask("small") and "NaN" in ask("nan")

    @pytest.mark.parametrize("kind", [np.array, list])
    def test_sensitivity(self, network, tiny, right, kind, said):
        sums = right.sum(axis=1)
        student, _ = network(table=right, turned=right.T.copy(), rates=kind(np.diag(right) / sums),
                             precision=kind(np.diag(right) / right.sum(axis=0)), cent=kind(100 * np.diag(right) / sums),
                             whole=kind(np.diag(right) / right.sum()), short=kind([0.5, 0.5]))
        table = student.array("table")
        rates = student.sequence("rates").is_sensitivity_of(table)
        rates.is_sensitivity_of(student.array("turned"), tiny.test_labels)
        if kind is np.array:
            student.array("rates").is_sensitivity_of(table)
        for name, words in (("precision", "That is the precision"), ("cent", "percent"),
                            ("whole", "divides by the number of all images"), ("short", "10 numbers")):
            assert words in said(lambda name=name: student.sequence(name).is_sensitivity_of(table))
        assert "precision" in said(lambda: rates.is_sensitivity_of(student.array("turned")))


def test_an_unfinished_model_fails_with_its_reason(craft, tiny):
    craft.checkpoint("t", {"model": 3})
    student = craft.student(tiny, "t")
    with pytest.raises(CheckFailed, match="`model` is the number 3"):
        student.model("model")


class TestAnswersOfADivergedModel:
    """Weights that became NaN answer NaN to everything, and `argmax` takes the first: class 0."""

    @pytest.fixture
    def diverged(self, craft, tiny):
        def make(weight=float("nan"), compiled=None, **names):
            craft.model(1, [craft.dense(10, "softmax")], weight=weight, compiled=compiled)
            test = tiny.test_images.reshape(-1, 784)
            craft.checkpoint("t", {"model": craft.net(1), "X_test": test, **names})
            student = craft.student(tiny, "t")
            return student, student._case.holdout, student.model("model")

        return make

    @pytest.mark.parametrize("weight", [float("nan"), float("inf")])
    def test_what_such_a_model_shows_passes(self, diverged, tiny, weight):
        zeros = float((tiny.test_labels == 0).mean())
        student, holdout, network = diverged(weight, labels=np.zeros(ROWS, int), accuracy=zeros)
        network.predictions_on(holdout, "X_test", diverged=True).answers(student.array("labels"))
        accuracy = network.accuracy_on(holdout, "X_test", diverged=True)
        student.number("accuracy").matches_accuracy(accuracy)
        assert student.evidence.weakest is Basis.MEASURED

    def test_an_invented_answer_fails(self, diverged, tiny, said):
        student, holdout, network = diverged(labels=tiny.test_labels, accuracy=0.97)
        predicted = network.predictions_on(holdout, "X_test", diverged=True)
        assert "your model `model` 0." in said(lambda: predicted.answers(student.array("labels")))
        accuracy = network.accuracy_on(holdout, "X_test", diverged=True)
        assert "`accuracy` is 0.97." in said(lambda: student.number("accuracy").matches_accuracy(accuracy))

    def test_without_the_argument_it_fails(self, diverged, said):
        _, holdout, network = diverged()
        for ask in (network.predictions_on, network.accuracy_on, network.loss_on):
            assert "contain NaN or infinite" in said(lambda ask=ask: ask(holdout, "X_test"))


class TestLoss:
    @pytest.fixture
    def shown(self, craft, tiny, tmp_path):
        """Return a function: compile configuration → (student with the number n, their model, the holdout)."""
        def make(number, loss="categorical_crossentropy", metrics=("accuracy",), activation="softmax"):
            compiled = {"optimizer": {"class": "SGD", "config": {}}, "loss": loss, "metrics": list(metrics)}
            craft.model(1, [craft.dense(10, activation)], compiled=compiled)
            craft.checkpoint("t", {"model": craft.net(1), "X_test": tiny.test_images.reshape(-1, 784), "n": number})
            np.savez(tmp_path / "predictions.npz", y=0.1 + 0.8 * tiny.outputs(0.75))
            asked = Prediction(task="t", model="model", array="X_test", outputs=tmp_path / "predictions.npz")
            student = craft.student(tiny, "t", predictions=(asked,))
            return student, student.model("model"), student._case.holdout

        return make

    # Outputs of 0.1 and 0.9 sum to 1.8; three of four images are right.
    LOSS = -(0.75 * np.log(0.9 / 1.8) + 0.25 * np.log(0.1 / 1.8))

    def test_the_loss_of_the_students_own_model(self, shown):
        student, network, holdout = shown(round(self.LOSS, 2))
        student.number("n").matches_loss(network.loss_on(holdout, "X_test"))
        assert student.evidence.weakest is Basis.MEASURED

    def test_another_number(self, shown, said):
        student, network, holdout = shown(0.75)
        assert said(lambda: student.number("n").matches_loss(network.loss_on(holdout, "X_test"))) == (
            f"`n` is 0.75. | The loss of `model` on the test images, {self.LOSS:.4f} as we measured it. | "
            "`evaluate` returns the loss first, then the metrics.")

    def test_a_loss_that_the_grader_does_not_compute_is_withheld(self, shown):
        student, network, holdout = shown(0.75, loss="ctc")
        with pytest.raises(Unjudged, match="cannot be computed"):
            student.number("n").matches_loss(network.loss_on(holdout, "X_test"))

    def test_accuracy_of_equal_numbers_counts_with_as_shown(self, shown, said):
        student, network, holdout = shown(0.0, metrics=[{"class_name": "Accuracy", "config": {}}])
        accuracy = network.accuracy_on(holdout, "X_test")
        assert accuracy.shown == (accuracy.test, 0.0)
        student.number("n").matches_accuracy(accuracy, as_shown=True)
        assert "0.7500 as we measured it" in said(lambda: student.number("n").matches_accuracy(accuracy))

    def test_it_counts_for_no_other_metric(self, shown, said):
        student, network, holdout = shown(0.0)
        accuracy = network.accuracy_on(holdout, "X_test")
        assert "as we measured it" in said(lambda: student.number("n").matches_accuracy(accuracy, as_shown=True))


@pytest.mark.parametrize(("kind", "noun"), [("table", "row"), ("texts", "text"), ("images", "image")])
def test_sentences_call_a_row_what_the_data_set_has(network, kind: str, noun: str) -> None:
    student, _ = network(labels=(network.labels + 1) % 10)
    predicted = student.model("model").predictions_on(replace(student._case.holdout, noun=NOUNS[kind]), "X_test")
    with pytest.raises(CheckFailed) as caught:
        predicted.answers(student.array("labels"))
    assert str(caught.value).startswith(f"For {noun} ")
