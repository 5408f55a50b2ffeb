"""The supervisor's side of the check server: one warm process without student code that judges submissions in forks.

    with CheckServer(hidden, context) as server:
        results = server.judge(request)
"""

from __future__ import annotations

import json
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from autograder import messages
from autograder.checks.blocking import OUT_OF_TIME, all_errored
from autograder.checks.request import CheckContext, JudgeRequest
from autograder.errors import CheckError
from autograder.model import CheckResult, CheckSpec
from autograder.warm_process import WarmProcess

SECONDS = 60.0
"""Time for the checks of one submission."""
START_SECONDS = 60.0
"""Time for importing pytest and NumPy and collecting the checks, on a busy machine."""
GRACE = 10.0
"""How much longer the supervisor waits than the server, so that the server can report the cause."""
ATTEMPTS = 2
_ENVIRONMENT: Final = {
    # Bytecode must not be written next to the course's checks.
    "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}


class CheckServer:
    """Hidden checks, collected once; `judge` may be called from several threads, one submission at a time is judged.

    Args:
        hidden: folder with the hidden checks of one assignment.
        context: data, labels and reference; None only collects.
        seconds: time for the checks of one submission.

    Raises (on entering):
        CheckError: the checks cannot be collected, or the reference or data cannot be read.
    """

    def __init__(self, hidden: Path, context: CheckContext | None, *, seconds: float = SECONDS) -> None:
        self._hidden = hidden
        self._context = context
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: WarmProcess | None = None
        self.specs: tuple[CheckSpec, ...] = ()

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """The server's process, None while there is none."""
        return self._process.pid if self._process else None

    def judge(self, request: JudgeRequest) -> tuple[CheckResult, ...]:
        """Return one result per check. Never raises for a submission: one that fails twice is withheld.

        A server that died, also between submissions, is started again.
        """
        with self._lock:
            note = ""
            for _ in range(ATTEMPTS):
                try:
                    answer = self._ask(request)
                    if "results" in answer:
                        return tuple(CheckResult.model_validate(result) for result in answer["results"])
                    note = str(answer.get("broken", "the check server sent a malformed answer"))
                    if note == OUT_OF_TIME:
                        break  # a second try would delay the others by the same time again
                except (OSError, EOFError, ValueError, CheckError) as error:
                    note = f"the check server was lost: {type(error).__name__}: {error}"
                    self.close()
            return all_errored(self.specs, note)

    def _ask(self, request: JudgeRequest) -> dict[str, Any]:
        if self._process is None or not self._process.alive:
            self._start()
        message = {"request": request.model_dump(mode="json"), "seconds": self._seconds}
        return self._exchange(message, self._seconds + GRACE)

    def _exchange(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        if self._process is None:
            raise EOFError("there is no server")
        connection = self._process.connection
        connection.settimeout(seconds)
        messages.send(connection, json.dumps(message).encode())
        try:
            answer: dict[str, Any] = json.loads(messages.receive(connection))
        except BaseException:
            # An answer that nobody waited for (Ctrl-C, time ran out) must not be taken for the next submission's.
            self.close()
            raise
        return answer

    def _start(self) -> None:
        if not self._hidden.is_dir():
            raise CheckError(f"A folder with hidden checks was expected at {self._hidden}; create it.")
        self.close()
        self._process = WarmProcess("autograder.checks.worker", environment=_ENVIRONMENT, folder=self._hidden)
        context = self._context.model_dump(mode="json") if self._context else None
        try:
            answer = self._exchange({"hidden": str(self._hidden.resolve()), "context": context}, START_SECONDS)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise CheckError(f"The hidden checks in {self._hidden} could not be started: {error}.") from None
        if "specs" not in answer:
            self.close()
            raise CheckError(f"The hidden checks in {self._hidden} cannot be used: {answer.get('error')}")
        self.specs = tuple(CheckSpec.model_validate(spec) for spec in answer["specs"])

    def close(self) -> None:
        """End the server and any fork that is running; closing twice does nothing."""
        process, self._process = self._process, None
        if process is not None:
            process.close()


def collect(hidden: Path) -> tuple[CheckSpec, ...]:
    """Return the hidden checks of a folder, each after what it needs.

    Raises:
        CheckError: a check has no docstring or marker, needs an unknown one, or cannot be imported.
    """
    with CheckServer(hidden, None) as server:
        return server.specs
