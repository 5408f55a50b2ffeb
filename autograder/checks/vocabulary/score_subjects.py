"""Assertions about scores that the grader computes itself: ROC AUC, F1, precision, recall, errors of numbers, R²."""

from __future__ import annotations

import math

from autograder.artifacts import Array
from autograder.checks import score_formulas
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.score_formulas import ALIASES, KINDS, Average
from autograder.checks.vocabulary.constant_answers import require_above, require_below
from autograder.checks.vocabulary.measurement import Measurement
from autograder.checks.vocabulary.subject import measured, number_text
from autograder.errors import CheckError

_TWO = 2


class ScoreSubject(Measurement):
    """A score that the grader computed; calibration collects it under ``metric``.

    Args:
        metric: the name under which it is calibrated.
        value: what bounds apply to: of a model, the worse of its scores on the test images and on withheld ones.
        shown: what a student can compute: the score on the test images.
        constant: what one answer for every row reaches; None where it says nothing.
    """

    def __init__(
        self, metric: str, value: float, evidence: Evidence, *, what: str, shown: float | None = None,
        constant: float | None = None,
    ) -> None:
        super().__init__(metric, value, evidence, what=what)
        self.shown = value if shown is None else shown
        self._constant = constant
        evidence.measure(metric, value, constant)

    @measured
    def at_least(self, bound: float) -> None:
        """The score is at least this number: ``at_least(0.9)``; a number that a constant answer reaches is refused."""
        require_above(bound, self._constant, self.name)
        if not self.value >= bound:
            raise CheckFailed(f"{self._start} is {number_text(self.value)}, measured by us.",
                              f"At least {number_text(bound)}.")

    @measured
    def at_most(self, bound: float) -> None:
        """The score is at most this number, for errors: ``at_most(0.5)``; raises like `at_least`."""
        require_below(bound, self._constant, self.name)
        if not self.value <= bound:
            raise CheckFailed(f"{self._start} is {number_text(self.value)}, measured by us.",
                              f"At most {number_text(bound)}.")


def require_one_for_each(name: str, quoted: str, outputs: Array, truth: Array) -> None:
    """Fail where an output belongs to no class or label: a score of such outputs does not exist.

    Args:
        quoted: what gave the outputs.
        truth: classes, or rows of labels; all of them, so that every class is there.

    Raises:
        CheckFailed: there are more or fewer outputs than classes or labels.
    """
    kind = KINDS.get(ALIASES.get(name, name))
    if kind is None or not kind.classes or not len(truth):
        return
    try:
        several = score_formulas.labels_of(truth)
        count = int(score_formulas.classes_of(truth).max()) + 1 if several is None else several.shape[1]
    except ValueError:
        return  # which is the check's own mistake, and said where the score is computed
    fitting = (count,) if several is not None else (1, 2) if count <= _TWO else (count,)
    columns = math.prod(outputs.shape[1:])
    if columns not in fitting and (several is not None or kind is KINDS["roc_auc"]):
        raise CheckFailed(f"{quoted} has {columns} output{'' if columns == 1 else 's'} for each row.",
                          f"{count}, one for each {'class' if several is None else 'label'}.")


def of_model(
    name: str, outputs: Array, truths: tuple[Array, Array], average: Average,
) -> tuple[float, float, float | None]:
    """Return the worse of a model's scores on test images and on withheld ones, the one on the test images, and what
    the best constant answer reaches.

    Args:
        outputs: for the test images and after them the withheld ones.
        truths: of the test images and of the withheld ones.
    """
    test, withheld = truths
    shown = compute(name, outputs[: len(test)], test, average)
    unseen = compute(name, outputs[len(test) :], withheld, average)
    worse = min if KINDS[ALIASES.get(name, name)].rises else max
    constants = [constant_of(name, truth, average) for truth in truths]
    known = [one for one in constants if one is not None]
    return worse(shown, unseen), shown, worse(known) if known else None


def constant_of(name: str, truth: Array, average: Average) -> float | None:
    """Return what one answer for every row reaches; None where it is unknown."""
    try:
        found = score_formulas.constant_score(name, truth, average=average)
    except ValueError:
        return None
    return found if found is not None and math.isfinite(found) else None


def compute(name: str, outputs: Array, truth: Array, average: Average) -> float:
    """Return a score.

    Raises:
        CheckError: the grader does not know it, or the truth of the check does not determine it.
    """
    if ALIASES.get(name, name) not in KINDS:
        raise CheckError(f"The grader computes the scores {', '.join(KINDS)}, not {name!r}; correct the check.")
    try:
        value = score_formulas.score(name, outputs, truth, average=average)
    except ValueError as error:
        raise CheckError(f"The score {name} cannot be computed: {error}; correct the check.") from None
    if not math.isfinite(value):
        raise CheckError(f"The score {name} is not finite; correct the check.")
    return value
