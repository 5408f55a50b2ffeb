"""One submission's page: what counts, where to start, the tasks, how models learned; and its executed notebook."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.feedback import page_head, words
from autograder.feedback.advice import to_try
from autograder.feedback.causes import find_causes
from autograder.feedback.notebook_cells import ShownCell, shown_cells
from autograder.feedback.own_answers import Answer, find_answers
from autograder.feedback.page_head import HandIns
from autograder.feedback.page_tasks import grouped, listed, task_items
from autograder.feedback.page_training import Learned, training
from autograder.feedback.terminal_text import visible
from autograder.grades import Grade, grade_of
from autograder.model import Calibration, Result

_CODE = re.compile("`([^`\n]{1,120})`")
MOST_CAUSES = 3


@cache
def environment() -> Environment:
    """Return the template environment; everything is escaped."""
    made = Environment(loader=PackageLoader("autograder.feedback"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters["inline"] = inline
    made.globals.update(number=words.number, points=words.points, task_score=words.task_score, status=words.STATUS,
                        check_points=words.check_points, scored=words.scored, to_try=to_try)
    # The page's policy names the hash of its one style sheet, so that no other style can have an effect.
    style = made.get_template("style.css").render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    made.globals.update(style=Markup(style), style_hash=digest)  # noqa: S704 - our own file
    return made


def inline(text: str) -> Markup:
    """Return a sentence with `names in backticks` as code; everything in it is escaped."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(visible(text)))))  # noqa: S704 - escaped just here


def encodable(page: str) -> str:
    """Return a page that can be written as UTF-8: JSON may contain lone surrogates."""
    return page.encode("utf-8", "replace").decode("utf-8")


def render(
    result: Result, *, executed: Mapping[str, Any] | None, reference: Calibration | None, assignment_title: str,
    learned: Learned | None = None, hand_ins: HandIns | None = None, grade: Grade | None = None,
) -> str:
    """Return the page of one submission as one HTML file that needs neither network nor JavaScript.

    Args:
        result: the result; its staff notes and flags are never shown.
        executed: the executed notebook, nbformat 4.
        reference: the calibration in whose bands the curves are drawn.
        learned: curves of the trainings, and what the models misread; None: nothing.
        hand_ins: what the page says about the student's uploads, and the files next to it; None: nothing.
        grade: all numbers of the page, and what people decided and wrote; None: the result alone counts.
    """
    grade, hand_ins = grade or grade_of(result, None), hand_ins or HandIns()
    cells = shown_cells(executed or {})
    answers = _answers(result, cells)
    causes = find_causes(result, grade) if result.status == "graded" else ()
    items = task_items(result, grade, answers, causes)
    named = {item.task.id: item for item in items}
    return encodable(environment().get_template("page.html.j2").render(
        result=result, title=assignment_title, grade=grade, parts_of=grade.parts,
        notices=page_head.notices(result, grade), again=page_head.again(hand_ins),
        request=page_head.request(grade, result),
        changed=page_head.changed(hand_ins.history, {item.given.cell: item.short for item in items}),
        causes=[(cause, listed([named[task].short for task in cause.tasks])) for cause in causes[:MOST_CAUSES]],
        more_causes=len(causes[MOST_CAUSES:]), groups=grouped(items), named=named, files=hand_ins,
        run_notes=words.run_notes(result.execution), merge_notes=result.merge_notes,
        training=training(items, learned or Learned(), reference), facts=page_head.facts(result, hand_ins),
        used=page_head.used(result), **_notebook(result, cells, answers)))


def render_notebook(result: Result, executed: Mapping[str, Any], *, assignment_title: str, page: str) -> str:
    """Return the executed notebook of a submission as a file of its own, with our own cells folded.

    Args:
        page: name of the file with the page, to which it links back.
    """
    cells = shown_cells(executed)
    return encodable(environment().get_template("notebook.html.j2").render(
        result=result, title=assignment_title, page=page, **_notebook(result, cells, _answers(result, cells))))


def render_released(executed: Mapping[str, Any], *, assignment_title: str) -> str:
    """Return a notebook as students get it: nothing is folded, and no result belongs to it.

    Args:
        executed: the released notebook after a run, nbformat 4.
    """
    cells = [replace(cell, locked=False) for cell in shown_cells(executed)]
    return encodable(environment().get_template("released.html.j2").render(title=assignment_title, cells=cells))


def _answers(result: Result, cells: Sequence[ShownCell]) -> dict[str, Answer]:
    return find_answers(cells, code={task.id for task in result.tasks if not task.manual},
                        written={task.id for task in result.tasks if task.manual})


def _notebook(result: Result, cells: Sequence[ShownCell], answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return what a template needs to draw the notebook: ``anchors`` names the tasks whose answers start at a place."""
    anchors = {answer.place: task for task, answer in answers.items() if answer.place is not None}
    return {"cells": cells, "anchors": anchors, "cell_notes": words.cell_notes(result.execution)}
