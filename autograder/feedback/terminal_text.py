"""Text of a notebook as a terminal would finally show it, bounded and without hidden characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_TEXT = 20_000
CUT = "\n… cut"
# Bounded repetitions: an endless sequence must not be scanned again from each of its characters.
_ANSI = re.compile(r"\x1b\[[0-9;?:]{0,64}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)|\x1b[@-_]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MOVES = re.compile("([\r\b])")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def text_of(value: object) -> str:
    """Return a notebook's multi-line text, one string or a list of them, as one string."""
    if isinstance(value, str):
        return value
    return "".join(str(part) for part in value) if isinstance(value, Sequence) else str(value)


def bounded(text: str) -> str:
    """Return at most ``LONGEST_TEXT`` characters, with a note where something was cut."""
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + CUT


def terminal(text: str) -> str:
    """Return output without colours and control characters, with the final state of progress bars."""
    shown = _ANSI.sub("", text[: 4 * LONGEST_TEXT]).replace("\r\n", "\n")
    shown = "\n".join(_last_written(line) for line in shown.split("\n"))
    shown = visible(_CONTROL.sub("", shown))
    return bounded(shown) if len(text) <= 4 * LONGEST_TEXT else shown[:LONGEST_TEXT] + CUT


def visible(text: str) -> str:
    """Return text with visible names for characters that change the direction of writing, which can disguise code.

    See Boucher and Anderson, "Trojan Source", 2021.
    """
    return _DIRECTION.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)


def _last_written(line: str) -> str:
    """Return the final state of a line: after carriage returns and backspaces, new characters replace old ones."""
    if "\r" not in line and "\b" not in line:
        return line
    shown: list[str] = []
    place = 0
    for part in _MOVES.split(line):
        if part == "\r":
            place = 0
        elif part == "\b":
            place = max(place - 1, 0)
        else:
            shown[place : place + len(part)] = part
            place += len(part)
    return "".join(shown)
