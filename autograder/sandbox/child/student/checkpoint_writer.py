"""Writes what the student's namespace holds just before each test cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy import load

from autograder.model.call import call_key
from autograder.sandbox.child.student import callback_record, object_record
from autograder.sandbox.child.student.array_book import ArrayBook
from autograder.sandbox.child.student.caller import Caller
from autograder.sandbox.child.student.compiling import SUFFIX, Compiler
from autograder.sandbox.child.student.describer import Describer
from autograder.sandbox.child.student.model_book import ModelBook, is_model
from autograder.sandbox.child.student.randomness import undisturbed
from autograder.sandbox.child.student.records import Recorder
from autograder.sandbox.child.student.run_cells import Interrupt
from autograder.sandbox.child.student.runner_turns import RunnerTurns
from autograder.sandbox.child.student.spy import Spy
from autograder.sandbox.child.student.streams import Streams


class Checkpoints:
    """All checkpoints of one run."""

    def __init__(
        self, job: Mapping[str, Any], shell: Any, recorder: Recorder, interrupt: Interrupt, streams: Streams,
        turns: RunnerTurns,
    ) -> None:
        self._shell = shell
        self._recorder = recorder
        self._interrupt = interrupt
        self._inject: Mapping[str, Mapping[str, str]] = job.get("inject") or {}
        self._compiler = Compiler(self._inject.values())
        self._arrays = ArrayBook(job["sampling_key"], job["sample_rows"], job.get("public") or ())
        self._models = ModelBook(recorder, job["sampling_key"], job["probe_rows"])
        self._spy = Spy(recorder, self._arrays, self._models, turns, shell.user_ns)
        self._describer = Describer(self._arrays, self._known)
        self._streams = streams
        self._turns = turns
        # Now, before any student code has run: the keys identify the calls.
        self._calls = {task: [(call_key(call), call) for call in calls]
                       for task, calls in (job.get("calls") or {}).items()}
        self._called = 0
        self._caller = Caller(shell.user_ns, self._describer.one, interrupt)
        self._spy.install()

    def before(self, cell: Mapping[str, Any]) -> bool:
        """Write the checkpoint of a test cell's task, make the job's calls, then insert the values that it gives.

        Checkpoint and calls each wait for their own turn; returns False if one does not come.
        """
        task = cell.get("task")
        if task is None:
            return True
        if not self._turns.take("checkpoint", cell["index"]):
            return False
        names: dict[str, Any] = {}
        try:
            with self._interrupt, undisturbed():
                self._describer.describe(self._shell.user_ns, self._shell.user_ns_hidden, names)
                self._models.record_used()
        except BaseException:  # noqa: S110  (what was described by then is kept, whatever a student's object did)
            pass
        self._write(task, cell["index"], names)
        self._turns.end()
        if task in self._calls:
            if not self._turns.take("calls", cell["index"]):
                return False
            self._call(task)
            self._turns.end()
        self._put_in(task)
        return True

    def _put_in(self, task: str) -> None:
        """Insert the arrays that the job gives after this task, and compile the models; the rest stays unchanged."""
        namespace = self._shell.user_ns
        try:
            with self._interrupt, undisturbed(), self._streams.dropped():
                self._compiler.look(namespace)
                for name, path in self._inject.get(task, {}).items():
                    if path.endswith(SUFFIX):
                        self._compiler.compile(namespace, name, path)
        except BaseException:  # noqa: S110  (a model whose class a student wrote can do anything when it is compiled)
            pass
        for name, path in self._inject.get(task, {}).items():
            if path.endswith(SUFFIX):
                continue
            try:
                namespace[name] = load(path, allow_pickle=False)
            except (OSError, ValueError):
                continue

    def _write(self, task: str, index: int, names: Mapping[str, Any]) -> None:
        fits, evaluations = self._spy.take()
        self._write_rows()
        self._recorder.checkpoint(
            {"task": task, "cell": index, "names": names, "fits": fits, "evaluations": evaluations}
        )

    def _call(self, task: str) -> None:
        """Make the calls of a task and record what they returned, separately from the finished checkpoint."""
        wholes: dict[str, Any] = {}
        with self._streams.dropped(), self._spy.paused():
            records = self._caller.make(self._calls[task], wholes)
        self._called += 1
        self._write_rows()
        if wholes:
            self._recorder.arrays(f"calls-{self._called}.npz", wholes)
        self._recorder.document(f"calls-{self._called}.json", {"task": task, "calls": records})

    def _write_rows(self) -> None:
        if self._arrays.pending:
            self._recorder.arrays(f"rows-{self._arrays.file}.npz", self._arrays.pending)
            self._arrays.drop_pending()

    def _known(self, value: Any) -> dict[str, Any] | None:
        if is_model(value):
            return self._models.record(value)
        return self._spy.history(value) or callback_record.describe(value) or object_record.describe(value)
