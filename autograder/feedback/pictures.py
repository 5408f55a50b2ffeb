"""Pictures of a notebook as data URIs: shown only when they are what they say, and of a size that a browser bears."""

from __future__ import annotations

import base64
import binascii

LONGEST_IMAGE = 4 << 20
MOST_PIXELS = 40_000_000
"""More would take a reader's browser 160 MB for one picture; a few kilobytes can claim billions."""
PNG, JPEG, SVG = "image/png", "image/jpeg", "image/svg+xml"
_MAGIC = {PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}
_PACKED = tuple(_MAGIC)
TYPES = (*_PACKED, SVG)
"""What can be shown, best first."""


def data_uri(mime: str, content: str) -> str:
    """Return a picture of a notebook's output as a data URI, or nothing when it must not be shown.

    Args:
        mime: one of ``TYPES``.
        content: base64 text, of an SVG drawing its source.
    """
    return _drawing(content) if mime == SVG else _image(mime, content)


def _image(mime: str, encoded: str) -> str:
    packed = "".join(encoded.split())
    try:
        content = base64.b64decode(packed, validate=True) if len(packed) <= LONGEST_IMAGE else b""
    except (binascii.Error, ValueError):
        return ""
    width, height = _png_size(content) if mime == PNG else _jpeg_size(content)
    right = content.startswith(_MAGIC[mime]) and 0 < width * height <= MOST_PIXELS
    return f"data:{mime};base64,{packed}" if right else ""


def _drawing(source: str) -> str:
    """An SVG drawing is shown as a picture: in an ``img`` no script of it runs and nothing is loaded."""
    packed = base64.b64encode(source.encode("utf-8", "replace")).decode()
    # Entities that hold entities can grow without bound; matplotlib's drawings have none.
    if len(packed) > LONGEST_IMAGE or "<svg" not in source[:4_000] or "<!ENTITY" in source.upper():
        return ""
    return f"data:{SVG};base64,{packed}"


def _png_size(content: bytes) -> tuple[int, int]:
    """Return width and height from the header, which the format puts first (PNG specification, 11.2.1)."""
    if content[12:16] != b"IHDR":
        return 0, 0
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Return width and height from the frame header: segments are walked until one starts a frame (ITU T.81, B.2.2)."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        # 0xFF may be repeated before a marker as filling.
        place += 1 if marker == 0xFF else 2 + max(int.from_bytes(content[place + 2 : place + 4]), 2)
    return 0, 0
