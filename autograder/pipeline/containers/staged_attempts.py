"""Attempts on their way into the judge's container and back, where a course says ``counts: best``."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.pipeline.collect.uploads import Shelf
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import exclusive, replace_folder


def send(workspace: Workspace, inside: Workspace, student: str, assignment: str) -> None:
    """Copy a student's kept uploads, and the results of attempts that do not count, into the stage."""
    if workspace.course.assignment(assignment).counts != "best":
        return
    for source, target in ((workspace.uploads(student, assignment), inside.uploads(student, assignment)),
                           (workspace.attempts(student, assignment), inside.attempts(student, assignment))):
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, ignore=_links)


def take_back(workspace: Workspace, inside: Workspace, student: str, assignment: str) -> None:
    """Store the judge's results for attempts, and make the one count that it chose.

    Raises:
        AutograderError: another command is collecting right now.
    """
    if workspace.course.assignment(assignment).counts != "best":
        return
    graded = inside.attempts(student, assignment)
    if graded.is_dir():
        with replace_folder(workspace.attempts(student, assignment)) as fresh:
            shutil.copytree(graded, fresh, symlinks=True, dirs_exist_ok=True, ignore=_links)
    with exclusive(workspace.collect_lock, "Choosing the attempt that counts"):
        _follow(Shelf(workspace, student, assignment), Shelf(inside, student, assignment))


def _follow(shelf: Shelf, judged: Shelf) -> None:
    """Copy which of the kept uploads counts, and why. The uploads themselves stay those of the host."""
    chosen, current = judged.current(), shelf.current()
    why = {(one.sha256, one.received_at): one.reason for one in judged.receipts()}
    for kept in shelf.receipts():
        reason = why.get((kept.sha256, kept.received_at))
        if chosen is not None and (kept.sha256, kept.received_at) == (chosen.sha256, chosen.received_at):
            counted = kept.model_copy(update={"counts": True, "reason": chosen.reason})
            if counted != current:
                same = current is not None and current.sha256 == counted.sha256
                shelf.count(None, counted, corrects=current if same else None)
        elif kept.accepted and kept.attempt is not None and reason != kept.reason:
            shelf.replace(kept, kept.model_copy(update={"counts": False, "reason": reason}))


def _links(folder: str, names: list[str]) -> list[str]:
    """Return the links of a folder, so that a copy skips them."""
    return [name for name in names if (Path(folder) / name).is_symlink()]
