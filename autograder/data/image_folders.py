"""Images by class: a folder with one folder per class, or with such folders below ``train`` and ``test``."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from autograder.artifacts import Array
from autograder.data.divide import Chosen, Raw
from autograder.errors import DataError

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
MAX_FILES = 20_000
MAX_BYTES = 1 << 30
"""Of all images together, unpacked."""

Found = list[tuple[Path, int]]
"""Files, and the number of the class of each: classes are numbered in alphabetical order, as Keras does."""


def read_folder(name: str, folder: Path) -> Raw:
    """Return the images; students find them below ``<name>/``, or below ``<name>/train/`` and ``<name>/test/``.

    Raises:
        DataError: there are no images, or too many, or of different shapes.
    """
    parts = [folder / part for part in ("train", "test")]
    divided = all(part.is_dir() for part in parts)
    found = [_listed(part) for part in (parts if divided else [folder])]
    read = [_read(files, folder) for files in found]
    if divided and (read[0][0].shape[1:] != read[1][0].shape[1:] or _classes(parts[0]) != _classes(parts[1])):
        raise DataError(f"The folders train and test of {folder.name} were expected to have the same classes and "
                        "images of one shape, but they differ; correct them.")

    def write(into: Path, chosen: Chosen) -> None:
        if not divided and np.array_equal(chosen.train, chosen.test):
            _copy(found[0], chosen.test.tolist(), into / name)
        else:
            _copy(found[0], chosen.train.tolist(), into / name / "train")
            _copy(found[-1], chosen.test.tolist(), into / name / "test")

    return Raw(kind="images", train=read[0] if divided else None, test=read[-1], write=write)


def _classes(folder: Path) -> list[str]:
    return sorted(place.name for place in folder.iterdir() if place.is_dir() and not place.name.startswith("."))


def _listed(folder: Path) -> Found:
    files = [(path, number) for number, name in enumerate(_classes(folder))
             for path in sorted((folder / name).iterdir()) if path.suffix.lower() in ENDINGS and path.is_file()]
    if not 0 < len(files) <= MAX_FILES:
        raise DataError(f"{folder.name} was expected to have folders of classes with at most {MAX_FILES:,} images "
                        f"({', '.join(ENDINGS)}), but has {len(files):,}; correct the folder.")
    return files


def _read(files: Found, folder: Path) -> tuple[Array, Array]:
    images: list[Array] = []
    total = 0
    for path, _ in files:
        called = path.relative_to(folder)
        try:
            with Image.open(path) as image:
                total += image.width * image.height * len(image.getbands())
                if total > MAX_BYTES:
                    raise DataError(f"The images of {folder.name} have more than {MAX_BYTES >> 20} MiB; keep fewer, or "
                                    "make them smaller.")
                pixels: Array = np.asarray(image.convert("L" if image.mode in ("L", "1", "LA") else "RGB"))
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise DataError(f"{called} of {folder.name} was expected to be an image, but it cannot be read "
                            f"({type(error).__name__}); replace it.") from None
        images.append(pixels if pixels.ndim == 3 else pixels[..., None])
        if images[-1].shape != images[0].shape:
            raise DataError(f"The images of {folder.name} were expected to have one shape, {images[0].shape}, but "
                            f"{called} has {images[-1].shape}; convert it.")
    return np.stack(images), np.array([number for _, number in files], np.int64)


def _copy(files: Found, rows: list[int], into: Path) -> None:
    """Copy images into a folder per class; of a repeated one there is one copy."""
    for path in {files[row][0] for row in rows}:
        place = into / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
