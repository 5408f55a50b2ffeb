"""Runs the solution at the corners of an assignment's variants, so that one bound is fair for every student."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from autograder import calibration
from autograder.course import VariantRule
from autograder.model import Corner, FamilyCalibration, MetricSpread
from autograder.notebook import Size
from autograder.pipeline.experiments.runs import Job, Run, Shown, run_all
from autograder.pipeline.fingerprint import digest
from autograder.pipeline.grade.attempt import Attempt
from autograder.pipeline.session.placement import CPU, GPU
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.variant_files import SOLUTION
from autograder.workspace.progress import Reporter

Spreads = Callable[[list[Run]], dict[str, MetricSpread]]
Accept = Callable[[Run, Attempt], None]


def calibrate_corners(
    session: Session, rule: VariantRule, spreads: Spreads, accept: Accept, reporter: Reporter
) -> FamilyCalibration:
    """Return the calibration of all variants.

    Only the solution runs: right variants may have numbers of the notebook's own sizes typed into them.

    Args:
        spreads: makes the spreads of metrics from the runs at one corner.
        accept: as in `run_all`.
    """
    corners, facts = [], []
    for numbers in calibration.corners_of(rule.draw):
        runs = _run_corner(session, numbers, rule.seeds, accept, reporter)
        corners.append(Corner(sizes=runs[0].sizes, seeds=len(runs), metrics=spreads(runs)))
        facts.append(runs[0].facts)
    return calibration.join_corners(tuple(rule.draw), corners, facts)


def _run_corner(
    session: Session, numbers: Mapping[str, Size], seeds: int, accept: Accept, reporter: Reporter
) -> list[Run]:
    name = session.prepared.name if session.placement.device == CPU else f"{session.prepared.name}-{GPU}"
    folder = session.workspace.cache / "calibrate" / session.assignment.id / name / digest(dict(numbers))[:12]
    jobs = [Job(variant=SOLUTION, seed=seed, drawn=tuple(numbers.items())) for seed in range(1, seeds + 1)]
    said = ", ".join(f"{key} = {number}" for key, number in numbers.items())
    runs = run_all(session, jobs, folder, Shown(reporter=reporter, description=said), accept=accept)
    return sorted(runs, key=lambda run: run.seed)
