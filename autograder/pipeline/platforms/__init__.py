"""Other platforms: assignments exported for Otter and Gradescope, and results in their form."""

from autograder.pipeline.platforms.gradescope_zip import export_gradescope
from autograder.pipeline.platforms.otter_export import export_otter

__all__ = ["export_gradescope", "export_otter"]
