"""Feedback pages, one self-contained HTML file per submission; `report` is the class report for staff. Pure."""

from autograder.feedback.page import HandIns, render

__all__ = ["HandIns", "render"]
