"""The sheet's server under attack: only its own page, with the token, reads or writes anything."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.pipeline.review.marking import Conflict, Mark
from autograder.pipeline.review.sheet_server import LARGEST_BODY, MOST_CONNECTIONS, PAGES, SheetServer

SECRET = "<script>alert(1)</script> the answer of ada"


@dataclass
class FakeReview:
    """What the server asks of a review; it writes down the marks and the threads that gave them."""

    marked: list[Mark] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    error: Exception | None = None
    assignment: str = "tiny"
    title: str = "Tiny"
    anonymous: bool = False
    waiting: tuple[str, ...] = ()

    @property
    def questions(self) -> list[Any]:
        return [SimpleNamespace(task="why", title="Why", points=4.0, prompt="Why?", model="Because.", rubric=())]

    def groups(self, task: str) -> list[Any]:
        self.threads.add(threading.get_ident())
        return [SimpleNamespace(id="g1", task=task)]

    def described(self, task: str) -> list[dict[str, Any]]:
        return [{"id": "g1", "text": SECRET}]

    def load(self, reporter: object) -> None:
        self.error = None

    def mark(self, group: Any, mark: Mark) -> None:
        if self.error is not None:
            raise self.error
        self.marked.append(mark)


@pytest.fixture
def server() -> Iterator[SheetServer]:
    """A server of a fake review."""
    with ThreadPoolExecutor(1) as worker, SheetServer(FakeReview(), worker, port=0) as made:  # type: ignore[arg-type]
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


MARK = json.dumps({"group": "g1", "points": 3, "ticked": [], "words": "Good."})


def ask(server: SheetServer, method: str = "POST", path: str = "/api/mark", body: Any = MARK,
        **changed: str | None) -> tuple[int, dict[str, str], str]:
    """Send what the page sends, with changed headers; None leaves one out."""
    own = f"127.0.0.1:{server.server_port}"
    headers = {"Host": own, "Origin": f"http://{own}", "Authorization": f"Bearer {server.token}",
               "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    headers |= {name.replace("_", "-"): value for name, value in changed.items()}
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    content = body.encode() if isinstance(body, str) else body
    if content and "Content_Length" not in changed:
        headers["Content-Length"] = str(len(content))
    for name, value in headers.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders(content or None)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read().decode()
    connection.close()
    return found


def raw(server: SheetServer, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(65536):
            found += part
    return found


def test_its_own_page_reads_and_writes(server: SheetServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert len(server.token) >= 43 and server.address.endswith(f"/#{server.token}")
    status, _, body = ask(server, "GET", "/api/sheet", body=None)
    assert status == 200 and json.loads(body)["questions"][0]["groups"][0]["text"] == SECRET
    assert "<script>" in body and ask(server)[0] == 200
    assert server.review.marked == [Mark(points=3.0, words="Good.")]  # type: ignore[attr-defined]
    own = f"localhost:{server.server_port}"
    assert ask(server, Host=own, Origin=f"http://{own}")[0] == 200


ATTACKS: dict[str, tuple[int, dict[str, Any]]] = {
    "no token": (401, {"Authorization": None}),
    "another token": (401, {"Authorization": "Bearer " + "A" * 43}),
    "an empty token": (401, {"Authorization": "Bearer "}),
    "the token as a password": (401, {"Authorization": "Basic OnRva2Vu"}),
    "a token of odd letters": (401, {"Authorization": "Bearer \xe9\xff"}),
    "another origin": (403, {"Origin": "http://evil.example"}),
    "the same host, another port": (403, {"Origin": "http://127.0.0.1:1"}),
    "the other name of the same host": (403, {"Origin": "http://localhost:1"}),
    "a file's origin": (403, {"Origin": "null"}),
    "no origin": (403, {"Origin": None}),
    "another site, as the browser says": (403, {"Sec_Fetch_Site": "cross-site"}),
    "a neighbour, as the browser says": (403, {"Sec_Fetch_Site": "same-site"}),
    "a rebound name": (421, {"Host": "evil.example", "Origin": "http://evil.example"}),
    "a rebound name with the port": (421, {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"}),
    "no host": (421, {"Host": None}),
    "another address of loopback": (421, {"Host": "127.0.0.2:{port}"}),
    "a form of another page": (415, {"Content_Type": "application/x-www-form-urlencoded"}),
    "text that a form can send": (415, {"Content_Type": "text/plain"}),
    "a form with parts": (415, {"Content_Type": "multipart/form-data; boundary=x"}),
    "a form without the page's headers": (403, {"Authorization": None, "Origin": "null",
                                                "Content_Type": "application/x-www-form-urlencoded"}),
    "a huge body": (413, {"body": "x" * (LARGEST_BODY + 1)}),
    "a huge length": (413, {"Content_Length": "9" * 30}),
    "a negative length": (411, {"Content_Length": "-1"}),
    "no length": (411, {"Content_Length": None}),
    "a length in other digits": (411, {"Content_Length": "\xb2"}),
    "parts of any size": (411, {"Transfer_Encoding": "chunked"}),
    "no JSON": (400, {"body": "{"}),
    "a list": (400, {"body": "[]"}),
    "too deep": (400, {"body": "[" * 60_000}),
    "unknown fields": (400, {"body": '{"group": "g1", "points": 1, "student": "ada"}'}),
    "no group": (400, {"body": '{"points": 1}'}),
    "points that are none": (400, {"body": '{"group": "g1", "points": "4"}'}),
    "no number": (400, {"body": '{"group": "g1", "points": NaN}'}),
    "without end": (400, {"body": '{"group": "g1", "points": Infinity}'}),
    "yes as points": (400, {"body": '{"group": "g1", "points": true}'}),
    "lines that are none": (400, {"body": '{"group": "g1", "ticked": ["0"]}'}),
    "words that are none": (400, {"body": '{"group": "g1", "words": {}}'}),
    "to read by writing": (405, {"path": "/api/sheet"}),
    "to write by reading": (405, {"method": "GET", "body": None}),
    **{f"method {method}": (405, {"method": method}) for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")},
    **{f"path {path}": (404, {"method": "GET", "path": path, "body": None}) for path in (
        "/sheet.html", "/../../gradebook.db", "/%2e%2e/gradebook.db", "//etc/passwd", "/page/sheet.js", "/api", "/api/",
        "/api/sheet/", "/api/sheet?x", "/API/sheet", "http://evil.example/api/sheet", "/sheet.js%00", "*", "/.")},
}


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_else_does(server: SheetServer, name: str) -> None:
    expected, changed = ATTACKS[name]
    changed = {key: value.format(port=server.server_port) if isinstance(value, str) and "{port}" in value else value
               for key, value in changed.items()}
    status, headers, body = ask(server, **changed)
    assert status == expected
    assert "ada" not in body and server.token not in body + str(headers)
    assert headers["Content-Type"] == "application/json" and set(json.loads(body)) == {"message"}
    assert not [header for header in headers if header.lower().startswith(("access-control", "set-cookie", "location"))]
    assert server.review.marked == []  # type: ignore[attr-defined]


def test_the_page_has_nothing_of_the_class_in_it_and_runs_only_its_own_script(server: SheetServer) -> None:
    for path in PAGES:
        status, headers, body = ask(server, "GET", path, body=None, Authorization=None, Origin=None)
        assert status == 200 and server.token not in body and "ada" not in body.split()
        assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
    page = ask(server, "GET", "/", body=None)[2]
    assert "<script>" not in page and " on" not in page.split("<body>")[1].replace("Only", "").split("<noscript>")[0]
    script = ask(server, "GET", "/sheet.js", body=None)[2]
    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
    assert not [way for way in ways if way in script]


@pytest.mark.parametrize("request_line", [
    b"\x00\x01\x02", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"<script>alert(1)</script> / HTTP/1.1\r\n\r\n",
])
def test_what_is_no_request_gets_no_page_and_nothing_of_itself(server: SheetServer, request_line: bytes) -> None:
    found = raw(server, request_line)
    assert b" 200 " not in found and b"script>" not in found and b"<html" not in found
    assert ask(server)[0] == 200, "it still answers"


def test_connections_that_say_nothing_keep_nobody_out_for_good(server: SheetServer) -> None:
    silent = [socket.create_connection(("127.0.0.1", server.server_port)) for _ in range(MOST_CONNECTIONS + 8)]
    for connection in silent:
        connection.close()
    for _ in range(100):
        try:
            if ask(server)[0] == 200:
                return
        except (ConnectionError, http.client.HTTPException):
            continue
    raise AssertionError("the server does not answer any more")


def test_all_requests_use_the_gradebook_from_one_thread(server: SheetServer) -> None:
    with ThreadPoolExecutor(8) as many:
        assert set(many.map(lambda _: ask(server)[0], range(24))) == {200}
    assert len(server.review.threads) == 1  # type: ignore[attr-defined]


def test_who_is_too_late_gets_the_sheet_as_it_is_now(server: SheetServer) -> None:
    server.review.error = Conflict("The answer of ada was marked by somebody else.")  # type: ignore[attr-defined]
    status, _, body = ask(server)
    found = json.loads(body)
    assert status == 409 and "somebody else" in found["message"] and found["sheet"]["questions"][0]["groups"]
    status, _, body = ask(server, body=json.dumps({"group": "old", "points": 1}))
    assert status == 409 and "Nothing was changed" in body
    server.review.error = ValueError("This question has 0 to 4 points.")  # type: ignore[attr-defined]
    assert ask(server)[0] == 400
