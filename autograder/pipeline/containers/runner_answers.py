"""What the runner's answers to a job mean; each is checked, since the runner is trusted with nothing."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

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
    except ValidationError:
        raise WireError("Expected an execution from the runner, but got something else; it was abandoned.") from None
    if not {run.index for run in found.cells} <= cells:
        raise WireError("Expected the job's own cells from the runner, but there were others; it was abandoned.")
    return found


def error_of(message: dict[str, Any]) -> AutograderError:
    """Return the runner's error as one of ours; an unknown kind counts as a defect of the runner."""
    text = "".join(sign for sign in str(message.get("message"))[:600] if sign.isprintable())
    kind = getattr(errors, str(message.get("error")), None)
    if isinstance(kind, type) and issubclass(kind, AutograderError):
        return kind(text)
    return ExecutionError(f"The runner failed: {text}")
