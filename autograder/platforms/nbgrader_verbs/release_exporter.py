"""`nbgrader generate_assignment`, and formgrader's button for it, make a proved release.

nbgrader would delete the current release before it knows whether the next one can be made. So its own conversion is
excluded (`CourseDirectory.student_id_exclude`), and the release is made when nbgrader prepares the conversion.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import NbGraderException
from traitlets import Bool, Unicode

from autograder.gradebook import register
from autograder.workspace.layout import open_workspace


class ReleaseExporter(NotebookExporter):
    """Takes the place of the exporter of nbgrader's ``GenerateAssignment``, which is its ``parent``."""

    course = Unicode("", help="The course folder.").tag(config=True)
    output = Unicode("", help="The folder of gradebook.db.").tag(config=True)
    proof = Bool(True, help="Whether the solution and the blank notebook are run.").tag(config=True)

    def __init__(self, config: Any = None, **given: Any) -> None:
        super().__init__(config=config, **given)  # type: ignore[no-untyped-call]  # nbconvert types half of itself
        converter: Any = self.parent
        self._release(converter.coursedir.assignment_id, converter.log)

    def _release(self, assignment: str, log: Any) -> None:
        """Run `autograder release` in a separate process, which may be a server's child.

        Raises:
            NbGraderException: it was refused; the sentence is in the log.
        """
        here = Path(self.output or Path.cwd())
        workspace = open_workspace(Path(self.course or here), here)
        command = [sys.executable, "-m", "autograder", "--course", str(workspace.root), "--output",
                   str(workspace.output), "release", assignment, *([] if self.proof else ["--no-proof"])]
        done = subprocess.run(command, cwd=workspace.root, capture_output=True, text=True, check=False)
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        for line in lines:
            (log.error if done.returncode else log.info)(line)
        if done.returncode:
            raise NbGraderException(lines[-1] if lines else f"`autograder release {assignment}` failed.")
        register(workspace, assignment)
