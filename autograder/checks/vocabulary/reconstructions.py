"""Assertions about models that restore their input: autoencoders, with noise and without."""

from __future__ import annotations

import numpy as np

from autograder.artifacts import Array
from autograder.checks.ground_truth import Holdout
from autograder.checks.metrics import metric_name
from autograder.checks.outcome import CheckFailed
from autograder.checks.vocabulary.rebuilt import RebuiltModel
from autograder.checks.vocabulary.score_subjects import ScoreSubject
from autograder.checks.vocabulary.subject import shape_text
from autograder.model.reconstruction import reconstruction

NAME = "reconstruction_error"


class RestoringModel(RebuiltModel):
    """A model whose answer to a row is that row again."""

    def reconstruction_on(self, holdout: Holdout, prepared: str, *, noise: float = 0.0) -> ScoreSubject:
        """Return the mean squared error with which the model restores rows, measured by the grader.

        On the test rows and on withheld ones, of which the larger error counts:

            student.model("denoiser").reconstruction_on(holdout, "X_test", noise=0.3).stays_below_maximum(reference)

        A bound is refused that the mean of all rows reaches as an answer to each row, or the noisy row itself.

        Args:
            holdout: the fixture.
            prepared, noise: as in the marker, ``predicts=[("denoiser", reconstruction("X_test", noise=0.3))]``.

        Raises:
            CheckFailed: the model's answers have another number of values than a row.
            Unjudged: the model could not be rebuilt, or its preparation not recovered.
        """
        self._supported()
        given, wanted = self.record.output_shape, self.record.input_shape
        if given is not None and wanted is not None and _size(given) != _size(wanted):
            raise CheckFailed(f"{self.quoted} gives outputs of shape {shape_text(given[1:])} for rows of shape "
                              f"{shape_text(wanted[1:])}.", "As many numbers as a row has: the row itself, restored.")
        errors = self._outputs(self.name, reconstruction(prepared, noise))
        cut = len(holdout.test_labels)
        parts = [part.astype(np.float64).mean(axis=0) for part in (errors[:cut], errors[cut:])]
        with_noise = "from rows with noise" if noise else "of its rows"
        return ScoreSubject(f"{metric_name(self._task, self.name)}/{NAME}", max(float(part[0]) for part in parts),
                            self.evidence, shown=float(parts[0][0]), constant=_without_learning(parts, noise),
                            what=f"the mean squared error of {self.quoted}, {with_noise},")


def _without_learning(parts: list[Array], noise: float) -> float:
    """Return the least error of an answer that needs no learning: the mean of all rows, or the row as it came."""
    mean, unchanged = (max(float(part[place]) for part in parts) for place in (1, 2))
    return min(mean, unchanged) if noise else mean


def _size(shape: tuple[int | None, ...]) -> int:
    return int(np.prod([side or 1 for side in shape[1:]]))
