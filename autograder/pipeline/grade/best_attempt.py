"""With ``counts: best`` every attempt is graded, and the best one becomes the one that counts.

As always, the attempt that counts is in ``submitted/`` and ``results/``. Every other attempt is graded in an output
folder of its own below ``attempts/``, and stays there, since another attempt may be the best after a regrade.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from autograder.course import LateRule
from autograder.errors import AutograderError
from autograder.model import Receipt, Result
from autograder.pipeline.collect.uploads import CHOOSING, Shelf
from autograder.pipeline.session.session import Session
from autograder.workspace.file_names import HISTORY
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import digest
from autograder.workspace.storage import exclusive, replace_folder, write_atomically

GradeOne = Callable[[Session, Receipt], Result]
_FLAG: Final = "Attempts: "


@dataclass(frozen=True, kw_only=True)
class GradedWork:
    """The result that counts for a student's work, and those of the attempts that do not count."""

    result: Result
    others: tuple[Result, ...] = ()


def grade_attempts(session: Session, receipt: Receipt, grade: GradeOne) -> GradedWork:
    """Return the result that counts for a student's work; with ``counts: best``, after grading every attempt.

    Args:
        receipt: of the upload that counts so far.
        grade: grades one upload of a workspace; the only errors that it raises for one are `RunAlone` and `RunLater`,
            to postpone it.
    """
    attempts = attempts_of(session.workspace, receipt) if session.assignment.counts == "best" else ()
    result = grade(session, receipt)
    others = [attempt for attempt in attempts if attempt.sha256 != receipt.sha256]
    if not others:
        return GradedWork(result=result)
    results = {receipt.sha256: result}
    for attempt in others:
        apart = _set_apart(session.workspace, attempt)
        if apart is not None:
            results[attempt.sha256] = grade(replace(session, workspace=apart), attempt)
    counts = choose(session.workspace, receipt, [one for one in attempts if one.sha256 in results], results)
    return GradedWork(result=counts, others=tuple(results.values()))


def attempts_of(workspace: Workspace, receipt: Receipt) -> tuple[Receipt, ...]:
    """Return the receipts of all attempts that may count, by number; empty if a person put the notebook in place."""
    kept = [one for one in workspace.upload_receipts(receipt.student, receipt.assignment)
            if one.accepted and one.attempt is not None]
    # If the same bytes were handed in twice, the first time counts.
    first = {one.sha256: one for one in sorted(kept, key=lambda one: one.received_at, reverse=True)}
    path = workspace.submitted(receipt.student, receipt.assignment)
    if receipt.sha256 not in first or not path.is_file() or digest(path.read_bytes()) != receipt.sha256:
        return ()
    return tuple(sorted(first.values(), key=lambda one: (one.attempt or 0, one.received_at)))


def apart_from(workspace: Workspace, attempt: Receipt) -> Workspace:
    """Return the workspace in which an attempt that does not count is graded."""
    name = f"{attempt.attempt}-{attempt.sha256[:8]}"
    return replace(workspace, output=workspace.attempts(attempt.student, attempt.assignment) / name)


def _set_apart(workspace: Workspace, attempt: Receipt) -> Workspace | None:
    """Copy an attempt to where it is graded; None if its bytes are missing in the kept uploads."""
    apart = apart_from(workspace, attempt)
    path = apart.submitted(attempt.student, attempt.assignment)
    if not path.is_file() or digest(path.read_bytes()) != attempt.sha256:
        try:
            write_atomically(path, Shelf(workspace, attempt.student, attempt.assignment).bytes_of(attempt))
        except AutograderError:
            return None
    return apart


def net_points(workspace: Workspace, attempt: Receipt, points: float) -> float:
    """Return the points after the late rule; only a time that may cost points has an effect."""
    course, settings = workspace.course, workspace.course.assignment(attempt.assignment)
    due, rule = course.due(attempt.student, attempt.assignment), settings.late or LateRule()
    if settings.late is None or due is None or not attempt.time_can_cost:
        return points
    return points - rule.penalty(points, rule.days_late(due, datetime.fromisoformat(attempt.received_at), course.zone))


def choose(
    workspace: Workspace, current: Receipt, attempts: Sequence[Receipt], results: Mapping[str, Result]
) -> Result:
    """Make the best attempt the one that counts, and return its result with a sentence for staff.

    The best attempt has the most certain points after the late rule; among equals, it is the latest. An attempt that
    could not be graded is never the best if another one was graded.

    Args:
        current: the receipt of what counts so far.
        results: by the SHA-256 of the upload.
    """
    def order(attempt: Receipt) -> tuple[bool, float, int]:
        result = results[attempt.sha256]
        return result.status == "graded", net_points(workspace, attempt, result.score), attempt.attempt or 0

    best = max(attempts, key=order)
    sentence = _compared(workspace, best, attempts, results)
    flag = _FLAG + sentence
    try:
        with CHOOSING, exclusive(workspace.collect_lock, "Choosing the attempt that counts"):
            _promote(workspace, current, best, sentence)
            _note_others(workspace, best, attempts, results)
    except (AutograderError, OSError) as error:
        best, flag = current, f"{_FLAG}the choice of the best one could not be stored ({error})"
    return _flagged(workspace, results[best.sha256], flag)


def _compared(
    workspace: Workspace, best: Receipt, attempts: Sequence[Receipt], results: Mapping[str, Result]
) -> str:
    """Return the sentence that says which attempt counts, what the others have, and whether that may still change."""
    def describe(attempt: Receipt) -> str:
        result = results[attempt.sha256]
        if result.status != "graded":
            return f"attempt {attempt.attempt} was not graded"
        waiting = f" and {result.withheld:g} withheld" if result.withheld else ""
        return f"attempt {attempt.attempt} has {net_points(workspace, attempt, result.score):g}{waiting}"

    others = ", ".join(describe(attempt) for attempt in attempts if attempt.sha256 != best.sha256)
    certain = net_points(workspace, best, results[best.sha256].score)
    open_ones = [attempt for attempt in attempts if attempt.sha256 != best.sha256 and (
        results[attempt.sha256].status not in ("graded", "refused") or net_points(
            workspace, attempt, results[attempt.sha256].score + results[attempt.sha256].withheld) > certain)]
    doubt = "; points that are not decided yet could make another one the best" if open_ones else ""
    return f"attempt {best.attempt} counts as the best with {certain:g} points, {others}{doubt}."


def _promote(workspace: Workspace, current: Receipt, best: Receipt, sentence: str) -> None:
    """Make an attempt count: move its result and notebook into place, and keep those of the earlier one."""
    shelf = Shelf(workspace, best.student, best.assignment)
    counted = best.model_copy(update={"counts": True, "reason": sentence[0].upper() + sentence[1:]})
    if best.sha256 == current.sha256:
        if counted != shelf.current():
            shelf.count(None, counted, corrects=shelf.current())
        return
    _set_apart(workspace, current)
    folder = workspace.results(best.student, best.assignment)
    _copy(folder, apart_from(workspace, current).results(best.student, best.assignment))
    _copy(apart_from(workspace, best).results(best.student, best.assignment), folder)
    shelf.count(None, counted)
    shutil.rmtree(apart_from(workspace, best).output, ignore_errors=True)  # a copy of what counts now


def _note_others(
    workspace: Workspace, best: Receipt, attempts: Sequence[Receipt], results: Mapping[str, Result]
) -> None:
    shelf = Shelf(workspace, best.student, best.assignment)
    for kept in shelf.receipts():
        if kept.attempt is None or not kept.accepted or kept.counts or kept.sha256 not in results:
            continue
        result = results[kept.sha256]
        has = f"has {net_points(workspace, kept, result.score):g} points" if result.status == "graded" else \
            "was not graded"
        noted = kept.model_copy(update={
            "reason": f"Kept: attempt {kept.attempt} {has}, and attempt {best.attempt} counts as the best."})
        if noted != kept:
            shelf.replace(kept, noted)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        with replace_folder(target, keep=(HISTORY,)) as fresh:
            shutil.copytree(source, fresh, symlinks=True, dirs_exist_ok=True)


def _flagged(workspace: Workspace, result: Result, flag: str) -> Result:
    """Return the result with one sentence about attempts, and store it."""
    flags = tuple(one for one in result.staff_flags if not one.startswith(_FLAG))
    flagged = result.model_copy(update={"staff_flags": (*flags, flag)})
    path = workspace.result(result.student, result.assignment)
    if flagged != result:
        with suppress(OSError):  # the command reports it anyway
            write_atomically(path, flagged.to_json())
    return flagged
