"""`autograder submit`: its conversation with the real service, and what it says where something is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.errors import HubError, NotebookError, SubmissionError
from autograder.service.handing_in import HandIn, Service, find_service, is_done, read_upload
from autograder.testing import ASSIGNMENT
from tests.service.conftest import HOST, PREFIX, World

SERVICE = Service(url=f"https://{HOST}{PREFIX.rstrip('/')}", token="token-ada")


def talk(world: World, token: str = "token-ada", assignment: str = ASSIGNMENT) -> HandIn:
    """The conversation of a student's program with the service, without a network."""
    service = Service(url=SERVICE.url, token=token)
    return HandIn(service, assignment, transport=world.client()._transport)


def test_a_notebook_is_handed_in_and_seen(world: World) -> None:
    ada = talk(world)
    sent = ada.send(world.notebook())
    assert sent["student"] == "ada" and not sent["late"] and world.stored == ["ada+small"]
    work = ada.wait(sent["receipt"], until_graded=False, seconds=0)
    assert [upload["state"] for upload in work["uploads"]] == ["arrived"] and work["page"] is None
    assert talk(world, "token-ben").look()["uploads"] == [], "others see nothing of it"


@pytest.mark.parametrize(("data", "word"), [(b"PK\x03\x04", "zip"), (b"", "empty"), (b"%PDF", "another kind")])
def test_a_refusal_is_the_services_own_sentence(world: World, data: bytes, word: str) -> None:
    with pytest.raises(SubmissionError, match=word):
        talk(world).send(data)
    assert world.stored == []


def test_wrong_tokens_and_assignments_are_refused(world: World) -> None:
    with pytest.raises(SubmissionError, match="valid token"):
        talk(world, "token-nobody").send(world.notebook())
    with pytest.raises(SubmissionError, match="no such assignment"):
        talk(world, assignment="another").send(world.notebook())
    assert world.stored == []


@pytest.mark.parametrize("answer", [
    httpx.Response(200, text="<html>"), httpx.Response(302, headers={"location": "https://evil.example.org"}),
    httpx.Response(200, json=[1]), httpx.Response(502, text="")], ids=["page", "redirect", "list", "nothing"])
def test_another_server_under_the_address_is_one_sentence_and_gets_no_second_request(answer: httpx.Response) -> None:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer

    with pytest.raises(HubError, match="something else answers"):
        HandIn(SERVICE, ASSIGNMENT, transport=httpx.MockTransport(handle)).send(b"{}")
    assert len(asked) == 1 and asked[0].url.host == HOST, "a redirect must not get the token"


def test_a_service_that_cannot_be_reached_is_one_sentence() -> None:
    def handle(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(HubError, match="does not answer"):
        HandIn(SERVICE, ASSIGNMENT, transport=httpx.MockTransport(handle)).look()


def test_token_and_address_are_needed() -> None:
    given = {"JUPYTERHUB_API_TOKEN": "t", "AUTOGRADER_SERVICE_URL": "https://hub/services/autograder/"}
    assert find_service(given).url == "https://hub/services/autograder" and "t" not in repr(find_service(given))[-9:]
    for name in given:
        with pytest.raises(HubError, match=name):
            find_service({**given, name: ""})
    for url in ("hub/services", "ftp://hub/x", "https://"):
        with pytest.raises(HubError, match="http"):
            find_service(given, url)


def test_the_notebook_says_which_assignment_it_answers(world: World, tmp_path: Path) -> None:
    path = tmp_path / "Untitled.ipynb"
    path.write_bytes(world.notebook())
    assert read_upload(path, None)[0] == ASSIGNMENT, "by its metadata"
    assert read_upload(path, "other")[0] == "other", "a person said it"
    plain = json.loads(world.notebook())
    plain["metadata"].pop("autograder")
    path.write_text(json.dumps(plain))
    assert read_upload(path, None)[0] == "Untitled"
    path.rename(tmp_path / "a b.ipynb")
    with pytest.raises(SubmissionError, match="--assignment"):
        read_upload(tmp_path / "a b.ipynb", None)
    with pytest.raises(SubmissionError, match="cannot be read"):
        read_upload(tmp_path / "none.ipynb", None)
    path.write_text("no notebook")
    with pytest.raises(NotebookError):
        read_upload(path, None)


def test_what_is_done_depends_on_what_is_waited_for() -> None:
    upload: dict[str, Any] = {"receipt": "a", "state": "accepted", "counts": True}
    work: dict[str, Any] = {"uploads": [upload], "place": None, "result": None, "message": ""}
    assert is_done(work, "a", until_graded=False) and not is_done(work, "a", until_graded=True)
    assert not is_done(work, "b", until_graded=False)
    assert not is_done({**work, "uploads": [{**upload, "state": "arrived"}]}, "a", until_graded=False)
    graded = {**work, "result": {"upload": "a"}}
    assert is_done(graded, "a", until_graded=True)
    assert not is_done({**graded, "result": {"upload": "of an earlier one"}}, "a", until_graded=True)
    assert is_done({**work, "uploads": [{**upload, "counts": False}]}, "a", until_graded=True), "never graded"


def test_the_command_needs_a_server_of_the_hub(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JUPYTERHUB_API_TOKEN", "AUTOGRADER_SERVICE_URL"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "small.ipynb"
    path.write_bytes(world.notebook())
    outcome = CliRunner().invoke(cli, ["submit", str(path)])
    assert isinstance(outcome.exception, HubError) and "server at the hub" in str(outcome.exception)
