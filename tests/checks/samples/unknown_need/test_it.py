import pytest


@pytest.mark.task("one", points=1, basis="measured", needs=["ghost"])
def test_child(student):
    """Needs a ghost."""
