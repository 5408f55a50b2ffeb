"""Which runs of an assignment are stored, and which are being made, by the fingerprint of what determines their output.

Any thread may use it. What is stored is read from disk. In a large class, looking at all results for each submission
would take longer than running it: there, what other commands store meanwhile is seen later, and then run once more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.model import Result
from autograder.workspace.file_names import RESULT

State = tuple[int, int, int]
_FEW = 200
"""Stored results that are looked at for every question: it takes milliseconds."""
_SHARE = 0.02
"""The part of the time that is spent looking at more of them."""


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
        self._run_each: set[str] = set()
        self._next_look = 0.0

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
            alone = fingerprint in self._run_each
            if not alone and fingerprint in self._running:
                raise RunLater(self._running[fingerprint])
            if not alone:
                self._running[fingerprint] = ended
        if alone:
            yield
            return
        try:
            yield
            with self._lock:
                self._elsewhere.setdefault(fingerprint, []).append(folder)
        finally:
            with self._lock:
                del self._running[fingerprint]
            ended.set()

    def run_each(self, fingerprint: str) -> None:
        """Let nobody wait for this work any more: its runs end at a limit, so that none can be used for another."""
        with self._lock:
            self._run_each.add(fingerprint)

    def _look(self) -> None:
        """Read the results that are new or have changed."""
        began = time.monotonic()
        if len(self._seen) > _FEW and began < self._next_look:
            return
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
        now = time.monotonic()
        self._next_look = now + (now - began) / _SHARE


def _fingerprint(path: Path) -> str:
    """Return the fingerprint of the run that a stored result was made from, empty where it has none."""
    try:
        made = Result.from_json(path.read_bytes()).provenance
    except ValueError:
        return ""
    return made.execution_fingerprint if made is not None else ""
