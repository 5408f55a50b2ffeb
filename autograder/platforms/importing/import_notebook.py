"""`autograder import`: from a file of another system to an assignment of the course.

    find the notebook → convert it → add the entry → write folder, checks and course.yml, or nothing at all
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder import notebook
from autograder.authoring import quoted, with_entry
from autograder.course import MAX_BYTES, is_assignment_id
from autograder.errors import CourseError
from autograder.pipeline.release.release import serialize
from autograder.platforms.importing.cell_names import slug
from autograder.platforms.importing.convert import Converted, System, convert
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import read_text
from autograder.workspace.storage import write_atomically

MOST_MIB: Final = 20
MOST_FILES: Final = 50
MOST_FILE_MIB: Final = 64
_NAMED = re.compile(r"[\"'(]([\w][\w./ -]{0,100}\.[A-Za-z0-9]{1,5})[\"')]")
"""A file name in code, or behind a picture in Markdown."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What was written, relative to the course, and everything that a person should know."""

    assignment: str
    written: tuple[str, ...]
    converted: Converted


def import_notebook(workspace: Workspace, path: Path, system: System, name: str | None) -> Imported:
    """Import a notebook into the course; what exists there is never replaced.

    Args:
        path: the notebook, or a folder with exactly one.
        name: the id of the assignment; None: made from the file's name.

    Raises:
        CourseError: there is no such file, or the course has such an assignment already.
        NotebookError: it is no notebook.
        ReleaseError: it is no notebook of the system, or ids in it occur twice.
    """
    file = _notebook(path)
    assignment = _assignment(name, file)
    folder, hidden = workspace.source(assignment).parent, workspace.hidden(assignment)
    for place in (folder, hidden):
        if place.exists():
            raise CourseError(f"{place.relative_to(workspace.root)} exists already, and an import replaces nothing: "
                              "choose another name with --name.")
    converted = convert(_bytes(file), file.name, assignment, system)
    course = workspace.root / "course.yml"
    settings = [f"title: {quoted(converted.title)}", *(["data: own"] if converted.data == "own" else [])]
    text = with_entry(read_text(course, MAX_BYTES), assignment, settings,
                      [*workspace.course.assignments, assignment])
    checks = hidden / f"test_{re.sub(r'[^A-Za-z0-9]', '_', assignment)}.py"
    with _all_or_nothing(folder, hidden):
        write_atomically(workspace.source(assignment), serialize(converted.notebook))
        copied = _copy_files(file, folder, converted)
        if converted.drafts:
            write_atomically(checks, converted.checks)
        write_atomically(course, text)
    written = [workspace.source(assignment), *copied, *([checks] if converted.drafts else []), course]
    return Imported(assignment=assignment, converted=converted,
                    written=tuple(str(one.relative_to(workspace.root)) for one in written))


def _notebook(path: Path) -> Path:
    if not path.is_dir():
        return path
    found = sorted(one for one in path.glob("*.ipynb") if one.is_file())
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in found[:10]) or "none"
    raise CourseError(f"Expected one notebook in {path}, but there are {len(found)} ({names}): name one of them; each "
                      "becomes an assignment of its own.")


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_MIB * 2**20 + 1)  # the reader refuses what is larger
    except OSError as error:
        raise CourseError(f"{file} was expected to be a notebook, but cannot be read ({error.strerror}).") from None


def _assignment(name: str | None, file: Path) -> str:
    found = slug(file.stem) if name is None else name
    if not is_assignment_id(found):
        raise CourseError(f"{found!r} cannot be the id of an assignment: name one with --name, of at most 64 letters, "
                          "digits, _ and -.")
    return found


@contextmanager
def _all_or_nothing(*folders: Path) -> Iterator[None]:
    """Remove the folders where the block fails: none of them existed before."""
    try:
        yield
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _copy_files(file: Path, folder: Path, converted: Converted) -> list[Path]:
    """Copy the files next to the notebook that it names, so that students and graders have them."""
    text = "\n".join(notebook.source(cell) for cell in converted.notebook["cells"])
    copied: list[Path] = []
    for name in dict.fromkeys(_NAMED.findall(text)):
        source = file.parent / name
        inside = ".." not in Path(name).parts and source.resolve().is_relative_to(file.parent.resolve())
        if not inside or source.suffix in (".ipynb", ".py") or source.is_symlink() or not source.is_file():
            continue
        if len(copied) >= MOST_FILES or source.stat().st_size > MOST_FILE_MIB * 2**20:
            converted.found.look.append(f"{name} is too large to be copied; copy it into the assignment's folder.")
            continue
        goal = folder / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, goal)
        copied.append(goal)
    if copied:
        names = ", ".join(str(one.relative_to(folder)) for one in copied)
        converted.found.done.append(f"Files that the notebook names were copied: {names}.")
    return copied
