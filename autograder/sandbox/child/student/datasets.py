"""``keras.datasets`` without a network: from the job's files, with a clear sentence for those that are not there."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import keras


def answer(files: Mapping[str, str]) -> None:
    """Make each module's ``load_data()`` read its file, or what it looks for in its folder.

    Only the look-up of the file is replaced, so the functions stay Keras's own, under every name that they are
    imported by: ``keras.datasets``, ``tensorflow.keras.datasets``.
    """
    for name in [name for name, value in vars(keras.datasets).items() if isinstance(value, ModuleType)]:
        try:
            module: Any = importlib.import_module(f"keras.src.datasets.{name}")
        except ImportError:
            continue
        module.get_file = _finder(name, files.get(name))


def _finder(name: str, path: str | None) -> Any:
    def get_file(fname: Any = "", *arguments: Any, **options: Any) -> str:
        if path is None:
            raise OSError(
                f"This cell loads the data set {name}, which would have to be downloaded, but notebooks are graded "
                "without internet: use the data set that the assignment names."
            )
        if not os.path.isdir(path):  # noqa: PTH112  (pathlib is the student's to patch)
            return path
        wanted = os.path.basename(str(fname))  # noqa: PTH119  (as above)
        found = f"{path}/{name}.npz" if wanted.endswith(".npz") else f"{path}/{wanted}"  # whatever `path=` calls it
        if os.path.exists(found):  # noqa: PTH110  (as above)
            return found
        raise OSError(f"This cell loads {wanted} of the data set {name}, which is not there when notebooks are graded: "
                      "leave it out.")

    return get_file
