"""What a command opens once: course, release, checks, data, calibration and the pool that runs notebooks."""

from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.pool_protocol import Pool
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.workers import count_workers, run_concurrently
from autograder.sandbox import PoolOptions

__all__ = [
    "Pool",
    "PoolOptions",
    "RunOptions",
    "Session",
    "count_workers",
    "open_session",
    "run_concurrently",
]
