"""Counts a student's attempts, and applies the course's rule on which of them counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from autograder.course import Counts, Course
from autograder.model import Receipt
from autograder.pipeline.collect.choose import beats
from autograder.pipeline.collect.entries import shown


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What ``course.yml`` says about the hand-ins of one student for one assignment."""

    course: Course
    student: str
    assignment: str

    @property
    def allowed(self) -> int | None:
        """How many attempts the student has; None: any number."""
        return self.course.assignment(self.assignment).attempts

    @property
    def counts(self) -> Counts:
        """Which attempt counts."""
        return self.course.assignment(self.assignment).counts

    def seems_late(self, receipt: Receipt) -> bool:
        """Whether ``received_at`` is after the deadline and the grace period, however reliable that time is."""
        return self.course.is_late(self.student, self.assignment, datetime.fromisoformat(receipt.received_at))

    def is_late(self, receipt: Receipt) -> bool:
        """Whether an upload is late by a time that may cost points."""
        return receipt.time_can_cost and self.seems_late(receipt)

    def replaces(self, new: Receipt, old: Receipt) -> bool:
        """Whether ``new`` counts instead of ``old``. With ``best``, grading decides between two attempts."""
        if uses_attempt(new) and uses_attempt(old):
            if self.counts == "best":
                return False
            if self.counts == "latest_on_time" and self.is_late(new) != self.is_late(old):
                return self.is_late(old)
        return beats(new, old)

    def why_kept(self, receipt: Receipt, chosen: Receipt) -> str | None:
        """Return the sentence for an attempt that does not count by the course's rule, None if other rules decide."""
        if receipt.attempt is None or chosen.attempt in (None, receipt.attempt):
            return None
        if self.counts == "best":
            return f"Kept as {receipt.attempt_note}: every attempt is graded, and the best one counts."
        if self.counts == "latest_on_time" and self.is_late(receipt) and not self.is_late(chosen):
            return f"Kept, but it came after the deadline: {chosen.attempt_note}, which was on time, counts."
        return None


class Attempts:
    """The numbers of one student's attempts for one assignment.

    An attempt is a hand-in with answers. Its number belongs to the upload that is chosen from it: other files of the
    same hand-in use no attempt, and the same bytes are the same attempt however often they are handed in. Numbers
    follow the order of collecting and never change.
    """

    def __init__(self, kept: Iterable[Receipt]) -> None:
        receipts = list(kept)
        self._numbers = {receipt.sha256: receipt.attempt for receipt in receipts if receipt.attempt is not None}
        self._most = max(self._numbers.values(), default=0)
        # Receipts of earlier versions have no number: those that counted at some time were attempts.
        replaced = {receipt.supersedes for receipt in receipts}
        for receipt in sorted(receipts, key=lambda one: one.received_at):
            counted = receipt.counts or receipt.supersedes is not None or receipt.sha256 in replaced
            if receipt.accepted and counted and uses_attempt(receipt):
                self.number(receipt.sha256)

    def number(self, sha256: str) -> int:
        """Return the attempt number of these bytes: the one that they already have, otherwise the next."""
        if sha256 not in self._numbers:
            self._most += 1
            self._numbers[sha256] = self._most
        return self._numbers[sha256]

    def same(self, number: int, sha256: str) -> None:
        """Give the attempt's number to another file of the same hand-in."""
        self._numbers.setdefault(sha256, number)


def uses_attempt(receipt: Receipt) -> bool:
    """Whether an upload is an attempt: not blank, and the notebook of this assignment.

    An upload that could not be read within its limits is an attempt, since it will be graded.
    """
    return bool(receipt.answered) or (receipt.matches and (bool(receipt.unmatched) or not receipt.blank))


def numbered(receipt: Receipt, number: int, allowed: int | None) -> Receipt:
    """Return the receipt with its attempt number."""
    note = f"attempt {number}" if allowed is None else f"attempt {number} of {allowed}"
    return receipt.model_copy(update={"attempt": number, "attempts": allowed, "attempt_note": note})


def refused(receipt: Receipt, allowed: int, chosen: Receipt | None) -> Receipt:
    """Return the receipt of an attempt beyond the last allowed one, which is kept but never graded."""
    stays = f", and {chosen.attempt_note or shown(chosen.source)} still counts" if chosen is not None else ""
    said = f"Attempt {receipt.attempt} is beyond the {allowed} that are allowed: it is kept in .uploads{stays}."
    return receipt.model_copy(update={"accepted": False, "counts": False, "reason": said, "attempt_note": None})


def reconsidered(receipt: Receipt) -> Receipt:
    """Return a kept receipt without the refusal for its number: course.yml may allow more attempts now."""
    if receipt.accepted or receipt.attempt is None:
        return receipt
    return receipt.model_copy(update={"accepted": True, "reason": None})
