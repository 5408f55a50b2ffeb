"""One run of a correct notebook to measure its numbers, stored on disk so that an interrupted command resumes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from autograder import artifacts, checks, notebook
from autograder.data import OWN
from autograder.errors import ExecutionError
from autograder.model import Bound, CheckResult, Ending, Status, Value
from autograder.notebook import read_sizes
from autograder.pipeline.experiments.facts import facts_of, numbers_of
from autograder.pipeline.fingerprint import digest, files_digest
from autograder.pipeline.grade.attempt import (
    Attempt,
    job_fingerprint,
    make_job,
    run_notebook,
    use_profile_sizes,
)
from autograder.pipeline.grade.judging import check_answers, read_run
from autograder.pipeline.grade.predict import ask_models
from autograder.pipeline.reading.shown import curves
from autograder.pipeline.reading.stored_answers import answers
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.variant_files import merged_variant
from autograder.pipeline.session.workers import run_concurrently
from autograder.workspace.artifact_folder import FolderSource
from autograder.workspace.file_names import ARTIFACTS
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

KEY = "00" * 32
"""Sampling key of these runs: there is nothing to keep secret here, and equal keys keep runs comparable."""


class Run(Value):
    """The measurements of one run."""

    variant: str
    seed: int
    fingerprint: str
    seconds: float
    metrics: dict[str, float]
    facts: dict[str, Any]
    curves: dict[str, dict[str, list[float]]]
    lost: tuple[str, ...] = Field((), description="checks that it lost, apart from bounds")
    below: tuple[str, ...] = Field((), description="checks whose calibrated bound it missed")
    bounds: dict[str, Bound] = Field(default_factory=dict, description="metric → the kind of bound it is compared with")
    constants: dict[str, float] = Field(
        default_factory=dict, description="metric → what one answer for every row reaches")
    checks: dict[str, str] = Field(default_factory=dict, description="metric → the check that measured it itself")
    numbers: dict[str, float] = Field(default_factory=dict, description="`task/name` → number in the namespace")
    sizes: dict[str, int | float] = Field(default_factory=dict)


_MEASURING = (b"measure(", b".score(", b"score_on(", b"auc_on(", b"mae_on(", b"rmse_on(", b"r2_on(")
"""Where a check has one of these, its text decides which numbers a run has."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run to make.

    Attributes:
        drawn: numbers that replace those of the sizes cell, by name.
    """

    variant: str
    seed: int
    drawn: tuple[tuple[str, notebook.Size], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """How the progress of runs is shown.

    Attributes:
        by_cell: show progress cell by cell, where one run takes minutes.
    """

    reporter: Reporter
    description: str
    by_cell: bool = False


def run_all(
    session: Session, jobs: Sequence[Job], folder: Path, shown: Shown, *, workers: int | None = None,
    accept: Callable[[Run, Attempt], None] | None = None,
) -> list[Run]:
    """Make all runs, or find them in ``folder``; Ctrl-C keeps the finished ones.

    Args:
        workers: runs at the same time; None: as many as the session has workers.
        accept: called with each new run before it is stored; it raises where the run must not count.
    """
    cells = len(notebook.job_cells(merged_variant(session, jobs[0].variant))) if shown.by_cell and jobs else 1
    runs: list[Run] = []
    with shown.reporter.task(shown.description, len(jobs) * cells) as bar:
        def run_job(job: Job) -> Run:
            started: set[int] = set()

            def on_cell(index: int) -> None:
                if shown.by_cell and index not in started and len(started) < cells - 1:
                    started.add(index)
                    bar.advance(f"{job.variant} seed {job.seed}")

            run = _run(session, job, folder, accept, on_cell)
            for _ in range(cells - len(started)):
                bar.advance(f"{job.variant} seed {job.seed}")
            return run

        runs += run_concurrently(run_job, jobs, workers or session.workers, session.stop)
    return runs


def _run(
    session: Session, wanted: Job, kept_in: Path, accept: Callable[[Run, Attempt], None] | None,
    on_cell: Callable[[int], None] | None = None,
) -> Run:
    merged = notebook.with_draw(merged_variant(session, wanted.variant), dict(wanted.drawn))
    job = make_job(session, merged, seed=wanted.seed, key=KEY)
    fingerprint = digest([job_fingerprint(session, job), _questions(session), [str(m.source) for m in job.mounts]])
    kept = kept_in / f"{wanted.variant}-{wanted.seed}.json"
    try:
        run = Run.from_json(kept.read_bytes())
        if run.fingerprint == fingerprint:
            return run
    except (OSError, ValueError):
        pass
    folder = kept.with_suffix(".running")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        found = read_run(session, run_notebook(session, merged, job, folder, on_cell=on_cell))
        attempt = check_answers(session, found, ask_models(session, found))
        run = _measured(session, attempt, wanted, fingerprint)
        run = run.model_copy(update={"sizes": read_sizes(use_profile_sizes(session, merged).notebook)})
        if accept is not None:
            accept(run, attempt)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    write_atomically(kept, run.to_json())
    return run


def _questions(session: Session) -> list[object]:
    """Return what the checks need from a run: a stored run with other questions cannot be reused."""
    files = session.workspace.hidden(session.assignment.id).rglob("*.py")
    measuring = [path for path in files if any(word in path.read_bytes() for word in _MEASURING)]
    return [sorted({(spec.task, *pair) for spec in session.specs for pair in spec.predicts}), files_digest(measuring)]


def _measured(session: Session, attempt: Attempt, wanted: Job, fingerprint: str) -> Run:
    if attempt.execution.ending is Ending.LOST:
        raise ExecutionError(f"The grader's own process died under {wanted.variant} with seed {wanted.seed}; "
                             "run the same command again.")
    if attempt.execution.starved:
        raise ExecutionError(f"{wanted.variant} with seed {wanted.seed} was stopped before it had its time, since the "
                             "machine was busy with other work; run the same command again when it is not.")
    found = artifacts.read(FolderSource(attempt.folder / ARTIFACTS), sampling_key=KEY)
    metrics: dict[str, float] = {}
    constants = {metric: value for check in attempt.checks for metric, value in check.constants.items()}
    if session.prepared.name != OWN:
        labels = session.load_labels()
        if labels[0].dtype.kind in "iu":  # amounts have no accuracy: checks measure their scores
            metrics = checks.metrics(answers(attempt.folder), *labels)
            constants = dict.fromkeys(metrics, checks.constant_accuracy(*labels)) | constants
    own = {metric: (value, check.id) for check in attempt.checks for metric, value in check.measured.items()}
    return Run(
        variant=wanted.variant, seed=wanted.seed, fingerprint=fingerprint, seconds=attempt.execution.seconds,
        metrics={**metrics, **{metric: value for metric, (value, _) in own.items()}},
        checks={metric: check for metric, (_, check) in own.items()},
        constants=constants,
        bounds={metric: bound for check in attempt.checks for metric, bound in check.bounds.items()},
        lost=tuple(check.id for check in attempt.checks if is_defect(check)),
        below=tuple(check.id for check in attempt.checks if check.minimum and check.status is Status.FAILED),
        facts=facts_of(found), curves=curves(found), numbers=numbers_of(found.checkpoints),
    )


def is_defect(check: CheckResult) -> bool:
    """Whether a lost check shows a problem other than a missing or outdated bound."""
    return check.status is not Status.PASSED and not check.minimum
