"""Hidden checks of the sample assignment."""

import pytest


@pytest.mark.task("double", points=2, basis="measured")
def test_double_values(student):
    """`doubled` holds every number twice as large."""
    assert student is not None, "a sentence that only the hidden checks have"


@pytest.mark.task("double", points=1, basis="claimed")
def test_double_type(student):
    """`doubled` is an array of floats."""
    assert student is not None


@pytest.mark.task("total", points=2, basis="measured", needs=["double-values"])
def test_total(student):
    """`total` is the sum of all numbers."""
    assert student is not None
