"""The grading sheet as a page for one browser on this machine.

Only the loopback interface is bound. The page itself has nothing of the class in it; what it reads and writes needs a
random token, which comes with the address that the terminal prints, after the ``#``: browsers send that part to nobody.
There is no cookie, so another page of the same browser cannot write in the name of this one, and every request with
another host, origin, method, kind or size than the page's own is refused before it is read.
"""

from __future__ import annotations

import hmac
import json
import secrets
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from threading import BoundedSemaphore
from typing import Any, Final

from autograder.errors import AutograderError
from autograder.pipeline.review.groups import Group
from autograder.pipeline.review.marking import Conflict, Mark, Review
from autograder.workspace.progress import Silent

LARGEST_BODY: Final = 64 << 10
PATIENCE: Final = 10.0
"""Seconds that a connection may be silent."""
MOST_CONNECTIONS: Final = 32
PORT: Final = 8787
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"),
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
PAGES: Final = {
    "/": ("sheet.html", "text/html; charset=utf-8"),
    "/sheet.css": ("sheet.css", "text/css; charset=utf-8"),
    "/sheet.js": ("sheet.js", "text/javascript; charset=utf-8"),
}
READ, WRITE = "/api/sheet", "/api/mark"
_KEYS = {"group", "points", "ticked", "words", "reopen"}


class Refused(Exception):
    """A request that is not answered as it wants."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class SheetServer(ThreadingHTTPServer):
    """Serves one review until it is closed. Many connections may come; the review is used by one thread.

    Args:
        port: 0: any that is free.

    Raises:
        OSError: the port is in use.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, review: Review, worker: ThreadPoolExecutor, *, port: int = PORT) -> None:
        self.token = secrets.token_urlsafe(32)
        self.review, self.worker = review, worker
        self.files = {path: (_file(name), kind) for path, (name, kind) in PAGES.items()}
        self.room = BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(("127.0.0.1", port), SheetRequest)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The values of the header ``Host`` that are answered: another name for 127.0.0.1 is an attack."""
        return f"127.0.0.1:{self.server_port}", f"localhost:{self.server_port}"

    @property
    def address(self) -> str:
        """What a person opens; whoever has it may read and mark."""
        return f"http://{self.hosts[0]}/#{self.token}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Refuse connections beyond a limit: each one has a thread."""
        if self.room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print the traceback of a defect; connections that end early are none."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def sheet(self) -> dict[str, Any]:
        """Return all that the page shows."""
        return self.worker.submit(self._sheet).result()

    def _sheet(self) -> dict[str, Any]:
        review = self.review
        return {
            "assignment": review.assignment, "title": review.title, "anonymous": review.anonymous,
            "waiting": len(review.waiting), "questions": [
                {"task": question.task, "title": question.title, "points": question.points, "prompt": question.prompt,
                 "model": question.model, "rubric": [line.model_dump() for line in question.rubric],
                 "groups": review.described(question.task)} for question in review.questions]}

    def mark(self, wanted: dict[str, Any]) -> tuple[HTTPStatus, dict[str, Any]]:
        """Write a mark; return the question as it is then, with a sentence where nothing was changed."""
        return self.worker.submit(self._mark, wanted).result()

    def _mark(self, wanted: dict[str, Any]) -> tuple[HTTPStatus, dict[str, Any]]:
        group, mark = self._find(wanted["group"]), _parse(wanted)
        if group is None:
            return self._changed("These answers were marked, or handed in again, since they were shown here. Nothing "
                                 "was changed; this is how it is now.")
        try:
            self.review.mark(group, mark)
        except ValueError as error:
            raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from None
        except Conflict as error:
            return self._changed(str(error))
        return HTTPStatus.OK, {"task": group.task, "groups": self.review.described(group.task)}

    def _find(self, name: object) -> Group | None:
        return next((group for question in self.review.questions for group in self.review.groups(question.task)
                     if group.id == name), None)

    def _changed(self, sentence: str) -> tuple[HTTPStatus, dict[str, Any]]:
        self.review.load(Silent())
        return HTTPStatus.CONFLICT, {"message": sentence, "sheet": self._sheet()}


class SheetRequest(BaseHTTPRequestHandler):
    """One request, with everything that is checked before it is answered."""

    server: SheetServer
    timeout = PATIENCE
    server_version, sys_version = "sheet", ""

    def do_GET(self) -> None:
        """Send the page, or the answers to whoever has the token."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Write a mark."""
        self._answer("POST")

    def _answer(self, method: str) -> None:
        try:
            self._check_sender()
            status, body, kind = self._page() if method == "GET" and self.path in PAGES else self._data(method)
        except Refused as error:
            status, body, kind = error.status, _json({"message": str(error)}), "application/json"
        except AutograderError as error:
            status, body, kind = HTTPStatus.SERVICE_UNAVAILABLE, _json({"message": str(error)}), "application/json"
        self._send(status, body, kind)

    def _check_sender(self) -> None:
        hosts, origins = self.headers.get_all("Host", []), self.headers.get_all("Origin", [])
        if len(hosts) != 1 or hosts[0] not in self.server.hosts:
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, "This address is answered under its own name only.")
        if origins not in ([], [f"http://{hosts[0]}"]) or (self.command == "POST" and not origins):
            raise Refused(HTTPStatus.FORBIDDEN, "Only the sheet's own page may send this.")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise Refused(HTTPStatus.FORBIDDEN, "Only the sheet's own page may send this.")

    def _page(self) -> tuple[HTTPStatus, bytes, str]:
        return HTTPStatus.OK, *self.server.files[self.path]

    def _data(self, method: str) -> tuple[HTTPStatus, bytes, str]:
        wanted = {READ: "GET", WRITE: "POST"}.get(self.path)
        if wanted is None:
            raise Refused(HTTPStatus.NOT_FOUND, "There is nothing under this path.")
        if method != wanted:
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, f"This path answers {wanted} only.")
        given = self.headers.get_all("Authorization", [])
        if len(given) != 1 or not hmac.compare_digest(given[0].encode("utf-8", "replace"),
                                                      f"Bearer {self.server.token}".encode()):
            raise Refused(HTTPStatus.UNAUTHORIZED, "Open the address that `autograder review` has printed.")
        status, found = (HTTPStatus.OK, self.server.sheet()) if method == "GET" else self.server.mark(self._body())
        return status, _json(found), "application/json"

    def _body(self) -> dict[str, Any]:
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.get("Transfer-Encoding") or len(lengths) != 1 or not (
                lengths[0].isascii() and lengths[0].isdigit()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "The length of a mark has to be known.")
        if len(lengths[0]) > 9 or int(lengths[0]) > LARGEST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A mark has at most {LARGEST_BODY:,} bytes.")
        if self.headers.get("Content-Type") != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A mark is JSON.")
        try:
            found = json.loads(self.rfile.read(int(lengths[0])))
        except (ValueError, RecursionError, TimeoutError):
            found = None
        if not isinstance(found, dict) or not found.keys() <= _KEYS or not isinstance(found.get("group"), str):
            raise Refused(HTTPStatus.BAD_REQUEST, f"A mark is a JSON object with {', '.join(sorted(_KEYS))}.")
        return found

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.close_connection = True
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        # Whoever still sends what is not read must not lose the answer: closing at once would reset the connection.
        self.connection.shutdown(socket.SHUT_WR)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request, or another method, like everything else: nothing of the request comes back."""
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else HTTPStatus(code)
        self._send(status, _json({"message": status.phrase}), "application/json")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on the terminal, where progress is shown."""


def _file(name: str) -> bytes:
    return (resources.files("autograder.pipeline.review") / "page" / name).read_bytes()


def _json(found: object) -> bytes:
    return json.dumps(found, ensure_ascii=True).encode()


def _parse(wanted: dict[str, Any]) -> Mark:
    """Return the mark of a request.

    Raises:
        Refused: a field of another kind than it has to be.
    """
    points, ticked, words = wanted.get("points"), wanted.get("ticked", []), wanted.get("words", "")
    is_number = isinstance(points, int | float) and not isinstance(points, bool) and abs(points) < 1e6
    if not (points is None or is_number) or not isinstance(words, str) or not isinstance(ticked, list) or not all(
            type(line) is int for line in ticked[:100]) or len(ticked) > 100:
        raise Refused(HTTPStatus.BAD_REQUEST, "Points are a number, ticked lines are numbers, a comment is text.")
    return Mark(points=None if points is None else float(points), ticked=tuple(ticked), words=words,
                reopen=wanted.get("reopen") is True)
