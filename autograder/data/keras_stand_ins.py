"""Data of the form of a Keras data set, for courses' tests: models learn it, but it is not the real data.

The same bytes come out on every machine: only whole numbers and NumPy's frozen generator are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from autograder.artifacts import Array
from autograder.data.data_set import Progress
from autograder.data.dataset import stand_in as digits
from autograder.data.keras_files import Part, Texts
from autograder.data.keras_sets import FORMS, Form, pack

_SEED = 20_260_301
_VOCABULARY = 2_000
_TOPIC_WORDS = 40


def make_arrays(keras_name: str, cache: Path, progress: Progress | None = None) -> dict[str, Array]:
    """Return arrays as the file of the data set has them; images are made from the embedded digits."""
    form = FORMS[keras_name]
    if form.is_text:
        random = np.random.RandomState(_SEED)
        parts = {name: _texts(form, count, random) for name, count in (("train", form.train), ("test", form.test))}
    elif len(form.shape) == 1:
        parts = _table(form)
    else:
        arrays = digits(cache, progress).arrays
        parts = {name: _images(form, arrays, name, count) for name, count in (("train", form.train),
                                                                               ("test", form.test))}
    return {name: array for part, data in parts.items() for name, array in pack(data, part).items()}


def _images(form: Form, arrays: Mapping[str, Array], part: str, count: int) -> Part:
    """Return digits in the size and colours of the data set; with more than ten classes the colour is a part of it."""
    images, labels = arrays[f"x_{part}"][:count], arrays[f"y_{part}"][:count].astype(np.int64)
    if len(form.shape) == 2:
        return Part(rows=images, labels=labels)
    border = (form.shape[0] - images.shape[1]) // 2
    large = np.pad(images, ((0, 0), (border, border), (border, border)))
    tints = (form.classes or 10) // 10
    tint = np.arange(count) * 7 // 3 % tints
    weights = np.stack([128 + tint * 127 // max(tints - 1, 1), 255 - tint * 127 // max(tints - 1, 1),
                        np.full(count, 192)], axis=1)
    coloured = np.empty((count, *form.shape), np.uint8)
    for channel in range(form.shape[2]):
        coloured[..., channel] = (large.astype(np.uint16) * weights[:, channel, None, None].astype(np.uint16)) >> 8
    return Part(rows=coloured, labels=labels * tints + tint)


def _table(form: Form) -> dict[str, Part]:
    """Return rows whose label is a sum over the columns, and a little noise."""
    random = np.random.RandomState(_SEED)
    total = form.train + form.test
    rows = random.randint(0, 1_000, (total, form.shape[0])).astype(np.float64)
    weights = random.randint(-8, 9, form.shape[0]).astype(np.float64)
    labels = (rows @ weights + random.randint(-400, 401, total)) / 64 + 100
    rows = rows / 8
    return {"train": Part(rows=rows[: form.train], labels=labels[: form.train]),
            "test": Part(rows=rows[form.train :], labels=labels[form.train :])}


def _texts(form: Form, count: int, random: np.random.RandomState) -> Part:
    """Return texts in which every third word, about, is typical of the class."""
    classes = form.classes or 2
    labels = random.randint(0, classes, count)
    lengths = random.randint(20, 120, count)
    ends = np.cumsum(lengths)
    labelled = np.repeat(labels, lengths)
    words = random.randint(1, _VOCABULARY, len(labelled))
    typical = 1 + (labelled * _TOPIC_WORDS + random.randint(0, _TOPIC_WORDS, len(labelled))) % _VOCABULARY
    words = np.where(random.randint(0, 3, len(labelled)) == 0, typical, words)
    return Part(rows=Texts(words=words.astype(np.int32), ends=ends.astype(np.int64)), labels=labels.astype(np.int64))
