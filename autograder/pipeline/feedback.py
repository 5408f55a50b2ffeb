"""Write the feedback pages of a class from stored results; nothing is run or judged again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.errors import ReadingError
from autograder.feedback import HandIns, render
from autograder.grades import Grade
from autograder.model import Receipt, Reference, Result
from autograder.pipeline.hand_in_rules import rules_for
from autograder.pipeline.keep_history import history_of
from autograder.pipeline.reading.budgets import read, readers
from autograder.pipeline.session.course_files import load_class_reference
from autograder.pipeline.solutions import copy_solution, is_out
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.hand_in_marks import copy_marks
from autograder.workspace.layout import Workspace
from autograder.workspace.page_files import handed_out_answers, notebook_page
from autograder.workspace.progress import Reporter
from autograder.workspace.reading import read_receipt
from autograder.workspace.results_on_disk import stored_results
from autograder.workspace.storage import write_atomically


def write_class(workspace: Workspace, assignments: Sequence[str], reporter: Reporter) -> list[Path]:
    """Write one page per result of the chosen assignments, and return where they are."""
    chosen = workspace.chosen(assignments)
    references = {name: load_class_reference(workspace, name) for name in chosen}
    results = [result for name in chosen for result in stored_results(workspace, name, reporter)]
    pages = []
    with readers(), reporter.task("feedback", len(results)) as bar:
        grades = [grade for grade in current_grades(workspace, assignments, stored=results)
                  if grade.assignment in chosen]
        known = {(grade.student, grade.assignment): grade for grade in grades}
        out = {name for name in chosen if is_out(workspace, name, grades)}
        for result in results:
            pages.append(write_page(workspace, result, references[result.assignment], reporter,
                                    grade=known.get((result.student, result.assignment)),
                                    solution=result.assignment in out))
            bar.advance(result.student)
    return pages


def write_one(workspace: Workspace, result: Result, reporter: Reporter) -> Path:
    """Write the page of a result that was just made, by the grade of this student alone, and return where it is."""
    name = result.assignment
    grades = current_grades(workspace, (name,), students=(result.student,))
    grade = next((one for one in grades if one.student == result.student), None)
    # Others may have more time, so the whole class decides whether the model answers are out.
    out = is_out(workspace, name, grades) and is_out(workspace, name, current_grades(workspace, (name,)))
    reference = load_class_reference(workspace, name)
    return write_page(workspace, result, reference, reporter, grade=grade, solution=out)


def write_page(
    workspace: Workspace, result: Result, reference: Reference | None, reporter: Reporter | None = None, *,
    grade: Grade | None = None, solution: bool = False,
) -> Path:
    """Write one submission's page and the files next to it, and return where it is; see `make_page`.

    Args:
        solution: put the model answers next to it, since nobody can hand in any more.
    """
    student, assignment = result.student, result.assignment
    path, notebook = workspace.feedback(student, assignment), notebook_page(workspace, student, assignment)
    answers = handed_out_answers(workspace, student, assignment)
    files = Files(notebook=notebook.name, solution=answers.name if solution else "")
    drawn = make_page(workspace, result, reference, reporter, grade=grade, files=files)
    if drawn.notebook:
        write_atomically(notebook, drawn.notebook)
    write_atomically(path, drawn.page)
    if not drawn.notebook:
        notebook.unlink(missing_ok=True)  # of an earlier run
    copy_solution(workspace, student, assignment, out=solution)
    copy_marks(workspace, student, assignment, path.parent)
    return path


@dataclass(frozen=True, kw_only=True)
class Files:
    """Names of the files next to a page; empty: there is none."""

    notebook: str = ""
    solution: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A page as HTML, and its notebook; where that is empty, the page contains the notebook or there is none."""

    page: str
    notebook: str


def make_page(
    workspace: Workspace, result: Result, reference: Reference | None, reporter: Reporter | None = None, *,
    grade: Grade | None = None, files: Files | None = None,
) -> Drawn:
    """Return one submission's page; without the notebook where rendering exceeds its budget.

    Args:
        grade: what it is worth; None: the result alone counts.
        files: to which the page links. None: it travels alone, as it does in nbgrader's exchange, and contains the
            notebook.
    """
    made = result.provenance
    calibration = reference.calibration(made.data.split(":")[0], made.device, made.backend) \
        if reference is not None and made is not None else None
    receipt = _receipt(workspace, result)
    others = _others(workspace, receipt) if receipt else []
    title = workspace.course.assignment(result.assignment).title
    try:
        found = read("page", {
            "folder": str(workspace.results(result.student, result.assignment)), "title": title,
            "calibration": calibration.model_dump(mode="json") if calibration else None,
            "receipt": receipt.model_dump(mode="json") if receipt else None,
            "others": [one.model_dump(mode="json") for one in others],
            "grade": grade.model_dump(mode="json") if grade else None,
            **_around(workspace, result, grade, files or Files())}, result.to_json().encode())
        return Drawn(page=found["page"], notebook=found["notebook"])
    except ReadingError as error:
        if reporter is not None:
            reporter.note(f"{result.student}, {result.assignment}: {error}")
        said = result.model_copy(update={"merge_notes": (*result.merge_notes, str(error))})
        page = render(said, executed=None, reference=calibration, assignment_title=title,
                      hand_ins=HandIns(graded=receipt, others=others), grade=grade)
        return Drawn(page=page, notebook="")


def _around(workspace: Workspace, result: Result, grade: Grade | None, files: Files) -> dict[str, Any]:
    """Return what the page says about handing in again, what changed, and the names of the files next to it."""
    student, assignment = result.student, result.assignment
    history = history_of(workspace, student, assignment)[-2:]
    return {
        "rules": asdict(rules_for(workspace, student, assignment, grade)),
        "history": [entry.model_dump(mode="json") for entry in history],
        "name": workspace.feedback(student, assignment).name, **asdict(files)}


def _receipt(workspace: Workspace, result: Result) -> Receipt | None:
    """Return the receipt of the upload that was graded; a later one would have another time."""
    found = read_receipt(workspace.receipt(result.student, result.assignment))
    same = found is not None and (result.provenance is None or found.sha256 == result.provenance.submission)
    return found if same else None


def _others(workspace: Workspace, receipt: Receipt) -> list[Receipt]:
    """Return the receipts of the student's other attempts: kept ones, and those after the last allowed one."""
    kept = workspace.upload_receipts(receipt.student, receipt.assignment)
    return [one for one in kept if one.attempt is not None and not one.counts and one.sha256 != receipt.sha256]
