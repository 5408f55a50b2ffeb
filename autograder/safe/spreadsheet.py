"""Cells of a table that no spreadsheet program reads as a formula: OWASP, "CSV Injection". Pure."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PLAIN_ID: Final = re.compile(r"(?!=)[\w.@+-]+")
"""A formula that does anything needs a parenthesis, an exclamation mark or a vertical bar."""


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet reads as a formula; numbers, and a sign alone, stay as they are."""
    if len(text) <= 1 or not text.lstrip().startswith(_SIGNS):
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def is_harmless_id(text: str) -> bool:
    """Whether an id can be written as it is: a platform would not recognize one that was changed."""
    return harmless(text) == text or _PLAIN_ID.fullmatch(text) is not None
