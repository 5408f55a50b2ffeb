"""The page of the class report: complete without a script, small, and nothing that students wrote can act."""

from __future__ import annotations

import http.server
import re
import shutil
import subprocess
import threading
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from autograder.feedback.report import Traits, make_report, render_report
from autograder.model import Status
from tests.feedback.class_of import made, material

BROWSER = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
               "")
HOSTILE = (
    "<script>document.title='HACKED'</script>", "<img src=x onerror=\"document.title='HACKED'\">",
    "\"><svg onload=\"document.title='HACKED'\">", "<a href=\"javascript:document.title='HACKED'\">x</a>",
    "</style><style>body{display:none}</style>", "{{ 7 * 7 }}", "`<b onclick=document.title='HACKED'>`",
    "\x1b]0;HACKED\x07",
)


class Tags(HTMLParser):
    """Collects the tags of a page, and its text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.text += data


def hostile(text: str) -> str:
    """Return a page in which everything that people or students wrote is this text."""
    result = made("ada", {"scaled": text}, staff_flags=(text,), statuses={"units": Status.ERRORED})
    failed = made("bob", status="failed", tasks=(), message=text, staff_flags=(text,))
    traits = {name: Traits(weights={"w": text}, arrays={"a": text}) for name in ("ada", "bob")}
    grades = [grade.model_copy(update={"first_name": text, "last_name": text})
              for grade in material(result, failed, missing=(text,)).grades]
    return render_report(make_report(material(result, failed, title=text, traits=traits, unread=(text,), notes=(text,),
                                              grades=grades)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_people_wrote_is_markup(text: str) -> None:
    page = Tags(hostile(text))
    tags = [tag for tag, _ in page.found]
    assert tags.count("script") == 1 and tags.count("style") == 1 and not {"img", "b", "iframe"} & set(tags)
    for tag, attributes in page.found:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        assert (attributes.get("href") or "#").startswith(("#", "../", "http://", "https://")), attributes
    policy = next(attributes["content"] for tag, attributes in page.found if "http-equiv" in attributes)
    assert policy and "default-src 'none'" in policy and "unsafe" not in policy


def test_the_page_has_everything_in_it_and_the_most_urgent_first() -> None:
    results = [made("ada", {"scaled": "Its own mean (3)."}),
               made("bob", status="refused", tasks=(), message="No notebook.")]
    page = render_report(make_report(material(
        *results, missing=("cid",), pages={"ada": "../feedback/ada/digits/digits.html"},
        formgrader={"ada": "http://localhost:8888/formgrader/submissions/1/"},
        measured={"ada": {"build/model": 0.76}})))
    text = " ".join(Tags(page).text.split())
    order = [text.index(part) for part in ("No notebook.", "median 7 of 10", "What scaled says.",
                                           "autograder comment digits scaled", "It was not compared",
                                           "ada7 / 10")]
    assert order == sorted(order)
    assert 'href="../feedback/ada/digits/digits.html"' in page and "submissions/1/" in page
    assert "1 not handed in" in text and "build/model" in text and "minimum of 0.750" in text
    assert re.search(r"Refused.*bob.*No notebook\..*autograder collect SOURCE --assignment digits", text)


def test_two_hundred_students_are_less_than_two_megabytes() -> None:
    says = "Layer 3 of `model` has 500 units, and layer 4 has another activation than the task names; "
    results = [made(f"student-{number:03}", {"scaled": says * 3, "units": f"{says}{'abcdefghij'[number % 10]}"},
                    staff_flags=(says * 4, f"{number}"), statuses={"accuracy": Status.UNJUDGED})
               for number in range(200)]
    traits = {result.student: Traits(passages=tuple(range(number // 2 * 50, number // 2 * 50 + 50)))
              for number, result in enumerate(results)}
    names = {result.student: "../feedback/" + result.student for result in results}
    page = render_report(make_report(material(*results, traits=traits, pages=names, formgrader=names)))
    assert page.count("student-199") > 5 and len(page.encode()) < 2_000_000


@pytest.fixture
def browser() -> str:
    if not BROWSER:
        pytest.skip("Chromium is not installed")
    return BROWSER


@pytest.mark.slow
@pytest.mark.browser
def test_nothing_hostile_runs_in_a_browser_and_the_own_script_does(browser: str, tmp_path: Path) -> None:
    """One page with everything hostile; a server notices what is fetched."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(tmp_path))

        def log_message(self, format: str, *arguments: Any) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    (tmp_path / "page.html").write_text(hostile(f"{' '.join(HOSTILE)}<img src='{root}/fetched'>"))
    try:
        shown = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom",
             f"{root}/page.html"],
            capture_output=True, text=True, check=True, timeout=300).stdout
    finally:
        server.shutdown()
        server.server_close()
    title = re.search(r"<title>(.*?)</title>", shown, re.DOTALL)
    assert title is not None and title[1] != "HACKED" and "document.title" in title[1]
    assert [path for path in asked if path not in ("/page.html", "/favicon.ico")] == []
    assert '<button type="button">Student</button>' in shown, "the script of the page sorts its tables"
