"""What the command needs to start, and what it says where something is missing or in use."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.cli import serve as command
from autograder.errors import HubError
from autograder.service.hub_environment import forget_secrets, is_loopback, read_environment
from autograder.service.listening import _listening
from autograder.service.received import keep
from autograder.testing import ASSIGNMENT
from tests.service.conftest import PREFIX, World

GIVEN = {
    "JUPYTERHUB_API_TOKEN": "a-secret", "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api",
    "JUPYTERHUB_SERVICE_PREFIX": PREFIX, "JUPYTERHUB_CLIENT_ID": "service-autograder",
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:10101",
}


def test_the_hub_says_where_it_expects_the_service() -> None:
    found = read_environment(GIVEN)
    assert (found.host, found.port, found.prefix, found.name) == ("127.0.0.1", 10101, PREFIX, "autograder")
    assert "a-secret" not in repr(found)
    assert read_environment({**GIVEN, "JUPYTERHUB_SERVICE_URL": ""}).host == "127.0.0.1"
    assert read_environment(GIVEN, port=4000).port == 4000


@pytest.mark.parametrize("name", ["JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_PREFIX",
                                  "JUPYTERHUB_CLIENT_ID"])
@pytest.mark.parametrize("value", ["", " "])
def test_without_a_hub_it_does_not_start(name: str, value: str) -> None:
    with pytest.raises(HubError, match=name):
        read_environment({**GIVEN, name: value})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "[::]"])
def test_other_interfaces_are_used_only_where_a_person_names_them(host: str) -> None:
    given = {**GIVEN, "JUPYTERHUB_SERVICE_URL": f"http://{host}:10101"}
    with pytest.raises(HubError, match="--host"):
        read_environment(given)
    assert read_environment(given, host="0.0.0.0").host == "0.0.0.0"


def test_the_loopback_is_known() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "10.0.0.1", "localhost.example.org", "")))


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "127.0.0.1:10101", "http://", "http://127.0.0.1:99999",
                                 "unix:x"])
def test_an_address_that_cannot_be_used_is_one_sentence(url: str) -> None:
    with pytest.raises(HubError, match="JUPYTERHUB_SERVICE_URL"):
        read_environment({**GIVEN, "JUPYTERHUB_SERVICE_URL": url})


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        environment = read_environment(GIVEN, port=other.getsockname()[1])
        with pytest.raises(HubError, match="already in use"), _listening(environment):
            pass


def test_the_token_is_not_passed_on() -> None:
    variables = {**GIVEN, "JPY_API_TOKEN": "a-secret", "HOME": "/root"}
    forget_secrets(variables)
    assert "a-secret" not in variables.values() and variables["HOME"] == "/root"


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "NEEDED", ("starlette", "no_such_package"))
    with pytest.raises(HubError, match=r"no_such_package.*keras-autograder\[serve\]"):
        command.require_extra()


@pytest.mark.slow
def test_the_command_says_that_there_is_no_hub(world: World) -> None:
    done = subprocess.run([sys.executable, "-m", "autograder", "--course", str(world.root), "serve"], text=True,
                          capture_output=True, env={"PATH": "/usr/bin", "HOME": str(world.root)}, check=False)
    assert done.returncode == 10 and "JUPYTERHUB_API_TOKEN" in done.stderr and "Traceback" not in done.stderr


def test_a_full_disk_keeps_nothing_and_says_so(world: World, small_disk: Path) -> None:
    (world.root / ".serve").symlink_to(small_disk)
    ada = world.signed_in("ada")
    answer = world.hand_in(ada, world.notebook()[:-1] + b" " * (8 << 20) + b"}")
    assert answer.status_code == 507 and "could not be stored" in answer.text
    assert world.stored == [] and not list((small_disk / "partial").iterdir())
    assert world.hand_in(ada).status_code == 303 and world.stored == ["ada+small"]


def test_an_upload_appears_complete_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="Input/output"):
        keep(world.workspace, "ada", ASSIGNMENT, world.notebook(), datetime.now(UTC))
    assert world.stored == []


def test_a_hub_that_does_not_answer_is_one_sentence(world: World) -> None:
    ada = world.signed_in("ada")
    world.hub.silent = True
    for answer in (ada.get(PREFIX), world.hand_in(ada, token="x")):
        assert answer.status_code == 503 and "The hub does not answer." in answer.text
    world.hub.silent = False
    world.hub.refused.add("token-ada")
    assert ada.get(PREFIX).status_code == 403
    world.hub.refused.clear()
    del world.hub.users["ada"]
    assert ada.get(PREFIX).status_code == 302, "signed out at the hub: sign in again"


def test_a_defect_shows_nothing_of_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a path of this machine")

    ada = world.signed_in("ada")
    ada._transport.raise_server_exceptions = False
    monkeypatch.setattr("autograder.service.student_routes.works_of", broken)
    answer = ada.get(PREFIX)
    assert answer.status_code == 500 and "a path" not in answer.text and "has a defect" in answer.text
