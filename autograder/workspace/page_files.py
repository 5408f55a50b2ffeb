"""The files that lie next to a student's page, and the model answers that they are copied from."""

from __future__ import annotations

from pathlib import Path

from autograder.workspace.layout import Workspace

SOLUTIONS = "solutions"


def notebook_page(workspace: Workspace, student: str, assignment: str) -> Path:
    """Return the executed notebook as HTML, next to the page."""
    return workspace.feedback(student, assignment).with_name(f"{assignment}-notebook.html")


def handed_out_answers(workspace: Workspace, student: str, assignment: str) -> Path:
    """Return the model answers next to the page, which are there once nobody can hand in any more."""
    return workspace.feedback(student, assignment).with_name(f"{assignment}-solution.ipynb")


def model_answers(workspace: Workspace, assignment: str) -> Path:
    """Return the model answers of an assignment, as `autograder solutions` writes them."""
    name = workspace.course.assignment(assignment).id
    return workspace.output / SOLUTIONS / name / f"{name}-solution.ipynb"
