"""What arrives is collected by the real collector, once it is complete, and what is not graded joins the queue."""

from __future__ import annotations

import json
import os
import zipfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import SubmissionError
from autograder.model import Provenance, Result
from autograder.pipeline.collect import CollectOptions
from autograder.pipeline.collect.archive import list_entries
from autograder.pipeline.collect.entries import Budget
from autograder.pipeline.grade.stored_results import store_result
from autograder.pipeline.reading.budgets import readers
from autograder.testing import ASSIGNMENT, make_course, make_notebook
from autograder.watch.inbox import BUSY, Inbox, Source
from autograder.watch.line import Line
from autograder.watch.scan import scan
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.storage import exclusive

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def warm() -> Any:
    """One process reads the notebooks of all tests."""
    with readers():
        yield


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_course(tmp_path / "course")


def inbox_of(workspace: Workspace, *sources: Source, quiet: float = 0.0, **options: Any) -> tuple[Inbox, Line]:
    line = Line(folder=workspace.output / ".watch")
    return Inbox(workspace, sources, line, options=CollectOptions(assignment=ASSIGNMENT, **options), quiet=quiet,
                 on_note=lambda sentence: None), line


def notebook(workspace: Workspace, comment: str = "") -> bytes:
    made = make_notebook(workspace)
    made["cells"][1]["source"] += f"\n# {comment}" if comment else ""
    return json.dumps(made).encode()


def upload(folder: Path, student: str, content: bytes) -> Path:
    path = folder / student / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def waiting(line: Line) -> list[str]:
    return [turn.waiting.student for turn, _ in line.snapshot().turns]


def graded(workspace: Workspace, student: str) -> None:
    """Store a result of what a student has handed in."""
    receipt = workspace.current_receipt(student, ASSIGNMENT)
    made = Provenance(submission=receipt.sha256, release="1", data="own:1", seeds=(1,), device="cpu", isolation="full",
                      versions={}, execution_fingerprint="e", checks_fingerprint="c", graded_at="2030-01-01T00:00:00Z")
    store_result(workspace, Result.model_validate({
        "student": student, "assignment": ASSIGNMENT, "status": "graded", "max_score": 5, "complete": True,
        "tasks": (), "provenance": made, "timings": {"run": 3.0}}))


def test_uploads_join_the_queue_and_what_is_graded_does_not(workspace: Workspace, tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    upload(uploads, "ada", notebook(workspace))
    upload(uploads, "ben", b"no notebook")
    inbox, line = inbox_of(workspace, Source(folder=uploads))
    inbox.look()
    assert sorted(waiting(line)) == ["ada", "ben"] and inbox.has_taken_all
    assert [one for one in inbox.problems if "ben" in one]
    graded(workspace, "ada")
    inbox, line = inbox_of(workspace, Source(folder=uploads))
    inbox.look()
    assert waiting(line) == ["ben"], "the stored result says what is graded"
    assert list(inbox.without_page) == [("ada", ASSIGNMENT)]


def test_only_the_newest_upload_of_a_student_waits(workspace: Workspace, tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    inbox, line = inbox_of(workspace, Source(folder=uploads))
    path = upload(uploads, "ada", notebook(workspace, "first"))
    earlier = path.stat().st_mtime - 10  # times of files that are less than two seconds apart decide nothing
    os.utime(path, (earlier, earlier))
    inbox.look()
    path = upload(uploads, "ada", notebook(workspace, "second, later"))
    inbox.look()
    assert waiting(line) == ["ada"]
    assert workspace.submitted("ada", ASSIGNMENT).read_bytes() == path.read_bytes()
    assert len(workspace.upload_receipts("ada", ASSIGNMENT)) == 2, "older uploads are kept"


def test_what_is_taken_is_not_read_again_after_a_restart(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    uploads = tmp_path / "uploads"
    upload(uploads, "ada", notebook(workspace))
    inbox_of(workspace, Source(folder=uploads))[0].look()
    monkeypatch.setattr("autograder.watch.inbox.collect", lambda *_, **__: pytest.fail("collected again"))
    inbox, line = inbox_of(workspace, Source(folder=uploads))
    inbox.look()
    assert waiting(line) == ["ada"]


def test_work_that_others_put_into_submitted_is_found(workspace: Workspace) -> None:
    inbox, line = inbox_of(workspace)
    inbox.look()
    upload(workspace.submitted_root / "eve", ASSIGNMENT, notebook(workspace))
    inbox._looked_at_submitted = -10.0
    inbox.look()
    assert waiting(line) == ["eve"]


def test_hand_ins_of_nbgraders_exchange_are_taken(workspace: Workspace, tmp_path: Path) -> None:
    inbound = tmp_path / "inbound"
    folder = inbound / f"root+{ASSIGNMENT}+2030-01-02 03:04:05 UTC"
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(notebook(workspace))
    (folder / "timestamp.txt").write_text("2030-01-02 03:04:05.000000 UTC")
    inbox, line = inbox_of(workspace, Source(folder=inbound), kind="exchange")
    inbox.look()
    assert len(waiting(line)) + len(inbox.problems) == 1
    assert waiting(line) == ["root"] or "belongs to the user" in inbox.problems[0]


def test_an_archive_of_a_student_names_nobody_else(workspace: Workspace, tmp_path: Path) -> None:
    """In a folder of uploads, a zip is one student's; in a folder of downloads, it is a class's."""
    for place in ("uploads", "downloads"):
        (tmp_path / place).mkdir()
        with zipfile.ZipFile(tmp_path / place / "eve.zip", "w") as archive:
            archive.writestr(f"ben/{ASSIGNMENT}.ipynb", notebook(workspace))
    inbox, line = inbox_of(workspace, Source(folder=tmp_path / "uploads"))
    inbox.look()
    assert waiting(line) == ["eve"]
    inbox, line = inbox_of(replace(workspace, output=tmp_path / "other"),
                           Source(folder=tmp_path / "downloads", whole=True), kind="folder")
    inbox.look()
    assert waiting(line) == ["ben"]


def test_single_files_are_no_downloads(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "ada.ipynb").write_bytes(notebook(workspace))
    inbox, line = inbox_of(workspace, Source(folder=tmp_path / "downloads", whole=True))
    inbox.look()
    assert waiting(line) == [] and "folder of uploads" in inbox.problems[0] and inbox.has_taken_all


def test_files_wait_while_somebody_else_collects(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    upload(tmp_path / "uploads", "ada", notebook(workspace))
    inbox, line = inbox_of(workspace, Source(folder=tmp_path / "uploads"))
    with exclusive(workspace.collect_lock, "Collecting"):
        inbox.look()
    assert waiting(line) == [] and "another command is using it (Collecting" in inbox.problems[0]
    inbox._busy_until -= BUSY
    inbox.look()
    assert waiting(line) == ["ada"]


def test_work_of_somebody_who_is_not_in_the_class_yet_is_taken_later(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing of it is stored, so it must be taken again: when the class list changes, and by the next start."""
    uploads, people = tmp_path / "uploads", workspace.root / "students.csv"
    upload(uploads, "ada", notebook(workspace))
    upload(uploads, "ben", notebook(workspace))
    people.write_text("id\nada\n")
    inbox, line = inbox_of(open_workspace(workspace.root), Source(folder=uploads))
    inbox.look()
    assert waiting(line) == ["ada"] and inbox.has_taken_all and [one for one in inbox.problems if "ben" in one]
    people.write_text("id\nada\nben\n")
    again, second = inbox_of(open_workspace(workspace.root), Source(folder=uploads))
    again.look()
    assert sorted(waiting(second)) == ["ada", "ben"], "the next start"
    inbox.workspace = open_workspace(workspace.root)
    inbox.look()
    assert sorted(waiting(line)) == ["ada", "ben"], "while it runs"


def test_work_that_cannot_be_stored_now_is_taken_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    uploads = tmp_path / "uploads"
    upload(uploads, "ada", notebook(workspace))
    workspace.submitted_root.mkdir()
    (workspace.submitted_root / "ada").symlink_to(tmp_path)
    inbox, line = inbox_of(workspace, Source(folder=uploads))
    inbox.look()
    assert waiting(line) == [] and inbox.problems
    (workspace.submitted_root / "ada").unlink()
    inbox.look()
    assert waiting(line) == [], "not at once"
    inbox._retry_at = 0.0
    inbox.look()
    assert waiting(line) == ["ada"]


def test_every_new_attempt_is_graded_where_the_best_counts(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course").root
    text = (root / "course.yml").read_text().replace("data: own", "data: own\n    counts: best\n    attempts: 5")
    (root / "course.yml").write_text(text)
    workspace = open_workspace(root)
    uploads = tmp_path / "uploads"
    inbox, line = inbox_of(workspace, Source(folder=uploads))
    upload(uploads, "ada", notebook(workspace, "first"))
    inbox.look()
    assert next(line.supply(ASSIGNMENT)) is not None
    graded(workspace, "ada")
    upload(uploads, "ada", notebook(workspace, "second"))
    inbox.look()
    assert waiting(line) == ["ada"]


def test_a_folder_that_is_not_there_is_named_once(workspace: Workspace, tmp_path: Path) -> None:
    inbox, _ = inbox_of(workspace, Source(folder=tmp_path / "none"))
    inbox.look()
    inbox.look()
    assert len(inbox.problems) == 1 and "create it" in inbox.problems[0]


def test_a_scan_follows_no_link_and_has_a_limit(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.ipynb").write_text("x")
    folder = tmp_path / "uploads"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "config").write_text("x")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "b.ipynb").write_text("x")
    assert set(scan(folder, 10).files) == {("link",), ("b.ipynb",)}
    with pytest.raises(SubmissionError, match=r"collect\.files"):
        scan(folder, 1)


def test_a_student_with_too_many_files_stops_nobody_else(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / "eve" / f"folder{number}").mkdir(parents=True)
    (tmp_path / "ada.ipynb").write_text("x")
    found = scan(tmp_path, 10, largest=4)
    assert (set(found.files), found.left_out) == ({("ada.ipynb",)}, ["eve"])
    assert scan(tmp_path, 10, largest=5).left_out == []


def test_large_uploads_are_taken_after_small_ones(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    uploads = tmp_path / "uploads"
    small = notebook(workspace)
    upload(uploads, "eve", notebook(workspace, "x" * len(small)))
    for student in ("ada", "ben"):
        upload(uploads, student, small)
    monkeypatch.setattr("autograder.watch.inbox.SMALL", len(small))
    inbox, line = inbox_of(workspace, Source(folder=uploads))
    inbox.look()
    assert sorted(waiting(line)) == ["ada", "ben"] and not inbox.has_taken_all
    inbox.look()
    assert sorted(waiting(line)) == ["ada", "ben", "eve"] and inbox.has_taken_all


@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_a_link_that_replaces_something_while_it_is_collected_is_not_followed(tmp_path: Path, swapped: str) -> None:
    """A student who may write into a watched folder must not hand in what belongs to somebody else."""
    other, own = upload(tmp_path, "ben", b"work of ben"), upload(tmp_path, "eve", b"work of eve")
    with ExitStack() as stack:
        budget = Budget(notebook=100, archive=100, files=10)
        entry = next(one for one in list_entries(tmp_path, budget, stack) if one.parts[0] == "eve")
        assert entry.load() == b"work of eve"
        place, target = (own, other) if swapped == "file" else (own.parent, other.parent)
        place.rename(tmp_path / "moved")
        place.symlink_to(target)
        with pytest.raises(SubmissionError, match="cannot be read"):
            entry.load()
