"""Calibrate an assignment: run the solution and the right variants over many seeds, in the grader's own conditions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import artifacts, calibration, checks
from autograder.course import MinimumRule
from autograder.errors import CalibrationError
from autograder.files import FolderSource
from autograder.model import Calibration, CheckResult, MetricSpread, Reference, Status, Value
from autograder.pipeline.attempt import Attempt, curves, job_fingerprint, make_job, run_attempt
from autograder.pipeline.context import DEVICE, GradingContext, lanes_of, load_reference, open_context
from autograder.pipeline.facts import facts_of
from autograder.pipeline.grade import run_in_lanes
from autograder.pipeline.predictions import answers
from autograder.pipeline.reporting import Reporter
from autograder.pipeline.storage import write_atomically
from autograder.pipeline.variants import SOLUTION, load_variants, merged_variant
from autograder.pipeline.workspace import Workspace

KEY = "00" * 32
"""Sampling key of calibration runs: nobody has to guess here, and equal keys keep runs comparable."""
PROBE_SEEDS = 2
"""Over so many seeds a variant has to agree with the solution to the last bit to count as the same computation."""


class Run(Value):
    """What one calibration run measured; kept on disk, so that an interrupted calibration goes on."""

    variant: str
    seed: int
    fingerprint: str
    seconds: float
    metrics: dict[str, float]
    facts: dict[str, Any]
    curves: dict[str, dict[str, list[float]]]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Job:
    """One run to make."""

    variant: str
    seed: int


def calibrate(
    workspace: Workspace, assignment: str, *, seeds: int | None, lanes: int | None, stand_in: bool,
    unsafe: bool, reporter: Reporter,
) -> Path:
    """Write ``reference.json`` and return its path.

    Raises:
        CalibrationError: a right variant lost points for another reason than a minimum.
    """
    settings = workspace.course.assignment(assignment)
    count = seeds or settings.seeds
    with open_context(workspace, assignment, lanes=lanes_of(lanes), allow_stand_in=stand_in, reporter=reporter,
                      unsafe=unsafe, force_stand_in=stand_in) as context:
        names = (SOLUTION, *(variant.name for variant in load_variants(workspace, assignment, "right")))
        first = [Job(variant=name, seed=seed) for name in names for seed in range(1, PROBE_SEEDS + 1)]
        runs = _run_all(context, first, lanes_of(lanes), reporter, "first seeds of every variant")
        differing = [name for name in names if name == SOLUTION or not same_computation(runs, name)]
        rest = [Job(variant=name, seed=seed) for seed in range(PROBE_SEEDS + 1, count + 1) for name in differing]
        runs += _run_all(context, rest, lanes_of(lanes), reporter, f"remaining seeds of {len(differing)} variants")
        counted = [run for run in runs if run.variant in differing]
        found = summarize(counted, settings.minimum, data=context.data_name, versions=context.pool.versions)
        return _write(workspace, assignment, f"{context.prepared.name}/{DEVICE}", found)


def same_computation(runs: Iterable[Run], variant: str) -> bool:
    """Whether a variant's metrics agree with the solution's for the same seeds, to the last bit."""
    by_seed = {run.seed: run.metrics for run in runs if run.variant == SOLUTION}
    mine = [run for run in runs if run.variant == variant]
    return bool(mine) and all(run.metrics == by_seed.get(run.seed) for run in mine)


def summarize(
    runs: Sequence[Run], rule: MinimumRule, *, data: str, versions: Mapping[str, str]
) -> Calibration:
    """Return the calibration that follows from runs."""
    return Calibration(
        data=data, device=DEVICE, versions=dict(versions),
        calibrated_at=datetime.now(UTC).isoformat(timespec="seconds"),
        runs=tuple(f"{run.variant}#{run.seed}" for run in runs), metrics=_spreads(runs, rule),
        facts=next((run.facts for run in runs if run.variant == SOLUTION), {}),
        curves=_bands([run.curves for run in runs if run.variant == SOLUTION]),
    )


def _spreads(runs: Sequence[Run], rule: MinimumRule) -> dict[str, MetricSpread]:
    # Runs of two variants with one seed start from the same weights: they are one observation, the lower one counts.
    seeds = sorted({run.seed for run in runs})
    lowest = {name: [min(run.metrics[name] for run in runs if run.seed == seed) for seed in seeds]
              for name in sorted(runs[0].metrics)}
    return {
        name: calibration.spread(values, coverage=rule.coverage, confidence=rule.confidence, slack=rule.slack,
                                 chance=rule.chance, margin=rule.margin)
        for name, values in lowest.items()
    }


def _bands(
    all_curves: Sequence[Mapping[str, Mapping[str, list[float]]]]
) -> dict[str, dict[str, tuple[tuple[float, float, float], ...]]]:
    return {
        fit: {quantity: calibration.bands([one[fit][quantity] for one in all_curves if fit in one])
              for quantity in all_curves[0][fit]}
        for fit in all_curves[0]
    }


def _run_all(
    context: GradingContext, jobs: Sequence[Job], lanes: int, reporter: Reporter, description: str
) -> list[Run]:
    runs = []
    with reporter.task(description, len(jobs)) as bar:
        for run in run_in_lanes(lambda job: _run(context, job), jobs, lanes, context.stop):
            bar.advance(f"{run.variant} seed {run.seed}")
            runs.append(run)
    return sorted(runs, key=lambda run: (run.variant != SOLUTION, run.variant, run.seed))


def _run(context: GradingContext, wanted: Job) -> Run:
    merged = merged_variant(context, wanted.variant)
    job = make_job(context, merged, seed=wanted.seed, key=KEY)
    fingerprint = job_fingerprint(context, job)
    kept = (context.workspace.cache / "calibrate" / context.assignment.id / context.prepared.name
            / f"{wanted.variant}-{wanted.seed}.json")
    try:
        run = Run.from_json(kept.read_bytes())
        if run.fingerprint == fingerprint:
            return run
    except (OSError, ValueError):
        pass
    folder = kept.with_suffix(".running")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        attempt = run_attempt(context, merged, job, folder)
        run = _measured(context, attempt, wanted, fingerprint)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    write_atomically(kept, run.to_json())
    return run


def _measured(context: GradingContext, attempt: Attempt, wanted: Job, fingerprint: str) -> Run:
    lost = tuple(check.id for check in attempt.checks if _is_defect(check))
    if lost:
        first = next(check for check in attempt.checks if check.id == lost[0])
        raise CalibrationError(
            f"{wanted.variant} with seed {wanted.seed} was expected to pass every check, but {', '.join(lost)} did not "
            f"({first.seen or first.staff_note or first.status.value}); mend the check or the variant first.")
    found = artifacts.read(FolderSource(attempt.folder / "artifacts"), sampling_key=KEY)
    outputs = answers(context, found, attempt.folder)
    return Run(
        variant=wanted.variant, seed=wanted.seed, fingerprint=fingerprint, seconds=attempt.execution.seconds,
        metrics=checks.metrics(outputs, *context.load_labels()),
        facts=facts_of(found), curves=curves(found),
    )


def _is_defect(check: CheckResult) -> bool:
    """Whether a lost check says that something else than a missing or outdated minimum is wrong."""
    return check.status is not Status.PASSED and not check.minimum


def _write(workspace: Workspace, assignment: str, key: str, found: Calibration) -> Path:
    path = workspace.reference(assignment)
    earlier = load_reference(path)
    calibrations = dict(earlier.calibrations) if earlier else {}
    calibrations[key] = found
    reference = Reference(assignment=assignment, calibrations=dict(sorted(calibrations.items())))
    write_atomically(path, json.dumps(reference.model_dump(mode="json"), indent=1) + "\n")
    return path
