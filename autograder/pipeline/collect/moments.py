"""When a hand-in was made, from the best available source, with remarks about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal

from autograder.course import Course
from autograder.errors import SubmissionError
from autograder.model import TimeSource
from autograder.pipeline.collect.claims import Claim
from autograder.pipeline.collect.entries import Entry, shown
from autograder.pipeline.collect.identify import HandIn
from autograder.pipeline.collect.layouts import Layouts
from autograder.pipeline.collect.times import Stamp, parse_moment
from autograder.workspace.file_names import TIMESTAMP

TimesFrom = Literal["auto", "archive", "timestamp", "collected"]


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """A time in UTC to the second, its source, and sentences about times that could not be used."""

    moment: datetime
    source: TimeSource
    confirmed: bool = False
    remarks: tuple[str, ...] = ()


class Moments:
    """Decides on the time of each hand-in of one source.

    ``archive`` uses the time of an archive or a file as its hand-in time, ``timestamp`` a ``timestamp.txt`` in any
    student's folder, ``collected`` the time of collecting. A person chose each of them, so late penalties may use it.
    """

    def __init__(
        self, entries: Sequence[Entry], layouts: Layouts, course: Course, rule: TimesFrom, now: datetime, source: str
    ) -> None:
        self._layouts, self._course, self._rule, self._now = layouts, course, rule, now
        self._nbgraders = source.casefold() == "submitted"
        self._stamps = {entry.parts: entry for entry in entries if entry.parts[-1] == TIMESTAMP
                        and entry.outer is None and entry.fault is None}

    def zone(self, assignment: str | None) -> tzinfo:
        """Return the course's zone, else the offset of the due date, else that of any other due date, else UTC.

        A due date that is written with an offset says nothing about summer time in other months.
        """
        if self._course.zone is not None:
            return self._course.zone
        dues = [self._course.assignments[assignment].due] if assignment in self._course.assignments else []
        dues += [settings.due for settings in self._course.assignments.values()]
        return next((due.tzinfo for due in dues if due is not None and due.tzinfo is not None), UTC)

    def of(self, hand_in: HandIn, assignment: str | None) -> HandedIn:
        """Return when a file was handed in; never later than now."""
        remarks: list[str] = []
        stamp = self._named(hand_in.claim, remarks) if hand_in.claim else None
        stamp = stamp or self._from_timestamp(hand_in, remarks) or hand_in.entry.stamp
        if self._rule == "collected" or stamp is None:
            return HandedIn(moment=self._now.replace(microsecond=0), source=TimeSource.COLLECTED,
                            confirmed=self._rule == "collected", remarks=tuple(remarks))
        moment = stamp.utc(self.zone(assignment))
        if moment > self._now:
            if stamp.source.is_hand_in:
                remarks.append("Its time is in the future; the time of collecting was taken instead.")
            return HandedIn(moment=self._now.replace(microsecond=0), source=TimeSource.COLLECTED,
                            remarks=tuple(remarks))
        confirmed = self._rule == "archive" and not stamp.source.is_hand_in
        return HandedIn(moment=moment, source=stamp.source, confirmed=confirmed, remarks=tuple(remarks))

    def _named(self, claim: Claim, remarks: list[str]) -> Stamp | None:
        if not claim.time:
            return None
        moment = parse_moment(claim.time, claim.zone)
        if moment is None:
            remarks.append(f"The time {shown(claim.time)} in its name cannot be read.")
            return None
        return Stamp(moment=moment, source=claim.time_source)

    def _from_timestamp(self, hand_in: HandIn, remarks: list[str]) -> Stamp | None:
        """Read ``timestamp.txt`` if nbgrader or Sakai wrote it; elsewhere a student may have written it."""
        whole = hand_in.entry.platform_parts
        around, inside = self._layouts.split(whole)
        layout = hand_in.claim.layout if hand_in.claim else ""
        if layout == "Sakai":
            place, zone = (*around, inside[0], TIMESTAMP), None
        elif layout == "Name" and len(inside) == 3 and inside[1] in self._course.assignments and (
                self._rule != "archive" or self._is_nbgraders(around)):
            place, zone = (*around, *inside[:2], TIMESTAMP), UTC
        elif self._rule == "timestamp" and len(inside) > 1:
            place, zone = (*whole[:-1], TIMESTAMP), UTC
        else:
            return None
        entry = self._stamps.get(place)
        if entry is None:
            return None
        try:
            text = entry.load(200).decode("ascii", "replace").strip()
        except SubmissionError:
            text = ""
        moment = parse_moment(text, zone)
        if moment is None:
            remarks.append(f"Its timestamp.txt says {shown(text)}, which cannot be read.")
            return None
        self._check_timestamp(Stamp(moment=moment, source=TimeSource.TIMESTAMP), hand_in, inside, around, remarks)
        return Stamp(moment=moment, source=TimeSource.TIMESTAMP)

    def _is_nbgraders(self, around: tuple[str, ...]) -> bool:
        return self._nbgraders or "submitted" in (part.casefold() for part in around)

    def _check_timestamp(
        self, stamp: Stamp, hand_in: HandIn, inside: tuple[str, ...], around: tuple[str, ...], remarks: list[str]
    ) -> None:
        """Add a remark if work is on time only by a timestamp.txt, which a student may have put there."""
        settings = self._course.assignments.get(inside[1])
        own = hand_in.entry.stamp
        if settings is None or settings.due is None or own is None or self._is_nbgraders(around):
            return
        zone = self.zone(settings.id)
        if stamp.utc(zone) <= settings.due < own.utc(zone):
            remarks.append(f"It is on time by its timestamp.txt, but its file is from {own.utc(zone).isoformat()}: "
                           f"make sure that nbgrader wrote timestamp.txt, or collect again with --times-from archive.")
