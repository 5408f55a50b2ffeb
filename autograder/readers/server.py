"""The supervisor's side: one warm process whose forks read what students wrote, each within its budget.

    with Readers("autograder.pipeline.reading.steps") as readers:
        merged = readers.run("merge", {"path": str(path)}, "Fitting the notebook into its release")
"""

from __future__ import annotations

import json
import socket
import threading
import time
from types import TracebackType
from typing import Any, Final, Self

from autograder import errors, messages
from autograder.errors import AutograderError, ExecutionError, ReadingError
from autograder.readers import worker
from autograder.readers.budget import Budget
from autograder.warm_process import WarmProcess

GRACE: Final = 10.0
"""Seconds that the supervisor waits longer than the fork's own time limit, so that the fork can report the cause."""
TRIES: Final = 3
"""How often a step is started if the warm process dies during it."""


class Readers:
    """Runs steps in forks of one warm process; `run` may be called from several threads concurrently.

    Args:
        module: dotted name of the module whose ``STEPS`` maps names to steps.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: WarmProcess | None = None
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """The warm process, None while there is none."""
        return self._process.pid if self._process else None

    def warm(self) -> None:
        """Start the process now, so that the first step does not wait for it."""
        with self._lock:
            self._alive()

    def run(
        self, step: str, arguments: dict[str, Any], what: str, *, payload: bytes = b"", budget: Budget | None = None
    ) -> Any:
        """Return the answer of a step.

        Args:
            arguments: JSON.
            what: the beginning of the sentence about an exceeded budget: "Drawing the feedback page".
            payload: bytes that the step reads.

        Raises:
            ReadingError: a budget was exceeded, or the step failed on what it read.
            AutograderError: the step's own error, with the class that it raised.
            ExecutionError: the warm process cannot be kept alive.
        """
        budget = budget or Budget()
        for _ in range(TRIES):
            with self._lock:
                connection, process = self._connect()
            started = time.monotonic()
            with connection:
                answer = _exchange(connection, step, arguments, payload, budget)
            if answer is None and process.died():
                continue  # the warm process died, not the fork: this is not the student's fault
            return _value(answer, what, budget, time.monotonic() - started)
        raise ExecutionError(f"{what} was tried {TRIES} times, but the grader's own process died each time; run the "
                             "same command again.")

    def _connect(self) -> tuple[socket.socket, WarmProcess]:
        """Make the warm process fork, and return this side of the fork's connection."""
        for attempt in range(TRIES):
            process = self._alive()
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    socket.send_fds(process.connection, [b"f"], [theirs.fileno()])
                    return ours, process
                except OSError:
                    ours.close()
                    self._end()
                    if attempt == TRIES - 1:
                        break
        raise ExecutionError("The process that reads submissions cannot be started; run `autograder doctor`.")

    def _alive(self) -> WarmProcess:
        if self._process is not None and self._process.alive:
            return self._process
        self._end()
        if self._closed:
            raise ExecutionError("The grader is ending, so nothing more is read; run the same command again.")
        self._process = WarmProcess("autograder.readers.worker", [self._module])
        return self._process

    def close(self) -> None:
        """End the warm process and its forks permanently; closing twice does nothing."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()


def _exchange(
    connection: socket.socket, step: str, arguments: dict[str, Any], payload: bytes, budget: Budget
) -> dict[str, Any] | None:
    """Return the fork's answer, None where it ended without one."""
    connection.settimeout(budget.wall + GRACE)
    request = {"step": step, "arguments": arguments, "budget": budget.model_dump()}
    try:
        messages.send(connection, json.dumps(request).encode(), worker.PAYLOAD)
        messages.send(connection, payload, worker.PAYLOAD)
        answer: dict[str, Any] = json.loads(messages.receive(connection, (budget.answer_mib + 1) << 20))
    except (OSError, EOFError, ValueError):
        return None
    return answer


def _value(answer: dict[str, Any] | None, what: str, budget: Budget, seconds: float) -> Any:
    """Return what the step answered, or raise one sentence why there is none."""
    if answer is None:
        # The fork is ended by the kernel when its processor time or the clock runs out.
        late = seconds >= 0.9 * budget.seconds
        cause = f"took more than {budget.seconds:g} seconds" if late else "ended without a result"
        raise ReadingError(f"{what} {cause}, so a person has to look at it.")
    if answer["outcome"] == worker.DONE:
        return answer["value"]
    if answer["outcome"] == worker.TOO_LARGE:
        raise ReadingError(f"{what} needed more memory or space than allowed, so a person has to look at it.")
    if answer["outcome"] == worker.REFUSED:
        kind = getattr(errors, answer["kind"], AutograderError)
        raise kind(answer["message"])
    raise ReadingError(f"{what} stopped with {answer['message'].rstrip('.')}, so a person has to look at it.")
