"""A separate user id for each worker, if the grader runs as root, that no other grader on this machine uses."""

from __future__ import annotations

import os
import socket
from typing import Final

from autograder.errors import IsolationError

FIRST_UID: Final = 62_000  # no distribution hands these out, and they exist in rootless containers too
_COUNT: Final = 3_000


class Slot:
    """One worker's user id (None without root) and the lock that reserves it."""

    def __init__(self, uid: int | None, lock: socket.socket | None) -> None:
        self.uid = uid
        self._lock = lock

    def release(self) -> None:
        """Let another grader have the user id; it must have no processes any more."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def acquire(*, separate: bool) -> Slot:
    """Return a free slot; with ``separate`` and as root it has a user id of its own.

    Raises:
        IsolationError: all user ids are in use.
    """
    if not separate or os.geteuid() != 0:
        return Slot(None, None)
    for uid in range(FIRST_UID, FIRST_UID + _COUNT):
        lock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            # An abstract name goes away with its process, however that ends.
            lock.bind(f"\0autograder-uid-{uid}")
        except OSError:
            lock.close()
            continue
        return Slot(uid, lock)
    raise IsolationError(
        f"Expected a free user id from {FIRST_UID} on for a submission, but all {_COUNT} are in use; "
        "end the other graders on this machine."
    )
