"""Reading hostile bytes costs what their size says: per byte no more than five times as much ten times further on.

Each reader gets growing inputs of several shapes over four decades. Measured is processor time, and only what is
clearly above the noise; a measurement that looks too slow is repeated, since other programs share the caches.
Python's garbage collector is off while a reader is measured, since the cost of one of its passes grows with everything
in the test process, not with the reader's input.
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.readers.growth_cases import CASES, FOLDERS, read_folder

pytestmark = pytest.mark.slow

SIZES = (30, 300, 3_000, 30_000, 300_000)
FACTOR = 5
FLOOR = 0.001
"""Seconds of processor time below which a measurement says nothing."""
REPEATS = 4


def cost(reader: Callable[[Any], object], given: Any) -> float:
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        reader(given)
        return time.process_time() - started
    finally:
        gc.enable()


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, int, dict[str, bytes]], Path]]:
    def made(name: str, size: int, files: dict[str, bytes]) -> Path:
        folder = tmp_path_factory.mktemp(f"{name}-{size}")
        for file, content in files.items():
            (folder / file).write_bytes(content)
        return folder

    yield made


def too_steep(before: float, after: float) -> bool:
    return after > 10 * FACTOR * max(before, FLOOR)


def measured(reader: Callable[[Any], object], inputs: list[Any]) -> list[float]:
    """Return seconds by size; what looks too slow for its size is measured again, and the fastest counts."""
    costs: list[float] = []
    for given in inputs:
        seconds = cost(reader, given)
        for _ in range(REPEATS):
            if not costs or not too_steep(costs[-1], seconds):
                break
            seconds = min(seconds, cost(reader, given))
        costs.append(seconds)
    return costs


def require_linear_growth(costs: list[float]) -> None:
    told = ", ".join(f"{size:,} bytes {seconds:.4f} s" for size, seconds in zip(SIZES, costs, strict=True))
    for before, after in itertools.pairwise(costs):
        assert not too_steep(before, after), f"cost per byte grows: {told}"


@pytest.mark.rotates(parts=3)
@pytest.mark.parametrize("name", CASES)
def test_cost_is_linear_in_size(name: str) -> None:
    reader, make = CASES[name]
    reader(make(SIZES[0]))  # imports and caches
    require_linear_growth(measured(reader, [make(size) for size in SIZES]))


@pytest.mark.parametrize("name", FOLDERS)
def test_artifacts_cost_what_their_size_says(name: str, folders: Any) -> None:
    inputs = [folders(name.replace(" ", "-"), size, FOLDERS[name](size)) for size in SIZES]
    require_linear_growth(measured(read_folder, inputs))


def test_growth_that_is_not_linear_is_seen() -> None:
    """Else the tests above would prove nothing."""
    with pytest.raises(AssertionError, match="grows"):
        require_linear_growth([0.001, 0.001, 0.01, 1.0, 100.0])


def test_a_quadratic_reader_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it is measured; on a clock of its own, so that a busy machine decides nothing here."""
    clock = [0.0]
    monkeypatch.setattr(time, "process_time", lambda: clock[0])

    def read(text: str) -> None:
        clock[0] += 1e-7 * len(text) ** 2

    assert too_steep(*measured(read, ["a" * size for size in (3_000, 30_000)]))
