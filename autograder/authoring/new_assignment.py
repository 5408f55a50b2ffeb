"""`autograder new assignment`: source notebook, hidden checks, variants and the entry in course.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.authoring.assignment_entry import entry_of, with_entry
from autograder.authoring.new_course import quoted, words
from autograder.authoring.new_files import refuse_existing, write_folders
from autograder.authoring.template_files import ASSIGNMENTS, SUFFIX, kinds, read_folder
from autograder.course import MAX_BYTES, is_assignment_id
from autograder.errors import CourseError
from autograder.workspace.file_names import COURSE_FILE
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import read_text
from autograder.workspace.storage import exclusive, write_atomically

_ENTRY: Final = "entry.yml"
_NOTEBOOK: Final = "notebook.ipynb"


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a new assignment begins as: one of `kinds`, or an assignment of the course."""

    like: str | None = None
    assignment: str | None = None


@dataclass(frozen=True, kw_only=True)
class Created:
    """The folders of a new assignment, and the commands that come next, in their order."""

    name: str
    folders: tuple[Path, ...]
    next_steps: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """Files by relative path: of the source's folder, the hidden checks and the variants; lines of the entry."""

    source: Mapping[str, bytes]
    hidden: Mapping[str, bytes]
    variants: Mapping[str, bytes]
    entry: list[str]
    calibrated: bool = False


def create_assignment(workspace: Workspace, name: str, begin: Source, *, title: str | None = None) -> Created:
    """Write a new assignment into a course and return what was made.

    Nothing that exists is changed but ``course.yml``, which gets the entry and keeps its comments.

    Args:
        title: what students see; None: the name in words.

    Raises:
        CourseError: the name cannot be an assignment's, something of this name exists, or there is nothing to begin
            with under the name that was given.
    """
    _require_free(workspace, name)
    with exclusive(workspace.cache / "new.lock", "Adding an assignment"):
        text = read_text(workspace.root / COURSE_FILE, MAX_BYTES)
        parts = _of_assignment(workspace, text, begin.assignment, name) if begin.assignment else _of_template(
            begin.like or "blank", name)
        made = with_entry(text, name, [f"title: {quoted(title or words(name))}", *parts.entry],
                          [*workspace.course.assignments, name])
        folders = {workspace.source(name).parent: parts.source, workspace.hidden(name): parts.hidden,
                   workspace.variants(name).parent: {f"variants/{path}": data for path, data in parts.variants.items()}}
        write_folders(folders)
        write_atomically(workspace.root / COURSE_FILE, made)
    return Created(name=name, folders=tuple(folders), next_steps=_next_steps(workspace, name, parts.calibrated))


def _require_free(workspace: Workspace, name: str) -> None:
    if not is_assignment_id(name):
        raise CourseError(f"An assignment is named by at most 64 letters, digits, _ and -, beginning with a letter or "
                          f"digit, but {name[:80]!r} was given: the title may be anything, with --title.")
    for folder in (workspace.source(name).parent, workspace.hidden(name), workspace.reference(name).parent,
                   workspace.release(name).parent):
        refuse_existing(folder, workspace.root)


def _of_template(like: str, name: str) -> _Parts:
    if like not in kinds():
        raise CourseError(f"A new assignment can be like {', '.join(kinds())}, but {like[:60]!r} was given.")
    folder = ASSIGNMENTS / like
    files = {path.removesuffix(SUFFIX): data for path, data in read_folder(folder).items()}
    return _Parts(source={f"{name}.ipynb": files[_NOTEBOOK]}, hidden=_below(files, "checks/"),
                  variants=_below(files, "variants/"), entry=files[_ENTRY].decode().splitlines())


def _of_assignment(workspace: Workspace, text: str, other: str, name: str) -> _Parts:
    """Return the parts of an assignment of the course; its deadline, its releases and its calibration are not copied.

    Raises:
        CourseError: the course has no such assignment, or that one has no source notebook.
    """
    known = workspace.course.assignment(other).id
    path = workspace.source(known)
    if not path.is_file():
        raise CourseError(f"The new assignment was to begin as {known}, but {path.relative_to(workspace.root)} does "
                          "not exist: write it, or begin with --like.")
    files = read_folder(path.parent)
    files[f"{name}.ipynb"] = files.pop(path.name)
    return _Parts(source=files, hidden=read_folder(workspace.hidden(known)),
                  variants=read_folder(workspace.variants(known)),
                  entry=entry_of(text, known, without=("title", "due")),
                  calibrated=workspace.reference(known).is_file())


def _below(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {path.removeprefix(folder): data for path, data in files.items() if path.startswith(folder)}


def _next_steps(workspace: Workspace, name: str, calibrated: bool) -> tuple[str, ...]:
    edit = f"edit {workspace.source(name).relative_to(workspace.root)} in JupyterLab, and its deadline in course.yml"
    # A calibration is measured for one assignment, in its release; the proof then compares with it.
    first = (f"autograder release --no-proof {name}", f"autograder calibrate {name}") if calibrated else ()
    return (*first, f"autograder release {name}", f"autograder audit {name}", edit)
