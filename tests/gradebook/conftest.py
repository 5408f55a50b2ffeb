"""A small class around the sample course: released once, handed in and graded by hand-made results."""

from __future__ import annotations

import copy
import hashlib
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

from autograder.course import parse
from autograder.gradebook import generate
from autograder.gradebook.database import open_gradebook
from autograder.model import CheckResult, Provenance, Receipt, Result, TaskResult, TimeSource
from autograder.pipeline.release.release import serialize, stamp
from autograder.pipeline.session.source_notebook import read_source, strip
from autograder.workspace.layout import Workspace

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "release"
POINTS = {"double": 3.0, "total": 2.0, "why": 4.0}
ON_TIME, LATE = "2030-01-31T12:00:00+00:00", "2030-02-02T12:00:00+00:00"


class Classroom(Workspace):
    """A course that knows how to hand in."""

    @property
    def released(self) -> dict[str, Any]:
        return json.loads((self.root / "release/tiny/tiny.ipynb").read_text())

    def hand_in(
        self, student: str, earned: dict[str, float | None], *, why: str = "Because.",
        code: str = "doubled = numbers * 2", received_at: str | None = ON_TIME,
        time_from: TimeSource = TimeSource.NAME, checks: tuple[CheckResult, ...] = (),
        staff_flags: tuple[str, ...] = (),
    ) -> Result:
        """Write submission, receipt, executed notebook and result.json as collect and grade do."""
        executed = copy.deepcopy(self.released)
        cells = {cell["id"]: cell for cell in executed["cells"]}
        cells["double"]["source"] = code
        cells["total"]["source"] = "total = doubled.sum()"
        cells["why"]["source"] = why
        content = serialize(executed)
        cells["test-double"]["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": "Public checks passed.\n"}]
        cells["double"]["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "a warning\n"}]
        blank = why == "YOUR ANSWER HERE"
        tasks = [
            TaskResult(id=task, title=task, points=points, earned=earned.get(task, points), answered=True,
                       checks=tuple(check for check in checks if check.task == task))
            for task, points in POINTS.items() if task != "why"
        ]
        tasks.append(TaskResult(id="why", title="Why", points=4, earned=0.0 if blank else None, manual=True,
                                answered=not blank))
        sha = hashlib.sha256(content).hexdigest()
        result = Result(student=student, assignment="tiny", status="graded", tasks=tuple(tasks),
                        staff_flags=staff_flags, provenance=_provenance(sha))
        submitted = self.output / "submitted" / student / "tiny"
        submitted.mkdir(parents=True, exist_ok=True)
        (submitted / "tiny.ipynb").write_bytes(content)
        if received_at:
            receipt = Receipt(student=student, assignment="tiny", accepted=True, source="a.ipynb",
                              received_at=received_at, sha256=sha, time_from=time_from)
            (submitted / "receipt.json").write_text(receipt.to_json())
        results = self.output / "results" / student / "tiny"
        results.mkdir(parents=True, exist_ok=True)
        (results / "executed.ipynb").write_bytes(serialize(executed))
        (results / "result.json").write_text(result.to_json())
        return result

    def without_result(self, student: str, status: str) -> Result:
        """What grade says about a hand-in that it could not grade."""
        return Result.model_validate({"student": student, "assignment": "tiny", "status": status,
                                      "message": f"It was {status}."})


def _provenance(sha: str) -> Provenance:
    return Provenance(submission=sha, release="x", data="mnist:0", seeds=(1,), isolation="full", versions={},
                      execution_fingerprint="e", checks_fingerprint="c", graded_at=ON_TIME)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample course with its release and an empty gradebook."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(SAMPLE, root, dirs_exist_ok=True)
    source = read_source(root / "assignments/tiny/tiny.ipynb")
    notebook = stamp(strip(generate("tiny", source, root / "assignments/tiny").notebook), "tiny")
    (root / "release/tiny").mkdir(parents=True)
    (root / "release/tiny/tiny.ipynb").write_bytes(serialize(notebook))
    with open_gradebook(root / "gradebook.db", "tiny-course"):
        pass
    return root


@pytest.fixture
def classroom(released: Path, tmp_path: Path) -> Classroom:
    """A fresh course per test."""
    root = tmp_path / "course"
    shutil.copytree(released, root)
    return Classroom(root=root, output=root, course=parse((root / "course.yml").read_text(), folders=["tiny"]))


@pytest.fixture
def empty(classroom: Classroom) -> Classroom:
    """The same with an output folder of its own, where no gradebook is yet."""
    return Classroom(root=classroom.root, output=classroom.root / "demo", course=classroom.course)


SERVER = """
from autograder.imports import SLOW, without
with without(*SLOW):
    import nbformat
from jupyter_server.serverapp import main
main()
"""
"""`python -m jupyter_server` without the grammar of web addresses, which takes as long as all the rest of its start."""


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
            [sys.executable, "-c", SERVER, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
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
    for _ in range(1_500):  # a busy machine needs minutes to start a server
        assert server.poll() is None, log.read_text()
        try:
            browser("/api/status")
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(log.read_text())
