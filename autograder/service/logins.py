"""Browsers that are signed in, and those on their way to the hub and back; in memory, and so bounded.

The browser has a random name of its session only; the hub's token stays here. After a restart, or when a session is
too old, the hub signs the browser in again without a question.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

LASTS: Final = 12 * 3600.0
ON_THE_WAY: Final = 600.0
"""Seconds until a session ends, and until a browser has to be back from the hub."""
MOST: Final = 10_000
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Session:
    """A browser that is signed in; ``form_token`` is in each form of ours, where no other site can read it."""

    token: str = field(repr=False)
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def sent(self, form_token: str) -> bool:
        """Whether a form was sent by a page of ours that this browser has loaded."""
        return hmac.compare_digest(self.form_token.encode(), form_token.encode("utf-8", "replace"))


@dataclass(frozen=True, kw_only=True)
class OnTheWay:
    """A browser that was sent to the hub: which one it is, where it wanted to go, and its secret for the hub."""

    browser: str = field(repr=False)
    path: str
    verifier: str = field(repr=False)


class Kept(Generic[Found]):
    """Values under random names, each for some time; the oldest is forgotten where there are too many."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._values: OrderedDict[str, tuple[float, Found]] = OrderedDict()

    def add(self, value: Found, name: str = "") -> str:
        """Keep a value, and return its name: long, random and never used before unless it is given."""
        while self._values and (len(self._values) >= MOST or self._is_old(next(iter(self._values)))):
            self._values.popitem(last=False)
        name = name or secrets.token_urlsafe(32)
        self._values[name] = self._clock(), value
        return name

    def find(self, name: str) -> Found | None:
        """Return a value, None where there is none of this name or it is too old."""
        if name not in self._values or self._is_old(name):
            return None
        return self._values[name][1]

    def take(self, name: str) -> Found | None:
        """Return a value and forget it."""
        found = self.find(name)
        self._values.pop(name, None)
        return found

    def _is_old(self, name: str) -> bool:
        return self._clock() - self._values[name][0] > self._seconds
