"""Pictures as base64 text: kept only when the content matches the type and the size is safe for a browser."""

from __future__ import annotations

import base64
import binascii

LONGEST_IMAGE = 4 << 20
"""Most characters of base64 text."""
MOST_PIXELS = 40_000_000
"""More would take a reader's browser 160 MB for one picture; a few kilobytes can claim billions."""
PNG, JPEG, GIF = "image/png", "image/jpeg", "image/gif"
_MAGIC = {PNG: (b"\x89PNG\r\n\x1a\n",), JPEG: (b"\xff\xd8\xff",), GIF: (b"GIF87a", b"GIF89a")}
RASTER = tuple(_MAGIC)


def packed(mime: str, encoded: str) -> str:
    """Return a picture as base64 without white space, or nothing when it must not be shown.

    Args:
        mime: one of ``RASTER``.
        encoded: base64 text of any origin.
    """
    if len(encoded) > LONGEST_IMAGE * 2:
        return ""
    text = "".join(encoded.split())
    try:
        content = base64.b64decode(text, validate=True) if len(text) <= LONGEST_IMAGE else b""
    except (binascii.Error, ValueError):
        return ""
    width, height = _SIZES[mime](content)
    right = content.startswith(_MAGIC[mime]) and 0 < width * height <= MOST_PIXELS
    return text if right else ""


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


def _gif_size(content: bytes) -> tuple[int, int]:
    """Return width and height from the logical screen descriptor (GIF89a specification, 18)."""
    return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")


_SIZES = {PNG: _png_size, JPEG: _jpeg_size, GIF: _gif_size}
