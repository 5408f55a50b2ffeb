"""Our own modules that decide about a result are part of its fingerprint, and each of them is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.model import Limits, NotebookJob
from autograder.pipeline import fingerprint


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files that fingerprints were made of."""
    seen: set[str] = set()
    original = fingerprint.files_digest

    def files_digest(files: list[Path]) -> str:
        listed = list(files)
        seen.update(str(path.relative_to(fingerprint.PACKAGE)) for path in listed
                    if fingerprint.PACKAGE in path.parents)
        return original(listed)

    monkeypatch.setattr(fingerprint, "files_digest", files_digest)
    fingerprint._own_code.cache_clear()
    return seen


def test_what_a_run_records_depends_on_the_recorder(read: set[str]) -> None:
    job = NotebookJob(cells=(), seed=1, sampling_key="00")
    fingerprint.execution_fingerprint(job, data="d", isolation="full", versions={}, continuation={}, compiled={})
    assert {"sandbox/child/student/spy.py", "sandbox/child/student/model_book.py", "sandbox/child/probing.py"} <= read


def test_how_it_is_judged_depends_on_checks_and_on_what_credits(read: set[str], tmp_path: Path) -> None:
    fingerprint.checks_fingerprint(tmp_path, tmp_path / "reference.json", tmp_path / "a.ipynb")
    assert {"checks/server.py", "artifacts/reader.py", *fingerprint.CREDITING} <= read


def test_a_repetition_depends_on_who_trains(read: set[str]) -> None:
    fingerprint.refit_fingerprint("work", seeds=[1], limits=Limits(), data="d", versions={})
    assert {"sandbox/child/refitter.py", "artifacts/refit_plan.py"} <= read


def test_a_module_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match=r"moved_away.* do not exist"):
        fingerprint._own_code("sandbox/moved_away")
