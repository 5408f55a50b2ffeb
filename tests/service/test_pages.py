"""From an upload by a browser to its result on the page, with the watch between; only hub and sandbox are fakes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from autograder.pipeline.collect import CollectOptions
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import ON_CPU
from autograder.service.received import remove_stored
from autograder.testing import ASSIGNMENT, FakePool, make_session
from autograder.watch import Ending, Source, WatchOptions, warm_sessions, watch
from autograder.workspace.progress import Silent
from autograder.workspace.serve_files import service_inbox
from tests.service.conftest import FORM, PREFIX, World, form_token

pytestmark = pytest.mark.slow


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> FakePool:
    """A pool whose answers are set, in each session that the watch opens."""
    made = FakePool()

    @contextmanager
    def opened(workspace: Any, *_: object) -> Iterator[Any]:
        yield make_session(workspace, pool=made)

    monkeypatch.setattr(warm_sessions, "open_for_class", opened)
    return made


def grade(world: World) -> None:
    """Grade what was handed in, as the service does."""
    options = WatchOptions(sources=(Source(folder=service_inbox(world.workspace)),), once=True, quiet=0.0,
                           collect=CollectOptions(kind="exchange"),
                           run=RunOptions(gradebook=False, place=lambda *_: ON_CPU))
    assert watch(world.workspace, options, Silent(), Ending()) == 0


def test_from_an_upload_to_its_result(world: World, pool: FakePool) -> None:
    ada = world.signed_in("ada")
    sent = world.hand_in(ada)
    assert sent.status_code == 303 and sent.headers["location"].startswith(f"{PREFIX}?received=")
    shown = ada.get(sent.headers["location"]).text
    assert "Received." in shown and "Your file is here" in shown and world.stored == ["ada+small"]
    grade(world)
    shown = ada.get(PREFIX).text
    page = f"feedback/{ASSIGNMENT}/{ASSIGNMENT}.html"
    assert f'href="{page}"' in shown and "counts" in shown and "Your file is here" not in shown
    result = json.loads(world.workspace.result("ada", ASSIGNMENT).read_text())
    assert result["status"] == "graded"
    assert f"<strong>{result['score']:g} of {result['max_score']:g} points</strong>" in shown
    answer = ada.get(PREFIX + page)
    assert answer.status_code == 200 and "Feedback for ada" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_time_of_the_hand_in_is_that_of_the_service(world: World, pool: FakePool) -> None:
    """Late work is accepted, noted and may cost points, since the time is one that a student cannot choose."""
    text = (world.root / "course.yml").read_text().replace("2030-01-31", "2020-01-31")
    (world.root / "course.yml").write_text(text)
    ada = world.signed_in("ada")
    shown = ada.get(world.hand_in(ada).headers["location"]).text
    assert "after the deadline: it is accepted, and late" in shown
    grade(world)
    receipt = world.workspace.current_receipt("ada", ASSIGNMENT)
    assert receipt.time_from == "name" and receipt.time_can_cost
    assert abs(datetime.fromisoformat(receipt.received_at) - datetime.now(UTC)) < timedelta(hours=1)
    assert "after the deadline" in ada.get(PREFIX).text


def test_an_upload_is_kept_once_it_is_collected_and_its_copy_removed(world: World, pool: FakePool) -> None:
    ada = world.signed_in("ada")
    first, second = world.notebook("one"), world.notebook("two")
    for data in (first, second, first):
        assert world.hand_in(ada, data).status_code == 303
    now = datetime.now(UTC)
    remove_stored(world.workspace, now + timedelta(hours=1))
    assert world.stored == ["ada+small"] * 3, "nothing is removed before it is collected"
    grade(world)
    remove_stored(world.workspace, now)
    assert len(world.stored) == 3, "a watch may be reading it"
    remove_stored(world.workspace, now + timedelta(hours=1))
    assert world.stored == []
    kept = {path.read_bytes() for path in world.workspace.uploads("ada", ASSIGNMENT).glob("*.ipynb")}
    assert kept == {first, second}
    assert world.workspace.submitted("ada", ASSIGNMENT).read_bytes() == first, "handed in last"


def test_what_is_no_usable_notebook_is_refused_with_the_reason(world: World, pool: FakePool) -> None:
    ada = world.signed_in("ada")
    assert world.hand_in(ada, b'{"this is": no notebook').status_code == 303
    grade(world)
    shown = ada.get(PREFIX).text
    assert "refused" in shown and "Your file is here" not in shown


def test_the_queue_is_shown_with_the_place(world: World) -> None:
    ada = world.signed_in("ada")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    waits = {"student": "ada", "assignment": ASSIGNMENT, "since": now, "position": 3, "done_at": now}
    status = {"title": "A small course", "state": "running", "written_at": now, "workers": 1, "waiting": [waits]}
    path = world.root / "status.json"
    path.write_text(json.dumps(status))
    assert f"It waits in the queue at place 3, done at about {now[11:16]}" in ada.get(PREFIX).text
    assert "in the queue" not in world.signed_in("ben").get(PREFIX).text
    path.write_text(json.dumps({**status, "waiting": [], "running": [waits]}))
    assert "It is being graded now" in ada.get(PREFIX).text
    old = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    path.write_text(json.dumps({**status, "written_at": old}))
    shown = ada.get(PREFIX).text
    assert "in the queue" not in shown and "Nothing is graded at the moment" in shown


def test_staff_see_everybody(world: World, pool: FakePool) -> None:
    world.hand_in(world.signed_in("ada"))
    grade(world)
    prof = world.signed_in("prof")
    assert "Pages for staff" in prof.get(PREFIX).text
    index = prof.get(f"{PREFIX}staff/").text
    assert "not written yet" in index and 'href="student/ada"' in index
    assert "ada" in prof.get(f"{PREFIX}staff/queue").text
    assert "../feedback/ada/small/small.html" in prof.get(f"{PREFIX}staff/student/ada").text
    assert "Feedback for ada" in prof.get(f"{PREFIX}staff/feedback/ada/small/small.html").text


def test_staff_write_and_read_the_report(world: World, pool: FakePool) -> None:
    world.hand_in(world.signed_in("ada"))
    grade(world)
    prof = world.signed_in("prof")
    sent = prof.post(f"{PREFIX}staff/report/small", headers=FORM, files={"token": (None, form_token(prof))})
    assert sent.status_code == 303 and sent.headers["location"] == f"{PREFIX}staff/?report=written"
    report = prof.get(f"{PREFIX}staff/report/small.html")
    assert report.status_code == 200 and "ada" in report.text
    policy = report.headers["content-security-policy"]
    assert "sandbox allow-scripts" in policy and "allow-same-origin" not in policy
