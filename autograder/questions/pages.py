"""The quiz on paper: a page for each student, and one with the answers for staff. Pure.

The pages have no active content: their policy allows nothing but their one style sheet, named by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.feedback.page import encodable, environment, inline
from autograder.questions.question import Choice, Quiz, Sheet, one_line


def student_page(quiz: Quiz, sheet: Sheet) -> str:
    """Return the questions of one student, with space for answers; no answer is in it."""
    return encodable(_environment().get_template("student.html.j2").render(quiz=quiz, sheet=sheet))


def answer_page(quiz: Quiz) -> str:
    """Return the questions of the class with answers, tolerances and where they can be found: for staff only."""
    return encodable(_environment().get_template("answers.html.j2").render(
        quiz=quiz, fewer=[sheet for sheet in quiz.sheets if len(sheet.questions) < quiz.wanted]))


@cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("autograder.questions"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters["inline"] = lambda text: inline(one_line(text))
    made.filters["line"] = one_line
    style = environment().get_template("style.css").render() + made.get_template("questions.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made.globals.update(style=Markup(style), style_hash=digest, is_choice=lambda one: isinstance(one, Choice))  # noqa: S704 - our own files
    return made
