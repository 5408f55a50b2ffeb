"""Bytes of a request, read under a limit before anything looks at them. Needs the extra ``serve``."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from autograder.service.refusals import Refused, disk_full

AROUND: Final = 64 << 10
"""Bytes of a form that are not its file."""
DISCARDED: Final = 4
"""A body is read, and thrown away, up to this multiple of the limit, so that a browser can read why it is refused."""
LONGEST: Final = 120.0
"""Seconds for which a body may take to arrive."""
SMALL_FORM: Final = 4 << 10


class _TooLarge(Exception):
    """More bytes came than are accepted."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a form of ours sent."""

    token: str
    notebook: bytes | None


async def read_bytes(request: Request, limit: int) -> bytes:
    """Return the body of a request that is a file itself.

    Args:
        limit: bytes.

    Raises:
        Refused: it is larger, or takes too long.
    """
    _check_length(request, limit, limit)
    found = bytearray()
    try:
        async with asyncio.timeout(LONGEST):
            async for piece in _bounded(request, limit).stream():
                found += piece
    except _TooLarge:
        raise await _too_large(request, limit) from None
    except (TimeoutError, ClientDisconnect):
        raise _too_slow() from None
    return bytes(found)


async def read_form(request: Request, limit: int) -> Form:
    """Return the one file and the token of a form.

    Args:
        limit: bytes of the file.

    Raises:
        Refused: it is larger, takes too long, or is no form.
    """
    _check_length(request, limit, limit + AROUND)
    try:
        async with asyncio.timeout(LONGEST), _bounded(request, limit + AROUND).form(
                max_files=1, max_fields=4, max_part_size=SMALL_FORM) as form:
            return await _of(form, limit)
    except _TooLarge:
        raise await _too_large(request, limit) from None
    except (TimeoutError, ClientDisconnect):
        raise _too_slow() from None
    except OSError:
        raise disk_full() from None  # a large form is kept on disk while it arrives
    except (HTTPException, MultiPartException, UnicodeDecodeError, KeyError, ValueError):
        raise Refused(HTTPStatus.BAD_REQUEST, "One notebook was expected, sent by the form of this service, but this "
                                              "is something else: load the page again and choose one file.") from None


async def _of(form: FormData, limit: int) -> Form:
    token, chosen = form.get("token"), form.get("notebook")
    data = await chosen.read() if isinstance(chosen, UploadFile) else None
    if data is not None and len(data) > limit:
        raise _sentence(limit)
    return Form(token=token if isinstance(token, str) else "", notebook=data)


def check_notebook(data: bytes) -> None:
    """Refuse what cannot be a notebook at a glance; whether it is a usable one is found out where it is collected.

    Raises:
        Refused: one sentence for the student.
    """
    begin = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not data:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "A notebook was expected, but the file is empty: choose the "
                                                       ".ipynb of this assignment, and save it in Jupyter first.")
    if data.startswith(b"PK"):
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A notebook was expected, but this is a zip: unpack it and "
                                                         "hand in the .ipynb of this assignment.")
    if not begin.startswith(b"{"):
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "A notebook was expected, but this is another kind of file: "
                                                         "choose the .ipynb of this assignment.")


def _check_length(request: Request, limit: int, whole: int) -> None:
    lengths = request.headers.getlist("content-length")
    if len(lengths) > 1 or (lengths and not (lengths[0].isascii() and lengths[0].isdigit() and len(lengths[0]) < 20)):
        raise Refused(HTTPStatus.BAD_REQUEST, "The length of an upload is one number.")
    if lengths and int(lengths[0]) > whole * DISCARDED:
        raise _sentence(limit)


def _bounded(request: Request, limit: int) -> Request:
    """Return the request with a body that ends with an error at its limit."""
    count = 0

    async def receive() -> Message:
        nonlocal count
        message = await request.receive()
        count += len(message.get("body", b""))
        if count > limit:
            request.scope["upload-ended"] = not message.get("more_body", False)
            raise _TooLarge
        return message

    return Request(request.scope, receive)


async def _too_large(request: Request, limit: int) -> Refused:
    """Read on for a while, and return the refusal."""
    left = limit * (DISCARDED - 1)
    ended = bool(request.scope.get("upload-ended"))
    try:
        async with asyncio.timeout(LONGEST):
            while left > 0 and not ended:
                message = await request.receive()
                left -= len(message.get("body", b""))
                ended = message["type"] != "http.request" or not message.get("more_body", False)
    except TimeoutError:
        pass
    return _sentence(limit)


def _sentence(limit: int) -> Refused:
    size = f"{limit / 2**20:g} MiB"
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A notebook of at most {size} is accepted, but this file is "
                                                        "larger: clear its outputs and hand it in again.")


def _too_slow() -> Refused:
    return Refused(HTTPStatus.REQUEST_TIMEOUT, f"The file did not arrive within {LONGEST:g} seconds: hand it in again.")

