"""Assertions about what a model answers: accuracy that the grader measures itself, and answers taken from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from autograder.artifacts import Array
from autograder.checks.ground_truth import Minimum, ReferenceView
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.vocabulary.constant_answers import ConstantAnswer, require_above
from autograder.checks.vocabulary.subject import Subject, measured, number_text, shape_text

TIE = 1e-3
"""Two outputs that differ by less are tied: rounding decides between them, on another machine perhaps the other way."""
EQUAL = 0.995
"""Share of a student's answers that have to agree with the rebuilt model."""


class Answers(Protocol):
    """A student's array or list of answers, of which some rows are known."""

    @property
    def quoted(self) -> str:
        """Its name as messages show it."""

    def known_rows(self) -> tuple[Array, Array, int]:
        """Return the known rows, their positions, and the number of all rows."""


class PredictedSubject(Subject):
    """What the rebuilt model of the student's says about the public test rows.

    Args:
        outputs: shape (rows, classes), one for each public test row that is no copy of another.
        prepared: name of the student's array that holds the prepared rows.
        length: its rows. Beyond the public ones they are copies of the first ones, in the same order.
        noun: what sentences call one row.
    """

    def __init__(
        self, name: str, evidence: Evidence, *, outputs: Array, prepared: str, length: int, noun: str = "image"
    ) -> None:
        super().__init__(name, evidence)
        self.noun = noun
        self.outputs = outputs
        self.prepared = prepared
        self.length = length

    def label_of(self, image: int) -> int:
        """Return the class that the model finds most likely; negative numbers count from the end."""
        return int(self.outputs[self._row(image)].argmax())

    def accepts(self, image: int, label: float) -> bool:
        """Whether ``label`` is the model's answer, or tied with it."""
        row = self.outputs[self._row(image)]
        inside = float(label).is_integer() and 0 <= label < len(row)
        return inside and bool(row[int(label)] >= row.max() - TIE)

    def confusion(self, labels: Array) -> tuple[Array, float]:
        """Return the confusion matrix over all rows of the prepared array, and how many entries tied rows may change.

        Args:
            labels: true classes, at least as many as there are public images.

        Returns:
            counts of shape (classes, classes), the true class in rows; and a tolerance on the sum of all differences.
        """
        rows = np.array([self._row(image) for image in range(self.length)])
        outputs = self.outputs[rows]
        chosen, truth = outputs.argmax(axis=1), np.asarray(labels)[rows].astype(np.int64)
        classes = outputs.shape[1]
        counts = np.bincount(truth * classes + chosen, minlength=classes * classes).reshape(classes, classes)
        best = np.sort(outputs, axis=1)
        level = int((best[:, -1] - best[:, -2] < TIE).sum())
        return counts, 2.0 * level + 2.0 * (1 - EQUAL) * len(rows)

    @measured
    def answers(self, given: Answers, rows: Sequence[int] | None = None) -> None:
        """A student's labels or probabilities are those of the student's own model.

        Labels agree where 99.5 % of them do, ties accepted; probabilities to within 0.001.

        Args:
            given: ``student.array("predicted")`` or ``student.sequence("first_four")``; row i is about image i.
            rows: the images that the rows are about, where they are others: ``answers(…, rows=[0, 1, 2, 3])``.
        """
        values, positions, length = given.known_rows()
        if rows is not None:
            if length != len(rows) and values.size == len(rows) * self.outputs.shape[1]:
                values, positions, length = values.reshape(len(rows), -1), np.arange(len(rows)), len(rows)
            if length != len(rows):
                raise CheckFailed(f"{given.quoted} has {length:,} rows.",
                                  f"{len(rows):,} rows, one for each {self.noun}.")
        if rows is None and length > self.length:
            raise CheckFailed(f"{given.quoted} has {length:,} rows.", f"At most {self.length:,}, as `{self.prepared}`.")
        images = positions if rows is None else np.asarray(rows)[positions]
        flat = values.reshape(len(values), -1)
        if flat.shape[1] == 1:
            self._same_labels(given, flat[:, 0], images)
        elif flat.shape[1] == self.outputs.shape[1]:
            self._same_probabilities(given, flat, images)
        else:
            raise CheckFailed(f"One row of {given.quoted} has shape {shape_text(values.shape[1:])}.",
                              f"One label, or {self.outputs.shape[1]} probabilities.")

    def _same_labels(self, given: Answers, labels: Array, images: Array) -> None:
        wrong = [place for place, image in enumerate(images) if not self.accepts(int(image), float(labels[place]))]
        if len(wrong) > (1 - EQUAL) * len(images):
            first = wrong[0]
            raise CheckFailed(
                f"For {self.noun} {int(images[first])} {given.quoted} says {number_text(float(labels[first]))}, your "
                f"model {self.quoted} {self.label_of(int(images[first]))}.",
                f"For each {self.noun} the class that {self.quoted} finds most likely.",
                "`predict(…).argmax(axis=1)` names it. Was the model trained again after predicting?")

    def _same_probabilities(self, given: Answers, values: Array, images: Array) -> None:
        wanted = self.outputs[[self._row(int(image)) for image in images]]
        if not np.allclose(values, wanted, rtol=TIE, atol=TIE):
            raise CheckFailed(f"{given.quoted} has other numbers than {self.quoted} answers.",
                              f"What `{self.name}.predict({self.prepared})` returns.",
                              f"Was the model trained again after predicting, or did it predict other {self.noun}s?")

    def _row(self, image: int) -> int:
        place = image + self.length if image < 0 else image
        if not 0 <= place < self.length:
            raise CheckFailed(f"`{self.prepared}` has {self.length:,} rows, so there is no {self.noun} {image}.",
                              f"At least {image + 1 if image >= 0 else -image:,} rows.")
        return place % len(self.outputs)


class AccuracySubject(Subject):
    """The accuracy of one model: the lower of that on the test images and that on withheld images.

    Args:
        shown: what `evaluate` may show.
    """

    def __init__(
        self, name: str, evidence: Evidence, *, test: float, withheld: float, metric: str, constant: ConstantAnswer,
        shown: Sequence[float] = (),
    ) -> None:
        super().__init__(name, evidence)
        self.test = test
        self.withheld = withheld
        self._shown = tuple(shown) or (test,)
        self.metric = metric
        self._constant = constant

    @property
    def value(self) -> float:
        """The metric that minima are calibrated for, 0 to 1."""
        return min(self.test, self.withheld)

    @property
    def shown(self) -> tuple[float, ...]:
        """What `evaluate` may show: `test`, followed by the share of equal numbers after ``metrics=[Accuracy()]``."""
        return self._shown

    @measured
    def at_least(self, minimum: Minimum | float) -> None:
        """The accuracy reaches the minimum: ``at_least(reference.minimum("relu-fit/relu_model"))``."""
        least = minimum.value if isinstance(minimum, Minimum) else minimum
        if not isinstance(minimum, Minimum):
            require_above(least, self._constant.reaches, f"the accuracy of {self.quoted}")
        if self.value >= least:
            return
        band = f" (correct runs: {minimum.low:.2f}–{minimum.high:.2f})" if isinstance(minimum, Minimum) else ""
        # Rounded to two decimals a value just below would look as if it had reached the minimum.
        digits = 2 if f"{self.value:.2f}" != f"{least:.2f}" else 4
        raise CheckFailed(f"Accuracy {self.value:.{digits}f} of {self.quoted}, measured by us.",
                          f"At least {least:.{digits}f}{band}.", self._hint())

    def reaches_minimum(self, reference: ReferenceView) -> AccuracySubject:
        """The same with the minimum that was calibrated for this model at this task."""
        return self.at_least(reference.minimum(self.metric))

    def _hint(self) -> str:
        if self._constant.given:
            return "The model gives the same answer for every row: was it trained, and on rows that were scaled?"
        if self.test - self.withheld > 0.1:
            return "It is far better on the test rows than on rows it never saw: was it trained on the test set?"
        return "Check the scaling first, then that exactly this model was trained, with the settings of the step."


class LossSubject(Subject):
    """The loss of one model on the public test images.

    Args:
        values: what `evaluate` may show, which depends on Keras's backend; at least one.
    """

    def __init__(self, name: str, evidence: Evidence, values: Sequence[float]) -> None:
        super().__init__(name, evidence)
        self.values = tuple(values)


def is_constant(outputs: Array) -> bool:
    """Whether every row has its largest number at the same place."""
    chosen = outputs.argmax(axis=1)
    return bool((chosen == chosen[0]).all())
