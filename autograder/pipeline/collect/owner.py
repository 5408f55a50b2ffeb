"""Whose a hand-in is: the platform's claim, looked up in the class list. Unclear claims are refused, never guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.course import Course, folded, is_student_id
from autograder.errors import SubmissionError
from autograder.pipeline.collect.claims import Claim
from autograder.pipeline.collect.entries import shown


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A student, and the identifiers in the platform's claim by which the student was found."""

    student: str
    evidence: tuple[str, ...]


@dataclass(kw_only=True)
class _Index:
    """folded text → students, for each kind of name."""

    ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    emails: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    systems: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))


class Roster:
    """The class: ``students`` of course.yml and ``students.csv``; without either, whoever handed in."""

    def __init__(self, course: Course, earlier: Iterable[str]) -> None:
        self.closed = course.students is not None
        self._earlier = {name.casefold(): name for name in earlier}
        self._index = _Index()
        for student in course.students or ():
            self._index.ids[folded(student)].add(student)
        for person in course.people:
            if person.email:
                self._index.emails[folded(person.email)].add(person.id)
            for name in _spellings(person.name):
                self._index.names[name].add(person.id)
            for system, values in person.ids.items():
                for value in values:
                    self._index.systems[system][folded(value)].add(person.id)

    def names(self, text: str) -> bool:
        """Whether a text is a student's id, address or name in the class list."""
        key = folded(text)
        return any(key in found for found in (self._index.ids, self._index.emails, self._index.names))

    def knows(self, claim: Claim) -> bool:
        """Whether a claim names somebody in the class list."""
        return bool(self._found(claim))

    def owner(self, claim: Claim, name: str) -> Owner:
        """Return the student whom a claim names.

        Args:
            name: the path, for the sentence.

        Raises:
            SubmissionError: nobody, or more than one, is meant.
        """
        if claim.problem:
            raise SubmissionError(f"{shown(name)} {claim.problem}.")
        if not "".join(claim.keys).isprintable():
            raise SubmissionError(f"{shown(name)} names a student with characters that cannot be seen: rename it.")
        if not self.closed:
            return self._anyone(claim, name)
        found = self._found(claim)
        students = {student for students in found.values() for student in students}
        if len(students) > 1:
            who = ", ".join(sorted(students))
            raise SubmissionError(f"{shown(name)} names more than one student ({who}): put the platform's own ids into "
                                  f"students.csv, or hand it in under one name.")
        if students:
            return Owner(student=students.pop(), evidence=tuple(found))
        if claim.system == "id" and not is_student_id(claim.keys[0]):
            raise SubmissionError(f"{shown(name)} names no usable student id (letters, digits and . _ - @): rename it.")
        raise SubmissionError(f"{shown(claim.keys[0] if claim.keys else claim.name)} is not in the class list: add the "
                              f"student to course.yml or the platform's id to students.csv, or correct the name of "
                              f"{shown(name)}.")

    def _anyone(self, claim: Claim, name: str) -> Owner:
        key = claim.keys[0] if claim.keys else ""
        if claim.system == "google":
            raise SubmissionError(f"{shown(name)} gives a person's name only: list names and ids in students.csv.")
        if not is_student_id(key):
            raise SubmissionError(f"{shown(name)} names no usable student id (letters, digits and . _ - @): rename "
                                  f"it, or list the class in students.csv.")
        known = self._earlier.get(key.casefold(), key)
        if known != key:
            raise SubmissionError(f"{shown(name)} names {shown(key)}, but {shown(known)} has handed in and differs in "
                                  f"capitals only: rename it, or list the class in course.yml.")
        return Owner(student=key, evidence=(key,))

    def _found(self, claim: Claim) -> dict[str, set[str]]:
        """Return students by the identifier that names them; a person's name alone counts only if no id is known."""
        found = {key: students for key in claim.keys if (students := self._by_key(claim.system, key))}
        if by_email := self._index.emails.get(folded(claim.email)) if claim.email else None:
            found[claim.email] = by_email
        by_name = self._by_name(claim.name)
        if not found and by_name:
            return {" ".join((*claim.keys, claim.name)): by_name}
        known = {student for students in found.values() for student in students}
        if found and by_name and not known & by_name:
            found[claim.name] = by_name
        return found

    def _by_key(self, system: str, key: str) -> set[str]:
        """Look up an id in the platform's own column, else among ids for all platforms, student ids and addresses."""
        text = folded(key)
        everywhere = self._index.systems.get("lms_ids", {}).get(text, set())
        if system in self._index.systems:
            return self._index.systems[system].get(text) or everywhere
        return everywhere | self._index.ids.get(text, set()) or self._index.emails.get(text, set())

    def _by_name(self, name: str) -> set[str]:
        return self._index.names.get(folded(name), set()) if name else set()


def _spellings(name: str) -> set[str]:
    """Return a name as it is, and as ``Last, First`` for ``First Last`` and vice versa."""
    text = folded(name)
    if not text:
        return set()
    last, comma, first = text.partition(",")
    if comma:
        return {text, f"{first.strip()} {last.strip()}"}
    words = text.split(" ")
    return {text, *(f"{' '.join(words[at:])}, {' '.join(words[:at])}" for at in range(1, len(words)))}


def conflicts(owners: Iterable[tuple[Claim, Owner]]) -> dict[str, str]:
    """Return, by student, a sentence if one platform knows the student under two names.

    Args:
        owners: of each hand-in, with the platform's claim. Without a class list, ids that differ only in upper and
            lower case are such names too.
    """
    seen: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for claim, owner in owners:
        who = claim.identity or owner.evidence[0]
        seen[claim.system, owner.student.casefold()].setdefault(who, owner.student)
    found = {}
    for names in seen.values():
        if len(names) > 1:
            said = " and ".join(shown(name) for name in sorted(names))
            sentence = (f"{said} both mean {min(names.values())}: find out who is who, then correct the names, or "
                        f"put the platform's ids into students.csv.")
            found.update(dict.fromkeys(names.values(), sentence))
    return found
