"""Calibrate an assignment: run the solution and the right variants with many seeds, as in grading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from autograder import calibration
from autograder.course import Assignment, MinimumRule
from autograder.errors import CalibrationError
from autograder.model import (
    DEFAULT_BACKEND,
    Bound,
    Calibration,
    MetricSpread,
    Reference,
    backend_of,
    calibration_key,
)
from autograder.model.reproduction import middle
from autograder.pipeline.experiments.corners import calibrate_corners
from autograder.pipeline.experiments.runs import Job, Run, Shown, is_defect, run_all
from autograder.pipeline.grade.attempt import Attempt
from autograder.pipeline.session.calibration import explain_mismatch
from autograder.pipeline.session.course_files import load_reference
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import CPU, GPU, Device, for_calibration
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.variant_files import SOLUTION, load_variants
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

PROBE_SEEDS = 2
"""For this many seeds a variant has to agree with the solution to the last bit to count as the same computation."""


def calibrate_assignment(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, *, seeds: int | None = None,
    lower: bool = False, device: Device | None = None,
) -> Path:
    """Write ``reference.json`` and return its path.

    Args:
        options: bounds are measured, so none are applied: ``calibrated`` is ignored.
        seeds: their number; None: as in course.yml.
        lower: write the calibration although the solution no longer reaches the bounds of the current reference.
        device: the one to calibrate where either may grade; None: the CPU.

    Raises:
        CalibrationError: a right variant lost points for another reason than a bound, or the solution no longer
            reaches its own bounds.
        GraderError: the device is not available, or grades no submission of this assignment.
    """
    settings = workspace.course.assignment(assignment)
    placement = for_calibration(workspace, assignment, device)
    with open_session(workspace, assignment, replace(options, calibrated=False), reporter=reporter,
                      placement=placement) as session:
        counted = _run_variants(session, seeds or settings.seeds, reporter)
        found = summarize(counted, settings.minimum, data=session.data_name, versions=session.pool.versions,
                          device=placement.device)
        if settings.variants is not None:
            found = found.model_copy(update={"family": calibrate_corners(
                session, settings.variants, partial(_spreads, rule=settings.minimum), refuse_defects, reporter)})
        reference = load_reference(workspace.reference(assignment))
        earlier = reference.calibrations.get(calibration_key(
            session.prepared.name, placement.device, found.backend)) if reference else None
        if earlier and not lower and explain_mismatch(
                assignment, earlier, session.data_name, found.versions, found.sizes) is None:
            require_own_bounds(assignment, earlier, [run for run in counted if run.variant == SOLUTION])
        return _write(workspace, settings, session.prepared.name, found)


def _run_variants(session: Session, count: int, reporter: Reporter) -> list[Run]:
    """Return the runs that count: the solution, and each variant with another computation, for all seeds."""
    backend = backend_of(session.pool.versions)
    right = [one for one in load_variants(session.workspace, session.assignment.id, "right")
             if backend in one.backends]
    names = (SOLUTION, *(variant.name for variant in right))
    first = [Job(variant=name, seed=seed) for name in names for seed in range(1, PROBE_SEEDS + 1)]
    runs = _run_all(session, first, reporter, "first seeds of every variant")
    differing = [name for name in names if name == SOLUTION or not same_computation(runs, name)]
    rest = [Job(variant=name, seed=seed) for seed in range(PROBE_SEEDS + 1, count + 1) for name in differing]
    runs += _run_all(session, rest, reporter, f"remaining seeds of {len(differing)} variants")
    return [run for run in runs if run.variant in differing]


def require_own_bounds(assignment: str, earlier: Calibration, runs: Sequence[Run]) -> None:
    """Compare the solution's new runs with the bounds that students have seen.

    Raises:
        CalibrationError: half of the runs or more miss one; otherwise the bound would drop unnoticed.
    """
    for metric, spread in earlier.metrics.items():
        values = [run.metrics[metric] for run in runs if metric in run.metrics]
        if not values:
            continue
        middle, bound = median(values), spread.minimum if spread.maximum is None else spread.maximum
        if bound is not None and (middle > bound if spread.maximum is not None else middle < bound):
            which = "stays below its own maximum" if spread.maximum is not None else "reaches its own minimum"
            raise CalibrationError(
                f"The solution of {assignment} no longer {which}: {metric} should be {bound:g} and is {middle:.4g} in "
                f"the middle of {len(values)} runs; correct the solution, or calibrate with --lower if that is "
                "intended.")


def same_computation(runs: Iterable[Run], variant: str) -> bool:
    """Whether a variant's metrics agree with the solution's for the same seeds, to the last bit."""
    by_seed = {run.seed: run.metrics for run in runs if run.variant == SOLUTION}
    mine = [run for run in runs if run.variant == variant]
    return bool(mine) and all(run.metrics == by_seed.get(run.seed) for run in mine)


def summarize(
    runs: Sequence[Run], rule: MinimumRule, *, data: str, versions: Mapping[str, str], device: Device = CPU
) -> Calibration:
    """Return the calibration that follows from runs."""
    return Calibration(
        data=data, device=device, versions=dict(versions),
        calibrated_at=datetime.now(UTC).isoformat(timespec="seconds"),
        runs=tuple(f"{run.variant}#{run.seed}" for run in runs), metrics=_spreads(runs, rule),
        sizes=next((run.sizes for run in runs if run.variant == SOLUTION), {}),
        seconds=tuple(round(run.seconds, 1) for run in runs if run.variant == SOLUTION),
        facts=next((run.facts for run in runs if run.variant == SOLUTION), {}),
        curves=_bands([run.curves for run in runs if run.variant == SOLUTION]),
        numbers=_numbers([run.numbers for run in runs if run.variant == SOLUTION]),
    )


def _numbers(runs: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float, float]]:
    """Return (low, median, high) of every number that all runs have."""
    shared = [name for name in (runs[0] if runs else ()) if all(name in run for run in runs)]
    return {name: middle([run[name] for run in runs]) for name in shared}


def _spreads(runs: Sequence[Run], rule: MinimumRule) -> dict[str, MetricSpread]:
    bounds = {metric: bound for run in runs for metric, bound in run.bounds.items()}
    own = {metric: check for run in runs for metric, check in run.checks.items()}
    found = {}
    for name in sorted({metric for run in runs for metric in run.metrics}):
        if name in own and name not in bounds:
            continue  # measured for information; no check compares it with a bound
        spread = _spread(name, runs, rule, bounds.get(name, "minimum"))
        if name in bounds:
            _refuse_guessable(name, spread, runs)
        found[name] = spread.model_copy(update={"check": own.get(name)})
    return found


def _constant(metric: str, runs: Iterable[Run]) -> float | None:
    """Return what one answer for every row reaches in a metric: it follows from the data, so all runs say the same."""
    return next((run.constants[metric] for run in runs if metric in run.constants), None)


def _refuse_guessable(metric: str, spread: MetricSpread, runs: Iterable[Run]) -> None:
    """Refuse a bound that a check compares with, if a model reaches it that ignores its inputs.

    Raises:
        CalibrationError: it does; both numbers are named.
    """
    constant = _constant(metric, runs)
    if constant is None:
        return
    lower = spread.maximum is None
    bound = spread.tolerance_bound if spread.maximum is None else spread.maximum
    if spread.minimum is None if lower else bound >= constant:
        raise CalibrationError(
            f"The {'minimum' if lower else 'maximum'} of {metric} would be {bound:.3g}, which is within reach of a "
            f"constant answer ({constant:.3g}); take this bound out of the check, or train longer in the solution.")


def _spread(metric: str, runs: Sequence[Run], rule: MinimumRule, bound: Bound) -> MetricSpread:
    # Runs of two variants with one seed start from the same weights: they are one observation, and the worse counts.
    missing = next((run for run in runs if metric not in run.metrics), None)
    if missing is not None:
        raise CalibrationError(f"{metric} should be measured in every run, but {missing.variant} with seed "
                               f"{missing.seed} has none; correct the check or the variant first.")
    seeds = sorted({run.seed for run in runs})
    worse = max if bound == "maximum" else min
    values = [worse(run.metrics[metric] for run in runs if run.seed == seed) for seed in seeds]
    if bound == "maximum":
        return calibration.error_spread(values, coverage=rule.coverage, confidence=rule.confidence, slack=rule.slack)
    chance = max(rule.chance, _constant(metric, runs) or 0.0)
    return calibration.spread(values, coverage=rule.coverage, confidence=rule.confidence, slack=rule.slack,
                              chance=chance, margin=min(rule.margin, max(1 - chance, 0.0) / 2))


def _bands(
    all_curves: Sequence[Mapping[str, Mapping[str, list[float]]]]
) -> dict[str, dict[str, tuple[tuple[float, float, float], ...]]]:
    return {
        fit: {quantity: calibration.bands([one[fit][quantity] for one in all_curves if fit in one])
              for quantity in all_curves[0][fit]}
        for fit in all_curves[0]
    }


def _run_all(
    session: Session, jobs: Sequence[Job], reporter: Reporter, description: str
) -> list[Run]:
    backend = backend_of(session.pool.versions)
    name = "-".join((session.prepared.name, *([GPU] if session.placement.device == GPU else []),
                     *([backend] if backend != DEFAULT_BACKEND else [])))
    folder = session.workspace.cache / "calibrate" / session.assignment.id / name
    runs = run_all(session, jobs, folder, Shown(reporter=reporter, description=description), accept=refuse_defects)
    return sorted(runs, key=lambda run: (run.variant != SOLUTION, run.variant, run.seed))


def refuse_defects(run: Run, attempt: Attempt) -> None:
    """Refuse a run that lost checks other than bounds: it must not be used for calibration.

    Raises:
        CalibrationError: it did.
    """
    if run.lost:
        first = next(check for check in attempt.checks if is_defect(check))
        raise CalibrationError(
            f"{run.variant} with seed {run.seed} was expected to pass every check, but {', '.join(run.lost)} did not "
            f"({first.seen or first.staff_note or first.status.value}); correct the check or the variant first.")


def _write(workspace: Workspace, settings: Assignment, data: str, found: Calibration) -> Path:
    path = workspace.reference(settings.id)
    earlier = load_reference(path)
    calibrations = dict(earlier.calibrations) if earlier else {}
    calibrations[calibration_key(data, found.device, found.backend)] = found
    cpu, gpu = (calibration_key(data, device, found.backend) for device in (CPU, GPU))
    if settings.grader == "any" and {cpu, gpu} <= calibrations.keys():
        rule = settings.minimum  # students see one number, whichever device grades their work
        calibrations[cpu], calibrations[gpu] = calibration.level(
            calibrations[cpu], calibrations[gpu], chance=rule.chance, margin=rule.margin)
    reference = Reference(assignment=settings.id, calibrations=dict(sorted(calibrations.items())))
    write_atomically(path, json.dumps(reference.model_dump(mode="json"), indent=1) + "\n")
    return path
