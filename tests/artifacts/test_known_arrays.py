"""Files that were read before are unpacked once, and every limit is kept all the same."""

from __future__ import annotations

import io

import numpy as np
import pytest

from autograder.artifacts import known_arrays
from autograder.artifacts.known_arrays import KnownArrays
from autograder.artifacts.npz import NpzLimits
from autograder.errors import ArtifactError


def saved(**arrays: object) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def test_equal_bytes_are_unpacked_once_and_cannot_be_changed() -> None:
    known, data = KnownArrays(), saved(w0=np.arange(6.0))
    first, again = known.read(data, NpzLimits()), known.read(bytes(bytearray(data)), NpzLimits())
    assert first["w0"] is again["w0"] and first is not again
    with pytest.raises(ValueError, match="read-only"):
        first["w0"][0] = 1


def test_other_bytes_of_the_same_length_are_other_arrays() -> None:
    known = KnownArrays()
    one, two = saved(w0=np.zeros(4)), saved(w0=np.ones(4))
    assert len(one) == len(two)
    assert known.read(one, NpzLimits())["w0"].sum() == 0 and known.read(two, NpzLimits())["w0"].sum() == 4


@pytest.mark.parametrize("limits", [NpzLimits(unpacked=100), NpzLimits(packed=100)])
def test_a_file_that_was_read_is_refused_where_it_is_too_large_now(limits: NpzLimits) -> None:
    known, data = KnownArrays(), saved(w0=np.arange(100.0))
    known.read(data, NpzLimits())
    with pytest.raises(ArtifactError):
        known.read(data, limits)


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [saved(w0=np.full(10, float(number))) for number in range(known_arrays.FILES + 1)]
    known = KnownArrays()
    first = known.read(files[0], NpzLimits())["w0"]
    assert known.read(files[0], NpzLimits())["w0"] is first
    last = [known.read(data, NpzLimits())["w0"] for data in files[1:]]
    assert known.read(files[-1], NpzLimits())["w0"] is last[-1]
    assert known.read(files[0], NpzLimits())["w0"] is not first, "the oldest is forgotten"
    monkeypatch.setattr(known_arrays, "MOST", known_arrays.FILES * (len(files[0]) - 1))
    large = KnownArrays()
    assert large.read(files[0], NpzLimits())["w0"] is not large.read(files[0], NpzLimits())["w0"]
