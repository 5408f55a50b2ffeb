"""The pages of the service as HTML: no JavaScript, one style sheet of our own, everything else escaped. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.feedback import words
from autograder.feedback.page import encodable, environment, inline
from autograder.service.members import Member
from autograder.service.overview import Upload, Work


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A line of the staff's table: an assignment, how many have handed in, and when its report was written."""

    id: str
    title: str
    handed_in: int
    written_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What each page of a person shows around its contents."""

    course_title: str
    member: Member
    form_token: str


def render_home(
    around: Around, works: Sequence[Work], *, running: bool, received: tuple[Work, Upload] | None = None
) -> str:
    """Return the page on which a student hands in and sees the queue, results and history.

    Args:
        running: whether a watch grades what is handed in.
        received: what was just handed in.
    """
    return _rendered("home.html.j2", around, works=works, running=running, received=received)


def render_staff(around: Around, assignments: Sequence[Reported], students: Sequence[str], said: str = "") -> str:
    """Return the entry page for staff; ``said`` is a sentence about what was just done."""
    return _rendered("staff.html.j2", around, assignments=assignments, students=students, said=said)


def render_student(around: Around, student: str, works: Sequence[Work]) -> str:
    """Return what staff see of one student."""
    return _rendered("student.html.j2", around, student=student, works=works)


def render_refusal(heading: str, sentence: str, home: str) -> str:
    """Return a page with one sentence, and the way back."""
    return encodable(_environment().get_template("refusal.html.j2").render(
        heading=heading, sentence=sentence, home=home, member=None))


def style_hash() -> str:
    """Return the hash of the style sheet as a policy names it."""
    return str(_environment().globals["style_hash"])


def _rendered(template: str, around: Around, **values: Any) -> str:
    return encodable(_environment().get_template(template).render(
        course_title=around.course_title, member=around.member, form_token=around.form_token, **values))


@cache
def _environment() -> Environment:
    made = Environment(loader=PackageLoader("autograder.service"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters["inline"] = inline
    style = str(environment().globals["style"]) + "\n" + made.get_template("service.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made.globals.update(number=words.number, points=words.points, style_hash=digest,
                        style=Markup(style))  # noqa: S704 - our own files
    return made
