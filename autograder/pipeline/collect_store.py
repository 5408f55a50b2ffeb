"""Keeping uploads: every one as it came, the latest as the one that counts, nothing overwritten in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.model import Receipt
from autograder.pipeline.storage import write_atomically
from autograder.pipeline.workspace import Workspace, digest, read_receipt


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
        """Return the receipt of what counts now."""
        return read_receipt(self._receipt)

    def known(self, sha256: str, moment: datetime, source: str) -> Receipt | None:
        """Return the receipt of an upload that was collected before.

        The one that counts now is known by its bytes alone (copying files changes their times), an earlier one also by
        its time: handing the same bytes in again later makes them count again.
        """
        current = self.current()
        if current is not None and self._same(current, sha256, source) and self._complete(current):
            return current
        return next((receipt for receipt in self._receipts() if self._same(receipt, sha256, source)
                     and datetime.fromisoformat(receipt.received_at) >= moment), None)

    def keep(self, data: bytes, receipt: Receipt) -> Receipt:
        """Store an upload; return its receipt as it is kept.

        It counts when it is accepted and no later accepted upload is there. A notebook that somebody put or changed by
        hand is copied to the uploads before another takes its place.
        """
        current = self.current()
        moment = datetime.fromisoformat(receipt.received_at)
        later = current is not None and current.accepted and datetime.fromisoformat(current.received_at) > moment
        counts = receipt.accepted and not later
        remarks = [receipt.reason] if receipt.reason else []
        if counts:
            remarks += self._rescue(current, receipt.sha256)
        elif receipt.accepted and current is not None:
            remarks.append(f"Kept, but the later upload of {current.received_at} counts.")
        earlier = current.sha256 if counts and current is not None and current.accepted else None
        receipt = receipt.model_copy(update={
            "reason": " ".join(remarks) or None,
            "supersedes": earlier if earlier != receipt.sha256 else None,
        })
        self._write(data, receipt, moment, counts=counts,
                    shown=counts or current is None or not current.accepted)
        return receipt

    def _write(self, data: bytes, receipt: Receipt, moment: datetime, *, counts: bool, shown: bool) -> None:
        # The receipt is written last: whoever is interrupted before it collects the same upload again.
        name = f"{stamp(moment)}-{receipt.sha256[:8] or 'unread'}"
        if data and not self._holds(self._uploads / f"{name}.ipynb", receipt.sha256):
            write_atomically(self._free(self._uploads / f"{name}.ipynb"), data)
        if counts and not self._holds(self._notebook, receipt.sha256):
            write_atomically(self._notebook, data)
        write_atomically(self._uploads / f"{name}.json", receipt.to_json() + "\n")
        if shown:
            write_atomically(self._receipt, receipt.to_json() + "\n")

    @staticmethod
    def _same(receipt: Receipt, sha256: str, source: str) -> bool:
        # What was refused unread has no digest: then the name has to do.
        return receipt.sha256 == sha256 and (bool(sha256) or receipt.source == source)

    def _complete(self, receipt: Receipt) -> bool:
        return not receipt.accepted or self._holds(self._notebook, receipt.sha256)

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

    def _receipts(self) -> Iterator[Receipt]:
        if self._uploads.is_dir():
            yield from filter(None, map(read_receipt, sorted(self._uploads.glob("*.json"))))
