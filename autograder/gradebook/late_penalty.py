"""The late rule as nbgrader is configured to apply it, for bulk recording too.

That is the rule of ``course.yml``, unless ``nbgrader_config.py`` names another plugin.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from autograder.errors import GradebookError
from autograder.gradebook.nbgrader_config import configure
from autograder.workspace.layout import Workspace

FILE = "nbgrader_config.py"


class LatePenalties:
    """nbgrader's ``AssignLatePenalties`` with the plugin that the course's ``nbgrader_config.py`` names."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def assign(self, submitted: Any, *, time_can_cost: bool) -> None:
        """Set the penalty of one submitted notebook, whose scores are in the database; the caller commits.

        Args:
            time_can_cost: False where the time is only that of an archive or a file: nobody loses points for the time
                of a download or copy.
        """
        penalty = self._penalty(submitted) if time_can_cost else None
        if submitted.late_submission_penalty != penalty:
            submitted.late_submission_penalty = penalty

    def _penalty(self, submitted: Any) -> float | None:
        seconds = submitted.assignment.total_seconds_late
        if seconds <= 0:
            return None
        plugin = self._assigner.plugin_inst
        plugin.submission = submitted.assignment  # the course's own rule looks at its dates; others ignore it
        penalty = plugin.late_submission_penalty(submitted.student.id, submitted.score, seconds)
        return None if penalty is None else float(self._assigner._check_late_penalty(submitted, penalty))

    @cached_property
    def _assigner(self) -> Any:
        from nbgrader.preprocessors import AssignLatePenalties
        from traitlets import TraitError

        try:
            assigner = AssignLatePenalties(config=self._configuration())
            assigner.init_plugin()
        except (TraitError, ImportError) as error:
            raise GradebookError(f"The late rule in {FILE} cannot be used ({error}); correct it.") from error
        return assigner

    def _configuration(self) -> Any:
        from traitlets.config import Config
        from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

        config = Config()
        configure(config, self._workspace)
        try:
            config.merge(PyFileConfigLoader(FILE, path=str(self._workspace.root)).load_config())
        except ConfigFileNotFound:
            pass    # a course without one has the rule of course.yml alone
        except Exception as error:
            raise GradebookError(f"{FILE} raises {type(error).__name__}: {error}; correct it.") from error
        return config
