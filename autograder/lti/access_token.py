"""Access tokens of a platform (OAuth 2.0 client credentials, as the 1EdTech Security Framework says); never shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from autograder.course import Lti
from autograder.errors import PlatformError
from autograder.lti.bounded_http import Request, place
from autograder.lti.signing_key import signed_request

_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/scope"
SCOPES: Final = (f"{_AGS}/lineitem", f"{_AGS}/score",
                 "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly")
"""What the tool needs: columns, scores, and reading the members."""
_LONGEST: Final = 16_384
_SECONDS: Final = 3600  # that a token is valid where the platform does not say
_EARLY: Final = 60  # seconds before its end that a token is no longer used


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token, and until when it is used, in seconds since 1970."""

    value: str = field(repr=False)
    until: float


def token_request(settings: Lti, key: RSAPrivateKey, now: float) -> Request:
    """Return the request for a token."""
    form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION, "scope": " ".join(SCOPES),
            "client_assertion": signed_request(settings, key, now)}
    return Request(method="POST", url=settings.token_url, content=urlencode(form).encode(), headers={
        "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"})


def read_token(document: Any, settings: Lti, now: float) -> Token:
    """Return the token of a platform's answer.

    Raises:
        PlatformError: there is none, or it does not allow what is needed.
    """
    value = document.get("access_token") if isinstance(document, dict) else None
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isascii() or not value.isprintable():
        raise PlatformError(f"Expected an access token from {place(settings.token_url)}, but the answer has none: "
                            "check `token_url` in course.yml.")
    granted = document.get("scope")
    missing = [scope for scope in SCOPES if scope not in granted.split()] if isinstance(granted, str) else []
    if missing:
        raise PlatformError(f"The platform did not allow {', '.join(missing)}: allow it where the tool is "
                            "registered.")
    seconds = document.get("expires_in")
    valid = float(seconds) if isinstance(seconds, int | float) and 0 < seconds < 1e6 else _SECONDS
    return Token(value=value, until=now + max(valid - _EARLY, valid / 2))
