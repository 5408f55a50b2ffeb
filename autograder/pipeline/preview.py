"""Show an assignment as its students will see it: their notebook, and the page that the author of each mistake gets.

    read variants → run (or find in the audit's cache) → one page each → a folder
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import CourseError
from autograder.model import Result
from autograder.pipeline.audit.audit import (
    EXTRA_WORKERS,
    Batch,
    Plan,
    grade_rows,
    plan,
    restrict_plan,
    session_in_cache,
)
from autograder.pipeline.feedback import make_page
from autograder.pipeline.reading.budgets import read, readers
from autograder.pipeline.release.proof import BLANK
from autograder.pipeline.session.course_files import load_class_reference
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

FOLDER = "preview"
"""Folder of previews in the output folder; a folder per assignment."""
NOTEBOOK = "notebook.html"
_PAGE = re.compile(r"notebook\.html|wrong-.+\.html")


@dataclass(frozen=True, kw_only=True)
class PreviewOptions:
    """The options of `autograder preview`."""

    only: tuple[str, ...] = ()
    into: Path | None = None
    workers: int | None = None
    stand_in: bool = False
    unsafe: bool = False


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page of a preview: whose it is (a variant, or ``blank``), where it is, and the points it tells."""

    name: str
    path: Path
    score: float
    points: float


def preview_assignment(
    workspace: Workspace, assignment: str, options: PreviewOptions, reporter: Reporter
) -> tuple[Shown, ...]:
    """Write the released notebook and the page of every wrong variant into a folder, and return the pages.

    Runs are those of `autograder audit`: what was run before and has not changed is not run again. The folder then has
    the pages of this preview alone.

    Raises:
        ReleaseError: a variant names an unknown task or check, or does not fit the release; or there is no variant of
            a requested name.
        CourseError: the folder has other files than those of a preview.
    """
    name = workspace.course.assignment(assignment).id
    folder = options.into or workspace.output / FOLDER / name
    _require_previews_only(folder)
    wanted = _planned(workspace, name, options.only)
    run = RunOptions(workers=options.workers, beyond_cores=EXTRA_WORKERS, allow_stand_in=options.stand_in,
                     force_stand_in=options.stand_in, unsafe=options.unsafe)
    with _pages(folder) as made, readers(), open_session(workspace, name, run, reporter=reporter) as session:
        here = session_in_cache(session, "full")
        found = {result.student: result for result in grade_rows(
            here, wanted, wanted.rows, Batch(what=f"preview {name}"), reporter)}
        written = [_write(here, found[row.name], made, reporter) for row in wanted.rows]
    return tuple(Shown(name=one.name, path=folder / one.path.name, score=one.score, points=one.points)
                 for one in written)


def _planned(workspace: Workspace, assignment: str, only: Sequence[str]) -> Plan:
    """Return the audit's plan for the blank notebook and the wrong variants; some of these where they are named."""
    whole = plan(workspace, assignment, "full")
    rows = tuple(row for row in whole.rows if row.kind in ("blank", "wrong"))
    shown = replace(whole, rows=rows, notebooks={row.name: whole.notebooks[row.name] for row in rows})
    return restrict_plan(shown, (BLANK, *only) if only else ())


def _write(session: Session, result: Result, folder: Path, reporter: Reporter) -> Shown:
    """Write the page of one result and return it."""
    workspace, assignment = session.workspace, session.assignment
    blank = result.student == BLANK
    path = folder / (NOTEBOOK if blank else f"wrong-{result.student}.html")
    if blank:
        page = read("released", {"folder": str(workspace.results(BLANK, assignment.id)), "title": assignment.title})
    else:
        page = make_page(workspace, result, load_class_reference(workspace, assignment.id), reporter).page
    write_atomically(path, page)
    points = sum(task.points for task in result.tasks if not task.manual)
    return Shown(name=result.student, path=path, score=result.score, points=points)


@contextmanager
def _pages(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of an earlier preview once its pages are complete."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        _require_previews_only(folder)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _require_previews_only(folder: Path) -> None:
    """Raise where replacing a folder would delete something else than an earlier preview."""
    if not folder.exists():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise CourseError(f"A preview is written into a folder, but {folder} is none: choose another name.")
    others = [path.name for path in folder.iterdir() if not _PAGE.fullmatch(path.name) or not path.is_file()]
    if others:
        raise CourseError(f"A preview replaces the folder {folder}, but {others[0][:60]!r} in it is no page of a "
                          "preview: choose another folder.")
