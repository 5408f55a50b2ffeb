"""The grading sheet as a person uses it: the real command, Chromium, formgrader, and a kill in the middle."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook import record
from autograder.pipeline.up_to_date import current_grades
from tests import axe
from tests.support.pictures import keep_pictures

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), "")
pytestmark = [
    pytest.mark.browser, pytest.mark.slow, pytest.mark.rotates(part=1),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),
    pytest.mark.skipif(not BROWSER, reason="Chromium is not installed"),
]
FULL: dict[str, float | None] = {"double": 3.0, "total": 2.0}
RUN = "document.title='ran';fetch('/api/mark',{method:'POST'})"
HOSTILE = {
    "script": f"<script>{RUN}</script>", "picture": f'<img src=x onerror="{RUN}">', "drawing": f"<svg onload={RUN}>",
    "link": f"[click](javascript:{RUN})", "frame": f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    "closing": f"</pre></article></li></ol></main><script>{RUN}</script>", "template": "${" + RUN + "} {{" + RUN + "}}",
    "text": "\u202eright to left\u202c \x00\ufeff",
    "form": '<form action="/api/mark" method=post><button>x</button></form>',
}
PARTS = """() => [...document.querySelectorAll(
    'script[src$="sheet.js"] ~ script, img, iframe, svg, object, embed, style, base')]
    .map(part => part.outerHTML.slice(0, 100))"""


@contextmanager
def sheet(room: Any, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running command and the address that it has printed."""
    command = [sys.executable, "-m", "autograder", "--course", str(room.root), "review", "tiny", "--port", "0"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            yield server, server.stdout.readline().strip()
        finally:
            server.kill()


@pytest.fixture
def room(classroom: Any) -> Any:
    """Two students with one answer, one with another, and hostile ones; the question has a rubric."""
    path = classroom.source("tiny")
    notebook = json.loads(path.read_text())
    (cell,) = [cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"]["grade_id"] == "why"]
    cell["metadata"]["autograder"]["rubric"] = [{"points": 3, "text": "Says <b>why</b>."},
                                                {"points": 1, "text": "Names it."}]
    path.write_text(json.dumps(notebook))
    written = {"ada": "Because.", "bob": "Because. ", "cy": "Two times.", **HOSTILE}
    record(classroom, [classroom.hand_in(student, FULL, why=why) for student, why in written.items()])
    return classroom


def why(room: Any, student: str) -> Any:
    return next(grade for grade in current_grades(room, ["tiny"]) if grade.student == student).task("why")


def in_formgrader(formgrader: Any, student: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Grade and comment of the written answer, by formgrader's own requests."""
    ids = {row["student"]: row["id"] for row in json.loads(formgrader("/api/submitted_notebooks/tiny/tiny"))}
    found = [next(row for row in json.loads(formgrader(f"/api/{kind}?submission_id={ids[student]}"))
                  if row["name"] == "why") for kind in ("grades", "comments")]
    return found[0], found[1]


def open_page(browser: Any, address: str) -> Any:
    page = browser.new_page()
    page.set_default_timeout(120_000)  # a busy machine is slow, never wrong
    page.noticed = []
    page.on("pageerror", lambda error: page.noticed.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    page.wait_for_selector(".card.active")
    return page


def said(page: Any, words: str) -> None:
    page.wait_for_selector(f"#said:has-text('{words}')")


def test_a_class_is_marked_with_the_keyboard_and_formgrader_has_it(
    room: Any, formgrader: Any, tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        with sheet(room) as (server, address):
            page = open_page(browser, address)
            assert "#" not in page.url, "the token is no longer in the address"
            assert page.inner_text(".card.active header").startswith("2 equal answers: ada, bob")
            assert "Because doubling is multiplying by two." in page.inner_text("#about")
            for key in ("1", "c"):
                page.keyboard.press(key)
            page.keyboard.type("What is <it>?")
            page.keyboard.press("Control+Enter")
            said(page, "Saved for 2 answers")
            _nothing_has_run(page)
            server.send_signal(signal.SIGKILL)
            server.wait()
        assert (why(room, "ada").person, why(room, "bob").person) == (3, 3)
        grade, comment = in_formgrader(formgrader, "bob")
        assert (grade["manual_score"], grade["needs_manual_grade"]) == (3, False)
        assert comment["manual_comment"] == (
            "[x] 3 of 3: Says <b>why</b>.\n[ ] 0 of 1: Names it.\n\nWhat is <it>?")
        with sheet(room, "--anonymous") as (_, address):
            _two_people(browser, address, formgrader, room)
        browser.close()


def test_axe_finds_nothing(room: Any) -> None:
    from playwright.sync_api import sync_playwright

    try:
        axe.source()
    except axe.Unavailable as reason:
        pytest.skip(str(reason))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        with sheet(room) as (_, address):
            # The page's policy would stop axe-core, which is no part of the page.
            page = open_page(browser.new_context(bypass_csp=True), address)
            keep_pictures(page, "grading-sheet")
            found = axe.findings(page)
        browser.close()
    assert found == []


def _nothing_has_run(page: Any) -> None:
    assert page.title().startswith("Grading sheet") and page.noticed == [] and page.evaluate(PARTS) == []
    texts = page.eval_on_selector_all("pre.text", "parts => parts.map(part => part.textContent)")
    assert {answer for name, answer in HOSTILE.items() if name != "text"} <= set(texts), "shown as it was typed"
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def _two_people(browser: Any, address: str, formgrader: Any, room: Any) -> None:
    """Two pages and formgrader: whoever is second sees what the first one did, and overwrites nothing."""
    one, other = open_page(browser, address), open_page(browser, address)
    assert one.inner_text("#progress") == "2 of 12 marked", "what was marked stays marked; open ones come first"
    headings = one.eval_on_selector_all(".card > header", "parts => parts.map(part => part.textContent)")
    assert len(headings) == 11 and not [student for student in ("ada", "cy") if student in "".join(headings)]
    for page in (one, other):
        page.fill("#search", "Two times")
        page.click(".card.open")
    one.keyboard.press("f")
    one.keyboard.press("Enter")
    said(one, "Saved for 1 answer")
    other.keyboard.press("2")
    other.keyboard.press("Enter")
    said(other, "Nothing was changed")
    assert why(room, "cy").person == 4
    grade, _ = in_formgrader(formgrader, "cy")
    formgrader(f"/api/grade/{grade['id']}", {**grade, "manual_score": 2.5})
    one.click(".card.marked")
    one.keyboard.press("0")
    one.keyboard.press("Enter")
    said(one, "Nothing was changed")
    assert why(room, "cy").person == 2.5 and "2.5 of 4" in one.inner_text("#answers")
    one.keyboard.press("Enter")
    said(one, "Saved for 1 answer")
    assert in_formgrader(formgrader, "cy")[0]["manual_score"] == 0
