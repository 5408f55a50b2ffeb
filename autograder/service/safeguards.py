"""What every request has to be, and what every answer says to the browser. Needs the extra ``serve``.

Servers of other students may have the same origin as this service, so that their scripts can send requests with the
cookies of whoever visits them. Pages are therefore given to navigations of a browser's window only, never to scripts
or frames, and forms are taken with their token only.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from autograder.service.refusals import Refused
from autograder.service.service_pages import style_hash

LONGEST_PATH: Final = 2_000
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "noopener-allow-popups",
    "Cache-Control": "no-store", "X-Robots-Tag": "noindex",
}
"""The opener policy separates a window from the page that opened it, even from one of the same origin."""
STORED_PAGE: Final = ("default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action "
                      "'none'; frame-ancestors 'none'; sandbox allow-downloads")
"""For pages from disk, which name the hash of their one style sheet themselves: no script, no form, no origin."""


def stored_report(script_hash: str) -> str:
    """Return the policy of the class report, which has one script of ours that sorts its tables."""
    return (f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{script_hash}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-downloads "
            "allow-popups")


class SafeAnswers:
    """Adds to each answer what keeps a browser from doing more with it than showing it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._policy = (f"default-src 'none'; style-src 'sha256-{style_hash()}'; form-action 'self'; base-uri 'none'; "
                        "frame-ancestors 'none'")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, "Content-Security-Policy": self._policy}.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


def require_navigation(request: Request) -> None:
    """Refuse a page to scripts and frames.

    Raises:
        Refused: a browser says that this is not somebody who opens a page.
    """
    mode, place = request.headers.get("sec-fetch-mode", "navigate"), request.headers.get("sec-fetch-dest", "document")
    if mode != "navigate" or place != "document":
        raise Refused(HTTPStatus.FORBIDDEN, "This page is shown in a window of its own only: open its address.")


def require_own_form(request: Request) -> None:
    """Refuse what another site sends.

    Raises:
        Refused: the form is not from the host that it is sent to.
    """
    origins, hosts = request.headers.getlist("origin"), request.headers.getlist("host")
    own = len(origins) == 1 and len(hosts) == 1 and urlsplit(origins[0]).netloc == hosts[0] != ""
    if not own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Refused(HTTPStatus.FORBIDDEN, "Only the form on the page of this service may send this: open that page "
                                            "and send it there.")
    require_navigation(request)


def is_secure(request: Request) -> bool:
    """Whether the browser's connection is encrypted, as the proxy says: it decides about the cookies' flag only."""
    forwarded = request.headers.get("x-forwarded-proto", request.url.scheme)
    return forwarded.split(",")[0].strip() == "https"
