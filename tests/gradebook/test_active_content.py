"""Notebooks full of active content in a real formgrader and a real browser: no title, no request, no mark changes."""

from __future__ import annotations

import http.server
import json
import shutil
import sqlite3
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook import autograded, record, update_scores
from tests.gradebook.payloads import PAYLOADS

NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), "")
pytestmark = [
    pytest.mark.browser, pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="Chromium is not installed"),
]
EARNED: dict[str, float | None] = {"double": 0.0, "total": 0.0}
TOUCH_EVERYTHING = """() => {
    const around = document.querySelector('#notebook-container');
    for (const part of around.querySelectorAll('*')) {
        if (part.matches('button.btn, input.score, input.extra-credit, textarea.comment')) continue;
        for (const kind of ['mouseover', 'mouseenter', 'focus', 'pointerdown'])
            part.dispatchEvent(new Event(kind, {bubbles: true}));
        const link = part.closest('a');
        if (!link || !/^https?:/.test(link.getAttribute('href') || '')) part.dispatchEvent(
            new MouseEvent('click', {bubbles: true, cancelable: true}));
    }
}"""
UNKNOWN_PARTS = """() => [...document.querySelectorAll(
    '#notebook-container script, #notebook-container iframe, #notebook-container svg, #notebook-container style, ' +
    '#notebook-container object, #notebook-container form, #notebook-container math, #notebook-container link')]
    .map(part => part.outerHTML.slice(0, 200))"""


class _Listener(http.server.BaseHTTPRequestHandler):
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that writes down what is asked of it: its address, and the paths."""
    seen: list[str] = []
    handler = type("Handler", (_Listener,), {"seen": seen})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", seen
        server.shutdown()
        thread.join()


def hand_in(classroom: Any, address: str) -> None:
    """Record one student for each payload, named after it."""
    results = []
    for name, payload in PAYLOADS.items():
        student = f"s-{name}"
        result = classroom.hand_in(student, EARNED)
        path = classroom.output / "results" / student / "tiny" / "executed.ipynb"
        notebook = json.loads(path.read_bytes())
        payload(notebook, f"document.title='{name}';fetch('{address}/{name}')", f"{address}/{name}")
        path.write_text(json.dumps(notebook))
        results.append(result)
    record(classroom, results)


def look(classroom: Any, formgrader: Any, address: str, seen: list[str]) -> dict[str, list[str]]:
    """Open every submission, touch all that can be touched, and return what was noticed, by payload."""
    from playwright.sync_api import sync_playwright

    server = formgrader.root.removesuffix("/formgrader")
    marks = grades(classroom.output)
    noticed: dict[str, list[str]] = {}
    ids = {row["student"]: row["id"] for row in json.loads(formgrader("/api/submitted_notebooks/tiny/tiny"))}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        context = browser.new_context()
        context.set_default_timeout(120_000)  # a busy machine is slow, never wrong
        # Formgrader asks other hosts for MathJax; here nobody answers, and nobody waits.
        context.route(lambda url: not url.startswith((server, address, "data:")), lambda route: route.abort())
        context.request.get(f"{server}/formgrader/manage_assignments?token={formgrader.token}")
        for name in PAYLOADS:
            noticed[name] = _look_at(context, f"{server}/formgrader/submissions/{ids[f's-{name}']}/", address)
            noticed[name] += [f"request {path}" for path in seen]
            seen.clear()
            after = grades(classroom.output)
            if after != marks:
                noticed[name].append("a mark was changed")
                marks = after
        browser.close()
    return {name: found for name, found in noticed.items() if found}


def _look_at(context: Any, url: str, address: str) -> list[str]:
    from playwright.sync_api import Error

    page = context.new_page()
    found: list[str] = []
    page.on("dialog", lambda dialog: (found.append("dialog"), dialog.dismiss()))
    page.on("request", lambda request: found.append(f"request {request.url[:120]}") if (
        request.url.startswith(address) or "path=" in request.url) else None)
    page.on("popup", lambda popup: found.append("popup"))
    try:
        found += _touched(page, url)
    except Error as error:    # the page went elsewhere or lost its parts
        found.append(f"broken: {str(error)[:100]}")
    page.close()
    return found


def _touched(page: Any, url: str) -> list[str]:
    found = []
    answer = page.goto(url, wait_until="load")
    if answer.status != 200:
        found.append(f"status {answer.status}")
    parts = page.evaluate(UNKNOWN_PARTS)
    page.evaluate(TOUCH_EVERYTHING)
    page.wait_for_timeout(150)
    if urllib.parse.urlsplit(page.url).path != urllib.parse.urlsplit(url).path:
        found.append(f"went to {page.url[:100]}")
    elif page.title() != "tiny":
        found.append(f"title {page.title()[:60]}")
    elif page.evaluate("() => [...document.querySelectorAll('input.score')].some("
                       "field => document.getElementById(field.id) !== field)"):
        found.append("takes the place of a field for a score")
    return found + [f"holds {part}" for part in parts]


def grades(output: Path) -> list[tuple[Any, ...]]:
    """Return all grades of the gradebook."""
    with sqlite3.connect(output / "gradebook.db") as book:
        return book.execute("select id, auto_score, manual_score, extra_credit from grade order by id").fetchall()


@pytest.fixture
def nothing_is_made_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """How notebooks were written before: as the student's process left them."""
    import copy

    monkeypatch.setattr(autograded, "safe_notebook", lambda notebook, own=(): copy.deepcopy(notebook))
    monkeypatch.setattr(update_scores, "plain_words", lambda text: text)


@pytest.mark.rotates(part=0)
def test_nothing_acts(classroom: Any, formgrader: Any, listener: tuple[str, list[str]]) -> None:
    address, seen = listener
    hand_in(classroom, address)
    assert look(classroom, formgrader, address, seen) == {}
    assert len(PAYLOADS) >= 60


@pytest.mark.rotates(part=3)
@pytest.mark.usefixtures("nothing_is_made_safe")
def test_the_payloads_would_act(classroom: Any, formgrader: Any, listener: tuple[str, list[str]]) -> None:
    address, seen = listener
    hand_in(classroom, address)
    acted = look(classroom, formgrader, address, seen)
    assert "a mark was changed" in acted["gives_itself_points"]
    assert len(acted) >= 30, sorted(acted)
