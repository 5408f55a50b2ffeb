"""Requests to a platform with bounds: time, size, attempts, and where a token may go.

Redirects are never followed, so that a token reaches the addresses of course.yml and no others.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

import httpx

from autograder.course.lti import is_loopback, is_secure
from autograder.errors import PlatformError, PlatformUnreachable

SECONDS: Final = 30.0
"""Of one request, from the first to the last byte."""
LARGEST: Final = 4 << 20
"""Most bytes of an answer."""
ATTEMPTS: Final = 4
LONGEST_PAUSE: Final = 60.0
PASSING: Final = (429, 500, 502, 503, 504)
"""Answers of a platform that is overloaded or has failed for the moment."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request; `content` and `headers` may be secret, so they are not shown."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, never more than `LARGEST` bytes."""

    status: int
    content: bytes = field(repr=False)
    following: str | None = None
    pause: float | None = None

    @property
    def accepted(self) -> bool:
        """Whether the platform did what it was asked to do."""
        return 200 <= self.status < 300


class BoundedHttp:
    """A connection to one platform; a context manager."""

    def __init__(self, *, seconds: float = SECONDS, sleep: Callable[[float], None] = time.sleep) -> None:
        """Prepare; nothing is sent yet."""
        self._seconds = seconds
        self._sleep = sleep
        self._runner = asyncio.Runner()
        self._clients: dict[bool, httpx.AsyncClient] = {}

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
                 ) -> None:
        """Close what is open."""
        for client in self._clients.values():
            self._runner.run(client.aclose())
        self._runner.close()

    def send(self, make: Callable[[], Request], *, attempts: int = ATTEMPTS) -> Answer:
        """Return the answer; a platform that is busy, or does not answer, is asked again after a pause.

        Args:
            make: makes the request, each time it is sent: with a new time and number.
            attempts: 1 for what must not be done twice.

        Raises:
            PlatformError: no answer, one that is too large, or a redirect.
        """
        for number in range(1, attempts + 1):
            request, answer, failure = make(), None, ""
            try:
                answer = self._runner.run(self._answer(request))
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
                failure = "no answer in time" if isinstance(error, TimeoutError | httpx.TimeoutException) \
                    else type(error).__name__
            if answer is not None and answer.status not in PASSING:
                return answer
            if number < attempts:
                wanted = answer.pause if answer is not None and answer.pause is not None else 2.0 ** (number - 1)
                self._sleep(min(wanted, LONGEST_PAUSE))
            elif answer is not None:
                return answer
        raise PlatformUnreachable(f"The platform at {place(request.url)} cannot be reached ({failure}); check the "
                                  "addresses of `lti` in course.yml and the network, and run the same command again.")

    async def _answer(self, request: Request) -> Answer:
        if not is_secure(request.url):
            raise PlatformError(f"The platform named an address that is no https:// address ({place(request.url)}): "
                                "nothing was sent there.")
        async with asyncio.timeout(self._seconds), self._client(request.url).stream(
                request.method, request.url, headers={**request.headers, "Accept-Encoding": "identity"},
                content=request.content) as response:
            if response.is_redirect:
                raise PlatformError(f"{place(request.url)} answers with a redirect, which is not followed, since it "
                                    "could lead a token elsewhere: write the final address into course.yml.")
            content = bytearray()
            async for part in response.aiter_raw():
                content += part
                if len(content) > LARGEST:
                    raise PlatformError(f"{place(request.url)} answered with more than {LARGEST >> 20} MiB, which was "
                                        "not read: check the addresses of `lti` in course.yml.")
            following = response.links.get("next", {}).get("url")
            return Answer(status=response.status_code, content=bytes(content), pause=_pause(response),
                          following=str(response.url.join(following)) if following else None)

    def _client(self, url: str) -> httpx.AsyncClient:
        """Return the client; a proxy is used as the environment says, but not for this machine."""
        local = is_loopback(url)
        if local not in self._clients:
            self._clients[local] = httpx.AsyncClient(follow_redirects=False, timeout=self._seconds,
                                                     trust_env=not local)
        return self._clients[local]


def place(url: str) -> str:
    """Return the part of an address that a message may show: no query, which can be long or secret."""
    return url.split("?", 1)[0].split("#", 1)[0][:200]


def _pause(response: httpx.Response) -> float | None:
    wanted = response.headers.get("Retry-After", "").strip()
    return float(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else None
