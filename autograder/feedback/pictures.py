"""Pictures of a notebook as data URIs: shown only when they match their type and are of a safe size."""

from __future__ import annotations

import base64

from autograder.safe.images import JPEG, LONGEST_IMAGE, PNG, packed

SVG = "image/svg+xml"
_PACKED = (PNG, JPEG)
TYPES = (*_PACKED, SVG)
"""Types that can be shown, preferred first."""


def data_uri(mime: str, content: str) -> str:
    """Return a picture of a notebook's output as a data URI, or nothing when it must not be shown.

    Args:
        mime: one of ``TYPES``.
        content: base64 text, of an SVG drawing its source.
    """
    if mime == SVG:
        return _drawing(content)
    kept = packed(mime, content)
    return f"data:{mime};base64,{kept}" if kept else ""


def _drawing(source: str) -> str:
    """An SVG drawing is shown as a picture: in an ``img`` its scripts do not run and nothing is loaded."""
    packed = base64.b64encode(source.encode("utf-8", "replace")).decode()
    # Nested entities can grow without bound; matplotlib's drawings have none.
    if len(packed) > LONGEST_IMAGE or "<svg" not in source[:4_000] or "<!ENTITY" in source.upper():
        return ""
    return f"data:{SVG};base64,{packed}"
