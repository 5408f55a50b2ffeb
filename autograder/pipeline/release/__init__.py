"""From a source notebook to the released student version, with proof."""

from autograder.pipeline.release.proof import prover
from autograder.pipeline.release.release import ReleaseReport, release_assignment, verify

__all__ = [
    "ReleaseReport",
    "prover",
    "release_assignment",
    "verify",
]
