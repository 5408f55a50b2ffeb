"""The class report as a table: one row per student."""

from __future__ import annotations

import csv
import io

from autograder.feedback.report import ClassReport
from autograder.safe.spreadsheet import harmless

COLUMNS = ("assignment", "student_id", "name", "status", "points", "score", "max_points", "waiting", "late_penalty",
           "needs", "mistakes", "enrolled")


def report_csv(report: ClassReport) -> str:
    """Return the table, without cells that a spreadsheet reads as a formula; the points of each task come last."""
    tasks = list(dict.fromkeys(task for person in report.people for task in person.tasks))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*COLUMNS, *map(harmless, tasks)])
    for person in report.people:
        values: list[object] = [
            report.assignment, person.student, person.name, person.state.value, person.total, person.score,
            person.max_points, person.waiting, person.late_penalty, "; ".join(kind.value for kind in person.needs),
            " ".join(person.mistakes), "yes" if person.enrolled else "no",
            *(person.tasks.get(task) for task in tasks)]
        writer.writerow(["" if value is None else harmless(str(value)) for value in values])
    return stream.getvalue()
