"""Writes what has changed in the grades of a class into each student's ``history.jsonl``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from autograder.grades import Grade
from autograder.grades.changes import Entry, next_entry, read_history
from autograder.model import Result
from autograder.workspace.file_names import HISTORY
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import is_file

LARGEST: Final = 8 << 20
"""Most bytes of a history that are read: thousands of changes."""


def history_of(workspace: Workspace, student: str, assignment: str) -> list[Entry]:
    """Return every change of a grade, oldest first."""
    path = workspace.results(student, assignment) / HISTORY
    if not is_file(path) or path.stat().st_size > LARGEST:
        return []
    return read_history(path.read_text(encoding="utf-8", errors="replace").splitlines())


def keep_history(
    workspace: Workspace, grades: Iterable[Grade], results: Mapping[tuple[str, str], Result]
) -> None:
    """Append a line for each grade that is not as its last line says.

    Args:
        results: by student and assignment; only who has one has a folder to write into.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for grade in grades:
        result = results.get((grade.student, grade.assignment))
        if result is None:
            continue
        last = history_of(workspace, grade.student, grade.assignment)[-1:]
        made = result.provenance
        entry = next_entry(grade, last[0] if last else None, at=now, submission=made.submission if made else None,
                           checks=made.checks_fingerprint if made else None)
        if entry is not None:
            with suppress(OSError):  # a full or read-only disk must not keep anybody from reading grades
                _append(workspace.results(grade.student, grade.assignment) / HISTORY, entry)


def _append(path: Path, entry: Entry) -> None:
    if path.is_symlink():
        path.unlink()
    with path.open("a", encoding="utf-8") as stream:
        stream.write(entry.to_json(indent=None) + "\n")
