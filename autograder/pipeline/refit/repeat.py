"""Repeat recorded trainings on the trusted side, keep what came of it, and tell staff. Points are only withheld.

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
from autograder.pipeline.refit.choice import Candidate, choose_candidates, derive_seeds, find_deviation, list_candidates
from autograder.pipeline.refit.refit_result import apply_refits
from autograder.pipeline.session.questions import collect_questions
from autograder.pipeline.session.session import Session
from autograder.workspace.layout import ARTIFACTS, REFIT
from autograder.workspace.storage import write_atomically

FILE = REFIT
DEVIATIONS = 4.0
"""A model may lie so many standard deviations above the mean of its repetitions, and the margin of `course.yml`."""
UNCALIBRATED = 0.02
"""The standard deviation that is assumed at least where nothing is known of how correct runs spread: two seeds may lie
close to each other by chance."""
TRIES = 2
_ENDINGS = {
    Ending.TIMED_OUT: "The training took longer than the assignment allows.",
    Ending.OUT_OF_MEMORY: "The training took more memory than the assignment allows.",
    Ending.LOST: "The grader's own process ended under it; run `autograder refit` again.",
}
_STARVED = "The machine was busy and stopped it before it had its time; run `autograder refit` again when it is not."


@dataclass(frozen=True, kw_only=True)
class RefitScope:
    """Which trainings are to be repeated now.

    Attributes:
        leaderboard: those of the leaderboard's entries too.
        everything: all that can be.
    """

    leaderboard: bool = False
    everything: bool = False


@dataclass(frozen=True, kw_only=True)
class TrainedRun:
    """One stored run whose trainings may be repeated.

    Attributes:
        folder: what the counted run left.
        key: the submission's sampling key.
        kept: the folder in which an earlier grading has left its repetitions.
        trainings: what it recorded of them, as it was examined; None: not examined now.
    """

    folder: Path
    key: str
    kept: Path
    trainings: Trainings | None = None


def repeat_due_trainings(session: Session, result: Result, run: TrainedRun) -> Result:
    """Return a result that was just judged, with what repeating its trainings says of them, where there is a reason.

    Nothing is repeated for runs that nobody handed in.
    """
    if not session.refits:
        return result
    if run.trainings is None:  # its files were not read within their budget, and staff were told so
        return keep_earlier_refits(result, run)
    later = session.assignment.refit.leaderboard == "later"
    return repeat_trainings(session, result, run, RefitScope(leaderboard=not later))


def repeat_trainings(session: Session, result: Result, run: TrainedRun, scope: RefitScope) -> Result:
    """Repeat what has a reason, keep it in ``refit.json``, and return the result with what was found.

    What was repeated before and would be repeated the same way is not trained again, and never lost. A record whose
    reading breaks its budget is left to a person: staff are told, and nothing that was found earlier changes.
    """
    earlier = load_refits(run.kept)
    if session.assignment.data == "own" or not (run.folder / ARTIFACTS).is_dir():
        return result
    try:
        told = run.trainings or read_trainings(session, run)
    except (ArtifactError, ReadingError) as error:
        return keep_earlier_refits(result, run, str(error))
    before = {entry.fingerprint: entry for entry in earlier.entries if entry.fingerprint} if earlier else {}
    entries = [entry for one in _choose(session, told, run, result, scope, before)
               if (entry := _refit_candidate(session, run, one, before, result)) is not None]
    _store_refits(run, result, entries, earlier)
    return apply_refits(result, entries)


def keep_earlier_refits(result: Result, run: TrainedRun, unread: str | None = None) -> Result:
    """Return the result with what was found earlier of this very submission.

    Args:
        unread: why its record could not be looked at, for staff.
    """
    earlier = load_refits(run.kept)
    kept = _earlier_entries(earlier, result)
    _store_refits(run, result, kept, earlier)
    return apply_refits(result, kept, unread)


def read_trainings(session: Session, run: TrainedRun) -> Trainings:
    """Return what a stored run tells of its trainings.

    Raises:
        ArtifactError: what it left cannot be read.
        ReadingError: reading it broke its budget.
    """
    return Trainings.model_validate(read("told", {
        "artifacts": str(run.folder / ARTIFACTS), "sampling_key": run.key,
        "keys": collect_questions(session, run.folder).keys, "board": session.nickname_at}))


def _store_refits(run: TrainedRun, result: Result, entries: Sequence[Refit], earlier: Refits | None) -> None:
    if entries or earlier is not None:
        submission = result.provenance.submission if result.provenance else ""
        write_atomically(run.folder / FILE, Refits(student=result.student, assignment=result.assignment,
                                                   submission=submission, entries=tuple(entries)).to_json())


def _earlier_entries(earlier: Refits | None, result: Result) -> tuple[Refit, ...]:
    """Return what was found earlier of this very submission."""
    if earlier is None or result.provenance is None or earlier.submission != result.provenance.submission:
        return ()
    return earlier.entries


def load_refits(folder: Path) -> Refits | None:
    """Return what is kept of a submission's repetitions, None where there is nothing that can be read."""
    try:
        return Refits.from_json((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return None


def _choose(session: Session, told: Trainings, run: TrainedRun, result: Result, scope: RefitScope,
            before: dict[str, Refit]) -> list[Candidate]:
    """Return what is to be repeated, and after it what was repeated earlier, to be kept where nothing has changed."""
    every = list_candidates(session, told, run.folder)
    chosen = choose_candidates(session, every, result, leaderboard=scope.leaderboard and told.named,
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
        old = next((entry for entry in _earlier_entries(load_refits(run.kept), result)
                    if (entry.task, entry.model) == (one.task, one.model) and entry.values), None)
        return old or (blank.model_copy(update={"why": str(error)}) if one.reasons else None)
    again = before.get(plan.fingerprint)
    if again is not None:
        reasons = tuple(dict.fromkeys((*one.reasons, *again.reasons)))
        return _compare(session, one, again.model_copy(update={
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
    return _compare(session, one, blank.model_copy(update={
        "values": values, "board": board, "seeds": seeds, "seconds": round(time.monotonic() - started, 1)}))


def _plan_repetition(session: Session, run: TrainedRun, one: Candidate, seeds: Sequence[int],
             before: dict[str, Refit]) -> Planned:
    """Return how a training is repeated, and the fingerprint of its repetition; a known one is not planned again.

    Raises:
        ArtifactError: what the run left cannot be read.
        ReadingError: reading it broke its budget.
    """
    prepared = session.prepared
    public = PublicFiles(train=(prepared.train_images, prepared.train_labels),
                         test=(prepared.test_images, prepared.test_labels), evaluation=prepared.evaluation_images)
    return Planned.model_validate(read("training", {
        "artifacts": str(run.folder / ARTIFACTS), "sampling_key": run.key, "wanted": Repetition(
            task=one.task, model=one.model, array=one.told.array, state=one.told.state, seeds=tuple(seeds),
            limits=session.assignment.limits, data=session.data_name, versions=dict(session.pool.versions),
            public=public, known=tuple(before)).model_dump(mode="json")}))


class _Lost(Exception):
    """The grader's own process died under a training: the next command tries again."""


def _train_each_seed(
    session: Session, job: RefitJob, seeds: Sequence[int]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Train and ask once for each seed; return the metric and the leaderboard's accuracy.

    Raises:
        ArtifactError: one sentence why it cannot be trained again.
        ReadingError: to read the answers broke its budget.
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


def _compare(session: Session, one: Candidate, entry: Refit) -> Refit:
    """Compare what was handed in with the repetitions, as the rule of today says."""
    if entry.mean is None:
        return entry
    known = find_deviation(session, one)
    spread = max(entry.deviation, UNCALIBRATED if known is None else known)
    allowed = session.assignment.refit.margin + DEVIATIONS * spread
    verdict: Verdict = "agrees"
    if entry.handed_in > entry.mean + allowed:
        verdict = "above"
    elif entry.handed_in < entry.mean - allowed - MARGIN:
        verdict = "below"
    return entry.model_copy(update={"allowed": round(allowed, 6), "verdict": verdict})
