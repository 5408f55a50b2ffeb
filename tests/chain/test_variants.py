"""A variant for each student in the real chain: secret, release, calibration, upload, run, hidden checks, flags.

The mini course draws the units and the epochs of its network.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CalibrationError, CourseError
from autograder.model import Result, Status
from autograder.notebook import read_sizes
from autograder.notebook.variants import apply_variant, parse_variant
from autograder.pipeline.experiments.calibrate import calibrate_assignment
from autograder.pipeline.feedback import write_class
from autograder.pipeline.prove_variants import prove_variants
from autograder.pipeline.release.release import release_assignment, verify
from autograder.pipeline.release.student_copies import list_variants
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import SOLUTION, make_submission
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent
from autograder.workspace.variant_secret import create_secret, read_secret, student_copy, variants_secret
from tests.chain.test_sizes import CELL

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=2)]
CLASS = [f"student-{number:02}" for number in range(24)]
OPTIONS = RunOptions(workers=2, allow_stand_in=True, force_stand_in=True)
TYPED = """
# %% [fit]
model = keras.Sequential([keras.Input(shape=(784,)), keras.layers.Dense({units}, activation="relu"),
                          keras.layers.Dense(10, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(X_train, Y_train, batch_size=32, epochs={rounds})
"""
HELD = {"fit-layers", "fit-training"}
"""The checks that read the drawn numbers."""


@pytest.fixture(scope="module")
def room(shared_classroom: Any) -> Any:
    """The mini course with variants, released to its class and calibrated."""
    give_variants(shared_classroom.workspace)
    return shared_classroom


def give_variants(workspace: Workspace) -> None:
    """Let units and epochs of the mini course be drawn."""
    _edit_notebook(workspace)
    hidden = workspace.hidden("mini") / "test_mini.py"
    hidden.write_text(
        hidden.read_text().replace("fit_training(student)", "fit_training(student, sizes)")
        .replace("fit_layers(student)", "fit_layers(student, sizes)")
        .replace("epochs(2)", 'epochs(sizes["ROUNDS"])').replace("dense(32,", 'dense(int(sizes["UNITS"]),'))
    course = workspace.root / "course.yml"
    course.write_text(course.read_text() + "    variants:\n      draw: {UNITS: [24, 32, 40, 48], ROUNDS: [2, 3]}\n"
                      f"      seeds: 5\nstudents: [{', '.join(CLASS)}]\n")
    workspace = open_workspace(workspace.root)
    create_secret(workspace)
    release_assignment(workspace, "mini", prove=None)
    calibrate_assignment(workspace, "mini", OPTIONS, Silent(), seeds=5)
    release_assignment(workspace, "mini", prove=None)


def _edit_notebook(workspace: Workspace) -> None:
    """Let the notebook, and wrong variants in what they do not get wrong, use the names of a sizes cell."""
    path = workspace.source("mini")
    notebook = json.loads(path.read_text())
    notebook["cells"].insert(1, CELL | {"source": "UNITS = 32\nROUNDS = 2  # epochs\n"})
    path.write_text(json.dumps(notebook))
    for edited in (path, *workspace.variants("mini").glob("wrong/*.py")):
        edited.write_text(edited.read_text().replace("epochs=2", "epochs=ROUNDS").replace("Dense(32,", "Dense(UNITS,"))
    assert all(name in path.read_text() for name in ("epochs=ROUNDS", "Dense(UNITS,"))


def numbers(room: Any) -> dict[str, dict[str, int | float]]:
    return {one.student: one.numbers for one in list_variants(room.workspace, "mini")}


def copy_of(room: Any, student: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(student_copy(room.workspace, student, "mini").read_bytes())
    return found


def solved(room: Any, owner: str) -> dict[str, Any]:
    """Return a student's copy with the solution, which uses the names of the sizes cell."""
    return make_submission(room.workspace, "mini", SOLUTION, copy_of(room, owner))


def typed(room: Any, owner: str, like: dict[str, int | float]) -> dict[str, Any]:
    """Return a student's copy whose answers have certain numbers typed into them."""
    text = '"""Typed."""\n' + TYPED.format(units=like["UNITS"], rounds=like["ROUNDS"])
    return apply_variant(read_source(room.workspace.source("mini")), parse_variant(text, "made-here", "right"),
                         copy_of(room, owner))


def unlike(room: Any) -> tuple[str, str]:
    """Return two students who differ in both numbers."""
    all_numbers = numbers(room)
    first = CLASS[0]
    return first, next(student for student in CLASS if all(
        all_numbers[student][name] != number for name, number in all_numbers[first].items()))


def statuses(result: Result) -> dict[str, Status]:
    return {check.id: check.status for task in result.tasks for check in task.checks}


def test_each_student_has_a_copy_and_its_sizes_are_the_listed_ones(room: Any) -> None:
    listed = numbers(room)
    assert len({tuple(one.items()) for one in listed.values()}) >= 5
    for student in CLASS:
        assert read_sizes(copy_of(room, student)) == {**{"UNITS": 0, "ROUNDS": 0}, **listed[student]}
    verify(room.workspace, "mini")


def test_the_bound_is_that_of_the_weakest_corner_and_students_read_it(room: Any) -> None:
    reference = json.loads(room.workspace.reference("mini").read_bytes())
    family = reference["calibrations"]["stand-in/cpu"]["family"]
    assert len(family["corners"]) == 4 and all(corner["seeds"] == 5 for corner in family["corners"])
    lowest = min(corner["metrics"]["fit/model"]["minimum"] for corner in family["corners"])
    assert family["metrics"]["fit/model"]["minimum"] == lowest
    assert f"The minimum accuracy is {lowest:g}" in json.dumps(room.released)


def test_own_variant_full_marks_others_held_and_slips_cost_their_points(room: Any, look: Any) -> None:
    mine, other = unlike(room)
    third = next(student for student in CLASS if student not in (mine, other))
    fourth, fifth = [student for student in CLASS if student not in (mine, other, third)][:2]
    slip = {**numbers(room)[fifth], "UNITS": 72 - numbers(room)[fifth]["UNITS"]}  # another number of the range
    room.hand_in({
        mine: solved(room, mine),
        other: solved(room, mine),
        third: typed(room, third, _unlike_numbers(numbers(room), third)),
        fourth: typed(room, fourth, numbers(room)[fourth]),
        fifth: typed(room, fifth, slip),
    })
    results = room.grade()
    for own in (mine, fourth):
        assert look.lost(results[own]) == set() and not results[own].staff_flags, look.told(results[own])
    _held(results[other], f"made from the variant of {mine}")
    _held(results[third], "The answers have ROUNDS = ")
    assert statuses(results[fifth])["fit-layers"] is Status.FAILED and results[fifth].withheld == 0
    assert not any(one in " ".join(results[student].merge_notes) for student in (other, third) for one in CLASS)
    pages = {path.parents[1].name if path.parents[1].name in CLASS else path.parent.parent.name: path.read_text()
             for path in write_class(room.workspace, ("mini",), Silent())}
    assert "not those of your variant" in pages[other] and mine not in pages[other]


def _unlike_numbers(listed: dict[str, dict[str, int | float]], student: str) -> dict[str, int | float]:
    return next(one for one in listed.values() if all(one[name] != listed[student][name] for name in one))


def _held(result: Result, said: str) -> None:
    assert {check for check, status in statuses(result).items() if status is Status.UNJUDGED} == HELD
    assert not result.complete and result.withheld == 2
    assert any(said in flag for flag in result.staff_flags), result.staff_flags
    assert any("not those of your variant" in note for note in result.merge_notes)


def test_edited_numbers_do_not_count(room: Any, look: Any) -> None:
    student = CLASS[-1]
    copy = solved(room, student)
    for cell in copy["cells"]:
        if cell["id"] == "sizes":
            cell["source"] = "UNITS = 1\nROUNDS = 1"
    room.hand_in({student: copy})
    result = room.grade(students=(student,))[student]
    assert look.lost(result) == set() and any("was changed" in note for note in result.merge_notes)
    executed = json.loads(room.workspace.executed(student, "mini").read_bytes())
    assert {**read_sizes(executed)} == numbers(room)[student]


def test_drawn_solutions_earn_all_points_and_wrong_variants_lose_the_same(room: Any) -> None:
    rows = prove_variants(room.workspace, "mini", OPTIONS, Silent(), count=6, wrong=True)
    assert len(rows) > 10 and all(row.as_declared for row in rows), [row for row in rows if not row.as_declared]


def test_a_lost_or_changed_secret_stops_grading_and_release(room: Any) -> None:
    path = variants_secret(room.workspace)
    kept = read_secret(room.workspace)
    room.hand_in({CLASS[3]: solved(room, CLASS[3])})
    try:
        path.write_text("0" * 64)
        with pytest.raises(CourseError, match="put the right file back"):
            room.grade(students=(CLASS[3],))
        with pytest.raises(CourseError, match="put the right file back"):
            release_assignment(room.workspace, "mini", prove=None)
        path.unlink()
        with pytest.raises(CourseError, match="the course has no such file"):
            room.grade(students=(CLASS[3],))
        verify(room.workspace, "mini")  # in continuous integration there is no secret
    finally:
        path.write_text(kept)
        path.chmod(0o600)
    assert room.grade(students=(CLASS[3],))[CLASS[3]].status == "graded"


def test_ranges_that_were_not_calibrated_are_refused(room: Any, tmp_path: Path) -> None:
    course = room.root / "course.yml"
    before = course.read_text()
    course.write_text(before.replace("[24, 32, 40, 48]", "[24, 32, 40, 480]"))
    try:
        report = release_assignment(room.workspace, "mini", prove=None)
        assert any("does not cover the variant UNITS = 480" in warning for warning in report.warnings)
        with pytest.raises(CalibrationError, match="does not cover the variant ROUNDS = 2, UNITS = 480"):
            room.grade(students=(CLASS[3],))
    finally:
        course.write_text(before)
        release_assignment(room.workspace, "mini", prove=None)
