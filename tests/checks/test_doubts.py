"""A doubt withholds what would have failed; a known cause is said in the place of a guess."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.checks.blocking import Verdicts, Words
from autograder.checks.outcome import Evidence
from autograder.checks.request import JudgeRequest
from autograder.model import Basis, CheckSpec, Status

DOUBT = "This step uses `helper`, which depends on lines that you added to a locked cell. A person will look at it."
CAUSE = "Task 9, “Compile”, stopped with ValueError: no."


def spec(name: str, *needs: str) -> CheckSpec:
    return CheckSpec(id=name, task=name, title=f"{name} holds.", points=2, basis=Basis.MEASURED, needs=needs)


def verdicts(*specs: CheckSpec, **request: Any) -> Verdicts:
    from pathlib import Path

    return Verdicts(specs, JudgeRequest(artifacts=Path(), sampling_key="00", reached=tuple(one.task for one in specs),
                                        **request))


def test_what_would_have_failed_is_withheld_and_staff_read_why() -> None:
    found = verdicts(spec("a"), doubts={"a": DOUBT})
    found.add(spec("a"), Status.FAILED, Words(seen="It is 3.", expected="A 4.", hint="Did you mean 4?"))
    (result,) = found.results()
    assert (result.status, result.earned, result.seen, result.hint) == (Status.UNJUDGED, None, DOUBT, None)
    assert "It is 3." in str(result.staff_note)


def test_a_doubt_takes_no_points_and_only_its_own_task_is_withheld() -> None:
    found = verdicts(spec("a"), spec("b"), doubts={"a": DOUBT})
    found.add(spec("a"), Status.PASSED)
    found.add(spec("b"), Status.FAILED, Words(seen="It is 3."))
    assert [(one.status, one.earned) for one in found.results()] == [(Status.PASSED, 2), (Status.FAILED, 0)]


def test_what_waits_for_a_doubtful_check_is_withheld_too() -> None:
    found = verdicts(spec("a"), spec("b", "a"), doubts={"a": DOUBT})
    found.add(spec("a"), Status.FAILED, Words(seen="It is 3."))
    assert found.decide_without_run(spec("b", "a")) and found.results()[1].status is Status.UNJUDGED


def test_a_blocked_check_says_what_stopped() -> None:
    found = verdicts(spec("a"), spec("b", "a"), causes={"b": CAUSE})
    found.add(spec("a"), Status.FAILED, Words(seen="It is not compiled."))
    assert found.decide_without_run(spec("b", "a"))
    assert (found.results()[1].status, found.results()[1].hint) == (Status.BLOCKED, CAUSE)


@pytest.mark.parametrize(("given", "assertion", "status"), [
    (True, "is_compiled_with", Status.FAILED), (True, "epochs", Status.PASSED),
    (False, "is_compiled_with", Status.PASSED)])
def test_a_run_that_is_given_compile_settings_earns_nothing_for_them(
    given: bool, assertion: str, status: Status
) -> None:
    found, evidence = verdicts(spec("a"), settings_given=given), Evidence()
    evidence.note(Basis.CLAIMED, assertion)
    found.add(spec("a"), Status.PASSED, evidence=evidence)
    (result,) = found.results()
    assert (result.status, result.earned) == (status, 2 if status is Status.PASSED else 0)
