"""Writes what has changed in the grades of a class into each student's ``history.jsonl``."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from autograder.grades import Grade
from autograder.grades.changes import Entry, Judgement, next_entry, read_history
from autograder.model import Result, Status, Value
from autograder.workspace.file_names import HISTORY
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import is_file

LARGEST: Final = 8 << 20
"""Most bytes of a history that are read: thousands of changes."""


def history_of(workspace: Workspace, student: str, assignment: str) -> list[Entry]:
    """Return every change of a grade, oldest first."""
    return read_history(history_lines(workspace, student, assignment))


def keep_history(
    workspace: Workspace, grades: Iterable[Grade], results: Mapping[tuple[str, str], Result]
) -> None:
    """Append a line for each grade that is not as its last line says.

    Args:
        results: by student and assignment; only who has one has a folder to write into.
    """
    now, by = datetime.now(UTC).isoformat(timespec="seconds"), account()
    for grade in grades:
        result = results.get((grade.student, grade.assignment))
        if result is None:
            continue
        last = history_of(workspace, grade.student, grade.assignment)[-1:]
        entry = next_entry(grade, last[0] if last else None, _judgement(result), at=now, by=by)
        if entry is not None:
            with suppress(OSError):  # a full or read-only disk must not keep anybody from reading grades
                append_line(workspace, grade.student, grade.assignment, entry)


def account() -> str | None:
    """Return the name of the account that runs this command, None where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return None


def history_lines(workspace: Workspace, student: str, assignment: str) -> list[str]:
    """Return the lines of a history, oldest first; none where it is missing or far too large.

    Only the end of a line of the file ends one: a text in it may have characters that others call line ends.
    """
    path = workspace.results(student, assignment) / HISTORY
    if not is_file(path) or path.stat().st_size > LARGEST:
        return []
    return path.read_text(encoding="utf-8", errors="replace").split("\n")


def append_line(workspace: Workspace, student: str, assignment: str, line: Value) -> None:
    """Add one line to a history; a line that was cut by a crash before it stays a line of its own.

    Raises:
        OSError: it cannot be written.
    """
    path = workspace.results(student, assignment) / HISTORY
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        path.unlink()
    with path.open("a+b") as stream:
        stream.seek(0, 2)
        if stream.tell():
            stream.seek(-1, 2)
            begin = b"" if stream.read(1) == b"\n" else b"\n"
        else:
            begin = b""
        stream.write(begin + line.to_json(indent=None).encode() + b"\n")


def _judgement(result: Result) -> Judgement:
    made = result.provenance
    if made is None:
        return Judgement()
    return Judgement(submission=made.submission, checks=made.checks_fingerprint, not_passed={
        check.id: check.status.value for task in result.tasks for check in task.checks
        if check.status is not Status.PASSED})
