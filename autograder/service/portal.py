"""What all requests share: the course as it is now, the hub, who is signed in, and how often somebody hands in."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from autograder.course import PEOPLE_FILE
from autograder.errors import AutograderError
from autograder.service.hub import Hub
from autograder.service.logins import LASTS, ON_THE_WAY, Kept, OnTheWay, Session
from autograder.service.members import HubUser, Member, member_of
from autograder.service.refusals import Refused
from autograder.workspace.file_names import COURSE_FILE
from autograder.workspace.layout import Workspace, open_workspace

HOUR: Final = 3600.0
AT_ONCE: Final = 8
"""Uploads that are read at the same time: each is in memory, up to the size of a notebook."""


class Portal:
    """The service without its addresses; its methods may be called by any thread.

    Attributes:
        prefix: path of the service on the public address, with a slash at both ends.
        sessions, on_the_way: browsers that are signed in, and those at the hub.
        reporting: held while a class report is written, which takes a whole core.
    """

    def __init__(self, workspace: Workspace, hub: Hub, prefix: str, *,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self.hub, self.prefix = hub, prefix
        self.sessions: Kept[Session] = Kept(LASTS, clock)
        self.reporting = asyncio.Lock()
        self.on_the_way: Kept[OnTheWay] = Kept(ON_THE_WAY, clock)
        self._workspace, self._state, self._clock = workspace, _state(workspace), clock
        self._uploads: dict[str, deque[float]] = defaultdict(deque)
        self._reading: set[str] = set()
        self._lock = threading.Lock()

    @property
    def workspace(self) -> Workspace:
        """The course; a changed ``course.yml`` or class list is used at once, one with a mistake not at all."""
        with self._lock:
            state = _state(self._workspace)
            if state != self._state:
                self._state = state
                with suppress(AutograderError):  # the watch reports the mistake, and uses the course as before too
                    self._workspace = open_workspace(self._workspace.root, self._workspace.output)
            return self._workspace

    def member(self, user: HubUser) -> Member:
        """Return who a user of the hub is in the course."""
        workspace = self.workspace
        earlier = () if workspace.course.students is not None else {name for name, _ in workspace.submissions()}
        return member_of(workspace.course, user, earlier)

    def begin_upload(self, student: str) -> None:
        """Count an upload before its bytes are read; `end_upload` has to follow.

        Raises:
            Refused: too many within an hour, or at the same time.
        """
        most = self.workspace.course.serve.uploads_per_hour
        with self._lock:
            now, times = self._clock(), self._uploads[student]
            while times and times[0] <= now - HOUR:
                times.popleft()
            if len(times) >= most:
                wait = int(times[0] + HOUR - now) + 1
                raise Refused(HTTPStatus.TOO_MANY_REQUESTS, (
                    f"At most {most} uploads within an hour are accepted: hand in again in {wait // 60 + 1} minutes."),
                    {"Retry-After": str(wait)})
            if student in self._reading or len(self._reading) >= AT_ONCE:
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Another upload is being read: hand in again in a few "
                                                              "seconds.", {"Retry-After": "5"})
            times.append(now)
            self._reading.add(student)

    def end_upload(self, student: str) -> None:
        """Let the student's next upload come."""
        with self._lock:
            self._reading.discard(student)


def _state(workspace: Workspace) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    for name in (COURSE_FILE, PEOPLE_FILE):
        try:
            status = (workspace.root / name).stat()
        except OSError:
            found.append(None)
        else:
            found.append((status.st_mtime_ns, status.st_size))
    return found
