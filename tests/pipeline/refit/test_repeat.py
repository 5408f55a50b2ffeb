"""The choice of what is trained again, what its outcome says, and what that changes in a result."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.artifacts import ArrayRef, Fit, Validation
from autograder.calibration import spread, upper_bound
from autograder.checks.vocabulary.consistency import beyond_measure, permitted, short_of_measure
from autograder.model import Basis, CheckResult, Provenance, Refit, Refits, Result, Status, TaskResult
from autograder.pipeline.reading.trainings import Trained
from autograder.pipeline.refit.choice import Candidate, derive_seeds, draw_model
from autograder.pipeline.refit.refit_result import MARK, UNREAD, apply_refits
from autograder.pipeline.refit.repeat import TrainedRun, compare_repetitions, keep_earlier_refits, load_refits

SECRET = "5e" * 32


def drawn(share: float, *, secret: str = SECRET, students: int = 4000) -> list[int | None]:
    return [draw_model(secret, "mlp-digits", f"s{number}", "a" * 64, count=3, share=share)
            for number in range(students)]


def test_the_choice_is_the_same_every_time_and_falls_on_the_share() -> None:
    assert drawn(0.05) == drawn(0.05)
    hit = [one for one in drawn(0.05) if one is not None]
    assert 140 <= len(hit) <= 260  # 200 expected, deviation 14
    assert {0, 1, 2} == set(hit)
    assert drawn(0.0) == [None] * 4000 and None not in drawn(1.0)


def test_the_choice_follows_from_the_secret_and_the_submission() -> None:
    assert drawn(0.5) != drawn(0.5, secret="00" * 32)
    one, other = (draw_model(SECRET, "a", "s", sha * 64, count=1000, share=1.0) for sha in "ab")
    assert one != other
    assert draw_model(SECRET, "a", "s", "a", count=0, share=1.0) is None


def test_seeds_are_fixed_distinct_and_secret() -> None:
    seeds = derive_seeds(SECRET, "a", "s", "x", count=3)
    assert seeds == derive_seeds(SECRET, "a", "s", "x", count=3) and len(set(seeds)) == 3
    assert seeds[:2] == derive_seeds(SECRET, "a", "s", "x", count=2)
    assert seeds != derive_seeds("00" * 32, "a", "s", "x", count=3) and max(seeds) < 2**32


def test_the_upper_bound_lies_as_far_above_as_the_tolerance_bound_below() -> None:
    values = [0.95, 0.96, 0.955, 0.965, 0.958, 0.962]
    found = spread(values, coverage=0.999, confidence=0.95, slack=0.01, chance=0.1, margin=0.1)
    upper = upper_bound(found)
    assert max(values) < upper < 1
    near_one = spread([0.9995, 0.9996, 0.9994, 0.9997, 0.9995], coverage=0.999, confidence=0.95, slack=0.01,
                      chance=0.1, margin=0.1)
    assert upper_bound(near_one) < 1


def test_a_model_that_is_far_better_than_its_curve_is_noticed() -> None:
    fit = Fit(fit=1, model=1, validation=Validation(x=ArrayRef(fingerprint="t")), history={"val_accuracy": (0.5, 0.7)})
    assert short_of_measure([fit], {"t": 0.95}) == (
        "val_accuracy never exceeds 0.700, but the resulting model reaches 0.950 there")
    assert short_of_measure([fit], {"t": 0.75}) is None and short_of_measure([fit], {"other": 1.0}) is None


def check(name: str, basis: Basis, *, task: str = "fit", status: Status = Status.PASSED) -> CheckResult:
    return CheckResult(id=name, task=task, title=name, points=1, basis=basis, status=status,
                       earned=1 if status is Status.PASSED else 0)


def result() -> Result:
    fit = (check("layers", Basis.MEASURED), check("epochs", Basis.CLAIMED), check("batch", Basis.CLAIMED,
                                                                                   status=Status.FAILED))
    tasks = (TaskResult(id="fit", title="Fit", points=3, earned=2, checks=fit),
             TaskResult(id="curves", title="Curves", points=1, earned=1,
                        checks=(check("plot", Basis.CLAIMED, task="curves"),)))
    return Result(student="s", assignment="a", status="graded", score=3, max_score=4, complete=True, tasks=tasks,
                  staff_flags=("another",))


def entry(verdict: Any, **changes: Any) -> Refit:
    return Refit(**{"task": "fit", "model": "model", "reasons": ("above",), "handed_in": 1.0, "values": (0.98, 0.982),
                    "seeds": (1, 2), "verdict": verdict, "trained_in": ("fit",), **changes})


def compared(handed_in: float, values: tuple[float, ...], reasons: tuple[str, ...] = ("drawn",)) -> str:
    """The verdict on a network whose correct runs reach 0.95 to 0.965, and whose minimum follows from these."""
    calibrated = spread([0.95, 0.96, 0.955, 0.965, 0.958, 0.962], coverage=0.999, confidence=0.95, slack=0.01,
                        chance=0.1, margin=0.1)
    assert calibrated.minimum is not None and 0.8 < calibrated.minimum < 0.95
    session = SimpleNamespace(calibration=SimpleNamespace(metrics={"fit/model": calibrated}),
                              assignment=SimpleNamespace(refit=SimpleNamespace(margin=0.005)))
    record = Trained(task="fit", model="model", array="X_test", state=(1, 1))
    one = Candidate(record=record, handed_in=handed_in, measured=None)
    made = entry("impossible", handed_in=handed_in, values=values, reasons=reasons)
    return compare_repetitions(session, one, made).verdict  # type: ignore[arg-type]  # as much of one as it reads


@pytest.mark.parametrize(("handed_in", "values", "reasons", "verdict"), [
    (0.958, (0.955, 0.961), ("drawn",), "agrees"),
    (1.0, (0.955, 0.961), ("above",), "above"),
    (0.955, (0.5, 0.51), ("disagrees",), "above"),
    (0.3, (0.955, 0.961), ("disagrees",), "below"),
    # A network with a mistake: it earns nothing by its accuracy, which depends on its starting weights.
    (0.219, (0.101, 0.113), ("drawn",), "agrees"),
    (0.219, (0.101, 0.113), ("leaderboard",), "above"),
])
def test_being_above_counts_only_where_it_gains_something(
    handed_in: float, values: tuple[float, ...], reasons: tuple[str, ...], verdict: str
) -> None:
    assert compared(handed_in, values, reasons) == verdict


def test_the_sentence_is_what_staff_were_promised() -> None:
    assert entry("agrees").sentence == "fit/model trained again: 0.981 ± 0.001 (2 seeds), handed in: 1.000."
    assert entry("above").sentence.endswith("The recorded training does not explain this model.")
    assert entry("impossible", values=(), why="Because.").sentence == (
        "fit/model could not be trained again: Because. Handed in: 1.000.")


@pytest.mark.parametrize("verdict", ["above", "below"])
def test_a_contradiction_withholds_claimed_points_of_its_steps_alone(verdict: str) -> None:
    after = apply_refits(result(), [entry(verdict)])
    by_name = {one.id: one for task in after.tasks for one in task.checks}
    assert by_name["layers"].earned == 1 and by_name["plot"].earned == 1 and by_name["batch"].earned == 0
    assert by_name["epochs"].status is Status.UNJUDGED and by_name["epochs"].earned is None
    assert (by_name["epochs"].staff_note or "").startswith(MARK)
    assert (after.score, after.withheld, after.complete) == (2, 1, False)
    assert after.tasks[0].earned is None and "a person decides about 1 more" in (after.tasks[0].note or "")
    assert after.staff_flags == ("another", entry(verdict).sentence)


def test_what_was_withheld_comes_back_when_a_repetition_agrees() -> None:
    doubted = apply_refits(result(), [entry("above")])
    assert apply_refits(doubted, [entry("above")]) == doubted
    cleared = apply_refits(doubted, [entry("agrees")])
    assert cleared == result().model_copy(update={"refits": (entry("agrees"),)})


@pytest.mark.parametrize(("reasons", "told"), [(("above",), 1), (("disagrees",), 1), (("drawn",), 0), (("asked",), 0)])
def test_what_could_not_be_trained_again_costs_nothing_and_is_flagged_where_there_was_a_reason(
    reasons: Any, told: int
) -> None:
    after = apply_refits(result(), [entry("impossible", values=(), why="Because.", reasons=reasons)])
    assert after.tasks == result().tasks and (after.score, after.withheld, after.complete) == (3, 0, True)
    assert len(after.staff_flags) == 1 + told


@pytest.mark.parametrize("history", [{}, {"val_accuracy": (0.5, 0.9, 0.7)}, {"loss": (9.0,)},
                                     {"val_acc": (0.2,), "val_accuracy": (0.8, 0.85)}])
@pytest.mark.parametrize("callbacks", [(), ("EarlyStopping",)])
def test_what_the_claims_allow_is_what_the_notes_of_checks_leave_alone(history: Any, callbacks: Any) -> None:
    fit = Fit(fit=1, model=1, validation=Validation(x=ArrayRef(fingerprint="t")), history=history, callbacks=callbacks)
    watched, least, most = permitted([fit])
    assert watched == "t"
    for measured in (0.0, 0.09, 0.31, 0.55, 0.61, 0.69, 0.79, 0.89, 0.93, 0.99, 1.0):
        noted = beyond_measure([fit], {"t": measured}) or short_of_measure([fit], {"t": measured})
        assert (noted is None) == (least <= measured <= most), measured


def test_a_record_that_could_not_be_read_changes_no_points_and_is_flagged_once() -> None:
    unread = apply_refits(result(), (), "Reading what is told of its trainings took more than 30 seconds.")
    assert unread.tasks == result().tasks and unread.staff_flags[-1].startswith(UNREAD)
    again = apply_refits(unread, (), "Another reason.")
    assert again.staff_flags == ("another", f"{UNREAD}Another reason.")
    assert apply_refits(again, ()) == result()


def test_what_was_found_earlier_of_this_very_submission_stays(tmp_path: Path) -> None:
    graded = result().model_copy(update={"provenance": Provenance(
        submission="a" * 64, release="x", data="mnist:0", seeds=(1,), isolation="full", versions={},
        execution_fingerprint="e", checks_fingerprint="c", graded_at="2030-01-31T12:00:00+00:00")})
    kept, fresh = tmp_path / "kept", tmp_path / "fresh"
    for submission, found in (("a" * 64, (entry("above"),)), ("b" * 64, ())):
        for folder in (kept, fresh):
            folder.mkdir(exist_ok=True)
        (kept / "refit.json").write_text(
            Refits(student="s", assignment="a", submission=submission, entries=(entry("above"),)).to_json())
        after = keep_earlier_refits(graded, TrainedRun(folder=fresh, key="00", kept=kept), "It took too long.")
        assert after.refits == found and any(flag.startswith(UNREAD) for flag in after.staff_flags)
        assert (load_refits(fresh) or Refits(student="", assignment="", submission="")).entries == found
