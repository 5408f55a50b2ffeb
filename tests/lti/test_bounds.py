"""A platform that misbehaves costs its own answer: time, size and depth are bounded, and a token goes nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CourseError, PlatformError
from autograder.lti import bounded_http
from autograder.lti.bounded_http import BoundedHttp, Request
from autograder.lti.signing_key import read_key
from autograder.pipeline.push import Pushed, PushOptions, push_scores
from autograder.testing import ASSIGNMENT
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent
from tests.lti.conftest import World, pem
from tests.support.ags_service import Platform

Reply = tuple[int, Any, dict[str, str]]


def push(world: World) -> Pushed:
    return push_scores(world.room, (), PushOptions(create=True), Silent())


def misbehave(world: World, path: str, make: Callable[[], Reply]) -> None:
    """Answer one path in another way than the right one."""
    world.platform.before = lambda _, asked: make() if asked == path else None


@pytest.mark.parametrize(("path", "reply", "said"), [
    ("/token", (302, {}, {"Location": "http://127.0.0.1:9/steal"}), "redirect, which is not followed"),
    ("/members", (307, {}, {"Location": "/elsewhere"}), "redirect, which is not followed"),
    ("/members", (200, b"[" * 100_000, {}), "did not answer as the standard says"),
    ("/members", (200, b"\xff\xfe", {}), "did not answer as the standard says"),
    ("/members", (200, b"x" * (bounded_http.LARGEST + 1), {}), "more than 4 MiB"),
    ("/members", (200, {"members": []}, {"Link": '<http://example.org/members>; rel="next"'}), "another host"),
    ("/members", (200, {"members": []}, {"Link": '<//127.0.0.1:1/members>; rel="next"'}), "another host"),
    ("/members", (200, {"members": []}, {"Link": '</members>; rel="next"'}), "lead in a circle"),
    ("/lineitems", (200, [], {"Link": '<file:///etc/passwd>; rel="next"'}), "another host"),
    ("/token", (200, {"access_token": "a\nb"}, {}), "Expected an access token"),
    ("/token", (200, {"access_token": "t" * 20_000}, {}), "Expected an access token"),
    ("/token", (401, {"error": "invalid_client"}, {}), "the platform does not accept the tool"),
])
def test_an_answer_out_of_bounds_is_one_sentence(world: World, path: str, reply: Reply, said: str) -> None:
    misbehave(world, path, lambda: reply)
    with pytest.raises(PlatformError) as caught:
        push(world)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert not world.platform.scores and not any("steal" in target for _, target in world.platform.requests)


def test_pages_without_end_are_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.lti.platform_services.MOST_PAGES", 5)
    count = iter(range(1000))
    misbehave(world, "/members", lambda: (200, {"members": []}, {"Link": f'</members?from={next(count)}>; rel="next"'}))
    with pytest.raises(PlatformError, match="more than 5 pages"):
        push(world)
    assert sum(target.startswith("/members") for _, target in world.platform.requests) == 5


def test_a_column_on_another_host_gets_no_token(world: World) -> None:
    world.platform.columns.append({"id": "http://127.0.0.1:9/lineitem", "label": "x", "scoreMaximum": 5,
                                   "resourceId": ASSIGNMENT})
    pushed = push(world)
    assert not pushed.complete and not world.platform.scores
    told = " ".join([*pushed.failures, *(one.reason for one in pushed.deliveries)])
    assert "another host" in told, told


def test_an_answer_that_comes_drop_by_drop_ends_at_the_limit_of_the_whole_request(platform: Platform) -> None:
    platform.before = lambda *_: (time.sleep(3), (200, {}, {}))[1]
    http = BoundedHttp(seconds=0.3, sleep=lambda _: None)
    with http, pytest.raises(PlatformError, match="no answer in time"):
        http.send(lambda: Request(method="GET", url=f"{platform.url}/x"), attempts=1)


@pytest.mark.parametrize("url", [
    "http://lms.example.org/token", "https://user:pw@lms.example.org/", "ftp://lms.example.org/", "https://",
    "https://lms.example.org/#part", "https://lms.example.org:x/", "http://localhost.example.org/",
])
def test_an_address_that_is_not_secure_is_refused_with_its_line(world: World, url: str) -> None:
    file = world.room.root / "course.yml"
    file.write_text(file.read_text().replace(f"token_url: {world.platform.url}/token", f"token_url: {url}"))
    with pytest.raises(CourseError, match=r"course\.yml, line \d+.*https://"):
        open_workspace(world.room.root)


@pytest.mark.parametrize(("change", "said"), [
    (lambda path: path.chmod(0o640), "Only you may be able to read"),
    (lambda path: path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "RSA key"),
    (lambda path: path.write_bytes(b"k" * 100_000), "RSA key"), (lambda path: path.unlink(), "cannot be read"),
])
def test_a_key_that_cannot_be_used_is_named(
    tmp_path: Path, key: Any, change: Callable[[Path], Any], said: str
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(pem(key))
    path.chmod(0o600)
    assert read_key(path).key_size == 2048
    change(path)
    with pytest.raises(CourseError, match=said):
        read_key(path)
    if path.exists():
        path.chmod(0o600)


def test_two_people_with_one_address_get_nothing(world: World) -> None:
    world.platform.members[2] = {**world.platform.members[2], "email": "ada@example.org"}
    pushed = push(world)
    assert [body["userId"] for _, body in world.platform.scores] == ["u-cy"]
    assert any("ada" in one for one in [*pushed.notes, *pushed.failures]), pushed
