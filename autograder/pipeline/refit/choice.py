"""Chooses the trainings to repeat: above correct runs, contradictory, on the leaderboard, or drawn at random.

Decided from the result, the stored answers and the few facts of `Trainings`: nothing that a student wrote is read here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.calibration import upper_bound
from autograder.checks.metrics import accuracy, lower_accuracy, metric_name
from autograder.checks.vocabulary.consistency import MARGIN
from autograder.model import MetricSpread, Result, Status
from autograder.model.refit import Reason
from autograder.pipeline.reading.planning import State
from autograder.pipeline.reading.stored_answers import answers
from autograder.pipeline.reading.trainings import Trained, Trainings
from autograder.pipeline.session.session import Session

_SPAN = float(1 << 64)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One state of a model whose accuracy the grader has measured.

    Attributes:
        record: what its process recorded of its training.
        handed_in: the metric, the lower of both accuracies.
        measured: the accuracy on the public test images alone, None where the preparation of these is unknown.
    """

    record: Trained
    handed_in: float
    measured: float | None
    reasons: tuple[Reason, ...] = ()

    @property
    def task(self) -> str:
        """The task at whose checkpoint it was found."""
        return self.record.task

    @property
    def model(self) -> str:
        """Its name in the student's namespace."""
        return self.record.model


def list_candidates(session: Session, found: Trainings, folder: Path) -> list[Candidate]:
    """Return every model of a run that could be evaluated, once for each state, without reasons.

    Args:
        folder: what the run left, with the stored answers.
    """
    outputs = answers(folder)
    public, withheld = session.load_labels()
    made: dict[State, Candidate] = {}
    for one in found.models:
        given = outputs.get((one.task, one.model))
        if given is None or one.state in made:
            continue
        try:
            lower = min(lower_accuracy(given, public, withheld))
        except ValueError:  # from another data set
            continue
        made[one.state] = Candidate(record=one, handed_in=lower, measured=_measured(one, given, public))
    return list(made.values())


def choose_candidates(session: Session, every: Sequence[Candidate], result: Result, *, leaderboard: bool,
                 everything: bool) -> list[Candidate]:
    """Return the models whose training is to be repeated.

    Args:
        result: as judged, before anything is withheld.
        leaderboard: whether this is an entry of the leaderboard and has to be repeated now.
        everything: whether all of them were requested.
    """
    submission = result.provenance.submission if result.provenance else ""
    drawn = draw_model(session.secret, result.assignment, result.student, submission, count=len(every),
                     share=session.assignment.refit.share)
    rule = session.assignment.leaderboard if leaderboard else None
    chosen = []
    for number, one in enumerate(every):
        why: list[Reason] = []
        if _above(session, one):
            why.append("above")
        if _disagrees(one) or _unlike_its_record(session, one, result):
            why.append("disagrees")
        if rule is not None and rule.metric == metric_name(one.task, one.model):
            why.append("leaderboard")
        if number == drawn:
            why.append("drawn")
        if everything:
            why.append("asked")
        if why:
            chosen.append(replace(one, reasons=tuple(why)))
    return chosen


def draw_model(secret: str, assignment: str, student: str, submission: str, *, count: int, share: float) -> int | None:
    """Return which of a submission's models is drawn at random, None for none.

    The same for the same submission, and not predictable without the course's secret.
    """
    if count == 0:
        return None
    text = f"refit/{assignment}/{student}/{submission}".encode()
    keyed = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    if int.from_bytes(keyed[:8], "big") / _SPAN >= share:
        return None
    return int.from_bytes(keyed[8:16], "big") % count


def derive_seeds(secret: str, assignment: str, student: str, submission: str, *, count: int) -> tuple[int, ...]:
    """Return the seeds of the repetitions, which nobody can tune a network for."""
    text = f"seeds/{assignment}/{student}/{submission}".encode()
    keyed = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return tuple(int.from_bytes(hashlib.sha256(keyed + bytes([number])).digest()[:4], "big") for number in range(count))


def _calibrated(session: Session, one: Candidate) -> MetricSpread | None:
    """Return the spread of correct runs in this metric, None where it was not calibrated."""
    return session.calibration.metrics.get(metric_name(one.task, one.model)) if session.calibration else None


def find_deviation(session: Session, one: Candidate) -> float | None:
    """Return the standard deviation of correct runs in this metric, None where it was not calibrated."""
    spread = _calibrated(session, one)
    return spread.deviation if spread else None


def earns_nothing(session: Session, one: Candidate) -> bool:
    """Whether a model misses the minimum of its metric, so that its accuracy earns no points."""
    spread = _calibrated(session, one)
    return spread is not None and spread.minimum is not None and one.handed_in < spread.minimum


def _above(session: Session, one: Candidate) -> bool:
    spread = _calibrated(session, one)
    return spread is not None and spread.maximum is None and one.handed_in > upper_bound(spread)


def _disagrees(one: Candidate) -> bool:
    """Whether what the process recorded of this model's training is contradictory."""
    record = one.record
    if record.doubted or one.measured is None or record.watched is None or record.watched != record.images:
        return record.doubted
    return not record.least <= one.measured <= record.most


def _unlike_its_record(session: Session, one: Candidate, result: Result) -> bool:
    """Whether a model is far below correct runs although all other checks of its training passed."""
    spread = _calibrated(session, one)
    if spread is None or spread.minimum is None or one.handed_in >= spread.minimum - MARGIN:
        return False
    checks = [check for task in result.tasks if task.id in one.record.trained_in for check in task.checks
              if not check.minimum]
    return bool(checks) and all(check.status is Status.PASSED for check in checks)


def _measured(record: Trained, outputs: NDArray[np.float32], public: NDArray[np.integer]) -> float | None:
    """Return the accuracy on the public test images that are in the student's array of them."""
    labels = public[: record.rows]
    if record.images is None or not len(labels):
        return None
    return accuracy(outputs[: len(labels)], labels)


def must_tell_staff(reasons: Sequence[Reason]) -> bool:
    """Whether staff must know that a model could not be trained again: it was not only drawn at random."""
    return any(reason in ("above", "disagrees", "leaderboard") for reason in reasons)
