"""Whose training is repeated, and why: above correct runs, contradictory, on the leaderboard, or drawn by chance."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.artifacts import ArrayValue, Artifacts, ModelValue, TextValue
from autograder.calibration import upper_bound
from autograder.checks.metrics import accuracy, lower_accuracy, metric_name
from autograder.checks.vocabulary.consistency import MARGIN, contradiction, short_of_measure
from autograder.feedback.board import shown_name
from autograder.model import Result, Status
from autograder.model.refit import Reason
from autograder.pipeline.grade.predict import answers, asked
from autograder.pipeline.session.session import GradingContext

_SPAN = float(1 << 64)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One state of a model whose accuracy the grader has measured.

    Attributes:
        array: name of the prepared test images.
        handed_in: the metric, the lower of both accuracies.
    """

    task: str
    model: str
    array: str
    value: ModelValue
    handed_in: float
    reasons: tuple[Reason, ...] = ()


def candidates(context: GradingContext, found: Artifacts, folder: Path) -> list[Candidate]:
    """Return every model of a run that could be asked, once for each state, without reasons.

    Args:
        folder: what the run left, with the stored answers.
    """
    outputs = answers(folder)
    public, withheld = context.load_labels()
    made: dict[ModelValue, Candidate] = {}
    for task, model, array in asked(context, folder).keys:
        if task not in found.checkpoints:
            continue
        value, given = found.checkpoints[task].names.get(model), outputs.get((task, model))
        if not isinstance(value, ModelValue) or given is None or value in made:
            continue
        try:
            lower = min(lower_accuracy(given, public, withheld))
        except ValueError:  # of another data set
            continue
        made[value] = Candidate(task=task, model=model, array=array, value=value, handed_in=lower)
    return list(made.values())


def with_reasons(context: GradingContext, found: Artifacts, folder: Path, *, result: Result, leaderboard: bool,
                 everything: bool) -> list[Candidate]:
    """Return the models whose training is to be repeated.

    Args:
        result: as judged, before anything is withheld.
        leaderboard: whether an entry of the leaderboard is a reason now.
        everything: whether all of them were asked for.
    """
    every = candidates(context, found, folder)
    submission = result.provenance.submission if result.provenance else ""
    drawn = drawn_of(context.secret, result.assignment, result.student, submission, count=len(every),
                     share=context.assignment.refit.share)
    chosen = []
    for number, one in enumerate(every):
        why: list[Reason] = []
        if _above(context, one):
            why.append("above")
        if _disagrees(context, found, one, folder) or _unlike_its_record(context, found, one, result):
            why.append("disagrees")
        if leaderboard and _on_the_board(context, found, one):
            why.append("leaderboard")
        if number == drawn:
            why.append("drawn")
        if everything:
            why.append("asked")
        if why:
            chosen.append(replace(one, reasons=tuple(why)))
    return chosen


def drawn_of(secret: str, assignment: str, student: str, submission: str, *, count: int, share: float) -> int | None:
    """Return which of a submission's models the random share falls on, None for none.

    The same for the same submission, and not to be foretold without the course's secret.
    """
    if count == 0:
        return None
    text = f"refit/{assignment}/{student}/{submission}".encode()
    keyed = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    if int.from_bytes(keyed[:8], "big") / _SPAN >= share:
        return None
    return int.from_bytes(keyed[8:16], "big") % count


def seeds_of(secret: str, assignment: str, student: str, submission: str, *, count: int) -> tuple[int, ...]:
    """Return the seeds of the repetitions, which nobody can choose a network for."""
    text = f"seeds/{assignment}/{student}/{submission}".encode()
    keyed = hmac.new(secret.encode(), text, hashlib.sha256).digest()
    return tuple(int.from_bytes(hashlib.sha256(keyed + bytes([number])).digest()[:4], "big") for number in range(count))


def deviation_of(context: GradingContext, one: Candidate) -> float | None:
    """Return the standard deviation of correct runs in this metric, None where it was not calibrated."""
    spread = context.calibration.metrics.get(metric_name(one.task, one.model)) if context.calibration else None
    return spread.deviation if spread else None


def _above(context: GradingContext, one: Candidate) -> bool:
    spread = context.calibration.metrics.get(metric_name(one.task, one.model)) if context.calibration else None
    return spread is not None and spread.maximum is None and one.handed_in > upper_bound(spread)


def _disagrees(context: GradingContext, found: Artifacts, one: Candidate, folder: Path) -> bool:
    """Whether what the process told of this model's training cannot all be true."""
    fits = [fit for fit in found.fits_before(one.task) if fit.model == one.value.model]
    if not fits or not all(fit.completed for fit in fits):
        return False  # what was not seen, or broke off, contradicts nothing
    if any(fit.doubt is not None for fit in fits):
        return True
    record = found.model(one.value)
    weights = found.weights_fingerprint(record)
    if weights is not None and fits[-1].weights_after not in (None, weights):
        return True
    if any(task.startswith(f"Task {one.task} has more than one checkpoint") for task in found.problems):
        return True
    measured = _measured(context, found, one, folder)
    return (contradiction(fits, record.iterations, measured) or short_of_measure(fits, measured)) is not None


def _unlike_its_record(context: GradingContext, found: Artifacts, one: Candidate, result: Result) -> bool:
    """Whether a model lies far below correct runs although all else that was checked of its training is right."""
    spread = context.calibration.metrics.get(metric_name(one.task, one.model)) if context.calibration else None
    if spread is None or spread.minimum is None or one.handed_in >= spread.minimum - MARGIN:
        return False
    trained_in = {task for task, checkpoint in found.checkpoints.items()
                  if any(fit.model == one.value.model for fit in checkpoint.fits)}
    checks = [check for task in result.tasks if task.id in trained_in for check in task.checks if not check.minimum]
    return bool(checks) and all(check.status is Status.PASSED for check in checks)


def _measured(context: GradingContext, found: Artifacts, one: Candidate, folder: Path) -> dict[str, float]:
    """Return the accuracy on the public test images by the fingerprint of the student's array of them."""
    array = found.checkpoints[one.task].names.get(one.array)
    if not isinstance(array, ArrayValue) or array.fingerprint is None or not array.shape:
        return {}
    labels = context.load_labels()[0][: array.shape[0]]
    outputs = answers(folder).get((one.task, one.model))
    return {} if outputs is None or not len(labels) else {
        array.fingerprint: accuracy(outputs[: len(labels)], labels)}


def _on_the_board(context: GradingContext, found: Artifacts, one: Candidate) -> bool:
    rule = context.assignment.leaderboard
    if rule is None or rule.metric != metric_name(one.task, one.model):
        return False
    named = found.checkpoints.get(rule.task)
    nickname = named.names.get(rule.name) if named else None
    return isinstance(nickname, TextValue) and bool(shown_name(nickname.value))


def reasons_to_tell(reasons: Sequence[Reason]) -> bool:
    """Whether staff must hear of a model that could not be trained again: there was a reason besides chance."""
    return any(reason in ("above", "disagrees", "leaderboard") for reason in reasons)
