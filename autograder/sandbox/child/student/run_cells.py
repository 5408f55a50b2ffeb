"""Runs code cells one after the other, as ipykernel runs execute requests: inside a running event loop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from types import FrameType
from typing import Any

from autograder.sandbox.child.student.records import Recorder
from autograder.sandbox.child.student.runner_turns import RunnerTurns
from autograder.sandbox.child.student.shell import NoInput
from autograder.sandbox.child.student.streams import Streams

_ERROR_LENGTH = 300
_RESUMES = 100
_getpid = os.getpid


class Interrupt:
    """The supervisor's SIGINT: it stops the running cell (or the value being described), and nothing else."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._armed = False
        self.future: asyncio.Future[Any] | None = None
        self.came = False

    def __enter__(self) -> Interrupt:
        self.came = False
        self._arm()
        return self

    def __exit__(self, *exception: object) -> None:
        self._armed = False
        self.future = None

    def listen(self) -> None:
        """Take the signal from now on; outside of a cell it is ignored."""
        signal.signal(signal.SIGINT, self._handle)

    def _arm(self) -> None:
        # Again before each cell: the previous one may have set its own handler.
        signal.signal(signal.SIGINT, self._handle)
        self._armed = True

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self._armed:
            return
        self.came = True
        self._streams.interrupted()
        if self.future is not None and frame is not None and frame.f_code.co_name == "select":
            # The cell awaits something: cancel it, or the exception would end the event loop instead.
            self.future.get_loop().call_soon_threadsafe(self.future.cancel)
            return
        raise KeyboardInterrupt


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that keeps working when a student patches the clock."""

    def time(self) -> float:
        return monotonic()


class Runner:
    """All cells of one job.

    Args:
        before: called with each cell before it runs, outside the reach of student code's exceptions; False ends the
            run.
    """

    def __init__(
        self, shell: Any, recorder: Recorder, streams: Streams, interrupt: Interrupt, turns: RunnerTurns,
        before: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        self._shell = shell
        self._recorder = recorder
        self._streams = streams
        self._interrupt = interrupt
        self._turns = turns
        self._before = before
        self._process = _getpid()

    def run(self, cells: Sequence[Mapping[str, Any]]) -> bool:
        """Run the cells; False if the last one was not run: the student's code told the kernel to exit, or the
        supervisor opened no further turn.
        """
        loop = _Loop()
        asyncio.set_event_loop(loop)
        task = loop.create_task(self._all(cells))
        for _ in range(_RESUMES):
            try:
                return loop.run_until_complete(task)
            except (KeyboardInterrupt, SystemExit, RuntimeError):
                # A student's background task ended or stopped the loop: the following cells still run.
                if task.done() or loop.is_closed():
                    break
        return False

    async def _all(self, cells: Sequence[Mapping[str, Any]]) -> bool:
        for position, cell in enumerate(cells):
            self._recorder.cell = cell["index"]
            if not (self._before(cell) and self._turns.take("cell", cell["index"])):
                return False
            record = await self._cell(cell)
            if _getpid() != self._process:
                os._exit(0)  # A fork that the student left running returned here: it is not the notebook.
            leaving = bool(self._shell.exit_now) and position < len(cells) - 1
            self._turns.end(record, leaving=leaving)
            if self._shell.exit_now:
                return not leaving
            await asyncio.sleep(0)
        return True

    async def _cell(self, cell: Mapping[str, Any]) -> dict[str, Any]:
        started = monotonic()
        self._streams.start_cell()
        result: Any = None
        failure: BaseException | None = None
        try:
            with self._interrupt, NoInput():
                if cell["source"].strip():
                    result = await self._execute(cell["source"])
        except BaseException as error:
            failure = error
        self._streams.finish_cell()
        if result is not None:
            failure = result.error_before_exec or result.error_in_exec or failure
        self._shell.payload_manager.clear_payload()
        record = {
            "cell": cell["index"],
            "status": "interrupted" if self._interrupt.came else "error" if failure is not None else "ok",
            "seconds": round(monotonic() - started, 4),
            "execution_count": self._shell.execution_count - 1 if cell["source"].strip() else None,
            "error": None if failure is None else summarize_error(failure),
        }
        self._recorder.finish_cell(record)
        return record

    async def _execute(self, source: str) -> Any:
        """Run one cell; only one that awaits something is run as a task of the loop, as a kernel does."""
        shell = self._shell
        problem = None
        try:
            transformed = shell.transform_cell(source)
        except Exception as error:
            transformed = source
            problem = (type(error), error, error.__traceback__)
        if not shell.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=problem):
            return shell.run_cell(source, store_history=True)
        future = asyncio.ensure_future(shell.run_cell_async(
            source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=problem
        ))
        self._interrupt.future = future
        result = None
        try:
            result = await future
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result


def summarize_error(error: BaseException, length: int = _ERROR_LENGTH) -> str:
    """Return an exception's type and the first line of its message that is not blank."""
    try:
        line = next((line for line in str(error).splitlines() if line.strip()), "")
    except BaseException:
        line = ""
    name = type(error).__name__
    text = f"{name}: {line}" if line else name
    return text.encode("utf-8", "replace").decode("utf-8")[:length]
