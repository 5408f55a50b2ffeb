"""The embedded stand-in for MNIST, made from scikit-learn's 1,797 bundled handwritten digits of 8×8 pixels.

It lets the demo and the tests run where MNIST is not available. It has MNIST's shapes and dtypes, and models learn it
about as fast, but it is not MNIST: `grade` refuses it unless asked.

The same bytes come out on every machine. Random numbers are drawn from NumPy's frozen legacy generator, and every
number in the bilinear sampling is a small multiple of a power of two, so that no rounding can differ between
processors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

RECIPE = 1  # increase it when anything below changes: caches made by another recipe are ignored
TRAIN_IMAGES = 60_000
TEST_IMAGES = 10_000
TRAIN_ORIGINALS = 1_400

SIDE = 28
_DIGIT_SIDE = 20  # MNIST's digits fill 20×20 of 28×28
_SEED = 28_121_998
_CHUNK = 2_000
_GRID = 1_024.0  # geometry is rounded to 1/1024 (see the module's docstring)
_CONTRAST = 1.15

Images = NDArray[np.uint8]


def make(progress: Callable[[float], None] | None = None) -> dict[str, NDArray[np.uint8]]:
    """Return ``x_train`` (60000, 28, 28), ``y_train`` (60000,), ``x_test`` (10000, 28, 28), ``y_test`` (10000,), uint8.

    Training and test images come from different originals. ``progress`` is called with the share done, 0 to 1.
    Takes about ten seconds on one core.
    """
    originals, labels = _originals()
    random = np.random.RandomState(_SEED)
    order = random.permutation(len(originals))
    parts = (("train", order[:TRAIN_ORIGINALS], TRAIN_IMAGES), ("test", order[TRAIN_ORIGINALS:], TEST_IMAGES))
    total, done = TRAIN_IMAGES + TEST_IMAGES, 0
    arrays: dict[str, NDArray[np.uint8]] = {}
    for name, chosen, count in parts:
        picks = _picks(random, chosen, count)
        images = np.empty((count, SIDE, SIDE), np.uint8)
        for start in range(0, count, _CHUNK):
            chunk = picks[start : start + _CHUNK]
            images[start : start + len(chunk)] = _vary(originals[chunk], random)
            done += len(chunk)
            if progress is not None:
                progress(done / total)
        arrays[f"x_{name}"] = images
        arrays[f"y_{name}"] = labels[picks]
    return arrays


def _originals() -> tuple[NDArray[np.float64], Images]:
    """Return the digits as whole numbers 0–255 in (1797, 28, 28), enlarged to 20×20 and centred, and their labels."""
    from scipy import ndimage
    from sklearn.datasets import load_digits

    digits: Any = load_digits()
    ratio = _DIGIT_SIDE / digits.images.shape[1]
    large = ndimage.zoom(digits.images, (1, ratio, ratio), order=3, mode="grid-constant", grid_mode=True)
    large = np.rint(np.clip(large * (255 / 16), 0, 255))
    border = (SIDE - _DIGIT_SIDE) // 2
    return np.pad(large, ((0, 0), (border, border), (border, border))), digits.target.astype(np.uint8)


def _picks(random: np.random.RandomState, chosen: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return ``count`` originals, each equally often up to one, in random order."""
    repeated = np.tile(chosen, -(-count // len(chosen)))[:count]
    return random.permutation(repeated)


def _vary(images: NDArray[np.float64], random: np.random.RandomState) -> Images:
    """Return each image rotated (±12°), scaled (±10 %), sheared (±0.15), shifted (±1.5 px), contrast raised a little.

    ``images`` has the shape (n, 28, 28), float64.
    """
    matrices, shifts = _affine_maps(random, len(images))
    centre = (SIDE - 1) / 2
    axis = np.arange(SIDE) - centre
    rows, columns = axis[None, :, None], axis[None, None, :]
    coefficients = matrices[:, :, :, None, None]
    y = coefficients[:, 0, 0] * rows + coefficients[:, 0, 1] * columns + (shifts[:, 0, None, None] + centre)
    x = coefficients[:, 1, 0] * rows + coefficients[:, 1, 1] * columns + (shifts[:, 1, None, None] + centre)
    sampled = _bilinear(images, y, x)
    return np.rint(np.minimum(sampled * _CONTRAST, 255)).astype(np.uint8)


def _affine_maps(random: np.random.RandomState, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return matrices (n, 2, 2) and shifts (n, 2) from output pixels to input pixels, as multiples of 1/1024."""
    angle = np.deg2rad(random.uniform(-12, 12, count))
    scale = random.uniform(0.9, 1.1, count)
    shear = random.uniform(-0.15, 0.15, count)
    shifts = random.uniform(-1.5, 1.5, (count, 2))
    cos, sin = np.cos(angle) / scale, np.sin(angle) / scale
    # A rotation after a shear along the rows.
    matrices = np.stack([np.stack([cos, -sin], -1), np.stack([sin + shear * cos, cos - shear * sin], -1)], -2)
    return np.rint(matrices * _GRID) / _GRID, np.rint(shifts * _GRID) / _GRID


def _bilinear(images: NDArray[np.float64], y: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``images`` (n, 28, 28) at the points ``y``, ``x`` (n, 28, 28); outside of an image the value is 0."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    width = SIDE + 2
    flat = padded.reshape(-1)
    # One pixel of zeros around the image is enough, since points further out are moved onto it.
    y, x = np.clip(y + 1, 0, SIDE + 1 - 1 / _GRID), np.clip(x + 1, 0, SIDE + 1 - 1 / _GRID)
    top, left = y.astype(np.intp), x.astype(np.intp)
    down, right = y - top, x - left
    corner = top * width + left + (np.arange(len(images)) * width * width)[:, None, None]
    upper = flat[corner] * (1 - right) + flat[corner + 1] * right
    lower = flat[corner + width] * (1 - right) + flat[corner + width + 1] * right
    sampled: NDArray[np.float64] = upper * (1 - down) + lower * down
    return sampled
