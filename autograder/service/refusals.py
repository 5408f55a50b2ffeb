"""A request that is not answered as it wants. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus


class Refused(Exception):
    """One sentence for the person, with the status of HTTP that programs read.

    Attributes:
        headers: that belong to the status, such as ``Retry-After``.
    """

    def __init__(self, status: HTTPStatus, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = dict(headers or {})


def disk_full() -> Refused:
    """Return the refusal of an upload that cannot be stored."""
    return Refused(HTTPStatus.INSUFFICIENT_STORAGE, "Your notebook could not be stored, since the disk of the grader "
                                                    "is full or cannot be written: tell a teacher, and hand it in "
                                                    "again.")
