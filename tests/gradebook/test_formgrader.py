"""A real Jupyter server with formgrader over a recorded class: pages open, and what a TA enters there stays."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook import export, record

pytestmark = pytest.mark.slow
FULL = {"double": 3.0, "total": 2.0}


class Formgrader:
    """A browser's requests to one server."""

    def __init__(self, port: int, token: str) -> None:
        self.root, self.token = f"http://127.0.0.1:{port}/formgrader", token

    def __call__(self, path: str, data: dict[str, Any] | None = None) -> str:
        request = urllib.request.Request(
            self.root + path, data=None if data is None else json.dumps(data).encode(),
            method="GET" if data is None else "PUT", headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(answer.read().decode())


@pytest.fixture
def formgrader(classroom: Any, repository: Path, tmp_path: Path) -> Iterator[Formgrader]:
    """Started in the course folder with the repository's own nbgrader_config.py."""
    shutil.copy(repository / "nbgrader_config.py", classroom.root)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token, home = secrets.token_hex(16), tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(repository), "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home),
                   "JUPYTER_DATA_DIR": str(home), "JUPYTER_RUNTIME_DIR": str(home)}
    extensions = {"nbgrader.server_extensions.formgrader": True, "jupyterlab": False, "notebook": False}
    (home / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"jpserver_extensions": extensions}}))
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
             f"--ServerApp.root_dir={classroom.root}"],
            cwd=classroom.root, env=environment, stdout=log, stderr=subprocess.STDOUT)
    browser = Formgrader(port, token)
    try:
        _wait(browser, server, tmp_path / "server.log")
        yield browser
    finally:
        server.terminate()
        server.wait(30)


def _wait(browser: Formgrader, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            browser("/api/status")
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(log.read_text())


def test_a_class_is_reviewed_in_formgrader_and_the_review_survives_a_regrade(
    classroom: Any, formgrader: Formgrader
) -> None:
    result = classroom.hand_in("ada", FULL)
    classroom.hand_in("bob", FULL)
    record(classroom, [result, classroom.without_result("bob", "failed")])

    for path in ("/manage_assignments", "/gradebook", "/gradebook/tiny/tiny"):
        assert "nbgrader formgrade" in formgrader(path)
    (assignment,) = json.loads(formgrader("/api/assignments"))
    assert assignment["name"] == "tiny"
    assert assignment["num_submissions"] == 2
    submissions = {row["student"]: row for row in json.loads(formgrader("/api/submitted_notebooks/tiny/tiny"))}
    assert submissions["ada"]["score"] == 5.0
    assert submissions["ada"]["needs_manual_grade"]

    page = formgrader(f"/submissions/{submissions['ada']['id']}/")
    assert "3 of 3 points" in page
    assert "Public checks passed." in page
    assert "doubled" in page
    assert "Open: It was failed." in formgrader(f"/submissions/{submissions['bob']['id']}/")

    grades = {grade["name"]: grade for grade in json.loads(
        formgrader(f"/api/grades?submission_id={submissions['ada']['id']}"))}
    formgrader(f"/api/grade/{grades['why']['id']}", {**grades["why"], "manual_score": 3.5})
    comments = {comment["name"]: comment for comment in json.loads(
        formgrader(f"/api/comments?submission_id={submissions['ada']['id']}"))}
    formgrader(f"/api/comment/{comments['why']['id']}", {"manual_comment": "Well seen."})

    record(classroom, [result])    # while formgrader is open
    rows = {row["student_id"]: row for row in export(classroom)}
    assert rows["ada"]["score"] == "8.5"
    assert rows["ada"]["incomplete"] == "no"
    assert rows["bob"]["incomplete"] == "yes"
    after = {comment["name"]: comment for comment in json.loads(
        formgrader(f"/api/comments?submission_id={submissions['ada']['id']}"))}
    assert after["why"]["manual_comment"] == "Well seen."


def test_formgraders_autograde_button_takes_over_stored_results(classroom: Any, formgrader: Formgrader) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    classroom.hand_in("ada", {"double": 0.0, "total": 2.0}, code="doubled = 0")
    request = urllib.request.Request(f"{formgrader.root}/api/submission/tiny/ada/autograde", data=b"", method="POST",
                                     headers={"Authorization": f"token {formgrader.token}"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        said = json.loads(answer.read())
    assert said["success"], said
    assert export(classroom)[0]["raw_score"] == "2.0"
