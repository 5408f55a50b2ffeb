"""Members of a course on a platform, and whose work is whose: LTI Names and Role Provisioning Services 2.0. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from autograder.course import Person, folded
from autograder.errors import PlatformError
from autograder.grades import Grade
from autograder.lms.sheet import listed

MEDIA_TYPE: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
_LEARNER: Final = ("Learner", "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner")
_LONGEST: Final = 500  # characters of an id, name or address


@dataclass(frozen=True, kw_only=True)
class Member:
    """One learner of the course as the platform knows them."""

    user_id: str
    source_id: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The platform's id of each student whose member is certain, and sentences for the teacher."""

    users: Mapping[str, str]
    notes: tuple[str, ...] = ()


def read_members(document: Any) -> list[Member]:
    """Return the active learners of one page of a membership container.

    Raises:
        PlatformError: it is no membership container.
    """
    entries = document.get("members") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise PlatformError("Expected the course's members with a list `members`, but the answer has none: check "
                            "`members_url` in course.yml.")
    return [Member(user_id=_text(entry, "user_id"), source_id=_text(entry, "lis_person_sourcedid"),
                   email=_text(entry, "email"))
            for entry in entries if isinstance(entry, dict) and _is_learner(entry) and _text(entry, "user_id")]


def match_members(members: Sequence[Member], grades: Iterable[Grade], people: Sequence[Person]) -> Matched:
    """Return whose account is whose.

    Ids decide first, then e-mail addresses. The platform's own number of an account (`user_id`) is compared with the
    column `lti` of ``students.csv`` only: it could be another student's number at the university. Where two accounts
    fit one student, or one account fits two students, nobody gets a score, which could be another's.
    """
    lines = {person.id: person for person in people}
    enrolled = {grade.student: grade for grade in grades if grade.enrolled}
    accounts: dict[str, set[str]] = {}
    for keys_of_member, keys_of_student in ((_ids, _own_ids), (_addresses, _own_addresses)):
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for member in members:
            for key in keys_of_member(member):
                found[key].add(member.user_id)
        for student, grade in enrolled.items():
            hits = {user for key in keys_of_student(grade, lines.get(student)) for user in found.get(key, ())}
            if hits and student not in accounts:
                accounts[student] = hits
    shared = Counter(user for hits in accounts.values() for user in hits)
    users = {student: next(iter(hits)) for student, hits in accounts.items()
             if len(hits) == 1 and all(shared[user] == 1 for user in hits)}
    nobodys = [member for member in members if member.user_id not in shared]
    return Matched(users=users, notes=tuple(_notes(enrolled.keys(), accounts.keys(), users.keys(), nobodys)))


def _notes(
    enrolled: Set[str], found: Set[str], certain: Set[str], nobodys: Sequence[Member]
) -> Iterator[str]:
    absent, doubtful = sorted(enrolled - found), sorted(found - certain)
    if absent:
        yield (f"No member of the course on the platform, so nothing is sent for them: {listed(absent)}; write the "
               "platform's id into the column lti of students.csv.")
    if doubtful:
        yield (f"Several students or accounts share an id or an e-mail address, so nothing is sent for "
               f"{listed(doubtful)}; write the platform's id into the column lti of students.csv.")
    if nobodys:
        shown = [f"{member.user_id} ({member.email})" if member.email else member.user_id for member in nobodys]
        yield f"Members on the platform who are nobody in this course: {listed(shown)}."


def _is_learner(entry: Mapping[str, Any]) -> bool:
    roles = entry.get("roles")
    return (entry.get("status", "Active") == "Active" and isinstance(roles, list)
            and any(role in _LEARNER for role in roles))


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() else ""


def _ids(member: Member) -> Iterator[tuple[str, str]]:
    """Yield the ids of an account: its number on the platform, and the institution's id of the person."""
    yield "account", folded(member.user_id)
    if member.source_id:
        yield "person", folded(member.source_id)


def _own_ids(grade: Grade, person: Person | None) -> Iterator[tuple[str, str]]:
    yield "person", folded(grade.student)
    if person is not None:
        yield from (("person", folded(one)) for one in person.ids.get("lms_ids", ()))
        yield from ((kind, folded(one)) for one in person.ids.get("lti", ()) for kind in ("account", "person"))


def _addresses(member: Member) -> Iterator[tuple[str, str]]:
    if member.email:
        yield "address", folded(member.email)


def _own_addresses(grade: Grade, person: Person | None) -> Iterator[tuple[str, str]]:
    yield from (("address", folded(one)) for one in (grade.email, person.email if person else "") if one)
