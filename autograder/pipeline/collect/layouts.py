"""Finds out how a source is laid out, and reads from the outermost name whose each file is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final, Literal

from autograder.course import Course
from autograder.errors import SubmissionError
from autograder.pipeline.collect.claims import Claim, Context, Place
from autograder.pipeline.collect.entries import Entry, shown
from autograder.pipeline.collect.gradescope_export import MAX_METADATA, METADATA_NAMES, read_metadata
from autograder.pipeline.collect.owner import Roster
from autograder.pipeline.collect.plain import read_plain
from autograder.pipeline.collect.platforms import PLATFORMS, Platform, blackboard_prefix

Kind = Literal["auto", "folder", "zip", "exchange", "lms", "canvas", "moodle", "blackboard", "brightspace",
               "gradescope", "sakai", "github", "google"]
WORK: Final = (".ipynb", ".zip")
_WRAPPERS: Final = {"submitted", "submissions", "inbound", "exchange", "classroom", "bulk_download", "class", "course",
                    "students", "downloads", "abgaben", "rendus", "entregas"}
_WRAPPER: Final = re.compile(r"assignment_[0-9]+_export|drive-download-[0-9TZ-]+|.+-submissions(?:-[0-9-]+)?",
                             re.IGNORECASE)
_COPY: Final = re.compile(r"(?: ?\([0-9]+\)|-[0-9]{1,2}| copy)$", re.IGNORECASE)


class Layouts:
    """Reads the names of one source by the layouts that ``kind`` allows."""

    def __init__(self, course: Course, roster: Roster, kind: Kind, pattern: str | None, source: str) -> None:
        self._course, self._roster, self._kind = course, roster, kind
        self._patterns = _compiled([pattern] if pattern is not None else list(course.collect.patterns.values()))
        self._only_pattern = pattern is not None
        self._platforms = _allowed(kind) if pattern is None else ()
        self._plain = kind in ("auto", "zip", "folder", "exchange") and pattern is None
        self._wrappers = {name.casefold() for name in (source, _COPY.sub("", source), course.id, course.title)}
        self._around: tuple[str, ...] = ()
        self._dominant: Platform | None = None
        self._is_one_folder = False
        titles = {spelling.casefold(): name for name, assignment in course.assignments.items()
                  for spelling in (name, assignment.title, assignment.title.replace(" ", "-"))}
        self._context = Context(titles=titles, class_list=roster.closed)
        self.notes: list[str] = []

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Look at the whole source: folders around the class, the platform that most names fit, Gradescope's list.

        Raises:
            SubmissionError: Gradescope's list cannot be read.
        """
        work = [entry for entry in entries if entry.suffix in WORK]
        self._look_at_names(work)
        self._around = self._folder_around(work)
        if self._around:
            self._look_at_names(work)
            self.notes.append(f"Everything lies in the folder {shown(self._around[0])}, which was taken for the "
                              f"class's.")
        metadata = next((entry for entry in entries if entry.outer is None and entry.fault is None
                         and entry.parts[-1] in METADATA_NAMES and len(self._inside(entry.parts)[0]) == 1), None)
        if metadata is not None and any(platform.name == "gradescope" for platform in self._platforms):
            data = metadata.load(MAX_METADATA)
            self._context = replace(self._context, submissions=read_metadata(data, metadata.name))

    def read(self, entry: Entry) -> tuple[Claim, ...]:
        """Return who claims a file: none where it fits no layout, several where several people handed it in together.

        Raises:
            SubmissionError: two platforms' patterns fit, and they name different people.
        """
        parts, assignment = self._inside(entry.platform_parts)
        place = Place(parts=parts, assignment=assignment, context=self._context)
        if self._patterns and (claim := self._by_pattern(place, entry)):
            return (claim,)
        found = self._strong(place)
        if not found and not self._only_pattern:
            found = self._weak(place, entry)
        if assignment is not None:
            found = tuple(_with_assignment(claim, assignment) for claim in found)
        return found

    def split(self, parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the folders around the class, and the rest of a path."""
        inside, _ = self._inside(parts)
        return parts[: len(parts) - len(inside)], inside

    def is_root(self, entry: Entry) -> bool:
        """Whether a file lies where no person is named at all, as a README of the whole download does."""
        return len(self._inside(entry.platform_parts)[0]) == 1

    def below_person(self, entry: Entry) -> tuple[str, ...]:
        """Return what follows the outermost, platform-made part of a path."""
        return self._inside(entry.parts)[0][1:] if entry.outer is None else ()

    def _strong(self, place: Place) -> tuple[Claim, ...]:
        found = {platform.name: claims for platform in self._platforms if not platform.weak
                 and (claims := platform.read(place))}
        if self._dominant is not None and self._dominant.name in found:
            return found[self._dominant.name]
        if len({claim.keys for claims in found.values() for claim in claims}) > 1 and len(found) > 1:
            who = " and ".join(claims[0].text for claims in found.values())
            raise SubmissionError(f"{shown('/'.join(place.parts))} fits two platforms' patterns ({who}): say with "
                                  f"--kind which one it comes from.")
        return next(iter(found.values()), ())

    def _weak(self, place: Place, entry: Entry) -> tuple[Claim, ...]:
        any_name = self._kind == "folder"
        own = read_plain(place, entry, self._course, self._roster, any_name=any_name) if self._plain else ()
        known = [claim for claim in own if self._roster.knows(claim)]
        if known:
            return tuple(known)
        for platform in self._platforms:
            if platform.weak and (claims := platform.read(place)):
                return claims
        return own

    def _by_pattern(self, place: Place, entry: Entry) -> Claim | None:
        whole = ["/".join(place.parts), "/".join(entry.platform_parts)]
        if self._is_one_folder and not (self._roster.names(place.parts[0]) or _by_any(place)):
            whole.append(place.parts[-1])  # a file's own name counts only where no folder can name a person
        for compiled in self._patterns:
            match = next(filter(None, (compiled.fullmatch(text) for text in whole)), None)
            if match is not None:
                groups = match.groupdict()
                attempt = groups.get("attempt") or ""
                return Claim(layout="Pattern", system="id", keys=(groups["student"] or "",),
                             assignment=groups.get("assignment"), time=groups.get("timestamp") or "",
                             attempt=int(attempt) if attempt.isdecimal() and len(attempt) < 9 else 0,
                             numbers_hand_ins=True)
        return None

    def _inside(self, parts: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
        """Return a path without the folders around the class, and the assignment if one of them is an assignment's."""
        parts = parts[len(self._around):] if self._around and parts[: len(self._around)] == self._around else parts
        while len(parts) > 1 and self._is_wrapper(parts[0]):
            parts = parts[1:]
        name = self._context.titles.get(parts[0].casefold()) if len(parts) > 1 else None
        if name is not None and not self._roster.names(parts[0]):
            return parts[1:], name
        return parts, None

    def _is_wrapper(self, name: str) -> bool:
        if name.casefold() in self._context.titles or self._roster.names(name):
            return False
        return name.casefold() in self._wrappers | _WRAPPERS or _WRAPPER.fullmatch(name) is not None

    def _look_at_names(self, work: Iterable[Entry]) -> None:
        names = {self._inside(entry.platform_parts)[0] for entry in work}
        self._is_one_folder = len({parts[:-1] for parts in names}) == 1
        prefixes = {prefix for parts in names if (prefix := blackboard_prefix(parts[0])) is not None}
        self._context = replace(self._context, common=_common(prefixes) if len(prefixes) > 1 else None)
        count = Counter(platform for parts in names for platform in self._platforms
                        if not platform.weak and platform.read(Place(parts=parts, context=self._context)))
        ranked = count.most_common(2)
        is_clear = ranked and ranked[0][1] > 1 and (len(ranked) == 1 or ranked[0][1] > ranked[1][1])
        self._dominant = ranked[0][0] if is_clear else None

    def _folder_around(self, work: Sequence[Entry]) -> tuple[str, ...]:
        """Return one folder around the whole class: it names nobody, and at least two known people lie in it."""
        paths = {entry.platform_parts: self._inside(entry.platform_parts)[0] for entry in work}
        tops = {parts[0] for parts in paths.values()}
        if len(tops) != 1 or any(len(parts) < 2 for parts in paths.values()):
            return ()
        (top,) = tops
        if self._roster.names(top) or _by_any(Place(parts=(top, "x"), context=self._context)):
            return ()
        people = {self._person(parts[1:]) for parts in paths.values()}
        if None in people or len(people) < 2:
            return ()
        whole, inner = next(iter(paths.items()))
        return whole[: len(whole) - len(inner) + 1]

    def _person(self, parts: tuple[str, ...]) -> str | None:
        """Return who the outermost part of a path names beyond doubt: by a platform's form or by the class list."""
        found = _by_any(Place(parts=parts, context=self._context))
        if found:
            return found[0].keys[0] if found[0].keys else parts[0]
        name = parts[0] if len(parts) > 1 else PurePosixPath(parts[0]).stem
        return name if self._roster.closed and self._roster.names(name) else None


def _compiled(patterns: list[str]) -> list[re.Pattern[str]]:
    try:
        found = [re.compile(text) for text in patterns]
    except re.error as error:
        raise SubmissionError(f"The pattern must be a regular expression ({error}): correct it.") from None
    if any("student" not in compiled.groupindex for compiled in found):
        raise SubmissionError("The pattern needs the named group (?P<student>…), but has none: add it.")
    return found


def _common(texts: Iterable[str]) -> str:
    """Return the letters that all texts begin with; what lies between the first and the last in order has them too."""
    ordered = sorted(texts)
    first, last = ordered[0], ordered[-1]
    return next((first[:at] for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]),
                min(first, last, key=len))


def _allowed(kind: Kind) -> tuple[Platform, ...]:
    if kind in ("auto", "zip"):
        return PLATFORMS
    if kind == "folder":
        return ()
    if kind == "lms":
        return tuple(platform for platform in PLATFORMS if platform.name != "exchange")
    return tuple(platform for platform in PLATFORMS if platform.name == kind)


def _by_any(place: Place) -> tuple[Claim, ...]:
    return next((claims for platform in PLATFORMS if not platform.weak and (claims := platform.read(place))), ())


def _with_assignment(claim: Claim, assignment: str) -> Claim:
    return claim if claim.assignment is not None else replace(claim, assignment=assignment)
