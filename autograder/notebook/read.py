"""Converts uploaded bytes to a clean nbformat 4 notebook, or raises one sentence that says what they are instead.

Nothing is run, imported or written. Sizes are checked before a parser sees the bytes.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from autograder.errors import NotebookError
from autograder.notebook.normalize import normalize

MAX_CELLS = 2000
MAX_DEPTH = 60
# Each bracket becomes an object of some 60 bytes: this bounds what parsing may take.
MAX_CONTAINERS = 1_000_000
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read(data: bytes, name: str, limit_mib: float = 20) -> dict[str, Any]:
    """Parse a notebook; version 3 is upgraded, small defects are repaired.

    Args:
        data: the bytes as uploaded.
        name: the name of the file for the sentences.
        limit_mib: larger files are refused unread.

    Returns:
        nbformat 4.5 JSON: every cell has a valid unique id, metadata and its source as one string.

    Raises:
        NotebookError: the bytes are not a notebook that can be used; one sentence says why and what to do.
    """
    shown = _shown(name)
    if len(data) > limit_mib * 2**20:
        raise NotebookError(
            f"{shown} has {len(data) / 2**20:.1f} MiB, but at most {limit_mib:g} MiB are accepted: "
            f"clear its outputs (or remove large pictures) and hand it in again."
        )
    text = _decode(data, shown)
    document = _parse(text, data, shown)
    _check_depth(document, shown)
    if _LONE_SURROGATE.search(data):
        document = _encodable(document)
    cells = _cells(document, shown)
    return normalize(document, cells)


def _shown(name: str) -> str:
    clean = "".join(char if char.isprintable() else "?" for char in name)
    return repr(clean if len(clean) <= 120 else clean[:60] + "…" + clean[-59:])


def _decode(data: bytes, shown: str) -> str:
    if not data.strip():
        raise NotebookError(f"{shown} is empty, but a notebook was expected: download the .ipynb again.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
        raise NotebookError(f"{shown} is not UTF-8 text (but perhaps UTF-16): download the .ipynb from Jupyter again.")
    if data[:4] == b"PK\x03\x04":
        raise NotebookError(f"{shown} is a zip archive with the name of a notebook: hand in the .ipynb that is inside.")
    if data[:5] == b"%PDF-":
        raise NotebookError(f"{shown} is a PDF with the name of a notebook: hand in the .ipynb itself.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotebookError(
            f"{shown} is not UTF-8 text (byte {error.start} cannot be read): download the .ipynb from Jupyter or Colab "
            f"again instead of saving it with a text editor."
        ) from None


def _parse(text: str, data: bytes, shown: str) -> Any:
    start = text.lstrip()[:400]
    if not start.startswith(("{", "[")):
        raise NotebookError(f"{shown} is {_kind(start)}, not a notebook: download it as .ipynb and hand that in.")
    if data.count(b"{") + data.count(b"[") > MAX_CONTAINERS:
        raise NotebookError(f"{shown} contains more lists and objects than any notebook: clear its outputs and try "
                            "again.")
    try:
        return json.loads(text, parse_constant=lambda _: None, parse_float=_finite)
    except json.JSONDecodeError as error:
        ends = error.pos >= len(text.rstrip()) - 1 and not error.msg.startswith("Extra data")
        if ends or error.msg.startswith("Unterminated"):
            sentence = f"{shown} breaks off in the middle (the upload is incomplete): hand it in again."
        else:
            where = f"line {error.lineno}: {error.msg}"
            sentence = f"{shown} is not a notebook: it is not valid JSON ({where}); download the .ipynb again."
        raise NotebookError(sentence) from None
    except RecursionError:
        raise _too_deep(shown) from None
    except ValueError:
        # A number of thousands of digits.
        raise NotebookError(f"{shown} is not a notebook: a number in it is too long; download it again.") from None


def _finite(text: str) -> float | None:
    # 1e999 reads as Infinity, which other JSON parsers do not accept.
    number = float(text)
    return number if math.isfinite(number) else None


def _kind(start: str) -> str:
    lowered = start.lower()
    if lowered.startswith(("<!doctype", "<html", "<?xml", "<head", "<body")) or "<html" in lowered:
        return "a web page (HTML) with the name of a notebook"
    if start.startswith(("#", "---", "* ", "- ", "```", "|", ">")) or "\n#" in start or "```" in start:
        return "Markdown text with the name of a notebook"
    if start.startswith(("import ", "from ", "def ", "print(", "%")):
        return "a Python script with the name of a notebook"
    return "plain text with the name of a notebook"


def _too_deep(shown: str) -> NotebookError:
    return NotebookError(f"{shown} is nested deeper than any notebook ({MAX_DEPTH} levels): download the .ipynb again.")


def _check_depth(document: Any, shown: str) -> None:
    """Check the depth without recursion, since later code walks the notebook recursively."""
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep(shown)
        inner: list[Any] = []
        for node in level:
            values = node.values() if isinstance(node, dict) else node
            inner.extend(value for value in values if isinstance(value, dict | list))
        level = inner


def _encodable(node: Any) -> Any:
    """Replace lone surrogates: JSON may contain them, files and sockets may not."""
    if isinstance(node, str):
        return node.encode("utf-8", "replace").decode("utf-8")
    if isinstance(node, list):
        return [_encodable(item) for item in node]
    if isinstance(node, dict):
        return {_encodable(key): _encodable(value) for key, value in node.items()}
    return node


def _cells(document: Any, shown: str) -> list[dict[str, Any]]:
    """Return the raw cells after checking the version."""
    if not isinstance(document, dict) or not {"cells", "worksheets", "nbformat"} & set(document):
        raise NotebookError(f"{shown} is JSON but not a notebook (it has no cells): hand in the .ipynb.")
    version = document.get("nbformat", 4 if "cells" in document else 3)
    if not isinstance(version, int) or isinstance(version, bool):
        seen = repr(str(version)[:40])
        raise NotebookError(f"{shown} names no notebook version (nbformat is {seen}): save it again in Jupyter.")
    if version < 3:
        raise NotebookError(f"{shown} has the old notebook format {version}: open and save it in a current Jupyter.")
    if version > 4:
        raise NotebookError(f"{shown} has notebook format {version}, but 4 is the newest known: save it as format 4.")
    cells = document.get("cells") if version == 4 else _worksheet_cells(document.get("worksheets"))
    if not isinstance(cells, list):
        raise NotebookError(f"{shown} is not a notebook: it has no list of cells; hand in the .ipynb.")
    if len(cells) > MAX_CELLS:
        raise NotebookError(f"{shown} has {len(cells)} cells, but at most {MAX_CELLS} are accepted: remove some.")
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict):
            raise NotebookError(f"{shown} is damaged: cell {index + 1} is not a cell; download the .ipynb again.")
    return cells


def _worksheet_cells(worksheets: Any) -> list[Any] | None:
    if not isinstance(worksheets, list):
        return None
    sheets = [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    return [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
