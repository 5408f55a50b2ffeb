"""The hidden checks of every assignment, run against junk and against nothing: they break on none, and pay for none."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from autograder.checks import CheckFailed, Unjudged
from autograder.checks.ground_truth import CourseData, Holdout
from autograder.checks.plugin import MARKER
from autograder.model import Basis
from tests.assignments.common import Assignment, every_assignment
from tests.checks.worlds import SHAPES, Junk, Nothing, checks_of, course_data, declared_calls

pytestmark = pytest.mark.slow

STRUCTURE = {
    "challenge-parameters", "mended-remedy", "best-budget",  # a small network was built, which is what they ask
    "pixels-float32", "float32", "scale-float32", "cast-float32", "channels-first", "channels-last",  # types and shapes
    "least-sure",  # where all images are level, each is the least sure one
}
"""Checks that ask for no value, so that arrays and weights of NaN do keep what they ask for."""


@pytest.fixture(autouse=True, scope="module")
def marker(request: pytest.FixtureRequest) -> None:
    """Make the marker of hidden checks known to this pytest, which is not the check server's."""
    request.config.addinivalue_line("markers", MARKER)


@functools.cache
def course() -> tuple[CourseData, Holdout]:
    return course_data()


@functools.cache
def sizes_of(name: str) -> dict[str, float]:
    return Assignment(name).sizes()


def broken_by_junk(name: str, seeds: range) -> dict[str, str]:
    """Return what each check raised that is no judgement, with the seed that shows it."""
    checks = checks_of(name)
    calls, found = declared_calls(checks), {}
    for check in checks:
        for seed in seeds:
            try:
                with np.errstate(all="ignore"):
                    Junk(*course(), sizes_of(name), seed).judge(check, calls)
            except (CheckFailed, Unjudged):
                continue
            except Exception as error:
                found[check.spec.id] = f"seed {seed}: {type(error).__name__}: {error}"
                break
    return found


@pytest.mark.parametrize("name", every_assignment())
def test_junk_breaks_no_check(name: str) -> None:
    assert broken_by_junk(name, range(12)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", every_assignment())
def test_much_junk_breaks_no_check(name: str) -> None:
    assert broken_by_junk(name, range(12, 100)) == {}


@pytest.mark.parametrize("name", every_assignment())
def test_nan_and_a_typed_number_are_not_paid(name: str) -> None:
    checks = checks_of(name)
    calls, paid = declared_calls(checks), set()
    for check in (item for item in checks if item.spec.basis is Basis.MEASURED):
        for shape in (shape for shape in SHAPES if shape):
            for typed in (False, True):
                try:
                    with np.errstate(all="ignore"):
                        Nothing(*course(), sizes_of(name), shape=shape, typed=typed).judge(check, calls)
                    paid.add(check.spec.id)
                except (CheckFailed, Unjudged):
                    continue
    assert paid <= STRUCTURE
