"""Which visible test images a model took for another class, counted from its outputs. Pure."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from autograder.model.base import Value

MOST_CLASSES = 20
"""A table of more could not be read on a page."""
MOST_PICTURES = 10
LONGEST_SIDE = 64
LONGEST_PICTURE = 12_000

Outputs = NDArray[np.float32]
Labels = NDArray[np.integer]
Images = NDArray[np.uint8]


class Misread(Value):
    """One image that was taken for another class: its number in the test set, and a PNG as base64 text."""

    index: int = Field(ge=0)
    true: int = Field(ge=0)
    read: int = Field(ge=0)
    picture: str = Field(max_length=LONGEST_PICTURE)


class Reading(Value):
    """How a model classified the visible test images.

    Attributes:
        counts: images by true class (row) and the class that the model gives the largest output (column).
        pictures: one image of each of the most frequent mistakes, the most frequent first.
    """

    counts: tuple[tuple[int, ...], ...] = Field(max_length=MOST_CLASSES)
    pictures: tuple[Misread, ...] = Field(max_length=MOST_PICTURES)


def read_off(outputs: Outputs, *, labels: Labels, images: Images) -> Reading | None:
    """Return what a model makes of the images, None where its outputs are no classes of theirs.

    Args:
        outputs: ``(n, classes)``, finite.
        labels: ``(n,)``, the true classes.
        images: ``(n, height, width)``, which may be a memory map: only a few are read.
    """
    labels = labels.astype(np.int64)
    classes = int(labels.max(initial=-1)) + 1
    if outputs.ndim != 2 or not classes <= outputs.shape[1] <= MOST_CLASSES or outputs.shape[1] < 2:
        return None
    wide, found = outputs.shape[1], outputs.argmax(axis=1)
    counts = np.bincount(labels * wide + found, minlength=classes * wide).reshape(classes, wide)
    return Reading(counts=tuple(map(tuple, counts.tolist())), pictures=_pictures(counts, outputs, labels, images))


def _pictures(counts: NDArray[np.int64], outputs: Outputs, labels: Labels, images: Images) -> tuple[Misread, ...]:
    """Return, for each of the most frequent mistakes, the image about which the model is most certain."""
    if images.ndim != 3 or images.dtype != np.uint8 or max(images.shape[1:]) > LONGEST_SIDE:
        return ()
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_PICTURES]
    read = outputs.argmax(axis=1)
    pictures = []
    for true, taken in ((int(place) // wrong.shape[1], int(place) % wrong.shape[1]) for place in order):
        if wrong[true, taken]:
            those = np.flatnonzero((labels == true) & (read == taken))
            index = int(those[np.argmax(outputs[those, taken] - outputs[those, true])])
            pictures.append(Misread(index=index, true=true, read=taken, picture=_png(images[index])))
    return tuple(pictures)


def _png(image: Images) -> str:
    """Return a grey picture, dark on white, as base64 text of a PNG (PNG specification, chapters 5 and 11)."""
    rows = b"".join(b"\0" + row.tobytes() for row in 255 - np.asarray(image))
    height, width = image.shape
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)),
              (b"IEND", b""))
    packed = b"".join(struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
                      for name, content in chunks)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + packed).decode()
