"""What follows from calibration runs, and which runs have to be made: no process is started."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course import MinimumRule
from autograder.errors import CalibrationError
from autograder.model import Basis, Calibration, CheckResult, Reference, Status
from autograder.pipeline.experiments import calibrate as calibrating
from autograder.pipeline.experiments import runs
from autograder.pipeline.experiments.calibrate import (
    calibrate_assignment,
    require_own_bounds,
    same_computation,
    summarize,
)
from autograder.pipeline.experiments.runs import Job, Run, is_defect
from autograder.pipeline.session.calibration import (
    explain_borrowed,
    explain_mismatch,
    installed_versions,
    require_fitting_calibration,
)
from autograder.pipeline.session.course_files import load_reference
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.variant_files import SOLUTION
from autograder.testing import FakePool, make_session
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent

MINI = Path(__file__).resolve().parents[2] / "samples" / "mini"
RULE = MinimumRule(coverage=0.9, confidence=0.9, slack=0.05)
METRIC = "fit/model"
ONE_WORKER = RunOptions(workers=1, allow_stand_in=True, force_stand_in=True)


def made(variant: str, seed: int, value: float) -> Run:
    return Run(variant=variant, seed=seed, fingerprint="f", seconds=1.0, metrics={METRIC: value},
               facts={"scale": {"X_train": {"shape": [1000, 784]}}}, curves={"fit": {"loss": [1.0, value]}})


def solution(count: int) -> list[Run]:
    return [made(SOLUTION, seed, 0.80 + seed / 1000) for seed in range(1, count + 1)]


def test_a_variant_that_agrees_to_the_last_bit_is_the_same_computation() -> None:
    found = [*solution(2), made("same", 1, 0.801), made("same", 2, 0.802), made("other", 1, 0.801),
             made("other", 2, 0.802 + 1e-12)]
    assert same_computation(found, "same")
    assert not same_computation(found, "other")
    assert not same_computation(found, "never-run")


def test_a_seed_that_the_solution_lacks_proves_nothing() -> None:
    assert not same_computation([made(SOLUTION, 1, 0.8), made("same", 2, 0.8)], "same")


def test_summary_holds_every_run_and_the_minimum_lies_below_all() -> None:
    found = summarize(solution(6), RULE, data="stand-in:f00", versions={"keras": "3"})
    spread = found.metrics[METRIC]
    assert found.runs == tuple(f"{SOLUTION}#{seed}" for seed in range(1, 7))
    assert spread.values == tuple(0.80 + seed / 1000 for seed in range(1, 7))
    assert spread.minimum is not None and spread.minimum < min(spread.values) - RULE.slack
    assert found.facts == {"scale": {"X_train": {"shape": [1000, 784]}}}
    assert found.curves["fit"]["loss"][1] == pytest.approx((0.801, 0.8035, 0.806))
    assert Calibration.from_json(found.to_json()) == found


def guessing(constant: float, value: float, bound: str) -> list[Run]:
    """Runs whose metric a check compares with a bound, and what a constant answer reaches in it."""
    return [made(SOLUTION, seed, value + seed / 1000).model_copy(update={
        "constants": {METRIC: constant}, "bounds": {METRIC: bound}, "checks": {METRIC: "c"}}) for seed in range(1, 7)]


def test_a_bound_within_reach_of_a_constant_answer_is_refused_with_both_numbers() -> None:
    with pytest.raises(CalibrationError, match=r"minimum of fit/model would be 0\.6\d+, .* constant answer \(0\.621\)"):
        summarize(guessing(0.621, 0.68, "minimum"), RULE, data="d", versions={})
    with pytest.raises(CalibrationError, match=r"maximum of fit/model would be .* constant answer \(0\.7\)"):
        summarize(guessing(0.7, 0.68, "maximum"), RULE, data="d", versions={})
    found = summarize(guessing(0.621, 0.9, "minimum"), RULE, data="d", versions={}).metrics[METRIC]
    assert found.minimum is not None and found.minimum > 0.621
    assert summarize(guessing(1.5, 0.68, "maximum"), RULE, data="d", versions={}).metrics[METRIC].maximum is not None


def test_near_chance_there_is_no_minimum() -> None:
    found = [made(SOLUTION, seed, 0.15 + seed / 100) for seed in range(1, 7)]
    assert summarize(found, RULE, data="d", versions={}).metrics[METRIC].minimum is None


def erring(variant: str, seed: int, error: float) -> Run:
    run = made(variant, seed, 0.8)
    return run.model_copy(update={
        "metrics": {"surface-error": error, "note": 7.0}, "bounds": {"surface-error": "maximum"},
        "checks": {"surface-error": "new-points", "note": "new-points"}, "sizes": {"EPOCHS": 3}})


def test_a_number_that_has_to_stay_below_a_bound_is_calibrated_upwards() -> None:
    found = summarize([*(erring(SOLUTION, seed, 3 + seed / 10) for seed in range(1, 7)),
                       *(erring("other", seed, 3.05 + seed / 10) for seed in range(1, 7))], RULE, data="own:1",
                      versions={})
    spread = found.metrics["surface-error"]
    assert spread.values == pytest.approx([3.05 + seed / 10 for seed in range(1, 7)]), "the worse of both counts"
    assert spread.maximum is not None and spread.maximum > 3.65 * 1.05 and spread.minimum is None
    assert spread.check == "new-points"
    assert "note" not in found.metrics, "no check compares it with a bound"
    assert found.sizes == {"EPOCHS": 3} and found.seconds == (1.0,) * 6


def test_a_number_that_one_run_lacks_is_said() -> None:
    found = [*(erring(SOLUTION, seed, 3.0 + seed) for seed in range(1, 6)),
             made("other", 1, 0.8).model_copy(update={"metrics": {}})]
    with pytest.raises(CalibrationError, match="surface-error should be measured in every run, but other with seed 1"):
        summarize(found, RULE, data="own:1", versions={})


def test_a_bound_does_not_sink_in_silence() -> None:
    earlier = summarize(solution(6), RULE, data="d:1", versions={})
    require_own_bounds("mini", earlier, solution(6))
    weak = [made(SOLUTION, seed, 0.6 + seed / 1000) for seed in range(1, 7)]
    with pytest.raises(CalibrationError, match=r"solution of mini no longer reaches its own minimum: fit/model .*0\.6"):
        require_own_bounds("mini", earlier, weak)
    errors = summarize([erring(SOLUTION, seed, 3 + seed / 10) for seed in range(1, 7)], RULE, data="own:1", versions={})
    require_own_bounds("mini", errors, [erring(SOLUTION, 1, 3.3)])
    with pytest.raises(CalibrationError, match="no longer stays below its own maximum: surface-error"):
        require_own_bounds("mini", errors, [erring(SOLUTION, 1, 33.0)])


@pytest.mark.parametrize(("data", "versions", "sizes", "part"), [
    ("mnist:abc", {"keras": "3.15.1", "tensorflow": "2.21.0"}, {"EPOCHS": 3}, None),
    ("mnist:abc", {"keras": "3.99.0", "tensorflow": "2.99.0", "python": "4.0"}, {"EPOCHS": 3}, None),
    ("mnist:abd", {"keras": "3.15.1"}, {"EPOCHS": 3}, "the data mnist:abc, but here mnist:abd is in use"),
    ("mnist:abc", {"keras": "4.0.0"}, {"EPOCHS": 3}, "keras 3.15.1, but version 4.0.0 is installed"),
    ("mnist:abc", {"tensorflow": "3.0.0"}, {"EPOCHS": 3}, "tensorflow 2.21.0, but version 3.0.0"),
    ("mnist:abc", {"keras": "3.15.1", "jax": "0.10.2"}, {"EPOCHS": 3}, None),
    ("mnist:abc", {}, {"EPOCHS": 4}, "EPOCHS = 3, but the notebook's sizes cell says 4"),
    ("mnist:abc", {}, {}, "EPOCHS = 3, but the notebook's sizes cell says nothing"),
])
def test_a_reference_made_under_other_conditions_is_refused(
    data: str, versions: dict[str, str], sizes: dict[str, int], part: str | None
) -> None:
    made_with = summarize(solution(6), RULE, data="mnist:abc", versions={"keras": "3.15.1", "tensorflow": "2.21.0"})
    made_with = made_with.model_copy(update={"sizes": {"EPOCHS": 3}})
    reason = explain_mismatch("mini", made_with, data, versions, sizes)
    if part is None:
        assert reason is None
        return
    assert reason is not None and part in reason and "run `autograder calibrate mini`" in reason and "\n" not in reason


def test_a_calibration_of_another_backend_is_refused_unless_it_is_of_tensorflow() -> None:
    jax = summarize(solution(6), RULE, data="mnist:abc", versions={"keras": "3.15.1", "backend": "jax", "jax": "0.10"})
    for versions in ({"keras": "3.15.1", "tensorflow": "2.21.0"}, {"keras": "3.15.1", "torch": "2.13.0"}):
        reason = explain_mismatch("mini", jax, "mnist:abc", versions, {})
        assert reason is not None and "the Keras backend jax, but" in reason and "set KERAS_BACKEND" in reason
    assert explain_mismatch("mini", jax, "mnist:abc", {"keras": "3.15.1", "jax": "0.10.2"}, {}) is None
    assert explain_borrowed("mini", jax, "jax") is None is explain_borrowed("mini", None, "jax")
    made = summarize(solution(6), RULE, data="stand-in:a", versions={"keras": "3.15.1", "tensorflow": "2.21.0"})
    assert explain_borrowed("mini", made, "jax") == (
        "mini runs with the Keras backend jax, but its bounds were calibrated with tensorflow; run "
        "`KERAS_BACKEND=jax autograder calibrate mini --stand-in` for bounds of its own.")


def test_the_installed_versions_are_known_without_an_import() -> None:
    assert set(installed_versions()) == {"keras", "tensorflow"}
    require_fitting_calibration("mini", None, "mnist:abc", {})
    old = summarize(solution(6), RULE, data="mnist:abc", versions={"keras": "2.15.0"})
    with pytest.raises(CalibrationError, match=r"keras 2\.15\.0"):
        require_fitting_calibration("mini", old, "mnist:abc", {})


@pytest.mark.parametrize("status, minimum, defect", [
    (Status.PASSED, False, False), (Status.FAILED, False, True), (Status.FAILED, True, False),
    (Status.UNJUDGED, True, False), (Status.UNJUDGED, False, True), (Status.ERRORED, False, True),
    (Status.NOT_REACHED, False, True),
])
def test_only_a_minimum_may_be_lost_while_it_is_being_calibrated(status: Status, minimum: bool, defect: bool) -> None:
    check = CheckResult(id="a", task="fit", title="A.", points=1, earned=None, status=status, basis=Basis.MEASURED,
                        minimum=minimum)
    assert is_defect(check) is defect


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    import shutil

    shutil.copytree(MINI, tmp_path / "course")
    return open_workspace(tmp_path / "course")


class Bench:
    """Replaces the runs: counts the requests and answers from a table."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, workspace: Workspace, other: float, *, base: float = 0.8,
                 versions: Mapping[str, str] | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self.base, self.other = base, other
        made = make_session()
        session = replace(made, workspace=workspace, assignment=workspace.course.assignment("mini"),
                          prepared=replace(made.prepared, name="stand-in"),
                          pool=FakePool(versions=versions or {"keras": "3"}))
        monkeypatch.setattr(calibrating, "open_session", lambda *_, **__: nullcontext(session))
        monkeypatch.setattr(runs, "_run", self.run)

    def run(self, _session: Session, wanted: Job, *_: Any) -> Run:
        self.asked.append((wanted.variant, wanted.seed))
        shift = self.other if wanted.variant == "functional" else 0.0
        return made(wanted.variant, wanted.seed, self.base + wanted.seed / 1000 + shift)


def run(workspace: Workspace, seeds: int = 6) -> Reference:
    path = calibrate_assignment(workspace, "mini", ONE_WORKER, Silent(), seeds=seeds)
    found = load_reference(path)
    assert found is not None
    return found


def test_variants_that_compute_the_same_are_not_run_over_all_seeds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(monkeypatch, workspace, other=0.0)
    calibration = run(workspace).calibrations["stand-in/cpu"]
    assert sorted(bench.asked) == sorted([(name, seed) for name in (SOLUTION, "functional", "split_answer")
                                          for seed in (1, 2)] + [(SOLUTION, seed) for seed in (3, 4, 5, 6)])
    assert calibration.runs == tuple(f"{SOLUTION}#{seed}" for seed in range(1, 7))


def test_variants_that_differ_count_with_all_seeds(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(monkeypatch, workspace, other=-0.01)
    calibration = run(workspace).calibrations["stand-in/cpu"]
    assert len(calibration.runs) == 12 and {"functional#6", f"{SOLUTION}#6"} <= set(calibration.runs)
    assert len(bench.asked) == len(set(bench.asked)) == 14
    assert min(calibration.metrics[METRIC].values) == pytest.approx(0.791)


def test_calibrations_with_other_data_stay(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = summarize(solution(5), RULE, data="mnist:abc", versions={})
    workspace.reference("mini").write_text(
        Reference(assignment="mini", calibrations={"mnist/cpu": kept}).to_json())
    Bench(monkeypatch, workspace, other=0.0)
    assert run(workspace).calibrations["mnist/cpu"] == kept
    assert set(run(workspace).calibrations) == {"mnist/cpu", "stand-in/cpu"}


def test_each_backend_has_a_calibration_of_its_own(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Bench(monkeypatch, workspace, other=0.0)
    before = run(workspace).calibrations["stand-in/cpu"]
    path = workspace.variants("mini") / "right" / "functional.py"
    path.write_text(path.read_text().replace('"""\n', '"""\nBACKENDS = ["tensorflow"]\n', 1))
    bench = Bench(monkeypatch, workspace, other=0.0, base=0.7,
                  versions={"keras": "3", "backend": "jax", "jax": "0.10.2"})
    found = run(workspace)  # and the lower result of the other backend is no reason to refuse
    assert set(found.calibrations) == {"stand-in/cpu", "stand-in/cpu/jax"}
    assert found.calibrations["stand-in/cpu"] == before, "another backend's bounds are untouched"
    assert found.calibration("stand-in", "cpu", "jax") == found.calibrations["stand-in/cpu/jax"]
    assert min(found.calibrations["stand-in/cpu/jax"].metrics[METRIC].values) == pytest.approx(0.701)
    assert found.calibration("stand-in", "cpu", "torch") == before == found.calibration("stand-in", "cpu", "tensorflow")
    assert {name for name, _ in bench.asked} == {SOLUTION, "split_answer"}, "what does not run with it is left out"


def test_too_few_seeds_are_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Bench(monkeypatch, workspace, other=0.0)
    with pytest.raises(CalibrationError, match="At least 5 runs"):
        run(workspace, seeds=4)
    assert not workspace.reference("mini").exists()


def test_a_sunken_solution_stops_the_calibration_unless_it_is_meant(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Bench(monkeypatch, workspace, other=0.0)
    run(workspace)
    before = workspace.reference("mini").read_bytes()
    monkeypatch.setattr(runs, "_run", lambda _, wanted, *__: made(wanted.variant, wanted.seed, 0.5 + wanted.seed / 1e3))
    with pytest.raises(CalibrationError, match="no longer reaches its own minimum"):
        run(workspace)
    assert workspace.reference("mini").read_bytes() == before
    calibrate_assignment(workspace, "mini", ONE_WORKER, Silent(), seeds=6, lower=True)
    assert workspace.reference("mini").read_bytes() != before


def test_damaged_reference_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "reference.json"
    for text in ("{", json.dumps({"assignment": "mini"}), ""):
        path.write_text(text)
        with pytest.raises(CalibrationError, match="run `autograder calibrate` again") as caught:
            load_reference(path)
        assert "\n" not in str(caught.value)
