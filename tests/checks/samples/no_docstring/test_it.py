import pytest


@pytest.mark.task("one", points=1, basis="measured")
def test_silent(student):
    pass
