"""Repeat recorded trainings on the trusted side, store the outcome, and flag it for staff. Points are only withheld.

    judged run → models with a reason → training recovered from the record → sandbox → the same metric → refit.json
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.checks.metrics import accuracy, lower_accuracy
from autograder.checks.vocabulary.consistency import MARGIN
from autograder.errors import ArtifactError, ReadingError
from autograder.model import Ending, Refit, RefitJob, Refits, Result
from autograder.model.refit import Verdict
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.reading.trainings import OUTPUTS, Planned, PublicFiles, Repetition, Trainings
from autograder.pipeline.refit.choice import (
    Candidate,
    choose_candidates,
    derive_seeds,
    earns_nothing,
    find_deviation,
    list_candidates,
)
from autograder.pipeline.refit.refit_result import apply_refits
from autograder.pipeline.session.questions import collect_questions
from autograder.pipeline.session.session import Session
from autograder.workspace.file_names import ARTIFACTS, REFIT
from autograder.workspace.storage import write_atomically

FILE = REFIT
DEVIATIONS = 4.0
"""A model may exceed the mean of its repetitions by this many standard deviations, plus the margin of `course.yml`."""
UNCALIBRATED = 0.02
"""The smallest standard deviation that is assumed where the spread of correct runs is unknown: two seeds may agree
by chance."""
TRIES = 2
_ENDINGS = {
    Ending.TIMED_OUT: "The training took longer than the assignment allows.",
    Ending.OUT_OF_MEMORY: "The training took more memory than the assignment allows.",
    Ending.LOST: "The grader's own process ended during it; run `autograder refit` again.",
}
_STARVED = "The machine was busy and stopped it before it had its time; run `autograder refit` again when it is not."


@dataclass(frozen=True, kw_only=True)
class RefitScope:
    """Which trainings to repeat now.

    Attributes:
        leaderboard: also those of the leaderboard's entries.
        everything: all that can be repeated.
    """

    leaderboard: bool = False
    everything: bool = False


@dataclass(frozen=True, kw_only=True)
class TrainedRun:
    """One stored run whose trainings may be repeated.

    Attributes:
        folder: what the counted run left.
        key: the submission's sampling key.
        kept: the folder with the repetitions of an earlier grading.
        trainings: what it recorded of them, from its examination; None: not examined now.
    """

    folder: Path
    key: str
    kept: Path
    trainings: Trainings | None = None


def repeat_due_trainings(session: Session, result: Result, run: TrainedRun) -> Result:
    """Return a result that was just judged, with the repetitions of trainings that have a reason.

    Nothing is repeated for runs of the grader's own notebooks.
    """
    if not session.refits:
        return result
    if run.trainings is None:  # its files were not read within their budget, which is flagged
        return keep_earlier_refits(result, run)
    later = session.assignment.refit.leaderboard == "later"
    return repeat_trainings(session, result, run, RefitScope(leaderboard=not later))


def repeat_trainings(session: Session, result: Result, run: TrainedRun, scope: RefitScope) -> Result:
    """Repeat trainings that have a reason, store them in ``refit.json``, and return the result with the findings.

    Earlier repetitions that would be the same are not trained again, and never lost. A record whose reading exceeds
    its budget is left to a person: it is flagged, and earlier findings do not change.
    """
    earlier = load_refits(run.kept)
    if not session.prepared.can_be_repeated or not (run.folder / ARTIFACTS).is_dir():
        return result
    try:
        found = run.trainings or read_trainings(session, run)
    except (ArtifactError, ReadingError) as error:
        return keep_earlier_refits(result, run, str(error))
    before = {entry.fingerprint: entry for entry in earlier.entries if entry.fingerprint} if earlier else {}
    entries = [entry for one in _choose(session, found, run, result, scope, before)
               if (entry := _refit_candidate(session, run, one, before, result)) is not None]
    _store_refits(run, result, entries, earlier)
    return apply_refits(result, entries)


def keep_earlier_refits(result: Result, run: TrainedRun, unread: str | None = None) -> Result:
    """Return the result with earlier findings for exactly this submission.

    Args:
        unread: why its record could not be read, for staff.
    """
    earlier = load_refits(run.kept)
    kept = _earlier_entries(earlier, result)
    _store_refits(run, result, kept, earlier)
    return apply_refits(result, kept, unread)


def read_trainings(session: Session, run: TrainedRun) -> Trainings:
    """Return what a stored run recorded of its trainings.

    Raises:
        ArtifactError: what it left cannot be read.
        ReadingError: reading it exceeded its budget.
    """
    return Trainings.model_validate(read("recorded_trainings", {
        "artifacts": str(run.folder / ARTIFACTS), "sampling_key": run.key,
        "keys": collect_questions(session, run.folder).keys, "board": session.nickname_at}))


def _store_refits(run: TrainedRun, result: Result, entries: Sequence[Refit], earlier: Refits | None) -> None:
    if entries or earlier is not None:
        submission = result.provenance.submission if result.provenance else ""
        write_atomically(run.folder / FILE, Refits(student=result.student, assignment=result.assignment,
                                                   submission=submission, entries=tuple(entries)).to_json())


def _earlier_entries(earlier: Refits | None, result: Result) -> tuple[Refit, ...]:
    """Return earlier findings for exactly this submission."""
    if earlier is None or result.provenance is None or earlier.submission != result.provenance.submission:
        return ()
    return earlier.entries


def load_refits(folder: Path) -> Refits | None:
    """Return the stored repetitions of a submission, None where there are none that can be read."""
    try:
        return Refits.from_json((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return None


def _choose(session: Session, found: Trainings, run: TrainedRun, result: Result, scope: RefitScope,
            before: dict[str, Refit]) -> list[Candidate]:
    """Return what to repeat, followed by earlier repetitions, to be kept where nothing has changed."""
    every = list_candidates(session, found, run.folder)
    chosen = choose_candidates(session, every, result, leaderboard=scope.leaderboard and found.named,
                          everything=scope.everything)
    rest = {(old.task, old.model) for old in before.values()} - {(one.task, one.model) for one in chosen}
    return chosen + [one for one in every if (one.task, one.model) in rest]


def _refit_candidate(
    session: Session, run: TrainedRun, one: Candidate, before: dict[str, Refit], result: Result
) -> Refit | None:
    """Return the outcome for one model; None where it was repeated earlier, has no reason now, and has changed."""
    submission = result.provenance.submission if result.provenance else ""
    seeds = derive_seeds(session.secret, result.assignment, result.student, submission,
                     count=session.assignment.refit.seeds)
    blank = Refit(task=one.task, model=one.model, reasons=one.reasons, handed_in=one.handed_in, verdict="impossible")
    try:
        plan = _plan_repetition(session, run, one, seeds, before)
    except (ArtifactError, ReadingError) as error:
        return _earlier_entry(run, one, result) or (
            blank.model_copy(update={"why": str(error)}) if one.reasons else None)
    again = before.get(plan.fingerprint)
    if again is not None:
        reasons = tuple(dict.fromkeys((*one.reasons, *again.reasons)))
        return compare_repetitions(session, one, again.model_copy(update={
            "reasons": reasons, "handed_in": one.handed_in, "task": one.task, "model": one.model}))
    if not one.reasons:
        return None
    blank = blank.model_copy(update={"fingerprint": plan.fingerprint, "trained_in": plan.trained_in})
    if plan.job is None:
        return blank.model_copy(update={"why": plan.why})
    started = time.monotonic()
    try:
        values, board = _train_each_seed(session, plan.job, seeds)
    except ArtifactError as error:
        return blank.model_copy(update={"why": str(error)})
    except (_Lost, ReadingError) as error:
        return blank.model_copy(update={"why": str(error), "fingerprint": ""})
    return compare_repetitions(session, one, blank.model_copy(update={
        "values": values, "board": board, "seeds": seeds, "seconds": round(time.monotonic() - started, 1)}))


def _earlier_entry(run: TrainedRun, one: Candidate, result: Result) -> Refit | None:
    """Return what an earlier repetition of a training found, None where there was none."""
    return next((entry for entry in _earlier_entries(load_refits(run.kept), result)
                 if (entry.task, entry.model) == (one.task, one.model) and entry.values), None)


def _plan_repetition(session: Session, run: TrainedRun, one: Candidate, seeds: Sequence[int],
             before: dict[str, Refit]) -> Planned:
    """Return how to repeat a training, and the fingerprint of its repetition; a known one is not planned again.

    Raises:
        ArtifactError: the files that the run left cannot be read.
        ReadingError: reading it exceeded its budget.
    """
    prepared = session.prepared
    public = PublicFiles(train=(prepared.train_images, prepared.train_labels),
                         test=(prepared.test_images, prepared.test_labels), evaluation=prepared.evaluation_images)
    return Planned.model_validate(read("training", {
        "artifacts": str(run.folder / ARTIFACTS), "sampling_key": run.key, "wanted": Repetition(
            task=one.task, model=one.model, array=one.record.array, state=one.record.state, seeds=tuple(seeds),
            limits=session.assignment.limits, data=session.data_name, versions=dict(session.pool.versions),
            public=public, known=tuple(before)).model_dump(mode="json")}))


class _Lost(Exception):
    """The grader's own process died during a training: the next command tries again."""


def _train_each_seed(
    session: Session, job: RefitJob, seeds: Sequence[int]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Train and evaluate once for each seed; return the metric and the leaderboard's accuracy.

    Raises:
        ArtifactError: one sentence why it cannot be trained again.
        ReadingError: reading the outputs exceeded the budget.
    """
    public, withheld = session.load_labels()
    values, board = [], []
    for seed in seeds:
        outputs = _train_once(session, job.model_copy(update={"seed": seed}), len(public) + len(withheld))
        values.append(round(min(lower_accuracy(outputs, public, withheld)), 6))
        half = len(withheld) // 2
        board.append(round(accuracy(outputs[len(public) :][:half], withheld[:half]), 6))
    return tuple(values), tuple(board)


def _train_once(session: Session, job: RefitJob, count: int) -> NDArray[np.float32]:
    with tempfile.TemporaryDirectory(prefix="autograder-refit-") as scratch:
        into = Path(scratch) / "out"
        ending, starved = Ending.LOST, False
        for _ in range(TRIES):
            shutil.rmtree(into, ignore_errors=True)
            ran = session.pool.run_refit(job, into)
            ending, starved = ran.ending, ran.starved
            if ending is not Ending.LOST and not starved:
                break
        if ending is Ending.LOST or starved:
            raise _Lost(_STARVED if starved else _ENDINGS[ending])
        sentence = read("trained", {"raw": str(into), "into": scratch, "count": count})
        if sentence is not None:
            raise ArtifactError(_ENDINGS.get(ending, sentence))
        outputs: NDArray[np.float32] = np.load(Path(scratch) / OUTPUTS, allow_pickle=False)
    return outputs


def compare_repetitions(session: Session, one: Candidate, entry: Refit) -> Refit:
    """Compare the submitted model with the repetitions by the current rule.

    A model that misses its minimum has gained nothing by being better than its repetitions. A network with a mistake
    that makes it learn badly also differs far more from seed to seed than the correct runs that give the tolerance.
    """
    if entry.mean is None:
        return entry
    known = find_deviation(session, one)
    spread = max(entry.deviation, UNCALIBRATED if known is None else known)
    allowed = session.assignment.refit.margin + DEVIATIONS * spread
    verdict: Verdict = "agrees"
    if entry.handed_in > entry.mean + allowed:
        gained = "leaderboard" in entry.reasons or not earns_nothing(session, one)
        verdict = "above" if gained else "agrees"
    elif entry.handed_in < entry.mean - allowed - MARGIN:
        verdict = "below"
    return entry.model_copy(update={"allowed": round(allowed, 6), "verdict": verdict})
