"""A data set for both sides of the sandbox: what students' processes load, and what only the grader has."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.artifacts import Array
from autograder.artifacts.sampling import bytes_digest
from autograder.artifacts.statistics import statistics
from autograder.course import OWN
from autograder.data.data_set import MNIST, DataSet, Indices, Kind

PICTURES = (MNIST, "fashion_mnist")
"""Data sets whose images feedback draws."""
REPEATED = (*PICTURES, "cifar10")
"""Data sets of at most ten classes whose values are bytes."""
_PRIVATE, _SHARED, _SHARED_FOLDER = 0o600, 0o644, 0o755
"""Children run under their own user ids and must be able to open what is mounted for them, whatever the umask was."""
_DONE = "complete-4"
_FACTS = "public.json"
_FORM = "form.json"
_STUDENT = "student"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Files of one data set. Rows are images (uint8), rows of a table (float64), texts, or their last words (int32).

    Attributes:
        name, fingerprint: as in `DataSet`.
        student: what students' processes see: an ``.npz`` or a folder that answers ``load_data()``, else a folder of
            files that are placed next to the notebook.
        train_images (n, …), train_labels (n,), test_images (m, …), test_labels (m,): the rows of the data set as
            ``.npy``, as a student's process sees them: the test rows are those that students have, each once, and
            then copies of these in the places of withheld ones, if the data set says so.
        evaluation_images: the test rows that students have, each once, then those withheld, without labels; only the
            predictor gets them.
        holdout_labels: labels of the withheld rows; no process with student code or models ever gets them.
        public: type, digest and statistics of ``train_images`` and ``test_images``, a JSON list; empty for texts.
        visible: how many different test rows students have.
        kind, columns, answers: as in `DataSet`.
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
    visible: int = 0
    kind: Kind = "images"
    columns: tuple[str, ...] = ()
    answers: str | None = None

    @property
    def has_pictures(self) -> bool:
        """Whether its rows can be drawn: grey images, uint8."""
        return self.kind == "images" and self.answers in PICTURES

    @property
    def can_be_repeated(self) -> bool:
        """Whether trainings on it can be repeated from their records."""
        return self.answers in REPEATED and self.name != OWN

    @property
    def has_digits(self) -> bool:
        """Whether its classes are the ten digits."""
        return self.answers == MNIST

    def load_labels(self) -> tuple[Array, Array]:
        """Return the labels of the public test rows and of the withheld ones, in the order of the predictions."""
        labels: Array = np.load(self.test_labels, allow_pickle=False)
        withheld: Array = np.load(self.holdout_labels, allow_pickle=False)
        return labels[: self.visible], withheld


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
        # The last rows are evaluated as if they were withheld, but students' files have them.
        _write(replace(data_set, shows_withheld=True), folder)
    return _laid_out(data_set.name, data_set.fingerprint, folder)


def prepare_own(fingerprint: str, cache: Path) -> Prepared:
    """Return the files for an assignment that brings its own data along: arrays of MNIST's form without a single image.

    ``fingerprint`` is that of the notebook's data, which references and results call ``own``.
    """
    folder = cache / "data" / OWN
    if not (folder / _DONE).is_file():
        images, labels = np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)
        _write(DataSet(name=OWN, fingerprint=fingerprint, withheld=np.zeros(0, np.int64), arrays={
            "x_train": images, "y_train": labels, "x_test": images, "y_test": labels}), folder)
    return _laid_out(OWN, fingerprint, folder)


def _laid_out(name: str, fingerprint: str, folder: Path) -> Prepared:
    paths = {array: folder / f"{array}.npy" for array in (
        "train_images", "train_labels", "test_images", "test_labels", "evaluation_images", "holdout_labels")}
    counts = {array: len(np.load(paths[array], mmap_mode="r", allow_pickle=False))
              for array in ("evaluation_images", "holdout_labels")}
    # Folders of MNIST that an earlier version has written have no such file.
    form: dict[str, Any] = {"answers": MNIST}
    if (folder / _FORM).is_file():
        form = json.loads((folder / _FORM).read_text())
    kind: Kind = form.get("kind", "images")
    student = folder / _STUDENT
    return Prepared(name=name, fingerprint=fingerprint, public=folder / _FACTS, **paths,
                    student=student if student.is_dir() else folder / f"{_STUDENT}.npz",
                    visible=counts["evaluation_images"] - counts["holdout_labels"], kind=kind,
                    columns=tuple(form.get("columns", ())), answers=form["answers"])


def _write(data_set: DataSet, folder: Path) -> None:
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
    partial.mkdir(parents=True)
    try:
        public, arrays = data_set.public(), data_set.arrays
        if data_set.write is None:
            # Not compressed: every child loads it, and unpacking would take each a third of a second.
            np.savez(partial / f"{_STUDENT}.npz", **public)  # type: ignore[arg-type]  # NumPy's stub takes names for options
        else:
            (partial / _STUDENT).mkdir()
            data_set.write(partial / _STUDENT, data_set)
        np.save(partial / "train_images.npy", public["x_train"])
        np.save(partial / "train_labels.npy", public["y_train"])
        np.save(partial / "test_images.npy", public["x_test"])
        np.save(partial / "test_labels.npy", public["y_test"])
        np.save(partial / "evaluation_images.npy", arrays["x_test"][_evaluated(data_set)])
        np.save(partial / "holdout_labels.npy", arrays["y_test"][_evaluated(data_set)[len(data_set.kept) :]])
        numeric = [public[name] for name in ("x_train", "x_test") if data_set.kind != "texts"]
        (partial / _FACTS).write_text(json.dumps([_facts(array) for array in numeric]))
        (partial / _FORM).write_text(json.dumps(
            {"kind": data_set.kind, "columns": data_set.columns, "answers": data_set.answers}))
        (partial / _DONE).touch()
        for path in partial.rglob("*"):
            path.chmod(_SHARED_FOLDER if path.is_dir() else _PRIVATE if path.name == "holdout_labels.npy" else _SHARED)
        partial.chmod(_SHARED_FOLDER)
        _put(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _evaluated(data_set: DataSet) -> Indices:
    """Return the positions of the test rows in the order in which models are evaluated on them.

    It begins with the rows that students have, in their order; where they have all, the last ones count as withheld.
    """
    return data_set.shown if data_set.shows_withheld else np.concatenate([data_set.kept, data_set.withheld])


def _facts(array: Array) -> dict[str, object]:
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
