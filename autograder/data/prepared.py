"""A data set for both sides of the sandbox: what students' processes load, and what only the grader has."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.sampling import bytes_digest
from autograder.artifacts.statistics import statistics
from autograder.data.dataset import DataSet

HOLDOUT = slice(5_000, 10_000)
"""Test rows that no student's process ever sees."""
PUBLIC_COPY = slice(0, 5_000)
"""Test rows that replace them, so that shapes stay the same."""
OWN = "own"
"""Name of the data that a notebook brings along."""
_PRIVATE, _SHARED, _SHARED_FOLDER = 0o600, 0o644, 0o755
"""Children run under their own user ids and must be able to open what is mounted for them, whatever the umask was."""
_DONE = "complete-3"
_FACTS = "public.json"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Files of one data set; all arrays uint8.

    Attributes:
        name, fingerprint: as in `DataSet`.
        student: ``.npz`` that answers ``load_data()``; test rows 5,000–9,999 are copies of rows 0–4,999.
        train_images (60000, 28, 28), train_labels (60000,), test_images (10000, 28, 28), test_labels (10000,):
            the same as ``.npy``, as a student's process sees them.
        evaluation_images: all 10,000 real test images without labels; only the predictor gets them.
        holdout_labels: labels (5000,) of the withheld rows; no process with student code or models ever gets them.
        public: type, digest and statistics of ``train_images`` and ``test_images``, a JSON list.
    """

    name: str
    fingerprint: str
    student: Path
    train_images: Path
    train_labels: Path
    test_images: Path
    test_labels: Path
    evaluation_images: Path
    holdout_labels: Path
    public: Path

    @property
    def visible(self) -> int:
        """How many different test images students have, at most: the first ones, of which the others are copies."""
        return PUBLIC_COPY.stop


def prepare(data_set: DataSet, cache: Path) -> Prepared:
    """Write the files once per data set and return where they are."""
    folder = cache / "data" / f"{data_set.name}-{data_set.fingerprint}"
    if not (folder / _DONE).is_file():
        _write(data_set, folder)
    return _laid_out(data_set.name, data_set.fingerprint, folder)


def prepare_whole(data_set: DataSet, cache: Path) -> Prepared:
    """Return the files with the whole test set on both sides of the sandbox: for published recipes, never for students.

    The published figures refer to all 10,000 test images; only a solution that we wrote ourselves may see them.
    """
    folder = cache / "data" / f"{data_set.name}-{data_set.fingerprint}-whole"
    if not (folder / _DONE).is_file():
        _write(data_set, folder, withheld=False)
    return _laid_out(data_set.name, data_set.fingerprint, folder)


def prepare_own(fingerprint: str, cache: Path) -> Prepared:
    """Return the files for an assignment that brings its own data along: arrays of MNIST's form without a single image.

    ``fingerprint`` is that of the notebook's data, which references and results call ``own``.
    """
    folder = cache / "data" / OWN
    if not (folder / _DONE).is_file():
        images, labels = np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)
        _write(DataSet(name=OWN, fingerprint=fingerprint, arrays={
            "x_train": images, "y_train": labels, "x_test": images, "y_test": labels}), folder)
    return _laid_out(OWN, fingerprint, folder)


def _laid_out(name: str, fingerprint: str, folder: Path) -> Prepared:
    paths = {array: folder / f"{array}.npy" for array in (
        "train_images", "train_labels", "test_images", "test_labels", "evaluation_images", "holdout_labels")}
    return Prepared(name=name, fingerprint=fingerprint, student=folder / "student.npz", public=folder / _FACTS,
                    **paths)


def _write(data_set: DataSet, folder: Path, *, withheld: bool = True) -> None:
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
    partial.mkdir(parents=True)
    try:
        arrays = data_set.arrays
        x_test, y_test = arrays["x_test"].copy(), arrays["y_test"].copy()
        for array in (x_test, y_test) if withheld else ():
            array[HOLDOUT] = array[PUBLIC_COPY]
        # Not compressed: every child loads it, and unpacking would take each a third of a second.
        np.savez(partial / "student.npz", x_train=arrays["x_train"], y_train=arrays["y_train"],
                 x_test=x_test, y_test=y_test)
        np.save(partial / "train_images.npy", arrays["x_train"])
        np.save(partial / "train_labels.npy", arrays["y_train"])
        np.save(partial / "test_images.npy", x_test)
        np.save(partial / "test_labels.npy", y_test)
        np.save(partial / "evaluation_images.npy", arrays["x_test"])
        np.save(partial / "holdout_labels.npy", arrays["y_test"][HOLDOUT])
        (partial / _FACTS).write_text(json.dumps([_facts(arrays["x_train"]), _facts(x_test)]))
        (partial / _DONE).touch()
        for path in partial.iterdir():
            path.chmod(_PRIVATE if path.name == "holdout_labels.npy" else _SHARED)
        partial.chmod(_SHARED_FOLDER)
        _put(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _facts(array: NDArray[np.uint8]) -> dict[str, object]:
    return {"dtype": array.dtype.str, "digest": bytes_digest(array).hex(), "statistics": statistics(array)}


def _put(partial: Path, folder: Path) -> None:
    """Move the finished folder to its place, unless another command was faster: the bytes are the same."""
    if not (folder / _DONE).is_file():
        shutil.rmtree(folder, ignore_errors=True)
    try:
        partial.rename(folder)
    except OSError:
        if not (folder / _DONE).is_file():
            raise
