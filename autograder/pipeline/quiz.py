"""`autograder questions`: questions to each student about their own work, from stored results alone.

    results → facts of each run (readers' process) + confusions of visible test images → questions → files

No notebook is run and no model is loaded.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array
from autograder.course import DEFAULT_DATA
from autograder.data import OWN, STAND_IN, Prepared
from autograder.errors import ArtifactError, CourseError, DataError, ReadingError
from autograder.model import Result, Status
from autograder.pipeline.grade.sampling_keys import stored_sampling_key
from autograder.pipeline.reading.budgets import read, readers
from autograder.pipeline.reading.stored_answers import answers, load
from autograder.pipeline.session.course_files import prepare_data
from autograder.questions import (
    ConfusionFact,
    Evidence,
    Names,
    Quiz,
    Sheet,
    TestedFact,
    answer_page,
    choose,
    gift,
    qti_files,
    quiz_csv,
    student_page,
)
from autograder.workspace.file_names import ARTIFACTS
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.reading import is_file
from autograder.workspace.results_on_disk import stored_results
from autograder.workspace.storage import secret, write_atomically

Form = Literal["pages", "moodle", "canvas", "csv"]
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The same questions make the same zip."""


@dataclass(frozen=True, kw_only=True)
class _Visible:
    """Labels of the test images that students have, and what the results must have been graded with."""

    data: str
    labels: NDArray[np.integer]
    withheld: int
    digits: bool


def make_quiz(
    workspace: Workspace, assignment: str, reporter: Reporter, *, students: Collection[str] = (), wanted: int = 3
) -> Quiz:
    """Return the questions of everybody who handed in, or of some students; nothing is written.

    Raises:
        CourseError: there is no such assignment, or somebody who was named has handed in nothing.
    """
    settings = workspace.course.assignment(assignment)
    results = {result.student: result for result in stored_results(workspace, assignment, reporter)}
    handed_in = sorted({student for student, _ in workspace.submissions(assignment)} | results.keys())
    for student in students:
        if student not in handed_in:
            raise CourseError(f"Work of {student!r} for {assignment} was expected, but there is none in "
                              f"{workspace.output}; check the id, or collect it first.")
    chosen = [student for student in handed_in if not students or student in students]
    visible = _visible_labels(workspace, settings.data, results.values(), reporter)
    with readers(), reporter.task(f"questions on {assignment}", len(chosen)) as bar, \
            ThreadPoolExecutor(os.cpu_count()) as threads:
        sheets = []
        for sheet in threads.map(lambda one: _sheet(workspace, one, results.get(one), visible, wanted), chosen):
            sheets.append(sheet)
            bar.advance(sheet.student)
    people = {person.id: person.name for person in workspace.course.people}
    return Quiz(assignment=assignment, title=settings.title, wanted=wanted,
                sheets=tuple(sheet.model_copy(update={"name": people.get(sheet.student, "")}) for sheet in sheets))


def _sheet(
    workspace: Workspace, student: str, result: Result | None, visible: Sequence[_Visible], wanted: int
) -> Sheet:
    if result is None or result.status != "graded" or result.provenance is None:
        said = "was not graded yet" if result is None else f"was {result.status}: {result.message or 'no reason given'}"
        return Sheet(student=student, reasons=(f"The work {said}",))
    try:
        evidence = find_evidence(workspace, result, visible)
    except (ArtifactError, ReadingError) as error:
        return Sheet(student=student, reasons=(str(error),))
    names = Names({task.id: task.name for task in result.tasks})
    questions, reasons = choose(evidence, names, assignment=result.assignment, student=student, wanted=wanted)
    return Sheet(student=student, questions=questions, reasons=reasons)


def find_evidence(workspace: Workspace, result: Result, visible: Sequence[_Visible] = ()) -> Evidence:
    """Return the facts of one stored result, with confusions.

    Raises:
        ArtifactError, ReadingError: what the run left cannot be read.
    """
    folder = workspace.results(result.student, result.assignment)
    kept = load(folder)
    evidence = Evidence.model_validate(read("facts", {
        "artifacts": str(folder / ARTIFACTS), "tasks": [task.id for task in result.tasks],
        "sampling_key": stored_sampling_key(secret(workspace.sampling_secret), result),
        "doubted": [name for name, answer in kept.items() if "/" not in name and answer.get("unjudged")],
        "keys": [name.split("/") for name in kept if name.count("/") == 2]}))
    return evidence.model_copy(update={"confusions": _confusions(folder, result, evidence, visible)})


def _confusions(
    folder: Path, result: Result, evidence: Evidence, visible: Sequence[_Visible]
) -> tuple[ConfusionFact, ...]:
    """Return the confusions that questions may use: measured ones, else the student's own matrix where it is right.

    Another source of measured confusions belongs here.
    """
    data = result.provenance.data if result.provenance else ""
    known = next((one for one in visible if one.data == data), None)
    measured = _measured(folder, evidence.tested, known) if known is not None else ()
    passed = {task.id for task in result.tasks
              if task.checks and all(check.status is Status.PASSED for check in task.checks)}
    noun = "digit" if data.startswith(DEFAULT_DATA) or (known is not None and known.digits) else "class"
    return measured or tuple(fact.model_copy(update={"noun": noun}) for fact in evidence.confusions
                             if fact.task in passed)


def _measured(folder: Path, tested: Sequence[TestedFact], known: _Visible) -> tuple[ConfusionFact, ...]:
    try:
        outputs = answers(folder)
    except (OSError, ValueError, KeyError):  # files of an earlier version
        return ()
    found = []
    for fact in tested:
        values = outputs.get((fact.task, fact.name))
        if values is not None and values.ndim == 2 and len(values) > known.withheld:
            rows = min(fact.rows, len(values) - known.withheld, len(known.labels))
            counts = count_confusions(values[:rows], known.labels[:rows])
            found.append(ConfusionFact(task=fact.task, name=fact.name, counts=counts, examples=rows, source="measured"))
    return tuple(found)


def count_confusions(outputs: Array, labels: Array) -> tuple[tuple[int, ...], ...]:
    """Return how often each label (row) got each prediction (column), for outputs of shape (n, classes)."""
    classes = max(outputs.shape[1], int(labels.max(initial=0)) + 1)
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (labels, outputs.argmax(axis=1)), 1)
    return tuple(tuple(int(count) for count in row) for row in counts)


def _visible_labels(
    workspace: Workspace, data: str, results: Collection[Result], reporter: Reporter
) -> list[_Visible]:
    """Return the labels of visible test images for each data set that results were graded with, where it is there."""
    used = {result.provenance.data for result in results if result.provenance and result.status == "graded"}
    found = []
    for name in sorted({data.split(":")[0] for data in used} - {OWN}):
        try:
            prepared = prepare_data(workspace, data if name == STAND_IN else name, allow_stand_in=name == STAND_IN,
                                    force_stand_in=name == STAND_IN, reporter=reporter)
        except DataError as error:
            reporter.note(f"No question is made from predictions on test images. {error}")
            continue
        if (one := _visible(prepared)).labels.dtype.kind in "iu":  # amounts cannot be confused
            found.append(one)
    return found


def _visible(prepared: Prepared) -> _Visible:
    labels, withheld = prepared.load_labels()
    return _Visible(data=f"{prepared.name}:{prepared.fingerprint}", labels=labels, withheld=len(withheld),
                    digits=prepared.has_digits)


def quiz_files(quiz: Quiz, forms: Collection[Form]) -> dict[str, bytes]:
    """Return the files of a quiz, by their names in its folder; what is for students is in ``students/``."""
    files: dict[str, str | bytes] = {}
    if "pages" in forms:
        files |= {f"students/{sheet.student}.html": student_page(quiz, sheet)
                  for sheet in quiz.sheets if sheet.questions}
        files["answers.html"] = answer_page(quiz)
    if "moodle" in forms:
        files[f"{quiz.assignment}-moodle.gift.txt"] = gift(quiz)
    if "canvas" in forms:
        files[f"{quiz.assignment}-canvas-qti.zip"] = _zipped(qti_files(quiz))
    if "csv" in forms:
        files[f"{quiz.assignment}.csv"] = quiz_csv(quiz)
    return {name: text.encode("utf-8", "replace") if isinstance(text, str) else text for name, text in files.items()}


def _zipped(files: Mapping[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode("utf-8", "replace"))
    return stream.getvalue()


def write_files(folder: Path, files: Mapping[str, bytes], *, replace: bool) -> tuple[Path, ...]:
    """Write files into a folder and return those that are new or changed; equal ones are left alone.

    Raises:
        CourseError: a file with another content is there, and replacing was not requested; then nothing is written.
    """
    changed = {folder / name: data for name, data in files.items()
               if not is_file(folder / name) or (folder / name).read_bytes() != data}
    there = [path for path in changed if os.path.lexists(path)]
    if there and not replace:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise CourseError(f"New files were expected, but {there[0]}{more} would be replaced by other questions: give "
                          "--replace, or another folder with --out.")
    for path, data in changed.items():
        write_atomically(path, data)
    return tuple(changed)
