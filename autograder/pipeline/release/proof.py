"""The proof of a release: the solution scores full marks, the notebook as released scores zero."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import artifacts, checks, notebook
from autograder.errors import ReleaseError
from autograder.model import CellStatus, CheckResult, Receipt, Result, Status
from autograder.pipeline.fingerprint import digest
from autograder.pipeline.grade.alone import grade_all
from autograder.pipeline.grade.continuation import given_away
from autograder.pipeline.grade.submission import grade_submission
from autograder.pipeline.grade.work import FIRST_SEED
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.variant_files import SOLUTION, as_file, make_submission
from autograder.workspace.artifact_folder import FolderSource
from autograder.workspace.file_names import ARTIFACTS, EXECUTED
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

BLANK = "blank"


def prover(workspace: Workspace, *, unsafe: bool, reporter: Reporter) -> Callable[[str, Path, Path], None]:
    """Return the proof that `release_assignment` calls before it writes anything."""

    def prove(assignment: str, source: Path, released: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="autograder-proof-") as output:
            _prove(replace(workspace, output=Path(output)), assignment, source, released, unsafe, reporter)

    return prove


def _prove(
    workspace: Workspace, assignment: str, source: Path, released: Path, unsafe: bool, reporter: Reporter
) -> None:
    release = notebook.read(released.read_bytes(), released.name)
    wanted = {SOLUTION: make_submission(workspace, assignment, SOLUTION, release, source), BLANK: release}
    options = RunOptions(workers=len(wanted), allow_stand_in=True, unsafe=unsafe)
    with (
        open_session(workspace, assignment, options, release=release, reporter=reporter,
                     released_files=released.parent) as session,
        reporter.task(f"prove {assignment}", len(wanted)) as bar,
    ):
        def grade(session: Session, item: tuple[str, dict[str, Any]]) -> Result:
            return grade_notebook(session, *item)

        for result in grade_all(session, list(wanted.items()), grade, reporter, workers=len(wanted)):
            bar.advance(result.student)
            require_full_or_zero(result, session)
            if result.student == SOLUTION:
                require_given_cells_run(result, session)
                checks.audit(session.specs, [check for task in result.tasks for check in task.checks])
                _refuse_copyable_answers(session)


def grade_notebook(
    session: Session, name: str, submission: dict[str, Any], *, seed: int = FIRST_SEED
) -> Result:
    """Return the result of one notebook made by the grader; it is stored under the output folder like any other.

    Only its code and its written answers count as its content, since only they can change a result. So a release in
    which only other texts changed, including calibrated numbers, reuses the run of the previous one.
    """
    merged = notebook.merge(session.release, json.loads(as_file(submission)))
    receipt = Receipt(
        student=name, assignment=session.assignment.id, accepted=True, source=f"{name}.ipynb",
        received_at=datetime.now(UTC).isoformat(timespec="seconds"), sha256=content_digest(merged.notebook),
    )
    return grade_submission(session, receipt, merged=merged, seed=seed)


def _refuse_copyable_answers(session: Session) -> None:
    """Raise where a later step could be answered by copying an array that `continue` provides."""
    folder = session.workspace.results(SOLUTION, session.assignment.id) / ARTIFACTS
    found = artifacts.read(FolderSource(folder), sampling_key="00")
    values = {task: {name: array.fingerprint for name, value in checkpoint.names.items()
                     if (array := artifacts.array_of(value)) is not None and array.fingerprint}
              for task, checkpoint in found.checkpoints.items()}
    leaks = given_away([task.id for task in session.layout.tasks], session.continuation, values)
    if leaks:
        task, later, name = leaks[0]
        raise ReleaseError(
            f"The arrays given to later steps must not answer any of them, but {name} of {later!r} is one of those "
            f"that `continue` gives after {task!r}; give other names there, or let the answer of {later!r} differ.")


def content_digest(merged: dict[str, Any]) -> str:
    """Return the hash of what can change the result of a merged notebook: its code and its written answers."""
    return digest([(notebook.grade_id(cell), notebook.source(cell)) for cell in merged["cells"]
                   if notebook.is_code(cell) or notebook.is_answer(cell) or notebook.is_written(cell)])


def require_full_or_zero(result: Result, session: Session) -> None:
    """Raise unless the solution has all automatic points and the blank notebook none."""
    automatic = sum(task.points for task in result.tasks if not task.manual)
    expected = automatic if result.student == SOLUTION else 0.0
    if abs(result.score - expected) < 1e-6 and not result.withheld and result.status == "graded":
        return
    wrong = [check for task in result.tasks for check in task.checks
             if (check.earned != check.points) == (result.student == SOLUTION)]
    first = wrong[0] if wrong else None
    if first and result.student == SOLUTION and all(check.minimum and check.status is Status.FAILED for check in wrong):
        seen, bound = ((text or "-").rstrip(".") for text in (first.seen, first.expected))
        raise ReleaseError(
            f"The solution of {result.assignment} no longer reaches its own bound: {first.id} saw “{seen}” where "
            f"“{bound}” was expected; correct the solution, or run `autograder calibrate {result.assignment}`.")
    why = f"; first: {first.id} is {first.status.value} ({_cause(first)})" if first else ""
    stopped = _stopped_cell(result) if result.student == SOLUTION else ""
    hint = ""
    if first and first.minimum and session.calibration is None:
        hint = f"; there is no calibration for {session.data_name} yet: release --no-proof, calibrate, release again"
    raise ReleaseError(
        f"The proof expected {expected:g} of {automatic:g} points for the {result.student} notebook of "
        f"{result.assignment}, but it scored {result.score:g} with {result.withheld:g} withheld{stopped}{why}{hint}.")


def require_given_cells_run(result: Result, session: Session) -> None:
    """Raise if a locked cell of the release stops in the solution's run, even where no points depend on it."""
    stopped = {run.index: run for run in (result.execution.cells if result.execution else ())
               if run.status is not CellStatus.OK}
    executed = session.workspace.results(result.student, result.assignment) / EXECUTED
    cells = json.loads(executed.read_bytes())["cells"] if stopped else []
    for index, run in stopped.items():
        if notebook.is_locked(cells[index]):
            how = f"raised {run.error.rstrip('.')}" if run.error else f"ended as {run.status.value}"
            raise ReleaseError(
                f"Expected all given cells of {result.assignment} to run in the solution, but "
                f"{notebook.grade_id(cells[index])!r} {how}; students would see that too, so correct it.")


def _cause(check: CheckResult) -> str:
    """Return why a check has other points than expected: for the instructor, so what only staff read comes first."""
    note = (check.staff_note or "").strip().rpartition("\n")[2]
    return note.rstrip(".") or check.seen or "-"


def _stopped_cell(result: Result) -> str:
    """Return which cell of the solution stopped first, and how: usually the cause of all that follows."""
    cells = result.execution.cells if result.execution else ()
    first = next((cell for cell in cells if cell.status not in (CellStatus.OK, CellStatus.NOT_RUN)), None)
    if first is None:
        return ""
    place = f"in {first.place}" if first.place else f"number {first.index + 1}"
    how = f"raised {first.error.rstrip('.')}" if first.error else f"ended as {first.status.value}"
    return f"; the first cause is the cell {place}, which {how}"
