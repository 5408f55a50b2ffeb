"""Every long test runs in some commit, and all of them where no part was requested."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import rotation

PARTS = 3


class Item:
    """What `rotation.split` needs of a test."""

    def __init__(self, nodeid: str, parts: int | None, part: int | None = None) -> None:
        self.nodeid = nodeid
        self._parts = parts
        self._named = {} if part is None else {"part": part}

    def get_closest_marker(self, name: str) -> SimpleNamespace | None:
        return None if self._parts is None else SimpleNamespace(name=name, kwargs={"parts": self._parts, **self._named})


def items() -> list[Item]:
    return [*(Item(f"test_x.py::test_long[{name}]", PARTS) for name in "abcd"), Item("test_x.py::test_short", None)]


def test_each_case_runs_in_one_part_and_other_tests_always(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for number in range(PARTS):
        monkeypatch.setattr(rotation, "commit", lambda number=number: hex(number))
        kept, left = rotation.split(items())  # type: ignore[arg-type]  # as much of a test as it needs
        assert {item.nodeid for item in kept} | {item.nodeid for item in left} == {item.nodeid for item in items()}
        seen += [item.nodeid for item in kept]
    assert sorted(seen) == sorted([*(item.nodeid for item in items()[:4]), *["test_x.py::test_short"] * PARTS])


def test_a_file_of_one_part_runs_as_a_whole_and_no_part_lies_beyond_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [Item(f"test_y.py::test_{name}", PARTS, 1) for name in "abc"]
    for number in range(PARTS):
        monkeypatch.setattr(rotation, "commit", lambda number=number: hex(number))
        kept, _ = rotation.split(whole)  # type: ignore[arg-type]  # as above
        assert kept == (whole if number == 1 else [])


def test_every_part_has_tests_and_no_test_is_in_a_part_that_never_comes() -> None:
    root = Path(__file__).resolve().parent
    marks = [mark for path in root.rglob("test_*.py") if path.name != Path(__file__).name
             for mark in re.findall(r"mark\.rotates\(([^)]*)\)", path.read_text())]
    parts = [int(found[1]) for mark in marks if (found := re.fullmatch(r"part=(\d+)", mark))]
    assert set(parts) == set(range(rotation.PARTS))
    assert all(re.fullmatch(r"part=\d+|parts=[2-9]\d*|parts=1\d+|parts=2, part=[01]", mark) for mark in marks), marks


def test_a_part_is_one_of_six_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    item = Item("test_z.py::test_long", None)
    monkeypatch.setattr(item, "get_closest_marker", lambda name: SimpleNamespace(name=name, kwargs={"part": 4}))
    ran = []
    for number in range(2 * rotation.PARTS):
        monkeypatch.setattr(rotation, "commit", lambda number=number: hex(number))
        ran.append(bool(rotation.split([item])[0]))  # type: ignore[list-item]  # as above
    assert [number for number, did in enumerate(ran) if did] == [4, 4 + rotation.PARTS]


def test_without_the_variable_everything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(rotation.VARIABLE, raising=False)
    assert not rotation.asked()
    monkeypatch.setenv(rotation.VARIABLE, "1")
    assert rotation.asked()


def test_ci_asks_for_its_part_and_make_full_does_not() -> None:
    root = Path(__file__).resolve().parents[1]
    assert f"export {rotation.VARIABLE}=1" in (root / ".ci" / "run").read_text()
    assert rotation.VARIABLE not in (root / "Makefile").read_text()


def test_each_assignment_is_audited_in_one_part_of_ci() -> None:
    root = Path(__file__).resolve().parents[1]
    parts = re.findall(r"^CI_AUDITS_(\d+) := (.*)$", (root / "Makefile").read_text(), re.MULTILINE)
    assert [int(number) for number, _ in parts] == list(range(1, len(parts) + 1))
    assert f"audits=$(part {len(parts)})" in (root / ".ci" / "run").read_text()
    named = sorted(name for _, names in parts for name in names.split())
    assert named == sorted(path.name for path in (root / "assignments").iterdir() if path.name[0].isalpha())
