"""axe-core finds nothing of any impact in what people open: narrow and wide, light and dark, all unfolded.

Pictures of each page are kept in `build/pictures`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.feedback import HandIns, Learned, Rules, render, render_notebook
from autograder.feedback.queue_page import GradedWork, QueuedWork, QueueStatus, render_queue
from autograder.feedback.report import Traits, make_report, render_report
from autograder.model import Calibration, Result, Status
from tests import axe
from tests.feedback.class_of import made, material
from tests.support.browser import BROWSER, open_browser
from tests.support.pictures import keep_pictures, size_of

pytestmark = [
    pytest.mark.browser, pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="Chromium is not installed"),
]
TITLE = "A multilayer perceptron reads digits"
Work = tuple[Result, dict[str, Any]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def shown(browser: Any, tmp_path: Path) -> Callable[[str], Any]:
    """A page that the browser shows."""
    def show(text: str) -> Any:
        path = tmp_path / "page.html"
        path.write_text(text)
        page = browser.new_page()
        page.set_default_timeout(120_000)  # a busy machine is slow, never wrong
        page.goto(path.as_uri())
        return page

    return show


@pytest.fixture
def found(shown: Callable[[str], Any]) -> Callable[[str], list[str]]:
    """What axe-core finds in a page."""
    try:
        axe.source()
    except axe.Unavailable as reason:
        pytest.skip(str(reason))
    return lambda text: axe.findings(shown(text))


def test_it_does_find_something(found: Callable[[str], list[str]]) -> None:
    bad = "<!doctype html><html><title>x</title><p style='color: #bbb; background: #fff'>pale</p><img src='data:,'>"
    kinds = {one.split(": ")[0] for one in found(bad)}
    pale = {"360 light serious color-contrast", "1280 dark serious color-contrast"}
    assert pale | {"768 light critical image-alt"} <= kinds


@pytest.fixture
def pages(
    mistaken: Work, result: Result, notebook: dict[str, Any], curves: Any, misread: Any, reference: Calibration,
) -> dict[str, Callable[[], str]]:
    """What students get: with one mistake, with everything that can happen, with all points, and refused."""
    learned = dict.fromkeys(("sigmoid-fit", "relu-fit", "relu-ten", "dropout-fit"), curves["fit"])
    tasks = [task.model_copy(update={"earned": task.points, "checks": tuple(
        check.model_copy(update={"status": Status.PASSED, "earned": check.points, "layers": ()})
        for check in task.checks)}) for task in mistaken[0].tasks]
    right = mistaken[0].model_copy(update={"tasks": tuple(tasks), "score": 40.0, "manual": 0.0})
    refused = Result(student="kofi", assignment="mlp-digits", status="refused", message="This is no notebook.")
    models = Learned(curves=learned, misread=misread)
    shown: dict[str, Any] = {"reference": reference, "assignment_title": TITLE, "hand_ins": HandIns(
        notebook="notebook.html", solution="answers.ipynb", rules=Rules(until="19 March", attempts=5))}
    return {
        "mistaken": lambda: render(mistaken[0], executed=mistaken[1], learned=models, **shown),
        "right": lambda: render(right, executed=mistaken[1], learned=models, **shown),
        "everything": lambda: render(result, executed=notebook, learned=Learned(curves=curves, misread=misread),
                                     **{**shown, "hand_ins": None}),
        "refused": lambda: render(refused, executed=None, **shown),
        "notebook": lambda: render_notebook(*mistaken, assignment_title=TITLE, page="page.html"),
        "class": a_class, "queue": a_queue,
    }


def a_queue() -> str:
    """Return the queue of a watch in which something runs, waits, was put off, failed and is done."""
    at = "2026-11-19T20:15:00+01:00"
    waiting = [QueuedWork(student=f"student-{place:02}", assignment="mlp-digits", since=at, position=place + 1,
                          done_at=at, not_before=at if place % 3 == 2 else None) for place in range(12)]
    done = [GradedWork(student=f"done-{number}", assignment="first-network", status=status, at=at, seconds=12.25)
            for number, status in enumerate(("graded", "refused", "failed"))]
    return render_queue(QueueStatus(
        title="Neural networks", state="running", written_at=at, workers=2, per_hour=4, arriving=3,
        running=(QueuedWork(student="ada", assignment="conv-digits", since=at, done_at=at),), waiting=tuple(waiting),
        done=tuple(done), problems=("`downloads/class.zip` has no notebook: look at it.",)))


def a_class() -> str:
    """Return the report of a class in which every queue has somebody."""
    says = "Layer 3 of `model` has 500 units, and layer 4 has another activation than the task names; "
    results = [made(f"student-{number:02}", {"scaled": says, "units": f"{says}{number % 3}"}, staff_flags=(says,),
                    statuses={"accuracy": Status.UNJUDGED} if number % 2 else {}) for number in range(12)]
    results += [made("right"), made("bob", status="refused", tasks=(), message="No notebook.")]
    names = {result.student: f"../feedback/{result.student}" for result in results}
    traits = {result.student: Traits(passages=tuple(range(number // 2 * 50, number // 2 * 50 + 50)))
              for number, result in enumerate(results)}
    return render_report(make_report(material(
        *results, missing=("cid",), pages=names, formgrader=names, traits=traits, notes=("A note.",),
        measured={"right": {"build/model": 0.76}, "student-00": {"build/model": 0.8}})))


PAGES = ("mistaken", "right", "everything", "notebook", "class", "refused", "queue")


@pytest.mark.parametrize("name", PAGES)
def test_pictures_at_each_width_are_kept(
    shown: Callable[[str], Any], pages: dict[str, Callable[[], str]], name: str
) -> None:
    kept = keep_pictures(shown(pages[name]()), name)
    assert [size_of(path)[0] for path in kept] == [*axe.WIDTHS, *axe.WIDTHS], "nothing is wider than its window"
    assert len({path.read_bytes() for path in kept}) == len(kept), "light and dark differ"


@pytest.mark.rotates(parts=3)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    found: Callable[[str], list[str]], pages: dict[str, Callable[[], str]], name: str
) -> None:
    assert found(pages[name]()) == []
