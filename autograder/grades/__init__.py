"""The one value that says what a submission is worth, from which every report of it is made. Pure."""

from autograder.grades.combine import Facts, automatic_points, certain_points, grade_of, grade_task
from autograder.grades.grade import Grade, Parts, State, TaskGrade
from autograder.grades.marks import CellMarks, Marks

__all__ = [
    "CellMarks", "Facts", "Grade", "Marks", "Parts", "State", "TaskGrade", "automatic_points", "certain_points",
    "grade_of", "grade_task",
]
