"""docs/operating/security.md names exactly the attacks that keep claimed points, and holds the table of rivals."""

from __future__ import annotations

import re
from pathlib import Path

from tests.attacks.attack import FAMILIES, load_all

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operating" / "security.md").read_text()


def between(begin: str, end: str) -> str:
    assert PAGE.count(begin) == PAGE.count(end) == 1 and PAGE.index(begin) < PAGE.index(end)
    return PAGE.split(begin)[1].split(end)[0]


def test_the_page_names_exactly_the_attacks_that_are_open() -> None:
    named = re.findall(r"^- `(\w+)` ", between("<!-- open: begin -->", "<!-- open: end -->"), re.MULTILINE)
    assert sorted(named) == sorted(attack.name for attack in load_all() if attack.claimed == "open")


def test_no_attack_is_open_for_measured_points() -> None:
    """Only claimed points can be declared open; the format has no word for measured ones."""
    assert {attack.claimed for attack in load_all()} <= {"none", "caught", "open"}


def test_the_table_of_rivals_tells_of_all_three_families() -> None:
    table = between("<!-- rivals: begin -->", "<!-- rivals: end -->")
    for family in ("score_channel", "harness", "leakage"):
        assert re.search(rf"^\| `{family}` \| \d+ \| \d+ of \d+ \| \d+ of \d+ \| 0 ", table, re.MULTILINE), family


def test_every_family_is_described() -> None:
    for family in FAMILIES:
        assert f"| `{family}` |" in PAGE


def test_attacks_that_the_page_names_exist() -> None:
    names = {attack.name for attack in load_all()}
    commands = re.findall(r"tests\.attacks\.run (\w+)", PAGE)
    assert commands and set(commands) <= names | set(FAMILIES)
