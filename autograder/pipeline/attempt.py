"""One attempt at one submission: run it, read what it left, ask its models, judge."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import artifacts, checks, notebook
from autograder.artifacts import Artifacts
from autograder.errors import ArtifactError
from autograder.files import FolderSource
from autograder.model import CellRun, CellStatus, CheckResult, Execution, Merged, NotebookJob, SlotStatus
from autograder.pipeline.context import STUDENT_DATA, GradingContext
from autograder.pipeline.fingerprint import execution_fingerprint
from autograder.pipeline.predictions import predict
from autograder.safe import safe_notebook

MESSAGES_LIMIT = 64 << 20


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What one run with one seed left in ``folder``, and how it was judged."""

    folder: Path
    seed: int
    execution: Execution
    checks: tuple[CheckResult, ...]
    staff_flags: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def earned(self) -> float:
        """Points of the checks that passed."""
        return sum(check.earned or 0.0 for check in self.checks)


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap under ``stage``."""
        now = time.monotonic()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._last, 4)
        self._last = now


def sampling_key(secret: str, student: str, submission: str) -> str:
    """Return the hex key that decides which rows are sampled: fixed per submission, unknown outside."""
    return hashlib.sha256(f"{secret}/{student}/{submission}".encode()).hexdigest()


def make_job(context: GradingContext, merged: Merged, *, seed: int, key: str) -> NotebookJob:
    """Return what the sandbox is asked to run: with the sizes of the context's profile, which the cells then hold.

    Raises:
        ReleaseError: the notebook's sizes cell does not have a size that the profile names.
    """
    return NotebookJob(
        cells=notebook.job_cells(_sized(context, merged)), seed=seed, sampling_key=key,
        limits=context.assignment.limits, mounts=context.student_mounts,
        mnist=STUDENT_DATA if context.student_mounts else None, public=context.public_arrays,
        calls=checks.calls_by_task(context.specs),
    )


def _sized(context: GradingContext, merged: Merged) -> Merged:
    sized = notebook.with_sizes(merged.notebook, context.sizes)
    return merged.model_copy(update={"notebook": sized})


def job_fingerprint(context: GradingContext, job: NotebookJob) -> str:
    """Return the hash of everything that decides what a run of this job leaves."""
    return execution_fingerprint(
        job.cells, continuation=context.continuation, seed=job.seed, sampling_key=job.sampling_key,
        limits=job.limits, data=context.data_name, isolation=context.pool.isolation.value,
        versions=context.pool.versions, calls=job.calls,
    )


def run_attempt(
    context: GradingContext, merged: Merged, job: NotebookJob, folder: Path, *,
    on_cell: Callable[[int], None] | None = None,
) -> Attempt:
    """Run the notebook behind the walls and judge what it left in ``folder``.

    ``on_cell`` is called with the index of each cell that starts.
    """
    watch = Stopwatch()
    execution = context.pool.run_notebook(job, folder / "artifacts", on_cell=on_cell)
    watch.lap("run")
    (folder / "execution.json").write_text(execution.to_json())
    executed = _assemble(_sized(context, merged), folder, execution)
    (folder / "executed.ipynb").write_text(json.dumps(executed, indent=1))
    watch.lap("assemble")
    return judge_attempt(context, merged, job, folder, watch=watch)


def judge_attempt(
    context: GradingContext, merged: Merged, job: NotebookJob, folder: Path, *, watch: Stopwatch | None = None
) -> Attempt:
    """Judge what a run left in ``folder``; nothing of the student's is run."""
    watch = watch or Stopwatch()
    execution = Execution.from_json((folder / "execution.json").read_bytes())
    executed = _openable(merged, folder)
    found = artifacts.read(FolderSource(folder / "artifacts"), sampling_key=job.sampling_key)
    (folder / "curves.json").write_text(json.dumps(curves(found)))
    watch.lap("read")
    asked, proofs = predict(context, found, folder, job)
    watch.lap("evaluate")
    results = context.server.judge(checks.JudgeRequest(
        artifacts=folder / "artifacts", sampling_key=job.sampling_key, sample_rows=job.sample_rows, predictions=asked,
        proofs=proofs, slots=slots_of(context.layout, merged), reached=_reached(context, merged, found, execution),
        sizes=notebook.read_sizes(_sized(context, merged).notebook), notes=_notes(merged, execution),
        figures=_figures(merged, executed), ended=execution.detail,
    ))
    watch.lap("check")
    return Attempt(folder=folder, seed=job.seed, execution=execution, checks=results,
                   staff_flags=(*execution.flags, *found.problems), timings=watch.seconds)


def slots_of(layout: notebook.Layout, merged: Merged) -> dict[str, SlotStatus]:
    """Return what stands in each task's slot; a task that an earlier release did not have is a person's case."""
    found = {slot.task: slot.status for slot in merged.slots}
    return {task.id: found.get(task.id, SlotStatus.UNMATCHED) for task in layout.tasks}


def curves(found: Artifacts) -> dict[str, dict[str, list[float]]]:
    """Return the training history of every fit, named after the task before whose test cell it ran."""
    named: dict[str, dict[str, list[float]]] = {}
    for task, checkpoint in found.checkpoints.items():
        for number, fit in enumerate(checkpoint.fits, start=1):
            if fit.history:
                name = task if number == 1 else f"{task} ({number})"
                named[name] = {quantity: list(values) for quantity, values in fit.history.items()}
    return named


def _assemble(merged: Merged, folder: Path, execution: Execution) -> dict[str, Any]:
    try:
        raw = FolderSource(folder / "artifacts").read("messages.jsonl", MESSAGES_LIMIT)
    except ArtifactError:
        raw = b""
    messages = notebook.parse_messages(raw, MESSAGES_LIMIT).messages
    return _safe(merged, notebook.assemble(merged.notebook, messages, execution.cells))


def _safe(merged: Merged, executed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the executed notebook as people may open it; what the release locks is the instructor's own."""
    return safe_notebook(executed, own=[cell for cell in merged.notebook["cells"] if notebook.is_locked(cell)])


def _openable(merged: Merged, folder: Path) -> dict[str, Any]:
    """Return the stored executed notebook; one of an earlier version, which held what a student wrote, is replaced."""
    path = folder / "executed.ipynb"
    stored = json.loads(path.read_bytes())
    safe = _safe(merged, stored)
    if safe != stored:
        path.write_text(json.dumps(safe, indent=1))
    return safe


def _reached(context: GradingContext, merged: Merged, found: Artifacts, execution: Execution) -> tuple[str, ...]:
    """Return the tasks that the run came to: a checkpoint that cannot be read is a person's case, not the student's."""
    ran = {run.index for run in execution.cells
           if run.status in (CellStatus.OK, CellStatus.ERROR, CellStatus.INTERRUPTED)}
    tested = {cell.task for cell in notebook.job_cells(merged) if cell.task and cell.index in ran}
    return tuple(task.id for task in context.layout.tasks if task.id in tested or task.id in found.checkpoints)


def _notes(merged: Merged, execution: Execution) -> dict[str, str]:
    """Return, per task, one sentence about a cell of its slot that did not end well."""
    runs = {run.index: run for run in execution.cells}
    notes = {}
    for slot in merged.slots:
        sentences = [text for index in slot.cells if (run := runs.get(index)) and (text := _sentence(run))]
        if sentences:
            notes[slot.task] = sentences[0]
    return notes


def _sentence(run: CellRun) -> str | None:
    if run.status is CellStatus.ERROR:
        return f"A cell of this step stopped with {run.error.rstrip('.')}." if run.error else \
            "A cell of this step raised an error."
    if run.status is CellStatus.INTERRUPTED:
        return f"A cell of this step ran out of time and was interrupted after {run.seconds:.0f} seconds."
    if run.status is CellStatus.UNFINISHED:
        return "The notebook ended inside a cell of this step."
    return None


def _figures(merged: Merged, executed: Mapping[str, Any]) -> dict[str, int]:
    """Return how many images the cells of each slot show."""
    def images(index: int) -> int:
        outputs = executed["cells"][index].get("outputs", ())
        return sum(any(kind.startswith("image/") for kind in output.get("data", ())) for output in outputs)

    return {slot.task: sum(images(index) for index in slot.cells) for slot in merged.slots}
