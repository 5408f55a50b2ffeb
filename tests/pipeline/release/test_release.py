"""Making a release: what students get, what stops it, and that it is always the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.errors import ReleaseError
from autograder.model import Basis, Calibration, CheckSpec, MetricSpread, Reference
from autograder.pipeline.release.release import make, release_assignment, verify
from autograder.pipeline.release.validate import check_leaks, check_points
from autograder.pipeline.session.calibration import own_data
from autograder.pipeline.session.source_notebook import read_source
from autograder.workspace.layout import Workspace, open_workspace

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "release"
ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENTS = sorted(path.name for path in (ROOT / "assignments").iterdir() if path.is_dir())
SPECS = (
    CheckSpec(id="double-values", task="double", title="t", points=2, basis=Basis.MEASURED),
    CheckSpec(id="double-type", task="double", title="t", points=1, basis=Basis.CLAIMED),
    CheckSpec(id="total", task="total", title="t", points=2, basis=Basis.MEASURED),
)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The sample course; its hidden checks are not collected for real in quick tests."""
    shutil.copytree(SAMPLE, tmp_path / "course")
    monkeypatch.setattr("autograder.checks.collect", lambda folder: SPECS)
    return open_workspace(tmp_path / "course")


def edit(course: Workspace, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the source notebook; ``change`` gets its cells by grade_id."""
    path = course.source("tiny")
    notebook = json.loads(path.read_text())
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in notebook["cells"]}
    change(cells)
    notebook["cells"] = [cell for cell in notebook["cells"] if not cell.get("gone")]
    path.write_text(json.dumps(notebook))


def released(course: Workspace) -> dict[str, Any]:
    return json.loads(course.release("tiny").read_text())


def test_students_get_blanks_locked_cells_and_no_outputs(course: Workspace) -> None:
    report = release_assignment(course, "tiny", prove=None)
    notebook = released(course)
    cells = {cell["id"]: cell for cell in notebook["cells"]}

    assert cells["double"]["source"] == "# YOUR CODE HERE\ndoubled_shape = None", "what is outside the region stays"
    assert cells["total"]["source"] == "# YOUR CODE HERE"
    assert cells["why"]["source"] == "YOUR ANSWER HERE"
    assert cells["test-total"]["source"] == 'assert total == 30.0, "total should be 30."', "hidden tests are gone"
    assert all(cell["id"] == cell["metadata"]["nbgrader"]["grade_id"] for cell in notebook["cells"])
    assert all(cell["outputs"] == [] and cell["execution_count"] is None
               for cell in notebook["cells"] if cell["cell_type"] == "code")
    for cell in notebook["cells"]:
        answer = cell["metadata"]["nbgrader"]["solution"]
        assert cell["metadata"].get("editable", True) is answer
        assert set(cell["metadata"]) <= {"nbgrader", "editable", "deletable", "autograder"}
    assert cells["double"]["metadata"]["autograder"] == {"title": "Double the numbers"}
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "autograder": {"assignment": "tiny", "release": report.version, "schema": 1},
    }
    assert (course.release("tiny").parent / "numbers.csv").is_file()
    nbformat.validate(notebook)


def test_a_rubric_stays_with_the_staff_and_makes_no_new_release(course: Workspace) -> None:
    before = release_assignment(course, "tiny", prove=None)
    edit(course, lambda cells: cells["why"]["metadata"]["autograder"].update(
        rubric=[{"points": 4, "text": "Says that doubling is multiplying."}]))
    assert release_assignment(course, "tiny", prove=None).version == before.version
    text = course.release("tiny").read_text()
    assert "rubric" not in text and "Says that" not in text


def test_the_released_notebook_passes_nbgraders_own_validation(course: Workspace) -> None:
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import compute_checksum

    release_assignment(course, "tiny", prove=None)
    notebook = nbformat.read(course.release("tiny"), as_version=4)
    MetadataValidator().validate_nb(notebook)
    assert all(cell.metadata.nbgrader.checksum == compute_checksum(cell) for cell in notebook.cells)


def test_the_same_source_gives_the_same_bytes_and_leaves_the_source_alone(course: Workspace) -> None:
    source = course.source("tiny").read_bytes()
    first = release_assignment(course, "tiny", prove=None)
    bytes_before = course.release("tiny").read_bytes()
    assert release_assignment(course, "tiny", prove=None).version == first.version
    assert course.release("tiny").read_bytes() == bytes_before
    assert course.source("tiny").read_bytes() == source
    verify(course, "tiny")


def test_text_is_filled_from_the_course_and_other_braces_stay(course: Workspace) -> None:
    report = release_assignment(course, "tiny", prove=None)
    cells = {cell["id"]: cell for cell in released(course)["cells"]}
    assert cells["contract"]["source"] == (
        "# Two arrays\n\nDeadline 2030-01-31 23:59 (UTC+01:00); Late work is not accepted. Attempts: 2. 9 points, "
        "a cell may take 5 s.\nMinimum accuracy: not yet calibrated.")
    assert "{{ not a placeholder }}" in cells["load"]["source"]
    assert any("not calibrated" in warning for warning in report.warnings)


def spread(minimum: float | None) -> MetricSpread:
    return MetricSpread(values=(0.7,), mean=0.7, deviation=0.01, tolerance_bound=0.7, coverage=0.999, confidence=0.95,
                        slack=0.01, minimum=minimum, false_fail=None)


@pytest.mark.parametrize(("data", "minimum", "text", "warned"), [
    ("mnist", 0.6921, "0.693", False), ("mnist", 0.7, "0.700", False), ("mnist", None, "no minimum", False),
    ("stand-in", 0.7, "0.700", True),
])
def test_minimums_come_from_the_reference_rounded_up(
    course: Workspace, data: str, minimum: float | None, text: str, warned: bool
) -> None:
    reference = Reference(assignment="tiny", calibrations={f"{data}/cpu": Calibration(
        data=f"{data}:0", device="cpu", versions={}, calibrated_at="", runs=("solution#1",),
        metrics={"small_accuracy": spread(minimum)})})
    course.reference("tiny").parent.mkdir(parents=True, exist_ok=True)
    course.reference("tiny").write_text(reference.to_json())
    made = make(course, "tiny")
    assert f"Minimum accuracy: {text}." in made.source["cells"][0]["source"]
    assert bool(made.warnings) is warned


def calibrated(course: Workspace, *, name: str = "own", **changes: Any) -> None:
    fields: dict[str, Any] = {
        "data": f"{name}:0", "device": "cpu", "versions": {}, "calibrated_at": "", "runs": ("solution#1",),
        "metrics": {"surface-error": spread(None).model_copy(update={"maximum": 4.13, "check": "new-points"})}}
    reference = Reference(assignment="tiny", calibrations={f"{name}/cpu": Calibration(**(fields | changes))})
    course.reference("tiny").parent.mkdir(parents=True, exist_ok=True)
    course.reference("tiny").write_text(reference.to_json())


@pytest.mark.parametrize("placeholder", ["maximum.new_points", "maximum.surface_error", "maximum.surface-error"])
def test_maximums_are_shown_by_check_and_by_metric(course: Workspace, placeholder: str) -> None:
    edit(course, lambda cells: cells["contract"].update(source=f"The error stays below {{{{ {placeholder} }}}}."))
    calibrated(course, name="mnist")
    made = make(course, "tiny")
    assert made.source["cells"][0]["source"] == "The error stays below 4.13." and not made.warnings


@pytest.mark.parametrize(("changes", "part"), [
    ({"versions": {"keras": "2.15.0"}}, "keras 2.15.0, but version"),
    ({"sizes": {"EPOCHS": 3}}, "EPOCHS = 3, but the notebook's sizes cell says nothing"),
])
def test_no_text_states_a_bound_that_was_calibrated_under_other_conditions(
    course: Workspace, changes: dict[str, Any], part: str
) -> None:
    edit(course, lambda cells: cells["contract"].update(source="The error stays below {{ maximum.new_points }}."))
    calibrated(course, name="mnist", **changes)
    made = make(course, "tiny")
    assert "stays below not yet calibrated" in made.source["cells"][0]["source"]
    assert any(part in warning for warning in made.warnings)


def test_a_new_bounded_check_can_be_released_before_it_is_calibrated(
    course: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calibration needs a release, so the release must not need the calibration."""
    specs = (SPECS[0].model_copy(update={"minimum": True}), *SPECS[1:])
    monkeypatch.setattr("autograder.checks.collect", lambda folder: specs)
    edit(course, lambda cells: cells["contract"].update(source="Stay below {{ maximum.double_values }}."))
    calibrated(course, name="mnist")
    made = make(course, "tiny")
    assert made.source["cells"][0]["source"] == "Stay below not yet calibrated."
    assert any("does not have maximum.double_values yet" in warning for warning in made.warnings)
    edit(course, lambda cells: cells["contract"].update(source="Stay below {{ maximum.double_type }}."))
    with pytest.raises(ReleaseError, match="which is unknown"):
        make(course, "tiny")


def test_data_that_the_notebook_brings_along_belong_to_its_reference(course: Workspace) -> None:
    """A locked cell that makes other data makes another reference necessary."""
    settings = course.root / "course.yml"
    settings.write_text(settings.read_text().replace("  tiny:\n", "  tiny:\n    data: own\n"))
    course = open_workspace(course.root)
    edit(course, lambda cells: cells["contract"].update(source="The error stays below {{ maximum.new_points }}."))
    calibrated(course, data=f"own:{own_data(read_source(course.source('tiny')))}")
    assert "below 4.13" in make(course, "tiny").source["cells"][0]["source"]
    edit(course, lambda cells: cells["load"].update(source="import numpy as np\nnumbers = np.arange(11)"))
    made = make(course, "tiny")
    assert "not yet calibrated" in made.source["cells"][0]["source"]
    assert any("was made with the data own:" in warning for warning in made.warnings)


def test_sizes_are_plain_numbers_even_without_profiles(course: Workspace) -> None:
    def mark(cells: dict[str, Any]) -> None:
        cells["load"]["metadata"]["autograder"] = {"sizes": True}

    edit(course, mark)
    with pytest.raises(ReleaseError, match="locked code cell with the grade_id 'sizes'"):
        make(course, "tiny")


def test_an_unknown_placeholder_names_the_nearest(course: Workspace) -> None:
    edit(course, lambda cells: cells["end"].update(source="Until {{ deadlin }}."))
    with pytest.raises(ReleaseError, match=r"\{\{ deadlin \}\}, which is unknown; the nearest name is "
                                           r"\{\{ deadline \}\}"):
        release_assignment(course, "tiny", prove=None)


def test_every_version_is_archived_and_a_changed_one_is_said(course: Workspace) -> None:
    first = release_assignment(course, "tiny", prove=None)
    edit(course, lambda cells: cells["end"].update(source="Done, well done."))
    second = release_assignment(course, "tiny", prove=None)
    assert {path.stem for path in course.releases("tiny").iterdir()} == {first.version, second.version}
    assert course.archived_release("tiny", second.version).read_bytes() == course.release("tiny").read_bytes()
    assert any(f"Release {first.version} is replaced by {second.version}" in warning for warning in second.warnings)


def test_the_version_is_the_content(course: Workspace) -> None:
    first = make(course, "tiny").version
    edit(course, lambda cells: cells["double"].update(source="### BEGIN SOLUTION\ndoubled = numbers + numbers\n"
                                                             "### END SOLUTION\ndoubled_shape = None"))
    assert make(course, "tiny").version == first, "another solution is the same release"
    edit(course, lambda cells: cells["why"]["metadata"]["nbgrader"].update(points=5))
    assert make(course, "tiny").version != first, "other points are another release"
    assert len(first) == 12


@pytest.mark.parametrize(("change", "sentence"), [
    (lambda c: c["end"]["metadata"].pop("nbgrader"), r"cell 9 \(“Done\.”\) has none"),
    (lambda c: c["end"]["metadata"]["nbgrader"].update(grade_id="why"), "'why' is used more than once"),
    (lambda c: c["end"]["metadata"]["nbgrader"].update(grade_id="the end"), "'the end' is used; rename it"),
    (lambda c: c["end"]["metadata"]["nbgrader"].update(locked=False), "'end' is neither an answer nor locked"),
    (lambda c: c["test-double"].update(gone=True), "'double' has to be followed by its test cell 'test-double'"),
    (lambda c: c["test-total"]["metadata"]["nbgrader"].update(grade_id="test-sum"), "but cell 'test-sum' follows"),
    (lambda c: c["double"].update(source="doubled = 2"), "'double' needs its solution between ### BEGIN SOLUTION"),
    (lambda c: c["double"].update(gone=True), "'test-double' tests no answer cell"),
    (lambda c: c["test-double"]["metadata"]["nbgrader"].update(points=0), "'test-double' has no points"),
    (lambda c: c["why"]["metadata"]["nbgrader"].pop("points"), "written answer 'why' needs points"),
    (lambda c: c["why"]["metadata"]["nbgrader"].update(task=True), "task cells, which are not supported"),
    (lambda c: c["double"].update(source="### BEGIN SOLUTION\nx = 1"), "no end solution statement found"),
    (lambda c: c["load"].update(source="### BEGIN SOLUTION\nx = 1\n### END SOLUTION"),
     "cannot release tiny: Solution region detected in a non-solution cell"),
    (lambda c: c["why"]["metadata"]["autograder"].update(rubric=[{"points": 3, "text": "Says so."}]),
     "The rubric of the written answer 'why' cannot be used: its lines have 3 points together and the answer is "),
    (lambda c: c["why"]["metadata"]["autograder"].update(rubric="Says so."), "it has to be a list of 1 to 9 lines"),
    (lambda c: c["double"]["metadata"]["autograder"].update(rubric=[{"points": 3, "text": "Says so."}]),
     "'double' has a rubric, but only written answers can have one"),
])
def test_a_source_that_does_not_fit_is_refused_in_one_sentence(
    course: Workspace, change: Callable[[dict[str, Any]], object], sentence: str
) -> None:
    edit(course, change)
    with pytest.raises(ReleaseError, match=sentence) as error:
        release_assignment(course, "tiny", prove=None)
    assert "\n" not in str(error.value)
    assert not course.release("tiny").exists()
    assert not course.releases("tiny").exists()


@pytest.mark.parametrize(("specs", "sentence"), [
    (SPECS[1:], "task 'double' have 1 points, its test cell 3"),
    ((*SPECS, SPECS[0].model_copy(update={"task": "totale"})), "'totale', which the notebook does not have; the "
                                                               "nearest one is 'total'"),
    ((SPECS[0].model_copy(update={"basis": Basis.CLAIMED}), *SPECS[1:]), "have 3 of 5 points, but at most 30%"),
])
def test_hidden_checks_have_to_fit(course: Workspace, specs: tuple[CheckSpec, ...], sentence: str) -> None:
    notebook = json.loads(course.source("tiny").read_text())
    check_points(notebook, SPECS)
    with pytest.raises(ReleaseError, match=sentence):
        check_points(notebook, specs)


def test_a_solution_line_in_any_released_file_stops_the_release(course: Workspace) -> None:
    path = course.source("tiny").parent / "hint.txt"
    path.write_text("try this:\n    doubled = np.multiply(numbers, 2.0)  # !\n")
    with pytest.raises(ReleaseError, match=r"release/…/hint\.txt would show students a line of the solution of"):
        release_assignment(course, "tiny", prove=None)
    assert not course.release("tiny").exists()


@pytest.mark.parametrize("place", ["metadata", "attachment", "hidden"])
def test_leaks_are_found_where_nobody_looks(course: Workspace, place: str) -> None:
    def leak(cells: dict[str, Any]) -> None:
        if place == "metadata":
            cells["double"]["metadata"]["autograder"]["title"] = "doubled = np.multiply(numbers, 2.0)"
        elif place == "attachment":
            cells["end"]["attachments"] = {"a.txt": {"text/plain": "total = float(np.add.reduce(doubled))"}}
        else:
            cells["total"]["metadata"]["autograder"]["title"] = "a sentence that only the hidden checks have"

    edit(course, leak)
    if place == "hidden":
        hidden = course.hidden("tiny") / "test_tiny.py"
        hidden.write_text(hidden.read_text() + "\na sentence that only the hidden checks have\n")
    with pytest.raises(ReleaseError, match="would show students a line of the"):
        release_assignment(course, "tiny", prove=None)


def test_lines_that_students_are_given_anyway_are_no_leak() -> None:
    source = {"cells": [
        {"metadata": {"nbgrader": {"grade_id": "a"}}, "source": "import numpy as np\nnumbers = np.arange(10)"},
        {"metadata": {"nbgrader": {"grade_id": "b", "solution": True}},
         "source": "### BEGIN SOLUTION\nnumbers = np.arange(10)\nshort = 1\n### END SOLUTION"},
    ]}
    check_leaks(source, {"a.txt": b"numbers = np.arange(10)\nshort = 1"}, {"test_a.py": "import numpy as np"})


def test_the_proof_sees_solution_and_release_and_can_stop_everything(course: Workspace) -> None:
    seen: dict[str, Any] = {}

    def refuse(assignment: str, solution: Path, blank: Path) -> None:
        seen.update(assignment=assignment, solution=json.loads(solution.read_text()),
                    blank=json.loads(blank.read_text()))
        raise ReleaseError("not proved")

    with pytest.raises(ReleaseError, match="not proved"):
        release_assignment(course, "tiny", prove=refuse)
    assert seen["assignment"] == "tiny"
    assert "np.multiply(numbers, 2.0)" in seen["solution"]["cells"][3]["source"]
    assert "# YOUR CODE HERE" in seen["blank"]["cells"][3]["source"]
    assert seen["solution"]["metadata"]["autograder"] == seen["blank"]["metadata"]["autograder"]
    assert not course.release("tiny").exists()


@pytest.mark.parametrize("damage", ["edited", "extra", "missing", "archive"])
def test_verify_finds_every_difference(course: Workspace, damage: str) -> None:
    report = release_assignment(course, "tiny", prove=None)
    folder = course.release("tiny").parent
    if damage == "edited":
        course.release("tiny").write_text(course.release("tiny").read_text().replace("Double them", "Triple them"))
    elif damage == "extra":
        (folder / "solution.py").write_text("x = 1")
    elif damage == "missing":
        (folder / "numbers.csv").unlink()
    else:
        course.archived_release("tiny", report.version).unlink()
    with pytest.raises(ReleaseError, match="autograder release tiny"):
        verify(course, "tiny")


def test_files_that_are_no_notebook_are_said(course: Workspace) -> None:
    course.source("tiny").write_text("# Markdown")
    with pytest.raises(ReleaseError, match=r"assignments/tiny/tiny\.ipynb was expected to be a notebook"):
        make(course, "tiny")
    course.source("tiny").unlink()
    with pytest.raises(ReleaseError, match="no such file"):
        make(course, "tiny")


@pytest.mark.slow
def test_hidden_checks_are_collected_for_real(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "course")
    course = open_workspace(tmp_path / "course")
    release_assignment(course, "tiny", prove=None)
    verify(course, "tiny")
    checks = course.hidden("tiny") / "test_tiny.py"
    checks.write_text(checks.read_text().replace("points=2", "points=1"))
    with pytest.raises(ReleaseError, match="task 'double' have 2 points, its test cell 3"):
        release_assignment(course, "tiny", prove=None)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_repositorys_release_is_what_its_source_generates(repository: Path, assignment: str) -> None:
    verify(open_workspace(repository), assignment)


def test_the_repository_releases_its_assignments_and_nothing_else(repository: Path) -> None:
    released = sorted(path.parent.name for path in (repository / "release").glob("*/*.ipynb"))
    assert released == sorted(open_workspace(repository).course.assignments) == ASSIGNMENTS


@pytest.mark.slow
def test_one_command_releases_the_whole_course(tmp_path: Path) -> None:
    """Each assignment that course.yml lists, by the command line; one that cannot be released is named."""
    from autograder.cli.main import _run

    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    mini = SAMPLE.parent / "mini"
    for part in ("assignments/mini", "tests/hidden/mini"):
        shutil.copytree(mini / part, root / part)
    settings = root / "course.yml"
    settings.write_text(settings.read_text() + "  mini:\n    title: Another\n")
    assert _run(["--course", str(root), "release", "--no-proof"]) == 0
    workspace = open_workspace(root)
    assert sorted(workspace.course.assignments) == ["mini", "tiny"]
    for name in workspace.course.assignments:
        verify(workspace, name)
    shutil.rmtree(root / "release" / "mini")
    with pytest.raises(ReleaseError, match="autograder release mini"):
        verify(workspace, "mini")


@pytest.mark.slow
def test_a_released_notebook_runs_in_plain_jupyter_with_errors_in_blank_tasks_only(course: Workspace) -> None:
    import nbclient

    release_assignment(course, "tiny", prove=None)
    notebook = nbformat.read(course.release("tiny"), as_version=4)
    nbclient.NotebookClient(notebook, allow_errors=True, timeout=120).execute()
    failed = {cell.id: output.evalue for cell in notebook.cells if cell.cell_type == "code"
              for output in cell.outputs if output.output_type == "error"}
    assert failed == {"test-double": "doubled does not exist yet.", "test-total": "name 'total' is not defined"}


def test_the_packages_of_every_grader_are_named_whatever_is_installed_here(course: Workspace) -> None:
    edit(course, lambda cells: cells["contract"].update(source="It has {{ packages }}."))
    release_assignment(course, "tiny", prove=None)
    text = next(cell["source"] for cell in released(course)["cells"] if cell["id"] == "contract")
    assert text.startswith("It has keras, tensorflow, numpy, pandas") and "sklearn" in text and "seaborn" not in text
