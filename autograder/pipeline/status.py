"""What of each assignment is out of date, and the command that fixes it. Nothing is run, graded or written.

    packages → source → checks → calibration → release → variants → audit → submissions → feedback
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from autograder.errors import AutograderError, ReleaseError
from autograder.installed import versions_of
from autograder.model import CheckSpec, Reference, Value
from autograder.pipeline.audit.audit import Plan, cache_folder, plan
from autograder.pipeline.audit.matrix import Form, Matrix, summarize_run, with_runs
from autograder.pipeline.audit.record import content_when_run, explain_record, listed
from autograder.pipeline.fingerprint import checks_fingerprint
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.grade.work import FIRST_SEED
from autograder.pipeline.release.release import collect_checks, fitting_reference, verify
from autograder.pipeline.release.validate import check_points, check_source
from autograder.pipeline.session.calibration import explain_borrowed
from autograder.pipeline.session.required_packages import require_installed
from autograder.pipeline.session.source_notebook import read_source
from autograder.sandbox.isolation import gpu
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import locked_packages

Part = Literal["packages", "source", "checks", "calibration", "release", "variants", "audit", "submissions", "feedback"]
Found = TypeVar("Found")


class Due(Value):
    """One part of an assignment that is out of date."""

    assignment: str
    part: Part
    state: str
    command: str


class _Broken(Exception):
    """What comes later in an assignment cannot be examined before this is fixed."""

    def __init__(self, due: Due) -> None:
        super().__init__(due.state)
        self.due = due


def find_due(workspace: Workspace, assignments: Sequence[str] = ()) -> Iterator[Due]:
    """Yield what is out of date, by assignment and in the order in which it is fixed.

    Args:
        assignments: only these; empty: all of the course.

    Raises:
        CourseError: the course has no such assignment.
    """
    for name in workspace.chosen(assignments):
        try:
            yield from _authored(workspace, name)
        except _Broken as broken:
            yield broken.due
        yield from _class(workspace, name)


def _authored(workspace: Workspace, name: str) -> Iterator[Due]:
    """Yield what concerns the parts that instructors write.

    Raises:
        _Broken: nothing further can be said.
    """
    _require(lambda: _packages(workspace), name, "packages", "autograder build")
    path = workspace.source(name)
    hidden = f"tests/hidden/{name}"
    source = _require(lambda: _checked_source(path), name, "source", f"edit assignments/{name}/{path.name}")
    specs = _require(lambda: _checked_specs(workspace, name, source), name, "checks", f"edit {hidden}")
    uncalibrated = _calibration(workspace, name, source, specs)
    released = workspace.release(name).is_file()
    if uncalibrated:
        if not released:  # its proof would compare with a calibration that needs a release
            yield Due(assignment=name, part="release", state="It was never released.",
                      command=f"autograder release --no-proof {name}")
        yield uncalibrated
    try:
        verify(workspace, name, specs)
    except AutograderError as error:
        state = str(error) if released else "It was never released."
        yield Due(assignment=name, part="release", state=state, command=f"autograder release {name}")
    if released:
        planned = _require(lambda: _plans(workspace, name, specs), name, "variants", f"edit reference/{name}/variants")
        yield from _audited(workspace, name, planned)


def _require(step: Callable[[], Found], name: str, part: Part, command: str) -> Found:
    try:
        return step()
    except AutograderError as error:
        raise _Broken(Due(assignment=name, part=part, state=str(error), command=command)) from None


def _packages(workspace: Workspace) -> None:
    lock = locked_packages(workspace)
    require_installed(lock, versions_of(lock.pins))


def _plans(workspace: Workspace, name: str, specs: tuple[CheckSpec, ...]) -> dict[Form, Plan]:
    return {"full": plan(workspace, name, "full", specs), "short": plan(workspace, name, "short", specs)}


def _checked_source(path: Path) -> dict[str, Any]:
    source = read_source(path)
    check_source(source)
    return source


def _checked_specs(workspace: Workspace, name: str, source: dict[str, Any]) -> tuple[CheckSpec, ...]:
    specs = collect_checks(workspace.hidden(name))
    check_points(source, specs)
    return specs


def _calibration(
    workspace: Workspace, name: str, source: dict[str, Any], specs: Sequence[CheckSpec]
) -> Due | None:
    """Return what is wrong with the calibration, where a check compares with one."""
    first = next((spec.id for spec in specs if spec.minimum), None)
    if first is None:
        return None
    command = f"autograder calibrate {name}"
    try:
        reference, reasons = fitting_reference(workspace, name, source)
    except ReleaseError as error:
        return Due(assignment=name, part="calibration", state=str(error), command=command)
    if reference is not None and reference.calibrations:
        return _borrowed(name, reference)
    state = reasons[0] if reasons else f"The check {first} compares with a calibrated bound, but there is none."
    return Due(assignment=name, part="calibration", state=state, command=command)


def _borrowed(name: str, reference: Reference) -> Due | None:
    """Return that the backend in use has no calibration of its own, where that is so."""
    backend = gpu.backend_name()
    state = next(filter(None, (explain_borrowed(name, one, backend) for one in reference.calibrations.values())), None)
    return Due(assignment=name, part="calibration", state=state,
               command=f"KERAS_BACKEND={backend} autograder calibrate {name}") if state else None


def _audited(workspace: Workspace, name: str, planned: dict[Form, Plan]) -> Iterator[Due]:
    """Yield what is missing of the variants, and whether the newest audit is of what is there now."""
    rows = planned["full"].rows
    for kind in ("right", "wrong"):
        if not any(row.kind == kind for row in rows):
            yield Due(assignment=name, part="variants", state=f"There is no {kind} variant.",
                      command=f"write reference/{name}/variants/{kind}/NAME.py")
    found = [state for form, one in planned.items() if (state := _audit_state(workspace, name, form, one)) is not None]
    recorded = explain_record(workspace, name, planned["full"].rows, planned["full"].notebooks)
    found += [recorded] if recorded is not None else []
    if "" in found:
        return  # one form of it is complete, current and clean
    yield Due(assignment=name, part="audit", command=f"autograder audit {name}",
              state=found[0] if found else "It was never audited.")


def _audit_state(workspace: Workspace, name: str, form: Form, planned: Plan) -> str | None:
    """Return what is wrong with the stored runs of an audit; empty: nothing, None: there are none.

    Only the runs of the first seed are looked at: further ones are made where these ask for them.
    """
    folders = sorted(cache_folder(workspace, name, "x", form).parent.glob(f"*-{form}/seed-{FIRST_SEED}/results"))
    if not folders:
        return None
    current = _fingerprint(workspace, name)
    release = json.loads(workspace.release(name).read_bytes())
    runs, changed = {}, []
    for row in planned.rows:
        wanted = content_when_run(release, planned.notebooks[row.name])
        stored = [result for folder in folders if (result := load_result(folder / row.name / name / RESULT))]
        fresh = [result for result in stored if result.provenance is not None
                 and (result.provenance.submission, result.provenance.checks_fingerprint) == (wanted, current)]
        if fresh:
            runs[row.name] = (summarize_run(fresh[0], FIRST_SEED, planned.unjudged),)
        else:
            changed.append(row.name)
    if changed:
        return f"Changed since the last audit, or never part of it: {listed(changed)}."
    matrix = Matrix(assignment=name, data="", form=form, checks=planned.specs, unjudged=planned.unjudged,
                    rows=with_runs(planned.rows, runs))
    if matrix.clean:
        return ""
    return f"The last audit was not clean: {listed([*matrix.undeclared, *matrix.uncaught, *matrix.idle])}."


def _class(workspace: Workspace, name: str) -> Iterator[Due]:
    """Yield what concerns the submissions of a class."""
    current = _fingerprint(workspace, name)
    new, other, failed, pages = _Students(), _Students(), _Students(), _Students()
    for receipt in workspace.receipts(name):
        result = load_result(workspace.result(receipt.student, name))
        if result is None or (result.provenance is not None and result.provenance.submission != receipt.sha256):
            new.append(receipt.student)
            continue
        if result.status in ("failed", "queued"):
            failed.append(receipt.student)
        elif result.provenance is not None and result.provenance.checks_fingerprint != current:
            other.append(receipt.student)
        if _is_older(workspace.feedback(receipt.student, name), workspace.result(receipt.student, name)):
            pages.append(receipt.student)
    grade = f"autograder grade {name}"
    if new:
        yield Due(assignment=name, part="submissions", state=new.said("not graded yet"), command=grade)
    if failed:
        yield Due(assignment=name, part="submissions", state=failed.said("waiting to be graded again"), command=grade)
    if other:
        yield Due(assignment=name, part="submissions", command=f"autograder regrade {name} --dry-run",
                  state=other.said("graded before checks, reference, source or grader were changed"))
    if pages:
        yield Due(assignment=name, part="feedback", command=f"autograder feedback {name}",
                  state=pages.said("without a feedback page of the present result"))


class _Students(list[str]):
    """Students of whom the same is true."""

    def said(self, what: str) -> str:
        return f"{len(self)} {what}: {listed(self)}."


def _is_older(page: Path, result: Path) -> bool:
    return not page.is_file() or page.stat().st_mtime < result.stat().st_mtime


def _fingerprint(workspace: Workspace, name: str) -> str:
    return checks_fingerprint(workspace.hidden(name), workspace.reference(name), workspace.source(name))
