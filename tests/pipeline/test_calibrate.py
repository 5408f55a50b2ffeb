"""What follows from calibration runs, and which runs have to be made: no process is started."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.course import MinimumRule
from autograder.errors import CalibrationError
from autograder.model import Basis, Calibration, CheckResult, Reference, Status
from autograder.pipeline import calibrate as calibrating
from autograder.pipeline.calibrate import Run, calibrate, same_computation, summarize
from autograder.pipeline.context import load_reference
from autograder.pipeline.reporting import Silent
from autograder.pipeline.variants import SOLUTION
from autograder.pipeline.workspace import Workspace, open_workspace

MINI = Path(__file__).resolve().parents[1] / "samples" / "mini"
RULE = MinimumRule(coverage=0.9, confidence=0.9, slack=0.05)
METRIC = "fit/model"


def made(variant: str, seed: int, value: float) -> Run:
    return Run(variant=variant, seed=seed, fingerprint="f", seconds=1.0, metrics={METRIC: value},
               facts={"scale": {"X_train": {"shape": [1000, 784]}}}, curves={"fit": {"loss": [1.0, value]}})


def solution(count: int) -> list[Run]:
    return [made(SOLUTION, seed, 0.80 + seed / 1000) for seed in range(1, count + 1)]


def test_a_variant_that_agrees_to_the_last_bit_is_the_same_computation() -> None:
    runs = [*solution(2), made("same", 1, 0.801), made("same", 2, 0.802), made("other", 1, 0.801),
            made("other", 2, 0.802 + 1e-12)]
    assert same_computation(runs, "same")
    assert not same_computation(runs, "other")
    assert not same_computation(runs, "never-run")


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


def test_near_chance_there_is_no_minimum() -> None:
    runs = [made(SOLUTION, seed, 0.15 + seed / 100) for seed in range(1, 7)]
    assert summarize(runs, RULE, data="d", versions={}).metrics[METRIC].minimum is None


@pytest.mark.parametrize("status, minimum, defect", [
    (Status.PASSED, False, False), (Status.FAILED, False, True), (Status.FAILED, True, False),
    (Status.UNJUDGED, True, False), (Status.UNJUDGED, False, True), (Status.ERRORED, False, True),
    (Status.NOT_REACHED, False, True),
])
def test_only_a_minimum_may_be_lost_while_it_is_being_calibrated(status: Status, minimum: bool, defect: bool) -> None:
    check = CheckResult(id="a", task="fit", title="A.", points=1, earned=None, status=status, basis=Basis.MEASURED,
                        minimum=minimum)
    assert calibrating._is_defect(check) is defect


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    import shutil

    shutil.copytree(MINI, tmp_path / "course")
    return open_workspace(tmp_path / "course")


class Bench:
    """Stands for the runs: counts what is asked for and answers from a table."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, workspace: Workspace, other: float) -> None:
        self.asked: list[tuple[str, int]] = []
        self.other = other
        context = SimpleNamespace(workspace=workspace, prepared=SimpleNamespace(name="stand-in"), stop=lambda: None,
                                  data_name="stand-in:f00", pool=SimpleNamespace(versions={"keras": "3"}))
        monkeypatch.setattr(calibrating, "open_context", lambda *_, **__: _Managed(context))
        monkeypatch.setattr(calibrating, "_run", self.run)

    def run(self, context: Any, wanted: Any) -> Run:
        self.asked.append((wanted.variant, wanted.seed))
        shift = self.other if wanted.variant == "functional" else 0.0
        return made(wanted.variant, wanted.seed, 0.8 + wanted.seed / 1000 + shift)


class _Managed:
    def __init__(self, value: Any) -> None:
        self.value = value

    def __enter__(self) -> Any:
        return self.value

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""


def run(workspace: Workspace, seeds: int = 6) -> Reference:
    path = calibrate(workspace, "mini", seeds=seeds, lanes=1, stand_in=True, unsafe=False, reporter=Silent())
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


def test_too_few_seeds_are_refused(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    Bench(monkeypatch, workspace, other=0.0)
    with pytest.raises(CalibrationError, match="At least 5 runs"):
        run(workspace, seeds=4)
    assert not workspace.reference("mini").exists()


def test_damaged_reference_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "reference.json"
    for text in ("{", json.dumps({"assignment": "mini"}), ""):
        path.write_text(text)
        with pytest.raises(CalibrationError, match="run `autograder calibrate` again") as caught:
            load_reference(path)
        assert "\n" not in str(caught.value)
