"""Arrays: an ``.npz`` file of the course, or what a function of the course returns."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from autograder.artifacts import Array
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.course import DatasetSettings
from autograder.data.data_set import Kind, Places
from autograder.data.divide import Chosen, Raw
from autograder.data.text_arrays import text_array
from autograder.errors import ArtifactError, DataError

LIMITS = NpzLimits(packed=1 << 30, unpacked=1 << 30, members=8)
SECONDS = 600
PARTS = ("x_train", "y_train", "x_test", "y_test")
ONE = ("x", "y")
_PROGRAM = """\
import importlib.util, sys
import numpy as np
path, function, into = sys.argv[1:]
found = importlib.util.spec_from_file_location("course_data", path)
module = importlib.util.module_from_spec(found)
found.loader.exec_module(module)
np.savez(into, **{name: np.asarray(value) for name, value in getattr(module, function)().items()})
"""


def read_arrays(name: str, path: Path, *, called: str | None = None) -> Raw:
    """Return the arrays of an ``.npz``; students find ``<name>.npz`` with the same arrays.

    Args:
        called: what sentences call the file; None: its name.

    Raises:
        DataError: it cannot be read, or has not the arrays of a data set.
    """
    called = called or path.name
    try:
        if path.stat().st_size > LIMITS.packed:
            raise DataError(f"{called} may have at most {LIMITS.packed >> 20} MiB, but is larger; keep fewer rows.")
        arrays = read_npz(path.read_bytes(), LIMITS)
    except (OSError, ArtifactError) as error:
        raise DataError(f"{called} was expected to contain arrays, but it cannot be read ({error}); replace "
                        "it.") from None
    return _raw(name, called, arrays)


def read_function(name: str, settings: DatasetSettings, places: Places) -> Raw:
    """Return what a function of the course returns, from a separate process; cached until its file changes.

    Raises:
        DataError: it fails, takes too long, or returns something else.
    """
    file, function = str(settings.python).split(":")
    path = places.course / file
    if not path.is_file():
        raise DataError(f"datasets.{name}.python in course.yml names {file}, but there is no such file in the course; "
                        "write it, or correct the name.")
    version = hashlib.sha256(f"{function}\0".encode() + path.read_bytes()).hexdigest()[:16]
    kept = places.cache / "made" / f"{name}-{version}.npz"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            made = Path(folder) / "made.npz"
            _call(name, path, function, made)
            made.replace(kept)
    return read_arrays(name, kept, called=f"What {settings.python} returns")


def _call(name: str, path: Path, function: str, into: Path) -> None:
    place = f"datasets.{name}.python in course.yml"
    try:
        ran = subprocess.run([sys.executable, "-c", _PROGRAM, str(path), function, str(into)], cwd=path.parent,
                             capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise DataError(f"{place} was expected to return within {SECONDS} s, but it did not; make less data.") from None
    if ran.returncode or not into.is_file():
        last = next((line for line in reversed(ran.stderr.splitlines()) if line.strip()), f"exit code {ran.returncode}")
        raise DataError(f"{place} was expected to return a dict of arrays, but {function} of {path.name} failed "
                        f"({last.strip()[:200]}); correct it.")


def _raw(name: str, called: str, arrays: dict[str, Array]) -> Raw:
    wanted = ONE if "x" in arrays else PARTS
    if set(arrays) != set(wanted):
        raise DataError(f"{called} was expected to have the arrays {', '.join(PARTS)}, or x and y, and no others, "
                        "but has "
                        f"{', '.join(sorted(arrays))[:100] or 'none'}; correct it.")
    for x, y in zip(wanted[::2], wanted[1::2], strict=True):
        rows, labels = arrays[x], arrays[y]
        texts = rows.dtype.kind == "U" and rows.ndim == 1
        numbers = rows.dtype.kind in "fiub" and rows.ndim > 1
        if not (texts or numbers) or labels.dtype.kind not in "fiub" or len(rows) != labels.size:
            raise DataError(f"{x} and {y} of {called} were expected to be numbers or texts, one label for each row, "
                            f"but have the shapes {arrays[x].shape} and {arrays[y].shape}; correct them.")
        if texts:
            text_array(rows.tolist(), f"{x} of {called}")
    pairs = [(arrays[x], arrays[y].reshape(-1)) for x, y in zip(wanted[::2], wanted[1::2], strict=True)]

    def write(folder: Path, chosen: Chosen) -> None:
        shown = [chosen.test] if len(wanted) == 2 and not _is_divided(chosen) else [chosen.train, chosen.test]
        names = ONE if len(shown) == 1 else PARTS
        sources = [pairs[0]] * len(shown) if len(wanted) == 2 else pairs
        originals = [arrays[wanted[1]]] * len(shown) if len(wanted) == 2 else [arrays["y_train"], arrays["y_test"]]
        members: dict[str, Array] = {}
        for place, rows in enumerate(shown):
            members[names[2 * place]] = sources[place][0][rows]
            members[names[2 * place + 1]] = originals[place][rows]
        np.savez(folder / f"{name}.npz", **members)  # type: ignore[arg-type]  # NumPy's stub takes names for options

    kind = _kind([rows for rows, _ in pairs])
    columns = tuple(str(number) for number in range(pairs[-1][0].shape[1])) if kind == "table" else ()
    return Raw(kind=kind, columns=columns, train=pairs[0] if len(pairs) == 2 else None,
               test=pairs[-1], write=write)


def _kind(parts: list[Array]) -> Kind:
    """Return what a row is, from all arrays of rows."""
    if all(rows.dtype.kind == "U" for rows in parts):
        return "texts"
    return "table" if all(rows.ndim == 2 for rows in parts) else "images"


def _is_divided(chosen: Chosen) -> bool:
    return not np.array_equal(chosen.train, chosen.test)
