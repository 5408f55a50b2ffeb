"""Published figures next to measured ones: what is compared, what is refused, and the table as it is written."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import ArrayValue, Checkpoint, MappingValue, ScalarValue, SequenceValue
from autograder.errors import CalibrationError
from autograder.model import Calibration, MetricSpread, Reference
from autograder.model.reproduction import Reproduction
from autograder.notebook import layout
from autograder.pipeline.experiments.facts import numbers_of
from autograder.pipeline.experiments.reproduce import measured, read_published, read_reproduction, summarize
from autograder.pipeline.experiments.reproduction_table import (
    BEGIN,
    END,
    PAGE,
    are_current,
    short_table,
    table,
    with_table,
    write_tables,
)
from autograder.pipeline.experiments.runs import Run
from autograder.pipeline.session.source_notebook import read_source
from autograder.testing import SPECS, FakePool, make_session
from autograder.workspace.layout import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[3]
MINI = ROOT / "tests" / "samples" / "mini"
ASSIGNMENTS = sorted(path.name for path in (ROOT / "assignments").iterdir() if path.is_dir())
FIGURES: dict[str, Any] = {"schema_version": 1, "assignment": "mini", "recipe": "all of it, twice", "figures": [
    {"quantity": "accuracy, epochs 1 and 2", "published": [0.7, 0.8],
     "measured": ["history:fit/accuracy[1]", "history:fit/accuracy[-1]"], "digits": 2},
    {"quantity": "test accuracy", "published": "over 80 %", "measured": ["number:evaluate/test_accuracy"],
     "note": "Shorter | smaller."},
    {"quantity": "error", "published": [4.5], "measured": ["metric:error"], "digits": 1},
]}


@pytest.fixture
def course(tmp_path: Path) -> Workspace:
    """The mini course with published figures and a README."""
    shutil.copytree(MINI, tmp_path / "course")
    workspace = open_workspace(tmp_path / "course")
    publish(workspace, FIGURES)
    for path in (workspace.root / "README.md", workspace.root / PAGE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# Mini\n\n{BEGIN}\nold\n{END}\n\nThe end.\n")
    return workspace


def publish(workspace: Workspace, figures: dict[str, Any]) -> None:
    path = workspace.reference("mini").with_name("published.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures))


def run(seed: int, **changes: Any) -> Run:
    fields: dict[str, Any] = {
        "variant": "solution", "seed": seed, "fingerprint": "f", "seconds": 60.0 + seed, "facts": {},
        "metrics": {"error": 4.0 + seed}, "numbers": {"evaluate/test_accuracy": 0.8 + seed / 100},
        "curves": {"fit": {"accuracy": [0.6, 0.7 + seed / 100]}}, "sizes": {"EPOCHS": 2}}
    return Run(**(fields | changes))


def reproduced(workspace: Workspace, *runs: Run) -> Reproduction:
    asks = SPECS[0].model_copy(update={"id": "evaluation", "predicts": (("model", "X_test"),)})
    made = make_session(specs=(asks, SPECS[0].model_copy(update={"id": "fit-layers"})),
                        pool=FakePool(versions={"keras": "3.15.1", "tensorflow": "2.21.0"}))
    session = replace(made, prepared=replace(made.prepared, name="mnist", fingerprint="abc"))
    return summarize(read_published(workspace, "mini"), runs, session)


def test_each_figure_is_measured_once_per_seed(course: Workspace) -> None:
    found = reproduced(course, run(1), run(2), run(3, lost=("fit-layers", "evaluation")))
    assert found.seeds == (1, 2, 3) and found.seconds == (61.0, 62.0, 63.0)
    assert {name: pytest.approx(values) for name, values in found.measured.items()} == {
        "history:fit/accuracy[1]": (0.6, 0.6, 0.6), "history:fit/accuracy[-1]": (0.71, 0.72, 0.73),
        "number:evaluate/test_accuracy": (0.81, 0.82, 0.83), "metric:error": (5.0, 6.0, 7.0)}
    assert (found.lost, found.sizes, found.data) == (("fit-layers",), {"EPOCHS": 2}, "mnist:abc"), (
        "checks that ask a model count on the copies in a student's test set")
    assert Reproduction.from_json(found.to_json()) == found and found.processor


@pytest.mark.parametrize(("name", "value"), [
    ("history:fit/accuracy[2]", 0.71), ("history:fit/accuracy[-2]", 0.6), ("metric:error", 5.0),
])
def test_epochs_count_from_one_and_from_the_end(name: str, value: float) -> None:
    assert measured("mini", run(1), name) == value


def test_a_number_belongs_to_the_task_that_made_or_changed_it() -> None:
    def scalar(value: float | None) -> ScalarValue:
        return ScalarValue(type="float", value=value)

    row = SequenceValue(type="tuple", length=2, items=(scalar(0.9), scalar(0.1)))
    rows = np.array([3.0, np.nan, 5.0])
    found = {task: Checkpoint(task=task, cell=None, names=names) for task, names in {
        "first": {"a": scalar(1.5), "b": scalar(2), "flag": scalar(True), "no": scalar(None)},
        "second": {"a": scalar(1.5), "b": scalar(3), "flag": scalar(True),
                   "table": MappingValue(type="dict", length=1, items={"SGD": row})},
        "third": {"means": ArrayValue(type="numpy.ndarray", shape=(3,), dtype="float64", rows=rows,
                                      indices=np.arange(3))},
    }.items()}
    assert numbers_of(found) == {"first/a": 1.5, "first/b": 2.0, "second/b": 3.0, "second/table/SGD/0": 0.9,
                                 "second/table/SGD/1": 0.1, "third/means/0": 3.0, "third/means/2": 5.0}


@pytest.mark.parametrize(("name", "near"), [
    ("history:fit/accuracy[3]", "history:fit/accuracy["), ("number:evaluate/accuracy", "number:evaluate/test_accuracy"),
    ("metric:errors", "metric:error"),
])
def test_a_figure_that_no_run_has_names_the_nearest(name: str, near: str) -> None:
    with pytest.raises(CalibrationError) as caught:
        measured("mini", run(1), name)
    assert f"compares a figure with {name}" in str(caught.value) and f"the nearest is {near}" in str(caught.value)


def test_the_full_recipe_in_the_table(course: Workspace) -> None:
    path = course.reference("mini").with_name("reproduction.json")
    path.write_text(reproduced(course, run(1), run(2), run(3)).to_json())
    lines = table(course).splitlines()
    assert lines[2] == ("| `mini` | accuracy, epochs 1 and 2 | 0.70, 0.80 | 0.60 (0.60–0.60), 0.72 (0.71–0.73) | "
                        "3, full recipe | 62 (61–63) |  |")
    assert lines[3] == ("|  | test accuracy | over 80 % | 0.8200 (0.8100–0.8300) | 3, full recipe |  | "
                        "Shorter \\| smaller. |")
    assert lines[4].startswith("|  | error | 4.5 | 6.0 (5.0–7.0) |")
    told = r"Recipes: keras 3\.15\.1, tensorflow 2\.21\.0, one core of .+, data mnist:abc\."
    assert re.fullmatch(told, lines[6])


def test_each_recipe_has_its_own_figures_and_runs(course: Workspace) -> None:
    """The text prints one figure of a short run, and one of all the data: each is compared with runs of its own."""
    short, whole = FIGURES["figures"][1] | {"profile": "notebook"}, FIGURES["figures"][2]
    publish(course, FIGURES | {"figures": [short, whole]})
    published = read_published(course, "mini")
    assert published.profiles == ("notebook", "full")
    for profile, runs in (("notebook", (run(1), run(2))), ("full", (run(3), run(4), run(5)))):
        session = make_session(specs=SPECS[:1], pool=FakePool(versions={}))
        found = summarize(published.of_profile(profile), runs, session)
        assert found.profile == profile
        name = "reproduction.json" if profile == "full" else "reproduction-notebook.json"
        course.reference("mini").with_name(name).write_text(found.to_json())
    lines = table(course).splitlines()
    assert "| 0.8150 (0.8100–0.8200) | 2, notebook's sizes | 62 (" in lines[2]
    assert lines[3].startswith("|  | error | 4.5 | 8.0 (7.0–9.0) | 3, full recipe | 64 (63–65) |")
    assert [line.count("over 80 %") + line.count("4.5") for line in short_table(course).splitlines()[2:]] == [1, 1]


def test_a_reproduction_of_another_profile_is_refused(course: Workspace) -> None:
    path = course.reference("mini").with_name("reproduction-notebook.json")
    path.write_text(reproduced(course, run(1), run(2), run(3)).to_json())
    with pytest.raises(CalibrationError, match="does not describe a reproduction in the profile 'notebook'"):
        read_reproduction(course, "mini", "notebook")


def test_runs_with_another_backend_have_a_file_of_their_own(course: Workspace) -> None:
    kept = course.reference("mini").with_name("reproduction.json")
    kept.write_text(reproduced(course, run(1), run(2), run(3)).to_json())
    assert read_reproduction(course, "mini", backend="jax") is None
    other = reproduced(course, run(4), run(5), run(6))
    kept.with_name("reproduction.jax.json").write_text(other.to_json())
    assert read_reproduction(course, "mini", backend="jax") == other != read_reproduction(course, "mini")


def test_a_profile_that_the_assignment_lacks_is_refused_before_any_run(course: Workspace) -> None:
    from autograder.pipeline.experiments.reproduce import reproduce_assignment
    from autograder.pipeline.session.options import RunOptions
    from autograder.workspace.progress import Silent

    publish(course, FIGURES | {"figures": [FIGURES["figures"][1] | {"profile": "whole"}]})
    with pytest.raises(CalibrationError, match=r"names the profile 'whole', but mini has full, .*notebook"):
        reproduce_assignment(course, "mini", RunOptions(), Silent(), seeds=3)


def test_without_a_full_run_the_calibrated_short_form_is_shown_as_such(course: Workspace) -> None:
    assert "not run yet" in table(course)
    spread = MetricSpread(values=(4.0, 5.0, 9.0), mean=6, deviation=1, tolerance_bound=9, coverage=0.9, confidence=0.9,
                          slack=0, minimum=None, maximum=9, false_fail=0)
    found = Calibration(data="stand-in:1", device="cpu", versions={}, calibrated_at="", seconds=(2.0, 3.0, 4.0),
                        runs=("solution#1", "solution#2", "other#2", "solution#3"), metrics={"error": spread},
                        curves={"fit": {"accuracy": ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6))}})
    course.reference("mini").write_text(
        Reference(assignment="mini", calibrations={"stand-in/cpu": found}).to_json())
    assert short_table(course).splitlines()[-1].endswith("| 0.70, 0.80 | not run yet |")
    lines = table(course).splitlines()
    assert "| 0.20 (0.10–0.30), 0.50 (0.40–0.60) | 3, graded short form on the embedded digits | 3 (2–4) |" in lines[2]
    assert lines[3].startswith("|  | test accuracy | over 80 % | – | – |")
    assert "| 5.0 (4.0–9.0) |" in lines[4]


def test_the_tables_replace_what_is_between_the_comments(course: Workspace) -> None:
    assert not are_current(course)
    written = [path.read_text() for path in write_tables(course)]
    for text in written:
        assert text.startswith("# Mini\n") and text.endswith("\n\nThe end.\n") and "old" not in text
    assert are_current(course)
    assert [path.read_text() for path in write_tables(course)] == written
    assert table(course) in written[0] and short_table(course) in written[1]


def test_the_short_table_has_the_first_figure_of_each_assignment(course: Workspace) -> None:
    course.reference("mini").with_name("reproduction.json").write_text(reproduced(course, run(1), run(2)).to_json())
    first = table(course).splitlines()[2]
    assert short_table(course).splitlines()[2:] == [" | ".join(first.split(" | ")[:4]) + " |"]


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_page_without_the_comments_is_refused(text: str) -> None:
    with pytest.raises(CalibrationError, match="once each, in this order"):
        with_table(text, "table", "README.md")


@pytest.mark.parametrize(("change", "part"), [
    ({"assignment": "other"}, "says that it is of 'other'"), ({"figures": []}, "figures"),
    ({"figures": [{**FIGURES["figures"][0], "published": [0.7]}]}, "has 1 published figures and 2 measured ones"),
    ({"figures": [{**FIGURES["figures"][2], "measured": ["error"]}]}, "metric:…, number:… or history:…"),
    ({"figures": [{**FIGURES["figures"][2], "publishd": 1}]}, "publishd"),
])
def test_wrong_figures_are_one_sentence(course: Workspace, change: dict[str, Any], part: str) -> None:
    publish(course, FIGURES | change)
    with pytest.raises(CalibrationError) as caught:
        table(course)
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_missing_and_damaged_files_are_one_sentence(course: Workspace) -> None:
    damaged = course.reference("mini").with_name("reproduction.json")
    damaged.write_text("{")
    with pytest.raises(CalibrationError, match="run `autograder reproduce mini` again"):
        read_reproduction(course, "mini")
    course.reference("mini").with_name("published.json").unlink()
    with pytest.raises(CalibrationError, match="there is no such file; write it first"):
        table(course)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_courses_figures_are_compared_with_what_its_notebooks_have(repository: Path, assignment: str) -> None:
    course = open_workspace(repository)
    published = read_published(course, assignment)
    source = read_source(course.source(assignment))
    tasks = [task.id for task in layout(source).tasks if task.kind == "code"]
    answers = "\n".join(cell["source"] for cell in source["cells"])
    checks = "\n".join(path.read_text() for path in course.hidden(assignment).rglob("*.py"))
    for figure in published.figures:
        for name in figure.measured:
            kind, _, rest = name.partition(":")
            parts = rest.split("/")
            if kind == "metric" and parts[0] not in tasks:
                assert f'"{rest}"' in checks, name
                continue
            assert re.sub(r" \(\d+\)$", "", parts[0]) in tasks, name
            assert kind == "history" or re.search(rf"\b{re.escape(parts[1])}\b", answers), name


def test_the_pages_show_the_tables_that_the_command_writes(repository: Path) -> None:
    assert are_current(open_workspace(repository)), "run `autograder reproduce --table` and commit what it wrote"


@pytest.mark.slow
@pytest.mark.rotates(part=5)
def test_a_full_run_resumes_and_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real thing on the mini course and the embedded digits: three seeds, then none again."""
    from autograder.pipeline.experiments import runs
    from autograder.pipeline.experiments.reproduce import reproduce_assignment
    from autograder.pipeline.release.release import release_assignment
    from autograder.pipeline.session.options import RunOptions
    from autograder.workspace.progress import Silent

    shutil.copytree(MINI, tmp_path / "course")
    cache = ROOT / ".cache"
    for kept in cache.glob("stand-in-*.npz"):
        (tmp_path / "course" / ".cache").mkdir(exist_ok=True)
        (tmp_path / "course" / ".cache" / kept.name).symlink_to(kept)
    workspace = open_workspace(tmp_path / "course")
    publish(workspace, {**FIGURES, "figures": FIGURES["figures"][:2]})
    release_assignment(workspace, "mini", prove=None)

    def again() -> Reproduction:
        options = RunOptions(workers=2, allow_stand_in=True, force_stand_in=True)
        (path,) = reproduce_assignment(workspace, "mini", options, Silent(), seeds=3)
        return Reproduction.from_json(path.read_bytes())

    first = again()
    assert first.seeds == (1, 2, 3) and not first.lost and first.data.startswith("stand-in:")
    accuracies = first.measured["number:evaluate/test_accuracy"]
    assert len(set(accuracies)) == 3 and all(0.3 < value < 1 for value in accuracies)

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("a finished run was made again")

    monkeypatch.setattr(runs, "run_notebook", never)
    assert again().measured == first.measured
