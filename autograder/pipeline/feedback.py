"""Write the feedback pages of a class from stored results; nothing is run or judged again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.errors import ReadingError
from autograder.feedback import HandIns, render
from autograder.grades import Grade
from autograder.model import Receipt, Reference, Result
from autograder.pipeline.reading.budgets import read, readers
from autograder.pipeline.session.course_files import load_reference
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.hand_in_marks import copy_marks
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.reading import read_receipt
from autograder.workspace.results_on_disk import stored_results
from autograder.workspace.storage import write_atomically


def write_class(workspace: Workspace, assignments: Sequence[str], reporter: Reporter) -> list[Path]:
    """Write one page per result of the chosen assignments, and return where they are."""
    chosen = workspace.chosen(assignments)
    references = {name: load_reference(workspace.reference(name)) for name in chosen}
    results = [result for name in chosen for result in stored_results(workspace, name, reporter)]
    pages = []
    with readers(), reporter.task("feedback", len(results)) as bar:
        grades = [grade for grade in current_grades(workspace, assignments) if grade.assignment in chosen]
        known = {(grade.student, grade.assignment): grade for grade in grades}
        for result in results:
            pages.append(write_page(workspace, result, references[result.assignment], reporter,
                                    grade=known.get((result.student, result.assignment))))
            bar.advance(result.student)
    return pages


def write_page(
    workspace: Workspace, result: Result, reference: Reference | None, reporter: Reporter | None = None, *,
    grade: Grade | None = None,
) -> Path:
    """Write one submission's page and return where it is; see `make_page`."""
    path = workspace.feedback(result.student, result.assignment)
    write_atomically(path, make_page(workspace, result, reference, reporter, grade=grade))
    copy_marks(workspace, result.student, result.assignment, path.parent)
    return path


def make_page(
    workspace: Workspace, result: Result, reference: Reference | None, reporter: Reporter | None = None, *,
    grade: Grade | None = None,
) -> str:
    """Return one submission's page as HTML; without the notebook where rendering exceeds its budget.

    Args:
        grade: what it is worth; None: the result alone counts.
    """
    data = result.provenance.data.split(":")[0] if result.provenance else ""
    device = result.provenance.device if result.provenance else ""
    calibration = reference.calibration(data, device) if reference else None
    receipt = _receipt(workspace, result)
    others = _others(workspace, receipt) if receipt else []
    title = workspace.course.assignment(result.assignment).title
    try:
        page: str = read("page", {
            "folder": str(workspace.results(result.student, result.assignment)), "title": title,
            "calibration": calibration.model_dump(mode="json") if calibration else None,
            "receipt": receipt.model_dump(mode="json") if receipt else None,
            "others": [one.model_dump(mode="json") for one in others],
            "grade": grade.model_dump(mode="json") if grade else None}, result.to_json().encode())
    except ReadingError as error:
        if reporter is not None:
            reporter.note(f"{result.student}, {result.assignment}: {error}")
        said = result.model_copy(update={"merge_notes": (*result.merge_notes, str(error))})
        page = render(said, executed=None, curves={}, reference=calibration, assignment_title=title,
                      hand_ins=HandIns(graded=receipt, others=others), grade=grade)
    return page


def _receipt(workspace: Workspace, result: Result) -> Receipt | None:
    """Return the receipt of the upload that was graded; a later one would have another time."""
    found = read_receipt(workspace.receipt(result.student, result.assignment))
    same = found is not None and (result.provenance is None or found.sha256 == result.provenance.submission)
    return found if same else None


def _others(workspace: Workspace, receipt: Receipt) -> list[Receipt]:
    """Return the receipts of the student's other attempts: kept ones, and those after the last allowed one."""
    kept = workspace.upload_receipts(receipt.student, receipt.assignment)
    return [one for one in kept if one.attempt is not None and not one.counts and one.sha256 != receipt.sha256]
