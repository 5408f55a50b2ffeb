"""A new course, and new assignments in it, from the templates in this package."""

from autograder.authoring.assignment_entry import with_entry
from autograder.authoring.new_assignment import Source, create_assignment
from autograder.authoring.new_course import create_course, quoted
from autograder.authoring.sample_course import SAMPLE, make_sample_course
from autograder.authoring.template_files import kinds

__all__ = [
    "SAMPLE",
    "Source",
    "create_assignment",
    "create_course",
    "kinds",
    "make_sample_course",
    "quoted",
    "with_entry",
]
