"""From judged checks to tasks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import TaskLayout, audit, task_results
from autograder.checks.blocking import Verdicts, Words, all_errored, result
from autograder.errors import CheckError
from autograder.model import Basis, CheckSpec, SlotStatus, Status


def spec(check: str, task: str = "t", points: float = 1.0, basis: Basis = Basis.MEASURED) -> CheckSpec:
    return CheckSpec(id=check, task=task, title=check, points=points, basis=basis)


LAYOUT = (TaskLayout(id="t", title="Task", points=0.3), TaskLayout(id="w", title="Written", points=2, manual=True))


def test_points_of_passed_checks_add_up_without_rounding_noise():
    specs = [spec("a", points=0.1), spec("b", points=0.2), spec("c", points=0.0)]
    tasks = task_results(specs, [result(item, Status.PASSED) for item in specs], LAYOUT)
    assert [(task.id, task.earned, task.manual) for task in tasks] == [("t", 0.3, False), ("w", None, True)]
    assert tasks[0].note is None


@pytest.mark.parametrize("status", [Status.FAILED, Status.BLOCKED, Status.NOT_REACHED])
def test_lost_checks_earn_nothing(status):
    specs = [spec("a", points=0.1), spec("b", points=0.2)]
    found = task_results(specs, [result(specs[0], Status.PASSED), result(specs[1], status)], LAYOUT)
    assert found[0].earned == 0.1


@pytest.mark.parametrize("status", [Status.ERRORED, Status.UNJUDGED, Status.UNMATCHED])
def test_a_withheld_check_withholds_its_task_and_says_what_is_certain(status):
    specs = [spec("a", points=0.1), spec("b", points=0.2)]
    found = task_results(specs, [result(specs[0], Status.PASSED), result(specs[1], status)], LAYOUT)[0]
    assert found.earned is None
    assert found.note == "0.1 of 0.3 points are certain; a person decides about 0.2 more."


def test_blank_answers_are_said():
    assert [task.answered for task in task_results([], [], LAYOUT, {"t": SlotStatus.BLANK})] == [False, True]


def test_checks_and_tasks_have_to_fit():
    with pytest.raises(CheckError, match="'elsewhere', which the release does not have"):
        task_results([spec("a", task="elsewhere")], [], LAYOUT)
    with pytest.raises(CheckError, match="'a' has no result"):
        task_results([spec("a")], [], LAYOUT)


@given(st.lists(st.tuples(st.sampled_from(list(Status)), st.floats(0, 10)), max_size=8))
def test_nobody_earns_more_than_the_checks_are_worth(outcomes):
    specs = [spec(str(number), points=points) for number, (_, points) in enumerate(outcomes)]
    checks = [result(item, status) for item, (status, _) in zip(specs, outcomes, strict=True)]
    task = task_results(specs, checks, LAYOUT)[0]
    if any(status.withheld for status, _ in outcomes):
        assert task.earned is None
    else:
        assert task.earned == pytest.approx(sum(p for status, p in outcomes if status is Status.PASSED), abs=1e-5)


class TestAudit:
    def test_honest_bases_pass(self):
        specs = [spec("a", points=7), spec("b", points=3, basis=Basis.CLAIMED)]
        assert audit(specs, [result(item, Status.PASSED) for item in specs]) == pytest.approx(0.3)

    def test_a_claim_declared_measured(self):
        claimed = result(spec("a"), Status.PASSED, Words(note="these repeat claims: epochs"), basis=Basis.CLAIMED)
        with pytest.raises(CheckError, match="these repeat claims: epochs"):
            audit([spec("a")], [claimed])

    def test_too_many_claims(self):
        with pytest.raises(CheckError, match=r"at most 30% of the points, here they carry 50\.0%"):
            audit([spec("a"), spec("b", basis=Basis.CLAIMED)], [])


def test_a_students_long_or_broken_text_does_not_break_a_message():
    verdicts = Verdicts([spec("a")], None)
    verdicts.add(spec("a"), Status.FAILED, Words(seen="\ud800" + "x" * 5000))
    seen = verdicts.results()[0].seen
    assert seen is not None
    assert (seen[0], len(seen), seen[-1]) == ("?", 600, "…")


def test_all_errored_withholds_everything():
    results = all_errored([spec("a"), spec("b")], "why")
    assert [(item.earned, item.status, item.staff_note) for item in results] == [(None, Status.ERRORED, "why")] * 2
