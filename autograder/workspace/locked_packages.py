"""Which packages a course needs, and whether they are locked."""

from __future__ import annotations

from pathlib import Path

from autograder.course import MAX_LOCK_BYTES, Lock, parse_lock
from autograder.errors import CourseError
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import inside, read_if_there

_NOTHING = Lock(pins={})


def read_lock(workspace: Workspace) -> Lock | None:
    """Return the course's lock file, None where there is none; raises as `read_lock_file`."""
    path = workspace.requirements_lock
    return read_lock_file(inside(workspace.root, path), str(path.relative_to(workspace.root)))


def read_lock_file(path: Path, shown: str) -> Lock | None:
    """Return a lock file, None where there is none.

    Args:
        shown: its name for messages.

    Raises:
        CourseError: it cannot be read, or is not such a file.
    """
    text = read_if_there(path, shown, MAX_LOCK_BYTES, "run `autograder build --upgrade` to write it again")
    return None if text is None else parse_lock(text, shown)


def locked_packages(workspace: Workspace) -> Lock:
    """Return the lock of the packages that the course requires; an empty one where it requires none.

    Raises:
        CourseError: they are not locked, or course.yml was changed since.
    """
    asked = workspace.course.requirements
    if not asked:
        return _NOTHING
    lock = read_lock(workspace)
    if lock is None or set(lock.asked) != set(asked):
        state = "is missing" if lock is None else "was made for another list"
        shown = workspace.requirements_lock.relative_to(workspace.root)
        raise CourseError(f"course.yml requires {', '.join(asked)[:200]}, but the file of their exact versions, "
                          f"{shown}, {state}: run `autograder build`.")
    return lock
