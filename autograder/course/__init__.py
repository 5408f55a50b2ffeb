"""``course.yml``: parsed strictly, without touching a disk."""

from autograder.course.models import DEFAULT_PATTERNS, FULL, Assignment, Collect, Course, Grader, MinimumRule, RefitRule
from autograder.course.names import assignment_id, is_assignment_id, is_student_id, student_id
from autograder.course.parse import parse, schema
from autograder.course.source import MAX_BYTES

__all__ = [
    "DEFAULT_PATTERNS",
    "FULL",
    "MAX_BYTES",
    "Assignment",
    "Collect",
    "Course",
    "Grader",
    "MinimumRule",
    "RefitRule",
    "assignment_id",
    "is_assignment_id",
    "is_student_id",
    "parse",
    "schema",
    "student_id",
]
