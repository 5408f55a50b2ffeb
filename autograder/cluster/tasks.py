"""All that a worker calls for its clients: two functions, found by name, whose arguments and results are bytes."""

from __future__ import annotations

from collections.abc import Callable

from autograder.errors import AutograderError

_SERVING: list[Callable[[bytes, tuple[bytes, ...]], bytes]] = []


class Withdrawn(Exception):
    """Raised by a job's runner: this machine cannot run this job or any other. The job goes to another one."""

    def __init__(self, cause: AutograderError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def serve_with(run: Callable[[bytes, tuple[bytes, ...]], bytes]) -> None:
    """Choose what `run_job` calls in this process."""
    _SERVING[:] = [run]


def run_job(parcel: bytes, *files: bytes) -> bytes:
    """Run the job in ``parcel`` on this worker, and return its answer.

    Args:
        files: what the job is shown, in the order in which the parcel names it.
    """
    (run,) = _SERVING
    return run(bytes(parcel), tuple(bytes(content) for content in files))


def hand_on(content: bytes) -> bytes:
    """Return a file's bytes: the scheduler gives the result to each worker that needs the file."""
    return content
