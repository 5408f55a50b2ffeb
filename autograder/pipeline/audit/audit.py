"""Audit assignments: run solution, blank release and every variant, and see which check catches which mistake.

    read variants → compare their names with course, notebook and checks → run (or find in the cache) → matrix

The runs are stored like those of a class, below ``.cache/audit``: only a changed variant runs again, and a changed
check judges the stored runs again.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import checks, notebook
from autograder.errors import CalibrationError, ReleaseError
from autograder.model import DEFAULT_BACKEND, CheckSpec, Result
from autograder.notebook.variants import Variant, apply_variant, solution_submission
from autograder.pipeline.audit.matrix import (
    Form,
    Matrix,
    Row,
    Run,
    depends_on_training,
    near_bounds,
    summarize_run,
    unjudged_in,
    with_runs,
)
from autograder.pipeline.audit.record import keep_audit
from autograder.pipeline.grade.alone import grade_all
from autograder.pipeline.grade.work import FIRST_SEED
from autograder.pipeline.reading.stored_answers import answers
from autograder.pipeline.release.proof import BLANK, grade_notebook
from autograder.pipeline.session.course_files import read_release
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import SOLUTION, load_variants
from autograder.sandbox.isolation import gpu
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import exclusive

SHORT = "short"
"""Profile of sizes for audits of structure."""
SEED_STEP = 100
"""Distance of the audit's seeds, so that none of them is a seed that grading itself uses for retries."""

EXTRA_WORKERS = 1
"""Runs beyond one per core: those of an audit are short, and each waits for child, predictor and checks in turn."""


@dataclass(frozen=True, kw_only=True)
class AuditOptions:
    """The options of `autograder audit`."""

    seeds: int = 3
    workers: int | None = None
    stand_in: bool = False
    short: bool = False
    unsafe: bool = False
    only: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """Return the form of the audit."""
        return "short" if self.short else "full"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to audit for one assignment, checked to name only what exists."""

    assignment: str
    specs: tuple[CheckSpec, ...]
    rows: tuple[Row, ...]
    notebooks: dict[str, dict[str, Any]]
    unjudged: tuple[str, ...]
    left_out: tuple[str, ...]
    unusable: tuple[str, ...] = ()


def audit_assignments(
    workspace: Workspace, assignments: Sequence[str], options: AuditOptions, reporter: Reporter
) -> Iterator[Matrix]:
    """Yield the matrix of each assignment as soon as it is complete; all variants are read before anything is run.

    Raises:
        ReleaseError: a variant names an unknown task, check or assignment, or does not fit the release.
        CalibrationError: checks with a calibrated minimum, but no calibration for the data in use.
    """
    if not assignments:
        _refuse_stray_variants(workspace)
    plans = [_planned(workspace, name, options) for name in workspace.chosen(assignments)]
    for one in plans:
        yield _audit(workspace, one, options, reporter)


def _planned(workspace: Workspace, assignment: str, options: AuditOptions) -> Plan:
    """Return the plan of one assignment among several; errors name the assignment."""
    try:
        return restrict_plan(plan(workspace, assignment, options.form), options.only)
    except ReleaseError as error:
        raise ReleaseError(f"{assignment}: {error}") from None


def plan(
    workspace: Workspace, assignment: str, form: Form, collected: tuple[CheckSpec, ...] | None = None
) -> Plan:
    """Return what an audit of one assignment has to run.

    Args:
        collected: the hidden checks, where they are known already.

    Raises:
        ReleaseError: a variant names an unknown task or check, or does not fit the release.
    """
    release, source = read_release(workspace, assignment), read_source(workspace.source(assignment))
    collected = checks.collect(workspace.hidden(assignment)) if collected is None else collected
    unjudged = unjudged_in(form, collected)
    order = [task.id for task in notebook.layout(release).tasks]
    # In the order of the notebook, whatever the files of the checks are called; `release` reports a check of no task.
    specs = tuple(sorted(collected, key=lambda spec: order.index(spec.task) if spec.task in order else len(order)))
    rows = [Row(name=SOLUTION, kind="solution", why="The instructor's solution."),
            Row(name=BLANK, kind="blank", why="The notebook as it is released.")]
    notebooks = {SOLUTION: solution_submission(source, release), BLANK: release}
    left_out, unusable = [], []
    for variant in (*load_variants(workspace, assignment, "right"), *load_variants(workspace, assignment, "wrong")):
        if gpu.backend_name() not in variant.backends:
            unusable.append(variant.name)
            continue
        if variant.name in notebooks:
            raise ReleaseError(f"Two notebooks of {assignment} are called {variant.name!r}; rename one variant.")
        row = declared_row(variant, specs, unjudged)
        notebooks[variant.name] = apply_variant(source, variant, release)
        if variant.kind == "wrong" and not row.loses:
            left_out.append(variant.name)
        else:
            rows.append(row)
    return Plan(assignment=assignment, specs=specs, rows=tuple(rows), notebooks=notebooks, unjudged=unjudged,
                left_out=tuple(left_out), unusable=tuple(unusable))


def restrict_plan(whole: Plan, only: Sequence[str]) -> Plan:
    """Return the plan for only some rows; the whole plan where none are named.

    Raises:
        ReleaseError: there is no such row.
    """
    known = [*whole.notebooks]
    for name in only:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
            raise ReleaseError(f"The audit of {whole.assignment} should run {name!r}, but there is no such variant; "
                               f"the nearest is {near[0]!r}.")
    return replace(whole, rows=tuple(row for row in whole.rows if row.name in only)) if only else whole


def declared_row(variant: Variant, specs: Iterable[CheckSpec], unjudged: Sequence[str] = ()) -> Row:
    """Return what a variant declares, without the checks that this form does not judge.

    Raises:
        ReleaseError: it names a check that does not exist, or one twice.
    """
    known = [spec.id for spec in specs]
    named = (*variant.loses, *variant.blocks, *variant.withholds)
    for check in named:
        if check not in known:
            near = difflib.get_close_matches(check, known, n=1, cutoff=0.0)
            raise ReleaseError(f"Variant {variant.name} names the check {check!r}, which does not exist; "
                               f"the nearest is {near[0] if near else 'none'!r}.")
        if named.count(check) > 1:
            raise ReleaseError(f"Variant {variant.name} names the check {check!r} twice; it may be in one list only.")

    def judged(declared: Sequence[str]) -> tuple[str, ...]:
        return tuple(check for check in declared if check not in unjudged)

    return Row(name=variant.name, kind=variant.kind, why=variant.why, loses=judged(variant.loses),
               blocks=judged(variant.blocks), withholds=judged(variant.withholds))


def _refuse_stray_variants(workspace: Workspace) -> None:
    """Raise where variants belong to an assignment that the course does not have, so that they would never run."""
    root = workspace.root / "reference"
    for folder in sorted(root.glob("*/variants")):
        name = folder.parent.name
        if name not in workspace.course.assignments:
            near = difflib.get_close_matches(name, workspace.course.assignments, n=1, cutoff=0.0)
            raise ReleaseError(f"reference/{name}/variants belongs to no assignment of course.yml; the nearest is "
                               f"{near[0] if near else 'none'!r}: rename the folder or add the assignment.")


def _audit(workspace: Workspace, wanted: Plan, options: AuditOptions, reporter: Reporter) -> Matrix:
    began, stand_in = time.monotonic(), options.stand_in or options.short
    asked = RunOptions(
        workers=options.workers, beyond_cores=EXTRA_WORKERS, allow_stand_in=stand_in,
        force_stand_in=stand_in, unsafe=options.unsafe, profile=SHORT if options.short else None,
        calibrated=not options.short)
    with open_session(workspace, wanted.assignment, asked, reporter=reporter) as opened:
        session = _without_questions(opened) if options.short else opened
        _require_calibration(session, wanted)
        rows = wanted.rows
        for number in range(1 if options.short else options.seeds):
            seed = FIRST_SEED + number * SEED_STEP
            due = rows if number == 0 else [row for row in rows if depends_on_training(row, wanted.specs)]
            runs = _runs(session, wanted, due, seed, options.form, reporter)
            rows = with_runs(rows, {name: (run,) for name, run in runs.items()})
        matrix = Matrix(
            assignment=wanted.assignment, data=session.data_name, form=options.form, checks=wanted.specs,
            unjudged=wanted.unjudged, rows=rows, left_out=wanted.left_out, unusable=wanted.unusable,
            partial=bool(options.only), seconds=round(time.monotonic() - began, 1))
        keep_audit(workspace, wanted.notebooks, matrix, versions=session.pool.versions, seeds=options.seeds)
        return matrix


def _without_questions(session: Session) -> Session:
    """Return a session in which no model is evaluated, since the short form does not judge models."""
    return replace(session, specs=tuple(spec.model_copy(update={"predicts": ()}) for spec in session.specs))


def _require_calibration(session: Session, wanted: Plan) -> None:
    """Raise where checks compare with minimums and there are none: the audit must not silently become weaker."""
    minimums = [spec.id for spec in wanted.specs if spec.minimum and spec.id not in wanted.unjudged]
    if minimums and session.calibration is None:
        raise CalibrationError(f"{wanted.assignment} has calibrated checks ({minimums[0]}), but no calibration "
                               f"for {session.data_name}; run `autograder calibrate {wanted.assignment}` first.")


def _runs(
    session: Session, wanted: Plan, rows: Sequence[Row], seed: int, form: Form, reporter: Reporter
) -> dict[str, Run]:
    """Grade rows with one seed; earlier runs are found in the cache."""
    here = session_in_cache(session, form, seed)
    what = f"audit {wanted.assignment}" + ("" if seed == FIRST_SEED else f", seed {seed}")
    found = {}
    for result in grade_rows(here, wanted, rows, Batch(what=what, seed=seed), reporter):
        near = near_bounds(_measured(here, result), session.calibration)
        found[result.student] = summarize_run(result, seed, wanted.unjudged, near)
    return found


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some rows that are graded together: what the progress calls them, and their seed."""

    what: str
    seed: int = FIRST_SEED


def grade_rows(
    session: Session, wanted: Plan, rows: Sequence[Row], batch: Batch, reporter: Reporter
) -> Iterator[Result]:
    """Yield the result of each row as it comes; earlier ones are found in the session's output folder.

    Args:
        session: made by `session_in_cache`.
    """
    def grade(session: Session, row: Row) -> Result:
        return grade_notebook(session, row.name, wanted.notebooks[row.name], seed=batch.seed)

    with (
        exclusive(session.workspace.output / "lock", "An audit"),
        reporter.task(batch.what, len(rows)) as bar,
    ):
        for result in grade_all(session, rows, grade, reporter, workers=session.workers):
            bar.advance(result.student)
            yield result


def session_in_cache(session: Session, form: Form, seed: int = FIRST_SEED) -> Session:
    """Return a session whose results are stored where audits keep theirs."""
    output = cache_folder(session.workspace, session.assignment.id, session.prepared.name, form) / f"seed-{seed}"
    return replace(session, workspace=replace(session.workspace, output=output))


def _measured(session: Session, result: Result) -> dict[str, float]:
    """Return every number of a graded notebook that a calibration has: from checks, and from its models' outputs."""
    measured = {name: value for task in result.tasks for check in task.checks for name, value in check.measured.items()}
    outputs = answers(session.workspace.results(result.student, result.assignment))
    return {**checks.metrics(outputs, *session.load_labels()), **measured} if outputs else measured


def cache_folder(workspace: Workspace, assignment: str, data: str, form: Form) -> Path:
    """Return the folder of an audit's runs with the backend in use."""
    return audits_of(workspace, assignment) / f"{data}-{form}"


def audits_of(workspace: Workspace, assignment: str) -> Path:
    """Return the folder of all audits of an assignment with the backend in use: `audit`, or `audit-jax`."""
    backend = gpu.backend_name()
    return workspace.cache / ("audit" if backend == DEFAULT_BACKEND else f"audit-{backend}") / assignment
