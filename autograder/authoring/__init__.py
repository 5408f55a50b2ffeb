"""A new course, and new assignments in it, from the templates in this package."""

from autograder.authoring.new_assignment import Source, create_assignment
from autograder.authoring.new_course import create_course
from autograder.authoring.template_files import kinds

__all__ = ["Source", "create_assignment", "create_course", "kinds"]
