"""Requests for a regrade: a text or a mail goes into the history and the queue; an answer changes no points."""

from __future__ import annotations

import json
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from autograder.cli.main import _run
from autograder.course import Person, parse
from autograder.errors import CourseError, SubmissionError
from autograder.grades.changes import read_history
from autograder.grades.requests import Decision, find_task, parse_request, read_cases, request_form
from autograder.model import Basis, CheckResult, Receipt, Result, Status, TaskResult
from autograder.pipeline import requests
from autograder.pipeline.keep_history import append_line, history_lines
from autograder.workspace.layout import Workspace

COURSE = "id: c\ntitle: C\nassignments: {fit: {title: Fit a line}, other: {title: Other}}\n"
SHA = "3f9a1b2c4d5e" + "0" * 52


@pytest.fixture
def course(tmp_path: Path) -> Workspace:
    """Two students, of whom one has handed in and was graded."""
    (tmp_path / "course.yml").write_text(COURSE)
    for name in ("fit", "other"):
        (tmp_path / "assignments" / name).mkdir(parents=True)
    made = parse(COURSE, folders=["fit", "other"]).with_people(
        (Person(id="ada", email="ada@x.org"), Person(id="ben", email="ben@x.org")))
    (tmp_path / "students.csv").write_text("id,email\nada,ada@x.org\nben,ben@x.org\n")
    space = Workspace(root=tmp_path, output=tmp_path, course=made)
    receipt = Receipt(student="ada", assignment="fit", accepted=True, source="a", sha256=SHA,
                      received_at="2030-01-01T00:00:00+00:00")
    check = CheckResult(id="train-loss", task="train", title="The loss falls.", points=2, earned=0,
                        status=Status.FAILED, basis=Basis.MEASURED)
    result = Result(student="ada", assignment="fit", status="graded", tasks=(
        TaskResult(id="load", title="Load", points=1, earned=1, number=1),
        TaskResult(id="train", title="Train the model", points=2, earned=0, number=2, checks=(check,))))
    written = {space.receipt("ada", "fit"): receipt.to_json(), space.result("ada", "fit"): result.to_json()}
    for path, text in written.items():
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return space


def filled(course: Workspace, reason: str = "The loss falls in cell 7.\nIt is only noisy.", task: str = "2") -> str:
    text = requests.form(course, "ada", "fit")
    before, _, _ = text.partition("Task: ")
    return f"{before}Task: {task}\nReason: {reason}\nEnd of the request\n-- \nAda"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / "inbox" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def mail(text: str, sender: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = f"Ada <{sender}>", "Regrade"
    message.set_content("Dear TA,\n\n" + "\n".join(f"> {line}" for line in text.splitlines()))
    message.add_attachment(b"\x00\x01", maintype="image", subtype="png", filename="proof.png")
    return message.as_bytes()


def test_a_request_goes_into_the_history_and_the_queue(course: Workspace) -> None:
    taken = requests.take_in(course, put(course.root, "a.txt", filled(course)))
    (request,) = taken.requests
    assert (request.student, request.assignment, request.task, request.other_work) == ("ada", "fit", "train", False)
    assert request.reason == "The loss falls in cell 7.\nIt is only noisy." and SHA.startswith(request.work or "?")
    assert [case.request for case in requests.open_cases(course)] == [request]
    assert requests.open_cases(course, ("other",)) == []
    assert read_history(history_lines(course, "ada", "fit")) == [], "it is no change of a grade"


@pytest.mark.slow
def test_a_mail_is_read_and_its_sender_compared(course: Workspace) -> None:
    put(course.root, "1.eml", mail(filled(course), "ADA@x.org"))
    put(course.root, "2.eml", mail(filled(course, "Another reason."), "eve@x.org"))
    put(course.root, "3.png", b"no request")
    doubts = {request.sender: request.doubt for request in requests.take_in(course, course.root / "inbox").requests}
    assert doubts == {"ADA@x.org": None, "eve@x.org": "it came from eve@x.org, not from ada@x.org"}


@pytest.mark.slow
@pytest.mark.parametrize("head", [
    b"From: " + b"(" * 60_000, b"From: " + b'"' * 200_000,
    b"From: a@x.org\nContent-Type: text/plain; " + b"a=b; " * 600_000,
    b"From: a@x.org\n" + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at)
                                   for at in range(3000)),
], ids=["recursion", "quotes", "quadratic", "nested"])
def test_a_hostile_mail_stops_nobody_elses_request(course: Workspace, head: bytes) -> None:
    """The standard library's parser ends with a RecursionError at some of these, and would need hours for others."""
    put(course.root, "1.eml", head + b"\n\nRegrade request\n")
    put(course.root, "2.eml", mail(filled(course), "ada@x.org"))
    taken = requests.take_in(course, course.root / "inbox")
    assert [request.sender for request in taken.requests] == ["ada@x.org"]
    assert [name for name, _ in taken.refused] == ["1.eml"]


@pytest.mark.slow
@pytest.mark.parametrize("sender, seen", [
    (b"ada@x.org, eve@y.org", "an unclear sender: ada@x.org, eve@y.org"),
    (b"ada@x.org\nFrom: eve@y.org", "an unclear sender: ada@x.org and eve@y.org"),
    (b"ada@x.org: eve@y.org;", "an unclear sender: ada@x.org"),
    (b"(c) ada@x.org <eve@y.org>", "an unclear sender: ada@x.org"),
    (b"=?utf-8?q?ada=40x.org=2C?= <eve@y.org>", "eve@y.org"),
    (b"=?utf-8?q?a=E2=80=A8=1B=E2=80=AE?=@x.org", "an unclear sender: a @x.org"),
])
def test_a_mail_with_an_unclear_sender_is_nobodys(course: Workspace, sender: bytes, seen: str) -> None:
    """A server that checks senders checks one of them, and a program may show another."""
    put(course.root, "a.eml", b"From: " + sender + b"\n\n" + filled(course).encode())
    (request,) = requests.take_in(course, course.root / "inbox").requests
    assert request.sender == seen and request.doubt == f"it came from {seen}, not from ada@x.org"


@pytest.mark.slow
@pytest.mark.parametrize("charset, half", [(b"utf-7", b"+2AA-"), (b"unicode_escape", rb"\ud800")])
def test_a_mail_with_halves_of_characters_stops_nobody_elses_request(
    course: Workspace, charset: bytes, half: bytes
) -> None:
    head = b"From: ada@x.org\nContent-Type: text/plain; charset=" + charset + b"\n\n"
    put(course.root, "1.eml", head + filled(course, "Half of one.").encode().replace(b"Half", half))
    put(course.root, "2.eml", mail(filled(course), "ada@x.org"))
    taken = requests.take_in(course, course.root / "inbox")
    assert [request.reason[:3] for request in taken.requests] == ["\ufffd o", "The"] and not taken.refused


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\x1e"])
def test_what_others_call_the_end_of_a_line_hides_no_request(course: Workspace, end: str) -> None:
    """Such a line was once written and never read again: it was in no queue, and could be repeated without end."""
    path = put(course.root, "a.txt", filled(course, f"Look{end}here."))
    assert len(requests.take_in(course, path).requests) == 1
    assert "taken in before" in requests.take_in(course, path).refused[0][1]
    requests.answer(course, "ada", "fit", decision=Decision.DECLINED, text=f"Not{end}so.")
    assert [case.answer.text for case in requests.cases(course) if case.answer] == [f"Not{end}so."]


@pytest.mark.slow
def test_others_cannot_use_up_a_students_requests(course: Workspace) -> None:
    for number in range(requests.MOST_OPEN):
        put(course.root, f"{number:02}.txt", filled(course, f"Reason number {number}."))
    put(course.root, "ada.eml", mail(filled(course), "ada@x.org"))
    assert not requests.take_in(course, course.root / "inbox").refused


def test_files_that_are_too_many_are_named(course: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_FILES", 1)
    for number in range(3):
        put(course.root, f"{number}.txt", filled(course, f"Reason number {number}."))
    taken = requests.take_in(course, course.root / "inbox")
    assert len(taken.requests) == 1 and "only the first 1 are read" in taken.refused[0][1]


def test_one_history_cannot_be_flooded(course: Workspace) -> None:
    for number in range(requests.MOST_OPEN + 2):
        put(course.root, f"{number:02}.txt", filled(course, f"Reason number {number}."))
    taken = requests.take_in(course, course.root / "inbox")
    assert len(taken.requests) == requests.MOST_OPEN and len(taken.refused) == 2
    assert "wait for an answer" in taken.refused[0][1]


def test_the_same_request_twice_is_one(course: Workspace) -> None:
    path = put(course.root, "a.txt", filled(course))
    requests.take_in(course, path)
    again = requests.take_in(course, path)
    assert not again.requests and "before" in again.refused[0][1] and len(requests.cases(course)) == 1


def test_an_answer_closes_it_and_is_remembered(course: Workspace) -> None:
    requests.take_in(course, put(course.root, "a.txt", filled(course)))
    case = requests.answer(course, "ada", "fit", decision=Decision.GRANTED, text="You are right.", by="tom")
    assert requests.open_cases(course) == [] and requests.cases(course) == [case]
    assert case.answer and (case.answer.by, case.answer.decision) == ("tom", Decision.GRANTED)
    with pytest.raises(CourseError, match="there are 0"):
        requests.answer(course, "ada", "fit", decision=Decision.DECLINED, text="No.")
    second = requests.answer(course, "ada", "fit", decision=Decision.DECLINED, text="No.", request=case.request.id)
    assert second.answer and requests.cases(course)[0].answer == second.answer, "the last answer counts"


@pytest.mark.parametrize("change, said", [
    (("Student: ada", "Student: ../ada"), "no student"), (("Student: ada", "Student: zoe"), "no student"),
    (("Student: ada", "Student: ben"), "handed in nothing"), (("Assignment: fit", "Assignment: fit2"), "fit2"),
    (("Reason: The", "Grund: The"), "Reason"), (("Regrade request", "Hello"), "begins with the line"),
])
def test_what_is_no_request_is_named_and_the_rest_is_taken(
    course: Workspace, change: tuple[str, str], said: str
) -> None:
    put(course.root, "bad.txt", filled(course).replace(*change))
    put(course.root, "good.txt", filled(course, "A good reason."))
    taken = requests.take_in(course, course.root / "inbox")
    assert [request.reason for request in taken.requests] == ["A good reason."]
    assert taken.refused[0][0] == "bad.txt" and said in taken.refused[0][1]


def test_a_form_that_was_not_filled_in_is_no_request() -> None:
    form = request_form("ada", "fit", work=SHA)
    for text in (form, form.replace("and why your", "and why\n> your")):
        with pytest.raises(SubmissionError, match="Reason"):
            parse_request(text)
    assert parse_request(form.replace("[what", "x[0] [what"))["reason"] == "x[0]", "brackets of a student stay"


def test_a_request_about_earlier_work_says_so(course: Workspace) -> None:
    text = filled(course).replace(SHA[:12], "aaaaaaaaaaaa")
    assert requests.take_in(course, put(course.root, "a.txt", text)).requests[0].other_work


@pytest.mark.parametrize("about, task", [
    ("Task 2", "train"), ("2", "train"), ("task 2 (training)", "train"), ("Train the model", "train"),
    ("the loss falls.", "train"), ("train-loss", "train"), ("Task 9", None), ("", None), ("everything", None)])
def test_the_task_is_recognized(course: Workspace, about: str, task: str | None) -> None:
    assert find_task(Result.from_json(course.result("ada", "fit").read_text()), about) == task


def test_a_history_that_was_cut_in_the_middle_loses_one_line_only(course: Workspace) -> None:
    requests.take_in(course, put(course.root, "a.txt", filled(course)))
    path = course.results("ada", "fit") / "history.jsonl"
    path.write_text(path.read_text() + '{"event":"request","id":"12')
    requests.take_in(course, put(course.root, "b.txt", filled(course, "Another reason.")))
    assert [case.request.reason for case in requests.cases(course)][1] == "Another reason."


def test_another_students_line_in_a_history_is_nobodys(course: Workspace) -> None:
    requests.take_in(course, put(course.root, "a.txt", filled(course)))
    (case,) = read_cases(history_lines(course, "ada", "fit"))
    append_line(course, "ben", "fit", case.request)
    assert len(requests.cases(course)) == 1


def test_hostile_text_is_text(course: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    reason = "[red]\x1b[31m <script>alert(1)</script> \u202egnorw"
    put(course.root, "a.txt", filled(course, reason))
    assert _run(["--course", str(course.root), "requests", "take", str(course.root / "inbox")]) == 0
    assert _run(["--course", str(course.root), "requests", "list"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out and "\u202e" not in out and "[red]" in out


def test_the_commands_print_json(course: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    root = ["--course", str(course.root), "requests"]
    put(course.root, "a.txt", filled(course))
    assert _run([*root, "take", str(course.root / "inbox"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["taken"][0]["task"] == "train"
    assert _run([*root, "answer", "ada", "fit", "--decision", "declined", "--text", "No.", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answer"]["decision"] == "declined"
    assert _run([*root, "list", "--json"]) == 0 and json.loads(capsys.readouterr().out) == []
    assert _run([*root, "list", "--all", "--json"]) == 0 and len(json.loads(capsys.readouterr().out)) == 1
    assert _run([*root, "form", "ada", "fit"]) == 0 and "Work: 3f9a1b2c4d5e" in capsys.readouterr().out


def test_a_file_that_is_too_large_is_named(course: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "LARGEST", 10)
    taken = requests.take_in(replace(course), put(course.root, "a.txt", filled(course)))
    assert "more than" in taken.refused[0][1]
