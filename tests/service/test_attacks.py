"""What a student, another student's server or another site sends gains nothing: no page, no upload, no echo."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.service.upload_bodies import AROUND, DISCARDED
from autograder.testing import ASSIGNMENT
from tests.service.conftest import FORM, HOST, NAVIGATION, PREFIX, World, form_token

PAGE = f"{PREFIX}feedback/small/small.html"
MIB = 2**20


@pytest.fixture
def graded(world: World) -> World:
    """Ada has a page, with a word that nobody else may see."""
    for student, word in (("ada", "word-of-ada"), ("ben", "word-of-ben")):
        path = world.workspace.feedback(student, ASSIGNMENT)
        path.parent.mkdir(parents=True)
        path.write_text(f"<!doctype html><title>{word}</title>")
    report = world.workspace.class_report(ASSIGNMENT)
    report.parent.mkdir()
    report.write_text("<!doctype html><title>word-of-staff</title>")
    return world


@pytest.mark.parametrize("token", [None, "", "x" * 43, "ä", "token-ada"])
def test_a_form_without_the_token_of_its_session_is_refused(world: World, token: str | None) -> None:
    ada = world.signed_in("ada")
    assert world.hand_in(ada, token=token).status_code == 403
    assert world.stored == []


def test_the_token_of_another_session_is_refused(world: World) -> None:
    ada, ben = world.signed_in("ada"), world.signed_in("ben")
    assert world.hand_in(ada, token=form_token(ben)).status_code == 403
    assert world.stored == []


@pytest.mark.parametrize("headers", [
    {**NAVIGATION}, {**FORM, "origin": "null"}, {**FORM, "origin": "https://evil.example.org"},
    {**FORM, "origin": f"https://{HOST}.evil.example.org"}, {**FORM, "origin": f"https://evil.example.org/{HOST}"},
    {**FORM, "origin": f"https://{HOST}:8443"}, {**FORM, "sec-fetch-site": "cross-site"},
    {**FORM, "sec-fetch-site": "same-site"}, {**FORM, "sec-fetch-mode": "cors"}, {**FORM, "sec-fetch-dest": "iframe"},
    {**FORM, "sec-fetch-mode": "no-cors"},
], ids=str)
def test_a_form_that_another_site_or_a_script_sends_is_refused(world: World, headers: dict[str, str]) -> None:
    ada = world.signed_in("ada")
    assert world.hand_in(ada, headers=headers).status_code == 403
    assert world.stored == []


@pytest.mark.parametrize("headers", [
    {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, {"sec-fetch-mode": "same-origin", "sec-fetch-dest": "empty"},
    {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    {"sec-fetch-mode": "navigate", "sec-fetch-dest": "object"}], ids=str)
def test_no_page_is_given_to_scripts_and_frames(graded: World, headers: dict[str, str]) -> None:
    ada, prof = graded.signed_in("ada"), graded.signed_in("prof")
    for browser, path in ((ada, PREFIX), (ada, PAGE), (prof, f"{PREFIX}staff/"), (prof, f"{PREFIX}staff/student/ada")):
        answer = browser.get(path, headers=headers)
        assert answer.status_code == 403 and "ada" not in answer.text


def test_a_student_gets_the_own_page_only(graded: World) -> None:
    ada, ben = graded.signed_in("ada"), graded.signed_in("ben")
    assert "word-of-ada" in ada.get(PAGE).text and "word-of-ben" in ben.get(PAGE).text
    for path in ("staff/feedback/ada/small/small.html", "staff/student/ada", "staff/", "staff/queue",
                 "staff/report/small.html"):
        answer = ben.get(PREFIX + path)
        assert answer.status_code == 403, path
        assert "word-of" not in answer.text and "ada" not in answer.text
    sent = ben.post(f"{PREFIX}staff/report/small", headers=FORM, files={"token": (None, form_token(ben))})
    assert sent.status_code == 403
    assert "word-of-staff" in graded.signed_in("prof").get(f"{PREFIX}staff/report/small.html").text


@pytest.mark.parametrize("path", [
    "feedback/small/../../ada/small/small.html", "feedback/..%2f..%2fada%2fsmall/small.html",
    "feedback/small/..%2f..%2fada%2fsmall%2fsmall.html", "feedback/small/%2e%2e/ada", "feedback/ada/small.html",
    "feedback/../feedback/ada/small/small.html", "feedback/small/timestamp.txt", "feedback/small/submission_secret.txt",
    "feedback/small/small.html%00.png", "feedback/small/..",
    "feedback/small%5c..%5c/small.html", "feedback//etc/passwd",
    "staff/feedback/..%2fada/small/small.html", "feedback/SMALL/small.html"])
def test_no_path_leads_anywhere_else(graded: World, path: str) -> None:
    ben = graded.signed_in("ben")
    answer = ben.get(PREFIX + path)
    assert answer.status_code in (302, 403, 404) and "word-of" not in answer.text, answer.text


@pytest.mark.parametrize("path", [
    "staff/feedback/..%2f..%2fcourse.yml/small/small.html", "staff/feedback/../small/small.html",
    "staff/feedback/nobody/small/small.html", "staff/student/..", "staff/student/%2e%2e%2f", "staff/student/ADA%00",
    "staff/report/..%2f..%2fcourse.yml.html", "staff/report/nothing.html"])
def test_no_path_of_staff_leads_anywhere_else(graded: World, path: str) -> None:
    answer = graded.signed_in("prof").get(PREFIX + path)
    assert answer.status_code == 404 and "word-of" not in answer.text


@pytest.mark.parametrize("assignment", ["nothing", "../hand-in/%2e%2e", "%2e%2e%2fsmall", "small%00",
                                        "small%0d%0aX-Evil:1", "<b>x</b>"])
def test_no_assignment_but_the_courses_is_taken(world: World, assignment: str) -> None:
    ada = world.signed_in("ada")
    answer = world.hand_in(ada, assignment=assignment)
    assert answer.status_code == 404 and world.stored == []
    assert "x-evil" not in answer.headers and "<b>x" not in answer.text
    assert not (world.root / ".serve").exists()


@pytest.mark.parametrize("name", [
    "../../../etc/cron.d/evil.ipynb", "<script>alert(1)</script>.ipynb", "a\r\nX-Evil: 1.ipynb",
    "x" * 1000, "\u202egpj.ipynb",
    "ben+small+2020-01-01 00:00:00.000000 UTC.ipynb"])
def test_the_name_of_a_file_decides_nothing_and_is_not_shown(world: World, name: str) -> None:
    ada = world.signed_in("ada")
    answer = world.hand_in(ada, name=name)
    assert answer.status_code == 303 and world.stored == ["ada+small"]
    inbox = world.root / ".serve" / "inbox"
    assert [path.name for path in inbox.glob("*/*")] == ["small.ipynb"]
    shown = ada.get(answer.headers["location"])
    assert "<script" not in shown.text and "x-evil" not in shown.headers and "\u202e" not in shown.text


def test_html_in_texts_is_shown_as_text(world: World) -> None:
    """In what an address names, and in what a receipt says."""
    ada = world.signed_in("ada")
    folder = world.workspace.uploads("ada", ASSIGNMENT)
    folder.mkdir(parents=True)
    (folder / "20260101T000000Z-12345678.json").write_text(json.dumps({
        "student": "ada", "assignment": ASSIGNMENT, "accepted": False, "reason": "<img src=x onerror=alert(1)>",
        "source": "x", "received_at": "2026-01-01T00:00:00+00:00", "sha256": "12" * 32}))
    for path in (f"{PREFIX}?received=<img%20src=x>", f"{PREFIX}?received={'12' * 32}"):
        shown = ada.get(path).text
        assert "&lt;img src=x onerror" in shown and "<img" not in shown


def big(world: World, size: int) -> bytes:
    return world.notebook()[:-1] + b" " * size + b"}"


def test_a_file_is_taken_up_to_the_limit_and_refused_above(world: World) -> None:
    (world.root / "course.yml").write_text((world.root / "course.yml").read_text() + "collect: {notebook: 1 MiB}\n")
    ada = world.signed_in("ada")
    just = big(world, 0)
    assert world.hand_in(ada, big(world, MIB - len(just))).status_code == 303
    for size in (MIB - len(just) + 1, 2 * MIB, (DISCARDED + 2) * (MIB + AROUND)):
        answer = world.hand_in(ada, big(world, size))
        assert answer.status_code == 413 and "at most 1 MiB" in answer.text
    assert world.stored == ["ada+small"]


def test_a_body_without_an_end_is_not_read_forever(world: World) -> None:
    (world.root / "course.yml").write_text((world.root / "course.yml").read_text() + "collect: {notebook: 1 MiB}\n")
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'{"cells": "'
        while sent < 64 * MIB:
            sent += MIB
            yield b"x" * MIB

    headers = {"authorization": "token token-ada"}
    answer = world.client().post(f"{PREFIX}api/hand-ins/small", headers=headers, content=endless())
    assert answer.status_code == 413 and world.stored == []


def test_a_zip_is_not_unpacked(world: World) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("small.ipynb", b" " * (16 * MIB))
    answer = world.hand_in(world.signed_in("ada"), packed.getvalue())
    assert answer.status_code == 415 and "unpack it" in answer.text and world.stored == []


@pytest.mark.parametrize(("data", "status"), [
    (b"", 422), (b"%PDF-1.7", 415), (b"[1, 2]", 415), (b"\x1f\x8b\x08gz", 415), (b"<html>", 415)])
def test_what_is_no_notebook_at_a_glance_is_refused(world: World, data: bytes, status: int) -> None:
    assert world.hand_in(world.signed_in("ada"), data).status_code == status
    assert world.stored == []


@pytest.mark.parametrize("body", [b"", b"--b\r\n", b"--b\r\nContent-Disposition: form-data; name=\"notebook\"\r\n\r\n",
                                  b"\x00" * 1000, b"--b--"])
def test_what_is_no_form_is_refused(world: World, body: bytes) -> None:
    ada = world.signed_in("ada")
    headers = {**FORM, "content-type": "multipart/form-data; boundary=b"}
    assert ada.post(f"{PREFIX}hand-in/small", headers=headers, content=body).status_code in (400, 403)
    for kind in ("text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 999):
        answer = ada.post(f"{PREFIX}hand-in/small", headers={**FORM, "content-type": kind}, content=body)
        assert answer.status_code in (400, 403)
    assert world.stored == []


def test_many_files_and_fields_are_no_form_of_ours(world: World) -> None:
    ada = world.signed_in("ada")
    token = form_token(ada)
    files = [("notebook", (f"{number}.ipynb", world.notebook())) for number in range(20)]
    assert ada.post(f"{PREFIX}hand-in/small", headers=FORM, data={"token": token}, files=files).status_code == 400
    fields = {f"field-{number}": "x" for number in range(2000)}
    files = [("notebook", ("small.ipynb", world.notebook()))]
    sent = ada.post(f"{PREFIX}hand-in/small", headers=FORM, data={**fields, "token": token}, files=files)
    assert sent.status_code == 400 and world.stored == []


@pytest.mark.parametrize("cookie", ["", "x", "token-ada", "ada", "a" * 5000, "../../ada"])
def test_a_forged_cookie_is_nobodys(graded: World, cookie: str) -> None:
    browser = graded.client()
    for name in ("autograder-session", "jupyterhub-session-id", "service-autograder"):
        browser.cookies.set(name, cookie, path=PREFIX)
    for path in (PREFIX, PAGE, f"{PREFIX}staff/"):
        answer = browser.get(path)
        assert answer.status_code == 302 and answer.headers["location"].startswith(f"https://{HOST}/hub/")
    sent = graded.hand_in(browser, token="x")
    assert sent.status_code == 403 and graded.stored == []


@pytest.mark.parametrize("header", [None, "", "token ", "token nobody", "Basic YWRhOnB3", "token token-ada token-ben",
                                    "bearer a, bearer token-ada", "token-ada"])
def test_a_forged_token_is_nobodys(world: World, header: str | None) -> None:
    headers = {"authorization": header} if header is not None else {}
    answer = world.client().post(f"{PREFIX}api/hand-ins/small", headers=headers, content=world.notebook())
    assert answer.status_code == 401 and "message" in answer.json() and world.stored == []
    assert world.client().get(f"{PREFIX}api/hand-ins/small", headers=headers).status_code == 401


def test_a_cookie_is_worth_nothing_where_programs_hand_in(world: World) -> None:
    """So that no site can let a browser use these addresses."""
    ada = world.signed_in("ada")
    assert ada.post(f"{PREFIX}api/hand-ins/small", content=world.notebook()).status_code == 401
    assert ada.get(f"{PREFIX}api/hand-ins/small").status_code == 401


def test_a_sign_in_that_began_in_another_browser_is_refused(world: World) -> None:
    """Otherwise a student could be signed in as somebody else, and hand in for them."""
    eve, ada = world.client(), world.client()
    state = eve.get(PREFIX).headers["location"].partition("state=")[2]
    back = {"state": state, "code": f"ben/{state}"}
    ada.get(PREFIX)
    assert ada.get(f"{PREFIX}oauth_callback", params=back).status_code == 403
    assert eve.get(f"{PREFIX}oauth_callback", params=back).status_code == 403, "a state is used once"
    for given in ({}, {"state": "x"}, {"code": "x"}, {"state": "", "code": ""}):
        assert ada.get(f"{PREFIX}oauth_callback", params=given).status_code == 403


def test_a_code_that_the_hub_does_not_know_signs_nobody_in(world: World) -> None:
    browser = world.client()
    state = browser.get(PREFIX).headers["location"].partition("state=")[2]
    answer = browser.get(f"{PREFIX}oauth_callback", params={"state": state, "code": "ada/another"})
    assert answer.status_code == 403 and "autograder-session" not in answer.headers.get("set-cookie", "")


def test_a_page_wanted_before_signing_in_is_one_of_this_service(world: World) -> None:
    for path in (f"{PREFIX}?next=https://evil.example.org", f"{PREFIX}staff/?next=//evil.example.org",
                 f"{PREFIX}/evil.org"):
        browser = world.client()
        sent = browser.get(path, headers={"host": "evil.example.org"})
        if sent.status_code == 404:
            continue
        state = sent.headers["location"].partition("state=")[2]
        back = browser.get(f"{PREFIX}oauth_callback", params={"state": state, "code": f"prof/{state}"})
        assert back.headers["location"] in (PREFIX, f"{PREFIX}staff/")


def test_every_answer_forbids_what_it_does_not_need(graded: World) -> None:
    ada, prof, nobody = graded.signed_in("ada"), graded.signed_in("prof"), graded.client()
    answers = [ada.get(PREFIX), ada.get(PAGE), ada.get(f"{PREFIX}nothing"), nobody.get(PREFIX), nobody.get("/"),
               ada.get(f"{PREFIX}staff/"), prof.get(f"{PREFIX}staff/"), prof.get(f"{PREFIX}staff/report/small.html"),
               nobody.get(f"{PREFIX}api/hand-ins/small"), ada.put(PREFIX), ada.request("TRACE", PREFIX)]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY" and "access-control-allow-origin" not in answer.headers
    for answer in answers[:9]:
        assert "<script" not in answer.text


def test_cookies_are_not_for_scripts_and_other_sites(world: World) -> None:
    browser = world.client()
    sent = browser.get(PREFIX)
    state = sent.headers["location"].partition("state=")[2]
    back = browser.get(f"{PREFIX}oauth_callback", params={"state": state, "code": f"ada/{state}"})
    for answer in (sent, back):
        said = answer.headers["set-cookie"].lower()
        assert "httponly" in said and "samesite=lax" in said and "secure" in said and f"path={PREFIX}" in said
        assert "token-ada" not in said, "the hub's token never leaves the service"


def test_a_link_in_the_place_of_a_page_is_not_followed(graded: World, tmp_path: Path) -> None:
    page = graded.workspace.feedback("ada", ASSIGNMENT)
    page.unlink()
    page.symlink_to(graded.workspace.feedback("ben", ASSIGNMENT))
    answer = graded.signed_in("ada").get(PAGE)
    assert answer.status_code == 404 and "word-of-ben" not in answer.text


def test_who_hands_in_too_often_waits(world: World) -> None:
    ada = world.signed_in("ada")
    for number in range(5):
        assert world.hand_in(ada, world.notebook(str(number))).status_code == 303
    answer = world.hand_in(ada)
    assert answer.status_code == 429 and 0 < int(answer.headers["retry-after"]) <= 3601
    assert world.hand_in(world.signed_in("ben")).status_code == 303
    world.now[0] += 3601
    assert world.hand_in(ada).status_code == 303 and len(world.stored) == 7


def test_an_upload_that_is_refused_lets_the_next_one_come(world: World) -> None:
    ada = world.signed_in("ada")
    for answer in (world.hand_in(ada, token="x"), world.hand_in(ada, b"PK"), world.hand_in(ada)):
        last: Any = answer
    assert last.status_code == 303
