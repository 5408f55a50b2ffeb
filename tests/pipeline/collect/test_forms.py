"""Further forms of each platform's names: read where they are clear, refused with a sentence where they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.collect.helpers import archive, course, named

PEOPLE = """\
id,name,canvas,google,github
ada,Ada Lovelace,101,,ada-codes
kroe,Karl Roe,102,,kroe7
"""
LIST_OF_301 = b"""\
submission_301:
  :submitters:
  - :name: Ada Lovelace
    :sid: ada
    :email: ada@x.org
  :created_at: 2025-01-11 21:04:05 Z
"""
TEXT = b"Name: Jane (the best) Doe (jdoe)\nAssignment: Homework_1\nDate Submitted: yesterday\n"
AT = "2025-01-11-22-58-00"


def owners(
    tmp_path: Path, names: list[str] | dict[str, bytes], people: str | None = None, **given: str
) -> dict[str, str]:
    """Return, by name, whose each file is; empty where it was refused with a sentence."""
    files = names if isinstance(names, dict) else dict.fromkeys(names, b"{}")
    found = named(course(tmp_path, people=people), archive(tmp_path / "in.zip", files), **given)  # type: ignore[arg-type]
    for student, _, problem in found.values():
        assert (student == "unknown") <= bool(problem), found
    return {name: "" if problem else student for name, (student, _, problem) in found.items()}


@pytest.mark.parametrize(
    ("listed", "students"),
    [
        # Canvas: an older spelling of LATE, and numbers in a file's own name.
        ({"x_late_1234_567890_s.ipynb": "1234", "y_1235_567891_2025_11_s.ipynb": "1235"}, None),
        ({"x_1234_567890_01_s.ipynb": "1234"}, None),
        # Moodle: blind marking, groups, add-ons and translated installations.
        (
            {
                "Participant_12_assignsubmission_file_/s.IPYNB": "12",
                "Team 1-Ada_13_assignsubmission_file/s.ipynb": "13",
            },
            None,
        ),
        ({"Max Muster_14_Dateiabgabe_/a/b/s.ipynb": "14", "Jean_16_fichier_remis_/s.ipynb": "16"}, None),
        # A name that begins with a dot is no hidden folder of a program.
        ({".Ada_17_assignsubmission_file_/.hw/s.ipynb": "17"}, None),
        # Blackboard in other languages, and users with underscores.
        ({f"sums_jdoe_Versuch_{AT}_s.ipynb": "jdoe", f"sums_m_x_poging_{AT}_hw.ipynb": "m_x"}, None),
        ({f"Homework 1_{user}_intento_{AT}_s.ipynb": user for user in ("jdoe", "kroe")}, None),
        ({f"Homework_1_{user}_attempt_{AT}_s.ipynb": user for user in ("jdoe", "kroe", "mo")}, None),
        # Gradescope: capitals as some unpackers write them.
        ({"Assignment_9_Export/Submission_301/s.ipynb": "ada"}, None),
        # nbgrader's exchange after it was unpacked on Windows.
        ({"inbound/ada+sums+2025-01-09 10_00_00.000 UTC+xyz/sums.ipynb": "ada"}, None),
        # GitHub Classroom: Classroom Assistant's folders, and the zip of a repository.
        (
            {"sums-01-11-2025-10-58-00/ada-codes/s.ipynb": "ada", "sums-01-11-2025-10-58-00/kroe7/s.ipynb": "kroe"},
            PEOPLE,
        ),
        ({"sums-ada-codes-main/s.ipynb": "ada", "sums-kroe7-master/x.ipynb": "kroe"}, PEOPLE),
        ({"sums-ada-codes-main/s.ipynb": "ada-codes", "sums-kroe7-main/x.ipynb": "kroe7"}, None),
        ({"sums-of-squares-ada-codes/s.ipynb": "ada-codes", "sums-of-squares-kroe7/s.ipynb": "kroe7"}, None),
        # Google Drive: the folder of a course, and the name after the assignment's.
        (
            {
                "Classroom/Course 1/Sums of squares/Ada Lovelace - s.ipynb": "ada",
                "Classroom/Course 1/Sums of squares/Karl Roe - s.ipynb": "kroe",
            },
            PEOPLE,
        ),
        ({"sums - Ada Lovelace.ipynb": "ada"}, PEOPLE),
        # Folders around a class, as platforms name their downloads, with one hand-in or several.
        ({f"gradebook_CS1_sums_{AT}/sums_jdoe_attempt_{AT}_s.ipynb": "jdoe"}, None),
        ({"Sums of squares Download Jan 12, 2025 900 AM/12-3 - Ada - Jan 11, 2025 900 AM/s.ipynb": "12-3"}, None),
        ({"cs101-sums_submissions/ada_12_345_s.ipynb": "12"}, None),
        ({"Week 3/Lovelace, Ada(adal)/Submission attachment(s)/s.ipynb": "adal"}, None),
        # Folders of any name around a class.
        (
            {"Week_3/X_11_assignsubmission_file_/s.ipynb": "11", "Week_3/Y_12_assignsubmission_file_/s.ipynb": "12"},
            None,
        ),
        (
            {"my zip/a/X_11_5_s.ipynb": "11", "my zip/a/Y_12_6_s.ipynb": "12"},
            PEOPLE.replace("101", "11").replace("102", "12"),
        ),
    ],
)
def test_clear_names_are_read_without_a_pattern(tmp_path: Path, listed: dict[str, str], students: str | None) -> None:
    files = dict.fromkeys(listed, b"{}")
    if any("submission_301" in name.lower() for name in files):
        files["Assignment_9_Export/Submission_Metadata.YML"] = LIST_OF_301
    expected = {"11": "ada", "12": "kroe"} if students and "my zip" in next(iter(listed)) else {}
    assert owners(tmp_path, files, students) == {name: expected.get(who, who) for name, who in listed.items()}


@pytest.mark.parametrize(
    "names",
    [
        # The user may begin at either underscore, and two names are too few to see what they have in common.
        [f"Homework 1_a_b_attempt_{AT}_s.ipynb", f"Homework 1_a_c_attempt_{AT}_s.ipynb"],
        [f"Homework_1_jdoe_attempt_{AT}_s.ipynb"],
        ["Max_14_something else_/s.ipynb"],
        ["sums-kroe7-main/s.ipynb"],
        ["autograded/ada/sums/sums.ipynb"],
        ["release/sums/sums.ipynb"],
        ["outbound/sums/sums.ipynb"],
        ["a/b/submission_301/s.ipynb"],
        ["CS101-Sums-4711/Ada_11_assignsubmission_file_/s.ipynb"],
        ["Ada Lovelace/x_101_55_s.ipynb"],
        ["notebook1.ipynb"],
        ["my_hw-final2.ipynb"],
        ["final sums work.ipynb"],
        ["sums_jdoe_2025-01-11-22-58-00_s.ipynb"],
    ],
)
def test_names_that_are_not_clear_become_nobody(tmp_path: Path, names: list[str]) -> None:
    files = dict.fromkeys(names, b"{}")
    if any("submission_301" in name for name in names):
        files["a/b/metadata.yml"] = LIST_OF_301
    assert set(owners(tmp_path, files).values()) == {""}


def test_blackboards_text_file_says_who_it_is(tmp_path: Path) -> None:
    name = f"Homework_1_jdoe_attempt_{AT}"
    assert owners(tmp_path / "a", {f"{name}_s.ipynb": b"{}", f"{name}.txt": TEXT}) == {f"{name}_s.ipynb": "jdoe"}
    for number, text in enumerate(
        (b"Name: Karl (kroe)\n", b"\xff\xfe", b"", b"Name: x (1_jdoe2)\n", b"(" * 2**20 + b"x")
    ):
        files = {f"{name}_s.ipynb": b"{}", f"{name}.txt": text}
        assert owners(tmp_path / f"b{number}", files)[f"{name}_s.ipynb"] == "", (
            "what does not fit the name says nothing"
        )
    # A student's file of that kind has another name.
    files = {f"{name}_s.ipynb": b"{}", f"{name}_{name}.txt": b"Name: Eve (1_jdoe)\n"}
    assert owners(tmp_path / "c", files)[f"{name}_s.ipynb"] == ""


@pytest.mark.parametrize("top", ["", "my zip/", "my zip/inner folder/", "assignment_9_export/", "hw3-export/"])
def test_gradescopes_export_may_lie_in_any_folder(tmp_path: Path, top: str) -> None:
    name = f"{top}submission_301/a/s.ipynb"
    assert owners(tmp_path, {name: b"{}", f"{top}metadata.yml": LIST_OF_301}) == {name: "ada"}


def test_a_list_of_gradescope_is_read_only_with_its_submissions(tmp_path: Path) -> None:
    files = {"metadata.yml": b"title: [broken", "ada/s.ipynb": b"{}"}
    assert owners(tmp_path, files) == {"ada/s.ipynb": "ada"}, "somebody's own metadata.yml stops nothing"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19 nov. 2024 22h58", "2024-11-19T21:58:00+00:00"),
        ("19 novembre 2024 à 22:58", "2024-11-19T21:58:00+00:00"),
        ("19. November 2024 um 22.58 Uhr", "2024-11-19T21:58:00+00:00"),
        ("19 de noviembre de 2024 10.58 p. m.", "2024-11-19T21:58:00+00:00"),
        ("19 novembre 2024 alle 22.58", "2024-11-19T21:58:00+00:00"),
        ("19 de novembro de 2024 às 22.58", "2024-11-19T21:58:00+00:00"),
        ("19 out 2024 22.58", "2024-10-19T20:58:00+00:00"),
        ("19 maj 2024 kl. 22.58", "2024-05-19T20:58:00+00:00"),
        ("2024年11月19日 22時58", "2024-11-19T21:58:00+00:00"),
        ("2024年11月19日 下午10.58".replace(".", ":"), "2024-11-19T21:58:00+00:00"),
        ("Nov 19, 2024 2258", "2024-11-19T21:58:00+00:00"),
        # With an offset of the due date in winter, summer's times are read with the zone of the course.
    ],
)
def test_times_in_other_languages(tmp_path: Path, text: str, expected: str) -> None:
    from zoneinfo import ZoneInfo

    from autograder.model import TimeSource
    from autograder.pipeline.collect.times import Stamp, parse_moment

    moment = parse_moment(text)
    assert moment is not None
    assert Stamp(moment=moment, source=TimeSource.NAME).utc(ZoneInfo("Europe/Berlin")).isoformat() == expected
