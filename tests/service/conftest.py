"""A service without a hub: the small course, a hub whose users are set, and everything else real."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from autograder.testing import ASSIGNMENT, make_course, make_notebook
from autograder.workspace.layout import Workspace, open_workspace

starlette_testclient = pytest.importorskip("starlette.testclient", reason="the extra 'serve' is not installed")

from autograder.errors import HubError  # noqa: E402 - after the test that it can be imported
from autograder.service.asgi import make_app  # noqa: E402
from autograder.service.hub import NotAllowed, SignIn  # noqa: E402
from autograder.service.members import HubUser  # noqa: E402
from autograder.service.portal import Portal  # noqa: E402

PREFIX = "/services/autograder/"
HOST = "hub.example.org"
SETTINGS = "serve: {staff_groups: [teachers], uploads_per_hour: 5}\n"
NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
FORM = {**NAVIGATION, "origin": f"https://{HOST}", "sec-fetch-site": "same-origin"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class FakeHub:
    """A hub whose users have tokens that are their names; ``codes`` are given out once."""

    users: dict[str, HubUser] = field(default_factory=lambda: {
        name: HubUser(name=name, groups=("teachers",) if name == "prof" else ()) for name in ("ada", "ben", "prof")})
    refused: set[str] = field(default_factory=set)
    silent: bool = False

    async def identify(self, token: str, session: str = "") -> HubUser | None:
        if self.silent:
            raise HubError("The hub does not answer.")
        if token in self.refused:
            raise NotAllowed("The hub does not let you use this service.")
        return self.users.get(token.removeprefix("token-"))

    def sign_in(self, state: str) -> SignIn:
        return SignIn(url=f"https://{HOST}/hub/api/oauth2/authorize?state={state}", verifier=f"verifier-{state}")

    async def token_for(self, code: str, verifier: str) -> str | None:
        name, _, state = code.partition("/")
        return f"token-{name}" if verifier == f"verifier-{state}" else None


@dataclass
class World:
    """The course, the hub and the application."""

    root: Path
    hub: FakeHub
    portal: Portal
    now: list[float]

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    def client(self) -> Any:
        """A browser that has no cookies yet; a defect of the service is an exception of the test."""
        return starlette_testclient.TestClient(make_app(self.portal), base_url=f"https://{HOST}", headers=NAVIGATION,
                                               follow_redirects=False)

    def signed_in(self, name: str) -> Any:
        """A browser in which somebody has signed in through the hub."""
        client = self.client()
        sent = client.get(PREFIX)
        [state] = parse_qs(urlsplit(sent.headers["location"]).query)["state"]
        back = client.get(f"{PREFIX}oauth_callback", params={"state": state, "code": f"{name}/{state}"})
        assert back.status_code == 302 and back.headers["location"] == PREFIX
        return client

    def hand_in(self, client: Any, data: bytes | None = None, *, assignment: str = ASSIGNMENT,
                **given: Any) -> httpx.Response:
        """Send the form as the page has it; ``given`` replaces its headers, token or file name."""
        token = given.get("token", form_token(client))
        files = {"notebook": (given.get("name", "small.ipynb"), self.notebook() if data is None else data)}
        answer: httpx.Response = client.post(f"{PREFIX}hand-in/{assignment}", headers=given.get("headers", FORM),
                                             data={"token": token} if token is not None else {}, files=files)
        return answer

    def notebook(self, comment: str = "") -> bytes:
        made = make_notebook(self.workspace)
        made["cells"][1]["source"] += f"\n# {comment}"
        return json.dumps(made).encode()

    @property
    def stored(self) -> list[str]:
        """The names of what was stored, without the times."""
        inbox = self.root / ".serve" / "inbox"
        found = sorted(path.name for path in inbox.iterdir()) if inbox.is_dir() else []
        partial = self.root / ".serve" / "partial"
        assert not partial.is_dir() or not list(partial.iterdir()), "a part of an upload was left"
        return ["+".join(name.split("+")[:2]) for name in found]


def form_token(client: Any) -> str:
    """Return the token of the forms on the page."""
    match = TOKEN.search(client.get(PREFIX).text)
    return match[1] if match else ""


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course as it is before anybody hands in."""
    root: Path = make_course(tmp_path_factory.mktemp("released") / "course").root
    with (root / "course.yml").open("a") as stream:
        stream.write(SETTINGS)
    return root


@pytest.fixture
def world(tmp_path: Path, released: Path) -> World:
    root = tmp_path / "course"
    shutil.copytree(released, root)
    hub, now = FakeHub(), [1000.0]
    portal = Portal(open_workspace(root), hub, PREFIX, clock=lambda: now[0])
    return World(root=root, hub=hub, portal=portal, now=now)
