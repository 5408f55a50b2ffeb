"""One warm process that reads notebooks serves all of these tests, instead of one for each call of `collect`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.pipeline.reading.budgets import readers


@pytest.fixture(autouse=True, scope="package")
def warm_readers() -> Iterator[None]:
    with readers():
        yield
