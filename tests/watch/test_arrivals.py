"""A file is taken when it is complete, and again only when it has changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.watch.arrivals import Arrivals, Parts, Stat, is_partial

A: Parts = ("ada", "mini.ipynb")
QUIET = 1.0


def names(arrivals: Arrivals, found: dict[Parts, Stat], now: float) -> list[str]:
    """Observe a scan, take what is complete, and return its names."""
    complete = arrivals.observe(found, now)
    for one in complete:
        arrivals.take(one)
    return [one.name for one in complete]


def test_a_file_is_taken_once_it_is_quiet() -> None:
    arrivals = Arrivals(quiet=QUIET)
    assert names(arrivals, {A: Stat(5, 1)}, 0.0) == []
    assert names(arrivals, {A: Stat(5, 1)}, 0.9) == [] and arrivals.waiting == 1
    assert names(arrivals, {A: Stat(5, 1)}, 1.0) == ["ada"] and arrivals.waiting == 0
    assert names(arrivals, {A: Stat(5, 1)}, 9.0) == []


@pytest.mark.parametrize("later", [Stat(6, 1), Stat(5, 2)], ids=["size", "time"])
def test_a_change_begins_the_wait_again(later: Stat) -> None:
    arrivals = Arrivals(quiet=QUIET)
    assert names(arrivals, {A: Stat(5, 1)}, 0.0) == []
    assert names(arrivals, {A: later}, 1.0) == []
    assert names(arrivals, {A: later}, 1.9) == []
    assert names(arrivals, {A: later}, 2.0) == ["ada"]


def test_a_changed_file_is_taken_again() -> None:
    arrivals = Arrivals(quiet=0, taken={A: Stat(5, 1)})
    assert names(arrivals, {A: Stat(5, 1)}, 0.0) == []
    assert names(arrivals, {A: Stat(5, 2)}, 1.0) == ["ada"]


def test_a_file_that_was_removed_and_came_again_is_taken_again() -> None:
    arrivals = Arrivals(quiet=0, taken={A: Stat(5, 1)})
    assert names(arrivals, {}, 0.0) == [] and not arrivals.taken
    assert names(arrivals, {A: Stat(5, 1)}, 1.0) == ["ada"]


def test_all_files_of_an_entry_are_taken_together() -> None:
    other: Parts = ("ada", "data", "own.csv")
    arrivals = Arrivals(quiet=QUIET)
    arrivals.observe({A: Stat(5, 1)}, 0.0)
    assert arrivals.observe({A: Stat(5, 1), other: Stat(1, 1)}, 1.0) == []
    [one] = arrivals.observe({A: Stat(5, 1), other: Stat(1, 1)}, 2.0)
    assert set(one.files) == {A, other}


@pytest.mark.parametrize("found", [
    {("class.zip.part",): Stat(5, 1)},
    {("class.zip",): Stat(9, 1), ("class.zip.part",): Stat(5, 1)},
    {("class.zip",): Stat(0, 1), ("Xy3.zip.part",): Stat(5, 1)},
    {("ada", "mini.ipynb"): Stat(9, 1), ("ada", "mini.ipynb.crdownload"): Stat(5, 1)},
    {("Unconfirmed 7.CRDOWNLOAD",): Stat(5, 1)},
    {("class.download", "Info.plist"): Stat(5, 1)},
], ids=["alone", "with-its-name", "random-name", "inside", "capitals", "folder"])
def test_partial_downloads_are_left_alone(found: dict[Parts, Stat]) -> None:
    arrivals = Arrivals(quiet=0)
    assert [names(arrivals, found, now) for now in (0.0, 10.0, 1000.0)] == [[], [], []]


def test_a_download_is_taken_when_it_has_its_final_name() -> None:
    arrivals = Arrivals(quiet=0)
    assert names(arrivals, {("class.zip",): Stat(0, 1), ("class.zip.part",): Stat(5, 1)}, 0.0) == []
    assert names(arrivals, {("class.zip",): Stat(9, 2)}, 1.0) == ["class.zip"]


def test_a_partial_download_does_not_delay_the_others() -> None:
    arrivals = Arrivals(quiet=0)
    assert names(arrivals, {A: Stat(5, 1), ("class.zip.part",): Stat(5, 1)}, 0.0) == ["ada"]


FILES = st.sampled_from([A, ("ada", "b.ipynb"), ("ben", "mini.ipynb"), ("cy.ipynb",), ("cy.ipynb.part",)])
SCANS = st.lists(st.dictionaries(FILES, st.builds(Stat, st.integers(0, 3), st.integers(0, 3))), max_size=12)


@given(SCANS, st.floats(0, 3))
def test_nothing_is_taken_early_twice_or_never(scans: list[dict[Parts, Stat]], quiet: float) -> None:
    """Scans come once a second. What stays as it is will be taken, except what is partial."""
    arrivals = Arrivals(quiet=quiet)
    before: list[dict[Parts, Stat]] = []
    taken: dict[Parts, Stat] = {}
    for now, found in enumerate([*scans, *[scans[-1] if scans else {}] * 5]):
        before.append(found)
        taken = {path: stat for path, stat in taken.items() if path in found}
        for arrival in arrivals.observe(found, float(now)):
            assert any(taken.get(path) != stat for path, stat in arrival.files.items()), "nothing of it is new"
            for path, stat in arrival.files.items():
                assert not is_partial(path)
                unchanged = next((age for age, scan in enumerate(reversed(before)) if scan.get(path) != stat),
                                 len(before))
                assert unchanged - 1 >= quiet, "taken before it was quiet"
            taken.update(arrival.files)
            arrivals.take(arrival)
    last = before[-1]
    blocked = {("cy.ipynb",)} if ("cy.ipynb.part",) in last else set()
    assert {path for path in last if not is_partial(path)} - blocked <= taken.keys()
