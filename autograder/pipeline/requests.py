"""`autograder requests`: requests for a regrade are taken in, listed and answered; all of it is in the histories.

`open_cases` is the queue for other reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from autograder.course import folded
from autograder.errors import AutograderError, CourseError, SubmissionError
from autograder.grades.requests import (
    LONGEST_REASON,
    Answer,
    Case,
    Decision,
    Request,
    find_task,
    parse_request,
    read_cases,
    request_form,
    request_id,
)
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.keep_history import account, append_line, history_lines
from autograder.pipeline.reading.budgets import read, readers
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import folders, is_file, read_receipt

SUFFIXES: Final = (".txt", ".md", ".eml")
LARGEST: Final = 4 << 20
"""Most bytes of a file: a mail may carry a signature and pictures."""
MOST_FILES: Final = 5000
MOST_OPEN: Final = 20
"""Requests of one student for one assignment that may wait for an answer: a history has a largest size."""
MAIL: Final = ".eml"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was taken in, and (file, sentence) of what was not."""

    requests: tuple[Request, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def cases(workspace: Workspace, assignments: Sequence[str] = ()) -> list[Case]:
    """Return all requests of the chosen assignments (default: all), oldest first, with their answers."""
    wanted = workspace.chosen(assignments)
    found = [case for folder in folders(workspace.results_root) for name in wanted
             if (folder / name).is_dir() and workspace.course.assignments.get(name)
             for case in _cases_of(workspace, folder.name, name)]
    return sorted(found, key=lambda case: (case.request.at, case.request.student, case.request.id))


def open_cases(workspace: Workspace, assignments: Sequence[str] = ()) -> list[Case]:
    """Return the requests that nobody has answered, oldest first."""
    return [case for case in cases(workspace, assignments) if case.answer is None]


def form(workspace: Workspace, student: str, assignment: str) -> str:
    """Return the text that a student fills in, for the upload that counts now."""
    receipt = read_receipt(workspace.receipt(student, assignment))
    return request_form(student, workspace.course.assignment(assignment).id, work=receipt.sha256 if receipt else "")


def take_in(workspace: Workspace, source: Path) -> Taken:
    """Add the requests in a file, or in the files of a folder, to the histories; one that is there is not added again.

    Raises:
        AutograderError: there is no such file or folder.
    """
    taken: list[Request] = []
    refused: list[tuple[str, str]] = []
    files = list(_files(source))
    if len(files) > MOST_FILES:
        refused.append((source.name, f"It has {len(files)} files, of which only the first {MOST_FILES} are read; move "
                                     "those away that were taken, and run the same command again."))
        files = files[:MOST_FILES]
    with readers() if any(path.suffix.lower() == MAIL for path in files) else nullcontext():
        for path in files:
            try:
                request = _read(workspace, path)
                _refuse_repeated(workspace, request)
            except (AutograderError, OSError) as error:
                refused.append((path.name, str(error)))
                continue
            append_line(workspace, request.student, request.assignment, request)
            taken.append(request)
    return Taken(requests=tuple(taken), refused=tuple(refused))


def _refuse_repeated(workspace: Workspace, request: Request) -> None:
    """Refuse a request that is known, and one of a student of whom enough wait.

    Anybody can write anybody's id: what came from the student's own address is not refused for what others sent.
    """
    known = _cases_of(workspace, request.student, request.assignment)
    if request.id in {case.request.id for case in known}:
        raise SubmissionError(f"This request of {request.student} was taken in before.")
    waiting = sum(case.answer is None and (case.request.doubt is None) == (request.doubt is None) for case in known)
    if waiting >= MOST_OPEN:
        raise SubmissionError(f"{waiting} requests of {request.student} for {request.assignment} wait for an answer; "
                              "answer them before more are taken in.")


def answer(
    workspace: Workspace, student: str, assignment: str, *, decision: Decision, text: str, request: str | None = None,
    by: str | None = None,
) -> Case:
    """Write a person's answer to a request into the student's history. It changes no points.

    Args:
        request: its id; None: the only one that is open.
        by: who answers; None: the account that runs this command.

    Raises:
        CourseError: there is no such request, or it is unclear which one is meant.
    """
    known = _cases_of(workspace, student, workspace.course.assignment(assignment).id)
    meant = [case for case in known if case.request.id == request or (request is None and case.answer is None)]
    if len(meant) != 1:
        ids = ", ".join(case.request.id for case in (meant or known)) or "none"
        raise CourseError(f"Expected one request of {student} for {assignment} to answer, but there are {len(meant)} "
                          f"(ids: {ids}); name it with --request.")
    given = Answer(id=meant[0].request.id, at=_now(), by=by or account(), decision=decision,
                   text=text.strip()[:LONGEST_REASON])
    append_line(workspace, student, assignment, given)
    return meant[0].model_copy(update={"answer": given})


def _cases_of(workspace: Workspace, student: str, assignment: str) -> list[Case]:
    try:
        lines = history_lines(workspace, student, assignment)
    except (OSError, CourseError):
        return []
    own = (case for case in read_cases(lines))
    return [case for case in own if (case.request.student, case.request.assignment) == (student, assignment)]


def _files(source: Path) -> Iterator[Path]:
    if is_file(source):
        yield source
        return
    if not source.is_dir():
        raise SubmissionError(f"{source} was expected to be a file or a folder of requests, but is neither.")
    yield from (path for path in sorted(source.iterdir()) if is_file(path) and path.suffix.lower() in SUFFIXES)


def _read(workspace: Workspace, path: Path) -> Request:
    """Return the request in a file.

    Raises:
        AutograderError: it is none, or of nobody in this course.
    """
    if path.stat().st_size > LARGEST:
        raise SubmissionError(f"It has more than {LARGEST >> 20} MiB; a request is a short text.")
    text, sender = _text_of(path)
    fields = parse_request(text)
    student, assignment = _student(workspace, fields["student"]), workspace.course.assignment(fields["assignment"]).id
    receipt = read_receipt(workspace.receipt(student, assignment))
    if receipt is None:
        raise SubmissionError(f"{student} has handed in nothing for {assignment}, so there is nothing to regrade.")
    work = fields["work"].strip(". -")[:64].lower() or None
    reason, about = fields["reason"][:LONGEST_REASON], " ".join(fields["task"].split())[:200]
    task = find_task(load_result(workspace.result(student, assignment)), about)
    return Request(
        id=request_id(student, assignment, reason, about), at=_now(), student=student, assignment=assignment,
        task=task, about=about, reason=reason, work=work,
        other_work=work is not None and not receipt.sha256.startswith(work), sender=sender,
        doubt=_doubt(workspace, student, sender))


def _text_of(path: Path) -> tuple[str, str | None]:
    """Return the words of a file, and the sender where it is a mail."""
    data = path.read_bytes()
    if path.suffix.lower() != MAIL:
        return data.decode("utf-8-sig", errors="replace"), None
    found = read("mail", {}, data)
    return found["text"], found["sender"]


def _student(workspace: Workspace, named: str) -> str:
    """Return the student who is named by id.

    Raises:
        SubmissionError: there is nobody of this id.
    """
    wanted = folded(named.strip())
    everybody = {*workspace.students(), *(student for student, _ in workspace.submissions())}
    found = [student for student in everybody if folded(student) == wanted]
    if len(found) != 1:
        raise SubmissionError(f"There is no student {named.strip()[:60]!r} in this course; correct the line "
                              "'Student:'.")
    return found[0]


def _doubt(workspace: Workspace, student: str, sender: str | None) -> str | None:
    person = next((person for person in workspace.course.people if person.id == student), None)
    if sender is None or person is None or not person.email:
        return "who wrote it was not compared with an address"
    return None if folded(sender) == folded(person.email) else f"it came from {sender}, not from {person.email}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def sentences(found: Iterable[Case]) -> Iterator[str]:
    """Yield one line per request, for a terminal."""
    for case in found:
        asked, given = case.request, case.answer
        about = asked.task or asked.about or "no task named"
        notes = [note for note in (asked.doubt, "another upload counts by now" if asked.other_work else None) if note]
        said = f"{asked.id} {asked.student} {asked.assignment}, {about}: {' '.join(asked.reason.split())[:300]}"
        if given is not None:
            said += f" → {given.decision.value} by {given.by or 'somebody'}: {' '.join(given.text.split())[:300]}"
        yield said + (f" ({'; '.join(notes)})" if notes else "")
