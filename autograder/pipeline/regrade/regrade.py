"""`autograder regrade`: whose grade would change, and why; then, if that is wanted, the change.

    stored work → copy → judged again there → recorded there → changes → confirmed → moved back, recorded, history
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from autograder.errors import AutograderError, CourseError
from autograder.gradebook.database import import_nbgrader
from autograder.grades import Change, Effect, Grade, check_changes
from autograder.model import CheckSpec, Receipt, Result
from autograder.pipeline.grade.alone import grade_all
from autograder.pipeline.grade.best_attempt import GradedWork, grade_attempts
from autograder.pipeline.grade.results import choose_exit_code
from autograder.pipeline.grade.stored_results import load_graded, load_result
from autograder.pipeline.grade.submission import grade_submission
from autograder.pipeline.reading.budgets import readers
from autograder.pipeline.regrade.staging import Staged, open_recorder, record, stage
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import exclusive, require_room, write_atomically

Confirm = Callable[[Sequence[Change]], bool]
"""Shows the changes to a person and returns whether they are to be written."""


@dataclass(frozen=True, kw_only=True)
class Regrade:
    """What judging again found: one entry per student whose work was judged, by id."""

    changes: tuple[Change, ...] = ()
    written: bool = False
    exit_code: int = 0


@dataclass(frozen=True, kw_only=True)
class _Found:
    """The new results of work that is judged differently now, by student, and everybody's changes."""

    judged: Mapping[str, Result]
    changes: tuple[Change, ...]
    regrade: Regrade


@dataclass(frozen=True, kw_only=True)
class _Stored:
    """One student's graded work, and what was found out about it."""

    receipt: Receipt
    before: Result


def regrade_assignment(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, *, checks: Collection[str] = (),
    confirm: Confirm,
) -> Regrade:
    """Judge the stored work of an assignment again; write what changes if ``confirm`` says so.

    Nothing is run that is stored already. A grade that would sink is held for a person, as it is when grading.

    Args:
        checks: only work for which the outcome of one of these checks changes; other work is left as it is.

    Raises:
        CourseError: there is no such check.
        AutograderError: course, data, checks, gradebook or isolation cannot be used; never because of a submission.
    """
    with exclusive(workspace.grade_lock, "Regrading"):
        require_room(workspace.results_root)
        stored = _stored(workspace, assignment, options, reporter)
        if not stored:
            return Regrade()
        with stage(workspace, [one.receipt for one in stored]) as staged:
            found = _compare(staged, assignment, stored, options, reporter, checks)
            written = bool(found.judged) and confirm(found.changes)
            if written:
                _write(staged, assignment, stored, found.judged, reporter)
        return replace(found.regrade, written=written)


def _stored(workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter) -> list[_Stored]:
    """Return the chosen work that was graded; say what else there is, and where nothing is."""
    receipts = [receipt for receipt in workspace.receipts(assignment) if options.chosen(receipt.student)]
    found = [_Stored(receipt=receipt, before=before) for receipt in receipts
             if (before := load_graded(workspace, receipt)) is not None]
    for student in sorted(set(options.students) - {receipt.student for receipt in receipts}):
        reporter.note(f"{student}: nothing was handed in for {assignment} "
                      f"({workspace.submitted_root / student / assignment}).")
    known = {one.receipt.student for one in found}
    waiting = [receipt for receipt in receipts if receipt.student not in known and receipt.accepted]
    for receipt in waiting:
        path = workspace.result(receipt.student, assignment)
        damaged = path.is_file() and load_result(path) is None
        reporter.note(f"{receipt.student}: {path} cannot be read; run `autograder grade {assignment}`." if damaged else
                      f"{receipt.student}: not graded yet; run `autograder grade {assignment}`.")
    if not found:
        reporter.note(f"{assignment}: nothing was graded, so there is nothing to judge again "
                      f"({workspace.results_root}/*/{assignment}/{RESULT}).")
    return found


def _compare(
    staged: Staged, assignment: str, stored: Sequence[_Stored], options: RunOptions, reporter: Reporter,
    checks: Collection[str],
) -> _Found:
    """Judge and record the copy, and compare the grades with what they were."""
    earlier = {one.receipt.student: one.before for one in stored}
    threading.Thread(target=_import_nbgrader, name="gradebook", daemon=True).start()  # while checks are collected
    # Most work is judged without a run, so the backend is imported only when one is needed.
    chosen = replace(options, refits=True, overlap=True, warm_up=False)
    with open_session(staged.real, assignment, chosen, reporter=reporter) as session:
        _require_checks(session.specs, checks)
        record(staged.copy, earlier.values(), missing_only=True)
        before = staged.grades(assignment)
        works: list[GradedWork] = []
        judged: dict[str, Result] = {}
        with open_recorder(staged.copy) as recorder:
            for work in _judge(session, staged, stored, reporter):
                works.append(work)
                student = work.result.student
                if _differs(earlier[student], work.result, checks):
                    judged[student] = work.result
                    recorder.add(work.result)  # while the next ones are judged
                else:
                    _put_earlier_back(staged, earlier[student])
    after = staged.grades(assignment)
    every = {work.result.student: work.result for work in works}
    changes = tuple(_change(earlier[student], every[student], judged, before=before[student], after=after[student])
                    for student in sorted(earlier))
    return _Found(judged=judged, changes=changes, regrade=Regrade(changes=changes, exit_code=choose_exit_code(
        result for work in works for result in (work.result, *work.others))))


def _import_nbgrader() -> None:
    """Import it in advance; an installation without it is reported where the gradebook is opened."""
    with suppress(ImportError):
        import_nbgrader()


def _judge(
    session: Session, staged: Staged, stored: Sequence[_Stored], reporter: Reporter
) -> Iterator[GradedWork]:
    in_copy = replace(session, workspace=staged.copy)
    receipts = [one.receipt for one in stored]
    with reporter.task(f"judge {session.assignment.id} again", len(receipts)) as bar:
        def judge(own: Session, receipt: Receipt) -> GradedWork:
            bar.begin(receipt.student)
            return grade_attempts(own, receipt, grade_submission)

        for work in grade_all(in_copy, receipts, judge, reporter):
            bar.advance(work.result.student)
            yield work


def _differs(before: Result, after: Result, checks: Collection[str]) -> bool:
    """Whether work is judged differently now: in the outcome of a chosen check, or without a choice in anything."""
    if after.status != "graded" or after == before:
        return False
    return not checks or any(change.id in checks for change in check_changes(before, after))


def _put_earlier_back(staged: Staged, before: Result) -> None:
    """Put the earlier result of work back into the copy, so that it shows what would really be there."""
    write_atomically(staged.copy.result(before.student, before.assignment), before.to_json())


def _change(earlier: Result, now: Result, judged: Mapping[str, Result], *, before: Grade, after: Grade) -> Change:
    failed = now.message if now.status != "graded" else None
    return Change(before=before, after=after, failed=failed,
                  checks=check_changes(earlier, now) if now.student in judged else ())


def _write(
    staged: Staged, assignment: str, stored: Sequence[_Stored], judged: Mapping[str, Result], reporter: Reporter
) -> None:
    """Move what was judged into the class's folders and record it there; what changed goes into the histories."""
    workspace = staged.real
    attempts = workspace.course.assignment(assignment).counts == "best"
    with readers():
        record(workspace, [one.before for one in stored], missing_only=True)
        current_grades(workspace, (assignment,))  # the histories say how it was before
        moved = []
        for one in stored:
            if one.receipt.student not in judged:
                continue
            try:
                staged.put_back(one.receipt, attempts=attempts)
                moved.append(judged[one.receipt.student])
            except (AutograderError, OSError) as error:
                reporter.note(f"{one.receipt.student}: the new judgement could not be stored ({error})")
        for sentence in record(workspace, moved):
            reporter.note(sentence)
        current_grades(workspace, (assignment,))


def _require_checks(specs: Sequence[CheckSpec], names: Collection[str]) -> None:
    known = [spec.id for spec in specs]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5)
            meant = f"is '{near[0]}' meant?" if near else f"the checks are {', '.join(known)}."
            raise CourseError("--check expects the id of a hidden check, but there is none called "
                              f"'{name[:60]}': {meant}")


def announced(changes: Sequence[Change]) -> dict[Effect, int]:
    """Return how many grades are affected in which way."""
    return {effect: count for effect in Effect
            if (count := sum(change.effect is effect for change in changes))}
