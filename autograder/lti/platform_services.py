"""Members, columns and scores of a course on a platform: the services of LTI Advantage that a tool calls itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from autograder.artifacts import jsonguard
from autograder.course import Lti
from autograder.course.lti import origin
from autograder.errors import ArtifactError, PlatformError, PlatformUnreachable
from autograder.lms import lti_members, lti_scores
from autograder.lms.lti_members import Member, read_members
from autograder.lms.lti_scores import Column, read_column, read_columns
from autograder.lti.access_token import Token, read_token, token_request
from autograder.lti.bounded_http import LARGEST, PASSING, Answer, BoundedHttp, Request, place
from autograder.lti.signing_key import read_key

MOST_PAGES: Final = 200
MOST_MEMBERS: Final = 50_000


@dataclass(kw_only=True)
class PlatformServices:
    """The services of one course on a platform. The token stays in here."""

    settings: Lti
    key: RSAPrivateKey = field(repr=False)
    http: BoundedHttp = field(repr=False)
    clock: Callable[[], float] = time.time
    _token: Token | None = field(default=None, repr=False)

    def members(self) -> list[Member]:
        """Return the active learners of the course.

        Raises:
            PlatformError: they cannot be read.
        """
        found: list[Member] = []
        for document in self._pages(self.settings.members_url, lti_members.MEDIA_TYPE):
            found += read_members(document)
            if len(found) > MOST_MEMBERS:
                raise PlatformError(f"The platform names more than {MOST_MEMBERS} members: check `members_url` in "
                                    "course.yml.")
        return found

    def columns(self) -> list[Column]:
        """Return the columns of the course that the tool may see.

        Raises:
            PlatformError: they cannot be read.
        """
        return [column for document in self._pages(self.settings.lineitems_url, lti_scores.COLUMNS_TYPE)
                for column in read_columns(document)]

    def create_column(self, document: dict[str, Any]) -> Column:
        """Create a column, never twice by one call.

        Raises:
            PlatformError: the platform refused.
        """
        answer = self._called("POST", self.settings.lineitems_url, lti_scores.COLUMN_TYPE, lambda: document, attempts=1)
        self._require(answer, self.settings.lineitems_url)
        column = read_column(_document(answer, self.settings.lineitems_url))
        if column is None:
            raise PlatformError("Expected the new column's address, but the platform's answer has none: run the same "
                                "command again.")
        return column

    def send_score(self, column: Column, make: Callable[[], dict[str, Any]]) -> None:
        """Send one score.

        Args:
            make: makes the document, each time that it is sent: each needs a later time.

        Raises:
            PlatformError: the platform refused.
        """
        url = lti_scores.scores_url(column.url)
        self._require_origin(url, self.settings.lineitems_url)
        self._require(self._called("POST", url, lti_scores.SCORE_TYPE, make), url)

    def _pages(self, url: str, media_type: str) -> Iterator[Any]:
        first, seen = url, set[str]()
        for _ in range(MOST_PAGES):
            seen.add(url)
            answer = self._called("GET", url, media_type)
            self._require(answer, url)
            yield _document(answer, url)
            if answer.following is None:
                return
            url = answer.following
            self._require_origin(url, first)
            if url in seen:
                raise PlatformError(f"The pages of {place(first)} lead in a circle: tell the platform's operator.")
        raise PlatformError(f"{place(first)} has more than {MOST_PAGES} pages: check the addresses of `lti` in "
                            "course.yml.")

    def _called(self, method: str, url: str, media_type: str, make: Callable[[], dict[str, Any]] | None = None,
                **limits: int) -> Answer:
        """Return the answer of a service; a token that is not accepted any more is replaced once."""
        def request() -> Request:
            headers = {"Authorization": f"Bearer {self._access()}"}
            if make is None:
                return Request(method=method, url=url, headers={**headers, "Accept": media_type})
            return Request(method=method, url=url, headers={**headers, "Content-Type": media_type},
                           content=json.dumps(make()).encode())

        answer = self.http.send(request, **limits)
        if answer.status == 401:
            self._token = None
            answer = self.http.send(request, **limits)
        return answer

    def _access(self) -> str:
        if self._token is None or self.clock() >= self._token.until:
            self._token = self._new_token()
        return self._token.value

    def _new_token(self) -> Token:
        url = self.settings.token_url
        answer = self.http.send(lambda: token_request(self.settings, self.key, self.clock()))
        self._require(answer, url)
        return read_token(_document(answer, url), self.settings, self.clock())

    def _require(self, answer: Answer, url: str) -> None:
        if answer.accepted:
            return
        advice = {
            400: "the platform does not accept the request: check `client_id`, `audience` and `key_id`",
            401: "the platform does not accept the tool: check `client_id`, `key_file` and `key_id`",
            403: "the tool may not do this: allow it where the tool is registered",
            404: "there is nothing at this address: check the addresses",
            409: "the platform has a newer score: check this machine's clock",
        }.get(answer.status, "run the same command again later")
        kind = PlatformUnreachable if answer.status in PASSING else PlatformError
        raise kind(f"{place(url)} answered {answer.status}{self._reason(answer)}; {advice}.")

    def _reason(self, answer: Answer) -> str:
        """Return the short reason that a standard answer carries, never a token that it may repeat."""
        try:
            document = jsonguard.parse(answer.content, limit=LARGEST)
        except ArtifactError:
            return ""
        found = document if isinstance(document, dict) else {}
        named = [found[key] for key in ("error", "error_description", "title") if isinstance(found.get(key), str)]
        text = " ".join(": ".join(named).split())[:200]
        if self._token is not None and self._token.value[:12] in text:
            return ""
        return f" ({''.join(sign for sign in text if sign.isprintable())})" if text and "eyJ" not in text else ""

    @staticmethod
    def _require_origin(url: str, known: str) -> None:
        try:
            same = origin(url) == origin(known)
        except ValueError:
            same = False
        if not same:
            raise PlatformError(f"The platform named an address on another host ({place(url)}), to which no token is "
                                "sent: check the addresses of `lti` in course.yml.")


@contextmanager
def connect(settings: Lti, course: Path) -> Iterator[PlatformServices]:
    """Yield the services of the platform that course.yml names.

    Args:
        course: the folder of the course, in which a relative `key_file` begins.

    Raises:
        CourseError: the private key cannot be used.
    """
    key = read_key(course / Path(settings.key_file).expanduser())
    with BoundedHttp() as http:
        yield PlatformServices(settings=settings, key=key, http=http)


def _document(answer: Answer, url: str) -> Any:
    try:
        return jsonguard.parse(answer.content, limit=LARGEST)
    except ArtifactError as error:
        raise PlatformError(f"{place(url)} did not answer as the standard says ({error}); check the addresses of `lti` "
                            "in course.yml.") from None
