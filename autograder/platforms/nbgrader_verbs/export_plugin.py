"""`nbgrader export` writes the same table as `autograder export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from autograder.gradebook.export import as_csv, row_of
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.layout import open_workspace
from autograder.workspace.storage import write_atomically


class CourseExport(ExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """CSV with nbgrader's columns and ours; a score is empty while any of its points are undecided."""

    course = Unicode("", help="The course folder.").tag(config=True)
    output = Unicode("", help="The folder of results/ and gradebook.db.").tag(config=True)

    def export(self, gradebook: Any) -> None:
        """Write the file that ``--to`` names, by default ``grades.csv``."""
        here = Path(self.output or Path.cwd())
        workspace = open_workspace(Path(self.course or here), here)
        wanted, students = [str(name) for name in self.assignment], {str(name) for name in self.student}
        grades = [grade for grade in current_grades(workspace, wanted) if not students or grade.student in students]
        target = Path(self.to or "grades.csv")
        self.log.info("Writing the grades to %s", target)
        write_atomically(target, as_csv(map(row_of, grades)))
