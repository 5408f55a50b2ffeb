"""The isolated execution of student code: `WarmPool` runs jobs, `features` tells what this machine can isolate."""

from autograder.execution.features import Feature, best_isolation, survey
from autograder.execution.link import Programs
from autograder.execution.pool import WarmPool

__all__ = ["Feature", "Programs", "WarmPool", "best_isolation", "survey"]
