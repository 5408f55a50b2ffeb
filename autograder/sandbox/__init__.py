"""The isolated execution of student code: `WarmPool` runs jobs, `features` says what this machine can isolate."""

from autograder.sandbox.isolation.features import Feature, best_isolation, survey
from autograder.sandbox.pool import WarmPool
from autograder.sandbox.pool_options import PoolOptions
from autograder.sandbox.zygote_client import Programs

__all__ = ["Feature", "PoolOptions", "Programs", "WarmPool", "best_isolation", "survey"]
