import pytest


@pytest.mark.task("one", points=1, basis="measured")
@pytest.mark.parametrize("n", [1, 2])
def test_many(student, n):
    """Many at once."""
