"""Finds from which rows of the public data an array used in training was made, and how, by its fingerprint and rows.

A preparation that treats every pixel alike maps each raw value to one number, whatever the formula and its rounding.
The sampled rows show this table; with it the whole array can be recreated bit by bit, and its fingerprint proves it.
Where each feature is standardized separately, the sampled rows verify the affine map instead, and only an array that
was stored under a name counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_128

from autograder.artifacts.preprocessing import Preprocessing, recover
from autograder.artifacts.values import Array, ArrayRef, ArrayValue
from autograder.errors import ArtifactError

LEVELS = 256
CLASSES = 10
MAX_PARENTS = 6
MAX_PLACES = 24
MAX_WIDTH = 100
"""Most numbers that one label may be mapped to."""
_CHUNK = 5_000
_MEAN = 2e-3
"""How far mean and deviation of an array may differ from those of the recovered one, relative to the deviation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicSet:
    """Images and labels that every student loads: ``(n, 28, 28)`` and ``(n,)``, both uint8."""

    name: str
    images: Array
    labels: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Rows ``start``, ``start + step`` … of a public set, ``count`` of them."""

    data: PublicSet
    start: int
    step: int
    count: int

    def of(self, rows: Array) -> Array:
        """Return these rows of the set's images or labels."""
        return rows[self.start : self.start + (self.count - 1) * self.step + 1 : self.step]

    @property
    def fits(self) -> bool:
        """Whether the set has that many rows."""
        return self.count > 0 and self.start >= 0 and self.start + (self.count - 1) * self.step < len(self.data.images)


@dataclass(frozen=True, kw_only=True, slots=True)
class Images:
    """Prepared images: where they come from, and their table (256 numbers) or, where it is None, their map."""

    place: Place
    shape: tuple[int, ...]
    dtype: str
    table: NDArray[np.generic] | None
    map: Preprocessing


def recover_images(wanted: ArrayRef, named: Sequence[ArrayValue], sets: Sequence[PublicSet]) -> Images:
    """Return how to recreate an array of images that `fit` was given.

    Args:
        wanted: what `fit` was given.
        named: arrays stored under names at the checkpoints before and after it.

    Raises:
        ArtifactError: one sentence why it cannot be.
    """
    shape = wanted.shape
    if wanted.fingerprint is None or shape is None or len(shape) < 2 or wanted.dtype is None:
        seen = wanted.type or wanted.dtype or "unknown"
        raise ArtifactError(f"It was trained on data that was not recorded ({seen[:60]}).")
    alike = [value for value in named if value.shape[1:] == shape[1:] and value.dtype == wanted.dtype]
    held = [value for value in alike if value.fingerprint == wanted.fingerprint]
    parents = _distinct([*held, *alike])[:MAX_PARENTS]
    for parent in parents:
        found = _of_parent(wanted, shape, parent, named, sets)
        if found is not None:
            return found
    if held:
        raise ArtifactError("How its training images were made could not be recovered as public images in their order, "
                            "with a change of shape and one scale and shift.")
    raise ArtifactError("It was trained on images that were stored under no name before the next step, nor as a part "
                        "of such an array.")


def recover_labels(wanted: ArrayRef, named: Sequence[ArrayValue], place: Place) -> NDArray[np.generic]:
    """Return the table (10 labels × numbers of a row) that maps labels to what `fit` was given at ``place``.

    Raises:
        ArtifactError: they are not derived from the labels of these images.
    """
    shape = wanted.shape
    if wanted.fingerprint is None or shape is None or wanted.dtype is None:
        raise ArtifactError(f"It was trained with labels that were not recorded ({(wanted.type or 'unknown')[:60]}).")
    if shape[0] != place.count:
        raise ArtifactError(f"It was trained with {shape[0]:,} labels for {place.count:,} images.")
    labels = place.of(place.data.labels)
    for table in _label_tables(wanted, shape, named, labels):
        made = table[labels].reshape(shape)
        if _fingerprint(str(table.dtype.str), shape, [made]) == wanted.fingerprint:
            return table
    raise ArtifactError("It was trained with labels that are not those of its images, one-hot or as numbers.")


def _of_parent(wanted: ArrayRef, shape: tuple[int, ...], parent: ArrayValue, named: Sequence[ArrayValue],
               sets: Sequence[PublicSet]) -> Images | None:
    """Try to make the wanted array as its parent was made: it is the parent, or some of its rows."""
    whole = parent.fingerprint == wanted.fingerprint
    for data in sets:
        lengths = [len(data.images), *(value.shape[0] for value in named if value.shape)]
        home = next((place for place in _places(data, parent.shape[0], lengths) if _recovered(parent, place)), None)
        if home is None:
            continue
        prepared = _recovered(parent, home)
        if prepared is None:
            continue
        table, sure = _table(parent, home, prepared)
        inside = [home] if whole else _inside(home, shape[0], lengths)
        for place in inside:
            if table is not None and _proved(wanted, shape, place, table):
                return Images(place=place, shape=shape[1:], dtype=str(wanted.dtype), table=table, map=prepared)
        # With a complete table, the mismatch proves that this is a different array.
        if whole and not sure and _alike(parent, home, prepared):
            return Images(place=home, shape=shape[1:], dtype=str(wanted.dtype), table=None, map=prepared)
    return None


def _places(data: PublicSet, count: int, lengths: Sequence[int]) -> Iterator[Place]:
    """Yield where that many rows may be: at the beginning, at the end, next to another part, or every k-th."""
    total = len(data.images)
    starts = [0, total - count, *lengths, *(length - count for length in lengths)]
    steps = [(start, 1) for start in starts] + [(0, total // max(1, count))]
    for start, step in list(dict.fromkeys(steps))[:MAX_PLACES]:
        place = Place(data=data, start=start, step=max(1, step), count=count)
        if place.fits:
            yield place


def _inside(home: Place, count: int, lengths: Sequence[int]) -> list[Place]:
    """Return where that many rows of a larger array may be."""
    starts = [0, home.count - count, *lengths, *(length - count for length in lengths)]
    found = [Place(data=home.data, start=home.start + start * home.step, step=home.step, count=count)
             for start in dict.fromkeys(starts) if 0 <= start <= home.count - count]
    return found[:MAX_PLACES]


def _recovered(value: ArrayValue, place: Place) -> Preprocessing | None:
    if value.rows is None or value.indices is None or not len(value.indices):
        return None
    return recover(value.rows, np.asarray(place.data.images[place.start + value.indices * place.step]))


def _table(value: ArrayValue, place: Place, prepared: Preprocessing) -> tuple[NDArray[np.generic] | None, bool]:
    """Return which number each raw pixel value became (None where one became several), and whether all are known."""
    assert value.rows is not None and value.indices is not None  # noqa: S101 - `_recovered` has looked
    if prepared.per_feature:
        return None, False
    raw = np.asarray(place.data.images[place.start + value.indices * place.step]).reshape(-1)
    rows = value.rows.reshape(-1)
    known = np.zeros(LEVELS, bool)
    known[raw] = True
    table = (np.arange(LEVELS) * prepared.scale[0] + prepared.shift[0]).astype(rows.dtype)
    table[raw] = rows
    # Values that no sampled row has: filled in by a usual formula that gives all the others exactly.
    for usual in _usual_tables(rows.dtype):
        if bool((usual[known] == table[known]).all()):
            table = usual
    return (table, bool(known.all())) if bool((table[raw] == rows).all()) else (None, False)


def _usual_tables(kind: np.dtype[np.generic]) -> Iterator[NDArray[np.generic]]:
    levels = np.arange(LEVELS, dtype=np.uint8)
    yield levels.astype(kind)
    if kind.kind == "f":
        yield (levels.astype(kind) / 255).astype(kind)
        yield (levels / 255.0).astype(kind)


def _proved(wanted: ArrayRef, shape: tuple[int, ...], place: Place, table: NDArray[np.generic]) -> bool:
    images = place.of(place.data.images)
    chunks = (table[np.asarray(images[start : start + _CHUNK])] for start in range(0, len(images), _CHUNK))
    return _fingerprint(str(table.dtype.str), shape, chunks) == wanted.fingerprint


def _alike(value: ArrayValue, place: Place, prepared: Preprocessing) -> bool:
    """Whether the whole array's mean and deviation are those of the recovered one, as far as they were recorded."""
    if value.mean is None or value.deviation is None or value.nan or value.inf:
        return False
    total = squares = 0.0
    images = place.of(place.data.images)
    for start in range(0, len(images), _CHUNK):
        made = prepared.apply(np.asarray(images[start : start + _CHUNK])).astype(np.float64)
        total += float(made.sum())
        squares += float((made**2).sum())
    size = float(np.prod(value.shape))
    mean = total / size
    deviation = max(0.0, squares / size - mean**2) ** 0.5
    room = _MEAN * max(deviation, 1e-12)
    return bool(abs(mean - value.mean) <= room and abs(deviation - value.deviation) <= room)


def _label_tables(wanted: ArrayRef, shape: tuple[int, ...], named: Sequence[ArrayValue],
                  labels: Array) -> Iterator[NDArray[np.generic]]:
    """Yield what the ten labels may have become: as numbers, one-hot, or as the rows of a name show."""
    try:
        kind = np.dtype(wanted.dtype)
    except TypeError:
        return
    width = int(np.prod(shape[1:]))
    if kind.kind not in "fiub" or width > MAX_WIDTH:
        return
    if width == 1:
        yield np.arange(CLASSES).reshape(CLASSES, 1).astype(kind)
    if width == CLASSES:
        yield np.eye(CLASSES).astype(kind)
    for value in named:
        if value.fingerprint != wanted.fingerprint or value.rows is None or value.indices is None:
            continue
        rows = value.rows.reshape(len(value.rows), -1)
        if rows.dtype != kind or rows.shape[1] != width or value.indices.max(initial=0) >= len(labels):
            continue
        table = np.zeros((CLASSES, width), kind)
        table[labels[value.indices]] = rows
        yield table


def _fingerprint(kind: str, shape: tuple[int, ...], chunks: Sequence[Array] | Iterator[Array]) -> str:
    """Return `sampling.fingerprint` of an array that is made piece by piece."""
    body = xxh3_128()
    for chunk in chunks:
        body.update(np.ascontiguousarray(chunk).reshape(-1).view(np.uint8).data)
    head = f"{kind}|{','.join(str(side) for side in shape)}|"
    return xxh3_128(head.encode() + body.digest()).hexdigest()


def _distinct(values: Sequence[ArrayValue]) -> list[ArrayValue]:
    return list({value.fingerprint: value for value in values}.values())
