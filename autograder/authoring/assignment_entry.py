"""A new entry in course.yml: lines added to the text, so that comments and everything else stay as they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from autograder.course import parse
from autograder.course.source import Source, read_source
from autograder.errors import CourseError

_KEY = "assignments"
_EMPTY = re.compile(r"^assignments:[ \t]*\{[ \t]*\}(?P<rest>[ \t]*(?:#.*)?)$")


def with_entry(text: str, name: str, entry: Sequence[str], folders: Sequence[str]) -> str:
    """Return the text of course.yml with one more assignment, after those that it has.

    Args:
        entry: lines of the entry below its name, indented relative to each other.
        folders: the folders under ``assignments/``, with the new one.

    Raises:
        CourseError: the file has such an assignment, or is written in a form to which no lines can be added.
    """
    source = read_source(text)
    known = source.data.get(_KEY) or {}
    if name in known:
        raise CourseError(f"course.yml has an assignment {name!r} already: choose another name.")
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    indent, at = _place(lines, source, list(known))
    added = [f"{indent}{name}:", *(f"{indent}  {line}".rstrip() for line in entry)]
    made = newline.join([*lines[:at], *added, *lines[at:]]) + newline
    _require_only_added(text, made, name)
    parse(made, folders=folders)
    return made


def entry_of(text: str, name: str, *, without: Sequence[str]) -> list[str]:
    """Return the lines of an assignment's entry below its name, with their comments.

    Args:
        without: keys that are left out, with what is in them.

    Raises:
        CourseError: the entry is not written in lines of its own.
    """
    source, lines = read_source(text), text.splitlines()
    keys = source.data[_KEY][name]
    start = source.line((_KEY, name)) - 1
    end = _end(lines, start, _indent(lines[start]) + 1)
    if not keys or any(source.line((_KEY, name, key)) - 1 <= start for key in keys):
        raise CourseError(f"The entry of {name!r} in course.yml was expected in lines below its name, but it is "
                          "in one line: write one setting per line.")
    depth = min(_indent(lines[source.line((_KEY, name, key)) - 1]) for key in keys)
    left_out: set[int] = set()
    for key in without:
        if key in keys:
            first = source.line((_KEY, name, key)) - 1
            left_out |= set(range(first, _end(lines, first, depth + 1)))
    return [line[depth:] if line[:depth].isspace() else line.lstrip() for number, line in enumerate(lines)
            if start < number < end and number not in left_out]


def _place(lines: list[str], source: Source, known: list[str]) -> tuple[str, int]:
    """Return the indentation of an entry and the line before which it is added; may clear an empty ``{}``."""
    if known:
        line = source.line((_KEY, known[0])) - 1
        key = source.line((_KEY,)) - 1
        return " " * _indent(lines[line]), _end(lines, key, _indent(lines[key]) + 1)
    if _KEY not in source.data:
        lines.append(f"{_KEY}:")
        return "  ", len(lines)
    at = source.line((_KEY,)) - 1
    empty = _EMPTY.match(lines[at])
    if empty:
        lines[at] = f"{_KEY}:{empty['rest'].rstrip()}"
    return "  ", at + 1


def _end(lines: list[str], start: int, indent: int) -> int:
    """Return the line after the last one below ``start`` that is indented at least this far; a comment may be it."""
    end = start + 1
    for number in range(start + 1, len(lines)):
        if not lines[number].strip():
            continue
        if _indent(lines[number]) < indent:
            break
        end = number + 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _require_only_added(before: str, after: str, name: str) -> None:
    """Raise unless the new text says the same as the old one, and the entry in addition."""
    old: dict[str, Any] = read_source(before).data
    try:
        new: dict[str, Any] = dict(read_source(after).data)
    except CourseError:
        new = {}
    entries = dict(new.get(_KEY) or {})
    added = entries.pop(name, None)
    if not isinstance(added, dict) or {**new, _KEY: entries} != {**old, _KEY: dict(old.get(_KEY) or {})}:
        raise CourseError(f"No entry for {name!r} can be added to course.yml as it is written: put the name of each "
                          "assignment and each of its settings into a line of its own below `assignments:`.")
