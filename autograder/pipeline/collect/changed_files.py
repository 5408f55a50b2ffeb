"""Files that were released with the notebook and came back changed: reported to staff, and never used in grading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.pipeline.collect.entries import Entry
from autograder.workspace.layout import Workspace

MOST_NAMED = 5
MOST_BYTES = 32 << 20
"""Of a released file whose copies are compared."""
MOST_OF_STUDENT = 256 << 20
"""Bytes of copies that are read of one student's files, whose archive may have thousands that unpack to any size."""

Released = tuple[int, bytes]
"""Bytes of a released file, and their digest."""


class ChangedFiles:
    """Compares what lies next to uploaded notebooks with what was released."""

    def __init__(self, workspace: Workspace, entries: Sequence[Entry]) -> None:
        self._workspace, self._entries = workspace, entries
        self._released: dict[str, dict[tuple[str, ...], Released]] = {}
        self._left = MOST_OF_STUDENT

    def restart(self) -> None:
        """Begin with the next student."""
        self._left = MOST_OF_STUDENT

    @cached_property
    def _by_path(self) -> dict[tuple[tuple[str, ...] | None, tuple[str, ...]], Entry]:
        return {(entry.outer, entry.parts): entry for entry in self._entries}

    def sentences(self, assignment: str, notebook: Entry) -> tuple[str, ...]:
        """Return one sentence for staff where files next to a notebook differ from the release, otherwise nothing."""
        folder = notebook.parts[:-1]
        if not folder and notebook.outer is None:
            return ()  # the notebooks of a whole class are in one folder, so nothing in it is this student's
        found = []
        for parts, released in self._files(assignment).items():
            entry = self._by_path.get((notebook.outer, folder + parts))
            if entry is not None and entry.fault is None and self._differs(entry, released):
                found.append("/".join(parts))
        if not found:
            return ()
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        return (f"The upload has changed copies of released files ({', '.join(found[:MOST_NAMED])}{more}); "
                "the released ones are used.",)

    def _files(self, assignment: str) -> dict[tuple[str, ...], Released]:
        if assignment not in self._released:
            folder = self._workspace.release(assignment).parent
            paths = sorted(folder.rglob("*")) if folder.is_dir() else []
            self._released[assignment] = {path.relative_to(folder).parts: _known(path) for path in paths
                                          if path.is_file() and path.suffix != ".ipynb"
                                          and path.stat().st_size <= MOST_BYTES}
        return self._released[assignment]

    def _differs(self, entry: Entry, released: Released) -> bool:
        """Whether a copy is another one; what is too much to be read is not compared."""
        size, digest = released
        self._left -= size
        if self._left < 0:
            return False
        try:
            return blake2b(entry.load(size)).digest() != digest
        except SubmissionError:  # it is longer
            return True


def _known(path: Path) -> Released:
    content = path.read_bytes()
    return len(content), blake2b(content).digest()
