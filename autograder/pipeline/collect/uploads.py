"""Keeps every upload as received, and the chosen one as the one that counts. Nothing is overwritten silently."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from autograder.errors import SubmissionError
from autograder.model import Receipt
from autograder.workspace.hand_in_marks import mark, read_mark
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import digest, read_receipt
from autograder.workspace.storage import write_atomically

CHOOSING: Final = threading.Lock()
"""Only one thread at a time changes which upload counts: `exclusive` separates commands, not threads."""


def stamp(moment: datetime) -> str:
    """Return a UTC time as part of a file name; it sorts by time."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


class Shelf:
    """The folder of one student's hand-ins for one assignment."""

    def __init__(self, workspace: Workspace, student: str, assignment: str) -> None:
        self._notebook = workspace.submitted(student, assignment)
        self._receipt = workspace.receipt(student, assignment)
        self._uploads = workspace.uploads(student, assignment)
        for path in (workspace.submitted_root, self._notebook.parent.parent, self._notebook.parent, self._uploads):
            # A link would let a hand-in be written somewhere else.
            if path.is_symlink():
                raise SubmissionError(f"{path.name} among the submissions must be a folder, not a link: remove it.")

    def current(self) -> Receipt | None:
        """Return the receipt of the upload that counts now."""
        return read_receipt(self._receipt)

    def receipts(self) -> list[Receipt]:
        """Return the receipt of every upload that is kept, oldest first."""
        return [receipt for _, receipt in self._kept()]

    def known(self, sha256: str, moment: datetime | None, source: str) -> Receipt | None:
        """Return the receipt of an upload that was collected before.

        The one that counts now is recognized by its bytes alone (copying files changes their times), an earlier one
        also by its time: handing in the same bytes again later makes them count again.

        Args:
            moment: its time; None: an earlier one is recognized by its bytes alone too.
        """
        current = self.current()
        if current is not None and self._same(current, sha256, source) and self._complete(current):
            return current
        return next((receipt for receipt in self.receipts() if self._same(receipt, sha256, source)
                     and (moment is None or datetime.fromisoformat(receipt.received_at) >= moment)), None)

    def keep(self, data: bytes, receipt: Receipt) -> None:
        """Store an upload that does not count; a refusal is shown until an upload has been accepted."""
        self._file(data, receipt)
        current = self.current()
        if not receipt.accepted and (current is None or not current.accepted):
            write_atomically(self._receipt, receipt.to_json() + "\n")
            mark(self._receipt.parent, receipt)

    def count(self, data: bytes | None, receipt: Receipt, corrects: Receipt | None = None) -> Receipt:
        """Store the upload that counts, and return its receipt as stored.

        A notebook that somebody put or changed by hand is copied to the uploads before this one takes its place.

        Args:
            data: its bytes; None for an upload that is kept already.
            corrects: the receipt that this upload had before.
        """
        if data is None:
            data = self.bytes_of(receipt)
        before = self.current()
        if before is not None and before.accepted and before.counts and before != corrects and (
                not self._is(before, receipt)):
            self.replace(before, before.model_copy(update={"counts": False}))
        remarks = [receipt.reason] if receipt.reason else []
        remarks += self._rescue(before, receipt.sha256)
        receipt = receipt.model_copy(update={"reason": " ".join(remarks) or None, "counts": True})
        # The receipt is written last: after an interruption before that, the same upload is collected again.
        if not self._holds(self._notebook, receipt.sha256):
            write_atomically(self._notebook, data)
        self._file(data, receipt)
        write_atomically(self._receipt, receipt.to_json() + "\n")
        mark(self._receipt.parent, receipt, read_mark(self._key(receipt)) or None)
        return receipt

    def keep_key(self, receipt: Receipt, key: str) -> None:
        """Store what nbgrader's exchange needs to give feedback on an upload back; of equal uploads, the latest."""
        if read_mark(self._key(receipt)) != key:
            write_atomically(self._key(receipt), key)
            current = self.current()
            if current is not None and current.counts and current.sha256 == receipt.sha256:
                mark(self._receipt.parent, current, key)

    def _key(self, receipt: Receipt) -> Path:
        return self._uploads / f"{receipt.sha256[:16]}.key"

    def replace(self, old: Receipt, new: Receipt) -> None:
        """Replace an upload's receipt with a corrected one; the upload itself is kept."""
        for path, receipt in self._kept():
            if self._is(receipt, old):
                upload = path.with_suffix(".ipynb")
                path.unlink()
                if self._holds(upload, new.sha256):
                    self._file(upload.read_bytes(), new)
                    if self._name(old) != self._name(new):
                        upload.unlink()
                    return
        self._file(b"", new)

    def _file(self, data: bytes, receipt: Receipt) -> None:
        name = self._name(receipt)
        if data and not self._holds(self._uploads / f"{name}.ipynb", receipt.sha256):
            write_atomically(self._free(self._uploads / f"{name}.ipynb"), data)
        write_atomically(self._uploads / f"{name}.json", receipt.to_json() + "\n")

    @staticmethod
    def _name(receipt: Receipt) -> str:
        # A file that was never read has no digest; two such files with the same time must not share a name.
        name = receipt.sha256[:8] or f"unread-{digest(receipt.source.encode())[:8]}"
        return f"{stamp(datetime.fromisoformat(receipt.received_at))}-{name}"

    @staticmethod
    def _is(one: Receipt, other: Receipt) -> bool:
        return (one.sha256, one.received_at) == (other.sha256, other.received_at)

    @staticmethod
    def _same(receipt: Receipt, sha256: str, source: str) -> bool:
        # A file that was refused unread has no digest: compare the name instead.
        return receipt.sha256 == sha256 and (bool(sha256) or receipt.source == source)

    def _complete(self, receipt: Receipt) -> bool:
        return not receipt.accepted or self._holds(self._notebook, receipt.sha256)

    def bytes_of(self, receipt: Receipt) -> bytes:
        """Return the bytes of an upload that is kept.

        Raises:
            SubmissionError: they are missing.
        """
        for path in (self._notebook, *sorted(self._uploads.glob(f"*-{receipt.sha256[:8]}*.ipynb"))):
            if self._holds(path, receipt.sha256):
                return path.read_bytes()
        raise SubmissionError(f"The upload of {receipt.received_at} is missing in .uploads: collect it again.")

    def _rescue(self, current: Receipt | None, incoming: str) -> list[str]:
        if self._notebook.is_symlink():
            raise SubmissionError(f"{self._notebook.name} in the folder of submissions is a link: remove it.")
        if not self._notebook.is_file():
            return []
        data = self._notebook.read_bytes()
        found = digest(data)
        if found == incoming or (current is not None and found == current.sha256):
            return []
        if any(self._holds(path, found) for path in self._uploads.glob(f"*-{found[:8]}*.ipynb")):
            return []
        changed = datetime.fromtimestamp(self._notebook.stat().st_mtime, UTC)
        target = self._free(self._uploads / f"{stamp(changed)}-{found[:8]}.ipynb")
        write_atomically(target, data)
        return [f"The notebook that had been put here by hand is kept as {target.name}."]

    def _free(self, path: Path) -> Path:
        number = 1
        free = path
        while free.exists() or free.is_symlink():
            number += 1
            free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        return free

    @staticmethod
    def _holds(path: Path, sha256: str) -> bool:
        return path.is_file() and not path.is_symlink() and digest(path.read_bytes()) == sha256

    def _kept(self) -> Iterator[tuple[Path, Receipt]]:
        for path in sorted(self._uploads.glob("*.json")) if self._uploads.is_dir() else ():
            receipt = read_receipt(path)
            if receipt is not None:
                yield path, receipt
