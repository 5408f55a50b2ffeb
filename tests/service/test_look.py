"""The pages of the service in Chromium: axe-core finds nothing, and pictures are kept for people to look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from autograder.testing import ASSIGNMENT
from tests import axe
from tests.service.conftest import PREFIX, World
from tests.support.browser import BROWSER, open_browser
from tests.support.pictures import keep_pictures, size_of

pytestmark = [
    pytest.mark.slow, pytest.mark.browser, pytest.mark.skipif(not BROWSER, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def texts(world: World) -> dict[str, str]:
    """The pages as people get them: with everything that can be on them."""
    ada, prof = world.signed_in("ada"), world.signed_in("prof")
    waits = {"student": "ada", "assignment": ASSIGNMENT, "since": "2026-11-30T09:00:00+01:00", "position": 3,
             "done_at": "2026-11-30T09:05:00+01:00"}
    (world.root / "status.json").write_text(json.dumps({
        "title": "A small course", "state": "running", "written_at": datetime.now(UTC).isoformat(), "workers": 1,
        "waiting": [waits]}))
    folder = world.workspace.uploads("ada", ASSIGNMENT)
    folder.mkdir(parents=True)
    for number, reason in enumerate((None, "`small.ipynb` has " + "unbreakable" * 20 + ": hand in the right one.")):
        (folder / f"2026010{number + 1}T000000Z-1234567{number}.json").write_text(json.dumps({
            "student": "ada", "assignment": ASSIGNMENT, "accepted": reason is None, "reason": reason, "source": "x",
            "received_at": f"2026-01-0{number + 1}T00:00:00+00:00", "sha256": f"1{number}" * 32,
            "attempt_note": f"attempt {number + 1} of 5"}))
    page = world.workspace.feedback("ada", ASSIGNMENT)
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html>")
    for student in ("ada", "a-student-with-quite-a-long-name-1234567"):
        collected = world.workspace.submitted_root / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        collected.parent.mkdir(parents=True, exist_ok=True)
        collected.write_bytes(world.notebook())
    report = world.workspace.class_report(ASSIGNMENT)
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text("<!doctype html>")
    answers = {"received": ada.get(world.hand_in(ada).headers["location"]), "staff": prof.get(f"{PREFIX}staff/"),
               "student": prof.get(f"{PREFIX}staff/student/ada"), "refusal": ada.get(f"{PREFIX}staff/")}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "received": 200, "staff": 200, "student": 200, "refusal": 403}
    assert "3 uploads" in answers["student"].text and "a-student-with" in answers["staff"].text
    return {name: answer.text for name, answer in answers.items()}


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Callable[[str], Any]:
    def shown(text: str) -> Any:
        path = tmp_path / "page.html"
        path.write_text(text)
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(path.as_uri())
        return page

    return shown


PAGES = ("received", "staff", "student", "refusal")


@pytest.mark.parametrize("name", PAGES)
def test_pictures_at_each_width_are_kept(texts: dict[str, str], show: Callable[[str], Any], name: str) -> None:
    page = show(texts[name])
    page.evaluate(axe.UNFOLD)
    kept = keep_pictures(page, f"service-{name}")
    assert [size_of(path)[0] for path in kept] == [*axe.WIDTHS, *axe.WIDTHS], "nothing is wider than its window"
    assert len({path.read_bytes() for path in kept}) == len(kept), "light and dark differ"


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(texts: dict[str, str], show: Callable[[str], Any], name: str) -> None:
    try:
        axe.source()
    except axe.Unavailable as reason:
        pytest.skip(str(reason))
    assert axe.findings(show(texts[name])) == []
