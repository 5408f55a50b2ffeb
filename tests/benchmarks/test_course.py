"""The short course that is measured: derived from the real assignment, so a change there must not void the figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from autograder.checks import collect
from autograder.notebook import read_sizes
from autograder.pipeline.release.release import make
from autograder.pipeline.release.validate import check_points
from autograder.workspace.layout import open_workspace
from benchmarks import asserts, course


@pytest.fixture(scope="module")
def source(repository: Path) -> course.Notebook:
    path = repository / "assignments" / course.ASSIGNMENT / f"{course.ASSIGNMENT}.ipynb"
    return course.short_notebook(json.loads(path.read_bytes()))


SIZES = {"TRAIN_IMAGES": 6000, "TEST_IMAGES": 5000, "EPOCHS": 1}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("short") / "course"
    course.write_course(folder)
    return folder


def _code(notebook: course.Notebook) -> str:
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")


def test_three_models_are_trained_for_one_epoch_each(source: course.Notebook) -> None:
    code = _code(source)
    assert code.count(".fit(") == 3
    assert code.count("epochs=1,") == 2 and code.count("epochs=EPOCHS,") == 1
    assert read_sizes(source) == SIZES


def test_the_removed_task_leaves_no_cell(source: course.Notebook) -> None:
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in source["cells"]]
    assert not [name for name in names if "relu-ten" in name]
    assert "test-dropout-fit" in names


def test_a_trace_of_the_removed_network_is_an_error() -> None:
    with pytest.raises(course.NotShort, match="relu_ten_model"):
        course.shorten_text("relu_ten_model.fit(X_train, Y_train)")


def test_settings_keep_this_assignment_only() -> None:
    short = yaml.safe_load(course.settings_of(
        "id: a\nstudents: [x]\nassignments:\n  other: {title: O}\n  mlp-digits: {title: M}\n"))
    assert short == {"id": "a", "assignments": {"mlp-digits": {"title": "M"}}}


@pytest.mark.slow
def test_the_written_course_can_be_released(written: Path) -> None:
    made = make(open_workspace(written), course.ASSIGNMENT)
    check_points(made.source, collect(written / "tests/hidden" / course.ASSIGNMENT))
    # The text promises what is graded: the lowered minimum of the reference, not the real course's.
    text = "".join(cell["source"] for cell in made.source["cells"] if cell["id"] == "about-relu-fit")
    assert f"{course.MINIMUMS['relu-fit/relu_model']:.3f}" in text


def test_every_right_variant_but_the_named_ones_has_a_short_form(repository: Path) -> None:
    folder = repository / "reference" / course.ASSIGNMENT / "variants" / "right"
    present = {path.stem for path in folder.glob("*.py")}
    assert present >= course.LEFT_OUT
    assert {variant.name for variant in course.right_variants()} == present - course.LEFT_OUT


def test_no_two_hand_ins_are_alike(source: course.Notebook) -> None:
    made = course.submissions(source, source, 9, course.right_variants())
    texts = {_code(notebook) for notebook in made.values()}
    assert len(made) == len(texts) == 9


def test_every_hand_in_trains_all_models(source: course.Notebook) -> None:
    for student, notebook in course.submissions(source, source, 8, course.right_variants()).items():
        code = _code(notebook)
        compile(code.replace("%", "#"), student, "exec")
        assert all(f"{name}_model" in code for name in ("sigmoid", "relu", "dropout"))
        assert read_sizes(notebook) == SIZES and "epochs=10" not in code


def test_every_graded_task_has_asserts_for_nbgrader(source: course.Notebook) -> None:
    tasks = {cell["metadata"]["nbgrader"]["grade_id"].removeprefix("test-") for cell in source["cells"]
             if cell["metadata"]["nbgrader"]["grade"] and cell["cell_type"] == "code"}
    assert tasks == set(asserts.ASSERTS)
    for task, text in asserts.ASSERTS.items():
        compile(text, task, "exec")
        assert "assert " in text or "_compiled(" in text


def test_asserts_go_into_the_test_cells_only(source: course.Notebook) -> None:
    before = {cell["id"]: "".join(cell["source"]) for cell in source["cells"]}
    changed = {cell["id"] for cell in asserts.with_hidden_tests(source)["cells"]
               if "".join(cell["source"]) != before[cell["id"]]}
    assert changed == {f"test-{task}" for task in asserts.ASSERTS}
