"""What staff see: the queue, the class reports and the pages of every student. Needs the extra ``serve``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from autograder.feedback.queue_page import render_queue
from autograder.feedback.report import script_hash
from autograder.service.login_routes import SignedIn, portal_of, signed_in
from autograder.service.overview import read_queue, works_of
from autograder.service.portal import Portal
from autograder.service.refusals import Refused
from autograder.service.safeguards import STORED_PAGE, require_navigation, require_own_form, stored_report
from autograder.service.service_pages import Reported, render_staff, render_student
from autograder.service.student_routes import around, known_assignment, require_token, stored_page
from autograder.service.upload_bodies import read_form
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import is_file

LONGEST_REPORT: Final = 600.0
"""Seconds for which writing a report may take."""
SAID: Final = {"written": "The report is written.", "failed": "The report could not be written: run `autograder "
                                                              "report` on the machine of the grader, which says why."}


async def staff_member(request: Request) -> SignedIn:
    """Return who is signed in, if they are staff.

    Raises:
        Refused: they are not, whatever the address names.
    """
    known = await signed_in(request)
    if not known.member.staff:
        raise Refused(HTTPStatus.FORBIDDEN, "This page is for the staff of the course: `serve.staff` and "
                                            "`serve.staff_groups` in course.yml name them.")
    return known


async def index(request: Request) -> Response:
    """Show the way to everything else."""
    require_navigation(request)
    known = await staff_member(request)
    said = SAID.get(request.query_params.get("report", ""), "")
    return HTMLResponse(await run_in_threadpool(_index, portal_of(request), known, said))


def _index(portal: Portal, known: SignedIn, said: str) -> str:
    workspace = portal.workspace
    counts = Counter(assignment for _, assignment in workspace.submissions())
    reports = [Reported(id=name, title=one.title, handed_in=counts[name], written_at=_written_at(workspace, name))
               for name, one in workspace.course.assignments.items()]
    return render_staff(around(workspace, known), reports, _students(workspace), said)


def _students(workspace: Workspace) -> tuple[str, ...]:
    """Return the class list, and whoever else has handed in."""
    return tuple(sorted({*workspace.students(), *(student for student, _ in workspace.submissions())}))


def _written_at(workspace: Workspace, assignment: str) -> str:
    path = workspace.class_report(assignment)
    if not is_file(path):
        return ""
    moment = datetime.fromtimestamp(path.stat().st_mtime, workspace.course.zone or UTC)
    return f"{moment:%Y-%m-%d %H:%M}"


async def queue(request: Request) -> Response:
    """Show the queue, with names."""
    require_navigation(request)
    await staff_member(request)
    found = await run_in_threadpool(read_queue, portal_of(request).workspace, datetime.now(UTC))
    if found.status is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no queue yet: it is written as soon as the grader runs.")
    status = found.status if found.running else found.status.model_copy(update={"state": "ended"})
    return HTMLResponse(render_queue(status), headers={"Content-Security-Policy": STORED_PAGE})


async def report(request: Request) -> Response:
    """Show the class report of an assignment as it was written last."""
    require_navigation(request)
    await staff_member(request)
    workspace = portal_of(request).workspace
    path = workspace.class_report(known_assignment(workspace, request))
    if not is_file(path):
        raise Refused(HTTPStatus.NOT_FOUND, "This report is not written yet: write it on the page for staff.")
    return FileResponse(path, media_type="text/html; charset=utf-8",
                        headers={"Content-Security-Policy": stored_report(script_hash())})


async def write_report(request: Request) -> Response:
    """Write the class report of an assignment, in a process of its own: it reads what students handed in."""
    require_own_form(request)
    known = await staff_member(request)
    portal = portal_of(request)
    assignment = known_assignment(portal.workspace, request)
    require_token(known, (await read_form(request, 0)).token)
    if portal.reporting.locked():
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Another report is being written: try again in a minute.")
    async with portal.reporting:
        done = await run_in_threadpool(_run_report, portal.workspace, assignment)
    return RedirectResponse(f"{portal.prefix}staff/?report={'written' if done else 'failed'}", HTTPStatus.SEE_OTHER)


def _run_report(workspace: Workspace, assignment: str) -> bool:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTERHUB_", "JPY_"))}
    command = [sys.executable, "-m", "autograder", "--course", str(workspace.root), "--output", str(workspace.output),
               "report", assignment]
    try:
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=LONGEST_REPORT)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


async def student_page(request: Request) -> Response:
    """Show what one student has handed in, and the results."""
    require_navigation(request)
    known = await staff_member(request)
    workspace = portal_of(request).workspace
    student = known_student(workspace, request)
    works = await run_in_threadpool(works_of, workspace, student, datetime.now(UTC))
    return HTMLResponse(render_student(around(workspace, known), student, works))


async def student_feedback(request: Request) -> Response:
    """Show the result page of any student, or a file next to it."""
    require_navigation(request)
    await staff_member(request)
    workspace = portal_of(request).workspace
    return stored_page(workspace, known_student(workspace, request), known_assignment(workspace, request), request)


def known_student(workspace: Workspace, request: Request) -> str:
    """Return the student that an address names: one of the class, compared and never used as a path.

    Raises:
        Refused: there is no such student.
    """
    named = str(request.path_params["student"])
    found = next((student for student in _students(workspace) if student == named), None)
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such student in this course.")
    return found
