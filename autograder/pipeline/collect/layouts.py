"""Detects the layout of a source, and reads from the outermost name whose each file is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final, Literal, TypeVar

from autograder.course import Course, is_student_id
from autograder.errors import SubmissionError
from autograder.pipeline.collect.blackboard import blackboard_prefix, users_of_texts
from autograder.pipeline.collect.canvas import digits_of_files
from autograder.pipeline.collect.claims import Claim, Context, Place
from autograder.pipeline.collect.entries import Entry, shown
from autograder.pipeline.collect.github import assignment_around, compare_repositories, read_github
from autograder.pipeline.collect.gradescope_export import (
    MAX_METADATA,
    METADATA_NAMES,
    is_submission,
    read_metadata,
)
from autograder.pipeline.collect.owner import Roster
from autograder.pipeline.collect.plain import read_plain
from autograder.pipeline.collect.platforms import PLATFORMS, Platform

Kind = Literal["auto", "folder", "zip", "exchange", "lms", "canvas", "moodle", "blackboard", "brightspace",
               "gradescope", "sakai", "github", "google"]
Row = TypeVar("Row", str, tuple[str, ...])
WORK: Final = (".ipynb", ".zip")
_WRAPPERS: Final = {"submitted", "submissions", "inbound", "exchange", "classroom", "bulk_download", "class", "course",
                    "students", "downloads", "abgaben", "rendus", "entregas"}
_WRAPPER: Final = re.compile(r"assignment_[0-9]+_export|drive-download-[0-9TZ-]+", re.IGNORECASE)
_REPOSITORIES: Final = re.compile(r".+-submissions(?:-[0-9-]+)?", re.IGNORECASE)
_NOT_HANDED_IN: Final = {"source", "release", "autograded", "feedback", "outbound"}
_ABOUT_CLASS: Final = re.compile(
    r"submi|moodle|canvas|blackboard|brightspace|gradescope|sakai|github|gradebook|assign|homework|hw[ _-]?[0-9]|week|"
    r"export|download|abgabe|uebung|übung|exercise|archiv|class|course|student", re.IGNORECASE)
_COPY: Final = re.compile(r"(?: ?\([0-9]+\)|-[0-9]{1,2}| copy)$", re.IGNORECASE)


class Layouts:
    """Reads the names in one source according to the layouts that ``kind`` allows."""

    def __init__(self, course: Course, roster: Roster, kind: Kind, pattern: str | None, source: str) -> None:
        self._course, self._roster, self._kind = course, roster, kind
        self._patterns = _compiled([pattern] if pattern is not None else list(course.collect.patterns.values()))
        self._only_pattern = pattern is not None
        self._platforms = _allowed(kind) if pattern is None else ()
        self._plain = kind in ("auto", "zip", "folder", "exchange") and pattern is None
        self._wrappers = {name.casefold() for name in (source, _COPY.sub("", source), course.id, course.title)}
        self._around: tuple[str, ...] = ()
        self._dominant: Platform | None = None
        self._doubt: str | None = None
        self._in_repositories = False
        self._is_one_folder = False
        titles = {spelling.casefold(): name for name, assignment in course.assignments.items()
                  for spelling in (name, assignment.title, assignment.title.replace(" ", "-"))}
        self._context = Context(titles=titles, class_list=roster.closed)
        self.notes: list[str] = []

    def prepare(self, entries: Sequence[Entry]) -> None:
        """Examine the whole source: folders around the class, the platform that most names match, Gradescope's list.

        Raises:
            SubmissionError: Gradescope's list cannot be read.
        """
        work = [entry for entry in entries if entry.suffix in WORK]
        self._look_at_names(work)
        lists = {entry.parts[:-1]: entry for entry in reversed(entries) if entry.outer is None and entry.fault is None
                 and entry.parts[-1].lower() in METADATA_NAMES}
        around, people = self._folders_around([entry.platform_parts for entry in work])
        if around and self._may_be_a_students(around, people, has_list=around in lists):
            self._doubt = (f"lies in the folder {shown(around[-1])}, which may be the class's or one student's: "
                           f"collect what is inside it, list the class in course.yml, or name the platform with --kind")
        elif around:
            self._around = around
            self._look_at_names(work)
            self.notes.append(f"Everything is in the folder {shown('/'.join(around))}, which was treated as the "
                              f"class's.")
        self._read_platforms_files(entries, work, next((entry for place, entry in sorted(lists.items()) if len(
            self._inside((*place, "x"))[0]) == 1), None))

    def _read_platforms_files(self, entries: Sequence[Entry], work: Sequence[Entry], metadata: Entry | None) -> None:
        """Read Gradescope's and Blackboard's files about who handed in, if names alone do not say it."""
        names = {self._inside(entry.platform_parts)[0][0] for entry in work}
        if metadata is not None and self._allows("gradescope") and any(map(is_submission, names)):
            submissions = read_metadata(metadata.load(MAX_METADATA), metadata.name)
            self._context = replace(self._context, submissions=submissions)
        if self._allows("blackboard") and any(map(blackboard_prefix, names)):
            texts = [(entry.parts[-1], entry) for entry in entries if entry.suffix == ".txt" and entry.outer is None
                     and entry.fault is None and self.is_root(entry)]
            self._context = replace(self._context, blackboard_users=users_of_texts(texts))

    def _allows(self, platform: str) -> bool:
        return any(allowed.name == platform for allowed in self._platforms)

    def read(self, entry: Entry) -> tuple[Claim, ...]:
        """Return a file's claims: none if it matches no layout, several if several people handed it in together.

        Raises:
            SubmissionError: two platforms' patterns match and name different people; or the folder around all work
                may be one student's.
        """
        if self._doubt is not None:
            raise SubmissionError(f"{shown(entry.name)} {self._doubt}.")
        place = self._place(entry.platform_parts)
        if len(place.parts) > 2 and place.parts[0].lower() in _NOT_HANDED_IN and not self._roster.names(place.parts[0]):
            raise SubmissionError(f"{shown(entry.name)} lies in nbgrader's folder {shown(place.parts[0])}, which holds "
                                  f"no hand-ins: collect the folder 'submitted' or the exchange's 'inbound'.")
        assignment = place.assignment
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
        """Whether a file is where no person is named at all, such as a README of the whole download."""
        return len(self._inside(entry.platform_parts)[0]) == 1

    def below_person(self, entry: Entry) -> tuple[str, ...]:
        """Return what follows the outermost part of a path, which the platform made."""
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
        if place.in_repositories and self._allows("github"):
            known = [claim for claim in read_github(place) if self._roster.knows(claim)]
            if known:
                return tuple(known)
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
        """Return a path without the folders around the class, and the assignment if one of them names it."""
        place = self._place(parts)
        return place.parts, place.assignment

    def _place(self, parts: tuple[str, ...]) -> Place:
        parts = parts[len(self._around):] if self._around and parts[: len(self._around)] == self._around else parts
        while len(parts) > 1 and self._is_wrapper(parts[0]):
            parts = parts[1:]
        if len(parts) > 1 and not self._roster.names(parts[0]):
            titles = self._context.titles
            if (name := titles.get(parts[0].casefold())) is not None:
                return Place(parts=parts[1:], assignment=name, context=self._context)
            if self._in_repositories and (name := assignment_around(parts[0], titles)) is not None:
                return Place(parts=parts[1:], assignment=name, in_repositories=len(parts) > 2, context=self._context)
        return Place(parts=parts, context=self._context)

    def _is_wrapper(self, name: str) -> bool:
        if name.casefold() in self._context.titles or self._roster.names(name) or (
                assignment_around(name, self._context.titles) is not None):
            return False
        if self._in_repositories and _REPOSITORIES.fullmatch(name) is not None:
            return True
        return name.casefold() in self._wrappers | _WRAPPERS or _WRAPPER.fullmatch(name) is not None

    def _look_at_names(self, work: Sequence[Entry]) -> None:
        # Somebody on GitHub may be called "submissions-7": such folders are the class's only if all folders are.
        self._in_repositories = False
        tops = {parts[0] for entry in work if len(parts := self._inside(entry.platform_parts)[0]) > 1}
        self._in_repositories = all(_REPOSITORIES.fullmatch(top) or assignment_around(top, self._context.titles)
                                    for top in tops)
        names = {self._inside(entry.platform_parts)[0] for entry in work}
        self._is_one_folder = len({parts[:-1] for parts in names}) == 1
        prefixes = {prefix for parts in names if (prefix := blackboard_prefix(parts[0])) is not None}
        self._context = replace(
            self._context, common=_common(prefixes) if len(prefixes) > 1 else None, blackboard_names=len(prefixes),
            canvas_digits=digits_of_files(parts[0] for parts in names if len(parts) == 1),
            repositories=compare_repositories({parts[0] for parts in names if len(parts) > 1}, self._context.titles))
        count = Counter(platform for parts in names for platform in self._platforms
                        if not platform.weak and platform.read(Place(parts=parts, context=self._context)))
        ranked = count.most_common(2)
        is_clear = ranked and ranked[0][1] > 1 and (len(ranked) == 1 or ranked[0][1] > ranked[1][1])
        self._dominant = ranked[0][0] if is_clear else None

    def _folders_around(self, paths: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], int]:
        """Return the folders around all work that name nobody, and how many people are named directly below them."""
        if not paths or None not in {self._person(parts) for parts in paths}:
            return (), 0
        common = _common([parts[:-1] for parts in paths])
        for depth in range(1, len(common) + 1):
            if self._names_person(common[depth - 1]):
                break
            people = {self._person(parts[depth:]) for parts in paths}
            if None not in people:
                return tuple(common[:depth]), len(people)
        return (), 0

    def _names_person(self, folder: str) -> bool:
        place = Place(parts=(folder, "x"), context=self._context)
        return self._roster.names(folder) or bool(_by_any(place) or read_github(place))

    def _may_be_a_students(self, around: tuple[str, ...], people: int, *, has_list: bool) -> bool:
        """Whether the folder may be one student's, with names of others in it, instead of the class's.

        Args:
            people: how many are named below it. A single one, or any number without a class list, proves little.
            has_list: whether it contains a list such as Gradescope's.
        """
        if self._kind not in ("auto", "zip") or (people > 1 and self._roster.closed):
            return False
        unclear = [name for name in around if not self._is_wrapper(name) and _ABOUT_CLASS.search(name) is None]
        return any((people == 1 and not has_list) or is_student_id(name) for name in unclear)

    def _person(self, parts: tuple[str, ...]) -> str | None:
        """Return whom the outermost part of a path certainly names: by a platform's form or by the class list."""
        place = self._place(parts)
        parts = place.parts
        if found := _by_any(place):
            return found[0].keys[0] if found[0].keys else parts[0]
        for platform in PLATFORMS:
            known = [claim for claim in platform.read(place) if platform.weak and self._roster.knows(claim)]
            if known:
                return known[0].keys[0]
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


def _common(rows: Iterable[Row]) -> Row:
    """Return the common prefix of all rows: that of the first and the last in order, which all between them share."""
    ordered = sorted(rows)
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
