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
        grades: with what people decided, also of those who have no result; where one is missing, the result alone
            counts.
    """
    by_work = {(result.student, result.assignment): result for result in results}
    known = {(grade.student, grade.assignment): grade for grade in grades}
    known |= {work: grade_of(result, None) for work, result in by_work.items() if work not in known}
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("student", no_wrap=True)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("withheld", justify="right", no_wrap=True)
    table.add_column("what happened", overflow="fold")
    for work in sorted(known, key=lambda one: (one[1], one[0])):
        grade, result = known[work], by_work.get(work)
        withheld = number(grade.withheld) if grade.withheld else ""
        # What happened just now: a failure takes no earlier grade away, and is said all the same.
        score = scored(grade) if result is None or result.status == "graded" else result.status
        table.add_row(escape(grade.student), score, withheld, escape(_happened(grade, result)))
    return table


def _happened(grade: Grade, result: Result | None) -> str:
    if result is None:
        return grade.message or ""
    refits = [entry.sentence for entry in result.refits if entry.sentence in result.staff_flags]
    return " ".join([in_one_phrase(result), *refits])
