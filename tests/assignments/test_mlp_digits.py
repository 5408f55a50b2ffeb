"""The source notebook of mlp-digits: valid for nbgrader, complete, and true in the numbers that it states."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.checks import collect
from autograder.model import Basis, CheckSpec
from autograder.notebook import read_sizes
from autograder.notebook.variants import Variant, apply_variant, parse_variant, solution_submission

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "assignments/mlp-digits/mlp-digits.ipynb"
HIDDEN = ROOT / "tests/hidden/mlp-digits"
VARIANTS = ROOT / "reference/mlp-digits/variants"
TASKS = [
    "reshape", "subset", "cast", "standardize", "one-hot", "sigmoid-build", "count-parameters", "sigmoid-compile",
    "updates", "sigmoid-fit", "sigmoid-evaluate", "relu-build", "relu-compile", "relu-fit", "relu-ten",
    "dropout-build", "dropout-fit", "plots",
]
WRITTEN = ["why-sigmoid-fails", "what-dense-means", "not-acyclic", "watching-the-test-set"]
PLACEHOLDERS = {
    "title", "deadline", "late_rule", "attempts", "ai_rule", "cell_seconds", "notebook_seconds", "packages", "points",
    "open_in",
    "minimum.relu_accuracy", "minimum.relu_ten_accuracy", "minimum.dropout_accuracy",
}
SOURCE: dict[str, Any] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def grading(cell: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = cell["metadata"]["nbgrader"]
    return found


def cells(kind: str | None = None) -> list[dict[str, Any]]:
    return [cell for cell in SOURCE["cells"] if kind in (None, cell["cell_type"])]


def answers() -> list[dict[str, Any]]:
    return [cell for cell in cells("code") if grading(cell)["solution"]]


def public_tests() -> list[dict[str, Any]]:
    return [cell for cell in cells("code") if grading(cell)["grade"]]


def prose() -> str:
    return "\n".join(source(cell) for cell in cells("markdown") if not grading(cell)["solution"])


def variants() -> Iterator[Variant]:
    for kind in ("right", "wrong"):
        for path in sorted((VARIANTS / kind).glob("*.py")):
            yield parse_variant(path.read_text(encoding="utf-8"), path.stem, "right" if kind == "right" else "wrong")


def test_metadata_is_valid_for_nbgrader() -> None:
    notebook: Any = nbformat.from_dict(SOURCE)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert all(grading(cell)["schema_version"] == 3 for cell in cells())


def test_every_cell_has_its_id_and_nothing_else_is_open() -> None:
    ids = [cell["id"] for cell in cells()]
    assert len(set(ids)) == len(ids)
    assert all(cell["id"] == grading(cell)["grade_id"] for cell in cells())
    assert all(grading(cell)["locked"] != grading(cell)["solution"] for cell in cells())
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells("code"))


def test_tasks_come_in_the_order_of_the_course_each_with_its_test_cell_behind() -> None:
    assert [cell["id"] for cell in answers()] == TASKS
    ids = [cell["id"] for cell in cells()]
    for cell in answers():
        assert ids[ids.index(cell["id"]) + 1] == f"test-{cell['id']}"
        assert ids[ids.index(cell["id"]) - 1] == f"about-{cell['id']}"
        assert cell["metadata"]["autograder"]["title"]
    assert [cell["id"] for cell in public_tests()] == [f"test-{task}" for task in TASKS]
    assert [cell["id"] for cell in cells("markdown") if grading(cell)["solution"]] == WRITTEN


def test_points_are_what_the_contract_says() -> None:
    automatic = sum(grading(cell)["points"] for cell in public_tests())
    manual = sum(grading(cell)["points"] for cell in cells("markdown") if grading(cell)["grade"])
    assert (automatic, manual) == (40, 10)
    contract = source(SOURCE["cells"][0])
    assert f"{automatic} of the {{{{ points }}}} points" in contract and f"The other {manual} points" in contract
    for cell in cells("markdown"):
        if grading(cell)["solution"]:
            question = source(next(c for c in cells() if c["id"] == f"about-{cell['id']}"))
            assert f"({grading(cell)['points']} points)" in question


def test_placeholders_are_those_that_the_release_fills() -> None:
    assert set(re.findall(r"\{\{ ([\w.]+) \}\}", prose())) == PLACEHOLDERS
    assert "{{" not in "".join(source(cell) for cell in cells("code"))


def test_an_answer_cell_is_nothing_but_its_solution() -> None:
    for cell in answers():
        lines = source(cell).splitlines()
        assert (lines[0], lines[-1]) == ("### BEGIN SOLUTION", "### END SOLUTION"), cell["id"]
        assert "SOLUTION" not in "".join(lines[1:-1])


def test_no_solution_line_is_in_what_students_see() -> None:
    seen = "\n".join(source(cell) for cell in cells() if not grading(cell)["solution"])
    lines = {line.strip() for cell in cells() if grading(cell)["solution"] for line in source(cell).splitlines()}
    leaked = [line for line in lines if len(line) >= 15 and not line.startswith("###") and line in seen]
    assert not leaked


def test_every_name_is_given_before_it_is_needed() -> None:
    """What a test cell looks for, the text of this task or of an earlier one names."""
    told = ""
    for cell in cells():
        if cell["cell_type"] == "markdown" and not grading(cell)["solution"]:
            told += source(cell)
        if cell in public_tests():
            for name in re.findall(r'"(\w+)" in globals', source(cell)):
                assert f"`{name}`" in told, f"{cell['id']} asks for {name}"


@pytest.mark.parametrize("cell", public_tests(), ids=lambda cell: str(cell["id"]))
def test_a_blank_task_is_reported_in_words(cell: dict[str, Any]) -> None:
    """Where nothing was written, the first assert speaks: no NameError, and the missing name is in the sentence."""
    with pytest.raises(AssertionError, match=r"does not exist yet") as caught:
        exec(compile(source(cell), cell["id"], "exec"), {"np": np})
    first = re.search(r'"(\w+)" in globals', source(cell))
    assert first is not None and first[1] in str(caught.value)


def test_public_asserts_speak_and_end_with_the_same_line() -> None:
    for cell in public_tests():
        tree = ast.parse(source(cell))
        asserts = [node for node in tree.body if isinstance(node, ast.Assert)]
        assert asserts and all(node.msg is not None for node in asserts), cell["id"]
        assert source(cell).splitlines()[-1] == 'print("Public checks passed. This is not your grade.")'
        assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def run_test(task: str, **names: Any) -> None:
    cell = next(cell for cell in public_tests() if cell["id"] == f"test-{task}")
    exec(compile(source(cell), cell["id"], "exec"), {"np": np, **read_sizes(SOURCE), **names})


def test_cells_that_were_run_twice_are_noticed() -> None:
    pixels = np.tile(np.linspace(0, 255, 784, dtype="float32"), (60, 1))
    run_test("cast", X_train=pixels, X_test=pixels)
    run_test("cast", X_train=pixels / 255, X_test=pixels / 255)
    with pytest.raises(AssertionError, match="divided by 255 more than once"):
        run_test("cast", X_train=pixels / 255 / 255, X_test=pixels)
    standard = (pixels - pixels.mean()) / pixels.std()
    run_test("standardize", X_train=standard, X_test=standard)
    with pytest.raises(AssertionError, match="Was the cell run twice"):
        run_test("standardize", X_train=(standard - pixels.mean()) / pixels.std(), X_test=standard)
    with pytest.raises(AssertionError, match="scaled twice"):
        run_test("standardize", X_train=standard, X_test=(standard - pixels.mean()) / pixels.std())
    once = np.eye(10)[np.arange(6000) % 10]
    run_test("one-hot", Y_train=once, Y_test=once[:5000])
    with pytest.raises(AssertionError, match="encoded twice"):
        run_test("one-hot", Y_train=np.eye(2)[once.astype(int)], Y_test=once[:5000])


def test_the_usual_mistakes_of_the_preparation_are_reported() -> None:
    pixels = np.tile(np.linspace(0, 255, 784, dtype="float32"), (60, 1))
    with pytest.raises(AssertionError, match=r"shape \(60000, 784\).*it has \(60, 784\)"):
        run_test("reshape", train_images=pixels, X_train=pixels, X_test=pixels)
    with pytest.raises(AssertionError, match=r"mean of X_train should be 0.*stored under the name"):
        run_test("standardize", X_train=pixels, X_test=pixels)
    with np.errstate(invalid="ignore"), pytest.raises(AssertionError, match="one deviation for all pixels"):
        run_test("standardize", X_train=(pixels - pixels) / 0, X_test=pixels)
    with pytest.raises(AssertionError, match=r"X_train should be of the type float32; it is float64"):
        run_test("cast", X_train=pixels.astype("float64"), X_test=pixels)
    with pytest.raises(AssertionError, match="whole number"):
        run_test("updates", updates_per_epoch=6000 / 128)


@pytest.mark.parametrize(("task", "model"), [("relu-ten", "relu_ten"), ("dropout-fit", "dropout")])
def test_the_longer_trainings_take_as_many_epochs_as_the_sizes_cell_says(task: str, model: str) -> None:
    def run(epochs: int, **names: Any) -> None:
        history = {"loss": [0.5] * epochs, "val_loss": [0.5] * epochs}
        trained = SimpleNamespace(compiled=True)
        run_test(task, **{f"{model}_model": trained, f"{model}_history": history}, **names)

    assert read_sizes(SOURCE) == {"TRAIN_IMAGES": 6000, "TEST_IMAGES": 5000, "EPOCHS": 10}
    run(10)
    run(2, EPOCHS=2)
    with pytest.raises(AssertionError, match=f"{model}_history should hold 10 epochs; it holds 1"):
        run(1)
    answer = source(next(cell for cell in answers() if cell["id"] == task))
    assert "epochs=EPOCHS," in answer and "`EPOCHS` epochs" in prose()


def test_the_number_of_images_is_what_the_sizes_cell_says() -> None:
    """The longer run of the published text takes all images: the public checks follow it."""
    for many, few in ((60, 50), (600, 500)):
        sizes = {"TRAIN_IMAGES": many, "TEST_IMAGES": few}
        kept = {"X_train": np.zeros((many, 784)), "X_test": np.zeros((few, 784)),
                "y_train": np.zeros(many), "y_test": np.zeros(few)}
        run_test("subset", **kept, **sizes)
        with pytest.raises(AssertionError, match=f"X_train should hold {many} images; it holds {many - 1}"):
            run_test("subset", **kept | {"X_train": np.zeros((many - 1, 784))}, **sizes)
        run_test("one-hot", Y_train=np.eye(10)[np.zeros(many, int)], Y_test=np.eye(10)[np.zeros(few, int)], **sizes)
    shown = {"train_images": np.zeros((60000, 1)), "X_test": np.zeros((10000, 784), "uint8")}
    rows = np.zeros((60000, 784), "uint8")
    run_test("reshape", X_train=rows, **shown, TRAIN_IMAGES=60000)
    with pytest.raises(AssertionError, match="X_train has only 6,000 rows"):
        run_test("reshape", X_train=rows[:6000], **shown)


def test_no_variant_types_the_number_that_has_a_name() -> None:
    """An audit with other sizes runs them all, so each has to follow the sizes cell."""
    for variant in variants():
        code = "\n".join(cell.source for cell in variant.cells)
        assert not re.search(r"epochs=10\b|model, 10\)", code), variant.name


def test_the_text_says_what_the_course_demands() -> None:
    text = prose()
    for part in [
        "**one number each**", "whole training set", "669,706", "1,012,330", "0.1412", "684", "**1/4**",
        "0.879 with dropout and 0.886 without", "not required to raise the accuracy", "*steers* decisions",
        "only watches", "directed acyclic graph", "called *dense*", "about 0.74", "about 0.885", "0.15 to 0.3",
        "one-hot", "an *epoch* is over", "*batches*", "Colab does not lock",
        "without internet", "one scale and one shift", "YOUR CODE HERE", "restart the kernel, run all cells",
        "The sigmoid network has no minimum",
    ]:
        assert part in text, part
    assert text.count("<details>") >= 12 and text.count("<details>") == text.count("</details>")


def test_the_numbers_in_the_text_are_true() -> None:
    def network(units: int) -> int:
        return 784 * units + units + units * units + units + units * 10 + 10

    text = prose()
    assert f"{network(512):,}" == "669,706" and f"{network(684):,}" == "1,012,330"
    assert f"512 · 512 + 512 = {512 * 512 + 512:,}" in text and f"512 · 10 + 10 = {512 * 10 + 10:,}" in text
    assert math.ceil(6000 / 128) == 47 and "47" not in text, "the text must not give the answer of a task away"
    assert f"{784 * 512 + 512:,}" not in text
    assert f"{math.log(10):.2f} (the logarithm of 10)" in text
    for z in (-4, -2, 0, 2, 4):
        value = 1 / (1 + math.exp(-z))
        row = f"| {z} | {value:.3f} | {value * (1 - value):.3f} | {max(0, z)} |".replace("| -", "| −")
        assert row in text.replace("**", ""), row


@pytest.mark.slow
def test_the_networks_have_the_parameters_that_the_text_says() -> None:
    keras = pytest.importorskip("keras")

    def parameters(units: int) -> int:
        hidden = [keras.layers.Dense(units) for _ in range(2)]
        model = keras.Sequential([keras.Input((784,)), *hidden, keras.layers.Dense(10)])
        return int(model.count_params())

    assert (parameters(512), parameters(684)) == (669_706, 1_012_330)


def test_every_variant_is_a_whole_submission() -> None:
    solution = solution_submission(SOURCE)
    names = []
    for variant in variants():
        made = apply_variant(SOURCE, variant)
        names.append(variant.name)
        assert made != solution, variant.name
        for cell in made["cells"]:
            if cell["cell_type"] == "code" and "%" not in source(cell)[:2]:
                ast.parse(source(cell))
    assert len(names) == len(set(names)) and len(names) >= 20


def test_the_variants_that_the_course_demands_are_there() -> None:
    by_kind = {kind: {v.name for v in variants() if v.kind == kind} for kind in ("right", "wrong")}
    assert by_kind["right"] >= {
        "functional-api", "add-method", "separate-activations", "input-shape-argument", "objects", "extra-cells",
        "numpy-spellings", "helper-functions",
    }
    assert by_kind["wrong"] >= {
        "own-statistics", "train-mages", "labels-not-one-hot", "units-500", "sigmoid-kept", "fit-on-test-set",
        "wrong-batch-size", "evaluation-skipped", "figures-missing", "epochs-lowered",
    }


@pytest.fixture(scope="module")
def specs() -> dict[str, CheckSpec]:
    return {spec.id: spec for spec in collect(HIDDEN)}


def test_hidden_checks_carry_the_points_of_their_test_cells(specs: dict[str, CheckSpec]) -> None:
    for cell in public_tests():
        task = cell["id"].removeprefix("test-")
        assert sum(spec.points for spec in specs.values() if spec.task == task) == grading(cell)["points"], task
    assert {spec.task for spec in specs.values()} == set(TASKS)


def test_at_most_30_percent_is_only_claimed(specs: dict[str, CheckSpec]) -> None:
    claimed = sum(spec.points for spec in specs.values() if spec.basis is Basis.CLAIMED)
    assert claimed <= 0.3 * 40


def test_the_text_states_exactly_the_minima_that_are_graded(specs: dict[str, CheckSpec]) -> None:
    graded = {f"minimum.{spec.id.replace('-', '_')}" for spec in specs.values() if spec.minimum}
    assert graded == {name for name in PLACEHOLDERS if name.startswith("minimum.")}
    for spec in specs.values():
        if spec.minimum:
            about = source(next(cell for cell in cells() if cell["id"] == f"about-{spec.task}"))
            assert f"{{{{ minimum.{spec.id.replace('-', '_')} }}}}" in about


def test_a_wrong_variant_names_checks_that_exist(specs: dict[str, CheckSpec]) -> None:
    for variant in variants():
        assert set(variant.loses) | set(variant.blocks) <= set(specs), variant.name
        assert not set(variant.loses) & set(variant.blocks), variant.name


def test_what_students_read_of_a_check_is_a_sentence(specs: dict[str, CheckSpec]) -> None:
    for spec in specs.values():
        assert spec.title.endswith(".") and "obvious" not in spec.title and len(spec.title) <= 110, spec.title
