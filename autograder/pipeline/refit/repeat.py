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

from autograder import artifacts
from autograder.artifacts import ArrayValue, Artifacts
from autograder.artifacts.recovery import PublicSet
from autograder.artifacts.refit_plan import Public, Recorded, plan_refit, read_refit, recorded
from autograder.checks.metrics import accuracy, lower_accuracy
from autograder.checks.vocabulary.consistency import MARGIN
from autograder.errors import ArtifactError
from autograder.model import Ending, Refit, RefitJob, Refits, Result
from autograder.model.refit import Verdict
from autograder.pipeline.reading.planning import recover
from autograder.pipeline.refit.choice import Candidate, candidates, deviation_of, seeds_of, with_reasons
from autograder.pipeline.refit.refit_result import with_refits
from autograder.pipeline.session.fingerprint import refit_fingerprint
from autograder.pipeline.session.session import GradingContext
from autograder.workspace.artifact_folder import FolderSource
from autograder.workspace.storage import write_atomically

FILE = "refit.json"
DEVIATIONS = 4.0
"""A model may lie so many standard deviations above the mean of its repetitions, and the margin of `course.yml`."""
UNCALIBRATED = 0.02
"""The standard deviation that is assumed at least where nothing is known of how correct runs spread: two seeds may lie
close to each other by chance."""
TRIES = 2
_UNREADABLE = (ArtifactError, ValueError, TypeError, LookupError, ArithmeticError)
_ENDINGS = {
    Ending.TIMED_OUT: "The training took longer than the assignment allows.",
    Ending.OUT_OF_MEMORY: "The training took more memory than the assignment allows.",
    Ending.LOST: "The grader's own process ended under it; run `autograder refit` again.",
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which trainings are to be repeated now.

    Attributes:
        leaderboard: those of the leaderboard's entries too.
        everything: all that can be.
    """

    leaderboard: bool = False
    everything: bool = False


def settle(context: GradingContext, result: Result, folder: Path, *, key: str, kept: Path, wanted: Wanted) -> Result:
    """Repeat what has a reason, keep it in ``folder/refit.json``, and return the result with what was found.

    What was repeated before and would be repeated the same way is not trained again, and never lost.

    Args:
        folder: what the counted run left.
        key: the submission's sampling key.
        kept: the folder in which an earlier grading has left its repetitions.
    """
    earlier = load_refits(kept)
    before = {entry.fingerprint: entry for entry in earlier.entries if entry.fingerprint} if earlier else {}
    submission = result.provenance.submission if result.provenance else ""
    if context.assignment.data == "own" or not (folder / "artifacts").is_dir():
        return result
    found = artifacts.read(FolderSource(folder / "artifacts"), sampling_key=key)
    entries = []
    for one in _chosen(context, found, folder, result, wanted, {(old.task, old.model) for old in before.values()}):
        entry = _entry(context, found, one, before, result)
        if entry is not None:
            entries.append(entry)
    if entries or earlier is not None:
        write_atomically(folder / FILE, Refits(student=result.student, assignment=result.assignment,
                                               submission=submission, entries=tuple(entries)).to_json())
    return with_refits(result, entries)


def load_refits(folder: Path) -> Refits | None:
    """Return what is kept of a submission's repetitions, None where there is nothing that can be read."""
    try:
        return Refits.from_json((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return None


def _chosen(context: GradingContext, found: Artifacts, folder: Path, result: Result, wanted: Wanted,
            known: set[tuple[str, str]]) -> list[Candidate]:
    """Return what is to be repeated, and after it what was repeated earlier, to be kept where nothing has changed."""
    chosen = with_reasons(context, found, folder, result=result, leaderboard=wanted.leaderboard,
                          everything=wanted.everything)
    named = {(one.task, one.model) for one in chosen}
    if known <= named:
        return chosen
    rest = candidates(context, found, folder)
    return chosen + [one for one in rest if (one.task, one.model) in known - named]


def _entry(context: GradingContext, found: Artifacts, one: Candidate, before: dict[str, Refit],
           result: Result) -> Refit | None:
    """Return the outcome for one model; None where it was repeated earlier, has no reason now, and has changed."""
    submission = result.provenance.submission if result.provenance else ""
    seeds = seeds_of(context.secret, result.assignment, result.student, submission,
                     count=context.assignment.refit.seeds)
    work, fingerprint = _identified(context, found, one, seeds)
    again = before.get(fingerprint)
    if again is not None:
        reasons = tuple(dict.fromkeys((*one.reasons, *again.reasons)))
        return _judged(context, one, again.model_copy(update={
            "reasons": reasons, "handed_in": one.handed_in, "task": one.task, "model": one.model}))
    if not one.reasons:
        return None
    blank = Refit(task=one.task, model=one.model, reasons=one.reasons, handed_in=one.handed_in, verdict="impossible",
                  fingerprint=fingerprint)
    if isinstance(work, str):
        return blank.model_copy(update={"why": work})
    blank = blank.model_copy(update={"trained_in": work.tasks})
    started = time.monotonic()
    try:
        values, board = _repeat(context, found, work, one, seeds)
    except _UNREADABLE as error:
        return blank.model_copy(update={"why": _why(error)})
    except _Lost as error:
        return blank.model_copy(update={"why": str(error), "fingerprint": ""})
    return _judged(context, one, blank.model_copy(update={
        "values": values, "board": board, "seeds": seeds, "seconds": round(time.monotonic() - started, 1)}))


def _identified(context: GradingContext, found: Artifacts, one: Candidate,
                seeds: Sequence[int]) -> tuple[Recorded | str, str]:
    """Return what was recorded of a training, or why it cannot be repeated, and the fingerprint of its repetition."""
    work: Recorded | str
    try:
        work = recorded(found, one.task, one.value)
    except _UNREADABLE as error:
        work = _why(error)
    identity = [one.task, one.model, work] if isinstance(work, str) else work.identity
    return work, refit_fingerprint(identity, seeds=seeds, limits=context.assignment.limits, data=context.data_name,
                                   versions=context.pool.versions)


def _why(error: Exception) -> str:
    """Return why a training cannot be repeated; a record that breaks its reader takes no grade away."""
    if isinstance(error, ArtifactError):
        return str(error)
    return f"Its record cannot be used ({type(error).__name__})."


class _Lost(Exception):
    """The grader's own process died under a training: the next command tries again."""


def _repeat(context: GradingContext, found: Artifacts, work: Recorded, one: Candidate,
            seeds: Sequence[int]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Train and ask once for each seed; return the metric and the leaderboard's accuracy.

    Raises:
        ArtifactError: one sentence why it cannot be trained again.
    """
    array = found.checkpoints[one.task].names.get(one.array)
    asked = recover(context.prepared.test_images, array) if isinstance(array, ArrayValue) else None
    if asked is None:
        raise ArtifactError(f"How `{one.array}` was prepared could not be recovered.")
    job = plan_refit(work, _public(context), asked, limits=context.assignment.limits)
    public, withheld = context.load_labels()
    values, board = [], []
    for seed in seeds:
        outputs = _trained(context, job.model_copy(update={"seed": seed}), len(public) + len(withheld))
        values.append(round(min(lower_accuracy(outputs, public, withheld)), 6))
        half = len(withheld) // 2
        board.append(round(accuracy(outputs[len(public) :][:half], withheld[:half]), 6))
    return tuple(values), tuple(board)


def _trained(context: GradingContext, job: RefitJob, count: int) -> np.ndarray:
    with tempfile.TemporaryDirectory(prefix="autograder-refit-") as scratch:
        into = Path(scratch) / "out"
        ending = Ending.LOST
        for _ in range(TRIES):
            shutil.rmtree(into, ignore_errors=True)
            ending = context.pool.run_refit(job, into).ending
            if ending is not Ending.LOST:
                break
        if ending is Ending.LOST:
            raise _Lost(_ENDINGS[ending])
        outputs = read_refit(FolderSource(into), count)
    if isinstance(outputs, str):
        raise ArtifactError(_ENDINGS.get(ending, outputs))
    return outputs


def _public(context: GradingContext) -> Public:
    prepared = context.prepared
    files = {"train": (prepared.train_images, prepared.train_labels),
             "test": (prepared.test_images, prepared.test_labels)}
    sets = {name: PublicSet(name=name, images=np.load(images, mmap_mode="r", allow_pickle=False),
                            labels=np.load(labels, mmap_mode="r", allow_pickle=False))
            for name, (images, labels) in files.items()}
    return Public(train=sets["train"], test=sets["test"], files=files, evaluation=prepared.evaluation_images)


def _judged(context: GradingContext, one: Candidate, entry: Refit) -> Refit:
    """Compare what was handed in with the repetitions, as the rule of today says."""
    if entry.mean is None:
        return entry
    known = deviation_of(context, one)
    spread = max(entry.deviation, UNCALIBRATED if known is None else known)
    allowed = context.assignment.refit.margin + DEVIATIONS * spread
    verdict: Verdict = "agrees"
    if entry.handed_in > entry.mean + allowed:
        verdict = "above"
    elif entry.handed_in < entry.mean - allowed - MARGIN:
        verdict = "below"
    return entry.model_copy(update={"allowed": round(allowed, 6), "verdict": verdict})
