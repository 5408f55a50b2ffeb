"""What programs ask for, such as `autograder submit`: a token of the hub in a header, JSON back. Needs ``serve``.

Cookies count for nothing here, so that no web page can use these addresses in the name of whoever opens it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from autograder.service.login_routes import portal_of
from autograder.service.overview import read_queue, work_of
from autograder.service.portal import Portal
from autograder.service.refusals import Refused
from autograder.service.student_routes import known_assignment, largest, require_student, store
from autograder.service.upload_bodies import check_notebook, read_bytes

_HEADER: Final = re.compile(r"(?:token|bearer) +(\S+)", re.IGNORECASE)


async def hand_in(request: Request) -> Response:
    """Take a notebook, which is the body of the request."""
    begun = datetime.now(UTC)
    portal, student = portal_of(request), await _student(request)
    assignment = known_assignment(portal.workspace, request)
    portal.begin_upload(student)
    try:
        data = await read_bytes(request, largest(portal.workspace))
        check_notebook(data)
        kept = await run_in_threadpool(store, portal.workspace, student, assignment, data, begun)
    finally:
        portal.end_upload(student)
    late = portal.workspace.course.is_late(student, assignment, kept.moment)
    return JSONResponse({"student": student, "assignment": assignment, "receipt": kept.sha256, "late": late,
                         "at": kept.moment.isoformat(timespec="seconds")}, HTTPStatus.ACCEPTED)


async def look(request: Request) -> Response:
    """Return one assignment as its student sees it: uploads, place in the queue, points, address of the page."""
    portal, student = portal_of(request), await _student(request)
    assignment = known_assignment(portal.workspace, request)
    return JSONResponse(await run_in_threadpool(_look, portal, student, assignment))


def _look(portal: Portal, student: str, assignment: str) -> dict[str, object]:
    now, workspace = datetime.now(UTC), portal.workspace
    work = work_of(workspace, student, assignment, now)
    page = f"{portal.prefix}feedback/{assignment}/{assignment}.html" if work.has_page else None
    return work.model_dump(mode="json") | {"page": page, "running": read_queue(workspace, now).running}


async def _student(request: Request) -> str:
    """Return the student whom the token of a request belongs to.

    Raises:
        Refused: there is no valid token, or its owner is no student of this course.
        HubError: the hub does not answer, or does not let them use the service.
    """
    portal, given = portal_of(request), request.headers.getlist("authorization")
    match = _HEADER.fullmatch(given[0].strip()) if len(given) == 1 else None
    user = await portal.hub.identify(match[1]) if match else None
    if user is None:
        raise Refused(HTTPStatus.UNAUTHORIZED, "A valid token of the hub was expected: run this in a server of the "
                                               "hub, where JUPYTERHUB_API_TOKEN is set, or restart that server.",
                      {"WWW-Authenticate": "Bearer"})
    return require_student(portal.member(user))
