"""nbgrader's own ``autograde`` over results that were made in the sandbox: it runs no student code.

Used by name in ``nbgrader_config.py``. Importing this module imports nbgrader.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Unicode

from autograder.errors import GradebookError
from autograder.gradebook.autograded import scored_notebook
from autograder.gradebook.database import open_gradebook
from autograder.gradebook.late_penalty import LatePenalties
from autograder.gradebook.recorded import Recorded, from_disk, read_release
from autograder.gradebook.register import set_extension, set_timestamp, update_submission
from autograder.gradebook.scored_folder import keep_only_released
from autograder.gradebook.scores import CellScore, score_cells, withhold_all
from autograder.workspace.layout import Workspace, open_workspace


class _FromResults(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """What the three preprocessors share: the location of the course, and one submission's stored result."""

    course = Unicode("", help="The course folder.").tag(config=True)
    output = Unicode("", help="The folder of submitted/, results/ and gradebook.db.").tag(config=True)

    @property
    def workspace(self) -> Workspace:
        """The course; nbgrader works in its course root, which is used where nothing is configured."""
        here = Path(self.output or Path.cwd())
        return open_workspace(Path(self.course or here), here)

    def stored(self, resources: Any) -> tuple[Recorded, tuple[CellScore, ...], dict[str, Any]]:
        """Return the stored result of the current submission, its scores, and the release."""
        ids, workspace = resources["nbgrader"], self.workspace
        layout, release = read_release(workspace, ids["assignment"])
        keep_only_released(workspace, ids["student"], ids["assignment"])
        recorded = from_disk(workspace, ids["student"], ids["assignment"])
        if ids["notebook"] != ids["assignment"]:
            raise GradebookError(f"An assignment has one notebook, {ids['assignment']}.ipynb, but nbgrader was asked "
                                 f"to grade {ids['notebook']}.ipynb; remove it from the submission.")
        if recorded.result is None:
            return recorded, withhold_all(layout, recorded.reason or "There is no result."), release
        return recorded, score_cells(layout, recorded.result), release


class MergedCells(_FromResults):
    """The first sanitizing step: the merged notebook replaces the raw upload, whose metadata may be broken."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the executed notebook's cells; the upload's own where nothing was executed."""
        recorded, scores, release = self.stored(resources)
        return _node(scored_notebook(recorded.shown or nb, release, scores)), resources


class RecordedResults(_FromResults):
    """Replaces nbgrader's Execute: puts stored outputs and scores into the cells."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the notebook from which nbgrader reads exactly the recorded scores."""
        recorded, scores, release = self.stored(resources)
        return _node(scored_notebook(recorded.shown or nb, release, scores)), resources


class SaveResults(SaveAutoGrades, _FromResults):  # type: ignore[misc]  # nbgrader has no types
    """Replaces nbgrader's SaveAutoGrades and AssignLatePenalties.

    It also supports withheld points, keeps a reviewer's decisions, and takes no points for the time of a download.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Record the scores of one submission; the scores in the notebook have to agree with the result."""
        recorded, scores, _ = self.stored(resources)
        _prove(nb, scores)
        workspace = self.workspace
        with open_gradebook(workspace.gradebook, workspace.course.id) as book:
            submitted = book.find_submission_notebook(
                resources["nbgrader"]["notebook"], recorded.assignment, recorded.student)
            set_extension(book, submitted, workspace.course)
            set_timestamp(submitted.assignment, recorded)
            update_submission(book, submitted, recorded, scores)
            book.db.commit()
            LatePenalties(workspace).assign(submitted, time_can_cost=recorded.time_can_cost)
            book.db.commit()
        return nb, resources


def _node(notebook: dict[str, Any]) -> Any:
    return nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]  # nbformat types only half of itself


def _prove(nb: Any, scores: tuple[CellScore, ...]) -> None:
    """Compare nbgrader's own reading of every test cell with the score: a display error must not become a grade."""
    read = {cell.metadata.nbgrader["grade_id"]: utils.determine_grade(cell)[0]
            for cell in nb.cells if utils.is_grade(cell) and cell.cell_type == "code"}
    for score in scores:
        if not score.written and abs(read.get(score.cell, -1.0) - (score.counted or 0.0)) > 1e-6:
            raise GradebookError(f"nbgrader reads {read.get(score.cell)} points in cell {score.cell}, the result says "
                                 f"{score.counted}; grade this submission again.")
