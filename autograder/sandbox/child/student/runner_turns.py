"""The runner's side of the turns: it waits until the supervisor opens one, and says when it has ended."""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONEncoder
from os import getpid
from os import read as os_read
from os import write as os_write
from typing import Any

from autograder.sandbox.turns import opening

_MESSAGE = 4096
_encode = JSONEncoder(ensure_ascii=True).encode


class RunnerTurns:
    """Sends messages over the progress socket, but only in the process that created it, not in its forks.

    Args:
        progress: descriptor of the socket, negative for none: then every turn opens at once.
    """

    def __init__(self, progress: int) -> None:
        self._progress = progress
        self._process = getpid()
        self._number = -1

    def tell(self, event: Mapping[str, Any]) -> None:
        """Send one small event to the supervisor, who may be gone."""
        if self._progress < 0 or getpid() != self._process:
            return
        try:
            os_write(self._progress, _encode(event).encode())
        except OSError:
            # The student closed a descriptor that is not theirs: no further turn will open, which ends the run.
            return

    def take(self, do: str, cell: int) -> bool:
        """Wait for the next turn; False if it will not come, so that the run has to end."""
        self._number += 1
        if self._progress < 0:
            return True
        try:
            return os_read(self._progress, _MESSAGE) == opening(self._number, do, cell)
        except OSError:
            return False

    def end(self, record: Mapping[str, Any] | None = None, *, leaving: bool = False) -> None:
        """Report the end of the turn; for a cell, with its record and whether it wants the run to end."""
        event: dict[str, Any] = {"ended": self._number}
        self.tell(event | ({"cell": record} if record is not None else {}) | ({"leaving": True} if leaving else {}))
