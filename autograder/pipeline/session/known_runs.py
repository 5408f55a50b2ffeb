"""Which runs of an assignment are stored, and which are being made, by the fingerprint of what determines their output.

Any thread may use it. What is stored is read from disk: a result that somebody removes or replaces is known by the
next question.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.model import Result
from autograder.workspace.file_names import RESULT

State = tuple[int, int, int]


class RunLater(Exception):
    """The same work is being run for another submission; ``ended`` is set when that run has ended.

    Attributes:
        ended: then this submission can be graded, by that run or by one of its own.
    """

    def __init__(self, ended: threading.Event) -> None:
        super().__init__("the same work is being run for another submission")
        self.ended = ended


class KnownRuns:
    """The runs of one assignment in the folder ``root``, which has a folder per student."""

    def __init__(self, root: Path, assignment: str) -> None:
        self._root, self._assignment = root, assignment
        self._lock = threading.Lock()
        self._seen: dict[Path, tuple[State, str]] = {}
        self._elsewhere: dict[str, list[Path]] = {}
        self._running: dict[str, threading.Event] = {}

    def folders(self, fingerprint: str) -> list[Path]:
        """Return the folders of stored results with this fingerprint."""
        with self._lock:
            self._look()
            stored = [folder for folder, (_, found) in self._seen.items() if found == fingerprint]
            return [*stored, *(folder for folder in self._elsewhere.get(fingerprint, ()) if folder not in stored)]

    @contextmanager
    def running(self, fingerprint: str, folder: Path) -> Iterator[None]:
        """Let no other submission run the same work meanwhile; if the block succeeds, its run is in ``folder``.

        Raises:
            RunLater: another one is running it.
        """
        ended = threading.Event()
        with self._lock:
            if fingerprint in self._running:
                raise RunLater(self._running[fingerprint])
            self._running[fingerprint] = ended
        try:
            yield
            with self._lock:
                self._elsewhere.setdefault(fingerprint, []).append(folder)
        finally:
            with self._lock:
                del self._running[fingerprint]
            ended.set()

    def _look(self) -> None:
        """Read the results that are new or have changed."""
        found: dict[Path, tuple[State, str]] = {}
        for path in sorted(self._root.glob(f"*/{self._assignment}/{RESULT}")):
            try:
                facts = path.stat()
                state = facts.st_ino, facts.st_size, facts.st_mtime_ns
                known = self._seen.get(path.parent)
                found[path.parent] = known if known and known[0] == state else (state, _fingerprint(path))
            except OSError:  # removed meanwhile
                continue
        self._seen = found


def _fingerprint(path: Path) -> str:
    """Return the fingerprint of the run that a stored result was made from, empty where it has none."""
    try:
        made = Result.from_json(path.read_bytes()).provenance
    except ValueError:
        return ""
    return made.execution_fingerprint if made is not None else ""
