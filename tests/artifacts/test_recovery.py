"""Arrays of a training are made again from the public ones: bit by bit where that can be proved, else not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from autograder.artifacts import ArrayRef, ArrayValue
from autograder.artifacts.recovery import Images, PublicSet, recover_images, recover_labels
from autograder.artifacts.sampling import fingerprint, sample_indices
from autograder.errors import ArtifactError

RNG = np.random.default_rng(7)
KEY = "ab"
Anything = NDArray[Any]


def public(name: str, count: int) -> PublicSet:
    images = RNG.integers(0, 256, (count, 28, 28)).astype(np.uint8)
    images[:, :3] = 0  # pixels that never change, as at the edge of every digit
    return PublicSet(name=name, images=images, labels=RNG.integers(0, 10, count).astype(np.uint8))


TRAIN, TEST = public("train", 1200), public("test", 400)


def ref(array: Anything) -> ArrayRef:
    return ArrayRef(fingerprint=fingerprint(array), shape=array.shape, dtype=array.dtype.name)


def value(array: Anything) -> ArrayValue:
    """Return what a checkpoint says of an array."""
    indices = sample_indices(KEY, len(array), 64)
    told = array.astype(float)
    return ArrayValue(type="numpy.ndarray", shape=array.shape, dtype=array.dtype.name, minimum=float(array.min()),
                      maximum=float(array.max()), mean=float(told.mean()), deviation=float(told.std()), nan=0, inf=0,
                      fingerprint=fingerprint(array), rows=array[indices], indices=indices)


def made(found: Images) -> Anything:
    raw = found.place.of(found.place.data.images)
    if found.table is None:
        return found.map.apply(raw)
    return found.table[raw].reshape(len(raw), *found.shape)


FORMULAS: dict[str, Callable[[Anything], Anything]] = {
    "raw": lambda raw: raw,
    "divided": lambda raw: raw.reshape(len(raw), 784).astype("float32") / 255,
    "double": lambda raw: raw.reshape(len(raw), 28, 28, 1) / 255.0,
    "standardized": lambda raw: (raw.reshape(len(raw), 784).astype("float32") - np.float32(33.3)) / np.float32(78.6),
    "inverted": lambda raw: 1 - raw.astype("float32") / np.float32(255),
    "half": lambda raw: (raw / 255).astype("float16"),
}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("part", [slice(None), slice(0, 600), slice(1000, None), slice(None, None, 3)], ids=str)
def test_a_whole_array_comes_back_bit_by_bit(name: str, part: slice) -> None:
    array = FORMULAS[name](TRAIN.images)[part]
    found = recover_images(ref(array), [value(array)], [TRAIN, TEST])
    assert found.place.data is TRAIN and found.table is not None
    again = made(found)
    assert again.dtype == array.dtype and again.tobytes() == np.ascontiguousarray(array).tobytes()


def test_a_part_without_a_name_is_found_in_the_array_that_has_one() -> None:
    whole = FORMULAS["divided"](TRAIN.images[:1000])
    for part in (whole[:700], whole[700:]):
        found = recover_images(ref(part), [value(whole), value(whole[:700])], [TRAIN, TEST])
        assert made(found).tobytes() == part.tobytes()


def test_the_test_images_are_distinguished_from_the_training_images() -> None:
    array = FORMULAS["divided"](TEST.images)
    assert recover_images(ref(array), [value(array)], [TRAIN, TEST]).place.data is TEST


def test_features_that_were_treated_apart_come_back_nearly_where_a_name_held_them() -> None:
    rows = TRAIN.images.reshape(len(TRAIN.images), 784).astype("float32")
    array = (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 10)
    found = recover_images(ref(array), [value(array)], [TRAIN, TEST])
    assert found.table is None and np.allclose(made(found), array, atol=1e-4)
    with pytest.raises(ArtifactError, match="under no name"):
        recover_images(ref(array[:500]), [value(array)], [TRAIN, TEST])


CHANGED: dict[str, Callable[[Anything], Anything]] = {
    "shuffled": lambda array: array[np.random.default_rng(1).permutation(len(array))],
    "one row of another": lambda array: np.concatenate([array[:-1], array[:1]]),
    "noise": lambda array: array + np.random.default_rng(2).normal(0, 0.1, array.shape).astype("float32"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_is_not_the_public_images_in_their_order_is_refused(name: str) -> None:
    array = CHANGED[name](FORMULAS["divided"](TRAIN.images))
    with pytest.raises(ArtifactError, match="could not be recovered"):
        recover_images(ref(array), [value(array)], [TRAIN, TEST])


def test_rows_that_were_made_right_do_not_hide_the_rest() -> None:
    """Whoever knows which rows are sampled can make these right; mean and deviation of the whole array tell."""
    honest = FORMULAS["divided"](TRAIN.images)
    forged = RNG.normal(0, 1, honest.shape).astype("float32")
    indices = sample_indices(KEY, len(honest), 64)
    forged[indices] = honest[indices]
    with pytest.raises(ArtifactError, match="could not be recovered"):
        recover_images(ref(forged), [value(forged)], [TRAIN, TEST])


def test_what_cannot_be_seen_is_said_so() -> None:
    with pytest.raises(ArtifactError, match=r"was not recorded \(tf.data.Dataset\)"):
        recover_images(ArrayRef(type="tf.data.Dataset"), [], [TRAIN, TEST])


@pytest.mark.parametrize("labels", [
    TRAIN.labels, TRAIN.labels.astype("int64"), TRAIN.labels.astype("int32").reshape(-1, 1),
    np.eye(10)[TRAIN.labels], np.eye(10, dtype="float32")[TRAIN.labels], (TRAIN.labels == 3).astype("float32"),
    np.eye(10, dtype="float32")[TRAIN.labels] * np.float32(0.9) + np.float32(0.01),
], ids=str)
def test_labels_come_back_in_every_form(labels: Anything) -> None:
    images = FORMULAS["divided"](TRAIN.images)
    place = recover_images(ref(images), [value(images)], [TRAIN, TEST]).place
    table = recover_labels(ref(labels), [value(labels)], place)
    assert table[TRAIN.labels].reshape(labels.shape).tobytes() == labels.tobytes()


def test_other_labels_than_those_of_the_images_are_refused() -> None:
    images = FORMULAS["divided"](TRAIN.images)
    place = recover_images(ref(images), [value(images)], [TRAIN, TEST]).place
    for labels, why in ((np.roll(TRAIN.labels, 1), "not those of its images"), (TRAIN.labels[:50], "50 labels for")):
        with pytest.raises(ArtifactError, match=why):
            recover_labels(ref(labels), [value(labels)], place)
