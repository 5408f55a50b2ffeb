"""Arrays that every student loads: recognized by their digest, and described exactly as if they had been measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts.sampling import bytes_digest, fingerprint
from autograder.sandbox.child.student import array_book
from autograder.sandbox.child.student.array_book import ArrayBook

KEY = "00ff"
IMAGES = np.random.default_rng(1).integers(0, 256, (3000, 28, 28), dtype=np.uint8)  # more than one block of a mebibyte


@pytest.fixture
def public() -> list[dict[str, Any]]:
    """The job's word for the images; the statistics are false, so that one sees whether they were taken."""
    return [{"dtype": "|u1", "digest": bytes_digest(IMAGES).hex(),
             "statistics": {"min": -1, "max": -2, "mean": -3.0, "std": -4.0, "nan": 0, "inf": 0}}]


def described(array: Any, public: list[dict[str, Any]]) -> dict[str, Any]:
    return ArrayBook(KEY, 64, public).describe(array, array, "numpy.ndarray")


def test_true_facts_give_what_measuring_gives(public: list[dict[str, Any]]) -> None:
    public[0]["statistics"] = array_book.statistics(IMAGES)
    for array in (IMAGES.copy(), IMAGES.reshape(3000, 784).copy(), np.asfortranarray(IMAGES)):
        found, expected = described(array, public), described(array, [])
        for key in ("mean", "std"):  # summed in another order
            assert found.pop(key) == pytest.approx(expected.pop(key), rel=1e-12)
        assert found == expected


@pytest.mark.parametrize("array", [IMAGES.copy(), IMAGES.reshape(3000, 784)], ids=["as loaded", "as rows"])
def test_a_public_array_is_not_measured(array: Any, public: list[dict[str, Any]]) -> None:
    found, expected = described(array, public), described(array, [])
    assert found["mean"] == -3.0 and expected["mean"] == pytest.approx(array.mean())
    for key in ("shape", "dtype", "rows", "file", "fingerprint"):
        assert found[key] == expected[key]


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


def test_zeros_of_either_sign_are_distinguished() -> None:
    """They are equal as numbers, and have other bytes."""
    zeros = np.zeros((600, 784), np.float32)
    assert described(-zeros, [])["fingerprint"] != described(zeros, [])["fingerprint"]


LARGE = np.random.default_rng(2).normal(size=(1000, 784)).astype(np.float32)  # three mebibytes: its pages are summed


@pytest.mark.parametrize("array", [IMAGES[:9].copy(), LARGE.copy(), LARGE.copy()[:, ::2]],
                         ids=["small", "large", "with gaps"])
def test_what_was_written_over_in_place_is_measured_again(array: Any) -> None:
    book = ArrayBook(KEY, 64)
    first = dict(book.describe(array, array, "numpy.ndarray"))
    assert book.describe(array, array, "numpy.ndarray") == first
    array[:] = 7
    changed = book.describe(array, array, "numpy.ndarray")
    assert changed["mean"] == 7.0 and changed["fingerprint"] == fingerprint(array) != first["fingerprint"]


def test_an_unchanged_large_array_is_not_hashed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    book, array = ArrayBook(KEY, 64), LARGE.copy()
    first = dict(book.describe(array, array, "numpy.ndarray"))
    monkeypatch.setattr(array_book, "bytes_digest", None)
    assert book.describe(array, array, "numpy.ndarray") == first
    with pytest.raises(TypeError):
        described(array, [])
