"""Files that learning platforms import: tables of grades and names of feedback files. Pure."""

from autograder.lms.canvas_gradebook import canvas_table
from autograder.lms.moodle_worksheet import fill_worksheet
from autograder.lms.sheet import Filled, Sheet, read_sheet
from autograder.lms.zip_names import canvas_name, moodle_folder

__all__ = [
    "Filled",
    "Sheet",
    "canvas_name",
    "canvas_table",
    "fill_worksheet",
    "moodle_folder",
    "read_sheet",
]
