"""Files that were released with the notebook and came back changed: reported to staff, and never used in grading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.pipeline.collect.entries import Entry
from autograder.workspace.layout import Workspace

MOST_NAMED = 5


class ChangedFiles:
    """Compares what lies next to uploaded notebooks with what was released."""

    def __init__(self, workspace: Workspace, entries: Sequence[Entry]) -> None:
        self._workspace, self._entries = workspace, entries
        self._released: dict[str, dict[tuple[str, ...], Path]] = {}

    @cached_property
    def _by_path(self) -> dict[tuple[tuple[str, ...] | None, tuple[str, ...]], Entry]:
        return {(entry.outer, entry.parts): entry for entry in self._entries}

    def sentences(self, assignment: str, notebook: Entry) -> tuple[str, ...]:
        """Return one sentence for staff where files next to a notebook differ from the release, otherwise nothing."""
        folder = notebook.parts[:-1]
        if not folder and notebook.outer is None:
            return ()  # the notebooks of a whole class are in one folder, so nothing in it is this student's
        found = []
        for parts, path in self._files(assignment).items():
            entry = self._by_path.get((notebook.outer, folder + parts))
            if entry is not None and entry.fault is None and _differs(entry, path):
                found.append("/".join(parts))
        if not found:
            return ()
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        return (f"The upload has changed copies of released files ({', '.join(found[:MOST_NAMED])}{more}); "
                "the released ones are used.",)

    def _files(self, assignment: str) -> dict[tuple[str, ...], Path]:
        if assignment not in self._released:
            folder = self._workspace.release(assignment).parent
            paths = sorted(folder.rglob("*")) if folder.is_dir() else []
            self._released[assignment] = {path.relative_to(folder).parts: path for path in paths
                                          if path.is_file() and path.suffix != ".ipynb"}
        return self._released[assignment]


def _differs(entry: Entry, path: Path) -> bool:
    released = path.read_bytes()
    try:
        return entry.load(len(released)) != released
    except SubmissionError:  # it is longer
        return True
