"""Several check servers behind one, so that submissions are judged at the same time where many wait for it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from autograder.checks.request import CheckContext, JudgeRequest
from autograder.checks.server import CheckServer
from autograder.errors import CheckError
from autograder.model import CheckResult, CheckSpec

WORTH_ONE_MORE: Final = 1.0
"""Seconds lost in waiting after which another server is started: about what its start takes."""


class CheckServers:
    """Judges as `CheckServer` does; while a class trains, one server is enough, and no other one is started.

    Args:
        hidden: folder with the hidden checks of one assignment.
        context: data, labels and reference.
        most: servers at the same time.

    Raises (on entering):
        CheckError: the checks cannot be collected, or the reference or data cannot be read.
    """

    def __init__(self, hidden: Path, context: CheckContext, *, most: int) -> None:
        self._hidden, self._context, self._most = hidden, context, most
        self._changed = threading.Condition()
        self._servers = [CheckServer(hidden, context)]
        self._free = list(self._servers)
        self._waited = 0.0

    def __enter__(self) -> Self:
        self._servers[0].__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def specs(self) -> tuple[CheckSpec, ...]:
        """The hidden checks, each after what it needs."""
        return self._servers[0].specs

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The servers' processes."""
        return tuple(found for server in self._servers if (found := server.process_id) is not None)

    def judge(self, request: JudgeRequest) -> tuple[CheckResult, ...]:
        """Return one result per check. Never raises for a submission; may be called from several threads."""
        server = self._take()
        try:
            return server.judge(request)
        finally:
            with self._changed:
                self._free.append(server)
                self._changed.notify()

    def _take(self) -> CheckServer:
        began = time.monotonic()
        with self._changed:
            self._changed.wait_for(lambda: bool(self._free))
            self._waited += time.monotonic() - began
            one_more = self._waited >= WORTH_ONE_MORE and len(self._servers) < self._most
            if not one_more:
                return self._free.pop()
            self._waited = 0.0
            self._servers.append(CheckServer(self._hidden, self._context))
            new = self._servers[-1]
        return new if _started(new) else self._drop(new)

    def _drop(self, failed: CheckServer) -> CheckServer:
        """Leave a server out that did not start: the others have to do."""
        with self._changed:
            self._servers.remove(failed)
            self._most = len(self._servers)
            self._changed.wait_for(lambda: bool(self._free))
            return self._free.pop()

    def close(self) -> None:
        """End all servers and what they judge; closing twice does nothing."""
        for server in self._servers:
            server.close()


def _started(server: CheckServer) -> bool:
    try:
        server.__enter__()
    except (CheckError, OSError):  # such as a machine that has no room for one more process
        return False
    return True
