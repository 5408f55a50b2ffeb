"""A cluster for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.remote.bed import Bed


@pytest.fixture
def bed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bed]:
    # A worker that says nothing for this long has lost its jobs; dask's own five minutes are for clusters.
    monkeypatch.setitem(os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "5s")
    made = Bed(tmp_path_factory.mktemp("cluster"))
    try:
        yield made
    finally:
        made.close()
