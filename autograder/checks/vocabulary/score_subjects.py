"""Assertions about scores that the grader computes itself: ROC AUC, F1, precision, recall, absolute error, R²."""

from __future__ import annotations

import math

from autograder.artifacts import Array
from autograder.checks import score_formulas
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.score_formulas import KINDS, Average
from autograder.checks.vocabulary.measurement import Measurement
from autograder.checks.vocabulary.subject import measured, number_text
from autograder.errors import CheckError


class ScoreSubject(Measurement):
    """A score that the grader computed; calibration collects it under ``metric``.

    Args:
        metric: the name under which it is calibrated.
        value: what bounds apply to: of a model, the worse of its scores on the test images and on withheld ones.
        shown: what a student can compute: the score on the test images.
    """

    def __init__(self, metric: str, value: float, evidence: Evidence, *, what: str, shown: float | None = None) -> None:
        super().__init__(metric, value, evidence, what=what)
        self.shown = value if shown is None else shown
        evidence.measure(metric, value)

    @measured
    def at_least(self, bound: float) -> None:
        """The score is at least this number: ``at_least(0.9)``."""
        if not self.value >= bound:
            raise CheckFailed(f"{self._start} is {number_text(self.value)}, measured by us.",
                              f"At least {number_text(bound)}.")

    @measured
    def at_most(self, bound: float) -> None:
        """The score is at most this number, for errors: ``at_most(0.5)``."""
        if not self.value <= bound:
            raise CheckFailed(f"{self._start} is {number_text(self.value)}, measured by us.",
                              f"At most {number_text(bound)}.")


def of_model(name: str, outputs: Array, truths: tuple[Array, Array], average: Average) -> tuple[float, float]:
    """Return the worse of a model's scores on test images and on withheld ones, and the one on the test images.

    Args:
        outputs: for the test images and after them the withheld ones.
        truths: of the test images and of the withheld ones.
    """
    test, withheld = truths
    shown = compute(name, outputs[: len(test)], test, average)
    unseen = compute(name, outputs[len(test) :], withheld, average)
    return (min(shown, unseen) if KINDS[name].rises else max(shown, unseen)), shown


def compute(name: str, outputs: Array, truth: Array, average: Average) -> float:
    """Return a score.

    Raises:
        CheckError: the grader does not know it, or the truth of the check does not determine it.
    """
    if name not in KINDS:
        raise CheckError(f"The grader computes the scores {', '.join(KINDS)}, not {name!r}; correct the check.")
    try:
        value = score_formulas.score(name, outputs, truth, average=average)
    except ValueError as error:
        raise CheckError(f"The score {name} cannot be computed: {error}; correct the check.") from None
    if not math.isfinite(value):
        raise CheckError(f"The score {name} is not finite; correct the check.")
    return value
