"""Reads an instructor's source notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.errors import ReleaseError

_CELL_METADATA = ("nbgrader", "deletable", "editable", "autograder")
_HIDDEN = {"jupyter": {"source_hidden": True}, "cellView": "form"}
"""What makes JupyterLab and Colab fold away the code of a cell; a student can open it with a click."""


def read_source(path: Path) -> dict[str, Any]:
    """Read a source notebook without its outputs; every cell's source becomes one string, its id the grade_id.

    Raises:
        ReleaseError: no such file, or not a notebook of format 4.
    """
    where = f"assignments/{path.parent.name}/{path.name}"
    try:
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"The source notebook {where} was expected, but there is no such file.") from None
    except ValueError as error:
        raise ReleaseError(f"{where} was expected to be a notebook, but is not readable as JSON ({error}).") from None
    if notebook.get("nbformat") != 4:
        raise ReleaseError(f"{where} has to be in notebook format 4, but says {notebook.get('nbformat')!r}; "
                           "open and save it in JupyterLab.")
    return strip(notebook)


def strip(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook with minimal metadata, no outputs, and each cell's id equal to its grade_id."""
    kept = {key: notebook.get("metadata", {}).get(key) for key in ("kernelspec", "language_info")}
    if kept["language_info"]:
        kept["language_info"] = {"name": kept["language_info"].get("name", "python")}
    metadata = {key: value for key, value in kept.items() if value}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata,
            "cells": [_stripped_cell(cell) for cell in notebook.get("cells", [])]}


def _stripped_cell(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = {key: cell["metadata"][key] for key in _CELL_METADATA if key in cell.get("metadata", {})}
    metadata |= {key: value for key, value in _HIDDEN.items() if cell.get("metadata", {}).get(key) == value}
    name = metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", "")
    stripped = {"cell_type": cell["cell_type"], "id": name, "metadata": metadata, "source": "".join(cell["source"])}
    if cell["cell_type"] == "code":
        stripped |= {"outputs": [], "execution_count": None}
    if cell.get("attachments"):
        stripped["attachments"] = cell["attachments"]
    return stripped
