"""Other platforms: assignments exported for Otter, Gradescope and GitHub Actions, and results in their form."""

from autograder.platforms.action_export import export_action
from autograder.platforms.gradescope_run import GradescopeOptions, run_autograder
from autograder.platforms.gradescope_zip import export_gradescope
from autograder.platforms.otter_export import export_otter

__all__ = ["GradescopeOptions", "export_action", "export_gradescope", "export_otter", "run_autograder"]
