"""What the supervisor copies at each checkpoint, while the child waits for its next turn.

A record counts only if it was written at the right time: a line of checkpoints during a checkpoint's turn, a file of
arrays or models during one of the runner's turns. What student code writes there in a cell is left out and flagged.
What it changes afterwards has no effect, since the copy exists, and is flagged too. Nothing is parsed here.

`WITNESS` is added to the artifacts: the task of each line, and the calls of ``fit`` reported while they ran.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from autograder.sandbox.collect_output import Harvest, Mark, mark, output_folder
from autograder.sandbox.turns import Do, SeenFit, Turn

WITNESS: Final = "witness.json"
SCHEMA: Final = 1
_LINES: Final = "checkpoints.jsonl"
_MOST: Final = 8 << 20  # bytes of one checkpoint
_CALLS: Final = "calls-"
_RECORDS: Final = re.compile(r"(?:(?:rows|calls)-\d{1,6}|(?:weights|probe)-\d{1,6}-\d{1,6})\.npz"
                             r"|(?:calls-\d{1,6}|model-\d{1,6}-\d{1,6})\.json")


class Witness:
    """Watches the output folder of one child; ``scratch`` is opened by whoever owns the child."""

    def __init__(self, harvest: Harvest) -> None:
        self._harvest = harvest
        self._folder: int | None = None
        self._lines: int | None = None
        self._read = 0
        self._marks: dict[str, Mark] = {}
        self._left: dict[str, Mark] = {}
        self._checkpoints: list[dict[str, Any]] = []
        self._flags: dict[str, None] = {}

    def begin(self, scratch: int) -> None:
        """Open the folder before any student code runs, so that moving or replacing it later has no effect."""
        with contextlib.suppress(OSError):
            self._folder = output_folder(scratch)
            self._lines = os.open(_LINES, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder)

    def close(self) -> None:
        """Close the folder."""
        for descriptor in (self._folder, self._lines):
            if descriptor is not None:
                os.close(descriptor)
        self._folder = self._lines = None

    def opens(self, turn: Turn) -> None:
        """Record which files exist before one of the runner's own turns."""
        if turn.do is Do.CELL or self._folder is None:
            return
        self._marks = self._seen()
        self._compare(self._marks)
        self._left = {}  # from here on the runner writes
        if self._size() != self._read:
            self._flag("The record of checkpoints was written to outside of a checkpoint; those lines do not count.")
            self._read = self._size()

    def ends(self, turn: Turn, fits: Mapping[int, SeenFit], between: Callable[[], None] = lambda: None) -> None:
        """Copy what was written in one of the runner's own turns.

        Args:
            between: called after each file, so that the caller's other work does not wait for all of them.

        Raises:
            OSError: the host's disk is full, read-only or failing.
        """
        if turn.do is Do.CELL or self._folder is None:
            return
        for name, now in self._seen().items():
            fresh = self._marks.get(name) != now
            if fresh and (turn.do is Do.CALLS or not name.startswith(_CALLS)):
                self._harvest.take(self._folder, name)
                between()
        self._left = self._seen()
        if turn.do is Do.CHECKPOINT:
            self._take_line(turn, fits)

    def finish(self, fits: Mapping[int, SeenFit], *, has_checkpoints: bool) -> tuple[str, ...]:
        """Leave out what was written outside of these turns, and write the witness; returns sentences for staff.

        Args:
            has_checkpoints: whether the job had any to write; the output of other jobs is taken over unchecked.
        """
        if has_checkpoints and self._folder is not None:
            if self._size() > self._read:
                self._flag("The record of checkpoints was written to outside of a checkpoint; those lines do not "
                           "count.")
            lying = self._seen()
            self._compare(lying)
            for name in lying:
                self._harvest.leave(name, "it was not written at a checkpoint")
            self._harvest.write(_LINES, b"")
        if has_checkpoints or fits:
            seen = {str(number): {"cell": fit.cell, "digest": fit.digest, "seconds": fit.seconds}
                    for number, fit in fits.items()}
            self._harvest.write(WITNESS, json.dumps(
                {"schema": SCHEMA, "checkpoints": self._checkpoints, "fits": seen}).encode())
        return tuple(self._flags)

    def _compare(self, lying: Mapping[str, Mark]) -> None:
        """Flag files that changed since the runner's last turn; deleted ones are no sign of manipulation."""
        if any(lying.get(name, left) != left for name, left in self._left.items()):
            self._flag("Recorded files were changed after the grader had taken them; its own copies count.")

    def _take_line(self, turn: Turn, fits: Mapping[int, SeenFit]) -> None:
        start, end = self._read, self._size()
        self._read = end
        line = self._bytes(start, end) if end - start <= _MOST else b""
        if line.count(b"\n") == 1 and line.endswith(b"\n"):
            self._harvest.write(_LINES, line)
            self._checkpoints.append({"task": turn.task, "cell": turn.cell, "fits": max(fits, default=0)})
        elif line:
            self._flag(f"Something else wrote into the checkpoint before {turn.name}, so it cannot be read.")
        else:
            self._flag(f"Nothing was written at the checkpoint before {turn.name}.")

    def _bytes(self, start: int, end: int) -> bytes:
        blocks: list[bytes] = []
        while self._lines is not None and start < end:
            block = os.pread(self._lines, end - start, start)
            if not block:
                break
            blocks.append(block)
            start += len(block)
        return b"".join(blocks)

    def _seen(self) -> dict[str, Mark]:
        assert self._folder is not None  # noqa: S101  (for the type checker)
        try:
            names = [name for name in os.listdir(self._folder) if _RECORDS.fullmatch(name)]  # noqa: PTH208  (of a descriptor)
        except OSError:
            return {}
        marks = {name: mark(self._folder, name) for name in names}
        return {name: found for name, found in marks.items() if found is not None}

    def _size(self) -> int:
        return 0 if self._lines is None else os.fstat(self._lines).st_size

    def _flag(self, sentence: str) -> None:
        self._flags[sentence] = None
