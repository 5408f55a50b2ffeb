"""Sessions that stay open, so that work that arrives meets warm processes."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Self

from autograder.errors import AutograderError
from autograder.pipeline.fingerprint import checks_fingerprint
from autograder.pipeline.grade.batch import open_for_class
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, place_assignment
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.reading import digest

MOST: Final = 2
"""Sessions open at the same time: each keeps a warm process with the backend and the data of its checks in memory."""


@dataclass(frozen=True, kw_only=True)
class _Open:
    session: Session
    made_from: str
    closing: ExitStack


class WarmSessions:
    """The sessions of the assignments that were graded last; each is opened again when one of its files changes.

    For one thread; the sessions themselves may be used by any.
    """

    def __init__(self, options: RunOptions, reporter: Reporter) -> None:
        self._options, self._reporter = options, reporter
        self._open: dict[str, _Open] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def session(self, workspace: Workspace, assignment: str) -> Session:
        """Return the session of an assignment; opening one takes seconds.

        Raises:
            GraderError: it is graded on a GPU, and there is none here.
            AutograderError: course, data, checks or isolation are unusable.
        """
        made_from = _made_from(workspace, assignment)
        known = self._open.pop(assignment, None)
        if known is not None and (known.made_from != made_from or known.session.pool.lost):
            known.closing.close()
            known = None
        if known is None:
            while len(self._open) >= MOST:
                self._open.pop(next(iter(self._open))).closing.close()
            known = self._opened(workspace, assignment, made_from)
        self._open[assignment] = known  # the one used last is the last one
        return known.session

    def close(self) -> None:
        """Close all sessions."""
        while self._open:
            self._open.popitem()[1].closing.close()

    def _opened(self, workspace: Workspace, assignment: str, made_from: str) -> _Open:
        placement = (self._options.place or place_assignment)(workspace, assignment)
        with ExitStack() as stack:
            session = stack.enter_context(
                open_for_class(workspace, assignment, self._options, self._reporter, placement))
            session.pool.warm_up()
            return _Open(session=session, made_from=made_from, closing=stack.pop_all())


def _made_from(workspace: Workspace, assignment: str) -> str:
    """Return a digest of the release, the checks, the reference and the source.

    Raises:
        AutograderError: one of them cannot be read.
    """
    try:
        release = digest(workspace.release(assignment).read_bytes())
        return release + checks_fingerprint(
            workspace.hidden(assignment), workspace.reference(assignment), workspace.source(assignment))
    except OSError as error:
        raise AutograderError(
            f"Grading {assignment} needs its release, checks and reference, but {error.filename} cannot be read "
            f"({error.strerror}): run `autograder release {assignment}`.") from error
