"""Reads the notebooks of one student: which assignment each one answers, and which tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.errors import AutograderError, NotebookError, ReadingError, SubmissionError
from autograder.model import Receipt, SlotStatus
from autograder.pipeline.collect.entries import Entry, is_checkpoint, shown
from autograder.pipeline.collect.identify import HandIn
from autograder.pipeline.collect.moments import HandedIn, Moments
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.reading.releases import fit
from autograder.workspace.hand_in_marks import LONGEST
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import digest


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A hand-in with its bytes and the facts read from them.

    ``problem`` is why it is refused; ``temporary`` says that the cause is in the course, so that nothing is stored and
    collecting again may succeed. ``key`` is what nbgrader's exchange needs to give feedback on this upload back.
    ``changed`` reports released files that came back changed.
    """

    hand_in: HandIn
    when: HandedIn
    data: bytes = b""
    assignment: str | None = None
    problem: str | None = None
    temporary: bool = False
    key: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()

    def receipt(self, assignment: str) -> Receipt:
        """Return the receipt of an accepted upload; which one counts is not decided yet."""
        remarks = [self.facts.get("remark"), *self.when.remarks]
        facts = {name: value for name, value in self.facts.items() if name != "remark"}
        return self._receipt(assignment, accepted=True, reason=" ".join(filter(None, remarks)) or None, **facts)

    def refusal(self, assignment: str) -> Receipt:
        """Return the receipt of a refused upload."""
        return self._receipt(assignment, accepted=False, reason=self.problem, counts=False)

    def _receipt(self, assignment: str, **fields: Any) -> Receipt:
        claim = self.hand_in.claim
        flags = (*(claim.flags if claim else ()), *self.when.remarks, *self.changed)
        return Receipt(student=self.hand_in.student, assignment=assignment, source=self.hand_in.entry.name,
                       received_at=self.when.moment.isoformat(), sha256=digest(self.data) if self.data else "",
                       time_from=self.when.source, time_confirmed=self.when.confirmed,
                       marked_late=claim.marked_late if claim else False,
                       file_number=claim.attempt if claim and claim.grows else 0,
                       claimed_as=claim.text if claim else None, flags=flags, **fields)


class Examiner:
    """Reads uploads; a refusal is a result, never an exception."""

    def __init__(
        self, workspace: Workspace, moments: Moments, assignment: str | None, limit_mib: int,
        keys: Mapping[tuple[str, ...], Entry] | None = None,
    ) -> None:
        self._workspace, self._course, self._moments = workspace, workspace.course, moments
        self._keys = keys or {}
        self._assignment, self._limit = assignment, limit_mib
        self.left_out: list[str] = []

    def examine_all(self, hand_ins: Sequence[HandIn]) -> list[Examined]:
        """Return one student's uploads, oldest first. Files that name no assignment are for that of the others."""
        first = sorted(hand_ins, key=lambda one: (self._moments.of(one, self._named(one)).moment,
                                                  one.claim.attempt if one.claim else 0, one.entry.name))
        found = [self._examine(hand_in, None) for hand_in in first]
        others = {one.assignment for one in found if one.assignment is not None and one.problem is None}
        if len(others) == 1:
            (assignment,) = others
            found = [one if one.assignment is not None or one.hand_in.owner is None
                     else self._examine(one.hand_in, assignment) for one in found]
        return sorted(self._without_checkpoints(found), key=lambda one: one.when.moment)

    def _without_checkpoints(self, found: Sequence[Examined]) -> list[Examined]:
        """Leave out Jupyter's checkpoint copies if the notebooks themselves are usable."""
        own = [one for one in found if not is_checkpoint(one.hand_in.entry.parts) and one.problem is None]
        filled = {one.assignment for one in own if one.facts.get("answered") or one.facts.get("unmatched")}

        def is_needless(one: Examined) -> bool:
            return is_checkpoint(one.hand_in.entry.parts) and one.hand_in.owner is not None and (
                one.assignment in filled or any(one.problem is not None or one.data == other.data for other in own))

        self.left_out += [one.hand_in.entry.name for one in found if is_needless(one)]
        return [one for one in found if not is_needless(one)]

    def _examine(self, hand_in: HandIn, fallback: str | None) -> Examined:
        assignment = self._named(hand_in) or fallback
        one = Examined(hand_in=hand_in, assignment=assignment, when=self._moments.of(hand_in, assignment),
                       key=self._key(hand_in))
        data = b""
        try:
            self._check_assignment(hand_in)
            if hand_in.problem is not None:
                raise SubmissionError(hand_in.problem)
            data = hand_in.entry.load()
            assignment = self._which(hand_in, data, fallback)
        except (SubmissionError, NotebookError) as error:
            return replace(one, data=data, problem=str(error))
        one = replace(one, data=data, assignment=assignment, when=self._moments.of(hand_in, assignment))
        try:
            return replace(one, facts=self._facts(assignment, hand_in, data))
        except ReadingError as error:
            # Accepted: grading withholds its points and flags it for staff.
            return replace(one, facts={"remark": str(error), "matches": True})
        except AutograderError as error:
            return replace(one, problem=str(error), temporary=True)

    def _key(self, hand_in: HandIn) -> str | None:
        """Return the secret that nbgrader wrote next to the notebook."""
        entry = self._keys.get(hand_in.entry.parts[:-1])
        if entry is None:
            return None
        try:
            text = entry.load(LONGEST).decode("ascii").strip()
        except (SubmissionError, UnicodeDecodeError):
            return None
        return text if text.isalnum() else None

    def _check_assignment(self, hand_in: HandIn) -> None:
        named = hand_in.claim.assignment if hand_in.claim else None
        if hand_in.problem is None and named is not None and named not in self._course.assignments:
            known = ", ".join(self._course.assignments)
            raise SubmissionError(f"{shown(hand_in.entry.name)} is for {shown(named)}, but the course has {known}: "
                                  f"rename it.")

    def _claimed(self, hand_in: HandIn, data: bytes) -> str | None:
        """Return the assignment that the notebook itself names; None also if reading it exceeds its budget."""
        try:
            found: dict[str, str | None] = read("intake", {"name": hand_in.entry.name, "limit_mib": self._limit}, data)
        except ReadingError:
            return None
        return found["assignment"]

    def _which(self, hand_in: HandIn, data: bytes, fallback: str | None) -> str:
        claimed = self._claimed(hand_in, data)
        claimed = claimed if claimed in self._course.assignments else None
        by_name = hand_in.claim.assignment if hand_in.claim else None
        if claimed and by_name not in (None, claimed):
            raise SubmissionError(f"{shown(hand_in.entry.name)} is the notebook of {claimed}, but was handed in for "
                                  f"{by_name}: hand in the right one.")
        chosen = (by_name or claimed or self._named(hand_in) or fallback or self._by_cells(hand_in, data)
                  or self._by_file(hand_in))
        if chosen is None:
            raise SubmissionError(f"{shown(hand_in.entry.name)} does not say what it answers: use --assignment.")
        return chosen

    def _named(self, hand_in: HandIn) -> str | None:
        """Return the assignment by name, option, or because the course has only one."""
        only = next(iter(self._course.assignments)) if len(self._course.assignments) == 1 else None
        named = hand_in.claim.assignment if hand_in.claim else None
        return (named if named in self._course.assignments else None) or self._assignment or only

    def _by_cells(self, hand_in: HandIn, data: bytes) -> str | None:
        """Return the only assignment whose cells the notebook contains: editors may have dropped its metadata."""
        fits = []
        for name in self._course.assignments:
            try:
                if fit(self._workspace, name, data, hand_in.entry.name).matches:
                    fits.append(name)
            except SubmissionError:
                continue  # never released, so nobody can answer it
            except ReadingError:
                return None
        return fits[0] if len(fits) == 1 else None

    def _by_file(self, hand_in: HandIn) -> str | None:
        """Return the longest assignment's name with which the file's own name begins or ends."""
        stem = hand_in.entry.parts[-1].casefold().split(".ipynb")[0]
        fits = [name for name in self._course.assignments if name.casefold() in stem]
        return max(fits, key=len, default=None)

    def _facts(self, assignment: str, hand_in: HandIn, data: bytes) -> dict[str, Any]:
        fitted = fit(self._workspace, assignment, data, hand_in.entry.name)
        merged = fitted.merged

        def tasks(status: SlotStatus) -> tuple[str, ...]:
            return tuple(slot.task for slot in merged.slots if slot.status is status)

        remark = " ".join(filter(None, (fitted.remark, *merged.receipt_notes))) or None
        return {"release": merged.release, "remark": remark, "matches": fitted.matches,
                "answered": tasks(SlotStatus.ANSWERED), "blank": tasks(SlotStatus.BLANK),
                "unmatched": tasks(SlotStatus.UNMATCHED)}
