"""Feedback: one page and one executed notebook per submission; `report` is the class report for staff. Pure."""

from autograder.feedback.page import render, render_notebook, render_released
from autograder.feedback.page_head import HandIns, Rules
from autograder.feedback.page_training import Learned

__all__ = ["HandIns", "Learned", "Rules", "render", "render_notebook", "render_released"]
