"""The autograder container: how it is built and started by docker or podman, and how its two parts communicate.

Student code runs in a *runner* container, which contains libraries and this package and nothing of the course. A second
container, the *judge*, contains the course and runs no student code. Both are forks of one image (see `Dockerfile`);
`wire` carries jobs to the runner and artifacts back.
"""

from autograder.container.engine import (
    Bounds,
    Engine,
    Launch,
    build_command,
    find_engine,
    judge_command,
    run_command,
    runner_command,
)
from autograder.container.wire import PatientWriter, WireError, read_frame, write_frame

__all__ = [
    "Bounds", "Engine", "Launch", "PatientWriter", "WireError", "build_command", "find_engine", "judge_command",
    "read_frame", "run_command", "runner_command", "write_frame",
]
