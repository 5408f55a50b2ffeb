"""Files in the forms that Keras's own `load_data()` functions read, so that these stay Keras's own.

Some of these forms contain pickled arrays. They are only written here; Keras reads them, in students' processes.
"""

from __future__ import annotations

import gzip
import pickle
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array

_SEED = 113
"""Keras shuffles some data sets with this seed; the files are written so that the rows come out in their order."""
_BATCH = 10_000
_PROTOCOL = 4


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Texts as numbers of words, one after the other; ``ends`` says where each one ends."""

    words: NDArray[np.int32]
    ends: NDArray[np.int64]

    def __iter__(self) -> Iterator[NDArray[np.int32]]:
        start = 0
        for end in self.ends.tolist():
            yield self.words[start:end]
            start = end

    def of(self, rows: NDArray[np.int64]) -> Texts:
        """Return some of the texts."""
        every = list(self)
        chosen = [every[row] for row in rows.tolist()]
        return Texts(words=np.concatenate(chosen), ends=np.cumsum([len(text) for text in chosen]))

    def as_lists(self) -> Array:
        """Return an array of lists, as Keras's files have it."""
        found = np.empty(len(self.ends), dtype=object)
        for row, text in enumerate(self):
            found[row] = text.tolist()
        return found


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows and labels of training or of testing."""

    rows: Array | Texts
    labels: Array

    def of(self, rows: NDArray[np.int64]) -> Part:
        """Return some of the rows."""
        chosen = self.rows.of(rows) if isinstance(self.rows, Texts) else self.rows[rows]
        return Part(rows=chosen, labels=self.labels[rows])

    @property
    def plain(self) -> Array:
        """The rows as one array; of lists where they are texts."""
        return self.rows.as_lists() if isinstance(self.rows, Texts) else self.rows


def write_for_keras(name: str, folder: Path, train: Part, test: Part) -> None:
    """Write the files that ``keras.datasets.<name>.load_data()`` reads."""
    _WRITERS[name](name, folder, train, test)


def _write_idx(_: str, folder: Path, train: Part, test: Part) -> None:
    for prefix, part in (("train", train), ("t10k", test)):
        images, labels = np.asarray(part.plain, np.uint8), np.asarray(part.labels, np.uint8)
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            head = struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape)
            with gzip.GzipFile(folder / f"{prefix}-{name}-ubyte.gz", "wb", compresslevel=1, mtime=0) as stream:
                stream.write(head + array.tobytes())


def _write_cifar10(_: str, folder: Path, train: Part, test: Part) -> None:
    inner = folder / "cifar-10-batches-py-target" / "cifar-10-batches-py"
    inner.mkdir(parents=True)
    for number, start in enumerate(range(0, len(train.labels), _BATCH), 1):
        _write_batch(inner / f"data_batch_{number}", train.of(np.arange(start, start + _BATCH)), b"labels")
    _write_batch(inner / "test_batch", test, b"labels")


def _write_cifar100(_: str, folder: Path, train: Part, test: Part) -> None:
    inner = folder / "cifar-100-python-target" / "cifar-100-python"
    inner.mkdir(parents=True)
    _write_batch(inner / "train", train, b"fine_labels")
    _write_batch(inner / "test", test, b"fine_labels")


def _write_batch(path: Path, part: Part, key: bytes) -> None:
    images = np.ascontiguousarray(np.asarray(part.plain).transpose(0, 3, 1, 2)).reshape(len(part.labels), -1)
    path.write_bytes(pickle.dumps({b"data": images, key: part.labels.tolist()}, protocol=_PROTOCOL))


def _write_shuffled(name: str, folder: Path, train: Part, test: Part) -> None:
    """Write one array of all rows, which `load_data()` shuffles and then divides."""
    rows, labels = np.concatenate([train.plain, test.plain]), np.concatenate([train.labels, test.labels])
    order = np.arange(len(rows))
    np.random.RandomState(_SEED).shuffle(order)
    x, y = np.empty_like(rows), np.empty_like(labels)
    x[order], y[order] = rows, labels
    np.savez(folder / f"{name}.npz", x=x, y=y)


def _write_imdb(name: str, folder: Path, train: Part, test: Part) -> None:
    random = np.random.RandomState(_SEED)
    arrays: dict[str, Array] = {}
    for part, data in (("train", train), ("test", test)):
        rows = data.plain
        order = np.arange(len(rows))
        random.shuffle(order)
        x, y = np.empty_like(rows), np.empty_like(data.labels)
        x[order], y[order] = rows, data.labels
        arrays |= {f"x_{part}": x, f"y_{part}": y}
    np.savez(folder / f"{name}.npz", **arrays)  # type: ignore[arg-type]  # NumPy's stub takes names for options


_WRITERS: Mapping[str, Callable[[str, Path, Part, Part], None]] = {
    "fashion_mnist": _write_idx, "cifar10": _write_cifar10, "cifar100": _write_cifar100, "imdb": _write_imdb,
    "reuters": _write_shuffled, "california_housing": _write_shuffled, "boston_housing": _write_shuffled,
}
