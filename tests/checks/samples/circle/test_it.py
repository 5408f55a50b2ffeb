import pytest


@pytest.mark.task("one", points=1, basis="measured", needs=["egg"])
def test_hen(student):
    """Needs an egg."""


@pytest.mark.task("one", points=1, basis="measured", needs=["hen"])
def test_egg(student):
    """Needs a hen."""
