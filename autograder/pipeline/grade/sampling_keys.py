"""What decides which rows of a submission's arrays are sampled: its content, and the course's secret.

The key follows from the cells that run, and not from whose they are: equal work is sampled alike, so one run serves
all who handed it in. Nobody outside knows it, since it needs the secret. Code that finds it in its own process learns
the key of that very code only: whoever writes the key into a cell, or anything that follows from it, has other cells
and so another key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from autograder import notebook
from autograder.model import JobCell, Merged, Result
from autograder.pipeline.fingerprint import digest


def hash_content(assignment: str, cells: Iterable[JobCell]) -> str:
    """Return the hash of all cells that run: positions, sources, tasks, and what sentences call each of them."""
    return digest({"assignment": assignment, "cells": [cell.model_dump() for cell in cells]})


def hash_arrangement(merged: Merged) -> str:
    """Return the hash of what else of a merged notebook decides how a run is judged.

    Equal runs with equal arrangements are judged alike: which cells answer which task, what is left to a person, and
    from which release. Written answers, names of files and sentences for the student are no part of it.
    """
    cells = merged.notebook["cells"]
    return digest({
        "release": merged.release, "doubts": merged.doubts, "drawn": merged.drawn, "held": merged.held,
        "slots": [[slot.task, slot.status, slot.cells] for slot in merged.slots if slot.kind == "code"],
        "roles": [cell.get("metadata", {}).get("nbgrader") for cell in cells if notebook.is_code(cell)]})


def sampling_key(secret: str, content: str) -> str:
    """Return the hex key that decides which rows of work with this content are sampled."""
    return hashlib.sha256(f"{secret}/{content}".encode()).hexdigest()


def stored_sampling_key(secret: str, result: Result) -> str:
    """Return the key that the stored run of a result was sampled with."""
    made = result.provenance
    if made is not None and made.content:
        return sampling_key(secret, made.content)
    submission = made.submission if made is not None else ""  # by an earlier version, which had a key per student
    return hashlib.sha256(f"{secret}/{result.student}/{submission}".encode()).hexdigest()
