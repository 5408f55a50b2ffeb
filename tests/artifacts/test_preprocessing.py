"""What can be recovered of a student's preprocessing, and what must not seem to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.artifacts import Preprocessing, recover

Array = np.ndarray[Any, Any]


def digits(count: int = 64, seed: int = 0) -> Array:
    """Images like MNIST's: dark borders that never change, bright strokes inside."""
    generator = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    inner = generator.integers(0, 256, (count, 20, 20))
    images[:, 4:24, 4:24] = np.where(generator.random((count, 20, 20)) < 0.4, inner, 0)
    return images


RAW, FRESH = digits(), digits(500, seed=1)

AFFINE: dict[str, Callable[[Array], Array]] = {
    "raw": lambda x: x,
    "raw as rows": lambda x: x.reshape(len(x), 784),
    "int64": lambda x: x.reshape(len(x), 784).astype(np.int64),
    "float32": lambda x: x.reshape(len(x), 784).astype(np.float32),
    "by 255": lambda x: x.reshape(len(x), 784) / 255,
    "by 255 in float32": lambda x: x.reshape(len(x), 784).astype(np.float32) / 255,
    "by 255 with a channel": lambda x: (x / 255.0)[..., np.newaxis],
    "channel first": lambda x: (x / 255.0)[:, np.newaxis],
    "standardized": lambda x: ((x.astype(np.float32) - 33.5) / 78.9).reshape(len(x), 784),
    "standardized in float64": lambda x: ((x - 33.318421) / 78.567490).reshape(len(x), 784),
    "minus one to one": lambda x: x.astype(np.float32) / 127.5 - 1,
    "inverted": lambda x: 255 - x,
    "inverted and scaled": lambda x: (1 - x / 255.0).astype(np.float32),
    "in steps": lambda x: ((x / 255.0).astype(np.float32) - np.float32(0.13)) / np.float32(0.31),
}
OTHER: dict[str, Callable[[Array], Array]] = {
    "transposed": lambda x: x.transpose(0, 2, 1) / 255,
    "transposed rows": lambda x: x.reshape(len(x), 784).T.reshape(784, len(x)),
    "binarised": lambda x: (x > 127).astype(np.float32),
    "true and false": lambda x: x > 127,
    "whole division": lambda x: x // 32,
    "wrapped around": lambda x: x * np.uint8(3),
    "squared": lambda x: (x / 255.0) ** 2,
    "shuffled": lambda x: np.random.default_rng(3).permutation(x),
    "shuffled pixels": lambda x: x.reshape(len(x), 784)[:, np.random.default_rng(3).permutation(784)],
    "each image by itself": lambda x: x / np.maximum(1, x.mean(axis=(1, 2), keepdims=True)),
    "constant": lambda x: np.full((len(x), 784), 0.5),
    "zeroed": lambda x: x * 0.0,
    "not a number": lambda x: np.where(x == 0, np.nan, x),
    "infinite": lambda x: np.where(x == 255, np.inf, x / 255),
    "cropped": lambda x: x[:, 2:-2, 2:-2],
    "three channels": lambda x: np.repeat(x[..., None], 3, axis=-1),
    "noise": lambda x: x / 255 + np.random.default_rng(0).normal(0, 0.05, x.shape),
    "one image changed": lambda x: np.concatenate([x[:1] / 2, x[1:]]),
    "one pixel changed": lambda x: np.where(np.arange(x.size).reshape(x.shape) == 20_000, 77, x / 255.0),
    "text": lambda x: x.astype("U3"),
    "one row less": lambda x: x[:-1],
    "drowned": lambda x: (x / 255 + 1e7).astype(np.float32),
}


@pytest.mark.parametrize("name", AFFINE)
def test_affine_preparations_are_recovered(name: str) -> None:
    prepare = AFFINE[name]
    found = recover(prepare(RAW), RAW)
    assert found is not None and not found.per_feature
    expected = prepare(FRESH)
    seen = found.apply(FRESH)
    assert seen.shape == expected.shape and seen.dtype == np.float32
    assert np.max(np.abs(seen - expected)) <= 2e-5 * np.max(np.abs(expected))


@pytest.mark.parametrize("name", OTHER)
def test_others_are_not(name: str) -> None:
    assert recover(OTHER[name](RAW), RAW) is None


def test_untouched_images_get_no_rounding() -> None:
    assert recover(RAW, RAW) == Preprocessing(shape=(28, 28), scale=(1.0,), shift=(0.0,))


def test_half_precision_is_recovered_within_its_rounding() -> None:
    found = recover((RAW / 255).astype(np.float16), RAW)
    assert found is not None
    assert np.max(np.abs(found.apply(FRESH) - FRESH / 255)) < 1e-3


def test_one_map_per_feature() -> None:
    mean, deviation = FRESH.mean(axis=0), FRESH.std(axis=0) + 1e-3

    def prepare(x: Array) -> Array:
        return np.asarray(((x - mean) / deviation).astype(np.float32).reshape(len(x), 784))

    found = recover(prepare(RAW), RAW)
    assert found is not None and found.per_feature
    assert found.undetermined == 784 - 400
    inner = np.abs(found.apply(FRESH) - prepare(FRESH))
    assert np.max(inner) < 1e-4


def test_one_map_per_feature_of_a_table() -> None:
    generator = np.random.default_rng(0)
    table = generator.normal([5.8, 3.0, 3.7, 1.2], [0.8, 0.4, 1.7, 0.7], (60, 4))
    found = recover((table - table.mean(axis=0)) / table.std(axis=0), table)
    assert found is not None
    assert np.allclose(found.scale, 1 / table.std(axis=0))


def test_a_difference_between_training_and_test_maps_is_seen() -> None:
    training, test = (recover(AFFINE[name](RAW), RAW) for name in ("float32", "by 255"))
    again = recover(AFFINE["by 255 in float32"](RAW), RAW)
    assert training is not None and test is not None and again is not None
    assert not training.matches(test)
    assert test.matches(again)
    assert not test.matches(Preprocessing(shape=(28, 28), scale=test.scale, shift=test.shift))


def test_other_raw_images_do_not_fit_the_shape() -> None:
    with pytest.raises(ValueError, match="reshape"):
        Preprocessing(shape=(784,), scale=(1.0,), shift=(0.0,)).apply(np.zeros((3, 20, 20), np.uint8))


@settings(max_examples=60, deadline=None)
@given(scale=st.floats(1e-3, 1e3), sign=st.sampled_from([-1, 1]), shift=st.floats(-100, 100),
       kind=st.sampled_from([np.float32, np.float64]), shape=st.sampled_from([(784,), (28, 28), (28, 28, 1)]))
def test_any_scale_and_shift(scale: float, sign: int, shift: float, kind: type, shape: tuple[int, ...]) -> None:
    prepared: Array = (RAW * (sign * scale) + shift).astype(kind).reshape(len(RAW), *shape)
    found = recover(prepared, RAW)
    if found is None:
        # Only where rounding hides the images.
        assert abs(shift) > 100 * scale
        return
    exact = FRESH * (sign * scale) + shift
    assert np.max(np.abs(found.apply(FRESH).reshape(exact.shape) - exact)) <= 2e-5 * np.max(np.abs(exact))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(2, 70), st.sampled_from([(784,), (28, 28)]))
def test_unrelated_numbers_never_fit(seed: int, count: int, shape: tuple[int, ...]) -> None:
    generator = np.random.default_rng(seed)
    assert recover(generator.normal(size=(count, *shape)), digits(count, seed)) is None


def test_true_images(true_mnist: Path) -> None:
    with np.load(true_mnist / "mnist.npz") as data:
        raw, test = data["x_train"][:64], data["x_test"][5000:]
        everything = data["x_train"][:6000]
    mean, deviation = everything.mean(), everything.std()
    found = recover(((raw.reshape(64, 784).astype("float32") - mean) / deviation), raw)
    assert found is not None
    expected = (test.reshape(5000, 784) - mean) / deviation
    assert np.max(np.abs(found.apply(test) - expected)) < 1e-5


@pytest.mark.parametrize("size", [1e300, 1e306, 5e307, 1.7e308])
@pytest.mark.parametrize("low", [-1, 0])
def test_noise_near_the_end_of_the_floats_is_no_preparation(size: float, low: int) -> None:
    """Sums of such numbers overflow, and NaN is not larger than any tolerance."""
    rng = np.random.default_rng(1)
    raw = rng.integers(0, 256, (64, 784)).astype(np.uint8)
    assert recover(rng.uniform(low, 1, raw.shape) * size, raw) is None


def test_maps_beyond_the_floats_match_nothing() -> None:
    huge = [Preprocessing(shape=(4,), scale=(scale,), shift=(0.0,)) for scale in (1e307, 1.5e307)]
    assert not huge[0].matches(huge[1]) and not huge[0].matches(huge[0])
