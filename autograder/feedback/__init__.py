"""Feedback pages: one page and one executed notebook per submission, and the overview for staff. Pure."""

from autograder.feedback.overview import render_overview
from autograder.feedback.page import render, render_notebook
from autograder.feedback.page_head import HandIns, Rules

__all__ = ["HandIns", "Rules", "render", "render_notebook", "render_overview"]
