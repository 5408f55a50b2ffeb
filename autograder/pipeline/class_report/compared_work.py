"""Reads what is compared between students, one submission at a time in the readers' process, and keeps it.

What was read is kept in the course's cache, so that only new work is read for the next report.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import notebook
from autograder.errors import ArtifactError, CourseError, DataError, ReadingError
from autograder.feedback.report import Traits
from autograder.model import Result, Value
from autograder.pipeline.class_report.gather import audit_outputs
from autograder.pipeline.grade.sampling_keys import stored_sampling_key
from autograder.pipeline.reading.budgets import read, readers
from autograder.pipeline.session.course_files import read_release
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.reading import digest
from autograder.workspace.results_on_disk import stored_results
from autograder.workspace.storage import secret, write_atomically

VERSION = "1"
"""Changes where traits are found in another way, so that nothing older is used."""


class _Kept(Value):
    """One file of the cache."""

    of: str
    traits: Traits


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What was read of a class, who could not be read, and what the course's own runs have."""

    traits: dict[str, Traits]
    unread: tuple[str, ...] = ()
    reference: tuple[Traits, ...] = ()


def read_compared(
    workspace: Workspace, assignment: str, results: Iterable[Result], reporter: Reporter
) -> Compared:
    """Return what may be compared of every graded submission."""
    release = _release(workspace, assignment)
    own = [(replace(workspace, output=output), result) for output in audit_outputs(workspace, assignment)
           for result in stored_results(replace(workspace, output=output), assignment)]
    work: list[tuple[Workspace, Result]] = [
        *((workspace, result) for result in results if result.status == "graded" and result.provenance), *own]
    with readers(), reporter.task(f"comparing {assignment}", len(work)) as bar, \
            ThreadPoolExecutor(os.cpu_count()) as threads:
        made = []
        for (place, result), found in zip(work, threads.map(
                lambda pair: _traits(workspace, pair[0], pair[1], release), work), strict=True):
            made.append((place, result.student, found))
            bar.advance(result.student)
    return Compared(
        traits={student: found for place, student, found in made if place is workspace and found is not None},
        unread=tuple(student for place, student, found in made if place is workspace and found is None),
        reference=tuple(found for place, _, found in made if place is not workspace and found is not None))


def _release(workspace: Workspace, assignment: str) -> list[str]:
    try:
        cells: Sequence[dict[str, Any]] = read_release(workspace, assignment)["cells"]
    except (DataError, CourseError):
        return []
    return [notebook.source(cell) for cell in cells if notebook.is_code(cell)]


def _traits(course: Workspace, place: Workspace, result: Result, release: list[str]) -> Traits | None:
    made = result.provenance
    if made is None:
        return None
    folder = place.results(result.student, result.assignment)
    of = digest("\n".join([VERSION, str(folder), made.submission, made.execution_fingerprint, *map(str, made.seeds),
                           *release]).encode())
    kept = course.cache / "likeness" / result.assignment / f"{digest(str(folder).encode())[:24]}.json"
    return _load(kept, of) or _read(course, result, folder, release, kept, of)


def _load(path: Path, of: str) -> Traits | None:
    try:
        found = _Kept.from_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found.traits if found.of == of else None


def _read(
    course: Workspace, result: Result, folder: Path, release: list[str], kept: Path, of: str
) -> Traits | None:
    key = stored_sampling_key(secret(course.sampling_secret), result)
    try:
        found = Traits.model_validate(read("traits", {"folder": str(folder), "sampling_key": key, "release": release}))
    except (ReadingError, ArtifactError):
        return None
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(kept, _Kept(of=of, traits=found).to_json(indent=None))
    return found
