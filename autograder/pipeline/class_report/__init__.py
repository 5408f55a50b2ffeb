"""The class report and comments for everybody with one mistake."""

from autograder.pipeline.class_report.comment import Comment, Reached, comment_class
from autograder.pipeline.class_report.write_reports import ReportOptions, Written, write_reports

__all__ = ["Comment", "Reached", "ReportOptions", "Written", "comment_class", "write_reports"]
