"""A new entry in course.yml: added to the text, so that everything that a person wrote there stays. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from autograder.course import parse
from autograder.course.source import read_source
from autograder.errors import CourseError


def with_entry(text: str, assignment: str, settings: dict[str, str], folders: Sequence[str]) -> str:
    """Return the text of course.yml with one more assignment, after those that it has.

    Args:
        settings: the names and texts of the entry.
        folders: the folders under ``assignments/``, with the new one.

    Raises:
        CourseError: the file has the assignment already, or is written so that no entry can be added.
    """
    source = read_source(text)
    assignments = source.data.get("assignments") or {}
    if assignment in assignments:
        raise CourseError(f"course.yml has an assignment {assignment!r} already: choose another name with --name.")
    lines = text.splitlines()
    entry = [f"{assignment}:", *(f"  {key}: {_scalar(value)}" for key, value in settings.items())]
    if assignments:
        first = next(iter(assignments))
        at = source.line(("assignments", first)) - 1
        indent = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
        end = _end(lines, at, len(indent))
    else:
        at, indent = source.line(("assignments",)) - 1, "  "
        has_key = "assignments" in source.data
        end = at + 1 if has_key else len(lines)
        lines = [*lines[:at], "assignments:", *lines[at + 1:]] if has_key else [*lines, "assignments:"]
        end = end if has_key else len(lines)
    made = "\n".join([*lines[:end], *(indent + line for line in entry), *lines[end:]]) + "\n"
    return _checked(made, text, assignment, folders)


def _end(lines: list[str], start: int, indent: int) -> int:
    """Return the line after the last entry: before the next key that is less indented, and before what is above it."""
    end = start + 1
    for position in range(start + 1, len(lines)):
        line = lines[position]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if len(line) - len(line.lstrip()) < indent:
            break
        end = position + 1
    return end


def _checked(made: str, text: str, assignment: str, folders: Sequence[str]) -> str:
    """Return the new text where it says the same as the old one, and the entry in addition."""
    refusal = CourseError("course.yml is written in a form to which no entry can be added: write `assignments:` with "
                          f"each assignment in lines of its own, and import {assignment!r} again.")
    try:
        before, after = read_source(text).data, read_source(made).data
    except CourseError:
        raise refusal from None
    entries = dict(after.get("assignments") or {})
    entries.pop(assignment, None)
    if {**after, "assignments": entries} != {**before, "assignments": before.get("assignments") or {}}:
        raise refusal
    parse(made, folders=folders)
    return made


def _scalar(value: str) -> str:
    """Return a text as YAML; JSON's quotation marks are YAML's, too."""
    return value if value.isalpha() and value.isascii() else json.dumps(value, ensure_ascii=False)
