"""The tool's private key: read where nobody else can read it, used to sign requests for tokens."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from autograder.course import Lti
from autograder.errors import CourseError

_LARGEST: Final = 64 << 10
_FEWEST_BITS: Final = 2048
_SECONDS: Final = 300  # that a signed request is valid
_SKEW: Final = 5  # seconds by which a platform's clock may be behind ours


def read_key(path: Path) -> RSAPrivateKey:
    """Return the private key.

    Raises:
        CourseError: it cannot be read, others can read it, or it is no RSA key of at least 2048 bits.
    """
    try:
        with path.open("rb") as stream:
            found = os.fstat(stream.fileno())
            _require_private(path, found)
            data = stream.read(_LARGEST + 1)
    except OSError as error:
        raise CourseError(f"The private key of `lti` in course.yml cannot be read ({path}: {error.strerror}); correct "
                          "`key_file`.") from None
    try:
        key = load_pem_private_key(data, password=None) if len(data) <= _LARGEST else None
    except (ValueError, TypeError, _unsupported()):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _FEWEST_BITS:
        raise CourseError(f"{path} must be a private RSA key of at least {_FEWEST_BITS} bits in PEM form without a "
                          "password, but is not: make one with `openssl genrsa -out FILE 3072`.")
    return key


def _require_private(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise CourseError(f"{path} must be a file with a private key, but is something else: correct `key_file`.")
    if found.st_mode & 0o077 or found.st_uid not in (os.geteuid(), 0):
        raise CourseError(f"Only you may be able to read the private key {path}, but others can: run "
                          f"`chmod 600 {path}` as its owner, and replace the key if somebody may have read it.")


def _unsupported() -> type[Exception]:
    from cryptography.exceptions import UnsupportedAlgorithm

    return UnsupportedAlgorithm


def signed_request(settings: Lti, key: RSAPrivateKey, now: float) -> str:
    """Return the signed statement of who we are, valid once and for five minutes.

    Args:
        now: seconds since 1970.
    """
    issued = int(now) - _SKEW
    claims = {"iss": settings.client_id, "sub": settings.client_id, "aud": settings.audience or settings.token_url,
              "iat": issued, "exp": issued + _SECONDS, "jti": secrets.token_urlsafe(24)}
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": settings.key_id} if settings.key_id else None)
