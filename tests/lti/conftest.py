"""A key that is made once, a course whose grades are known, and the platform that they are sent to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from autograder.grades import Grade, State, TaskGrade
from autograder.lti import bounded_http
from autograder.pipeline import push
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import Workspace, open_workspace
from tests.support.ags_service import Platform, member, serve

PEOPLE = "id,name,email,lti\nada,Ada Lovelace,ada@example.org,\nben,Ben Bool,ben@example.org,\ncy,Cy,,u-cy\n"


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def grade(student: str, points: float | None = 4.0, **more: Any) -> Grade:
    """Return a grade out of 5 points; without points they are withheld."""
    task = TaskGrade(id="double", title="Step double", cell="test-double", points=5, automatic=points,
                     open=points is None, comment=more.pop("comment", None))
    return Grade(**{"student": student, "assignment": ASSIGNMENT, "state": State.GRADED, "max_points": 5.0,
                    "tasks": (task,), **more})


@dataclass
class World:
    """The course, the platform, and the grades that the course has at the moment."""

    room: Workspace
    platform: Platform
    grades: list[Grade]
    pauses: list[float]


@pytest.fixture
def platform(key: rsa.RSAPrivateKey) -> Iterator[Platform]:
    made = Platform(public_key=key.public_key(), members=[
        member("u-teacher", "prof@example.org", roles=["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]),
        member("u-ada", "Ada@example.org"), member("u-ben", "ben@example.org"), member("u-cy")])
    with serve(made):
        yield made


@pytest.fixture
def world(tmp_path: Path, platform: Platform, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch) -> World:
    root = make_course(tmp_path / "course").root
    (root / "students.csv").write_text(PEOPLE)
    file = tmp_path / "key.pem"
    file.write_bytes(pem(key))
    file.chmod(0o600)
    course = root / "course.yml"
    course.write_text(f"{course.read_text()}lti:\n  issuer: https://lms.example.org\n"
                      f"  client_id: {platform.client_id}\n"
                      f"  token_url: {platform.url}/token\n  key_file: {file}\n"
                      f"  lineitems_url: {platform.url}/lineitems\n  members_url: {platform.url}/members\n")
    made = World(room=open_workspace(root), platform=platform, pauses=[],
                 grades=[grade("ada"), grade("ben", None), grade("cy", 0.0)])
    monkeypatch.setattr(push, "readable_grades", lambda *_: made.grades)
    quick: Callable[..., None] = bounded_http.BoundedHttp.__init__
    monkeypatch.setattr(bounded_http.BoundedHttp, "__init__",
                        lambda self: quick(self, seconds=60.0, sleep=made.pauses.append))
    return made
