"""Pages of a class, written from what lies in the output folder and from nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.errors import CalibrationError, CourseError
from autograder.model import Calibration, Provenance, Receipt, Reference, Result, TaskResult
from autograder.pipeline.feedback import stored_results, write_class
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent

COURSE = "id: c\ntitle: C\nassignments:\n  sums:\n    title: Sums & more\n  other:\n    title: Other\n"


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    for name in ("sums", "other"):
        (tmp_path / "course" / "assignments" / name).mkdir(parents=True)
    (tmp_path / "course" / "course.yml").write_text(COURSE)
    return open_workspace(tmp_path / "course", tmp_path / "demo")


def put(space: Workspace, student: str, assignment: str = "sums", *, cells: int = 0, data: str = "mnist:0") -> Result:
    """Lay a graded submission into the output folder."""
    result = Result(
        student=student, assignment=assignment, status="graded", score=2,
        tasks=(TaskResult(id="fit", title="Fit it", points=3, earned=2),),
        staff_flags=("worth a look",),
        provenance=Provenance(submission="5a" * 32, release="1", data=data, seeds=(1,), isolation="full", versions={},
                              execution_fingerprint="", checks_fingerprint="", graded_at="2026-03-01T10:00:00+00:00"))
    folder = space.results(student, assignment)
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(result.to_json())
    if cells:
        outputs = [{"output_type": "stream", "name": "stdout", "text": f"printed by {student}"}]
        cell = {"cell_type": "code", "source": "fit()", "metadata": {}, "execution_count": 1, "outputs": outputs}
        (folder / "executed.ipynb").write_text(json.dumps({"cells": [cell] * cells}))
        (folder / "curves.json").write_text(json.dumps({"fit": {"loss": [2.0, float("nan"), 1.0]}}))
    return result


def calibrate(space: Workspace) -> None:
    band = {"fit": {"loss": ((1.5, 1.6, 1.7), (1.2, 1.3, 1.4), (0.91, 0.95, 0.99))}}
    found = Calibration(data="mnist:0", device="cpu", versions={}, calibrated_at="", runs=(), metrics={}, curves=band)
    path = space.reference("sums")
    path.parent.mkdir(parents=True)
    path.write_text(Reference(assignment="sums", calibrations={"mnist/cpu": found}).to_json())


def test_every_result_gets_a_page_at_its_place(space: Workspace) -> None:
    put(space, "ada", cells=1)
    put(space, "bob")
    put(space, "ada", "other")
    pages = write_class(space, (), Silent())
    assert sorted(page.relative_to(space.output).as_posix() for page in pages) == [
        "feedback/ada/other/other.html", "feedback/ada/sums/sums.html", "feedback/bob/sums/sums.html"]
    text = (space.output / "feedback/ada/sums/sums.html").read_text()
    assert "Sums &amp; more" in text and "worth a look" not in text and 'href="sums-notebook.html"' in text
    notebook = (space.output / "feedback/ada/sums/sums-notebook.html").read_text()
    assert "printed by ada" in notebook and 'href="sums.html"' in notebook
    assert "notebook.html" not in (space.output / "feedback/bob/sums/sums.html").read_text()
    assert not (space.output / "feedback/bob/sums/sums-notebook.html").exists()
    assert not [path for path in space.output.rglob("*") if path.name.startswith(".")]


def test_curves_are_drawn_in_the_band_of_the_data_that_was_used(space: Workspace) -> None:
    calibrate(space)
    put(space, "ada", cells=1)
    put(space, "bob", cells=1, data="stand-in:0")
    write_class(space, ("sums",), Silent())
    assert "Correct runs end between 0.910 and 0.990." in space.feedback("ada", "sums").read_text()
    other = space.feedback("bob", "sums").read_text()
    assert "From 2.000 to 1.000 in 3 epochs." in other and "Correct runs" not in other


@pytest.mark.parametrize("sha256, said", [("5a" * 32, True), ("00" * 32, False)])
def test_the_time_of_hand_in_is_that_of_the_graded_upload(space: Workspace, sha256: str, said: bool) -> None:
    put(space, "ada")
    receipt = Receipt(student="ada", assignment="sums", accepted=True, source="a.ipynb", sha256=sha256,
                      received_at="2026-02-28T22:00:00+00:00")
    path = space.receipt("ada", "sums")
    path.parent.mkdir(parents=True)
    path.write_text(receipt.to_json())
    write_class(space, ("sums",), Silent())
    assert ("2026-02-28 22:00 UTC" in space.feedback("ada", "sums").read_text()) == said


def test_a_refused_attempt_is_shown_on_the_page(space: Workspace) -> None:
    put(space, "ada")
    receipt = Receipt(student="ada", assignment="sums", accepted=True, source="a.ipynb", sha256="5a" * 32, attempt=1,
                      attempt_note="attempt 1 of 1", received_at="2026-02-28T22:00:00+00:00")
    late = receipt.model_copy(update={"accepted": False, "counts": False, "sha256": "6b" * 32, "attempt": 2,
                                      "attempt_note": None, "reason": "Attempt 2 is beyond the 1 that is allowed."})
    uploads = space.uploads("ada", "sums")
    uploads.mkdir(parents=True)
    space.receipt("ada", "sums").write_text(receipt.to_json())
    for number, one in enumerate((receipt, late)):
        (uploads / f"{number}.json").write_text(one.to_json())
    write_class(space, ("sums",), Silent())
    page = space.feedback("ada", "sums").read_text()
    assert "Attempt 1 of 1." in page and "Attempt 2 is beyond the 1 that is allowed." in page


def test_a_folder_without_a_readable_result_is_passed_over(space: Workspace) -> None:
    put(space, "ada")
    (space.results("bob", "sums")).mkdir(parents=True)
    (space.results("cid", "sums")).mkdir(parents=True)
    space.result("cid", "sums").write_text('{"student": "cid"}')
    assert [result.student for result in stored_results(space, "sums", Silent())] == ["ada"]
    assert len(write_class(space, ("sums",), Silent())) == 1


def test_a_page_is_replaced_and_an_empty_class_writes_nothing(space: Workspace) -> None:
    assert write_class(space, (), Silent()) == []
    assert not space.results_root.exists()
    put(space, "ada")
    write_class(space, (), Silent())
    path = space.feedback("ada", "sums")
    path.write_text("old")
    write_class(space, (), Silent())
    assert path.read_text().startswith("<!doctype html>")


def test_an_unknown_assignment_is_refused(space: Workspace) -> None:
    with pytest.raises(CourseError):
        write_class(space, ("summs",), Silent())


class Listener(Silent):
    """A reporter that keeps what it was told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_results_of_another_version_or_another_student_are_passed_over_and_named(space: Workspace) -> None:
    good = put(space, "ada")
    other = good.to_json().replace('"schema_version": 1', '"schema_version": 2')
    for student, text in (("bob", good.to_json()), ("cid", other), ("dan", "{"), (".trash", good.to_json())):
        folder = space.results_root / student / "sums"
        folder.mkdir(parents=True)
        (folder / "result.json").write_text(text)
    listener = Listener()
    [page] = write_class(space, ("sums",), listener)
    assert page == space.feedback("ada", "sums")
    assert [note.split(" for ")[0].removeprefix("A result of ") for note in listener.notes] == [
        ".trash", "bob", "cid", "dan"]
    assert all(note.endswith("run `autograder grade sums` again.") for note in listener.notes)
    assert not space.feedback_root.joinpath("bob").exists()


@pytest.mark.parametrize("name", ["executed.ipynb", "curves.json", "misread.json"])
@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"7", b"null", b"[" * 100_000, b'{"cells": null}', b'{"cells": [[], 7, {}]}', b"\xff\xfe",
    b'{"fit": null}', b'{"fit": {"loss": null}}', b'{"fit": {"loss": {"0": 1}}}', b'{"fit": [1]}', b'"\\ud800"',
    b'{"a/b": {"counts": [[1, 2], [3]], "pictures": []}}', b'{"a/b": {"counts": [], "pictures": [7]}}',
    b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}', b'{"\\ud800": {"\\ud800": [1, 2]}}',
])
def test_a_broken_file_next_to_a_result_costs_no_page(space: Workspace, name: str, content: bytes) -> None:
    put(space, "ada", cells=1)
    put(space, "bob")
    (space.results("ada", "sums") / name).write_bytes(content)
    pages = write_class(space, ("sums",), Silent())
    assert len(pages) == 2
    assert all("2 <small>of 3 points" in page.read_text(encoding="utf-8") for page in pages)


def test_a_broken_reference_is_said_before_any_page_is_written(space: Workspace) -> None:
    put(space, "ada")
    space.reference("sums").parent.mkdir(parents=True)
    space.reference("sums").write_text("{}")
    with pytest.raises(CalibrationError, match="calibrate"):
        write_class(space, ("sums",), Silent())
    assert not space.feedback_root.exists()
