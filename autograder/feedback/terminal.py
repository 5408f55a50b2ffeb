"""Shows the results of a class on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from autograder.feedback.words import in_one_phrase, number
from autograder.model import Result


def summary_table(results: Iterable[Result]) -> Table:
    """Return a table of student, automatic score, withheld points and what happened."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("withheld", justify="right", no_wrap=True)
    table.add_column("what happened", overflow="fold")
    for result in sorted(results, key=lambda one: (one.assignment, one.student)):
        automatic = sum(task.points for task in result.tasks if not task.manual)
        score = f"{number(result.score)} / {number(automatic)}" if result.status == "graded" else result.status
        withheld = number(result.withheld) if result.withheld else ""
        refits = [entry.sentence for entry in result.refits if entry.sentence in result.staff_flags]
        table.add_row(escape(result.student), score, withheld, escape(" ".join([in_one_phrase(result), *refits])))
    return table
