"""Uploads on their way into ``submitted/``: each is a folder that appears complete, named as in nbgrader's exchange.

The name says whose it is and when it came: both are written here, from what the hub and the clock say.
"""

from __future__ import annotations

import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from autograder.course import is_assignment_id, is_student_id, student_id
from autograder.errors import SubmissionError
from autograder.pipeline.collect.uploads import Shelf
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import digest, folders
from autograder.workspace.serve_files import service_inbox, service_partial

KEPT: Final = timedelta(minutes=2)
"""How long an upload stays here after it is stored with the student's other uploads: a watch may be reading it."""
_NAME: Final = re.compile(r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)\+(?P<time>[^+]+) UTC\+(?P<sha256>[0-9a-f]{64})")
_TIME: Final = "%Y-%m-%d %H:%M:%S.%f"


@dataclass(frozen=True, kw_only=True)
class Received:
    """An upload as it came; ``sha256`` of its bytes is what a student keeps as proof."""

    student: str
    assignment: str
    moment: datetime
    sha256: str

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.student}+{self.assignment}+{self.moment.astimezone(UTC).strftime(_TIME)} UTC+{self.sha256}"


def keep(workspace: Workspace, student: str, assignment: str, data: bytes, moment: datetime) -> Received:
    """Store an upload, completely or not at all.

    Args:
        student: as the class list spells it.
        assignment: of the course.
        moment: when it came, with its zone.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    one = Received(student=student_id(student), assignment=workspace.course.assignment(assignment).id, moment=moment,
                   sha256=digest(data))
    inbox, partial = service_inbox(workspace), service_partial(workspace) / secrets.token_hex(16)
    inbox.mkdir(parents=True, exist_ok=True)
    partial.mkdir(parents=True)
    try:
        (partial / f"{one.assignment}.ipynb").write_bytes(data)
        partial.rename(inbox / one.folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return one


def waiting(workspace: Workspace, student: str | None = None) -> list[Received]:
    """Return the uploads that are not stored with a student's other uploads yet, oldest first.

    Args:
        student: only this one's; None: everybody's.
    """
    return [one for one in _all(workspace) if student in (None, one.student) and not _is_stored(workspace, one)]


def remove_stored(workspace: Workspace, now: datetime) -> None:
    """Remove the copies of uploads that were collected some time ago: each is kept in the student's ``.uploads``."""
    for one in _all(workspace):
        if now - one.moment > KEPT and _is_stored(workspace, one):
            with suppress(OSError):
                shutil.rmtree(service_inbox(workspace) / one.folder)


def _all(workspace: Workspace) -> list[Received]:
    found = [parsed for folder in folders(service_inbox(workspace)) if (parsed := _parse(folder))]
    return sorted(found, key=lambda one: one.moment)


def _parse(folder: Path) -> Received | None:
    match = _NAME.fullmatch(folder.name)
    if match is None or not is_student_id(match["student"]) or not is_assignment_id(match["assignment"]):
        return None
    try:
        moment = datetime.strptime(match["time"], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Received(student=match["student"], assignment=match["assignment"], moment=moment, sha256=match["sha256"])


def _is_stored(workspace: Workspace, one: Received) -> bool:
    """Whether collecting it again would change nothing, and its bytes are among the student's uploads."""
    if one.assignment not in workspace.course.assignments:
        return False
    try:
        shelf = Shelf(workspace, one.student, one.assignment)
        known = shelf.known(one.sha256, one.moment.replace(microsecond=0), "")
        return known is not None and digest(shelf.bytes_of(known)) == one.sha256
    except (SubmissionError, OSError):
        return False
