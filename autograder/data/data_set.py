"""A data set as it was read: its rows, which of them are withheld, and how its files for students are written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array
from autograder.course import DEFAULT_DATA

STAND_IN = "stand-in"
"""What references and results call data that takes the place of the real data set."""
MNIST = DEFAULT_DATA
"""The data set of an assignment that names none."""
MNIST_HOLDOUT = range(5_000, 10_000)
"""Test rows of MNIST that no student's process ever sees."""
Kind = Literal["images", "table", "sequences", "texts"]
Indices = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """The rows of a data set, and which of them students have.

    Attributes:
        name: as `course.yml` declares it, or ``stand-in``.
        fingerprint: first 16 hex digits of the SHA-256 over the arrays and over which rows are withheld.
        arrays: x_train (n, …), y_train (n,), x_test (m, …), y_test (m,). Where the data is not ``divided``, the train
            arrays are the test arrays: all rows.
        kind: what a row is: an image; the numbers of one row of a table; the last words of a text as numbers; a text.
        columns: of a table: the name of each number of a row.
        withheld: positions in the test arrays that no student has, sorted.
        replaced: whether copies of other rows take their places.
            Students have the kept rows first.
        divided: whether training and test rows are different ones.
        shows_withheld: whether students have them all the same: only for runs of our own solution.
        answers: the module of ``keras.datasets`` whose `load_data()` is answered with it; None: students get files.
        write: writes the files for students into an empty folder; None: only ``student.npz``, for `load_data()`.
    """

    name: str
    fingerprint: str
    arrays: Mapping[str, Array]
    kind: Kind = "images"
    columns: tuple[str, ...] = ()
    withheld: Indices = field(default_factory=lambda: np.asarray(MNIST_HOLDOUT, np.int64))
    replaced: bool = True
    divided: bool = True
    shows_withheld: bool = False
    answers: str | None = None
    write: Callable[[Path, DataSet], None] | None = None

    @property
    def kept(self) -> Indices:
        """Positions in the test arrays of the rows that students have, each once, sorted."""
        return np.setdiff1d(np.arange(len(self.arrays["y_test"])), self.withheld).astype(np.int64)

    @property
    def shown(self) -> Indices:
        """Positions in the test arrays of what students have as test rows: those that are kept, then copies of them."""
        if self.shows_withheld:
            return np.arange(len(self.arrays["y_test"]))
        kept = self.kept
        return np.resize(kept, len(self.arrays["y_test"])) if self.replaced and len(kept) else kept

    def public(self) -> dict[str, Array]:
        """Return x_train, y_train, x_test and y_test as students have them."""
        shown, arrays = self.shown, self.arrays
        test = {name: arrays[name][shown] for name in ("x_test", "y_test")}
        if not self.divided:
            return {"x_train": test["x_test"], "y_train": test["y_test"], **test}
        return {"x_train": arrays["x_train"], "y_train": arrays["y_train"], **test}


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where data may be: the course, its data folders, of which the first one has precedence, and the cache."""

    course: Path
    folders: tuple[Path, ...]
    cache: Path


Progress = Callable[[float], None]


class Dataset(Protocol):
    """A data set that an assignment may name: how it is found, read, and replaced where it is not there."""

    @property
    def name(self) -> str:
        """As `data:` of an assignment names it."""

    def files(self, places: Places) -> tuple[Path, ...]:
        """Return the files that `read` would read, all of them; empty where the data is not there."""

    def read(self, places: Places) -> DataSet:
        """Return the real data.

        Raises:
            DataError: it is not there, damaged, or does not fit what `course.yml` says about it.
        """

    def stand_in(self, places: Places, progress: Progress | None = None) -> DataSet:
        """Return data of the same form, with which a course runs its tests.

        Raises:
            DataError: there is none.
        """


def fingerprint(arrays: Mapping[str, Array], *facts: Any) -> str:
    """Return the first 16 hex digits of the SHA-256 over names, shapes and bytes of arrays, and over further facts."""
    total = hashlib.sha256(repr(facts).encode() if facts else b"")
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name}{array.shape}{array.dtype}".encode())
        total.update(array.data)
    return total.hexdigest()[:16]
