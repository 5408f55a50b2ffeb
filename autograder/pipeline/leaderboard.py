"""The leaderboard of an open task, from stored results: students with a nickname, and the accuracy of their networks.

    results → artifacts (nickname, parameters) + repeated trainings → mean accuracy → board
"""

from __future__ import annotations

from datetime import datetime

from rich.markup import escape

from autograder.course.config import Leaderboard
from autograder.errors import ArtifactError, CourseError, ReadingError
from autograder.feedback.board import Place, Score, places, shown_name
from autograder.model import Result, Status
from autograder.pipeline.grade.sampling_keys import stored_sampling_key
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.refit.refit_result import MARK
from autograder.pipeline.session.course_files import prepare_data
from autograder.workspace.file_names import ARTIFACTS, RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import secret


def leaderboard(
    workspace: Workspace, assignment: str, *, stand_in: bool, reporter: Reporter, early: bool = False,
) -> tuple[Place, ...]:
    """Return the board of an assignment; it names no student.

    It lists students who chose a nickname, followed the rules of the task and of the nickname (every check there has
    passed, except those with a calibrated bound), and whose training could be repeated. The accuracy is that on the
    first half of the holdout, averaged over the repetitions: weights made elsewhere gain nothing. A network whose
    training was not or could not be repeated is not ranked until a person has decided; staff see the reason.

    Args:
        early: show it before the deadline, when its figures still reveal something about the holdout to students.

    Raises:
        CourseError: ``course.yml`` gives this assignment no leaderboard, or its deadline has not passed.
        DataError: real data is missing, and the embedded digits were not allowed.
    """
    settings = workspace.course.assignment(assignment)
    if settings.leaderboard is None:
        raise CourseError(f"The assignment {assignment} was expected to have a leaderboard, but course.yml gives it "
                          "none; add `leaderboard: {task: …, name: …, metric: task/model}`.")
    if settings.due is not None and settings.due > datetime.now(settings.due.tzinfo) and not early:
        raise CourseError(f"The leaderboard of {assignment} was expected after its deadline, "
                          f"{settings.due:%Y-%m-%d %H:%M}, because until then students could tune to its figures; "
                          "wait, or "
                          "add --early.")
    prepared = prepare_data(workspace, settings.data, allow_stand_in=stand_in, reporter=reporter)
    graded = [result for receipt in workspace.receipts(assignment)
              if (result := load_result(workspace.results(receipt.student, assignment) / RESULT)) is not None]
    usable = [result for result in graded
              if result.provenance and result.provenance.data == f"{prepared.name}:{prepared.fingerprint}"]
    if len(usable) < len(graded):
        reporter.note(f"{len(graded) - len(usable)} of {len(graded)} results are not on the board: not graded, or with "
                      f"other data than {prepared.name}.")
    scores = []
    for result in usable:
        score = score_of(workspace, settings.leaderboard, result)
        if isinstance(score, str):
            reporter.note(escape(f"{result.student} is not ranked: {score}"))
        elif score is not None:
            scores.append(score)
    return places(scores, {result.student for result in graded} | set(workspace.students()))


def score_of(workspace: Workspace, rule: Leaderboard, result: Result) -> Score | str | None:
    """Return the entry of one submission, None where it has none, or a sentence why it is not ranked."""
    task, model = rule.metric.split("/")
    folder = workspace.results(result.student, result.assignment)
    if not _keeps_the_rules(result, task) or not _keeps_the_rules(result, rule.task):
        return None
    try:
        found = read("board", {
            "artifacts": str(folder / ARTIFACTS), "named": rule.task,
            "sampling_key": stored_sampling_key(secret(workspace.sampling_secret), result),
            "nickname": rule.name, "built": task, "model": model})
    except (ArtifactError, ReadingError) as error:
        return str(error)
    if found is None:
        return None
    if not shown_name(found["nickname"]):
        return None
    again = next((entry for entry in result.refits if (entry.task, entry.model) == (task, model)), None)
    if again is None:
        return f"{rule.metric} was not trained again yet; run `autograder refit {result.assignment}`."
    if not again.board:
        return again.sentence
    return Score(nickname=found["nickname"], accuracy=sum(again.board) / len(again.board),
                 parameters=found["parameters"])


def _keeps_the_rules(result: Result, task: str) -> bool:
    """Whether every check of a task has passed; points withheld by a repeated training do not matter here."""
    checks = [check for found in result.tasks if found.id == task for check in found.checks]
    return bool(checks) and all(check.status is Status.PASSED or (check.staff_note or "").startswith(MARK)
                                for check in checks if not check.minimum)
