"""How nbgrader is configured for a course: the one place that names its options.

``nbgrader_config.py`` at the root of a course passes its ``c`` to `configure`; our own calls use the same settings,
so that a release, a grade and a late penalty do not depend on which program made them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from autograder.workspace.file_names import RECEIPT, UPLOADS
from autograder.workspace.layout import Workspace

CODE_STUB = "# YOUR CODE HERE"
TEXT_STUB = "YOUR ANSWER HERE"
OUTPUT_VARIABLE = "AUTOGRADER_OUTPUT"


def configure(config: Any, workspace: Workspace) -> None:
    """Set nbgrader's options on a traitlets ``Config``.

    nbgrader's root is the output folder, because its gradebook and the students' folders are there.
    Student code is never executed by nbgrader: `RecordedResults` replaces its ``Execute``.
    """
    config.CourseDirectory.course_id = workspace.course.id
    config.CourseDirectory.root = str(workspace.output)
    config.CourseDirectory.db_url = f"sqlite:///{workspace.gradebook}"
    config.CourseDirectory.source_directory = str(workspace.sources_root)
    config.CourseDirectory.release_directory = str(workspace.release_root)
    config.CourseDirectory.submitted_directory = workspace.submitted_root.name
    config.CourseDirectory.autograded_directory = workspace.autograded_root.name
    config.CourseDirectory.feedback_directory = workspace.feedback_root.name
    # nbgrader works on the student "." when it generates an assignment. Excluding it keeps nbgrader from deleting a
    # proved release and writing one without version and facts: `ReleaseExporter` makes the release.
    config.CourseDirectory.student_id_exclude = "."
    # Our files next to a submission are never taken from a student, and go no further.
    config.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", RECEIPT, UPLOADS]
    config.AssignLatePenalties.plugin_class = "autograder.gradebook.late_plugin.CourseLateRule"
    config.CourseLateRule.course = str(workspace.root)
    configure_release(config)
    _configure_autograde(config, workspace)
    _configure_verbs(config, workspace)


def configure_release(config: Any) -> None:
    """Set what a blank answer looks like; it does not raise, so that a notebook continues to the public checks."""
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB


def _configure_autograde(config: Any, workspace: Workspace) -> None:
    ours, theirs = "autograder.gradebook.preprocessor", "nbgrader.preprocessors"
    config.Autograde.sanitize_preprocessors = [
        f"{ours}.MergedCells", f"{theirs}.ClearOutput", f"{theirs}.DeduplicateIds", f"{theirs}.OverwriteKernelspec",
        f"{theirs}.OverwriteCells", f"{theirs}.CheckCellMetadata",
    ]
    config.Autograde.autograde_preprocessors = [
        f"{ours}.RecordedResults", f"{theirs}.LimitOutput", f"{ours}.SaveResults", f"{theirs}.CheckCellMetadata",
    ]
    for name in ("MergedCells", "RecordedResults", "SaveResults"):
        config[name].course = str(workspace.root)
        config[name].output = str(workspace.output)


def _configure_verbs(config: Any, workspace: Workspace) -> None:
    """Let nbgrader's commands and formgrader's buttons do what ours do. The exchange itself is nbgrader's.

    Classes are named, not imported: nbgrader is imported by nbgrader, and a command of ours that only releases needs
    none of them.
    """
    ours = "autograder.platforms.nbgrader_verbs"
    config.GenerateAssignment.exporter_class = f"{ours}.ReleaseExporter"
    config.GenerateFeedback.exporter_class = f"{ours}.PageExporter"
    config.ExchangeFactory.collect = f"{ours}.CourseCollect"
    config.ExportApp.plugin_class = f"{ours}.CourseExport"
    for name in ("ReleaseExporter", "PageExporter", "CourseCollect", "CourseExport"):
        config[name].course = str(workspace.root)
        config[name].output = str(workspace.output)


def chosen_output(course: Path) -> Path:
    """Return the output folder that ``AUTOGRADER_OUTPUT`` names, else the course itself."""
    return Path(os.environ.get(OUTPUT_VARIABLE) or course)
