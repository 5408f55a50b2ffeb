"""The grading sheet: all answers to one written question, marked by a person, into nbgrader's gradebook."""

from autograder.pipeline.review.marking import Conflict, Review, open_review
from autograder.pipeline.review.sheet_file import Imported, export_sheet, import_sheet
from autograder.pipeline.review.sheet_server import SheetServer

__all__ = ["Conflict", "Imported", "Review", "SheetServer", "export_sheet", "import_sheet", "open_review"]
