"""What the runner's answers to a job mean; each is checked, since the runner is trusted with nothing."""

from __future__ import annotations

from typing import Any

from autograder import errors
from autograder.container.wire import WireError
from autograder.errors import AutograderError, ExecutionError
from autograder.model import Execution


def execution_of(message: dict[str, Any], cells: frozenset[int]) -> Execution:
    """Return how a notebook ended.

    Raises:
        WireError: it is no execution, or one of other cells than the job's.
    """
    try:
        found = Execution.model_validate(message.get("execution"))
        # What cannot be stored and read again, as NaN or half of a surrogate pair, would end the batch later.
        whole = Execution.from_json(found.to_json()) == found
    except ValueError:
        whole = False
    if not whole:
        raise WireError("Expected an execution from the runner, but got something else; it was abandoned.")
    indices = [run.index for run in found.cells]
    if not set(indices) <= cells or len(set(indices)) < len(indices):
        raise WireError("Expected the job's own cells from the runner, each once, but there were others; it was "
                        "abandoned.")
    measured = (found.seconds, found.waited, found.peak_memory_mib,
                *(number for run in found.cells for number in (run.seconds, run.waited)))
    if min(measured) < 0:
        raise WireError("Expected seconds and MiB from the runner, but got a negative number; it was abandoned.")
    return found


def error_of(message: dict[str, Any]) -> AutograderError:
    """Return the runner's error as one of ours; an unknown kind counts as a defect of the runner."""
    text = "".join(sign for sign in str(message.get("message"))[:600] if sign.isprintable())
    kind = getattr(errors, str(message.get("error")), None)
    if isinstance(kind, type) and issubclass(kind, AutograderError):
        return kind(text)
    return ExecutionError(f"The runner failed: {text}")
