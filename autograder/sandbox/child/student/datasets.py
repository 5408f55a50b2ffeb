"""``keras.datasets`` without a network: MNIST from the job's file, a clear sentence for the others."""

from __future__ import annotations

import importlib
from typing import Any

_OTHERS = ("boston_housing", "california_housing", "cifar10", "cifar100", "fashion_mnist", "imdb", "reuters")


def answer(mnist: str | None) -> None:
    """Make ``mnist.load_data()`` read ``mnist`` (an ``.npz`` with x_train, y_train, x_test, y_test).

    Only the look-up of the file is replaced, so the functions stay Keras's own, under every name that they are
    imported by: ``keras.datasets``, ``tensorflow.keras.datasets``.
    """
    for name in ("mnist", *_OTHERS):
        try:
            module: Any = importlib.import_module(f"keras.src.datasets.{name}")
        except ImportError:
            continue
        module.get_file = _finder(name, mnist if name == "mnist" else None)


def _finder(name: str, path: str | None) -> Any:
    def get_file(*arguments: Any, **options: Any) -> str:
        if path is None:
            raise OSError(
                f"This cell loads the data set {name}, which would have to be downloaded, but notebooks are graded "
                "without internet: use the data set that the assignment names."
            )
        return path

    return get_file
