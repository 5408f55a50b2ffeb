"""Refuses a calibration that was made with other data, sizes or versions than those in use."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from autograder import notebook
from autograder.errors import CalibrationError
from autograder.model import Calibration
from autograder.pipeline.fingerprint import digest
from autograder.sandbox.isolation import gpu

BACKENDS = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "jax": ("jax",), "torch": ("torch",)}
"""The backends of Keras, and the distributions that may provide each."""


def installed_versions() -> dict[str, str]:
    """Return the versions of Keras and its backend that submissions will run with, without importing them."""
    found = {}
    used = gpu.backend_name()
    for name, distributions in (("keras", ("keras",)), (used, BACKENDS.get(used, (used,)))):
        for distribution in distributions:
            try:
                found[name] = version(distribution)
                break
            except PackageNotFoundError:
                continue
    return found


def explain_mismatch(
    assignment: str, calibration: Calibration, data: str, versions: Mapping[str, str], sizes: Mapping[str, int | float]
) -> str | None:
    """Return one sentence that says why a calibration does not fit what is in use, None where it fits.

    Args:
        data: name and fingerprint of the data set in use.
        versions: those of Keras and the backend in use; only their major numbers count.
        sizes: numbers of the notebook's sizes cell.
    """
    options = (" --stand-in" if data.startswith("stand-in") else "") + (
        " --device gpu" if calibration.device == "gpu" else "")
    again = f"run `autograder calibrate {assignment}{options}` again."
    start = f"The reference of {assignment} was made with"
    if calibration.data != data:
        return f"{start} the data {calibration.data}, but here {data} is in use; {again}"
    made_by, used_now = BACKENDS.keys() & calibration.versions.keys(), BACKENDS.keys() & versions.keys()
    if made_by and used_now and not made_by & used_now:
        return (f"{start} the Keras backend {', '.join(sorted(made_by))}, but {', '.join(sorted(used_now))} is in use; "
                f"set KERAS_BACKEND, or {again}")
    for name, used in versions.items():
        made = calibration.versions.get(name)
        if (name == "keras" or name in BACKENDS) and made is not None and _major(made) != _major(used):
            return f"{start} {name} {made}, but version {used} is installed, which is another major version; {again}"
    for name in sizes.keys() | calibration.sizes.keys():
        if calibration.sizes.get(name) != sizes.get(name):
            return (f"{start} {name} = {calibration.sizes.get(name, 'nothing')}, but the notebook's sizes cell says "
                    f"{sizes.get(name, 'nothing')}; {again}")
    return None


def require_fitting_calibration(
    assignment: str, calibration: Calibration | None, data: str, sizes: Mapping[str, int | float]
) -> None:
    """Refuse a calibration that was made under other conditions.

    Raises:
        CalibrationError: data, sizes, or the major version of Keras or its backend differ.
    """
    reason = explain_mismatch(assignment, calibration, data, installed_versions(), sizes) if calibration else None
    if reason is not None:
        raise CalibrationError(reason)


def own_data(release: Mapping[str, Any]) -> str:
    """Return the fingerprint of the data that a notebook contains: that of the locked code before its first answer.

    Sizes and comments do not count, since they do not change data.
    """
    made = []
    for cell in release["cells"]:
        if notebook.is_ungraded(cell):
            continue
        if notebook.is_answer(cell):
            break
        if notebook.is_code(cell) and notebook.grade_id(cell) != "sizes":
            made.append(_without_comments(notebook.source(cell)))
    return digest(made)[:16]


def _without_comments(code: str) -> str:
    try:
        return ast.dump(ast.parse(code))
    except SyntaxError:  # a magic: then its text counts
        return code


def _major(text: str) -> str:
    return text.split(".", 1)[0]
