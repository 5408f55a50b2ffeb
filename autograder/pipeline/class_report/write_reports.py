"""Write the report of each assignment: an HTML page, a CSV table and a JSON file, from stored results.

    grades and results → what the runs of the audit say → accuracies → likeness → report → files
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from autograder.errors import GradebookError
from autograder.feedback.report import ClassReport, Material, make_report, render_report
from autograder.pipeline.class_report.compared_work import read_compared
from autograder.pipeline.class_report.gather import ClassOf, gather, read_class
from autograder.pipeline.class_report.report_table import report_csv
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

FORMGRADER = "http://localhost:8888/formgrader"


@dataclass(frozen=True, kw_only=True)
class ReportOptions:
    """The options of `autograder report`."""

    formgrader: str = FORMGRADER
    likeness: bool = True


@dataclass(frozen=True, kw_only=True)
class Written:
    """One report and its page; the table and the JSON file are next to it."""

    report: ClassReport
    page: Path


def write_reports(
    workspace: Workspace, assignments: Sequence[str], options: ReportOptions, reporter: Reporter
) -> list[Written]:
    """Write the reports of the chosen assignments of which anything is known, and return them."""
    return [_write(workspace, one, options, reporter) for one in read_class(workspace, assignments, reporter)]


def _write(workspace: Workspace, one: ClassOf, options: ReportOptions, reporter: Reporter) -> Written:
    material = _linked(workspace, gather(workspace, one, reporter), options)
    if options.likeness:
        found = read_compared(workspace, one.assignment, one.results.values(), reporter)
        material = replace(material, traits=found.traits, unread=found.unread, reference_traits=found.reference)
    report = make_report(material)
    page = workspace.class_report(one.assignment)
    write_atomically(page, render_report(report))
    write_atomically(page.with_suffix(".csv"), report_csv(report))
    write_atomically(page.with_suffix(".json"), report.to_json())
    return Written(report=report, page=page)


def _linked(workspace: Workspace, material: Material, options: ReportOptions) -> Material:
    """Return the material with links to students' pages that exist, and to formgrader."""
    from autograder.gradebook.formgrader_pages import formgrader_pages

    pages = {}
    for grade in material.grades:
        path = workspace.feedback(grade.student, material.assignment)
        if path.is_file():
            parts = path.relative_to(workspace.output).parts
            pages[grade.student] = "../" + "/".join(quote(part, safe="") for part in parts)
    notes = list(material.notes)
    try:
        shown = formgrader_pages(workspace, material.assignment, options.formgrader)
    except GradebookError as error:
        shown = {}
        notes.append(f"Links to formgrader are missing. {error}")
    return replace(material, pages=pages, formgrader=shown, notes=notes)
