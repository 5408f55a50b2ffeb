"""The values of single fields of ``course.yml``: each type says in a refusal what was expected."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from autograder.course.names import ID_RULE, is_assignment_id, is_student_id


def _date(value: object) -> datetime:
    expected = "a date with time and zone such as 2026-10-12T23:59:00+02:00"
    if not isinstance(value, str):
        raise ValueError(expected)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(expected) from None
    if moment.tzinfo is None:
        raise ValueError(f"{expected} (the zone is missing)")
    return moment


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Europe/Berlin or America/New_York") from None
    return name


def _inside(path: str) -> str:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    leaves = path.startswith(("/", "~")) or PureWindowsPath(path).drive or ".." in parts or "\0" in path or not parts
    if leaves:
        raise ValueError("a path inside the course: relative and without .. (AUTOGRADER_DATA may name any folder)")
    return path


def _pattern(text: str) -> str:
    try:
        groups = re.compile(text).groupindex
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from None
    if "student" not in groups:
        raise ValueError("a regular expression with the named group (?P<student>…)")
    return text


def _student(text: str) -> str:
    if not is_student_id(text):
        raise ValueError(f"a student id of {ID_RULE}")
    return text


def _assignment(text: str) -> str:
    if not is_assignment_id(text):
        raise ValueError("an id of at most 64 letters, digits, _ and -, beginning with a letter or digit")
    return text


Moment = Annotated[datetime, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date-time"})]
Identifier = Annotated[str, AfterValidator(_assignment)]
StudentId = Annotated[str, AfterValidator(_student)]
Sentence = Annotated[str, Field(min_length=1, max_length=2000)]
Zone = Annotated[str, AfterValidator(_zone)]
PathInside = Annotated[str, AfterValidator(_inside)]
Pattern = Annotated[str, AfterValidator(_pattern)]
