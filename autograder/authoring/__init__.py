"""A new course, and new assignments in it, from the templates in this package."""

from autograder.authoring.assignment_entry import with_entry
from autograder.authoring.new_assignment import Source, create_assignment
from autograder.authoring.new_course import create_course, quoted
from autograder.authoring.template_files import kinds

__all__ = ["Source", "create_assignment", "create_course", "kinds", "quoted", "with_entry"]
