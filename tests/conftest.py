"""What all framework tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The course repository itself: the real `mlp-digits`, read only."""
    return ROOT


@pytest.fixture(scope="session")
def true_mnist() -> Path:
    """A folder with true MNIST; tests that need it are skipped, with this reason, where there is none."""
    folder = os.environ.get("AUTOGRADER_DATA")
    if not folder or not (Path(folder) / "mnist.npz").is_file():
        pytest.skip("true MNIST is not here: set AUTOGRADER_DATA to the folder that holds mnist.npz")
    return Path(folder)
