"""The same work has the same points with each backend of Keras, by bounds whose origin is said."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from autograder.model import DEFAULT_BACKEND, Result
from autograder.pipeline.release.proof import grade_notebook
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.variant_files import SOLUTION, load_variants, make_submission
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent
from tests.assignments.common import ROOT

pytestmark = pytest.mark.slow
GRADED = {"jax": ("iris-classes", "first-network"), "torch": ("first-network", "conv-digits", "iris-classes")}
CASES = [pytest.param(backend, name, marks=pytest.mark.skipif(
    importlib.util.find_spec(backend) is None,
    reason=f"the backend {backend} is not installed: pip install '.[{backend}]'"))
    for backend, names in GRADED.items() for name in names]
WRONG = {"iris-classes": "scaling-forgotten", "first-network": "labels-not-one-hot",
         "conv-digits": "labels-not-one-hot"}
"""A mistake that only training shows, and others in what a network is trained with."""
Points = dict[str, dict[str, float | None]]
KEYS = {"iris-classes": "own/cpu", "first-network": "stand-in/cpu", "conv-digits": "stand-in/cpu"}


class Notes(Silent):
    """Keeps what is said to staff."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        self.said.append(text)


@contextmanager
def with_backend(backend: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", backend)
        yield


def graded(session: Session, variant: str) -> Result:
    name = session.assignment.id
    return grade_notebook(session, variant, make_submission(session.workspace, name, variant, session.release))


def grade_with(backend: str, name: str, folder: Path, notes: Notes) -> dict[str, Result]:
    """Grade the solution and a wrong variant with the assignment's own sizes and its calibrated bounds."""
    workspace = replace(open_workspace(ROOT), output=folder)
    options = RunOptions(workers=1, allow_stand_in=True, force_stand_in=True)
    with with_backend(backend), open_session(workspace, name, options, reporter=notes) as session:
        return {variant: graded(session, variant) for variant in (SOLUTION, WRONG[name])}


def points(results: Mapping[str, Result]) -> Points:
    return {variant: {check.id: check.earned for task in result.tasks for check in task.checks}
            for variant, result in results.items()}


@pytest.fixture(scope="module")
def by_tensorflow(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Points]:
    @cache
    def of(name: str) -> Points:
        notes = Notes()
        results = grade_with(DEFAULT_BACKEND, name, tmp_path_factory.mktemp(name), notes)
        made = results[SOLUTION].provenance
        assert made is not None and made.backend == DEFAULT_BACKEND and made.calibration == KEYS[name]
        assert not [note for note in notes.said if "backend" in note]
        return points(results)

    return of


@pytest.mark.parametrize(("backend", "name"), CASES)
def test_the_points_are_those_with_tensorflow(
    backend: str, name: str, tmp_path: Path, by_tensorflow: Callable[[str], Points]
) -> None:
    notes = Notes()
    results = grade_with(backend, name, tmp_path, notes)
    for result in results.values():
        assert result.status == "graded" and result.complete, result.message
        made = result.provenance
        assert made is not None and made.backend == backend and made.versions["backend"] == backend
        assert made.calibration == KEYS[name], "the course has no calibration of this backend"
    assert [note for note in notes.said if f"with the Keras backend {backend}, but its bounds" in note]
    declared = {variant.name: set(variant.loses) for variant in load_variants(open_workspace(ROOT), name, "wrong")}
    found = points(results)
    assert {check for check, earned in found[WRONG[name]].items() if not earned} >= declared[WRONG[name]]
    assert results[SOLUTION].score == results[SOLUTION].max_score - results[SOLUTION].manual
    assert found == by_tensorflow(name)
