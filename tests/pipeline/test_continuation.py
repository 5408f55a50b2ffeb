"""One mistake costs once: which checks the run with mended arrays gives back."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from autograder.model import Basis, CheckResult, Ending, Execution, Isolation, Status
from autograder.pipeline.attempt import Attempt
from autograder.pipeline.continuation import better, failed_tasks, worth_it

TASKS = ("reshape", "cast", "scale", "fit")
CONTEXT: Any = SimpleNamespace(
    layout=SimpleNamespace(tasks=[SimpleNamespace(id=name, title=name.title()) for name in TASKS]),
    continuation={"reshape": ("X",), "scale": ("X",)})


def attempt(**statuses: Status) -> Attempt:
    """One check per task; what is not named passed."""
    checks = tuple(
        CheckResult(id=name, task=name, title=name, points=1, basis=Basis.MEASURED,
                    status=(status := statuses.get(name, Status.PASSED)), earned=float(status is Status.PASSED))
        for name in TASKS)
    execution = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL)
    return Attempt(folder=Path(), seed=1, execution=execution, checks=checks)


def passed(found: Attempt) -> set[str]:
    return {check.id for check in found.checks if check.status is Status.PASSED}


def test_what_went_wrong_only_through_an_earlier_step_is_given_back() -> None:
    first = attempt(reshape=Status.FAILED, scale=Status.FAILED, fit=Status.BLOCKED)
    assert failed_tasks(CONTEXT, first.checks) == ("reshape", "scale") and worth_it(CONTEXT, first.checks)
    assert passed(better(CONTEXT, first, attempt(reshape=Status.FAILED))) == {"cast", "scale", "fit"}


def test_a_second_mistake_costs_its_own_points() -> None:
    first = attempt(reshape=Status.FAILED, scale=Status.FAILED, fit=Status.FAILED)
    assert passed(better(CONTEXT, first, attempt(reshape=Status.FAILED, scale=Status.FAILED))) == {"cast", "fit"}


def test_the_step_itself_is_never_given_back() -> None:
    first = attempt(scale=Status.FAILED, fit=Status.FAILED)
    assert passed(better(CONTEXT, first, attempt())) == {"reshape", "cast", "fit"}


def test_a_step_before_the_mistake_is_never_given_back() -> None:
    first = attempt(cast=Status.FAILED, scale=Status.FAILED, fit=Status.FAILED)
    assert passed(better(CONTEXT, first, attempt())) == {"reshape", "fit"}


def test_nothing_later_was_lost() -> None:
    assert not worth_it(CONTEXT, attempt(reshape=Status.FAILED).checks)
    assert not worth_it(CONTEXT, attempt(cast=Status.FAILED, fit=Status.FAILED).checks), "cast does not go on"
