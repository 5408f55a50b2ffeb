"""What a student's browser asks for: the page to hand in, an upload, results. Needs the extra ``serve``."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from autograder.service.login_routes import SignedIn, portal_of, signed_in
from autograder.service.members import Member
from autograder.service.overview import Upload, Work, read_queue, works_of
from autograder.service.portal import Portal
from autograder.service.received import Received, keep
from autograder.service.refusals import Refused, disk_full
from autograder.service.safeguards import STORED_PAGE, require_navigation, require_own_form
from autograder.service.service_pages import Around, render_home
from autograder.service.upload_bodies import check_notebook, read_form
from autograder.workspace.layout import Workspace
from autograder.workspace.page_files import handed_out_answers, notebook_page
from autograder.workspace.reading import is_file

MEBIBYTE = 2**20


async def home(request: Request) -> Response:
    """Show all assignments, with the way to hand in, the queue and the history."""
    require_navigation(request)
    known = await signed_in(request)
    return HTMLResponse(await run_in_threadpool(_home, portal_of(request), known, request.query_params.get("received")))


def _home(portal: Portal, known: SignedIn, receipt: str | None) -> str:
    workspace, now = portal.workspace, datetime.now(UTC)
    works = works_of(workspace, known.member.student, now) if known.member.student else []
    return render_home(around(workspace, known), works, running=read_queue(workspace, now).running,
                       received=_received(works, receipt))


def around(workspace: Workspace, known: SignedIn) -> Around:
    """Return what a page shows around its contents."""
    return Around(course_title=workspace.course.title, member=known.member, form_token=known.session.form_token)


def _received(works: list[Work], receipt: str | None) -> tuple[Work, Upload] | None:
    """Return the student's own upload with a receipt that an address names."""
    return next(((work, upload) for work in works for upload in work.uploads if receipt and upload.receipt == receipt),
                None)


async def hand_in(request: Request) -> Response:
    """Take the notebook of a form, and show the page again."""
    begun = datetime.now(UTC)
    require_own_form(request)
    known = await signed_in(request)
    portal = portal_of(request)
    student = require_student(known.member)
    assignment = known_assignment(portal.workspace, request)
    portal.begin_upload(student)
    try:
        form = await read_form(request, largest(portal.workspace))
        require_token(known, form.token)
        check_notebook(form.notebook or b"")
        kept = await run_in_threadpool(store, portal.workspace, student, assignment, form.notebook or b"", begun)
    finally:
        portal.end_upload(student)
    return RedirectResponse(f"{portal.prefix}?received={kept.sha256}", HTTPStatus.SEE_OTHER)


def store(workspace: Workspace, student: str, assignment: str, data: bytes, moment: datetime) -> Received:
    """Keep an upload.

    Raises:
        Refused: the disk is full or cannot be written: nothing was kept.
    """
    try:
        return keep(workspace, student, assignment, data, moment)
    except OSError:
        raise disk_full() from None


def require_student(member: Member) -> str:
    """Return the student's id.

    Raises:
        Refused: they are no student of this course.
    """
    if member.student is None:
        raise Refused(HTTPStatus.FORBIDDEN, member.problem)
    return member.student


def require_token(known: SignedIn, token: str) -> None:
    """Refuse a form that was not made for this browser.

    Raises:
        Refused: its token is missing or another one.
    """
    if not known.session.sent(token):
        raise Refused(HTTPStatus.FORBIDDEN, "The form is not from this session: load the page again and send it once "
                                            "more.")


def known_assignment(workspace: Workspace, request: Request) -> str:
    """Return the assignment that an address names: one of the course's, compared and never used as a path.

    Raises:
        Refused: the course has no such assignment.
    """
    named = str(request.path_params["assignment"])
    found = next((name for name in workspace.course.assignments if name == named), None)
    if found is None:
        known = ", ".join(workspace.course.assignments) or "none"
        raise Refused(HTTPStatus.NOT_FOUND, f"There is no such assignment in this course: it has {known}.")
    return found


def largest(workspace: Workspace) -> int:
    """Return how many bytes a notebook may have."""
    return workspace.course.collect.notebook_mib * MEBIBYTE


async def feedback(request: Request) -> Response:
    """Show the student's own result page, or a file next to it."""
    require_navigation(request)
    known = await signed_in(request)
    workspace = portal_of(request).workspace
    student = require_student(known.member)
    return stored_page(workspace, student, known_assignment(workspace, request), request)


def stored_page(workspace: Workspace, student: str, assignment: str, request: Request) -> Response:
    """Return a file of a student's feedback.

    Args:
        student: who is signed in, or whom staff look at; never from an address unless it was compared.

    Raises:
        Refused: there is none of this name.
    """
    pages = (workspace.feedback(student, assignment), notebook_page(workspace, student, assignment),
             handed_out_answers(workspace, student, assignment))
    found = next((path for path in pages if path.name == request.path_params["file"]), None)
    if found is None or not is_file(found):
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such page yet: it is written as soon as your work is graded.")
    return _file(found)


def _file(path: Path) -> Response:
    if path.suffix == ".ipynb":
        return FileResponse(path, media_type="application/x-ipynb+json", filename=path.name)
    return FileResponse(path, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": STORED_PAGE})
