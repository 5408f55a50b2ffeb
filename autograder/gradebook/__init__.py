"""Records, reviews and exports a class in nbgrader's gradebook. nbgrader is imported on first use."""

from autograder.gradebook.bulk import Recorder, RecordReport, ensure, record, register, unrecorded
from autograder.gradebook.class_grades import read_grades
from autograder.gradebook.export import COLUMNS, export
from autograder.gradebook.generate import Generated, generate
from autograder.gradebook.nbgrader_config import chosen_output, configure
from autograder.gradebook.update_scores import Held

__all__ = [
    "COLUMNS",
    "Generated",
    "Held",
    "RecordReport",
    "Recorder",
    "chosen_output",
    "configure",
    "ensure",
    "export",
    "generate",
    "read_grades",
    "record",
    "register",
    "unrecorded",
]
