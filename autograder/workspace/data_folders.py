"""Where data sets are: the folder that the environment names, and the course's own."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.errors import CourseError
from autograder.workspace.file_names import DATA_VARIABLE
from autograder.workspace.reading import inside


def find_data_folders(root: Path, of_course: str | None) -> tuple[Path, ...]:
    """Return the folders of data sets, the first of which has precedence: ``AUTOGRADER_DATA``, then the course's own.

    Args:
        root: the course.
        of_course: ``data`` of its ``course.yml``. Where the environment names a folder, this one may be missing.

    Raises:
        CourseError: the folder that was named does not exist, or a link leads out of the course.
    """
    named, found = os.environ.get(DATA_VARIABLE), list[Path]()
    if named:
        folder = Path(named)
        if not folder.is_dir():
            raise CourseError(f"{DATA_VARIABLE} must name a folder, but {folder} is not a folder: correct or unset it.")
        found.append(folder.resolve())
    if of_course is not None:
        folder = root / of_course
        if folder.is_dir():
            found.append(inside(root, folder))
        elif not found:
            raise CourseError(f"course.yml names the data folder '{of_course}', but there is none: create it.")
    return tuple(dict.fromkeys(found))
