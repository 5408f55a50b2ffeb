"""Writes scores into the grades and comments of one submitted notebook, without overwriting a person's decisions.

The rules, which bulk recording and nbgrader's own `autograde` share:

- The automatic score is always the newest one.
- A grade that a person reviewed stays reviewed unless its answer changed; manual score, extra credit and manual
  comment are never touched.
- Grading the *same upload* again never lowers a grade: a lower (or withheld) new score is stored, but the old grade
  stays in effect as a manual score that is marked for review, until a person decides. It is released when
  a later regrade no longer lowers it, or when the student hands in again.
- A cell of which a part is withheld has the points that are certain, is open for a person, and the notebook is flagged.
- An upload that could not be graded changes no grade: the notebook is flagged and its cells wait for a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.gradebook import last_recorded as memories
from autograder.gradebook.last_recorded import Memory
from autograder.gradebook.scores import CellScore
from autograder.safe import plain_words

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Held:
    """A grade that a regrade would have lowered: ``grade`` stays until a person decides on ``new``."""

    student: str
    cell: str
    grade: float
    new: float | None


@dataclass(frozen=True, kw_only=True)
class UpdateOutcome:
    """The outcome for one submitted notebook: names of cells, and the grades that were held."""

    withheld: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()


def update_scores(
    book: Any, submitted: Any, scores: Sequence[CellScore], *, submission: str | None, answers: dict[str, str],
    flag: bool = False,
) -> UpdateOutcome:
    """Write scores and comments of one ``nbgrader.api.SubmittedNotebook``; the caller commits.

    Args:
        scores: one per grade cell.
        submission: SHA-256 of the upload that was graded, if known.
        answers: fingerprint of the answer to each grade cell.
        flag: flag the notebook for staff whatever the scores are (only when the upload is new).
    """
    names = _names(book, submitted)
    before = memories.load(book, submitted.id)
    same = submission is not None and submission == before.submission
    by_cell = {score.cell: score for score in scores}
    after, held = Memory(submission=submission, answers=dict(answers)), []
    open_cells: list[str] = []
    for grade in submitted.grades:
        name = names[grade.cell_id]
        score = by_cell[name]
        kept = _update_grade(grade, name, score, before, same=same, answer=answers.get(name))
        if kept is not None:
            after = replace(after, held={**after.held, name: kept})
            held.append(Held(student=submitted.student.id, cell=name, grade=kept, new=score.auto))
        if score.withheld and grade.needs_manual_grade:
            open_cells.append(name)
    _update_comments(submitted, names, scores)
    if open_cells or (flag and not same):
        submitted.flagged = True
    memories.save(book, submitted.id, after)
    return UpdateOutcome(withheld=tuple(open_cells), held=tuple(held),
                   review=tuple(names[grade.cell_id] for grade in submitted.grades if grade.needs_manual_grade))


def leave_open(submitted: Any, reason: str, *, flag: bool) -> UpdateOutcome:
    """Record that an upload could not be graded: earned points stay, everything else waits for a person."""
    for grade in submitted.grades:
        by_person = grade.manual_score is not None or grade.extra_credit is not None
        if not (by_person and not grade.needs_manual_grade):
            grade.needs_manual_grade = True
    for comment in submitted.comments:
        comment.auto_comment = comment.auto_comment or plain_words(reason)
    submitted.flagged = submitted.flagged or flag
    open_cells = tuple(grade.name for grade in submitted.grades if grade.needs_manual_grade)
    return UpdateOutcome(withheld=open_cells, review=open_cells)


def _names(book: Any, submitted: Any) -> dict[str, str]:
    """Return the names of a notebook's cells by their ids: ``grade.name`` would ask the database for each."""
    from nbgrader.api import BaseCell

    return dict(book.db.query(BaseCell.id, BaseCell.name).filter(BaseCell.notebook_id == submitted.notebook_id).all())


def _update_grade(
    grade: Any, name: str, score: CellScore, before: Memory, *, same: bool, answer: str | None
) -> float | None:
    """Update one grade; return the grade that is held for a person, if one is."""
    in_force = grade.manual_score if grade.manual_score is not None else grade.auto_score
    if grade.needs_manual_grade and name in before.held and grade.manual_score == before.held[name]:
        grade.manual_score = None    # held by us, not given by a person: decide again
    by_person = grade.manual_score is not None or grade.extra_credit is not None
    was_open, reviewed = grade.needs_manual_grade, by_person and not grade.needs_manual_grade
    unchanged = answer is not None and before.answers.get(name) == answer
    grade.auto_score = score.counted
    if reviewed:
        grade.needs_manual_grade = not unchanged or (score.auto is None and grade.manual_score is None)
    else:
        grade.needs_manual_grade = score.auto is None or grade.manual_score is not None
    # Where a part was withheld before, the points that are certain may be compared; otherwise withholding takes points.
    known = score.counted if was_open else score.auto
    lowered = in_force is not None and (known is None or known < in_force - _ROUNDING)
    if same and lowered and grade.manual_score is None:
        grade.manual_score, grade.needs_manual_grade = in_force, True
        return float(in_force)
    return None


def _update_comments(submitted: Any, names: dict[str, str], scores: Sequence[CellScore]) -> None:
    """nbgrader keeps comments at solution cells only: a test cell's sentences go to its task's answer cell."""
    # nbgrader's feedback renders comments as Markdown with HTML, and ours quote values from the student.
    by_task = {score.task: score.comment and plain_words(score.comment) for score in scores}
    for comment in submitted.comments:
        comment.auto_comment = by_task.get(names[comment.cell_id])
