"""One mistake costs once: which runs go on from correct arrays, what lies in them, and which checks count."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from pathlib import Path

import pytest

from autograder.model import Basis, CheckResult, Ending, Execution, Isolation, JobCell, Merged, NotebookJob, Status
from autograder.pipeline.grade.attempt import Attempt
from autograder.pipeline.grade.continuation import Chain, credit_run, credited, failed_tasks, following, given_away
from autograder.pipeline.grade.given import Given
from autograder.testing import make_layout, make_session, make_slots

TASKS = ("reshape", "cast", "scale", "fit")
OPTED = ("reshape", "scale")
SESSION = make_session(layout=make_layout(TASKS), continuation=dict.fromkeys(OPTED, ("X",)))
FAILED = Status.FAILED


def merged(*blank: str) -> Merged:
    """A submission in which these answers are blank."""
    return make_slots(TASKS, blank)


def attempt(flags: tuple[str, ...] = (), **statuses: Status) -> Attempt:
    """One check per task; what is not named passed."""
    checks = tuple(
        CheckResult(id=name, task=name, title=name, points=1, basis=Basis.MEASURED,
                    status=(status := statuses.get(name, Status.PASSED)), earned=float(status is Status.PASSED))
        for name in TASKS)
    execution = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL)
    return Attempt(folder=Path(), seed=1, execution=execution, checks=checks, staff_flags=flags)


def passed(found: Attempt) -> set[str]:
    return {check.id for check in found.checks if check.status is Status.PASSED}


def chain_after(first: Attempt, *blank: str) -> Chain:
    return following(SESSION, merged(*blank), first.checks, first.checks)


def test_each_wrong_task_has_a_run_of_its_own() -> None:
    first = attempt(reshape=FAILED, scale=FAILED, fit=Status.BLOCKED)
    assert failed_tasks(SESSION, first.checks) == ("reshape", "scale")
    assert chain_after(first) == ("reshape",)
    second = attempt(reshape=FAILED, scale=FAILED, fit=FAILED)
    counted = credit_run(SESSION, first, second, ("reshape",))
    assert following(SESSION, merged(), counted.checks, second.checks, ("reshape",)) == ("reshape", "scale")
    third = attempt(reshape=FAILED, scale=FAILED)
    assert passed(credit_run(SESSION, counted, third, ("reshape", "scale"))) == {"cast", "fit"}


def test_what_went_wrong_only_through_an_earlier_step_is_given_back() -> None:
    first = attempt(reshape=FAILED, scale=FAILED, fit=Status.BLOCKED)
    second = attempt(reshape=FAILED)
    counted = credit_run(SESSION, first, second, ("reshape",))
    assert passed(counted) == {"cast", "scale", "fit"}
    assert following(SESSION, merged(), counted.checks, second.checks, ("reshape",)) == ()


@pytest.mark.parametrize("chain", [chain for size in (1, 2) for chain in itertools.combinations(OPTED, size)])
def test_no_task_counts_from_a_run_that_is_given_its_results(chain: Chain) -> None:
    """Nor one before it: its code may have looked ahead."""
    nothing = attempt(**dict.fromkeys(TASKS, FAILED))
    gained = passed(credit_run(SESSION, nothing, attempt(), chain))
    assert gained == set(TASKS[TASKS.index(chain[-1]) + 1:])
    assert not gained & set(chain)


def test_a_run_shows_the_results_of_its_chain_and_no_others() -> None:
    correct = given(reshape={"X": "1"}, scale={"X": "2"})
    job = NotebookJob(cells=(JobCell(index=0, source="", task="reshape"),), seed=1, sampling_key="00")
    alone = correct.put_into(job, ("reshape",))
    assert [mount.target for mount in alone.mounts] == ["/continue/reshape-X.npy"]
    assert alone.inject == {"reshape": {"X": "/continue/reshape-X.npy"}}
    both = correct.put_into(job, ("reshape", "scale"))
    assert len(both.mounts) == 2 and set(both.inject) == {"reshape", "scale"}


def given(**digests: dict[str, str]) -> Given:
    return Given(id="made", folder=Path("/given"), digests=digests)


@pytest.mark.parametrize(("digests", "answered"), [
    ({"reshape": {"X": "1"}, "scale": {"X": "2"}}, set()),
    ({"reshape": {"X": "1", "spare": "2"}, "scale": {"X": "2"}}, {"scale"}),
    ({"reshape": {"X": "1"}, "scale": {"Y": "1"}}, {"scale"}),
    ({"reshape": {"X": "1"}, "scale": {"X": "1", "Y": "3"}}, set()),  # X is there already, for everyone
])
def test_an_array_that_answers_a_later_task_credits_it_to_nobody(
    digests: dict[str, dict[str, str]], answered: Collection[str]
) -> None:
    found = given(**digests).answered(("reshape",))
    assert found == answered
    assert credited(SESSION, ("reshape",), found) == {"cast", "scale", "fit"} - set(answered)


def test_nothing_later_was_lost() -> None:
    assert chain_after(attempt(reshape=FAILED)) == ()
    assert chain_after(attempt(cast=FAILED, fit=FAILED)) == (), "cast does not go on"


def test_a_blank_answer_is_no_reason_for_a_run() -> None:
    everything = attempt(**dict.fromkeys(TASKS, FAILED))
    assert chain_after(everything, *TASKS) == ()
    assert chain_after(everything, "reshape", "cast", "fit") == ("reshape",), "scale may be right on right arrays"
    assert chain_after(everything, "reshape", "cast", "scale") == ("reshape", "scale"), "one run for both: fit is left"
    assert chain_after(everything, "scale") == ("reshape",), "cast lies between them"


def test_flags_of_every_run_reach_staff() -> None:
    counted = credit_run(SESSION, attempt(("one", "two"), reshape=FAILED), attempt(("two", "three")), ("reshape",))
    assert counted.staff_flags == ("one", "two", "three")


@pytest.mark.parametrize(("values", "leaks"), [
    ({"reshape": {"X": "1"}, "cast": {"X": "2"}, "scale": {"X": "3"}, "fit": {"X": "3"}}, ()),
    ({"reshape": {"X": "1"}, "cast": {"X": "1"}, "scale": {"X": "1"}}, ()),  # the name holds it already
    ({"reshape": {"X": "1"}, "cast": {"X": "1", "Y": "1"}}, (("reshape", "cast", "Y"),)),
    ({"reshape": {"X": "1"}, "cast": {"X": "2"}, "scale": {"X": "1"}}, (("reshape", "scale", "X"),)),
    ({"reshape": {"X": "1"}, "scale": {"X": "1"}}, ()),  # cast is a written answer
    ({"reshape": {"X": "1", "spare": "2"}, "cast": {"X": "2"}}, ()),  # spare is not given
    ({"scale": {"X": "1"}, "fit": {"X": "1", "best": "1"}}, (("scale", "fit", "best"),)),
])
def test_an_answer_that_is_given_away_is_found_before_the_release(
    values: dict[str, dict[str, str]], leaks: tuple[tuple[str, str, str], ...]
) -> None:
    assert given_away(TASKS, SESSION.continuation, values) == leaks


COMPILES = make_session(
    layout=make_layout(TASKS), continuation={"reshape": ("X",)}, compiled={"scale": ("model",)})


def test_a_step_that_compiles_is_continued_only_if_it_failed_itself() -> None:
    assert failed_tasks(COMPILES, attempt(scale=FAILED).checks) == ("scale",)
    assert failed_tasks(COMPILES, attempt(scale=Status.BLOCKED).checks) == (), "its model is what is wrong"


def test_settings_credit_no_task_that_compiles() -> None:
    correct = Given(id="made", folder=Path("/given"), digests={"reshape": {"X": "1"}, "scale": {"model": "2"}},
                    settings={"scale": ("model",)}, compiling=frozenset({"scale", "fit"}))
    assert correct.answered(("reshape",)) == frozenset()
    assert correct.answered(("scale",)) == correct.answered(("reshape", "scale")) == {"scale", "fit"}
    job = NotebookJob(cells=(JobCell(index=0, source="", task="scale"),), seed=1, sampling_key="00")
    assert correct.put_into(job, ("scale",)).inject == {"scale": {"model": "/continue/scale-model.json"}}


def test_what_was_given_is_said() -> None:
    lost = attempt(scale=FAILED, fit=FAILED)
    (fit,) = [one for one in credit_run(COMPILES, lost, attempt(), ("scale",)).checks if one.id == "fit"]
    assert "correct compile settings" in str(fit.hint)
    (fit,) = [one for one in credit_run(COMPILES, lost, attempt(), ("reshape", "scale")).checks if one.id == "fit"]
    assert "correct arrays and compile settings" in str(fit.hint)
