"""Solutions between our own marks, whatever marks the source has. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.notebook.code_names import parse
from autograder.platforms.importing.parts import BEGIN, END, STUB

PLACEHOLDER = re.compile(
    r"^\s*(?:#+\s*(?:your\s+(?:code|solution|answer)|(?:write|enter|put|insert|type|add)\s+your\s+(?:code|solution|answer))"
    r"\b.*|raise\s+NotImplementedError\b.*|(?:return\s+)?\.\.\.\s*(?:#.*)?|[\w.,\s\[\]'\"]+=\s*\.\.\.\s*(?:#.*)?)$",
    re.IGNORECASE)
"""A line that a student replaces: a comment such as `# YOUR CODE HERE`, `...`, `x = ...`, or an error to be removed."""
TEXT_PLACEHOLDER = re.compile(
    r"\byour\s+(?:own\s+)?(?:answer|response|explanation)\b.{0,40}$|replac(?:e|ing)\s+this\s+text|"
    r"^[^\w\n]*(?:type|write|enter)\s+(?:your\s+)?(?:answer|response|text)\b", re.IGNORECASE | re.MULTILINE)
_BEGIN = re.compile(r"BEGIN SOLUTION")
_END = re.compile(r"END SOLUTION")


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A cell with our marks, and whether there is a solution between them."""

    source: str
    complete: bool


def from_regions(text: str) -> Marked:
    """Return a cell whose solution is between lines with BEGIN SOLUTION and END SOLUTION, as nbgrader finds them.

    Without such lines placeholders are what students replace, and where there are none the whole cell is the solution.
    """
    lines = text.split("\n")
    if any(map(_BEGIN.search, lines)):
        flags, kept, inside = [], [], False
        for line in lines:
            if _BEGIN.search(line):
                inside = True
            elif _END.search(line):
                inside = False
            else:
                kept.append(line)
                flags.append(inside)
        return _made(kept, flags)
    return from_placeholders(text) or whole(text)


def from_placeholders(text: str) -> Marked | None:
    """Return a cell whose placeholders are between marks, to be replaced by the solution; None without placeholders."""
    lines = text.split("\n")
    flags = [bool(PLACEHOLDER.match(line)) for line in lines]
    return _made(lines, flags) if any(flags) else None


def whole(text: str) -> Marked:
    """Return a cell all of which is the solution, except for a magic that has to be its first line."""
    lines = text.split("\n")
    first = 1 if lines[0].startswith("%%") else 0
    return _made(lines, [index >= first for index in range(len(lines))])


def from_flags(lines: Sequence[str], flags: Sequence[bool]) -> Marked:
    """Return a cell whose flagged lines are the solution."""
    return _made(list(lines), list(flags))


def _made(lines: list[str], flags: list[bool]) -> Marked:
    """Put marks around each run of flagged lines; what students get has to be valid Python where the solution is."""
    secret = [line for line, flag in zip(lines, flags, strict=True) if flag and line.strip()]
    complete = bool(secret) and not all(map(PLACEHOLDER.match, secret))
    for filler in (False, True):
        marked, seen = _with_marks(lines, flags, filler=filler)
        if not complete or parse("\n".join(seen)) is not None or parse("\n".join(marked)) is None:
            break
    return Marked(source="\n".join(marked), complete=complete)


def _with_marks(lines: list[str], flags: list[bool], *, filler: bool) -> tuple[list[str], list[str]]:
    """Return the marked lines, and what students see. A filler makes a function without any other line valid."""
    marked: list[str] = []
    seen: list[str] = []
    inside = False
    indent = ""
    for index, (line, flag) in enumerate(zip([*lines, ""], [*flags, False], strict=True)):
        # A solution that continues outside of its function needs marks of its own there.
        outdented = flag and inside and bool(line.strip()) and not line.startswith(indent)
        if inside and (not flag or outdented):
            marked.append(indent + END)
            if filler and indent:
                marked.append(f"{indent}...")
                seen.append(f"{indent}...")
        if flag and (not inside or outdented):
            indent = _indent(lines, flags, index)
            marked.append(indent + BEGIN)
            seen.append(indent + STUB)
        inside = flag
        if index < len(lines):
            marked.append(line)
            seen += [] if flag else [line]
    if not any(flags):
        marked += [BEGIN, END]
        seen.append(STUB)
    return marked, seen


def _indent(lines: list[str], flags: list[bool], start: int) -> str:
    """Return the indentation of the first line of a run that is not empty."""
    for line, flag in zip(lines[start:], flags[start:], strict=True):
        if not flag:
            break
        if line.strip():
            return line[:len(line) - len(line.lstrip())]
    return ""


def without_block(text: str, what: str) -> tuple[str, str]:
    """Return a text without the lines between ``BEGIN what`` and ``END what``, and those lines."""
    outside: list[str] = []
    within: list[str] = []
    inside = False
    for line in text.split("\n"):
        if f"BEGIN {what}" in line:
            inside = True
        elif f"END {what}" in line:
            inside = False
        else:
            (within if inside else outside).append(line)
    return "\n".join(outside), "\n".join(within)
