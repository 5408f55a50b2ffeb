"""A small learning platform, written from the specifications: tokens, members, columns and scores.

1EdTech: Security Framework 1.0 (client assertions), Names and Role Provisioning Services 2.0, Assignment and Grade
Services 2.0. It is as strict as a platform may be, and remembers everything that it was sent.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

LINEITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
PROGRESS = {"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"}
ACTIVITY = {"Initialized", "Started", "InProgress", "Submitted", "Completed"}

Reply = tuple[int, Any, dict[str, str]]


@dataclass
class Platform:
    """The platform's data, and how it shall misbehave."""

    public_key: Any
    client_id: str = "tool-7"
    members: list[dict[str, Any]] = field(default_factory=list)
    columns: list[dict[str, Any]] = field(default_factory=list)
    page: int = 2
    url: str = ""
    scores: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Every score that was accepted, with the path of its column."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, set[str]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    refused_scopes: set[str] = field(default_factory=set)
    before: Callable[[str, str], Reply | None] | None = None
    """Called with method and path; what it returns is answered in place of the right answer."""

    def column_url(self, number: int) -> str:
        """Return the address of a column, which has a question mark as Moodle's have."""
        return f"{self.url}/lineitems/{number}/lineitem?type_id=2"

    def add_column(self, resource: str, most: float, label: str = "A column") -> str:
        url = self.column_url(len(self.columns) + 1)
        self.columns.append({"id": url, "label": label, "scoreMaximum": most, "resourceId": resource})
        return url

    def of(self, user: str) -> list[dict[str, Any]]:
        """Return the scores of one user, oldest first."""
        return [body for _, body in self.scores if body["userId"] == user]

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        path = urlsplit(target).path
        self.requests.append((method, target))
        if self.before is not None and (reply := self.before(method, path)) is not None:
            return reply
        if path == "/token":
            return self._token(method, headers, body)
        allowed = self.tokens.get((headers.get("Authorization") or "").removeprefix("Bearer "))
        if allowed is None:
            return 401, {"error": "invalid_token"}, {}
        if method == "GET" and path == "/members" and MEMBERS in allowed:
            return self._members(target, headers)
        if path == "/lineitems" and LINEITEM in allowed:
            return self._columns(method, target, headers, body)
        if method == "POST" and path.endswith("/lineitem/scores") and SCORE in allowed:
            return self._score(target, headers, body)
        return 404, {"error": "not_found"}, {}

    def _token(self, method: str, headers: Any, body: bytes) -> Reply:
        form = {key: values[0] for key, values in parse_qs(body.decode(), strict_parsing=True).items()}
        if method != "POST" or headers["Content-Type"] != "application/x-www-form-urlencoded":
            return 400, {"error": "invalid_request"}, {}
        if form["grant_type"] != "client_credentials" or form["client_assertion_type"] != (
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"):
            return 400, {"error": "unsupported_grant_type"}, {}
        try:
            claims = jwt.decode(form["client_assertion"], self.public_key, algorithms=["RS256"],
                                audience=f"{self.url}/token",
                                options={"require": ["iss", "sub", "aud", "iat", "exp", "jti"]})
        except jwt.InvalidTokenError as error:
            return 401, {"error": "invalid_client", "error_description": type(error).__name__}, {}
        if {claims["iss"], claims["sub"]} != {self.client_id} or claims["exp"] - claims["iat"] > 3600:
            return 401, {"error": "invalid_client"}, {}
        if claims["jti"] in self.used:
            return 401, {"error": "invalid_client", "error_description": "jti was used before"}, {}
        self.used.add(claims["jti"])
        scopes = set(form["scope"].split()) - self.refused_scopes
        token = secrets.token_urlsafe(32)
        self.tokens[token] = scopes
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": " ".join(scopes)}, {}

    def _members(self, target: str, headers: Any) -> Reply:
        if headers["Accept"] != "application/vnd.ims.lti-nrps.v2.membershipcontainer+json":
            return 406, {}, {}
        part, more = self._part(target, self.members)
        return 200, {"id": f"{self.url}/members", "context": {"id": "c1"}, "members": part}, more

    def _columns(self, method: str, target: str, headers: Any, body: bytes) -> Reply:
        if method == "GET":
            if headers["Accept"] != "application/vnd.ims.lis.v2.lineitemcontainer+json":
                return 406, {}, {}
            part, more = self._part(target, self.columns)
            return 200, part, more
        if headers["Content-Type"] != "application/vnd.ims.lis.v2.lineitem+json":
            return 415, {}, {}
        document = json.loads(body)
        if not document.get("label") or not document.get("scoreMaximum", 0) > 0 or "id" in document:
            return 400, {}, {}
        url = self.add_column(document.get("resourceId", ""), document["scoreMaximum"], document["label"])
        return 201, {**document, "id": url}, {}

    def _score(self, target: str, headers: Any, body: bytes) -> Reply:
        if headers["Content-Type"] != "application/vnd.ims.lis.v1.score+json":
            return 415, {}, {}
        column = f"{self.url}{target.replace('/scores', '')}"
        if column not in [one["id"] for one in self.columns]:
            return 404, {}, {}
        document = json.loads(body)
        if document["gradingProgress"] not in PROGRESS or document["activityProgress"] not in ACTIVITY:
            return 400, {}, {}
        if "scoreGiven" in document and not (document["scoreGiven"] >= 0 and document["scoreMaximum"] > 0):
            return 400, {}, {}
        if document["userId"] not in [member["user_id"] for member in self.members]:
            return 404, {"error": "no such user"}, {}
        moment = datetime.fromisoformat(document["timestamp"])
        earlier = [datetime.fromisoformat(one["timestamp"]) for place, one in self.scores
                   if place == column and one["userId"] == document["userId"]]
        if moment.tzinfo is None or "." not in document["timestamp"]:
            return 400, {"error": "timestamp without a zone or fractions of a second"}, {}
        if earlier and moment <= max(earlier):
            return 409, {}, {}
        self.scores.append((column, document))
        return 200, {"resultUrl": f"{self.url}/results/1"}, {}

    def _part(self, target: str, entries: list[Any]) -> tuple[list[Any], dict[str, str]]:
        parts = urlsplit(target)
        start = int(parse_qs(parts.query).get("from", ["0"])[0])
        end = start + self.page
        link = f'<{self.url}{parts.path}?from={end}>; rel="next", <{self.url}{parts.path}>; rel="first"'
        return entries[start:end], {"Link": link} if end < len(entries) else {}


@contextmanager
def serve(platform: Platform) -> Iterator[Platform]:
    """Serve a platform on a port of this machine."""
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet: otherwise each answer waits for the client's confirmation

        def do_GET(self) -> None:
            self.reply()

        def do_POST(self) -> None:
            self.reply()

        def reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, document, headers = platform.answer(self.command, self.path, self.headers, body)
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)),
                                **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        platform.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield platform
        finally:
            server.shutdown()
            thread.join()


def member(user: str, email: str = "", source: str = "", **more: Any) -> dict[str, Any]:
    """Return an entry of a membership container."""
    return {"status": "Active", "user_id": user, "email": email, "lis_person_sourcedid": source, "roles": [LEARNER],
            **more}


def wait_a_little() -> None:
    """Let the clock move to the next millisecond."""
    time.sleep(0.002)
