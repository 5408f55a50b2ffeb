"""Every long test runs in some commit, and all of them where nobody asked for a part."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import rotation

PARTS = 3


class Item:
    """What `rotation.split` needs of a test."""

    def __init__(self, nodeid: str, parts: int | None) -> None:
        self.nodeid = nodeid
        self._parts = parts

    def get_closest_marker(self, name: str) -> SimpleNamespace | None:
        return None if self._parts is None else SimpleNamespace(name=name, kwargs={"parts": self._parts})


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


def test_without_the_variable_everything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(rotation.VARIABLE, raising=False)
    assert not rotation.asked()
    monkeypatch.setenv(rotation.VARIABLE, "1")
    assert rotation.asked()


def test_ci_asks_for_its_part_and_make_full_does_not() -> None:
    root = Path(__file__).resolve().parents[1]
    assert f"export {rotation.VARIABLE}=1" in (root / ".ci" / "run").read_text()
    assert rotation.VARIABLE not in (root / "Makefile").read_text()
