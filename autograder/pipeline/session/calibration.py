"""Which calibration applies: refuses one that was made with other data, sizes or versions than those in use."""

from __future__ import annotations

import ast
import base64
import bz2
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from autograder import notebook
from autograder.calibration import corners_of
from autograder.errors import CalibrationError
from autograder.model import DEFAULT_BACKEND, Calibration, Reference, backend_of
from autograder.notebook import Family
from autograder.notebook.syntax import parse_syntax
from autograder.pipeline.fingerprint import digest
from autograder.sandbox.isolation import gpu

BACKENDS = {"tensorflow": ("tensorflow", "tensorflow-cpu"), "jax": ("jax",), "torch": ("torch",)}
"""The backends of Keras, and the distributions that may provide each."""
MAX_TEXT = 16 << 20
"""Bytes of one packed text; a notebook has less."""


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


def fitting_backend(reference: Reference | None) -> Reference | None:
    """Return only the calibrations that apply with the backend in use here: its own, else TensorFlow's."""
    return reference.of_backend(gpu.backend_name()) if reference is not None else None


def explain_borrowed(assignment: str, calibration: Calibration | None, backend: str) -> str | None:
    """Return one sentence for staff where bounds are those of another backend, None where they are its own."""
    if calibration is None or calibration.backend == backend:
        return None
    return (f"{assignment} runs with the Keras backend {backend}, but its bounds were calibrated with "
            f"{calibration.backend}; run `KERAS_BACKEND={backend} autograder calibrate "
            f"{assignment}{_options(calibration)}` for bounds of its own.")


def explain_mismatch(
    assignment: str, calibration: Calibration, data: str, versions: Mapping[str, str], sizes: Mapping[str, int | float]
) -> str | None:
    """Return one sentence that says why a calibration does not fit what is in use, None where it fits.

    One that was made with TensorFlow fits every backend (`explain_borrowed`); any other fits only its own.

    Args:
        data: name and fingerprint of the data set in use.
        versions: those of Keras and the backend in use; only their major numbers count.
        sizes: numbers of the notebook's sizes cell.
    """
    again = f"run `autograder calibrate {assignment}{_options(calibration, data)}` again."
    start = f"The reference of {assignment} was made with"
    if calibration.data != data:
        return f"{start} the data {calibration.data}, but here {data} is in use; {again}"
    if calibration.backend not in (DEFAULT_BACKEND, backend_of(versions)):
        return (f"{start} the Keras backend {calibration.backend}, but {backend_of(versions)} is in use; "
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


def explain_missing_variants(
    assignment: str, calibration: Calibration, draw: Mapping[str, Sequence[int | float]]
) -> str | None:
    """Return one sentence that says why a calibration does not cover all variants, None where it does.

    Args:
        draw: name in the sizes cell → the numbers that a student may have.
    """
    again = f"run `autograder calibrate {assignment}{_options(calibration)}` again."
    if calibration.family is None:
        return f"{assignment} has variants, but its reference was made with one set of sizes only; {again}"
    base = calibration.family.corners[0].sizes
    for corner in corners_of(draw):
        if not calibration.family.covers({**base, **corner}):
            said = ", ".join(f"{name} = {number}" for name, number in corner.items())
            return f"The reference of {assignment} does not cover the variant {said}; {again}"
    return None


def require_all_variants(assignment: str, calibration: Calibration, family: Family) -> None:
    """Check that a calibration covers every variant of a release.

    Raises:
        CalibrationError: it does not.
    """
    reason = explain_missing_variants(assignment, calibration, family.draw)
    if reason is not None:
        raise CalibrationError(reason)


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


def _options(calibration: Calibration, data: str | None = None) -> str:
    """Return the options with which a calibration is made again, for this data or for its own."""
    stand_in = (data or calibration.data).startswith("stand-in")
    return (" --stand-in" if stand_in else "") + (" --device gpu" if calibration.device == "gpu" else "")


def own_data(release: Mapping[str, Any]) -> str:
    """Return the fingerprint of the data that a notebook contains: that of the locked code before its first answer.

    Sizes, comments, how the code is divided into cells, and whether a text is written out or packed do not count,
    since they do not change data.
    """
    made: list[str] = []
    for cell in release["cells"]:
        if notebook.is_ungraded(cell):
            continue
        if notebook.is_answer(cell):
            break
        if notebook.is_code(cell) and notebook.grade_id(cell) != "sizes":
            made.append(notebook.source(cell))
    return digest(_data_code(made))[:16]


def _data_code(cells: list[str]) -> list[str]:
    """Return the code of the cells without what does not change data."""
    try:
        return [ast.dump(_WrittenOut().visit(parse_syntax("\n".join(cells))))]
    except (SyntaxError, ValueError, OSError, EOFError):  # a magic, or a packed text that is damaged: its text counts
        return cells


class _WrittenOut(ast.NodeTransformer):
    """Replaces ``bz2.decompress(base64.b64decode("…")).decode()`` by the text, and drops the two imports."""

    def visit_Import(self, node: ast.Import) -> ast.AST | None:
        node.names = [name for name in node.names if (name.name, name.asname) not in {("base64", None), ("bz2", None)}]
        return node if node.names else None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        match node:
            case ast.Call(args=[], keywords=[], func=ast.Attribute(attr="decode", value=ast.Call(
                keywords=[], func=ast.Attribute(attr="decompress", value=ast.Name(id="bz2")), args=[ast.Call(
                    keywords=[], func=ast.Attribute(attr="b64decode", value=ast.Name(id="base64")),
                    args=[ast.Constant(value=str(packed))])]))):
                return ast.Constant(_unpacked(packed))
        return self.generic_visit(node)


def _unpacked(packed: str) -> str:
    """Return the text of a packed one, at most `MAX_TEXT` bytes of it.

    Raises:
        ValueError: longer, or not a packed text.
        OSError: as `bz2` reports damaged data.
    """
    reader = bz2.BZ2Decompressor()
    text = reader.decompress(base64.b64decode(packed), MAX_TEXT)
    if not reader.eof:
        raise ValueError("the text is longer than a notebook may contain")
    return text.decode()


def _major(text: str) -> str:
    return text.split(".", 1)[0]
