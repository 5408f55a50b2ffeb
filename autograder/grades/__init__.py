"""The one value that says what a submission is worth, from which every report of it is made. Pure."""

from autograder.grades.combine import Facts, automatic_points, certain_points, grade_of, grade_task, grades_of
from autograder.grades.grade import Grade, Parts, State, TaskGrade
from autograder.grades.marks import CellMarks, Marks
from autograder.grades.regraded import Change, Effect, check_changes
from autograder.grades.rubric import RubricLine, parse_rubric, read_comment, rubric_points, write_comment

__all__ = [
    "CellMarks", "Change", "Effect", "Facts", "Grade", "Marks", "Parts", "RubricLine", "State", "TaskGrade",
    "automatic_points", "certain_points", "check_changes", "grade_of", "grade_task", "grades_of", "parse_rubric",
    "read_comment", "rubric_points", "write_comment",
]
