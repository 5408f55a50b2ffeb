"""Who a user of the hub is in the course: a student of the class list, staff, or nobody. Pure.

The hub says who somebody is; a name is never read from what they upload.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.course import Course, folded, is_student_id
from autograder.model import Value

SYSTEM = "jupyterhub"


class HubUser(Value):
    """A user as the hub describes them."""

    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Member:
    """A user of the hub in this course.

    Attributes:
        student: id under which their work is kept; None: they cannot hand in, and ``problem`` says why in one sentence.
    """

    user: str
    student: str | None = None
    staff: bool = False
    problem: str = ""


def member_of(course: Course, user: HubUser, earlier: Iterable[str] = ()) -> Member:
    """Return who a user is.

    Args:
        earlier: students who have handed in; without a class list, ids that differ in capitals only are refused.
    """
    rule = course.serve
    staff = user.name in rule.staff or bool(set(user.groups) & set(rule.staff_groups))
    found = _students(course, user.name)
    if len(found) > 1:
        return Member(user=user.name, staff=staff, problem=(
            f"The hub's user '{user.name}' is more than one student of the class list ({', '.join(sorted(found))}): "
            f"ask a teacher to write this name into the column {SYSTEM} of one of them in students.csv."))
    if found:
        return Member(user=user.name, staff=staff, student=found.pop())
    if course.students is not None:
        return Member(user=user.name, staff=staff, problem=(
            f"The hub's user '{user.name}' is not in the class list of this course: ask a teacher to add you to "
            "course.yml or students.csv."))
    return _anybody(user.name, earlier, staff=staff)


def _students(course: Course, name: str) -> set[str]:
    """Return the students of the class list with a name at the hub; a name that students.csv gives comes first."""
    key = folded(name)
    found = {person.id for person in course.people if key in map(folded, person.ids.get(SYSTEM, ()))}
    if found:
        return found
    # Who has a name at the hub in students.csv is nobody else there.
    named = {person.id for person in course.people if person.ids.get(SYSTEM)}
    ids = {student for student in course.students or () if folded(student) == key}
    others = {person.id for person in course.people
              if key in (folded(person.email), *map(folded, person.ids.get("lms_ids", ())))}
    return (ids | others) - named


def _anybody(name: str, earlier: Iterable[str], *, staff: bool) -> Member:
    if not is_student_id(name):
        return Member(user=name, staff=staff, problem=(
            f"The hub's user '{name}' has characters that no student id can have (letters, digits and . _ - @ can): "
            f"ask a teacher to write this name into the column {SYSTEM} of students.csv."))
    other = next((one for one in earlier if one != name and one.casefold() == name.casefold()), None)
    if other is not None:
        return Member(user=name, staff=staff, problem=(
            f"The hub's user '{name}' and the student '{other}', who has handed in, differ in capitals only: ask a "
            "teacher to list the class in course.yml."))
    return Member(user=name, staff=staff, student=name)
