"""A question about a model that restores its input: by how much its answers differ from the rows themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"(?P<array>.{1,200}?) \+ noise (?P<noise>[0-9.e+-]{1,30})")


@dataclass(frozen=True, kw_only=True)
class Reconstruction:
    """What the third part of such a question's key says.

    Attributes:
        array: name of the prepared array whose preparation the rows get.
        noise: standard deviation of the noise that the grader adds to the prepared rows; 0: none.
    """

    array: str
    noise: float


def reconstruction(array: str, noise: float = 0.0) -> str:
    """Return what a check's marker declares, so that the grader measures how well a model restores rows:
    ``predicts=[("denoiser", reconstruction("X_test", noise=0.3))]``.

    Args:
        array: name of the array whose preparation the grader's rows get.
        noise: standard deviation of normal noise that the grader adds to the prepared rows, in their numbers; what then
            lies outside the range of the prepared rows is cut to it.
    """
    return f"{array} + noise {noise:g}"


def read_reconstruction(name: str) -> Reconstruction | None:
    """Return the question that a declared name is, None where it is the name of an array."""
    found = _NAME.fullmatch(name)
    try:
        return None if found is None else Reconstruction(array=found["array"], noise=float(found["noise"]))
    except ValueError:
        return None
