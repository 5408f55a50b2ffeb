"""Shows the results of a class on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from autograder.feedback.words import in_one_phrase, number, scored
from autograder.grades import Grade, grade_of
from autograder.model import Result


def summary_table(results: Iterable[Result], grades: Iterable[Grade] = ()) -> Table:
    """Return a table of student, score, withheld points and what happened.

    Args:
        grades: with what people decided; the result alone counts where one is missing.
    """
    known = {(grade.student, grade.assignment): grade for grade in grades}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("withheld", justify="right", no_wrap=True)
    table.add_column("what happened", overflow="fold")
    for result in sorted(results, key=lambda one: (one.assignment, one.student)):
        grade = known.get((result.student, result.assignment)) or grade_of(result, None)
        withheld = number(grade.withheld) if grade.withheld else ""
        refits = [entry.sentence for entry in result.refits if entry.sentence in result.staff_flags]
        happened = escape(" ".join([in_one_phrase(result), *refits]))
        # What happened just now: a failure takes no earlier grade away, and is said all the same.
        score = scored(grade) if result.status == "graded" else result.status
        table.add_row(escape(result.student), score, withheld, happened)
    return table
