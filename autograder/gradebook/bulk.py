"""Records a whole class at once: the result is the gradebook of nbgrader's ``autograde``, without its pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Self

from autograder.errors import GradebookError, ReadingError
from autograder.gradebook.database import PATIENCE_SECONDS, open_gradebook, patiently
from autograder.gradebook.drawn import Draw, Drawing, Drawn, draw, draw_release
from autograder.gradebook.last_recorded import recorded_results
from autograder.gradebook.late_penalty import LatePenalties
from autograder.gradebook.recorded import Recorded, fingerprint, outlined, read_release
from autograder.gradebook.register import (
    add_students,
    add_submitted,
    deadline,
    has_grades,
    register_assignment,
    update_submission,
)
from autograder.gradebook.release_cells import NotebookLayout
from autograder.gradebook.scored_folder import keep_only_released
from autograder.gradebook.scores import CellScore, score_cells
from autograder.gradebook.update_scores import Held, UpdateOutcome
from autograder.model import Result
from autograder.workspace.hand_in_marks import copy_marks, write_timestamp
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically


@dataclass(frozen=True, kw_only=True)
class RecordReport:
    """What a person should know after a class was recorded.

    ``withheld`` and ``review`` are (student, cell) pairs; ``refused`` are (student, sentence) pairs of submissions
    that are no usable work, so that a person has to look; ``undrawn`` are such pairs of submissions that formgrader
    shows without the student's cells.
    """

    recorded: tuple[str, ...] = ()
    withheld: tuple[tuple[str, str], ...] = ()
    review: tuple[tuple[str, str], ...] = ()
    held: tuple[Held, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    undrawn: tuple[tuple[str, str], ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences for an instructor after grading; empty when there is nothing to decide."""
        said = [f"{student} has no points and waits for a person: {why}" for student, why in self.refused]
        said += [f"{held.student}: regrading would lower {held.cell} from {held.grade:g} to "
                 f"{'no score' if held.new is None else f'{held.new:g}'}; the old grade stays until a person decides."
                 for held in self.held]
        said += [f"formgrader shows the work of {student} without the student's cells: {why}"
                 for student, why in self.undrawn]
        if self.withheld:
            students = len({student for student, _ in self.withheld})
            said.append(f"{len(self.withheld)} graded cells of {students} submissions have no score until a person "
                        "decides; formgrader shows them as flagged.")
        waiting = len(set(self.review) - set(self.withheld) - {(held.student, held.cell) for held in self.held})
        if waiting:
            said.append(f"{waiting} answers wait for manual grading in formgrader.")
        return tuple(said)


def register(workspace: Workspace, assignment: str, *, patience: float = PATIENCE_SECONDS) -> None:
    """Register a released assignment in the gradebook, as ``nbgrader generate_assignment`` does.

    Raises:
        GradebookError: no release, a locked database, or graded cells that differ from recorded ones.
    """
    layout, _ = read_release(workspace, assignment)
    with open_gradebook(workspace.gradebook, workspace.course.id, patience) as book:
        def write() -> None:
            register_assignment(book, layout, deadline(workspace.course, assignment))
            add_students(book, workspace.course)

        patiently(write, workspace.gradebook, undo=book.db.rollback, patience=patience)


def ensure(workspace: Workspace) -> None:
    """Make the course's gradebook where there is none; nbgrader needs seconds for a new one.

    Raises:
        GradebookError: it cannot be made.
    """
    if not workspace.gradebook.exists():
        with open_gradebook(workspace.gradebook, workspace.course.id):
            pass


def record(
    workspace: Workspace, results: Iterable[Result], *, patience: float = PATIENCE_SECONDS,
    advance: Callable[[str], None] = lambda student: None,
) -> RecordReport:
    """Write results into nbgrader's gradebook and the scored notebooks into ``autograded/``; see `Recorder.add`.

    Args:
        patience: seconds to wait for a locked database, each time.
        advance: called with each student's id when the submission is recorded.

    Raises:
        GradebookError: no release, a locked database, or graded cells that differ from recorded ones.
    """
    with Recorder(workspace, patience=patience) as recorder:
        for result in sorted(results, key=lambda result: result.assignment):
            recorder.add(result)
            advance(result.student)
        return recorder.report


def unrecorded(workspace: Workspace, results: Iterable[Result]) -> list[Result]:
    """Return those results that the gradebook does not have in this form.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    wanted = list(results)
    with open_gradebook(workspace.gradebook, workspace.course.id) as book:
        of = {name: {result.student for result in wanted if result.assignment == name}
              for name in {result.assignment for result in wanted}}
        known = {name: recorded_results(book, name, students) for name, students in of.items()}
    return [result for result in wanted if known[result.assignment].get(result.student) != fingerprint(result)]


class Recorder:
    """Records results one by one, e.g. while others are still being graded; for one thread.

    Args:
        drawing: reads the student's notebook and returns what formgrader shows; may raise `ReadingError`.
    """

    def __init__(self, workspace: Workspace, *, patience: float = PATIENCE_SECONDS, drawing: Draw = draw) -> None:
        self.report = RecordReport()
        self._workspace = workspace
        self._patience = patience
        self._draw = drawing
        self._late = LatePenalties(workspace)
        self._open = ExitStack()
        self._book: Any = None
        self._releases: dict[str, tuple[NotebookLayout, dict[str, Any]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, result: Result) -> None:
        """Record one result as one transaction: after a crash the same call records nothing twice.

        The rules for regrades and manual grades are in `autograder.gradebook.update_scores`.

        Raises:
            GradebookError: no release, a locked database, a full disk, or graded cells that differ from recorded ones.
        """
        if result.assignment not in self._releases:
            register(self._workspace, result.assignment, patience=self._patience)
            self._releases[result.assignment] = read_release(self._workspace, result.assignment)
        if self._book is None:
            self._book = self._open.enter_context(
                open_gradebook(self._workspace.gradebook, self._workspace.course.id, self._patience))
        layout, _ = self._releases[result.assignment]
        outcome = self._record(layout, result)
        self.report = _added(self.report, result.student, outcome)

    def _record(self, layout: NotebookLayout, result: Result) -> UpdateOutcome | str:
        """Record one submission; a sentence when it was refused, which takes no earlier grade away."""
        book, workspace = self._book, self._workspace
        if result.status == "refused" and has_grades(book, result.student, result.assignment):
            return _why_refused(result)
        write_timestamp(workspace, result.student, result.assignment)
        recorded, scores = outlined(workspace, result), score_cells(layout, result)
        drawn = self._drawn(recorded, scores)
        recorded = replace(recorded, answers=drawn.answers)

        def transaction() -> UpdateOutcome:
            submitted = add_submitted(book, recorded, workspace.course)
            outcome = update_submission(book, submitted, recorded, scores)
            book.db.flush()
            book.db.expire_all()  # nbgrader adds the scores up in the database
            self._late.assign(submitted, time_can_cost=recorded.time_can_cost)
            book.db.commit()
            return outcome

        outcome = patiently(transaction, workspace.gradebook, undo=book.db.rollback, patience=self._patience)
        _write_scored(workspace, recorded, drawn)
        return _why_refused(result) if result.status == "refused" else outcome

    def _drawn(self, recorded: Recorded, scores: tuple[CellScore, ...]) -> Drawn:
        """Return what formgrader shows; where reading the notebook exceeds its budget, a note asks a person to look."""
        workspace, who = self._workspace, (recorded.student, recorded.assignment)
        wanted = Drawing(executed=workspace.executed(*who) if recorded.result else None,
                         upload=workspace.submitted(*who), earlier=workspace.autograded(*who),
                         release=workspace.release(recorded.assignment), scores=scores)
        try:
            return self._draw(wanted)
        except ReadingError as error:
            self.report = replace(self.report, undrawn=(*self.report.undrawn, (recorded.student, str(error))))
            return draw_release(wanted)


def _why_refused(result: Result) -> str:
    return result.message or "The submission was refused."


def _write_scored(workspace: Workspace, recorded: Recorded, drawn: Drawn) -> None:
    who = recorded.student, recorded.assignment
    path = workspace.autograded(*who)
    keep_only_released(workspace, *who)
    try:
        if drawn.text is not None:
            write_atomically(path, drawn.text.encode())
        copy_marks(workspace, *who, path.parent)
    except OSError as error:
        raise GradebookError(
            f"The scored notebook of {recorded.student} could not be written to {path.parent} ({error.strerror}); "
            "fix that and run the same command again."
        ) from error


def _added(report: RecordReport, student: str, outcome: UpdateOutcome | str) -> RecordReport:
    if isinstance(outcome, str):
        return replace(report, refused=(*report.refused, (student, outcome)))
    return replace(
        report,
        recorded=(*report.recorded, student),
        withheld=(*report.withheld, *((student, cell) for cell in outcome.withheld)),
        review=(*report.review, *((student, cell) for cell in outcome.review)),
        held=(*report.held, *outcome.held),
    )
