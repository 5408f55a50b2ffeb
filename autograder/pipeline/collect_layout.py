"""Who handed in which assignment when: read from names alone, by layout."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Literal

from autograder.course import Course
from autograder.errors import SubmissionError
from autograder.pipeline.collect_tree import Entry

Kind = Literal["auto", "folder", "zip", "exchange", "lms"]
WRAPPERS = {"submitted", "submissions", "inbound", "exchange"}
_EXCHANGE = re.compile(
    r"(?P<student>[^+]+)\+(?P<assignment>[^+]+)"
    r"\+(?P<stamp>\d{4}-\d\d-\d\d[ _T]\d\d[:-]\d\d[:-]\d\d[^+]*(?:\+\d{4})?)(?:\+.*)?"
)
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ _T](\d\d)[:-](\d\d)[:-](\d\d)(?:[.,](\d{1,6}))?\s*(.*)")


@dataclass(frozen=True, kw_only=True)
class Named:
    """What an entry's name says. ``assignment`` is None where only the notebook itself can tell."""

    student: str
    assignment: str | None = None
    when: datetime | None = None
    attempt: int = 0


def parse_stamp(text: str) -> datetime | None:
    """Read nbgrader's time stamps, such as ``2026-10-01 12:00:00.000000 UTC``; without a known zone it is UTC."""
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return None
    *numbers, fraction, zone = match.groups()
    try:
        year, month, day, hour, minute, second = map(int, numbers)
        offset = re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone)
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3])) if offset else timedelta()
        micro = int((fraction or "0").ljust(6, "0"))
        moment = datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)
        return moment + ahead if offset and offset[1] == "-" else moment - ahead
    except (ValueError, OverflowError):
        return None


class Names:
    """Reads the names of one source, by the layouts that ``kind`` allows."""

    def __init__(self, course: Course, kind: Kind, pattern: str | None, wrapper: str) -> None:
        self._course, self._kind = course, kind
        patterns = [pattern] if pattern is not None else list(course.collect.patterns.values())
        try:
            self._patterns = [re.compile(text) for text in patterns]
        except re.error as error:
            raise SubmissionError(f"The pattern must be a regular expression ({error}): correct it.") from None
        if any("student" not in compiled.groupindex for compiled in self._patterns):
            raise SubmissionError("The pattern needs the named group (?P<student>…), but has none: add it.")
        self._only_pattern = pattern is not None
        self._wrappers = WRAPPERS | {wrapper, course.id}

    def read(self, entry: Entry) -> Named | None:
        """Return what the name says, or None where it fits no layout."""
        own = self._unwrapped(entry.outer or entry.parts)
        if self._kind in ("auto", "zip", "exchange") and not self._only_pattern and (found := self._exchange(own)):
            return found
        if self._kind == "exchange":
            return self._folder(own, entry)
        if (self._kind != "folder" or self._only_pattern) and (found := self._lms("/".join(own))):
            return found
        if self._kind == "lms" or self._only_pattern:
            return None
        return self._folder(own, entry)

    def certain(self, entry: Entry) -> bool:
        """Whether the place of a file that is no notebook says that somebody handed it in: a lone README does not."""
        parts = self._unwrapped(entry.outer or entry.parts)
        as_notebook = str(PurePosixPath(parts[-1]).with_suffix(".ipynb"))
        return len(parts) > 1 or self._kind == "lms" or self._lms(as_notebook) is not None

    def _unwrapped(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        while len(parts) > 1 and parts[0] in self._wrappers and parts[0] not in self._course.assignments:
            parts = parts[1:]
        roster = self._course.students
        student = self._course.student
        if roster and len(parts) > 2 and parts[0] not in self._course.assignments:
            # One folder around the class: the class list tells which level names students.
            return parts if student(parts[0]) or not student(parts[1]) else parts[1:]
        return parts

    def _exchange(self, parts: tuple[str, ...]) -> Named | None:
        for part in parts[:-1]:
            if match := _EXCHANGE.fullmatch(part):
                return Named(student=match["student"], assignment=match["assignment"], when=parse_stamp(match["stamp"]))
        return None

    def _lms(self, path: str) -> Named | None:
        for compiled in self._patterns:
            match = compiled.fullmatch(path)
            if match is None and self._only_pattern:
                match = compiled.fullmatch(path.rsplit("/", 1)[-1])
            if match is None:
                continue
            groups = match.groupdict()
            attempt, stamp = groups.get("attempt"), groups.get("timestamp")
            return Named(student=groups["student"] or "", assignment=groups.get("assignment"),
                         when=parse_stamp(stamp) if stamp else None,
                         attempt=int(attempt) if attempt and attempt.isdecimal() else 0)
        return None

    def _folder(self, parts: tuple[str, ...], entry: Entry) -> Named | None:
        known = self._course.assignments
        if entry.outer is not None:
            # ada.zip and ada/anything.zip both stand for the folder ada
            folder = parts[:-1] or (PurePosixPath(parts[-1]).stem,)
            parts = (*folder, entry.parts[-1])
        stem = PurePosixPath(parts[-1]).stem
        by_stem = stem if stem in known else None
        if len(parts) == 1:
            return self._flat(stem)
        if parts[0] in known:
            # <assignment>/<student>.ipynb, <assignment>/<student>/<file>
            if len(parts) == 2:
                return Named(student=stem, assignment=parts[0]) if by_stem is None else None
            return Named(student=parts[1], assignment=parts[0])
        inner = next((part for part in parts[1:-1] if part in known), None)
        if len(parts) > 2 and inner is None and by_stem is None:
            # A folder <student>/<name>: the name is meant as an assignment, and is refused as unknown.
            inner = parts[1]
        return Named(student=parts[0], assignment=inner or by_stem)

    def _flat(self, stem: str) -> Named | None:
        for name in sorted(self._course.assignments, key=len, reverse=True):
            for joint in ("_", "-", "+", ".", " "):
                if stem.endswith(joint + name) and stem != joint + name:
                    return Named(student=stem[: -len(name) - 1], assignment=name)
                if stem.startswith(name + joint):
                    return Named(student=stem[len(name) + 1 :], assignment=name)
        return None if stem in self._course.assignments else Named(student=stem)


def time_stamps(entries: Iterable[Entry]) -> dict[tuple[str, ...], datetime]:
    """Return nbgrader's ``timestamp.txt`` by folder."""
    found = {}
    for entry in entries:
        if entry.parts[-1] == "timestamp.txt" and entry.outer is None and entry.fault is None:
            try:
                stamp = parse_stamp(entry.load()[:200].decode("ascii", "replace"))
            except SubmissionError:
                stamp = None
            if stamp is not None:
                found[entry.parts[:-1]] = stamp
    return found
