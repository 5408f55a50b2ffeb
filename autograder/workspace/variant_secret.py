"""The files of variants: the secret that numbers are drawn with, and each student's copy of a released notebook."""

from __future__ import annotations

import secrets
from pathlib import Path

from autograder.course import assignment_id, student_id
from autograder.errors import CourseError
from autograder.workspace.file_names import IGNORED, VARIANTS, VARIANTS_KEY
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically

_LENGTH = 64
_OTHERS = 0o007


def variants_secret(workspace: Workspace) -> Path:
    """File of the secret, in the course and never in its repository."""
    return workspace.root / VARIANTS_KEY


def copies_root(workspace: Workspace) -> Path:
    """Folder with one folder per assignment: what each student gets."""
    return workspace.output / VARIANTS


def student_copy(workspace: Workspace, student: str, assignment: str) -> Path:
    """One student's copy of the current release."""
    return copies_root(workspace) / assignment_id(assignment) / student_id(student) / f"{assignment}.ipynb"


def create_secret(workspace: Workspace) -> Path:
    """Write a new secret that only this user can read, keep it out of the repository, and return its path.

    Raises:
        CourseError: there is one already; with another one, all students would have other numbers.
    """
    path = variants_secret(workspace)
    if path.exists():
        raise CourseError(f"{path.name} exists already, and notebooks may have been handed out with it; keep it. For a "
                          "new class, move it away first.")
    ignored = workspace.root / IGNORED
    text = ignored.read_text(encoding="utf-8") if ignored.is_file() else ""
    missing = [line for line in (f"/{VARIANTS_KEY}", f"/{VARIANTS}/") if line not in text.splitlines()]
    if missing:
        write_atomically(ignored, "\n".join([*text.splitlines(), *missing, ""]))
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(_LENGTH // 2))
    return path


def read_secret(workspace: Workspace) -> str:
    """Return the secret.

    Raises:
        CourseError: there is none, it is damaged, or everybody on this machine can read it.
    """
    path = variants_secret(workspace)
    try:
        text, mode = path.read_text(encoding="ascii").strip(), path.stat().st_mode
    except FileNotFoundError:
        raise CourseError(f"The numbers of variants are drawn with the secret in {path.name}, but the course has no "
                          "such file: copy it from where it was made, or run `autograder variants init` before the "
                          "first release.") from None
    except (OSError, ValueError):
        text, mode = "", 0
    if len(text) != _LENGTH or not set(text) <= set("0123456789abcdef"):
        raise CourseError(f"{path.name} should have {_LENGTH} hexadecimal digits, but it does not: copy it again from "
                          "where it was made.")
    if mode & _OTHERS:
        raise CourseError(f"{path.name} is for the staff of the course only, but everybody on this machine may read or "
                          f"write it: run `chmod o= {path.name}`.")
    return text
