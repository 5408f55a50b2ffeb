"""What the image is made of, read from its Dockerfile and .dockerignore."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "autograder" / "container"
LINES = [line.strip() for line in (FOLDER / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
         if line.strip() and not line.strip().startswith("#")]
COPIED = {"pyproject.toml", "requirements.lock", "README.md", "LICENSE", "autograder"}


def stages() -> dict[str, list[str]]:
    """Return the instructions of each stage by its name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in LINES:
        if match := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
            name = match[2]
            found[name] = list(found.get(match[1], []))  # what the stage before it did holds here too
        found.setdefault(name, []).append(line)
    return found


@pytest.mark.parametrize("target", ["cpu", "gpu"])
def test_targets_end_as_a_user_without_rights(target: str) -> None:
    lines = stages()[target]
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users == ["10001:10001"]
    after = lines[lines.index("USER 10001:10001"):]
    assert not [line for line in after if line.startswith(("RUN", "COPY", "ADD"))]
    assert any(line.startswith("HEALTHCHECK") and "container" in line and "health" in line for line in after)
    assert 'ENTRYPOINT ["autograder"]' in after


def test_the_base_is_an_argument_with_the_official_slim_python_as_its_default() -> None:
    assert LINES[0] == "ARG BASE=docker.io/library/python:3.11-slim"
    assert LINES[1] == "FROM ${BASE} AS base"


def test_only_named_things_are_copied() -> None:
    copies = [line.split()[1:-1] for line in LINES if line.startswith("COPY")]
    assert {word for words in copies if not words[0].startswith("--") for word in words} == COPIED
    # From another stage of this file, and from nowhere else.
    assert [words for words in copies if words[0].startswith("--")] == [
        ["--from=names", f"/opt/package/{target}.txt"] for target in ("cpu", "gpu")]
    assert not [line for line in LINES if line.startswith("ADD")]


def test_the_context_lets_nothing_else_through() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == COPIED
    # Templates have solutions and checks; what comes later in the file wins.
    assert lines.index("autograder/authoring/templates") > lines.index("!autograder")


def test_nothing_of_a_course_lies_in_the_package() -> None:
    hidden = {path.name for path in (ROOT / "tests" / "hidden").rglob("test_*.py")}
    assert hidden and not [path for path in (ROOT / "autograder").rglob("*") if path.name in hidden
                           or path.name in ("reference.json", "published.json", "mnist.npz") or path.suffix == ".ipynb"]


def test_no_secret_and_no_host_is_in_it() -> None:
    text = (FOLDER / "Dockerfile").read_text() + (ROOT / ".dockerignore").read_text()
    assert not re.search(r"https?://|index-url|PIP_|--mount=type=secret|trusted-host", text)


def test_gradescope_finds_its_program() -> None:
    script = FOLDER / "run_autograder"
    assert script.stat().st_mode & 0o111 and script.read_text().startswith("#!/bin/sh\n")
    assert "exec autograder container gradescope" in script.read_text()
