"""The data sets of `keras.datasets` other than MNIST: their form, and their file in the data folder.

The file ``<name>.npz`` has the arrays that `load_data()` returns by default, none of them pickled (`data fetch` writes
it). Texts are kept as one array of all words and one of the position where each text ends.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.data.data_set import Kind
from autograder.data.divide import Chosen, Raw
from autograder.data.keras_files import Part, Texts, write_for_keras
from autograder.errors import ArtifactError, DataError

LIMITS = NpzLimits(packed=512 << 20, unpacked=512 << 20, members=8)
MAX_WORD_INDEX = 16 << 20
WORDS = 400
"""The last words of a text that the grader keeps as its row."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """What one data set has.

    Attributes:
        train, test: numbers of rows.
        shape: of a row; empty for texts.
        classes: number of classes; None: the labels are amounts.
        columns: names of the numbers of a row.
    """

    train: int
    test: int
    shape: tuple[int, ...] = ()
    classes: int | None = None
    columns: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether a row is a text: the numbers of its words."""
        return not self.shape


_HOUSES = ("MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude")
_BOSTON = ("CRIM", "ZN", "INDUS", "CHAS", "NOX", "RM", "AGE", "DIS", "RAD", "TAX", "PTRATIO", "B", "LSTAT")
FORMS: Mapping[str, Form] = {
    "fashion_mnist": Form(train=60_000, test=10_000, shape=(28, 28), classes=10),
    "cifar10": Form(train=50_000, test=10_000, shape=(32, 32, 3), classes=10),
    "cifar100": Form(train=50_000, test=10_000, shape=(32, 32, 3), classes=100),
    "imdb": Form(train=25_000, test=25_000, classes=2),
    "reuters": Form(train=8_982, test=2_246, classes=46),
    "california_housing": Form(train=16_512, test=4_128, shape=(8,), columns=_HOUSES),
    "boston_housing": Form(train=404, test=102, shape=(13,), columns=_BOSTON),
}


def file_of(keras_name: str, folder: Path) -> Path:
    """Return the file of a data set in the data folder."""
    return folder / f"{keras_name}.npz"


def word_index_of(keras_name: str, folder: Path) -> Path:
    """Return the file in which Keras looks for the numbers of words."""
    return folder / f"{keras_name}_word_index.json"


def read_keras_set(keras_name: str, path: Path) -> Raw:
    """Return a data set from its file.

    Raises:
        DataError: the file is damaged, or has not the arrays of this data set.
    """
    try:
        if path.stat().st_size > LIMITS.packed:
            raise ArtifactError("it is larger than that data set")
        arrays = read_npz(path.read_bytes(), LIMITS)
        return make_raw(keras_name, arrays, word_index_of(keras_name, path.parent))
    except (OSError, ArtifactError) as error:
        raise DataError(f"{path.name} was expected to contain {keras_name}, but it does not ({error}); get it again "
                        "with `autograder data fetch`.") from None


def make_raw(keras_name: str, arrays: Mapping[str, Array], words: Path | None = None) -> Raw:
    """Return a data set from the arrays of its file.

    Args:
        words: the file with the numbers of words, which may be missing.

    Raises:
        ArtifactError: they do not have its names, shapes and types.
    """
    form = FORMS[keras_name]
    parts = [_part(form, arrays, name) for name in ("train", "test")]
    _check_labels(form, parts)

    def write(folder: Path, chosen: Chosen) -> None:
        write_for_keras(keras_name, folder, parts[0].of(chosen.train), parts[1].of(chosen.test))
        if words is not None and words.is_file() and words.stat().st_size <= MAX_WORD_INDEX:
            shutil.copyfile(words, folder / words.name)

    train, test = ((_rows(part), part.labels) for part in parts)
    kind: Kind = "sequences" if form.is_text else "table" if len(form.shape) == 1 else "images"
    return Raw(kind=kind, columns=form.columns, train=train, test=test, write=write, answers=keras_name)


def pack(part: Part, name: str) -> dict[str, Array]:
    """Return the arrays in which a part of a data set is kept in its file.

    Args:
        name: ``train`` or ``test``.
    """
    labels = {f"y_{name}": part.labels}
    if isinstance(part.rows, Texts):
        return {f"words_{name}": part.rows.words, f"ends_{name}": part.rows.ends, **labels}
    return {f"x_{name}": part.rows, **labels}


def _part(form: Form, arrays: Mapping[str, Array], name: str) -> Part:
    wanted = [f"words_{name}", f"ends_{name}"] if form.is_text else [f"x_{name}"]
    if missing := {*wanted, f"y_{name}"} - set(arrays):
        raise ArtifactError(f"{', '.join(sorted(missing))} missing")
    count = form.train if name == "train" else form.test
    labels = arrays[f"y_{name}"].reshape(-1)
    if labels.shape != (count,):
        raise ArtifactError(f"{len(labels):,} labels instead of {count:,}")
    if not form.is_text:
        rows = arrays[wanted[0]]
        kinds = "f" if form.classes is None else "u"
        if rows.shape != (count, *form.shape) or rows.dtype.kind not in kinds:
            raise ArtifactError(f"{wanted[0]} has the shape {rows.shape} of {rows.dtype}")
        return Part(rows=rows, labels=labels)
    words, ends = (arrays[one] for one in wanted)
    grows = ends.shape == (count,) and ends.dtype.kind in "iu" and bool((np.diff(ends.astype(np.int64)) > 0).all())
    if not grows or words.ndim != 1 or words.dtype.kind not in "iu" or int(ends[0]) < 1 or int(ends[-1]) != len(words):
        raise ArtifactError(f"{wanted[1]} does not say where the texts end")
    return Part(rows=Texts(words=words.astype(np.int32), ends=ends.astype(np.int64)), labels=labels)


def _check_labels(form: Form, parts: list[Part]) -> None:
    for part in parts:
        whole = part.labels.dtype.kind in "iu"
        if form.classes is not None and not (whole and part.labels.min() >= 0 and part.labels.max() < form.classes):
            raise ArtifactError(f"the labels are not numbers from 0 to {form.classes - 1}")
        if form.classes is None and not np.isfinite(part.labels).all():
            raise ArtifactError("some labels are not finite numbers")


def _rows(part: Part) -> Array:
    """Return the rows as the grader uses them: of texts the last words, after zeros where a text has fewer."""
    if not isinstance(part.rows, Texts):
        return part.rows
    found: NDArray[np.int32] = np.zeros((len(part.labels), WORDS), np.int32)
    for row, text in enumerate(part.rows):
        kept = text[-WORDS:]
        found[row, WORDS - len(kept) :] = kept
    return found
