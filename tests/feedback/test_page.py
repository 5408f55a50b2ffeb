"""The page of a submission: everything is said, nothing hidden is shown, nothing of a student's can act."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.feedback import HandIns, Learned, render
from autograder.feedback.words import STATUS
from autograder.model import Calibration, Execution, Receipt, Result, Status, TaskResult

VOID = {"meta", "img", "br", "line", "circle", "polyline", "polygon", "hr", "path", "input"}
ALLOWED_SRC = re.compile(r"^data:image/(png|jpeg|svg\+xml);base64,[A-Za-z0-9+/=]+$")
ALLOWED_HREF = re.compile(r"^(#[\w.-]+|https?://|mailto:|\.\./feedback/)")


class Page(HTMLParser):
    """Reads a page strictly: every tag is closed in order, and no attribute can act or load."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        assert tag not in {"script", "iframe", "object", "embed", "form", "link", "base"}
        assert not [name for name in found if name.startswith("on")], found
        assert not any(name in found for name in ("style", "srcset", "srcdoc", "formaction", "xlink:href"))
        if "src" in found:
            assert ALLOWED_SRC.match(found["src"]), found["src"][:80]
        if "href" in found:
            assert ALLOWED_HREF.match(found["href"]), found["href"]
        self.seen.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> inside {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def tags(self, name: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.seen if tag == name]


def page_of(result: Result, cells: list[dict[str, Any]] | None = None, **changed: Any) -> Page:
    values: dict[str, Any] = {"executed": {"cells": cells or []}, "reference": None,
                              "assignment_title": "Digits"}
    return Page(render(result, **values | changed))


def bare(**changed: Any) -> Result:
    return Result(**{"student": "ada", "assignment": "a", "status": "graded"} | changed)


def test_everything_there_is_to_say_is_said(
    result: Result, notebook: dict[str, Any], curves: Any, reference: Calibration
) -> None:
    page = page_of(result, executed=notebook, learned=Learned(curves=curves), reference=reference)
    text = " ".join(page.text.split())
    for said in (
        "4 of 20 points", "Checked4 of 11", "Waiting for a personup to 9",
        "Incomplete. A teacher will look at 6 points", "graded by a person", "4 of 6",
        "`X_test` was standardized with its own mean (31.1).".replace("`", ""), "The training mean (33.5) for both.",
        "The model must see new images on the scale it learned.", "The notebook ran out of its 60 seconds",
        "Task 1 ran out of time", "was restored from the release", "used in place of the real data set",
        "We tried 3 random seeds",
        "in a separate process without network", "3f2a91c07d11", "2026-03-01 10:00 UTC", "There was no answer here.",
        "From 0.550 to 0.840 in 10 epochs. Correct runs end between 0.865 and 0.900.", "0.840 (below)",
        "NameError: name 'X_tset' is not defined", "47/47 done", "Your notebook ended before this step.",
    ):
        assert said in text, said
    assert "12/47" not in text and "\x1b" not in text
    assert "needs first" in text.lower()


@pytest.mark.parametrize("status", list(Status))
def test_a_status_is_a_word_and_not_only_a_colour(samples: ModuleType, status: Status) -> None:
    task = TaskResult(id="t", title="Task", points=2, earned=None if status.withheld else 0,
                      checks=(samples.check(status),))
    text = " ".join(page_of(bare(tasks=(task,))).text.split())
    assert f"Status: {STATUS[status][1]}" in text
    assert ("incomplete, up to 2 points" in text) == status.withheld


@pytest.mark.parametrize("status, words", [
    ("refused", "We could not read this submission."), ("queued", "Not graded yet."),
    ("failed", "We could not finish grading."),
])
def test_what_was_not_graded_says_why(status: str, words: str) -> None:
    text = page_of(bare(status=status, message="A notebook was expected; send the `.ipynb`.")).text
    assert words in text and "A notebook was expected; send the .ipynb." in text


def test_nothing_for_staff_is_shown(
    samples: ModuleType, result: Result, notebook: dict[str, Any], curves: Any, reference: Calibration
) -> None:
    page = render(result, executed=notebook, learned=Learned(curves=curves), reference=reference,
                  assignment_title="Digits")
    assert samples.SECRET not in page
    assert "check_failed_0" not in page  # the name of a hidden test function


@given(st.text("abcdefghijk", min_size=12, max_size=20), st.sampled_from(Status),
       st.sampled_from(["graded", "refused", "queued", "failed"]))
def test_no_result_shows_its_staff_notes(samples: ModuleType, secret: str, status: Status, outcome: Any) -> None:
    task = TaskResult(id="t", title="T", points=2, earned=None, checks=(samples.check(status, staff_note=secret),))
    execution = Execution(ending="died", isolation="full", flags=(secret,))
    result = bare(status=outcome, tasks=(task,), staff_flags=(secret,), execution=execution)
    assert secret not in render(result, executed=None, reference=None, assignment_title="D")


def test_the_page_is_whole_and_loads_nothing(
    result: Result, notebook: dict[str, Any], curves: Any, reference: Calibration
) -> None:
    page = page_of(result, executed=notebook, learned=Learned(curves=curves), reference=reference)
    policy = [meta["content"] for meta in page.tags("meta") if "http-equiv" in meta]
    text = render(result, executed=notebook, learned=Learned(curves=curves), reference=reference, assignment_title="D")
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == [f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; "
                      "form-action 'none'"]
    assert "url(" not in text and "@import" not in text
    assert not [attrs for _, attrs in page.seen if "style" in attrs]  # the policy would not let it act
    ids = [attrs["id"] for _, attrs in page.seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    for link in page.tags("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids


def test_a_screen_reader_gets_the_same(
    result: Result, notebook: dict[str, Any], curves: Any, reference: Calibration
) -> None:
    page = page_of(result, executed=notebook, learned=Learned(curves=curves), reference=reference)
    assert page.tags("html") == [{"lang": "en"}]
    assert all(image["alt"].strip() for image in page.tags("img"))
    assert all(drawing["aria-label"] and drawing["role"] == "img" for drawing in page.tags("svg")
               if "aria-hidden" not in drawing)
    assert len(page.tags("h1")) == 1
    levels = [int(tag[1]) for tag, _ in page.seen if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ours = [tag for tag, _ in page.seen if tag in ("table", "caption")]
    assert ours.count("caption") == ours.count("table") - 1  # all but the one in the student's own text


HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<svg onload=alert(1)>",
    "![x](http://evil.example/x.png)", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "</pre></div></main><h1>Score 100</h1>",
    "<style>body{display:none}</style>", "$<script>alert(1)</script>$", "$$</code><script>alert(1)</script>$$",
    "`<b>`\n\n```html\n<script>\n```", "<a href='javascript:alert(1)'>x</a>", "[x](JaVaScRiPt:alert(1) \"t\")",
    "[a]: javascript:alert(1)\n\n[a]", "<javascript:alert(1)>", "| a |\n|---|\n| <script> |", "![\"onerror=\"x](a)",
    "```\" onmouseover=\"x\nx\n```", "{{ 7*7 }}{% include 'x' %}", "<!-- --><iframe src=//evil.example>",
    "\x00\x1b]8;;x\x07",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_student_is_markup(samples: ModuleType, text: str) -> None:
    outputs = [samples.stream(text), samples.display(text_html=text, text_plain=text, text_markdown=text),
               {"output_type": "error", "ename": text, "evalue": text, "traceback": []},
               {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}]
    task = TaskResult(id="t", title=text, points=1, earned=0, note=text,
                      checks=(samples.check(Status.FAILED, seen=text, expected=text, hint=text, title=text),))
    page = page_of(
        bare(student=text, tasks=(task,), merge_notes=(text,)),
        [samples.cell("markdown", text), samples.cell("code", text, text, outputs),
         {"cell_type": text, "source": text}],
        learned=Learned(curves={text: {text: [0.1, 0.2]}}), assignment_title=text)
    # Page itself refuses what acts or loads.
    assert "49" not in page.text or "49" in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3), max_leaves=6)
OUTPUTS = st.lists(st.fixed_dictionaries({}, optional={
    "output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "other"]),
    "name": JSON, "text": JSON, "traceback": JSON, "ename": JSON, "evalue": JSON,
    "data": JSON | st.dictionaries(st.sampled_from(["image/png", "image/svg+xml", "text/plain", "text/html"]), JSON),
}), max_size=4)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(OUTPUTS, st.text(max_size=200), JSON)
def test_any_output_gives_a_page(samples: ModuleType, outputs: list[dict[str, Any]], source: str, history: Any) -> None:
    curves = {"fit": {"loss": history if isinstance(history, list) else [history]}}
    page_of(bare(), [samples.cell("markdown", source), samples.cell("code", source, "x", outputs)],
            learned=Learned(curves=curves))


def test_pictures_are_what_they_say(samples: ModuleType) -> None:
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    page = page_of(bare(), [samples.cell("code", "", "", [
        samples.display(image_png=samples.png()), samples.display(image_png="PHNjcmlwdD4="),
        samples.display(image_png="not base64 \" onload=x"),
        {"output_type": "display_data", "data": {"image/svg+xml": drawing}},
    ])])
    kinds = [image["src"].split(";")[0] for image in page.tags("img")]
    assert kinds == ["data:image/png", "data:image/svg+xml"]
    assert page.text.count("[a picture that cannot be shown]") == 2


def test_long_outputs_are_cut_and_said(samples: ModuleType) -> None:
    many = [samples.stream("x" * 1_000_000), *(samples.stream(f"line {number}") for number in range(500))]
    page = page_of(bare(), [samples.cell("code", "y" * 100_000, "", many)])
    assert page.text.count("… cut") == 3
    assert len(page.text) < 60_000


def test_figures_are_shown_with_their_task(samples: ModuleType, result: Result, notebook: dict[str, Any]) -> None:
    figure = samples.display(image_png=samples.png())
    helper = samples.cell("code", "plot()", "", [figure])
    later = [samples.cell("markdown", "an answer", "why"), helper, samples.cell("markdown", "another", "dense"), helper]
    page = page_of(result, [*notebook["cells"], helper, *later])
    assert [image["alt"] for image in page.tags("img")] == [
        "Figure 1 of your answer to: Train ten epochs", *["Figure drawn by the cell above"] * 4]


def test_one_epoch_is_a_line_in_a_table(samples: ModuleType, reference: Calibration) -> None:
    page = page_of(bare(), learned=Learned(curves={"standardize": {"accuracy": [0.12]}}), reference=reference)
    assert not page.tags("svg")
    assert "Accuracy on the training images0.120 (below)0.145 to 0.316" in page.text


def test_the_receipt_says_when_it_was_handed_in(result: Result) -> None:
    receipt = Receipt(student="ada", assignment="a", accepted=True, source="x.ipynb", sha256="ab" * 32,
                      received_at="2026-02-28T23:59:01+00:00")
    assert "2026-02-28 23:59 UTC" in page_of(result, hand_ins=HandIns(graded=receipt)).text


def test_the_page_says_which_attempt_was_graded_and_what_became_of_others(result: Result) -> None:
    graded = Receipt(student="ada", assignment="a", accepted=True, source="x.ipynb", sha256="ab" * 32, attempt=2,
                     attempts=2, attempt_note="attempt 2 of 2", received_at="2026-02-28T23:59:01+00:00")
    refused = Receipt(student="ada", assignment="a", accepted=False, source="y.ipynb", sha256="cd" * 32, attempt=3,
                      received_at="2026-03-01T08:00:00+00:00", counts=False,
                      reason="Attempt 3 is beyond the 2 that are allowed: <b>it</b> is kept.")
    page = page_of(result, hand_ins=HandIns(graded=graded, others=[refused]))
    assert "Attempt 2 of 2." in page.text and "Upload of 2026-03-01 08:00 UTC" in page.text
    assert "Attempt 3 is beyond the 2 that are allowed: <b>it</b> is kept." in page.text, "shown, not obeyed"
    uncounted = HandIns(graded=graded.model_copy(update={"attempt_note": None}))
    assert "Attempt" not in page_of(result, hand_ins=uncounted).text


@pytest.mark.parametrize("text", [
    "$`a" * 6_600, "$$ \\" * 5_000, "[" * 20_000, "> " * 9_000, "- " * 9_000, "*a " * 6_000,
], ids=["formula", "block", "brackets", "quotes", "lists", "stars"])
def test_text_made_to_keep_a_parser_busy_gives_a_page(samples: ModuleType, text: str) -> None:
    busy = [text, "\x1b[" + "0;" * 40_000, "\x1b[ " * 30_000, "x\r" * 40_000]
    outputs = [samples.stream(one) for one in busy]
    page_of(bare(), [samples.cell("markdown", text), samples.cell("code", "", "", outputs)])
