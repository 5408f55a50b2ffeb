"""The class report as one HTML file: complete without JavaScript and without network.

One script of ours sorts and filters tables. The page's policy names it, and the style sheet, by hash, so that nothing
else can run, whatever names, comments and outputs contain.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from markupsafe import Markup

from autograder.feedback.page import encodable, environment
from autograder.feedback.report.class_report import ClassReport, Kind, Need, Person
from autograder.feedback.report.distributions import histogram, said_of, strip
from autograder.grades import State
from autograder.model import Status

OPEN_ROWS = 12
"""Longer lists of one kind are folded."""
SHOWN_STUDENTS = 30


def render_report(report: ClassReport) -> str:
    """Return the page. It shows staff notes and names: never give it to students."""
    style, style_hash = _own("style.css", "class_report.css")
    script, hashed = _own("class_report.js")
    kinds: list[tuple[Kind, tuple[Need, ...]]] = [(kind, needs) for kind in Kind if (needs := report.of_kind(kind))]
    people = {person.student: person for person in report.people}
    return encodable(environment().get_template("class_report.html.j2").render(
        report=report, kinds=kinds, people=people, open_rows=OPEN_ROWS, shown_students=SHOWN_STUDENTS,
        style=style, style_hash=style_hash, script=script, script_hash=hashed,
        histogram=histogram(report), strips=[(one, strip(one), said_of(one)) for one in report.accuracies],
        missing=[person for person in report.people if person.state is State.MISSING],
        who_needs=len({need.student for need in report.needs}), mark=_mark, passed=Status.PASSED))


def script_hash() -> str:
    """Return the hash of the page's one script, for whoever serves the page and has to allow it."""
    return _own("class_report.js")[1]


@cache
def _own(*names: str) -> tuple[Markup, str]:
    """Return files of ours as one text, and its hash as a policy names it."""
    text = "\n".join(environment().get_template(name).render() for name in names)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), digest  # noqa: S704 - our own files


def _mark(person: Person) -> str:
    """Return a person's points for a table; a word where there are none."""
    return "" if person.state is State.GRADED else person.state.value
