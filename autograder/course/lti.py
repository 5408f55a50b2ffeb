"""How scores reach a learning platform: the `lti` section of ``course.yml``. Pure."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from autograder.model import Value

_LONGEST: Final = 2000
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of a URL.

    Raises:
        ValueError: the port is no number.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or (443 if scheme == "https" else 80)


def is_secure(url: str) -> bool:
    """Whether a token may be sent to a URL: HTTPS, or this machine, without a password or a fragment in it."""
    try:
        parts = urlsplit(url)
        scheme, host, _ = origin(url)
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and not set(url) & set(" \\\"<>")
    return (plain and len(url) <= _LONGEST and bool(host) and parts.username is None and parts.password is None
            and not parts.fragment and (scheme == "https" or (scheme == "http" and is_loopback(url))))


def _url(text: str) -> str:
    if not is_secure(text):
        raise ValueError("an address with https:// (http:// only for this machine), without a password or #")
    return text


def _word(text: str) -> str:
    if not text.isascii() or not text.isprintable() or text != text.strip():
        raise ValueError("text without spaces around it and without characters beyond ASCII, as the platform shows it")
    return text


Url = Annotated[str, AfterValidator(_url)]
Word = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_word)]


class Lti(Value):
    """A platform that takes scores by LTI 1.3, and the course on it."""

    issuer: Word = Field(description="the platform's issuer, as it shows it where the tool was registered")
    client_id: Word = Field(description="the id that the platform gave the tool")
    token_url: Url = Field(description="where access tokens come from")
    audience: Word | None = Field(default=None, description="whom the signed request for a token is for, where the "
                                  "platform documents another one; left out: `token_url`")
    key_file: Word = Field(description="the tool's private RSA key (PEM), which only you may read; a relative path "
                                       "begins in the course folder")
    key_id: Word | None = Field(default=None, description="the key's id (`kid`) in the key set that the platform knows")
    lineitems_url: Url = Field(description="the course's columns (Assignment and Grade Services, `lineitems`)")
    members_url: Url = Field(description="the course's members (Names and Role Provisioning Services, "
                                         "`context_memberships_url`)")
