"""The application: which address is answered by what, and how errors become one sentence. Needs the extra ``serve``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, Router

from autograder.errors import AutograderError, HubError
from autograder.service import api_routes, login_routes, staff_routes, student_routes
from autograder.service.hub import NotAllowed
from autograder.service.login_routes import NotSignedIn
from autograder.service.portal import Portal
from autograder.service.refusals import Refused
from autograder.service.safeguards import LONGEST_PATH, SafeAnswers
from autograder.service.service_pages import render_refusal

NOT_SIGNED_IN: Final = ("You are not signed in any more, and nothing was handed in: open the page again, and send "
                        "your file once more.")
Endpoint = Callable[[Request], Awaitable[Response]]


def make_app(portal: Portal) -> Starlette:
    """Return the application of a service, below its prefix."""
    routes = [
        Route("/", _page(student_routes.home), methods=["GET"]),
        Route("/health", _health, methods=["GET"]),
        Route("/oauth_callback", _page(login_routes.come_back), methods=["GET"]),
        Route("/hand-in/{assignment}", _page(student_routes.hand_in), methods=["POST"]),
        Route("/feedback/{assignment}/{file}", _page(student_routes.feedback), methods=["GET"]),
        Route("/staff/", _page(staff_routes.index), methods=["GET"]),
        Route("/staff/queue", _page(staff_routes.queue), methods=["GET"]),
        Route("/staff/report/{assignment}.html", _page(staff_routes.report), methods=["GET"]),
        Route("/staff/report/{assignment}", _page(staff_routes.write_report), methods=["POST"]),
        Route("/staff/student/{student}", _page(staff_routes.student_page), methods=["GET"]),
        Route("/staff/feedback/{student}/{assignment}/{file}", _page(staff_routes.student_feedback), methods=["GET"]),
        Route("/api/hand-ins/{assignment}", _data(api_routes.hand_in), methods=["POST"]),
        Route("/api/hand-ins/{assignment}", _data(api_routes.look), methods=["GET"]),
    ]
    root = portal.prefix.rstrip("/")
    # Starlette would answer an address without its last slash with the name that the request gives to this host.
    own = Mount(root, app=Router(routes, redirect_slashes=False))
    app = Starlette(routes=[Route(root, _to_home, methods=["GET"]), own], middleware=[Middleware(SafeAnswers)],
                    exception_handlers={HTTPException: _no_address, Exception: _defect})
    app.router.redirect_slashes = False
    app.state.portal = portal
    return app


def _page(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint for browsers, which are sent to the hub where nobody is signed in."""
    async def answer(request: Request) -> Response:
        try:
            _check_path(request)
            return await endpoint(request)
        except NotSignedIn:
            if request.method == "GET":
                return login_routes.send_to_hub(request)
            return _refusal(request, Refused(HTTPStatus.FORBIDDEN, NOT_SIGNED_IN))
        except (Refused, AutograderError) as error:
            return _refusal(request, _as_refusal(error))

    return answer


def _data(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint for programs."""
    async def answer(request: Request) -> Response:
        try:
            _check_path(request)
            return await endpoint(request)
        except (Refused, AutograderError) as error:
            refused = _as_refusal(error)
            return JSONResponse({"message": str(refused)}, refused.status, refused.headers)

    return answer


async def _to_home(request: Request) -> Response:
    """Add the last slash, without which links of the page would lead elsewhere."""
    return RedirectResponse(login_routes.portal_of(request).prefix)


async def _health(request: Request) -> Response:
    """Say that the service answers: for the hub, which asks before it routes browsers here."""
    return PlainTextResponse("ok")


def _check_path(request: Request) -> None:
    if len(request.scope["path"]) > LONGEST_PATH:
        raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, "No address of this service is that long.")


def _as_refusal(error: Refused | AutograderError) -> Refused:
    if isinstance(error, Refused):
        return error
    status = (HTTPStatus.FORBIDDEN if isinstance(error, NotAllowed) else HTTPStatus.SERVICE_UNAVAILABLE
              if isinstance(error, HubError) else HTTPStatus.INTERNAL_SERVER_ERROR)
    return Refused(status, str(error))


def _refusal(request: Request, refused: Refused) -> Response:
    home = login_routes.portal_of(request).prefix
    page = render_refusal(refused.status.phrase, str(refused), home)
    return HTMLResponse(page, refused.status, refused.headers)


async def _no_address(request: Request, error: Exception) -> Response:
    """Answer what no address of the service is, or another method; nothing of the request comes back."""
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    sentence = ("This address does not take this kind of request." if status == HTTPStatus.METHOD_NOT_ALLOWED else
                "There is nothing under this address.")
    allowed = error.headers if isinstance(error, HTTPException) else None
    return _refusal(request, Refused(status, sentence, allowed))


async def _defect(request: Request, error: Exception) -> Response:
    """Answer where the service itself has a defect, which its log describes."""
    return _refusal(request, Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The service has a defect, and nothing was "
                                                                       "changed by this request: tell a teacher."))
