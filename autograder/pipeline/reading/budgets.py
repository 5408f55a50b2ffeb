"""Budgets for reading what students wrote, and the processes that do it: see `autograder.pipeline.reading.steps`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from autograder.readers import Budget, Readers

STEPS: Final = "autograder.pipeline.reading.steps"
LEFT_OUT: Final = "left-out.txt"
"""File next to an executed notebook without outputs: the sentence that says why."""
BUDGETS: Final[dict[str, Budget]] = {
    "intake": Budget(seconds=20, memory_mib=2048),
    "merge": Budget(seconds=20, memory_mib=2048),
    "assemble": Budget(seconds=30, memory_mib=4096, file_mib=64),
    "examine": Budget(seconds=30, memory_mib=4096, file_mib=64),
    "answers": Budget(seconds=20, memory_mib=4096, file_mib=1024), "misread": Budget(seconds=20, memory_mib=4096),
    "recorded_trainings": Budget(seconds=30, memory_mib=4096),
    "training": Budget(seconds=60, memory_mib=4096),
    "trained": Budget(seconds=20, memory_mib=4096, file_mib=1024),
    "board": Budget(seconds=20, memory_mib=4096),
    "gradebook": Budget(seconds=20, memory_mib=2048, answer_mib=64),
    "written": Budget(seconds=20, memory_mib=2048), "traits": Budget(seconds=20, memory_mib=4096),
    "facts": Budget(seconds=20, memory_mib=4096),
    "page": Budget(seconds=20, memory_mib=2048), "released": Budget(seconds=20, memory_mib=2048),
    "mail": Budget(seconds=3, memory_mib=2048),
}
WHAT: Final[dict[str, str]] = {
    "intake": "Reading the notebook", "merge": "Fitting the notebook into its release",
    "assemble": "Putting the notebook's outputs together", "examine": "Reading what the notebook left",
    "answers": "Reading the answers of the rebuilt models", "recorded_trainings": "Reading what it recorded of its "
                                                                                  "trainings",
    "training": "Reading how it was trained", "trained": "Reading the answers of the model that was trained again",
    "misread": "Counting what the models misread", "board": "Reading the work for the leaderboard",
    "gradebook": "Drawing the notebook for the gradebook", "written": "Reading the written answers",
    "page": "Drawing the notebook and its curves", "released": "Drawing the released notebook",
    "traits": "Reading what to compare with other work", "facts": "Reading what to ask the student",
    "mail": "Reading the mail",
}
"""The beginning of the sentence that reports an exceeded budget."""


class _Shared:
    """One warm process for all concurrent readers; it ends with the last of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._readers: Readers | None = None

    @contextmanager
    def use(self) -> Iterator[Readers]:
        with self._lock:
            self._users += 1
            if self._readers is None:
                self._readers = Readers(STEPS)
                self._readers.warm()
            readers = self._readers
        try:
            yield readers
        finally:
            with self._lock:
                self._users -= 1
                if not self._users and self._readers is not None:
                    self._readers.close()
                    self._readers = None


_SHARED = _Shared()


@contextmanager
def readers() -> Iterator[Readers]:
    """Keep one process warm for all reading in this block, by any thread."""
    with _SHARED.use() as shared:
        yield shared


def read(step: str, arguments: dict[str, Any], payload: bytes = b"") -> Any:
    """Return the result of a step of `autograder.pipeline.reading.steps` for a student's bytes.

    Raises:
        ReadingError: its budget ran out; the sentence is for students and staff.
        AutograderError: as raised by the step.
    """
    with readers() as shared:
        return shared.run(step, arguments, WHAT[step], payload=payload, budget=BUDGETS[step])
