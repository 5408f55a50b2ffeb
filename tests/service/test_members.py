"""Who a user of the hub is in the course: never anybody else, and nobody where that is unclear."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.course import Course, parse_people
from autograder.service.members import HubUser, member_of
from tests.service.conftest import World


def course(people: str = "", **given: Any) -> Course:
    made = Course(id="c", title="C", **given)
    return made.with_people(parse_people(people)) if people else made


def student(made: Course, name: str, earlier: tuple[str, ...] = ()) -> str | None:
    member = member_of(made, HubUser(name=name), earlier)
    assert (member.student is None) == bool(member.problem)
    return member.student


def test_without_a_class_list_a_user_is_a_student_of_the_same_name() -> None:
    assert student(course(), "ada") == "ada"
    for name in ("../ada", "a b", "ä", "", "-ada", "con", "x" * 65, "ada\n"):
        assert student(course(), name) is None
    assert student(course(), "ada", ("Ada",)) is None and student(course(), "ada", ("ada", "ben")) == "ada"


def test_with_a_class_list_only_its_students_hand_in() -> None:
    made = course(students=("Ada", "ben"))
    assert student(made, "ada") == "Ada" and student(made, "ben") == "ben" and student(made, "eve") is None


def test_students_csv_gives_names_at_the_hub() -> None:
    made = course("id,name,email,jupyterhub,lms_ids\n1001,Ada Lovelace,ada@example.org,ada,\n"
                  "1002,Ben,ben@example.org,,b77\n1003,Cy,cy@example.org,1002,\n")
    assert student(made, "ada") == "1001"
    assert student(made, "ben@example.org") == "1002" and student(made, "B77") == "1002"
    assert student(made, "1002") == "1003", "a name at the hub comes before the same text as an id"
    assert student(made, "1001") is None and student(made, "ada@example.org") is None, "a name there is the only one"
    assert student(made, "Ada Lovelace") is None, "a person's name is no proof"


def test_who_could_be_two_students_is_nobody() -> None:
    made = course("id,email,lms_ids\nada,x@example.org,\nben,ada,\n")
    assert student(made, "ada") is None
    assert "ada, ben" in member_of(made, HubUser(name="ada")).problem


@pytest.mark.parametrize(("name", "groups", "staff"), [
    ("prof", (), True), ("ada", ("teachers",), True), ("ada", ("students",), False), ("PROF", (), False),
    ("ada", ("Teachers",), False)])
def test_staff_are_those_whom_the_course_names(name: str, groups: tuple[str, ...], staff: bool) -> None:
    made = course(serve={"staff": ("prof",), "staff_groups": ("teachers",)})
    assert member_of(made, HubUser(name=name, groups=groups)).staff is staff


def test_nobody_is_staff_unless_the_course_says_so() -> None:
    assert not member_of(course(), HubUser(name="admin", groups=("admin", ""))).staff


def test_a_changed_class_list_is_used_at_once(world: World) -> None:
    ada = world.signed_in("ada")
    assert "Your notebook" in ada.get("/services/autograder/").text
    (world.root / "students.csv").write_text("id\nben\n")
    shown = ada.get("/services/autograder/").text
    assert "is not in the class list" in shown and "Your notebook" not in shown
    assert world.hand_in(ada, token="x").status_code == 403 and world.stored == []
    (world.root / "students.csv").write_text("id,jupyterhub\nada-id,ada\nben,\n")
    assert "student <bdi>ada-id</bdi>" in ada.get("/services/autograder/").text
    assert world.hand_in(ada).status_code == 303 and world.stored == ["ada-id+small"]
