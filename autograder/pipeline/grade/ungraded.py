"""Submissions that could not be graded: each still has a result, which says why.

An error never replaces an existing grade, and never stops the batch unless it would affect every submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from autograder.errors import AutograderError, ClusterError, IsolationError
from autograder.model import Receipt, Result
from autograder.pipeline.grade.merging import RefusedError, UnreadError
from autograder.pipeline.grade.reruns import Stopped
from autograder.pipeline.grade.results import make_ungraded_result
from autograder.pipeline.grade.stored_results import load_graded, store_result
from autograder.pipeline.session.session import Session
from autograder.workspace.storage import recover_folder, require_room

PATIENCE = 5.0
"""Seconds to wait for room on a full disk: another submission may be about to delete its temporary files."""


@dataclass
class Outcome:
    """The outcome of one submission; ``result`` is None until it is known."""

    result: Result | None = None

    def known(self) -> Result:
        """Return the result, once the block that made it has ended."""
        if self.result is None:
            raise AssertionError("Expected a result after its submission was graded, but there is none; report it.")
        return self.result


@contextmanager
def turn_errors_into_results(session: Session, receipt: Receipt) -> Iterator[Outcome]:
    """Yield an outcome to fill in; if an error ends the block, the outcome's result names the error.

    Raises:
        IsolationError: nothing can be graded on this machine.
        ClusterError: nothing can be graded on this cluster.
        StorageError: no submission's result can be written.
        Stopped: the batch was aborted.
        RunAlone, RunLater: the block postponed the submission.
    """
    outcome = Outcome()
    try:
        recover_folder(session.workspace.results(receipt.student, receipt.assignment))
        yield outcome
    except (IsolationError, ClusterError):
        raise
    except RefusedError as error:
        outcome.result = _keep(session, receipt, make_ungraded_result(receipt, session.layout, message=str(error)))
    except UnreadError as error:
        outcome.result = _withhold_unread(session, receipt, str(error))
    except (AutograderError, OSError, ValueError) as error:
        if session.stopped.is_set():
            raise Stopped from error
        outcome.result = _explain_failure(session, receipt, error)


def _explain_failure(session: Session, receipt: Receipt, error: Exception) -> Result:
    """Return the result that says what went wrong in the grader.

    Raises:
        StorageError: the disk is full, so no other submission's result can be written either.
    """
    reason = str(error).rstrip(".")
    if isinstance(error, OSError):
        require_room(session.workspace.results_root, patience=PATIENCE)
        reason = f"{error.strerror or type(error).__name__} while its files were read or written"
    message = f"The grader could not finish this submission ({reason}); run the same command again."
    result = make_ungraded_result(receipt, session.layout, status="failed", message=message)
    if load_graded(session.workspace, receipt) is None:  # the grader's own failure replaces no grade
        with suppress(OSError):  # the command reports it anyway
            store_result(session.workspace, result)
    return result


def _withhold_unread(session: Session, receipt: Receipt, sentence: str) -> Result:
    """Return the result of a notebook that exceeded its reading budget: all points are withheld, and it is flagged."""
    result = make_ungraded_result(receipt, session.layout, status="failed", message=sentence, flags=(sentence,))
    if load_graded(session.workspace, receipt) is not None:
        return result  # exactly this work was graded before, and keeps its grade
    return _keep(session, receipt, result)


def _keep(session: Session, receipt: Receipt, result: Result) -> Result:
    """Store and return the result, or return one that says why it could not be written."""
    try:
        store_result(session.workspace, result)
    except OSError as error:
        return _explain_failure(session, receipt, error)
    return result
