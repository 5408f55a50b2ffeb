"""The course of `autograder demo`, for a folder that has none."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from autograder.authoring.new_files import write_folders
from autograder.authoring.template_files import COURSE, SUFFIX, TEMPLATES, read_folder, read_template
from autograder.errors import CourseError

ASSIGNMENT: Final = "mlp-digits"
_FOLDERS: Final = (f"assignments/{ASSIGNMENT}", f"reference/{ASSIGNMENT}", f"tests/hidden/{ASSIGNMENT}")
_PACKAGE: Final = Path(__file__).resolve().parents[1]


def write_sample(folder: Path) -> Path:
    """Write the sample course into a folder, unless it is there already, and return it.

    Raises:
        CourseError: this package was installed without it.
    """
    if (folder / "course.yml").is_file():
        return folder
    # A wheel has it in the package (setup.py), a checkout in its own folders.
    root = next((place for place in (_PACKAGE / "authoring" / "sample", _PACKAGE.parent)
                 if all((place / name).is_dir() for name in _FOLDERS)), None)
    if root is None:
        raise CourseError("The demo needs the sample course of this package, but it was installed without it: install "
                          "it from its wheel, or run the demo in a course that has mlp-digits.")
    files = {f"{name}/{path}": content for name in _FOLDERS for path, content in read_folder(root / name).items()}
    files["course.yml"] = read_template(TEMPLATES / "sample" / f"course.yml{SUFFIX}").encode()
    files["nbgrader_config.py"] = read_template(COURSE / f"nbgrader_config.py{SUFFIX}").encode()
    write_folders({folder: files})
    return folder
