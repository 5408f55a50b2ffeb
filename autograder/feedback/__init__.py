"""Feedback: one page and one executed notebook per submission; `report` is the class report for staff. Pure."""

from autograder.feedback.page import render, render_notebook
from autograder.feedback.page_head import HandIns, Rules

__all__ = ["HandIns", "Rules", "render", "render_notebook"]
