"""A student's reasoned request for a regrade, and a person's answer: lines of the grade's history. Pure.

A request changes no points. It is a text that a student fills in and mails, or hands in as a file; who wrote it is what
the text says, so a person compares it with the sender.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field, ValidationError

from autograder.errors import SubmissionError
from autograder.model import Result, Value

TITLE: Final = "Regrade request"
END: Final = "End of the request"
LONGEST: Final = 20_000
"""Most characters of a text in which a request is looked for."""
LONGEST_REASON: Final = 4000
_FIELDS: Final = ("Student", "Assignment", "Work", "Task", "Reason")
_QUOTE: Final = re.compile(r"^(?:[ \t]*>)+[ \t]?", re.MULTILINE)
_FIELD: Final = re.compile(rf"^[ \t]*({'|'.join(_FIELDS)})[ \t]*:[ \t]*(.*)$", re.IGNORECASE)
_TASK_HINT: Final = "[its number or heading, or the sentence of the check]"
_REASON_HINT: Final = "[what the grader says, and why your work deserves another decision; name the cell]"
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Decision(StrEnum):
    """What a person decided about a request; points are changed in nbgrader or by regrading, never by an answer."""

    GRANTED = "granted"
    DECLINED = "declined"


class Request(Value):
    """One line of ``history.jsonl``: what a student wrote."""

    event: Literal["request"] = "request"
    id: str = Field(description="of student, assignment and text")
    at: str = Field(description="UTC, ISO 8601: when it was taken in")
    student: str
    assignment: str
    task: str | None = Field(None, description="a task of the assignment; null: none was recognized")
    about: str = Field("", description="the student's own words for it")
    reason: str
    work: str | None = Field(None, description="first characters of the SHA-256 of the upload that it is about")
    other_work: bool = Field(False, description="another upload counts by now")
    sender: str | None = Field(None, description="address that a mail came from")
    doubt: str | None = Field(None, description="why a person should check who wrote it")


class Answer(Value):
    """One line of ``history.jsonl``: what a person answered."""

    event: Literal["answer"] = "answer"
    id: str = Field(description="of the request")
    at: str = Field(description="UTC, ISO 8601")
    by: str | None = Field(None, description="who answered")
    decision: Decision
    text: str


class Case(Value):
    """A request and the answer that counts, None while a person has to look at it."""

    request: Request
    answer: Answer | None = None


def plain(text: str) -> str:
    """Return a text that can be printed and stored: without control and direction characters, line ends kept.

    Some encodings of a mail have halves of characters, which no file can hold.
    """
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text.replace("\r\n", "\n")))


def request_form(student: str, assignment: str, *, work: str = "") -> str:
    """Return the text that a student fills in and mails to the course's staff, or hands in as a file.

    Args:
        work: SHA-256 of the upload that was graded.
    """
    return "\n".join((
        TITLE, f"Student: {student}", f"Assignment: {assignment}", f"Work: {work[:12] or '-'}",
        f"Task: {_TASK_HINT}", f"Reason: {_REASON_HINT}", END, ""))


def parse_request(text: str) -> Mapping[str, str]:
    """Return the fields of a filled-in form, by their names in lower case; quoting by mail programs is removed.

    Raises:
        SubmissionError: a field is missing or was not filled in.
    """
    lines = _QUOTE.sub("", plain(text[:LONGEST])).split("\n")
    start = next((place for place, line in enumerate(lines) if line.strip().casefold() == TITLE.casefold()), None)
    if start is None:
        raise SubmissionError(f"A request begins with the line '{TITLE}', but there is none; see `autograder requests "
                              "form`.")
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines[start + 1:]:
        if line.strip().casefold() == END.casefold():
            break
        match = _FIELD.match(line) if "Reason" not in fields else None
        if match is not None:
            current = fields.setdefault(match[1].capitalize(), [])
            current.append(match[2])
        else:
            current.append(line)
    found = {name: _without_hints("\n".join(fields.get(name, []))) for name in _FIELDS}
    missing = [name for name in ("Student", "Assignment", "Reason") if not found[name]]
    if missing:
        raise SubmissionError(f"A request needs {', '.join(missing)}, but that is empty; fill in the form.")
    return {name.lower(): value for name, value in found.items()}


def _without_hints(text: str) -> str:
    """Return what a student wrote; a mail program may have broken the line of a hint that was left there."""
    for hint in (_TASK_HINT, _REASON_HINT):
        text = re.sub(r"\s+".join(map(re.escape, hint.split())), "", text)
    return text.strip()


def request_id(student: str, assignment: str, reason: str, about: str) -> str:
    """Return the name of a request: the same text twice is one request."""
    return hashlib.sha256("\0".join((student, assignment, about, reason)).encode()).hexdigest()[:8]


def find_task(result: Result | None, about: str) -> str | None:
    """Return the task that a student means: by its number, id or title, or by a check of it; None: unclear."""
    wanted = " ".join(about.casefold().strip(" .").split())
    if result is None or not wanted:
        return None
    number = re.fullmatch(r"(?:task )?([0-9]{1,3})(?:\D.*)?", wanted)
    for task in result.tasks:
        names = {task.id, task.title.casefold(), task.name.casefold(),
                 *(name for check in task.checks for name in (check.id, check.title.casefold().strip(" .")))}
        if wanted in names or (number is not None and task.number == int(number[1])):
            return task.id
    return None


def read_cases(lines: Iterable[str]) -> list[Case]:
    """Return the requests of a history, oldest first, each with its last answer; other lines are left out."""
    requests: dict[str, Request] = {}
    answers: dict[str, Answer] = {}
    for line in lines:
        try:
            if '"event":"request"' in line:
                request = Request.from_json(line)
                requests.setdefault(request.id, request)
            elif '"event":"answer"' in line:
                answer = Answer.from_json(line)
                answers[answer.id] = answer
        except ValidationError:
            continue
    return [Case(request=request, answer=answers.get(name)) for name, request in requests.items()]
