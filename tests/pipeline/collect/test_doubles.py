"""Names and numbers that a student may choose on a platform itself, and what they could win with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.collect.helpers import archive, course, named
from tests.pipeline.collect.test_forms import PEOPLE, owners

ADA, BOB = "ada_101_567891_sums.ipynb", "bob_103_567892_sums.ipynb"


@pytest.mark.parametrize("people", [None, PEOPLE], ids=["no class list", "class list"])
@pytest.mark.parametrize(
    "forged",
    [
        "eve_101_102_567890_sums.ipynb",  # a name that ends in a number
        "x_101_567899_x_102_567890_sums.ipynb",  # a name from which Canvas removed a dot, as of _1.01_5.67899_
        "eve_102_567890_ada_101_567899_sums.ipynb",  # a file that is called like another's
        "eve_102_567890_101_567899_sums.ipynb",
        "x_late_101_567899_x_102_567890_sums.ipynb",
    ],
)
def test_numbers_in_a_name_of_canvas_credit_nobody_else(tmp_path: Path, people: str | None, forged: str) -> None:
    own = "kroe" if people else "102"
    found = owners(tmp_path / "a", [forged, ADA, BOB], people)
    assert found[forged] in ("", own) and found[ADA] == ("ada" if people else "101"), found
    found = owners(tmp_path / "b", [forged], people)
    assert found[forged] in ("", own), "nor where there is nothing to compare it with"


def test_two_people_with_one_number_of_their_own_choice(tmp_path: Path) -> None:
    """On Gradescope people type their student numbers."""
    text = "".join(
        f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: '101'\n    :email: {name}@x.org\n"
        for number, name in enumerate(("ada", "eve"), start=1)
    )
    files = {"metadata.yml": text.encode(), "submission_1/s.ipynb": b"{}", "submission_2/s.ipynb": b"{}"}
    for number, people in enumerate((None, "id,name\n101,Ada\n102,Eve\n", "id,email\n101,ada@x.org\n102,eve@x.org\n")):
        found = owners(tmp_path / str(number), files, people)
        assert found["submission_2/s.ipynb"] == "", found
        # Where nothing says which of the two it is, both are put before a person.
        assert found["submission_1/s.ipynb"] == ("101" if people else ""), found


@pytest.mark.parametrize(
    "inside",
    [
        ["X_101_assignsubmission_file_/s.ipynb", "Y_103_assignsubmission_file_/s.ipynb"],
        ["ada_101_5678_s.ipynb", "bob_103_5679_s.ipynb"],
        ["sums_101_attempt_2025-01-11-22-58-00_s.ipynb", "sums_103_attempt_2025-01-11-22-58-00_s.ipynb"],
        ["101+sums+2025-01-09 10:00:00 UTC/s.ipynb", "103+sums+2025-01-09 10:00:00 UTC/s.ipynb"],
    ],
)
@pytest.mark.parametrize("top", ["102", "sums-102", "Tom_102_assignsubmission_file_", "sub/102"])
def test_one_folder_that_names_several_others(tmp_path: Path, top: str, inside: list[str]) -> None:
    """It is the only one of the download, so it could be the class's; nobody else is credited."""
    found = owners(tmp_path, [f"{top}/{name}" for name in inside])
    assert set(found.values()) <= {"", "102", "sub"}, found
    found = owners(
        tmp_path / "list",
        [f"{top}/{name}" for name in inside],
        "id,github,moodle\n101,101,101\n102,102,102\n103,103,103\n",
    )
    assert set(found.values()) <= {"", "102"}, found


def test_a_list_in_ones_own_folder_names_nobody(tmp_path: Path) -> None:
    listed = b"submission_1:\n  :submitters:\n  - :sid: '101'\n    :name: Ada\n"
    for number, top in enumerate(("102/", "102/x/", "eve/")):
        files = {f"{top}metadata.yml": listed, f"{top}submission_1/s.ipynb": b"{}"}
        assert set(owners(tmp_path / str(number), files).values()) <= {"", "102", "eve"}
        people = "id\n101\n102\n"
        assert set(owners(tmp_path / f"l{number}", files, people).values()) <= {"", "102"}


@pytest.mark.parametrize(
    ("forged", "expected"),
    [
        ("12-3 - Ada - Jan 1, 2025 900 AM - Jan 11, 2025 900 AM/s.ipynb", "2025-01-11T08:00:00"),
        ("12-3 - Ada - Jan 11, 2025 900 AM - x - Jan 1, 2025 900 AM - s.ipynb", "2025-01-11T08:00:00"),
        (
            "12-3 - Ada - Jan 1, 2025 900 AM - bientôt/s.ipynb",
            "2025-01-10T08:00:00",
        ),  # the archive's own, which costs nothing
        ("12-3 - Ada - bientôt - Jan 1, 2025 900 AM - s.ipynb", "2025-01-10T08:00:00"),
    ],
)
def test_a_date_in_ones_own_name_or_file_is_no_earlier_hand_in(tmp_path: Path, forged: str, expected: str) -> None:
    found = named(course(tmp_path), archive(tmp_path / "in.zip", {forged: b"{}"}))
    assert found[forged][1].startswith(expected), found


def test_a_user_who_is_called_like_the_folder_of_all_repositories(tmp_path: Path) -> None:
    inside = "sums-submissions-7/sums-ada-codes/s.ipynb"
    for number, people in enumerate((None, "id,github\nada,ada-codes\neve,submissions-7\n")):
        found = owners(tmp_path / str(number), [inside, "sums-ada-codes/s.ipynb"], people)
        assert found[inside] in ("submissions-7", "eve") and found["sums-ada-codes/s.ipynb"] in ("ada-codes", "ada")


def test_a_user_who_is_called_like_a_branch_or_a_title(tmp_path: Path) -> None:
    people = "id,github\nada,ada-codes\neve,ada-codes-main\nbob,of-squares-ada-codes\n"
    found = owners(
        tmp_path, ["sums-ada-codes-main/s.ipynb", "sums-ada-codes/s.ipynb", "sums-of-squares-ada-codes/s.ipynb"], people
    )
    assert found["sums-ada-codes/s.ipynb"] == "ada"
    assert "ada" not in (found["sums-ada-codes-main/s.ipynb"], found["sums-of-squares-ada-codes/s.ipynb"]), found
    found = owners(
        tmp_path / "open",
        ["sums-ada-codes-main/s.ipynb", "sums-ada-codes/s.ipynb", "sums-of-squares-ada-codes/s.ipynb"],
    )
    assert found == {
        "sums-ada-codes-main/s.ipynb": "",
        "sums-ada-codes/s.ipynb": "ada-codes",
        "sums-of-squares-ada-codes/s.ipynb": "of-squares-ada-codes",
    }
