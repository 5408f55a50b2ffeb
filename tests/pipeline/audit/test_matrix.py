"""What follows from the results of an audit: everything here is made up, nothing is run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.errors import ReleaseError
from autograder.model import Basis, Calibration, CheckResult, CheckSpec, MetricSpread, Result, Status, TaskResult
from autograder.notebook.variants import parse_variant
from autograder.pipeline.audit.audit import declared_row
from autograder.pipeline.audit.matrix import (
    Matrix,
    Row,
    Run,
    State,
    depends_on_training,
    near_bounds,
    state_of,
    summarize_run,
    unjudged_in,
    with_runs,
)

LOST, KEPT, BLOCKED, WITHHELD = State.LOST, State.KEPT, State.BLOCKED, State.WITHHELD


def spec(name: str, **settings: Any) -> CheckSpec:
    return CheckSpec(id=name, task="fit", title=f"{name}.", points=1, basis=Basis.MEASURED, **settings)


SPECS = (spec("shape"), spec("layers"), spec("accuracy", minimum=True, predicts=(("model", "X_test"),)))


def row(name: str, kind: Any, *runs: dict[str, State], **declared: Any) -> Row:
    filled = [{check.id: states.get(check.id, KEPT) for check in SPECS} for states in runs]
    return Row(name=name, kind=kind, why="Because.", **declared,
               runs=tuple(Run(seed=1 + number * 100, score=0, states=states) for number, states in enumerate(filled)))


NOTHING = dict.fromkeys(("shape", "layers", "accuracy"), LOST)
SOUND = (row("solution", "solution", {}), row("blank", "blank", NOTHING), row("other-api", "right", {}),
         row("rows", "wrong", {"shape": LOST}, loses=("shape",)),
         row("units", "wrong", {"layers": LOST}, loses=("layers",)),
         row("untrained", "wrong", {"accuracy": LOST}, {"accuracy": LOST}, loses=("accuracy",)))


def matrix(*rows: Row, **changed: Any) -> Matrix:
    return Matrix(assignment="mini", data="stand-in:f00", form="full", checks=SPECS, rows=rows, **changed)


def without(name: str) -> tuple[Row, ...]:
    return tuple(one for one in SOUND if one.name != name)


def test_a_sound_course_is_clean() -> None:
    found = matrix(*SOUND)
    assert found.clean
    assert found.catches == {"shape": ("rows",), "layers": ("units",), "accuracy": ("untrained",)}
    assert not found.idle and not found.uncaught and not found.losing and not found.undeclared


def test_a_check_that_catches_nothing() -> None:
    found = matrix(*without("units"))
    assert found.idle == ("layers",) and not found.clean
    assert not found.undeclared, "no row is to blame"


def test_a_blocked_check_catches_nothing() -> None:
    blocked = row("units", "wrong", {"shape": LOST, "layers": BLOCKED}, loses=("shape",), blocks=("layers",))
    found = matrix(*without("units"), blocked)
    assert blocked.as_declared and found.idle == ("layers",)


def test_a_mistake_that_nothing_catches() -> None:
    found = matrix(*SOUND, row("unseen", "wrong", {}, loses=("shape",)))
    assert found.uncaught == found.undeclared == ("unseen",) and not found.clean


def test_a_mistake_that_only_one_seed_shows_is_not_caught() -> None:
    found = matrix(*without("untrained"), row("untrained", "wrong", {"accuracy": LOST}, {}, loses=("accuracy",)))
    assert found.uncaught == ("untrained",)
    assert [(one.seed, one.expected, one.seen) for one in found.rows[-1].deviations()] == [(101, LOST, KEPT)]


@pytest.mark.parametrize("state", [LOST, BLOCKED, WITHHELD])
def test_a_right_variant_that_loses_points(state: State) -> None:
    found = matrix(*SOUND, row("fair", "right", {"layers": state}))
    assert found.losing == found.undeclared == ("fair",) and not found.clean


def test_a_wrong_variant_that_loses_more_than_it_declares() -> None:
    found = matrix(*SOUND, row("more", "wrong", {"shape": LOST, "layers": LOST}, loses=("shape",)))
    assert found.undeclared == ("more",) and not found.uncaught


@pytest.mark.parametrize("state, right", [(LOST, False), (BLOCKED, False), (WITHHELD, True), (KEPT, False)])
def test_what_a_person_has_to_decide_is_declared_as_such(state: State, right: bool) -> None:
    one = row("lambda", "wrong", {"shape": LOST, "accuracy": state}, loses=("shape",), withholds=("accuracy",))
    assert one.as_declared is right


@pytest.mark.parametrize("state, fair", [(LOST, True), (BLOCKED, True), (KEPT, False), (WITHHELD, False)])
def test_blank_work_earns_nothing_and_waits_for_nobody(state: State, fair: bool) -> None:
    assert row("blank", "blank", {**NOTHING, "layers": state}).as_declared is fair


def test_a_minimum_that_the_solution_misses_is_distinguished() -> None:
    found = matrix(row("solution", "solution", {"accuracy": LOST}), *SOUND[1:])
    assert found.missed_minimums == ("accuracy",) and found.losing == ("solution",)
    assert not matrix(row("solution", "solution", {"layers": LOST}), *SOUND[1:]).missed_minimums


def test_a_row_that_could_not_be_graded_proves_nothing() -> None:
    broken = Row(name="fair", kind="right", why="So.", runs=(Run(seed=1, score=0, states={}, message="It died."),))
    assert matrix(*SOUND, broken).undeclared == ("fair",)
    assert not Row(name="never", kind="right", why="So.").as_declared


def test_the_short_form_leaves_training_alone_and_what_needs_it() -> None:
    needing = (*SPECS, spec("answer", needs=("accuracy",)), spec("curve"))
    assert unjudged_in("short", needing) == ("accuracy", "answer")
    assert unjudged_in("full", needing) == ()
    found = matrix(*without("untrained"), unjudged=("accuracy",))
    assert found.clean and "accuracy" not in found.catches


def test_statuses_as_a_variant_can_declare_them() -> None:
    def made(status: Status) -> CheckResult:
        return CheckResult(id="a", task="fit", title="A.", points=1, earned=None, status=status, basis=Basis.MEASURED)

    assert {status: state_of(made(status)) for status in Status} == {
        Status.PASSED: KEPT, Status.FAILED: LOST, Status.NOT_REACHED: LOST, Status.BLOCKED: BLOCKED,
        Status.ERRORED: WITHHELD, Status.UNJUDGED: WITHHELD, Status.UNMATCHED: WITHHELD}


def graded(status: str = "graded") -> Result:
    check = CheckResult(id="shape", task="fit", title="S.", points=1, earned=0, status=Status.FAILED,
                        basis=Basis.MEASURED, seen="It is (784,).")
    other = check.model_copy(update={"id": "accuracy"})
    task = TaskResult(id="fit", title="Fit", points=2, earned=0, checks=(check, other))
    return Result.model_validate({"student": "rows", "assignment": "mini", "status": status, "tasks": (task,),
                                  "message": None if status == "graded" else "It died."})


def test_a_result_becomes_a_run() -> None:
    run = summarize_run(graded(), 101, unjudged=("accuracy",))
    assert (run.seed, run.states, run.notes, run.message) == (101, {"shape": LOST}, {"shape": "It is (784,)."}, None)
    assert summarize_run(graded("failed"), 1).message == "It died."


def test_further_seeds_are_for_what_training_decides() -> None:
    assert not depends_on_training(SOUND[0], SPECS) and not depends_on_training(SOUND[1], SPECS)
    assert not depends_on_training(SOUND[3], SPECS)
    assert depends_on_training(SOUND[5], SPECS), "declared"
    assert depends_on_training(row("seen", "right", {"accuracy": LOST}), SPECS), "seen"
    close = Row(name="close", kind="right", why="So.", runs=(Run(seed=1, score=1, states={}, near=("fit/model",)),))
    assert depends_on_training(close, SPECS), "could be"


def test_near_is_what_lies_nearer_to_the_bound_than_to_correct_work() -> None:
    shared: dict[str, Any] = {"values": (), "deviation": 0.1, "tolerance_bound": 0, "coverage": 0.9, "confidence": 0.9,
                              "slack": 0, "false_fail": None}
    calibration = Calibration(data="d", device="cpu", versions={}, calibrated_at="", runs=(), metrics={
        "rate": MetricSpread(mean=0.9, minimum=0.7, maximum=None, **shared),
        "error": MetricSpread(mean=3.0, minimum=None, maximum=5.0, **shared),
        "open": MetricSpread(mean=0.1, minimum=None, maximum=None, **shared)})
    assert near_bounds({"rate": 0.81, "error": 3.9, "open": 0.0}, calibration) == ()
    assert near_bounds({"rate": 0.79, "error": 4.1, "open": 0.0}, calibration) == ("rate", "error")
    assert near_bounds({"rate": 0.1}, calibration) == ("rate",)
    assert near_bounds({"rate": 0.1}, None) == ()


def test_runs_of_further_seeds_are_added_in_their_order() -> None:
    first = Run(seed=1, score=1, states={})
    rows = with_runs((Row(name="a", kind="right", why="."), Row(name="b", kind="right", why=".")), {"a": (first,)})
    rows = with_runs(rows, {"a": (first.model_copy(update={"seed": 101}),)})
    assert [[run.seed for run in one.runs] for one in rows] == [[1, 101], []]


def test_the_report_is_plain_data() -> None:
    report = json.loads(json.dumps(matrix(*without("units"), row("fair", "right", {"layers": LOST})).report()))
    assert (report["clean"], report["idle_checks"], report["losing_right_variants"]) == (False, ["layers"], ["fair"])
    assert report["deviations"] == [{"row": "fair", "seed": 1, "check": "layers", "expected": "kept", "seen": "lost",
                                     "note": None}]
    assert report["catches"]["shape"] == ["rows"] and report["rows"][0]["runs"][0]["states"]["shape"] == "kept"


VARIANT = '"""Why."""\nLOSES = ["shape"]\nBLOCKS = ["accuracy"]\n# %% [fit]\npass\n'


def test_a_variant_declares_its_row() -> None:
    found = declared_row(parse_variant(VARIANT, "rows", "wrong"), SPECS, unjudged=("accuracy",))
    assert (found.kind, found.why, found.loses, found.blocks) == ("wrong", "Why.", ("shape",), ())


@pytest.mark.parametrize("old, new, sentence", [
    ('"shape"', '"shap"', r"names the check 'shap', which does not exist; the nearest is 'shape'"),
    ('"accuracy"', '"shape"', r"names the check 'shape' twice"),
])
def test_a_variant_that_names_no_check_is_one_sentence(old: str, new: str, sentence: str) -> None:
    with pytest.raises(ReleaseError, match=sentence) as caught:
        declared_row(parse_variant(VARIANT.replace(old, new), "rows", "wrong"), SPECS)
    assert "\n" not in str(caught.value)
