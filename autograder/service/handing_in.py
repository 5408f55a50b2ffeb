"""`autograder submit`: hands a notebook in from a server of the hub, with the token that the hub gave to it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from autograder.course import is_assignment_id
from autograder.errors import HubError, SubmissionError
from autograder.notebook import read

ADDRESS: Final = "AUTOGRADER_SERVICE_URL"
TOKEN: Final = "JUPYTERHUB_API_TOKEN"  # noqa: S105 - the name of a variable
PATIENCE: Final = 60.0
LARGEST_NOTEBOOK: Final = 1024.0  # the service knows its limit, and says it
LARGEST_ANSWER: Final = 4 << 20
ARRIVED: Final = "arrived"


@dataclass(frozen=True, kw_only=True)
class Service:
    """Where the service is, and who asks."""

    url: str
    token: str = field(repr=False)


def find_service(variables: Mapping[str, str], url: str | None = None) -> Service:
    """Return the service of this hub.

    Args:
        variables: the environment of the student's server.
        url: its address, where the environment does not have it.

    Raises:
        HubError: the token or the address is missing or unusable.
    """
    token, address = variables.get(TOKEN, ""), url or variables.get(ADDRESS, "")
    if not token:
        raise HubError(f"The token of a JupyterHub was expected in {TOKEN}, but it is not set: run this command in a "
                       "terminal or a notebook of your server at the hub.")
    if not address:
        raise HubError(f"The address of the service was expected in {ADDRESS}, but it is not set: give it with --to, "
                       "such as --to https://hub.example.org/services/autograder/, or ask your teacher for it.")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise HubError(f"The address of the service begins with http:// or https://, but is {address[:120]!r}: correct "
                       "it.")
    return Service(url=address.rstrip("/"), token=token)


def read_upload(path: Path, assignment: str | None) -> tuple[str, bytes]:
    """Return the assignment that a notebook answers, and its bytes.

    Args:
        assignment: where a person said it; None: the notebook's own metadata or its name say it.

    Raises:
        SubmissionError: the file cannot be read, or does not say which assignment it answers.
        NotebookError: it is no notebook.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SubmissionError(f"A notebook was expected, but {path} cannot be read ({error.strerror}): name your "
                              ".ipynb.") from None
    notebook = read(data, path.name, limit_mib=LARGEST_NOTEBOOK)
    own = notebook.get("metadata", {}).get("autograder", {})
    named = assignment or (own.get("assignment") if isinstance(own, dict) else None) or path.stem
    if not isinstance(named, str) or not is_assignment_id(named):
        raise SubmissionError(f"{path.name} does not say which assignment it answers: name it with --assignment.")
    return named, data


class HandIn:
    """The conversation with a service about one assignment."""

    def __init__(self, service: Service, assignment: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self._url = f"{service.url}/api/hand-ins/{assignment}"
        # No redirect is followed: the token is for this address only.
        self._client = httpx.Client(headers={"Authorization": f"token {service.token}"}, timeout=PATIENCE,
                                    follow_redirects=False, transport=transport)

    def send(self, data: bytes) -> dict[str, Any]:
        """Hand a notebook in, and return receipt, time and whether it is late.

        Raises:
            SubmissionError: the service refused it, with its own sentence.
            HubError: the service cannot be reached.
        """
        return self._asked("POST", content=data)

    def look(self) -> dict[str, Any]:
        """Return the assignment as the service sees it; raises as `send`."""
        return self._asked("GET")

    def wait(self, receipt: str, *, until_graded: bool, seconds: float, pause: float = 1.0) -> dict[str, Any]:
        """Return the assignment once an upload was looked at, or graded; or as it is when the time is over.

        Raises:
            SubmissionError: the service refused to answer.
            HubError: the service cannot be reached.
        """
        end = time.monotonic() + seconds
        while True:
            work = self.look()
            if is_done(work, receipt, until_graded=until_graded) or time.monotonic() >= end:
                return work
            time.sleep(pause)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _asked(self, method: str, content: bytes | None = None) -> dict[str, Any]:
        try:
            answer = self._client.request(method, self._url, content=content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise HubError(f"The service was expected at {self._url}, but does not answer ({error}): check the "
                           "address, or try again in a minute.") from None
        try:
            found = answer.json() if len(answer.content) <= LARGEST_ANSWER else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise HubError(f"The service was expected at {self._url}, but something else answers there (status "
                           f"{answer.status_code}): check the address.")
        if answer.is_error:
            raise SubmissionError(str(found.get("message", answer.reason_phrase))[:1000])
        return found


def is_done(work: Mapping[str, Any], receipt: str, *, until_graded: bool) -> bool:
    """Whether an upload was looked at, or what became of it is known: graded, refused, or kept without counting."""
    upload = find_upload(work, receipt)
    if upload is None or upload["state"] == ARRIVED:
        return False
    if not until_graded or not upload["counts"]:
        return True
    graded = (work.get("result") or {}).get("upload") == receipt
    return work.get("place") is None and (graded or bool(work.get("message")))


def find_upload(work: Mapping[str, Any], receipt: str) -> dict[str, Any] | None:
    """Return the newest upload with a receipt."""
    return next((one for one in work.get("uploads", ()) if one.get("receipt") == receipt), None)
