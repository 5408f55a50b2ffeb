"""The leaderboard of an open task, from stored results: who chose a nickname, and how good is the network?

    results → artifacts (nickname, parameters) + stored answers of the rebuilt model → accuracy → board
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from autograder import data
from autograder.checks.metrics import accuracy
from autograder.course.models import Leaderboard
from autograder.errors import ArtifactError, CourseError, ReadingError
from autograder.feedback.leaderboard import Place, Score, places
from autograder.model import Result, Status
from autograder.pipeline.attempt import sampling_key
from autograder.pipeline.context import prepare_data
from autograder.pipeline.grade import RESULT, load_result
from autograder.pipeline.predictions import answers
from autograder.pipeline.reading import read
from autograder.pipeline.reporting import Reporter
from autograder.pipeline.storage import secret
from autograder.pipeline.workspace import Workspace


def leaderboard(
    workspace: Workspace, assignment: str, *, stand_in: bool, reporter: Reporter, early: bool = False,
) -> tuple[Place, ...]:
    """Return the board of an assignment; it names no student.

    On it is who chose a nickname, has a model that the grader could rebuild, and keeps the rules of its task: every
    check there has passed, those with a calibrated bound aside. Accuracy is that on the first half of the holdout.

    Args:
        early: show it before the deadline, when its figures still tell students something about the holdout.

    Raises:
        CourseError: ``course.yml`` gives this assignment no leaderboard, or its deadline has not passed.
        DataError: true data is missing, and the embedded digits were not allowed.
    """
    settings = workspace.course.assignment(assignment)
    if settings.leaderboard is None:
        raise CourseError(f"The assignment {assignment} was expected to have a leaderboard, but course.yml gives it "
                          "none; add `leaderboard: {task: …, name: …, metric: task/model}`.")
    if settings.due is not None and settings.due > datetime.now(settings.due.tzinfo) and not early:
        raise CourseError(f"The leaderboard of {assignment} was expected after its deadline, "
                          f"{settings.due:%Y-%m-%d %H:%M}, for until then students could tune to its figures; wait, or "
                          "add --early.")
    prepared = prepare_data(workspace, allow_stand_in=stand_in, reporter=reporter)
    graded = [result for receipt in workspace.receipts(assignment)
              if (result := load_result(workspace.results(receipt.student, assignment) / RESULT)) is not None]
    usable = [result for result in graded
              if result.provenance and result.provenance.data == f"{prepared.name}:{prepared.fingerprint}"]
    if len(usable) < len(graded):
        reporter.note(f"{len(graded) - len(usable)} of {len(graded)} results are not on the board: not graded, or with "
                      f"other data than {prepared.name}.")
    scores = [score for result in usable
              if (score := score_of(workspace, settings.leaderboard, prepared, result)) is not None]
    return places(scores, {result.student for result in graded} | set(workspace.students()))


def score_of(workspace: Workspace, rule: Leaderboard, prepared: data.Prepared, result: Result) -> Score | None:
    """Return what one submission brings to the board, None where it is not for it."""
    task, model = rule.metric.split("/")
    folder = workspace.results(result.student, result.assignment)
    outputs = answers(folder).get((task, model))
    if outputs is None or not _keeps_the_rules(result, task):
        return None
    try:
        found = read("board", {
            "artifacts": str(folder / "artifacts"), "sampling_key": _key(workspace, result), "named": rule.task,
            "nickname": rule.name, "built": task, "model": model})
    except (ArtifactError, ReadingError):
        return None
    if found is None:
        return None
    return Score(nickname=found["nickname"], accuracy=board_accuracy(outputs, prepared.holdout_labels),
                 parameters=found["parameters"])


def board_accuracy(outputs: np.ndarray, holdout_labels: Path) -> float:
    """Return the accuracy on the first half of the holdout, whose answers stand behind those of the public images."""
    labels = np.load(holdout_labels, allow_pickle=False)
    half = len(labels) // 2
    answers = outputs[len(outputs) - len(labels) :]
    return accuracy(answers[:half], labels[:half])


def _keeps_the_rules(result: Result, task: str) -> bool:
    checks = [check for found in result.tasks if found.id == task for check in found.checks]
    return bool(checks) and all(check.status is Status.PASSED for check in checks if not check.minimum)


def _key(workspace: Workspace, result: Result) -> str:
    submission = result.provenance.submission if result.provenance else ""
    return sampling_key(secret(workspace.cache / "sampling-secret"), result.student, submission)
