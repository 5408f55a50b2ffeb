"""Arrays that every student loads: recognized by comparing, and described exactly as if they had been measured."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.artifacts.sampling import bytes_digest
from autograder.execution.student import arrays
from autograder.execution.student.arrays import ArrayBook

KEY = "00ff"
IMAGES = np.random.default_rng(1).integers(0, 256, (3000, 28, 28), dtype=np.uint8)  # more than one block of a mebibyte


@pytest.fixture
def public(tmp_path: Path) -> list[dict[str, Any]]:
    """The job's word for the images; the statistics are false, so that one sees whether they were taken."""
    np.save(tmp_path / "images.npy", IMAGES)
    return [{"path": str(tmp_path / "images.npy"), "digest": bytes_digest(IMAGES).hex(),
             "statistics": {"min": -1, "max": -2, "mean": -3.0, "std": -4.0, "nan": 0, "inf": 0}}]


def described(array: Any, public: list[dict[str, Any]]) -> dict[str, Any]:
    return ArrayBook(KEY, 64, public).describe(array, array, "numpy.ndarray")


def test_true_facts_give_what_measuring_gives(public: list[dict[str, Any]]) -> None:
    public[0]["statistics"] = arrays.statistics(IMAGES)
    for array in (IMAGES.copy(), IMAGES.reshape(3000, 784).copy(), np.asfortranarray(IMAGES)):
        found, expected = described(array, public), described(array, [])
        for key in ("mean", "std"):  # summed in another order
            assert found.pop(key) == pytest.approx(expected.pop(key), rel=1e-12)
        assert found == expected


@pytest.mark.parametrize("array", [IMAGES.copy(), IMAGES.reshape(3000, 784)], ids=["as loaded", "as rows"])
def test_a_public_array_is_not_hashed(array: Any, public: list[dict[str, Any]],
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    expected = described(array, [])
    monkeypatch.setattr(arrays, "hashlib", SimpleNamespace(blake2b=Refusing))
    with pytest.raises(AssertionError, match="hashed"):
        described(array, [])
    found = described(array, public)
    assert found["mean"] == -3.0 and found["fingerprint"] == expected["fingerprint"]
    assert {key: found[key] for key in ("shape", "dtype", "rows", "file")} == {
        key: expected[key] for key in ("shape", "dtype", "rows", "file")}


class Refusing:
    """A hash that must not be asked for."""

    def __init__(self, **_: object) -> None:
        pass

    def update(self, _: object) -> None:
        raise AssertionError("the array was hashed")


def _last_changed() -> Any:
    changed = IMAGES.copy()
    changed[-1, -1, -1] ^= 1
    return changed


@pytest.mark.parametrize("array", [
    _last_changed(), IMAGES[::-1].copy(), IMAGES[:, :, ::-1], IMAGES[:2999].copy(), IMAGES.view(np.int8),
    np.zeros((0, 28, 28), np.uint8),
], ids=["one number", "turned round", "mirrored", "shorter", "other type", "empty"])
def test_what_differs_in_any_way_is_measured(array: Any, public: list[dict[str, Any]]) -> None:
    assert described(array, public) == described(array, [])


def test_a_changed_public_array_is_measured_again(public: list[dict[str, Any]]) -> None:
    book, array = ArrayBook(KEY, 64, public), IMAGES[:, :20].copy()
    whole = IMAGES.copy()
    book.describe(whole, whole, "numpy.ndarray")
    whole[:] = 7
    assert book.describe(whole, whole, "numpy.ndarray")["mean"] == 7.0
    assert book.describe(array, array, "numpy.ndarray")["mean"] == pytest.approx(array.mean())


def test_a_file_that_is_not_there_is_no_error(public: list[dict[str, Any]]) -> None:
    public[0]["path"] += ".gone"
    assert described(IMAGES.copy(), public) == described(IMAGES.copy(), [])


def test_fractions_are_always_measured(tmp_path: Path) -> None:
    """Minus zero equals zero, and has other bytes."""
    zeros = np.zeros((600, 784), np.float32)
    np.save(tmp_path / "zeros.npy", zeros)
    public = [{"path": str(tmp_path / "zeros.npy"), "digest": bytes_digest(zeros).hex(),
               "statistics": arrays.statistics(zeros)}]
    assert described(-zeros, public) == described(-zeros, [])
    assert described(-zeros, public)["fingerprint"] != described(zeros, [])["fingerprint"]
