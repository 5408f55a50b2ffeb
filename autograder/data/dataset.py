"""MNIST, the data set of every course: the real data if available, else the embedded stand-in."""

from __future__ import annotations

import os
import secrets
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.data import standin
from autograder.data.data_set import MNIST, STAND_IN, DataSet, Places, Progress, fingerprint
from autograder.errors import ArtifactError, DataError

FILE = "mnist.npz"
KERAS_CACHE = Path("~/.keras/datasets")
SHAPES: Mapping[str, tuple[int, ...]] = {
    "x_train": (60_000, 28, 28), "y_train": (60_000,), "x_test": (10_000, 28, 28), "y_test": (10_000,),
}
LIMITS = NpzLimits(packed=128 << 20, unpacked=128 << 20, members=4)


def resolve(
    folder: Path | None, *, cache: Path, allow_stand_in: bool, progress: Callable[[float], None] | None = None
) -> DataSet:
    """Return the data set to grade with: the data folder's, else Keras's own cache, else the stand-in.

    Raises:
        DataError: a file is there but is not MNIST, or only the stand-in is available and it is not allowed.
    """
    found = true_file(folder)
    if found is not None:
        return read_mnist(found)
    if allow_stand_in:
        return stand_in(cache, progress)
    raise DataError(f"Real MNIST was expected as {FILE} in the data folder (course.yml `data`, or AUTOGRADER_DATA) or "
                    "in Keras's cache, and it is in neither; put it there, or allow the embedded digits with "
                    "--stand-in.")


def true_file(*folders: Path | None) -> Path | None:
    """Return the file with real MNIST that `resolve` would read: the first data folder's, else Keras's own cache's."""
    places = [place / FILE for place in (*folders, KERAS_CACHE.expanduser()) if place is not None]
    return next((path for path in places if path.is_file()), None)


def read_mnist(path: Path) -> DataSet:
    """Return the data set in an ``.npz`` file.

    Raises:
        DataError: the file is damaged, or its arrays do not have MNIST's names, shapes and whole numbers.
    """
    try:
        if path.stat().st_size > LIMITS.packed:
            raise DataError(f"{path.name} was expected to contain MNIST (about 11 MB), but it is far larger; replace "
                            "it.")
        arrays = read_npz(path.read_bytes(), LIMITS)
    except (OSError, ArtifactError) as error:
        raise DataError(f"{path.name} was expected to contain MNIST, but it cannot be read ({error}); "
                        "replace it.") from None
    checked = _checked(arrays, path)
    return DataSet(name=MNIST, fingerprint=fingerprint(checked), arrays=checked, answers=MNIST)


def stand_in(cache: Path, progress: Callable[[float], None] | None = None) -> DataSet:
    """Return the embedded digits, generated once (about ten seconds) and cached in ``cache``.

    ``progress`` is called with the share done, 0 to 1, while they are generated.
    """
    kept = cache / f"stand-in-{standin.RECIPE}.npz"
    try:
        arrays = _checked(read_npz(kept.read_bytes(), LIMITS), kept)
    except (OSError, ArtifactError, DataError, zipfile.BadZipFile):
        arrays = standin.make(progress)
        cache.mkdir(parents=True, exist_ok=True)
        partial = cache / f".{kept.name}.{os.getpid()}.{secrets.token_hex(4)}.partial.npz"
        # Not compressed: that would take as long as generating the digits.
        np.savez(partial, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes the names for options
        partial.replace(kept)
    return DataSet(name=STAND_IN, fingerprint=fingerprint(arrays), arrays=arrays, answers=MNIST)


def _checked(arrays: Mapping[str, NDArray[Any]], path: Path) -> dict[str, NDArray[np.uint8]]:
    if set(arrays) != set(SHAPES):
        raise DataError(f"{path.name} was expected to contain {', '.join(SHAPES)}, but it has "
                        f"{', '.join(sorted(arrays))[:100] or 'nothing'}; replace it.")
    for name, shape in SHAPES.items():
        found, largest = arrays[name], 9 if name.startswith("y") else 255
        if found.shape != shape or found.dtype.kind not in "iu":
            raise DataError(f"{name} in {path.name} was expected to have whole numbers in the shape {shape}, "
                            f"but it has {found.dtype} in {found.shape}; replace the file.")
        if found.min() < 0 or found.max() > largest:
            raise DataError(f"{name} in {path.name} was expected to be in 0–{largest}, but it is in "
                            f"{found.min()}–{found.max()}; replace the file.")
    return {name: arrays[name].astype(np.uint8) for name in SHAPES}


class Mnist:
    """MNIST as a data set of a course.

    Attributes:
        title, file, download: what people call it, its file in a data folder, and the command that fetches it to where
            Keras looks for it.
    """

    name = MNIST
    title = "MNIST"
    file = FILE
    download = "python -c 'import keras; keras.datasets.mnist.load_data()'"

    def files(self, places: Places) -> tuple[Path, ...]:
        """Return the one file, in a data folder or in Keras's own cache."""
        found = true_file(*places.folders)
        return () if found is None else (found,)

    def read(self, places: Places) -> DataSet:
        """Return real MNIST.

        Raises:
            DataError: it is not there, or something else is.
        """
        found = true_file(*places.folders)
        return resolve(found.parent if found else None, cache=places.cache, allow_stand_in=False)

    def stand_in(self, places: Places, progress: Progress | None = None) -> DataSet:
        """Return the embedded digits."""
        return stand_in(places.cache, progress)
