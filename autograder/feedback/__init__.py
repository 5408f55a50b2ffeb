"""Feedback pages: one self-contained HTML file per submission, and the overview for staff. Pure."""

from autograder.feedback.overview import render_overview
from autograder.feedback.page import HandIns, render

__all__ = ["HandIns", "render", "render_overview"]
