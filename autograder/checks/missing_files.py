"""Explains a cell that stopped at a file or at the network: what is there when notebooks are graded. Pure.

The only evidence is the error of the cell: type and first line of the exception.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_ABSENT: Final = (
    re.compile(r"No such file or directory: b?'([^']{1,300})'"),
    re.compile(r"File not found: filepath=(\S{1,300}?)\.? Please"),
    re.compile(r"unable to open file: name = '([^']{1,300})'"),
    re.compile(r"(\S{1,300}?)(?:;| not found\.) No such file or directory"),
    re.compile(r"(?:FileNotFoundError|OSError): (\S{1,300}?) not found\."),
)
_READ_ONLY: Final = re.compile(r"\[Errno (?:30|13)\][^']{0,60}: b?'([^']{1,300})'")
_NETWORK: Final = re.compile(
    r"URL fetch failure|urlopen error|Temporary failure in name resolution|Name or service not known|"
    r"NameResolutionError|Max retries exceeded|Network is unreachable|\[Errno 101\]|ConnectError")
_SHOWN: Final = 8


def file_trouble(note: str | None, released: Sequence[str] = ()) -> str | None:
    """Return a sentence where a cell stopped at a file that is not there or cannot be written; otherwise None.

    Args:
        note: a sentence with the error of a cell.
        released: the files that were released with the notebook, as paths relative to it.
    """
    text = note or ""
    if _NETWORK.search(text):
        return ("Notebooks are graded without internet: what a cell downloads must be shipped with the assignment; "
                f"{_there(released)}.")
    if (denied := _READ_ONLY.search(text)) is not None:
        return (f"`{denied[1][:120]}` can only be read when notebooks are graded: write to another name, in the "
                "notebook's own folder.")
    absent = next(filter(None, (pattern.search(text) for pattern in _ABSENT)), None)
    if absent is None:
        return None
    return f"The file `{absent[1][:120]}` is not there when notebooks are graded: {_there(released)}."


def _there(released: Sequence[str]) -> str:
    if not released:
        return "this assignment has no files next to its notebook"
    more = f" and {len(released) - _SHOWN} more" if len(released) > _SHOWN else ""
    return f"next to the notebook are {', '.join(f'`{name}`' for name in released[:_SHOWN])}{more}"
