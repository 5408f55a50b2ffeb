"""``course.yml``: parsed strictly, without touching a disk."""

from autograder.course.config import FULL, Assignment, Collect, Counts, Course, Grader, MinimumRule, RefitRule
from autograder.course.data_sets import (
    DEFAULT_DATA,
    KERAS_NAMES,
    OWN,
    DatasetSettings,
    HoldoutRule,
    TestRule,
)
from autograder.course.late import LateRule
from autograder.course.links import Links
from autograder.course.lti import Lti
from autograder.course.names import assignment_id, is_assignment_id, is_student_id, student_id
from autograder.course.parse import parse, schema
from autograder.course.people import MAX_PEOPLE_BYTES, PEOPLE_FILE, SYSTEMS, Person, folded, parse_people
from autograder.course.requirements import MAX_LOCK_BYTES, Lock, package_name, parse_lock
from autograder.course.source import MAX_BYTES
from autograder.course.student_variants import VariantRule

__all__ = [
    "DEFAULT_DATA",
    "FULL",
    "KERAS_NAMES",
    "MAX_BYTES",
    "MAX_LOCK_BYTES",
    "MAX_PEOPLE_BYTES",
    "OWN",
    "PEOPLE_FILE",
    "SYSTEMS",
    "Assignment",
    "Collect",
    "Counts",
    "Course",
    "DatasetSettings",
    "Grader",
    "HoldoutRule",
    "LateRule",
    "Links",
    "Lock",
    "Lti",
    "MinimumRule",
    "Person",
    "RefitRule",
    "TestRule",
    "VariantRule",
    "assignment_id",
    "folded",
    "is_assignment_id",
    "is_student_id",
    "package_name",
    "parse",
    "parse_lock",
    "parse_people",
    "schema",
    "student_id",
]
