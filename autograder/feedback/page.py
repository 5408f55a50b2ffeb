"""One submission's page: score, explanations, figures, curves compared with the reference, and the notebook."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.feedback import words
from autograder.feedback.curves import Chart, charts
from autograder.feedback.notebook_cells import ShownCell, shown_cells
from autograder.feedback.terminal_text import visible
from autograder.grades import Grade, State, grade_of, grade_task
from autograder.model import Calibration, Provenance, Receipt, Result, TaskResult

_CODE = re.compile("`([^`\n]{1,120})`")
MOST_FITS = 40
MOST_UPLOADS = 10

Curves = Mapping[str, Mapping[str, Sequence[float]]]
"""fit → quantity → one value per epoch."""


@dataclass(frozen=True, kw_only=True)
class HandIns:
    """Receipts of one student's uploads for one assignment: of the graded one, with time and attempt number, and of
    those that do not count, with the reasons."""

    graded: Receipt | None = None
    others: Sequence[Receipt] = ()


@cache
def environment() -> Environment:
    """Return the template environment; everything is escaped."""
    made = Environment(loader=PackageLoader("autograder.feedback"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)
    made.filters["inline"] = inline
    made.globals.update(number=words.number, points=words.points, task_score=words.task_score, status=words.STATUS,
                        check_points=words.check_points, scored=words.scored)
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
    result: Result, *, executed: Mapping[str, Any] | None, curves: Curves, reference: Calibration | None,
    assignment_title: str, hand_ins: HandIns = HandIns(), grade: Grade | None = None,
) -> str:
    """Return the page of one submission as one HTML file that needs neither network nor JavaScript.

    Args:
        result: the result; its staff notes and flags are never shown.
        executed: the executed notebook, nbformat 4.
        curves: training histories, named after the task in which they were trained; invalid ones are left out.
        reference: the calibration in whose bands the curves are drawn.
        hand_ins: the receipts that the page tells the student about.
        grade: all numbers of the page, and what people decided and wrote; None: the result alone counts.
    """
    grade = grade or grade_of(result, None)
    cells = shown_cells(executed or {})
    figures = _figures(result.tasks, cells)
    return encodable(environment().get_template("page.html.j2").render(
        result=result, title=assignment_title, grade=grade, notices=_notices(result, grade),
        tasks=[{"task": task, "figures": figures[task.id], "given": grade.task(task.id) or grade_task(task)}
               for task in result.tasks],
        out_of=words.out_of(grade), unread=sum(task.points for task in grade.tasks if task.written and task.undecided),
        run_notes=words.run_notes(result.execution), merge_notes=result.merge_notes,
        training=_training(result, curves, reference), cells=cells, anchors=_anchors(result, cells),
        facts=_facts(result.provenance, result, hand_ins), cell_notes=words.cell_notes(result.execution),
    ))


def _notices(result: Result, grade: Grade) -> list[str]:
    """Return sentences on what makes this grade differ from what was found in the notebook."""
    found = [words.lateness(grade)]
    if grade.state is State.EXCUSED:
        found.append("This assignment does not count for you: you are excused.")
    elif grade.state.value != result.status:
        found.append(f"This page is about earlier work. {grade.message or ''}".strip())
    if grade.held:
        found.append("Graded again, some of your work has fewer points than before. Your earlier points count until a "
                     "person has decided.")
    return [sentence for sentence in found if sentence]


def _figures(tasks: Sequence[TaskResult], cells: Sequence[ShownCell]) -> dict[str, list[str]]:
    """Return the pictures of each task, in order, between its answer cell and its test cell."""
    pictures: dict[str, list[str]] = {task.id: [] for task in tasks}
    tested = {task.id for task in tasks if not task.manual}  # a written answer has no figures
    current: str | None = None
    for cell in cells:
        if cell.task in pictures or cell.task.removeprefix("test-") in pictures:
            current = cell.task if cell.task in tested else None
        if current:
            pictures[current] += [output.image for output in cell.outputs if output.image]
    return pictures


def _anchors(result: Result, cells: Sequence[ShownCell]) -> dict[int, str]:
    """Return, by place in the notebook, the task whose answer starts there, so that a step can point to it."""
    wanted = {task.id for task in result.tasks}
    anchors: dict[int, str] = {}
    for place, cell in enumerate(cells):
        if cell.task in wanted and cell.task not in anchors.values():
            anchors[place] = cell.task
    return anchors


def _training(result: Result, curves: Curves, reference: Calibration | None) -> list[tuple[str, tuple[Chart, ...]]]:
    titles = {task.id: task.title for task in result.tasks}
    bands = reference.curves if reference else {}
    drawn = [(titles.get(fit, fit), charts(values, bands.get(fit)))
             for fit, values in list(curves.items())[:MOST_FITS] if isinstance(values, Mapping)]
    return [(title, some) for title, some in drawn if some]


def _facts(provenance: Provenance | None, result: Result, hand_ins: HandIns) -> list[tuple[str, str]]:
    receipt = hand_ins.graded
    handed_in = [("Handed in", _handed_in(receipt)), *_attempts(receipt, hand_ins.others)] if receipt else []
    if provenance is None:
        return handed_in
    data = provenance.data.split(":")[0]
    stand_in = "the embedded digits used in place of MNIST" if data == "stand-in" else data.upper()
    facts = [
        *handed_in, ("Graded", _moment(provenance.graded_at)),
        ("Release", provenance.release), ("Data", stand_in), ("Random seeds", words.seeds(provenance.seeds)),
        ("Your notebook ran", words.ISOLATION.get(provenance.isolation, provenance.isolation)),
        ("Your file", f"SHA-256 {provenance.submission[:16]}…"),
    ]
    if result.execution:
        seconds, memory = result.execution.seconds, result.execution.peak_memory_mib
        facts.append(("Time and memory", f"{seconds:.0f} seconds, {memory:.0f} MiB at most"))
    return facts


def _attempts(receipt: Receipt, others: Sequence[Receipt]) -> list[tuple[str, str]]:
    """Return which attempt was graded, and the status of the latest others."""
    found = []
    if receipt.attempt_note is not None:
        best = receipt.reason if receipt.reason and "counts as the best" in receipt.reason else ""
        found.append(("Attempt", f"{receipt.attempt_note[0].upper()}{receipt.attempt_note[1:]}. {best}".strip()))
    return found + [(f"Upload of {_moment(other.received_at)}", other.reason or "Kept, but another upload counts.")
                    for other in others[-MOST_UPLOADS:]]


def _handed_in(receipt: Receipt) -> str:
    """Return the time, and a remark where it is only that of a file or an archive."""
    known = receipt.time_from is None or receipt.time_can_cost
    return _moment(receipt.received_at) + ("" if known else " (by the file's own time, which costs no points)")


def _moment(stamp: str) -> str:
    """Return an ISO 8601 time in UTC in readable form, to the minute."""
    match = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", stamp)
    return f"{match[1]} {match[2]} UTC" if match else stamp
