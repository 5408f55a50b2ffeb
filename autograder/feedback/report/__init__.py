"""The class report: who needs a person, how the checks went, mistakes with names, likeness. For staff only. Pure."""

from autograder.feedback.report.build import make_report
from autograder.feedback.report.class_report import ClassReport, Kind, Likeness, Mistake, Need
from autograder.feedback.report.material import KnownMistake, Material, Traits
from autograder.feedback.report.mistakes import list_mistakes, shape_of
from autograder.feedback.report.report_page import render_report, script_hash

__all__ = [
    "ClassReport",
    "Kind",
    "KnownMistake",
    "Likeness",
    "Material",
    "Mistake",
    "Need",
    "Traits",
    "list_mistakes",
    "make_report",
    "render_report",
    "script_hash",
    "shape_of",
]
