"""Signing in: from the browser to the hub and back. Needs the extra ``serve``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from autograder.service.logins import ON_THE_WAY, OnTheWay, Session
from autograder.service.members import Member
from autograder.service.portal import Portal
from autograder.service.refusals import Refused
from autograder.service.safeguards import is_secure, require_navigation

SESSION: Final = "autograder-session"
BROWSER: Final = "autograder-browser"
"""Names of cookies: of a signed-in browser, and of one on its way to the hub."""
HUB_SESSION: Final = "jupyterhub-session-id"
"""The hub's own cookie: when somebody signs out there, its value changes."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A browser with its session, and who uses it."""

    session: Session
    member: Member


class NotSignedIn(Exception):
    """The browser has to be sent to the hub first."""


def portal_of(request: Request) -> Portal:
    """Return the service that answers a request."""
    found = request.app.state.portal
    assert isinstance(found, Portal)  # noqa: S101 - set where the application is made
    return found


async def signed_in(request: Request) -> SignedIn:
    """Return who uses the browser that a request comes from.

    Raises:
        NotSignedIn: nobody is signed in, or the hub says that they no longer are.
        HubError: the hub does not answer, or does not let them use the service.
    """
    portal = portal_of(request)
    session = portal.sessions.find(request.cookies.get(SESSION, ""))
    if session is None:
        raise NotSignedIn
    user = await portal.hub.identify(session.token, request.cookies.get(HUB_SESSION, ""))
    if user is None:
        raise NotSignedIn
    return SignedIn(session=session, member=portal.member(user))


def send_to_hub(request: Request) -> Response:
    """Send a browser to the hub, from which it comes back to the page that it wanted."""
    portal = portal_of(request)
    browser = request.cookies.get(BROWSER) or secrets.token_urlsafe(32)
    path = portal.prefix + str(request.scope["path"]).removeprefix(portal.prefix)
    state = secrets.token_urlsafe(32)
    sign_in = portal.hub.sign_in(state)
    portal.on_the_way.add(OnTheWay(browser=browser, path=path, verifier=sign_in.verifier), state)
    answer = RedirectResponse(sign_in.url, HTTPStatus.FOUND)
    _set_cookie(request, answer, BROWSER, browser, int(ON_THE_WAY))
    return answer


async def come_back(request: Request) -> Response:
    """Sign a browser in that comes from the hub, and send it to the page that it wanted.

    Raises:
        Refused: it was not sent there by this service, or the hub refused.
    """
    require_navigation(request)
    portal = portal_of(request)
    known = portal.on_the_way.take(request.query_params.get("state", ""))
    browser = request.cookies.get(BROWSER, "")
    if known is None or not secrets.compare_digest(known.browser.encode(), browser.encode("utf-8", "replace")):
        raise Refused(HTTPStatus.FORBIDDEN, "This browser was not signing in here, or took more than ten minutes: open "
                                            "the page again.")
    token = await portal.hub.token_for(request.query_params.get("code", ""), known.verifier)
    if token is None or await portal.hub.identify(token, request.cookies.get(HUB_SESSION, "")) is None:
        raise Refused(HTTPStatus.FORBIDDEN, "The hub did not sign you in: open the page again.")
    name = portal.sessions.add(Session(token=token))
    answer = RedirectResponse(known.path, HTTPStatus.FOUND)
    _set_cookie(request, answer, SESSION, name, None)
    return answer


def _set_cookie(request: Request, answer: Response, name: str, value: str, seconds: int | None) -> None:
    """Set a cookie that no script can read and no other site's form brings along."""
    answer.set_cookie(name, value, max_age=seconds, path=portal_of(request).prefix, httponly=True, samesite="lax",
                      secure=is_secure(request))
