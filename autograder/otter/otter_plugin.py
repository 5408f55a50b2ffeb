"""Otter's events: the submission is taken out of Otter's reach, graded by our chain, and reported as Otter reports.

What Otter does with a submission would let it decide its own score: its cells run next to the tests, files next to it
are imported by Otter's kernel, the kernel's results and a log of the student's are unpickled. So before any of this
happens, everything of the student's is moved out of the folder, and Otter executes a notebook without cells.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import nbformat
from otter.plugins import AbstractOtterPlugin

from autograder.errors import AutograderError, ExecutionError, SubmissionError
from autograder.model import Result
from autograder.otter.one_submission import grade
from autograder.otter.otter_results import fill
from autograder.otter.plugin_settings import plugin_settings
from autograder.platforms.platform_words import staff_lines

NAME: Final = "autograder.otter.Plugin"


class Plugin(AbstractOtterPlugin):  # type: ignore[misc]  # Otter has no types
    """Grades the submission by `autograder`, in a sandbox, and gives Otter the results.

    Settings: see `autograder.otter.plugin_settings.PluginSettings`.
    """

    def __init__(self, submission_path: str | None, submission_metadata: Mapping[str, Any],
                 plugin_config: Mapping[str, Any]) -> None:
        super().__init__(submission_path, submission_metadata, plugin_config)
        self.settings = plugin_settings(plugin_config)
        self._kept: Path | None = None
        self._result: Result | None = None

    def before_grading(self, config: Any) -> None:
        """Take the submission out of the folder in which Otter's kernel will start, and show all our results.

        Raises:
            SubmissionError: the submission is a link, or is not the only thing that could be graded.
        """
        config.grade_from_log = False  # that would unpickle what the student wrote
        config.show_all_public, config.show_hidden, config.force_public_test_summary = True, True, False
        path = Path(self.submission_path)
        if path.is_symlink() or not path.is_file():
            raise SubmissionError("Expected one notebook (.ipynb), but the submission is no file; hand in one.")
        self._kept = Path(tempfile.mkdtemp(prefix="autograder-otter-"))
        shutil.copyfile(path, self._kept / path.name)
        _empty(path.parent, keep=path.name)

    def before_execution(self, submission: Any) -> Any:
        """Return a notebook without cells and without metadata: nothing of the student's is executed by Otter."""
        if self._kept is None:
            raise ExecutionError("Otter has not called before_grading; otter-grader 7.0 is needed.")
        empty: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        return nbformat.from_dict(empty)  # type: ignore[no-untyped-call]  # nbformat types only half of itself

    def after_grading(self, results: Any) -> None:
        """Replace Otter's results by ours: one test file per task, with its points, messages and output.

        Raises:
            AutograderError: the grader itself failed: then there is no result, and nobody sees a zero.
        """
        if self._kept is None:
            raise ExecutionError("Otter has not called before_grading; otter-grader 7.0 is needed.")
        try:
            self._result = grade(self._kept / Path(self.submission_path).name, self.settings,
                                 source=Path(self.submission_path).resolve().parent.parent / "source")
        finally:
            shutil.rmtree(self._kept)
        if self._result.status not in ("graded", "refused"):
            raise AutograderError(self._result.message or "The submission could not be graded; grade it again.")
        fill(results, self._result, NAME)

    def generate_report(self) -> str:
        """Return what staff read: how it was graded, flags and notes."""
        return "\n".join(staff_lines(self._result)) if self._result else "Nothing was graded."


def _empty(folder: Path, *, keep: str) -> None:
    """Delete everything in the folder but one file; Otter's tests would only fail, since there is nothing to test."""
    for entry in folder.iterdir():
        if entry.name == keep:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    (folder / "tests").mkdir()
