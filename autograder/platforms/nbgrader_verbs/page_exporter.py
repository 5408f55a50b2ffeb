"""`nbgrader generate_feedback` writes our page: this takes the place of nbgrader's HTML exporter."""

from __future__ import annotations

import weakref
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Unicode, default

from autograder.errors import GradebookError
from autograder.grades import Grade
from autograder.model import Reference, Result
from autograder.pipeline.feedback import make_page
from autograder.pipeline.reading.budgets import readers
from autograder.pipeline.session.course_files import load_class_reference
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.results_on_disk import stored_results


class PageExporter(Exporter):
    """Returns the page of a stored result; the notebook that nbgrader hands over says only whose it is.

    nbgrader makes one instance for each command, so a class is read once.
    """

    course = Unicode("", help="The course folder.").tag(config=True)
    output = Unicode("", help="The folder of results/ and gradebook.db.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_filename(self, filename: str, resources: Any = None, **_: Any) -> tuple[Any, dict[str, Any]]:
        """Return the page of one submission.

        Raises:
            GradebookError: there is no result to make it from.
        """
        ids = resources["nbgrader"]
        student, assignment = ids["student"], ids["assignment"]
        if assignment not in self._classes:
            self._classes[assignment] = _Class(self._workspace, assignment)
        page = self._classes[assignment].page(student)
        made: dict[str, Any] = self._init_resources(resources)  # type: ignore[no-untyped-call]  # half of it is typed
        made["output_extension"] = ".html"
        return page, made

    @cached_property
    def _workspace(self) -> Workspace:
        # One process for all pages of the command; it ends with this object.
        stack = ExitStack()
        stack.enter_context(readers())
        weakref.finalize(self, stack.close)
        here = Path(self.output or Path.cwd())
        return open_workspace(Path(self.course or here), here)

    @cached_property
    def _classes(self) -> dict[str, _Class]:
        return {}


class _Class:
    """Results and grades of one assignment."""

    def __init__(self, workspace: Workspace, assignment: str) -> None:
        self._workspace, self._assignment = workspace, assignment
        self._reference: Reference | None = load_class_reference(workspace, assignment)
        self._results: dict[str, Result] = {one.student: one for one in stored_results(workspace, assignment)}
        self._grades: dict[str, Grade] = {one.student: one for one in current_grades(workspace, (assignment,))}

    def page(self, student: str) -> str:
        result = self._results.get(student)
        if result is None:
            raise GradebookError(f"The page of {student} needs a result of {self._assignment}, but there is none: run "
                                 f"`autograder grade {self._assignment}` first.")
        # One file travels through the exchange: the notebook is in the page.
        return make_page(self._workspace, result, self._reference, grade=self._grades.get(student)).page
