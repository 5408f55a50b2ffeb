"""Write the feedback pages of a class from stored results; nothing is run or judged again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.feedback import render, render_overview
from autograder.model import Receipt, Result
from autograder.pipeline.context import DEVICE, load_reference
from autograder.pipeline.reporting import Reporter
from autograder.pipeline.storage import write_atomically
from autograder.pipeline.workspace import Workspace, read_receipt

OVERVIEW = "overview.html"


def write_class(workspace: Workspace, assignments: Sequence[str], reporter: Reporter) -> list[Path]:
    """Write one page per result of the chosen assignments, and the staff's overview; return the students' pages."""
    results = [result for name in workspace.chosen(assignments) for result in stored_results(workspace, name)]
    pages = []
    with reporter.task("feedback", len(results)) as bar:
        for result in results:
            pages.append(write_page(workspace, result))
            bar.advance(result.student)
    if results:
        write_atomically(workspace.results_root / OVERVIEW, render_overview(results))
    return pages


def write_page(workspace: Workspace, result: Result) -> Path:
    """Write one submission's page and return where it is."""
    folder = workspace.results(result.student, result.assignment)
    reference = load_reference(workspace.reference(result.assignment))
    data = result.provenance.data.split(":")[0] if result.provenance else ""
    page = render(
        result, executed=_load(folder / "executed.ipynb"), curves=_load(folder / "curves.json") or {},
        reference=reference.calibration(data, DEVICE) if reference else None,
        assignment_title=workspace.course.assignment(result.assignment).title, receipt=_receipt(workspace, result),
    )
    path = workspace.feedback(result.student, result.assignment)
    write_atomically(path, page)
    return path


def stored_results(workspace: Workspace, assignment: str) -> list[Result]:
    """Return the results of an assignment that lie in the output folder, by student."""
    found = []
    for folder in sorted(workspace.results_root.glob(f"*/{assignment}")):
        try:
            found.append(Result.from_json((folder / "result.json").read_bytes()))
        except (OSError, ValueError):
            continue  # not graded yet, or written by another version: `grade` says so
    return found


def _receipt(workspace: Workspace, result: Result) -> Receipt | None:
    """Return the receipt of the upload that was graded; a later one would tell another time."""
    found = read_receipt(workspace.receipt(result.student, result.assignment))
    same = found is not None and (result.provenance is None or found.sha256 == result.provenance.submission)
    return found if same else None


def _load(path: Path) -> dict[str, Any] | None:
    try:
        loaded: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return loaded
