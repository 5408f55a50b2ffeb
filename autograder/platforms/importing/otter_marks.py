"""Otter's own marks in a notebook: where questions begin and end, and what they are set to. Pure.

Versions 1 to 7 write them into raw cells (`# BEGIN QUESTION`), or into Markdown between ```otter and ```; older ones
into Markdown between ``` and ```, or into an HTML comment, without the `#`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from autograder.notebook import source
from autograder.platforms.importing.parts import Cell

MOST_SETTINGS = 16 * 1024
"""Characters of the settings of one mark."""
_MOST_EVENTS = 2_000
_MOST_BRACKETS = 100
_MARK = re.compile(
    r"\s*(?P<hash>#+)?[ \t]*(?P<kind>ASSIGNMENT CONFIG|BEGIN ASSIGNMENT|"
    r"(?:BEGIN|END) (?:QUESTION|PROMPT|SOLUTION|TESTS))[ \t]*(?:\n(?P<settings>.*))?\Z", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One mark.

    Attributes:
        kind: ``config``, ``begin question``, ``end tests`` …
        old: whether it is written as before version 1.
        fault: a sentence where the settings cannot be read.
    """

    kind: str
    place: str
    number: int
    old: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None


@dataclass(frozen=True, kw_only=True)
class Plain:
    """A cell, or what is left of it without marks."""

    cell: Cell
    place: str


def is_otter(notebook: dict[str, Any]) -> bool:
    """Whether a notebook has marks of `otter assign`."""
    return any(isinstance(event, Mark) and event.kind in ("config", "begin question") for event in events(notebook))


def events(notebook: dict[str, Any]) -> Iterator[Mark | Plain]:
    """Yield the marks and cells of a notebook in their order."""
    for number, cell in enumerate(notebook["cells"], 1):
        place, text = f"cell {number}", source(cell)
        if cell["cell_type"] == "raw" and (mark := _mark(text, number)) is not None:
            yield mark
        elif cell["cell_type"] == "markdown":
            yield from _in_markdown(cell, number)
        else:
            yield Plain(cell=cell, place=place)


def _in_markdown(cell: Cell, number: int) -> Iterator[Mark | Plain]:
    """Yield the marks of a Markdown cell, and its text without them where they were."""
    text: list[str] = []
    lines = source(cell).split("\n")
    position = 0
    while position < len(lines):
        end = _block_end(lines, position)
        mark = _mark(_inner(lines[position:end + 1]), number) if end is not None else None
        if mark is None or end is None:
            text.append(lines[position])
            position += 1
            continue
        position = end + 1
        if mark.kind == "begin question" and mark.old:
            # The text around it is the question, whether it comes before or after.
            yield mark
        else:
            yield from _text(cell, text, number)
            text = []
            yield mark
    yield from _text(cell, text, number)


def _block_end(lines: list[str], start: int) -> int | None:
    """Return the line with which a block ends that begins here: a fenced one, or an HTML comment."""
    first = lines[start].strip()
    if first.startswith("<!--"):
        closing = "-->"
        if first.endswith(closing):
            return start
    elif first in ("```", "```otter"):
        closing = "```"
    else:
        return None
    # Marks are short: a fence far below belongs to something else.
    for position in range(start + 1, min(start + 200, len(lines))):
        line = lines[position].strip()
        if line == closing or (closing == "-->" and line.endswith(closing)):
            return position
    return None


def _inner(lines: list[str]) -> str:
    if lines[0].strip().startswith("<!--"):
        return "\n".join(lines).strip().removeprefix("<!--").removesuffix("-->").strip("\n ")
    return "\n".join(lines[1:-1])


def _text(cell: Cell, lines: list[str], number: int) -> Iterator[Plain]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield Plain(cell={**cell, "source": text}, place=f"cell {number}")


def _mark(text: str, number: int) -> Mark | None:
    match = _MARK.match(text)
    if match is None:
        return None
    kind = " ".join(match["kind"].lower().split())
    old = match["hash"] is None
    kind = "config" if kind in ("assignment config", "begin assignment") else kind
    try:
        settings = read_settings(match["settings"] or "")
    except ValueError as error:
        return Mark(kind=kind, place=f"cell {number}", number=number, old=old, fault=str(error))
    return Mark(kind=kind, place=f"cell {number}", number=number, old=old, settings=settings)


def read_settings(text: str) -> dict[str, Any]:
    """Return the settings of a mark.

    Raises:
        ValueError: they are too long, or not YAML of names and values.
    """
    if len(text) > MOST_SETTINGS:
        raise ValueError(f"its settings have more than {MOST_SETTINGS} characters")
    if text.count("[") + text.count("{") > _MOST_BRACKETS:
        # The parser's time grows with their depth squared.
        raise ValueError("its settings are nested deeper than settings are")
    try:
        for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
            # Composing is recursive, and aliases multiply.
            if count > _MOST_EVENTS or isinstance(event, yaml.AliasEvent):
                raise ValueError("its settings have aliases, or are longer than settings are")
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ValueError(f"its settings are not YAML ({' '.join(str(error).split())[:120]})") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ValueError("its settings are not names with values")
    return {str(key): value for key, value in found.items()}

