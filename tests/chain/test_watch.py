"""Work is graded as it arrives, by the real parts: nothing is lost and nothing is graded twice, whatever happens."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.pipeline.session.variant_files import as_file
from autograder.pipeline.up_to_date import current_grades

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=3)]
CLASS = {"ada": "solution", "ben": "float64", "cleo": "functional", "dan": "units_31"}
SCORES = {"ada": 10, "ben": 9, "cleo": 10, "dan": 9}


class Watched:
    """A class whose work arrives in a folder, and the command that watches it."""

    def __init__(self, classroom: Any, folder: Path) -> None:
        self.classroom, self.folder = classroom, folder
        self.uploads, self.downloads = folder / "uploads", folder / "downloads"
        for place in (self.uploads, self.downloads):
            place.mkdir()
        self.process: subprocess.Popen[str] | None = None

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start the command; what it prints goes into a file."""
        with (self.folder / "printed").open("a") as printed:
            self.process = self.classroom.start(*self.command(*options), stderr=printed)
        return self.process

    def command(self, *options: str) -> tuple[str, ...]:
        return ("watch", str(self.uploads), "--downloads", str(self.downloads), "--assignment", "mini", "--stand-in",
                "--workers", "2", *options)

    def notebook(self, variant: str) -> bytes:
        content: bytes = as_file(self.classroom.variant(variant))
        return content

    def upload(self, student: str, variant: str) -> None:
        path = self.uploads / student / "mini.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.notebook(variant))

    @property
    def status(self) -> dict[str, Any]:
        path = self.classroom.root / "status.json"
        return json.loads(path.read_text()) if path.exists() else {}

    @property
    def printed(self) -> str:
        return (self.folder / "printed").read_text()

    def has_page(self, student: str, score: float | None = None) -> bool:
        """Whether a student's page exists that belongs to the stored result."""
        result = self.classroom.workspace.result(student, "mini")
        page = self.classroom.workspace.feedback(student, "mini")
        if not (result.is_file() and page.is_file() and page.stat().st_mtime_ns >= result.stat().st_mtime_ns):
            return False
        return score is None or json.loads(result.read_text())["score"] == score


@pytest.fixture
def watched(classroom: Any, tmp_path: Path, nothing_left: Callable[[], None]) -> Iterator[Watched]:
    made = Watched(classroom, tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        os.killpg(made.process.pid, signal.SIGKILL)
        made.process.wait()


def test_work_is_graded_while_it_arrives(watched: Watched, wait_for: Any, nothing_left: Callable[[], None]) -> None:
    process = watched.start()
    wait_for(lambda: watched.status.get("state") == "running", "the status")
    watched.upload("ada", "solution")
    growing = watched.uploads / "ben" / "mini.ipynb"
    growing.parent.mkdir()
    text = watched.notebook("float64")
    growing.write_bytes(b"")
    (growing.parent / "mini.ipynb.crdownload").write_bytes(text[:1000])  # a browser's file, next to the final name
    (watched.uploads / "cy.zip").write_bytes(b"PK\x03\x04 this is no archive")
    wait_for(lambda: watched.has_page("ada", 10), "the page of the first hand-in")
    wait_for(lambda: watched.has_page("cy"), "the page of the broken archive")
    assert not watched.classroom.workspace.submitted("ben", "mini").exists(), "a partial file was taken"
    (growing.parent / "mini.ipynb.crdownload").write_bytes(text)
    (growing.parent / "mini.ipynb.crdownload").rename(growing)
    watched.upload("ada", "float64")
    wait_for(lambda: watched.has_page("ben", 9), "the page of the file that grew")
    wait_for(lambda: watched.has_page("ada", 9), "the page of the second hand-in")
    refused = watched.classroom.result("cy")
    assert refused.status == "refused" and "not a readable zip" in refused.message
    assert "cy.zip" in " ".join(watched.status["problems"])

    second = watched.classroom.command("grade", "mini", "--stand-in")
    assert second.returncode == 2 and f"(Watching, process {process.pid})" in second.stderr
    again = watched.classroom.command(*watched.command())
    assert again.returncode == 2 and "another command is using it (Watching" in again.stderr

    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 0, watched.printed
    nothing_left()
    assert "Traceback" not in watched.printed and watched.status["state"] == "ended"
    grades = {grade.student: grade.points for grade in current_grades(watched.classroom.workspace, ("mini",))
              if grade.student in ("ada", "ben")}
    assert grades == {"ada": 9, "ben": 9}
    kept = watched.classroom.workspace.upload_receipts("ada", "mini")
    assert len(kept) == 2, "the first hand-in is kept"


def test_a_killed_watch_continues(watched: Watched, wait_for: Any, nothing_left: Callable[[], None]) -> None:
    for student, variant in CLASS.items():
        watched.upload(student, variant)
    process = watched.start()
    wait_for(watched.classroom.graded, "a first result")
    process.kill()
    process.wait()
    nothing_left()
    before = watched.classroom.graded()
    assert before and set(before) < set(CLASS), "the kill came too late to test anything"
    assert watched.start("--once").wait() == 0, watched.printed
    nothing_left()
    after = watched.classroom.graded()
    assert {student: watched.classroom.result(student).score for student in CLASS} == SCORES
    assert {student: after[student] for student in before} == before, "what was graded already was graded again"
    assert all(watched.has_page(student) for student in CLASS)
    grades = current_grades(watched.classroom.workspace, ("mini",))
    assert {grade.student: grade.points for grade in grades} == SCORES
    for student in CLASS:
        assert len(watched.classroom.workspace.upload_receipts(student, "mini")) == 1, "collected twice"


def test_the_second_interrupt_ends_at_once(watched: Watched, wait_for: Any, nothing_left: Callable[[], None]) -> None:
    """A class's download arrives in pieces; while it is graded, the command is interrupted twice."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for student, variant in CLASS.items():
            archive.writestr(f"{student}/mini.ipynb", watched.notebook(variant))
    download = watched.downloads / "class-submissions.zip"
    with download.open("wb") as stream:
        stream.write(packed.getvalue()[:2000])
        stream.flush()
        process = watched.start()
        wait_for(lambda: watched.status.get("arriving") == 0, "the part of the download, which is no archive")
        assert "not a readable zip" in " ".join(watched.status["problems"])
        stream.write(packed.getvalue()[2000:])
    wait_for(lambda: watched.status.get("running"), "a submission that is being graded")
    os.killpg(process.pid, signal.SIGINT)
    wait_for(lambda: "Ctrl-C again ends at once" in watched.printed, "the answer to the first interrupt")
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 130, watched.printed
    nothing_left()
    before = watched.classroom.graded()
    assert set(before) < set(CLASS), "the interrupts came too late to test anything"
    assert watched.start("--once").wait() == 0, watched.printed
    assert {student: watched.classroom.result(student).score for student in CLASS} == SCORES
    after = watched.classroom.graded()
    assert {student: after[student] for student in before} == before
