"""The files that a student finds next to the notebook: links in the scratch folder to what is mounted read-only."""

from __future__ import annotations

import os
from collections.abc import Mapping


def show(files: Mapping[str, str], scratch: str) -> None:
    """Link every name to its file or folder; reading works as at home, writing fails as with any read-only file."""
    for name, target in files.items():
        os.symlink(target, f"{scratch}/{name}")  # noqa: PTH211  (pathlib is the student's to patch)
