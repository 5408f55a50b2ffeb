"""Turns a collected submission into a result and a gradebook entry: see `submission.grade_submission`."""

from autograder.pipeline.grade.batch import grade_assignment, grade_class
from autograder.pipeline.grade.results import Grading, choose_exit_code
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.grade.submission import grade_submission

__all__ = [
    "Grading",
    "choose_exit_code",
    "grade_assignment",
    "grade_class",
    "grade_submission",
    "load_result",
]
