"""The two small files by which nbgrader knows a submission: when it was handed in, and under which secret name.

nbgrader takes a submission as graded where ``timestamp.txt`` has the time that its gradebook has. It copies both files
from ``submitted/`` to ``autograded/`` and ``feedback/``; `release_feedback` reads them there.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from autograder.model import Receipt
from autograder.workspace.file_names import EXCHANGE_KEY, TIMESTAMP
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import is_file, read_receipt
from autograder.workspace.storage import write_atomically

LONGEST = 4096
"""Most bytes of either file that are read."""


def write_timestamp(workspace: Workspace, student: str, assignment: str) -> None:
    """Write both files next to a submission that has a receipt, where they are not right already.

    A secret that is there is kept: it came from the exchange with the upload that counts, or it was made here.
    """
    folder = workspace.submission_folder(student, assignment)
    receipt = read_receipt(workspace.receipt(student, assignment))
    if receipt is not None:
        mark(folder, receipt)


def mark(folder: Path, receipt: Receipt, secret: str | None = None) -> None:
    """Write both files into the folder of a submission.

    Args:
        secret: of the upload that counts; None: the one that is there, else a new one, which no student knows.
    """
    with suppress(ValueError, OverflowError):  # a receipt without a usable time: the submission stays ungraded
        moment = datetime.fromisoformat(receipt.received_at).astimezone(UTC)
        _write(folder / TIMESTAMP, f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC")
    if secret is not None:
        _write(folder / EXCHANGE_KEY, secret)
    elif not read_mark(folder / EXCHANGE_KEY):
        _write(folder / EXCHANGE_KEY, secrets.token_hex(64))


def copy_marks(workspace: Workspace, student: str, assignment: str, target: Path) -> None:
    """Copy both files from ``submitted/`` to where nbgrader expects them next, if the submission has them."""
    folder = workspace.submission_folder(student, assignment)
    for name in (TIMESTAMP, EXCHANGE_KEY):
        content = read_mark(folder / name)
        if content:
            _write(target / name, content)


def read_mark(path: Path) -> str:
    """Return the content of one of these files, empty where there is none that can be read."""
    try:
        if not is_file(path) or path.stat().st_size > LONGEST:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _write(path: Path, content: str) -> None:
    if read_mark(path) != content:
        write_atomically(path, content)
