"""The whole workflow on a class that shows what can happen: right, wrong, blank, broken and hostile submissions."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.authoring import SAMPLE, make_sample_course
from autograder.model import Result
from autograder.notebook import read
from autograder.pipeline.collect import collect
from autograder.pipeline.feedback import write_class
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.release.proof import prover
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.variant_files import as_file, make_submission
from autograder.workspace.file_names import COURSE_FILE
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Reporter

ASSIGNMENT = "mlp-digits"
CELL_SECONDS = 30.0
"""Shorter than in the course, so that the endless loop does not delay the demo."""
BLANK = "blank"
MARKDOWN = "markdown"
CLASS = {
    "abena": "endless_loop",
    "adil": "memory_hog",
    "aiko": "figures-missing",
    "amira": "solution",
    "bela": "functional-api",
    "chidi": "separate-activations",
    "dana": "own-statistics",
    "emil": "train-mages",
    "fatou": "labels-not-one-hot",
    "goran": "units-500",
    "hana": "sigmoid-kept",
    "jonas": BLANK,
    "kofi": MARKDOWN,
    "nadia": "leaves_early",
    "oskar": "forger",
}
"""Student → variant of the solution that is handed in. They are graded in this order: submissions that run out of time,
or that are run again, begin first, so that nothing waits for them at the end."""
SAMPLE_CLASS = {
    "abena": "endless_loop",
    "amira": "solution",
    "bela": "functional-api",
    "chidi": "other-spellings",
    "emil": "divided-by-16",
    "fatou": "metric-left-out",
    "goran": "pooling-forgotten",
    "hana": "trained-on-test-images",
    "jonas": BLANK,
    "kofi": MARKDOWN,
    "nadia": "leaves_early",
}
"""The class of the sample course."""
NOTES = "# My notes\n\nReshape first, then standardize. I saved this page under the notebook's name by mistake.\n"


@dataclass(frozen=True, kw_only=True)
class Demo:
    """The folders of the demo: the unchanged course, and its own output folder with a shorter cell limit."""

    assignment: str
    students: Mapping[str, str]
    course: Workspace
    short: Workspace

    @classmethod
    def open(cls, course: Path, output: Path) -> Demo:
        """Open a course for a demo that writes into ``output`` only; without `mlp-digits` there, the sample course."""
        if (course / COURSE_FILE).is_file() and ASSIGNMENT in open_workspace(course).course.assignments:
            name, students, root = ASSIGNMENT, CLASS, course
        else:
            name, students, root = SAMPLE, SAMPLE_CLASS, make_sample_course(output)
        workspace = open_workspace(root, output)
        settings = workspace.course.assignment(name)
        limits = settings.limits.model_copy(update={"cell_seconds": CELL_SECONDS})
        changed = {**workspace.course.assignments, name: settings.model_copy(update={"limits": limits})}
        short = replace(workspace, course=workspace.course.model_copy(update={"assignments": changed}))
        return cls(assignment=name, students=students, course=workspace, short=short)


def run_demo(
    course: Path, output: Path, *, workers: int | None, unsafe: bool, reporter: Reporter
) -> tuple[Result, ...]:
    """Release, collect, grade, and write gradebook and feedback into ``output``; return the results.

    A second run resumes: graded work is not graded again.
    """
    course, output = course.resolve(), output.resolve()
    demo = Demo.open(course, output)
    name = demo.assignment
    if demo.course.root != course:
        reporter.note(f"no course with {ASSIGNMENT} here: {demo.course.root.relative_to(output.parent)} is a sample")
    report = release_assignment(demo.course, name, prove=prover(demo.course, unsafe=unsafe, reporter=reporter))
    reporter.note(f"released {name}, version {report.version}: solution full marks, blank notebook zero")
    receipts = collect(demo.course, hand_in(demo, output / "downloads.zip"), assignment=name, kind="zip")
    accepted = sum(receipt.accepted for receipt in receipts)
    reporter.note(f"collected {accepted} of {len(receipts)} uploads")
    options = RunOptions(workers=workers, allow_stand_in=True, unsafe=unsafe)
    results = grade_class(demo.short, (name,), options, reporter).results
    pages = write_class(demo.short, (name,), reporter)
    reporter.note(f"feedback for {len(pages)} students, for example {pages[0].relative_to(demo.course.output.parent)}")
    return results


def hand_in(demo: Demo, archive: Path) -> Path:
    """Write the uploads of the class as one zip, the same bytes every time."""
    path = demo.course.release(demo.assignment)
    released = read(path.read_bytes(), path.name)
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for student, variant in demo.students.items():
            if variant == MARKDOWN:
                content = NOTES.encode()
            elif variant == BLANK:
                content = as_file(released)
            else:
                content = as_file(make_submission(demo.course, demo.assignment, variant, released))
            zipped.writestr(zipfile.ZipInfo(f"{student}/{demo.assignment}.ipynb", (2027, 3, 18, 12, 0, 0)), content)
    return archive
