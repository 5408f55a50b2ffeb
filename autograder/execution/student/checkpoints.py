"""Writes what the student's namespace holds just before each test cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy import load

from autograder.execution.student.arrays import ArrayBook
from autograder.execution.student.cells import Interrupt
from autograder.execution.student.models import ModelBook, is_model
from autograder.execution.student.randomness import undisturbed
from autograder.execution.student.records import Recorder
from autograder.execution.student.spy import Spy
from autograder.execution.student.values import Describer


class Checkpoints:
    """All checkpoints of one run."""

    def __init__(self, job: Mapping[str, Any], shell: Any, recorder: Recorder, interrupt: Interrupt) -> None:
        self._shell = shell
        self._recorder = recorder
        self._interrupt = interrupt
        self._inject: Mapping[str, Mapping[str, str]] = job.get("inject") or {}
        self._arrays = ArrayBook(job["sampling_key"], job["sample_rows"])
        self._models = ModelBook(recorder, job["sampling_key"], job["probe_rows"])
        self._spy = Spy(recorder, self._arrays, self._models)
        self._describer = Describer(self._arrays, self._known)
        self._spy.install()

    def before(self, cell: Mapping[str, Any]) -> None:
        """Write the checkpoint of a test cell's task, then put the arrays in that the job says."""
        task = cell.get("task")
        if task is None:
            return
        names: dict[str, Any] = {}
        try:
            with self._interrupt, undisturbed():
                self._describer.describe(self._shell.user_ns, self._shell.user_ns_hidden, names)
                self._models.record_used()
        except BaseException:  # noqa: S110  (what was described by then is kept, whatever a student's object did)
            pass
        self._write(task, cell["index"], names)
        for name, path in self._inject.get(task, {}).items():
            try:
                self._shell.user_ns[name] = load(path, allow_pickle=False)
            except (OSError, ValueError):
                continue  # The student goes on from their own arrays.

    def _write(self, task: str, index: int, names: Mapping[str, Any]) -> None:
        fits, evaluations = self._spy.take()
        if self._arrays.pending:
            self._recorder.arrays(f"rows-{self._arrays.file}.npz", self._arrays.pending)
            self._arrays.drop_pending()
        self._recorder.checkpoint(
            {"task": task, "cell": index, "names": names, "fits": fits, "evaluations": evaluations}
        )

    def _known(self, value: Any) -> dict[str, Any] | None:
        return self._models.record(value) if is_model(value) else self._spy.history(value)
