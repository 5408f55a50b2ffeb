"""The proof of a release, over results that are made up; the real proof runs in the chain tests."""

from __future__ import annotations

import pytest

from autograder.errors import ReleaseError
from autograder.model import (
    Basis,
    Calibration,
    CellRun,
    CellStatus,
    CheckResult,
    Ending,
    Execution,
    Isolation,
    Result,
    Status,
    TaskResult,
)
from autograder.pipeline.release.proof import BLANK, require_full_or_zero
from autograder.pipeline.session.variant_files import SOLUTION
from autograder.testing import make_session

UNCALIBRATED = make_session()
CALIBRATED = make_session(calibration=Calibration(
    data="own:f00", device="cpu", versions={}, calibrated_at="", runs=(), metrics={}))


def made(student: str, first: Status, second: Status = Status.PASSED, *, minimum: bool = False,
         status: str = "graded") -> Result:
    """Two checks of 3 and 2 points, and a written answer of 4."""
    points = {"values": 3.0, "total": 2.0}
    checks = [CheckResult(id=name, task=name, title=name, points=points[name], minimum=minimum, basis=Basis.MEASURED,
                          earned=points[name] if found is Status.PASSED else None if found.withheld else 0.0,
                          status=found, seen="3 | 4" if found is Status.FAILED else None,
                          staff_note="a slip" if found is Status.ERRORED else None)
              for name, found in (("values", first), ("total", second))]
    tasks = [TaskResult(id=check.task, title=check.task, points=check.points, earned=check.earned, checks=(check,))
             for check in checks]
    tasks.append(TaskResult(id="why", title="Why", points=4, earned=None, manual=True))
    return Result.model_validate({
        "student": student, "assignment": "tiny", "status": status, "tasks": tasks,
        "score": sum(check.earned or 0 for check in checks),
        "withheld": sum(check.points for check in checks if check.status.withheld)})


def test_full_marks_and_zero_are_the_proof() -> None:
    require_full_or_zero(made(SOLUTION, Status.PASSED), CALIBRATED)
    require_full_or_zero(made(BLANK, Status.FAILED, Status.BLOCKED), CALIBRATED)


def test_a_solution_that_loses_points_names_the_check() -> None:
    with pytest.raises(ReleaseError, match=r"5 of 5 points for the solution.*scored 2.*values is failed \(3 \| 4\)"):
        require_full_or_zero(made(SOLUTION, Status.FAILED), CALIBRATED)


@pytest.mark.parametrize("status", [Status.UNJUDGED, Status.ERRORED, Status.UNMATCHED])
@pytest.mark.parametrize("student", [SOLUTION, BLANK])
def test_withheld_points_prove_nothing(student: str, status: Status) -> None:
    with pytest.raises(ReleaseError, match="withheld"):
        require_full_or_zero(made(student, status, Status.PASSED if student == SOLUTION else Status.FAILED), CALIBRATED)


def test_a_blank_notebook_that_earns_points_names_the_check() -> None:
    with pytest.raises(ReleaseError, match=r"expected 0 of 5 points for the blank.*first: values is passed"):
        require_full_or_zero(made(BLANK, Status.PASSED, Status.FAILED), CALIBRATED)


def test_a_proof_that_could_not_be_run_is_none() -> None:
    with pytest.raises(ReleaseError):
        require_full_or_zero(made(BLANK, Status.FAILED, Status.FAILED, status="failed"), CALIBRATED)


def test_a_missing_calibration_says_what_to_do() -> None:
    with pytest.raises(ReleaseError, match="no calibration for own:f00 yet: release --no-proof, calibrate") as one:
        require_full_or_zero(made(SOLUTION, Status.UNJUDGED, minimum=True), UNCALIBRATED)
    assert "\n" not in str(one.value)
    with pytest.raises(ReleaseError) as other:
        require_full_or_zero(made(SOLUTION, Status.UNJUDGED, minimum=True), CALIBRATED)
    assert "calibrate" not in str(other.value)


def test_a_solution_below_its_own_bound_is_named_as_such() -> None:
    with pytest.raises(ReleaseError, match=r"solution of tiny no longer reaches its own bound: values saw “3 \| 4”"):
        require_full_or_zero(made(SOLUTION, Status.FAILED, minimum=True), CALIBRATED)
    with pytest.raises(ReleaseError, match="proof expected 5 of 5"):
        require_full_or_zero(made(SOLUTION, Status.UNJUDGED, minimum=True), CALIBRATED)
    with pytest.raises(ReleaseError, match="proof expected 0 of 5"):
        require_full_or_zero(made(BLANK, Status.PASSED, minimum=True), CALIBRATED)


def test_the_first_cause_is_named_with_its_cell_and_exception() -> None:
    stopped = CellRun(index=4, status=CellStatus.ERROR, error="NameError: name 'X' is not defined", place="Task 2")
    execution = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL, cells=(
        CellRun(index=1, status=CellStatus.OK), stopped, stopped.model_copy(update={"index": 6, "place": "Task 3"})))
    result = made(SOLUTION, Status.FAILED).model_copy(update={"execution": execution})
    with pytest.raises(ReleaseError, match=r"first cause is the cell in Task 2, which raised NameError: name 'X' is "
                                           r"not defined; first: values is failed"):
        require_full_or_zero(result, CALIBRATED)
    with pytest.raises(ReleaseError, match=r"values is errored \(a slip\)"):
        require_full_or_zero(made(SOLUTION, Status.ERRORED), CALIBRATED)
