"""Right variants keep full marks, wrong ones lose what they name: the whole chain on a course of two seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Ending, Isolation
from autograder.pipeline.session.variant_files import SOLUTION

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "mini" / "reference" / "mini" / "variants"
RIGHT = (SOLUTION, *sorted(path.stem for path in (SAMPLE / "right").glob("*.py")))
WRONG = sorted(path.stem for path in (SAMPLE / "wrong").glob("*.py"))
AUTOMATIC, WRITTEN = 10.0, 2.0
NOT_A_NOTEBOOK = b"# My notes\n\nSaved under the wrong name.\n"


@pytest.fixture(scope="module")
def results(shared_classroom: Any) -> Any:
    """The whole class, graded once."""
    notebooks = {name: shared_classroom.variant(name) for name in (*RIGHT, *WRONG)}
    shared_classroom.hand_in({**notebooks, "blank": shared_classroom.released, "notes": NOT_A_NOTEBOOK})
    return shared_classroom.grade()


@pytest.mark.parametrize("name", RIGHT)
def test_right_work_keeps_full_marks(results: Any, look: Any, name: str) -> None:
    result = results[name]
    assert not look.lost(result), look.told(result)
    assert (result.score, result.withheld, result.complete) == (AUTOMATIC, 0, True)
    assert (result.manual, result.max_score) == (WRITTEN, AUTOMATIC + WRITTEN)
    assert result.execution.ending is Ending.COMPLETED and result.execution.isolation is Isolation.FULL


@pytest.mark.parametrize("name", WRONG)
def test_wrong_work_loses_exactly_what_it_names(shared_classroom: Any, results: Any, look: Any, name: str) -> None:
    variant = next(one for one in shared_classroom.variants("wrong") if one.name == name)
    result = results[name]
    assert look.lost(result) == set(variant.loses) | set(variant.blocks), look.told(result)
    points = {check.id: check.points for task in result.tasks for check in task.checks}
    assert result.score == AUTOMATIC - sum(points[check] for check in (*variant.loses, *variant.blocks))
    assert result.withheld == 0


def test_blank_work_scores_nothing_and_waits_for_nobody(results: Any) -> None:
    result = results["blank"]
    assert (result.status, result.score, result.withheld, result.complete) == ("graded", 0, 0, True)
    assert not any(task.answered for task in result.tasks)


def test_what_is_no_notebook_is_refused_with_a_sentence(results: Any) -> None:
    result = results["notes"]
    assert (result.status, result.score) == ("refused", 0)
    assert result.message and "\n" not in result.message and result.message.endswith(".")


def test_every_submission_has_its_files(shared_classroom: Any, results: Any) -> None:
    for student, result in results.items():
        folder = shared_classroom.workspace.results(student, "mini")
        assert shared_classroom.result(student) == result
        if result.status == "graded":
            kept = {path.name for path in folder.iterdir()}
            assert {"executed.ipynb", "execution.json", "curves.json", "artifacts"} <= kept
            assert ("misread.json" in kept) == ("predictions" in kept)
            assert json.loads((folder / "executed.ipynb").read_bytes())["nbformat"] == 4
        assert not [p.name for p in folder.iterdir() if p.name.startswith(".")]
        assert [p.name for p in folder.parent.iterdir()] == ["mini"]


def test_only_a_missed_minimum_is_tried_again_with_fresh_seeds(results: Any) -> None:
    """`inverted_test` misses a minimum, but not only that."""
    seeds = {student: result.provenance.seeds for student, result in results.items() if result.provenance}
    assert set(seeds.values()) == {(1,)}


def test_the_data_set_and_versions_are_recorded(results: Any) -> None:
    provenance = results[SOLUTION].provenance
    assert provenance.data.startswith("stand-in:")
    assert {"python", "keras", "numpy"} <= provenance.versions.keys()


@pytest.mark.rotates(part=5)
def test_restricted_walls_give_the_same_scores(shared_classroom: Any, results: Any, look: Any, tmp_path: Path) -> None:
    from dataclasses import replace

    from autograder.pipeline.grade.batch import grade_class
    from autograder.pipeline.session.options import RunOptions
    from autograder.workspace.progress import Silent

    other = replace(shared_classroom.workspace, output=tmp_path)
    (tmp_path / "submitted").symlink_to(shared_classroom.workspace.submitted_root)
    options = RunOptions(workers=2, allow_stand_in=True, gradebook=False, isolation=Isolation.RESTRICTED)
    with look.environment(look.without_true_data(shared_classroom.home)):
        again = {result.student: result for result in grade_class(other, ("mini",), options, Silent()).results}
    assert {name: result.score for name, result in again.items()} == {n: r.score for n, r in results.items()}
    graded = [result for result in again.values() if result.status == "graded"]
    assert graded and {result.execution.isolation for result in graded} == {Isolation.RESTRICTED}


def test_questions_to_the_student_have_the_answers_of_the_real_network(shared_classroom: Any, results: Any) -> None:
    """Compared with the weights that the run left, and with predictions that are calculated from them here."""
    import numpy as np

    from autograder.data import prepare, stand_in
    from autograder.pipeline.quiz import make_quiz
    from autograder.questions import Choice, Number
    from autograder.workspace.progress import Silent

    space = shared_classroom.workspace
    assert results[SOLUTION].status == "graded"
    quiz = make_quiz(space, "mini", Silent(), students=[SOLUTION], wanted=8)
    assert quiz == make_quiz(space, "mini", Silent(), students=[SOLUTION], wanted=8)
    [sheet] = quiz.sheets
    asked = {question.kind: question.answer for question in sheet.questions}
    last = sorted(space.artifacts(SOLUTION, "mini").glob("weights-*.npz"))[-1]
    with np.load(last) as file:
        hidden, hidden_bias, output, output_bias = (file[f"w{place}"] for place in range(4))
    sizes = [hidden.size + hidden_bias.size, output.size + output_bias.size]
    assert asked["layer-parameters"] == Number(value=sizes[1])
    share = asked["largest-layer"]
    assert isinstance(share, Number) and abs(share.value - 100 * sizes[0] / sum(sizes)) <= 0.01
    assert asked["updates"] == Number(value=-(-1000 // 32))
    assert asked["learning-rate"] == Number(value=0.001, tolerance=0.00001)  # Keras's default for adam

    prepared = prepare(stand_in(space.cache), space.cache)
    images = np.load(prepared.test_images)[:500].reshape(500, 784) / 255
    labels = np.load(prepared.test_labels)[:500]
    read = (np.maximum(images @ hidden + hidden_bias, 0) @ output + output_bias).argmax(axis=1)
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, read), 1)
    np.fill_diagonal(counts, 0)
    worst = asked.get("worst-confusion")
    if worst is None:  # two that are equally frequent, or too few
        assert np.sort(counts.ravel())[-1] < 5 or np.sort(counts.ravel())[-1] == np.sort(counts.ravel())[-2]
    else:
        assert isinstance(worst, Choice)
        assert worst.right == "digit {} taken for {}".format(*np.unravel_index(counts.argmax(), counts.shape))
    assert "validation-turn" not in asked and any("validation loss" in reason for reason in sheet.reasons)
