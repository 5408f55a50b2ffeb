"""Parses JSON that a student's process wrote: bounded, and with one meaning only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autograder.errors import ArtifactError

MAX_DEPTH = 64
MAX_NODES = 1_000_000
MAX_DIGITS = 40
MAX_LINE = 8 << 20


def parse(data: bytes, *, limit: int = MAX_LINE) -> Any:
    """Return the parsed JSON document.

    ``NaN`` and ``Infinity`` become floats. A whole number of more than 40 digits becomes a string of its digits,
    which no reader of numbers accepts.

    Raises:
        ArtifactError: not JSON, not UTF-8, larger than ``limit`` bytes, nested deeper than 64, or a key twice.
    """
    if len(data) > limit:
        raise ArtifactError(f"Expected JSON of at most {limit} bytes, got {len(data)}: it was not read.")
    if data.count(b"{") + data.count(b"[") > MAX_NODES:
        # Counted before parsing, which makes an object of some 60 bytes for each.
        raise ArtifactError(f"Expected at most {MAX_NODES} values in a JSON document: it was not read.")
    try:
        document = _load(data.decode("utf-8"))
        _bounded(document)
        if b"\\ud" in data or b"\\uD" in data:
            # Half a surrogate pair is legal JSON, but cannot be written out again.
            document = _load(json.dumps(document, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8"))
    except (ValueError, RecursionError):
        raise ArtifactError("Expected JSON, got bytes that cannot be read as such: they were left out.") from None
    return document


def parse_lines(data: bytes) -> Iterator[Any | ArtifactError]:
    """Yield the document, or the error, of every line that is not empty."""
    for line in data.split(b"\n"):
        if line.strip():
            try:
                yield parse(line)
            except ArtifactError as error:
                yield error


def _load(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_unique, parse_int=_integer)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate key")
    return result


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= MAX_DIGITS else text


def _bounded(document: Any) -> None:
    """Refuse deep or huge documents, so that later code may recurse."""
    level: list[Any] = [document]
    nodes = 0
    for _ in range(MAX_DEPTH):
        nodes += len(level)
        if nodes > MAX_NODES:
            raise ArtifactError(f"Expected at most {MAX_NODES} values in a JSON document: it was not read.")
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                below.extend(node.values())
            elif isinstance(node, list):
                below.extend(node)
        if not below:
            return
        level = below
    raise ArtifactError(f"Expected JSON nested at most {MAX_DEPTH} levels deep: it was not read.")
