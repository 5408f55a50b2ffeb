"""Reads the answers of a class and gives marks: what the page and the file of the grading sheet share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from autograder.errors import CourseError, GradebookError, ReadingError
from autograder.gradebook.write_marks import ChangedMeanwhile, Given, MarkWriter
from autograder.gradebook.written_answers import WrittenAnswer
from autograder.grades import CellMarks, Grade, State, TaskGrade, rubric_points, write_comment
from autograder.pipeline.reading.budgets import read, readers
from autograder.pipeline.review.groups import Group, describe, earlier_marks, make_groups
from autograder.pipeline.review.written_questions import Question, read_questions
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

LONGEST_COMMENT: Final = 4_000


class Conflict(Exception):
    """An answer or its marks have changed since they were read; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a person decided about a group: points, or the ticked lines of the rubric that give them, and words.

    ``points`` None: the sum of the ticked lines. ``reopen``: nothing is decided any more.
    """

    points: float | None = None
    ticked: tuple[int, ...] = ()
    words: str = ""
    reopen: bool = False


class Review:
    """The written answers to one assignment; for one thread."""

    def __init__(self, workspace: Workspace, assignment: str, tasks: Collection[str], *, anonymous: bool) -> None:
        self.assignment = assignment
        self.title = workspace.course.assignment(assignment).title
        self.anonymous = anonymous
        self.questions = _chosen(read_questions(workspace, assignment), assignment, tasks)
        self.unreadable: dict[str, str] = {}
        self.waiting: tuple[str, ...] = ()
        self._workspace = workspace
        self._answers: dict[tuple[str, str], tuple[object, WrittenAnswer]] = {}
        self._marks: dict[str, dict[str, CellMarks]] = {}
        self._writer: MarkWriter | None = None

    def load(self, reporter: Reporter) -> None:
        """Read answers and marks; answers that were read before and have not changed are not read again.

        Raises:
            GradebookError: the gradebook is locked or damaged.
        """
        grades = current_grades(self._workspace, [self.assignment])
        graded = [grade for grade in grades if grade.state is State.GRADED]
        self.waiting = tuple(grade.student for grade in grades if grade.state in (State.WAITING, State.QUEUED))
        with reporter.task("answers", len(graded)) as bar, readers():
            for grade in graded:
                self._read(grade)
                bar.advance()
        self._marks = {question.task: {grade.student: _marks(task) for grade in graded
                                       if (task := grade.task(question.task)) is not None and task.written}
                       for question in self.questions}

    def _read(self, grade: Grade) -> None:
        """Read the answers of one student; what cannot be read is left to formgrader, which says so too."""
        path = self._workspace.executed(grade.student, self.assignment)
        version = path.stat().st_mtime_ns if path.is_file() else None
        names = [question.task for question in self.questions]
        if all(self._answers.get((grade.student, name), (object(),))[0] == version for name in names):
            return
        try:
            found = read("written", {"executed": str(path), "tasks": names})
            answers = {name: WrittenAnswer.from_json(answer) for name, answer in found.items()}
        except ReadingError as error:
            self.unreadable[grade.student] = str(error)
            answers = {}
        missing = WrittenAnswer(notes=("This answer cannot be shown here; look at it in formgrader.",))
        for name in names:
            self._answers[grade.student, name] = version, answers.get(name, missing)

    def question(self, task: str) -> Question:
        """Return a question.

        Raises:
            KeyError: there is none of this name.
        """
        return next(iter(question for question in self.questions if question.task == task), None) or _missing(task)

    def groups(self, task: str) -> tuple[Group, ...]:
        """Return the groups of a question as they are known now."""
        answers = {student: self._answers[student, task][1] for student in self._marks[task]}
        return make_groups(self.question(task), answers, self._marks[task])

    def mark(self, group: Group, mark: Mark) -> None:
        """Write a mark for all members of a group into the gradebook.

        Raises:
            ValueError: one sentence about what is wrong with the mark.
            Conflict: a member or its marks have changed; `load` reads them again.
            GradebookError: the gradebook is locked or damaged.
        """
        given = self.given(self.question(group.task), mark)
        writer = self._open_writer()
        try:
            self._marks[group.task].update(writer.give(group.task, group.members, given))
        except ChangedMeanwhile as error:
            who = "One of these answers" if self.anonymous else f"The answer of {error.student}"
            raise Conflict(f"{who} was marked by somebody else, or handed in again, since it was shown here. Nothing "
                           "was changed; this is how it is now.") from None

    def given(self, question: Question, mark: Mark) -> Given:
        """Return what is written for a mark.

        Raises:
            ValueError: one sentence about what is wrong with it.
        """
        if mark.reopen:
            return Given(points=None, comment=None)
        if len(set(mark.ticked)) != len(mark.ticked) or any(not 0 <= line < len(question.rubric)
                                                           for line in mark.ticked):
            raise ValueError(f"The rubric has the lines 1 to {len(question.rubric)}.")
        if mark.points is None and not mark.ticked:
            raise ValueError("Give points, or tick a line of the rubric.")
        points = rubric_points(question.rubric, mark.ticked, question.points) if mark.points is None else mark.points
        if not 0 <= points <= question.points:
            raise ValueError(f"This question has 0 to {question.points:g} points.")
        words = "".join(sign for sign in mark.words if sign.isprintable() or sign == "\n")
        if len(words) > LONGEST_COMMENT:
            raise ValueError(f"A comment has at most {LONGEST_COMMENT:,} characters.")
        return Given(points=points, comment=write_comment(question.rubric, mark.ticked, words))

    def _open_writer(self) -> MarkWriter:
        if self._writer is None:
            self._writer = MarkWriter(self._workspace, self.assignment).__enter__()
        return self._writer

    def close(self) -> None:
        """Close the gradebook, and add what has changed to the history of each grade."""
        if self._writer is not None:
            self._writer.__exit__(None, None, None)
            self._writer = None
            current_grades(self._workspace, [self.assignment])

    def described(self, task: str) -> list[dict[str, Any]]:
        """Return the groups of a question as JSON; open ones have the marks of an equal answer, if there are any."""
        question, groups = self.question(task), self.groups(task)
        found = []
        for group in groups:
            shown = describe(group, question, anonymous=self.anonymous)
            earlier = earlier_marks(group, groups) if group.open else None
            same = describe(earlier, question, anonymous=True) if earlier else None
            found.append(shown | {"same": same and {key: same[key] for key in ("points", "ticked", "words")}})
        return found

    def counts(self) -> list[dict[str, Any]]:
        """Return, for each question, how many answers there are and how many wait for a person."""
        return [{"task": question.task, "title": question.title, "points": question.points,
                 "answers": len(self._marks[question.task]), "groups": len(self.groups(question.task)),
                 "open": sum(marks.open for marks in self._marks[question.task].values())}
                for question in self.questions]


@contextmanager
def open_review(
    workspace: Workspace, assignment: str, tasks: Sequence[str] = (), *, anonymous: bool = False, reporter: Reporter
) -> Iterator[Review]:
    """Read an assignment's written answers; the gradebook is made, and given every result, where that is due.

    Args:
        tasks: only these questions.
        anonymous: whose an answer is is neither shown nor written.

    Raises:
        CourseError: the assignment has no such question.
        GradebookError: nothing was graded, or the gradebook is locked or damaged.
    """
    from autograder.gradebook import ensure

    (assignment,) = workspace.chosen([assignment])
    review = Review(workspace, assignment, tasks, anonymous=anonymous)
    if not any(workspace.results_root.glob(f"*/{assignment}/{RESULT}")):
        raise GradebookError(f"No work for {assignment} is graded yet; run `autograder grade {assignment}` first.")
    ensure(workspace)
    try:
        review.load(reporter)
        yield review
    finally:
        review.close()


def _marks(task: TaskGrade) -> CellMarks:
    return CellMarks(cell=task.cell, points=task.points, automatic=task.automatic, extra=task.extra, open=task.open,
                     manual=task.person if task.held is None else task.held, held=task.held, comment=task.comment)


def _missing(task: str) -> Question:
    raise KeyError(task)


def _chosen(questions: tuple[Question, ...], assignment: str, tasks: Collection[str]) -> tuple[Question, ...]:
    names = [question.task for question in questions]
    if not names:
        raise CourseError(f"{assignment} has no written questions, so there is nothing to mark here; withheld points "
                          "are decided in formgrader.")
    for task in tasks:
        if task not in names:
            raise CourseError(f"{assignment} has the written questions {', '.join(names)}, but {task[:80]!r} was "
                              "given; name one of them.")
    return tuple(question for question in questions if not tasks or question.task in tasks)
