"""The service at a real JupyterHub: students and staff in a real browser, and another student who attacks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Result
from autograder.testing import make_course, make_notebook
from autograder.workspace.layout import Workspace, open_workspace
from tests import axe
from tests.support import real_hub
from tests.support.browser import BROWSER, open_browser

pytest.importorskip("jupyterhub", reason="the extra 'serve' is not installed")
pytestmark = [
    pytest.mark.slow, pytest.mark.hub, pytest.mark.browser, pytest.mark.rotates(part=4),
    pytest.mark.skipif(not BROWSER, reason="Chromium is not installed"),
]
SUBMIT = "input[type=submit], button[type=submit]"
PATIENCE = 120_000
"""Milliseconds: a busy machine is slow, never wrong."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small course, which is graded by the real parts in seconds."""
    made = make_course(tmp_path_factory.mktemp("course"))
    with (made.root / "course.yml").open("a") as stream:
        stream.write("serve: {staff_groups: [teachers]}\n")
    return open_workspace(made.root)


@pytest.fixture(scope="module")
def hub(course: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_hub.RealHub]:
    """A hub that has started our service."""
    folder = tmp_path_factory.mktemp("hub")
    command = [sys.executable, "-m", "autograder", "--course", str(course.root), "serve", "--workers", "1"]
    try:
        with real_hub.running_hub(folder / "hub", command, {"HOME": str(folder)}) as found:
            yield found
    except real_hub.Unavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def notebook(course: Workspace, tmp_path: Path) -> Path:
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps(make_notebook(course)))
    return path


def sign_in(chromium: Any, hub: real_hub.RealHub, name: str) -> Any:
    """Open the service in a browser of somebody's own, who signs in at the hub's own page."""
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(hub.service)
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", "secret")
    page.click(SUBMIT)
    # The hub asks once whether the service may know who they are, and not again.
    page.wait_for_url(re.compile("/oauth2/authorize|/services/autograder/$"))
    if name != "guest" and page.url != hub.service:
        page.click(SUBMIT)
        page.wait_for_url(hub.service)
    return page


def follow(page: Any, link: str) -> None:
    """Follow a link by the keyboard: the middle of one with words for screen readers may be somewhere else."""
    page.focus(link)
    page.keyboard.press("Enter")


def hand_in(page: Any, hub: real_hub.RealHub, file: Path) -> None:
    """Choose a file, and press the one button."""
    page.goto(hub.service)
    page.set_input_files("input[type=file]", str(file))
    page.click("button:has-text('Hand in')")
    page.wait_for_url("**received=*")


def until_graded(page: Any, hub: real_hub.RealHub) -> None:
    """Load the page again until it has the result."""
    def has_result() -> bool:
        page.goto(hub.service)
        return bool(page.locator("text=Result and feedback").count())

    hub.wait_for(has_result, "the result")


def test_a_student_hands_in_and_staff_see_it(
    hub: real_hub.RealHub, chromium: Any, notebook: Path, course: Workspace
) -> None:
    ada = sign_in(chromium, hub, "ada")
    assert ada.locator("text=Signed in as ada").count() == 1
    hand_in(ada, hub, notebook)
    assert ada.locator("text=Received.").count() == 1
    until_graded(ada, hub)
    assert ada.locator("text=5 of 9 points").count() == 1
    ada.click("text=Result and feedback")
    ada.wait_for_load_state()
    assert ada.locator("text=Feedback for ada").count() == 1
    ada.evaluate(axe.UNFOLD)
    follow(ada, "a[href^='small-notebook.html'] >> nth=0")
    ada.wait_for_url("**/small-notebook.html*")
    assert Result.from_json(course.result("ada", "small").read_bytes()).score == 5

    prof = sign_in(chromium, hub, "prof")
    prof.click("text=Pages for staff")
    prof.click("button:has-text('Write')")
    prof.wait_for_url("**report=written")
    follow(prof, "a[href='report/small.html']")
    prof.wait_for_url("**/report/small.html")
    assert prof.locator("text=ada").count() > 0
    prof.goto(f"{hub.service}staff/student/ada")
    prof.goto(f"{hub.service}staff/queue")
    assert prof.locator("text=ada").count() > 0
    ada.goto(hub.service)
    assert "an-adsmallstrators-token" not in hub.log and "Traceback" not in hub.log, hub.log


EVIL = """<!doctype html><title>evil</title><pre id="said"></pre><script>
const target = '/services/autograder/', said = [];
const tell = (what, text) => said.push(what + ': ' + (/Signed in|Feedback for/.test(text) ? 'READ ' : 'nothing '));
(async () => {
  for (const path of ['', 'feedback/small/small.html', 'api/hand-ins/small'])
    await fetch(target + path, {credentials: "include"}).then(got => got.text())
      .then(text => tell("fetch " + path, text))
      .catch(() => tell('fetch ' + path, ''));
  const body = new FormData();
  body.append('token', 'x'); body.append('notebook', new File(['{}'], 'small.ipynb'));
  await fetch(target + 'hand-in/small', {method: 'POST', body, credentials: 'include'}).then(
    got => said.push('post: ' + got.status)).catch(() => said.push('post: none'));
  const frame = document.createElement('iframe');
  frame.src = target; document.body.append(frame);
  await new Promise(done => { frame.onload = done; setTimeout(done, 8000); });
  let inside = ''; try { inside = frame.contentDocument.body.innerText; } catch (error) {}
  tell('frame', inside);
  const opened = window.open(target);
  await new Promise(done => setTimeout(done, 8000));
  let behind = ''; try { behind = opened.document.body.innerText; } catch (error) {}
  tell('window', behind);
  said.push('cookie: ' + (/autograder/.test(document.cookie) ? 'READ' : 'nothing'));
  document.getElementById('said').textContent = said.join('\\n');
  document.title = 'done';
})();
</script>"""


def test_another_student_sees_and_sends_nothing(
    hub: real_hub.RealHub, chromium: Any, notebook: Path, course: Workspace
) -> None:
    """By the address of the page, with a forged cookie, and from a page of the same origin that the first one opens."""
    ada, ben = sign_in(chromium, hub, "ada"), sign_in(chromium, hub, "ben")
    hand_in(ada, hub, notebook)
    until_graded(ada, hub)
    for path, status in (("staff/feedback/ada/small/small.html", 403), ("staff/student/ada", 403), ("staff/", 403),
                         ("staff/report/small.html", 403), ("feedback/small/small.html", 404),
                         ("feedback/small/..%2f..%2fada%2fsmall%2fsmall.html", 404)):
        answer = ben.goto(hub.service + path)
        assert answer.status == status, path
        assert "Feedback for ada" not in ben.content()
    ben.context.add_cookies([{"name": "autograder-session", "value": "ada", "url": hub.service}])
    ben.goto(hub.service)
    assert ben.locator("text=Signed in as ada").count() == 0

    before = len(course.upload_receipts("ada", "small"))
    hub.evil["attack"] = EVIL
    ada.goto(f"{hub.url}/services/evil/attack")
    ada.wait_for_function("document.title === 'done'")
    said = ada.inner_text("#said")
    assert "READ" not in said and "post: 403" in said, said
    assert len(course.upload_receipts("ada", "small")) == before
    hub.evil["control"] = EVIL.replace("/services/autograder/", "/services/evil/page/").replace("'post: '", "'sent: '")
    hub.evil[""] = hub.evil["small.html"] = "Signed in"
    ada.goto(f"{hub.url}/services/evil/control")
    ada.wait_for_function("document.title === 'done'")
    control = ada.inner_text("#said")
    assert "frame: READ" in control and "window: READ" in control and "fetch : READ" in control, control

    guest = sign_in(chromium, hub, "guest")
    assert "Signed in as" not in guest.content() and "403" in guest.content(), "the hub does not let them use it"


def test_a_students_server_hands_in_by_the_command_line(
    hub: real_hub.RealHub, notebook: Path, course: Workspace
) -> None:
    """With the environment that a real server of the hub has, and no other."""
    assert hub.api("POST", "users/cy/server").status_code in (201, 202)
    hub.wait_for(lambda: hub.api("GET", "users/cy").json().get("server"), "the server of cy")
    [process] = [path for path in Path("/proc").glob("[0-9]*/environ") if _is_server_of(path, "cy")][:1]
    environment = dict(entry.split("=", 1) for entry in process.read_text().split("\0") if "=" in entry)
    assert environment["AUTOGRADER_SERVICE_URL"] == hub.service
    command = [sys.executable, "-m", "autograder", "submit", str(notebook)]
    done = subprocess.run([*command, "--wait"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + hub.log[-3000:]
    assert "Received small at" in done.stdout and "5 of 9 points" in done.stdout, done.stdout
    page = json.loads(subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True,
                                     check=True).stdout)["page"]
    assert page == "/services/autograder/feedback/small/small.html"
    assert "cy" in {student for student, _ in course.submissions()}
    forged = {**environment, "JUPYTERHUB_API_TOKEN": "0" * 32}
    done = subprocess.run(command, env=forged, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "A valid token of the hub was expected" in done.stderr


def _is_server_of(path: Path, user: str) -> bool:
    try:
        text = path.read_text()
    except OSError:
        return False
    return f"JUPYTERHUB_USER={user}\0" in text and "JUPYTERHUB_API_TOKEN=" in text
