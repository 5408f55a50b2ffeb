"""One warm process for all that these tests read: each command starts one of its own, which takes half a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.pipeline.reading.budgets import readers


@pytest.fixture(scope="session", autouse=True)
def warm_readers() -> Iterator[None]:
    with readers():
        yield
