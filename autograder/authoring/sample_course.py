"""The course of `autograder demo` where there is none: one assignment from a template, and work that misbehaves."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from autograder.authoring.new_assignment import Source, create_assignment
from autograder.authoring.new_course import create_course
from autograder.workspace.file_names import COURSE_FILE
from autograder.workspace.layout import open_workspace
from autograder.workspace.storage import write_atomically

SAMPLE: Final = "bars"
COURSE: Final = "course"
_LIKE: Final = "images"
_HOSTILE: Final = {
    "endless_loop.py": '"""A loop that never ends."""\n\n# %% [prepare]\nwhile True:\n    pass\n',
    "leaves_early.py": '"""Ends the grader\'s process, as if that were full marks."""\n\n# %% [prepare]\nimport os\n'
                       "os._exit(0)\n",
}
"""Tasks are those of the template."""


def make_sample_course(parent: Path) -> Path:
    """Return the folder of the sample course below ``parent``; an earlier one is used again.

    Raises:
        CourseError: something else has its name.
    """
    folder = parent / COURSE
    if not (folder / COURSE_FILE).is_file():
        parent.mkdir(parents=True, exist_ok=True)
        create_course(parent, COURSE, title="A sample course")
        create_assignment(open_workspace(folder), SAMPLE, Source(like=_LIKE), title="Bars in noisy images")
    hostile = open_workspace(folder).variants(SAMPLE) / "hostile"
    hostile.mkdir(exist_ok=True)
    for name, text in _HOSTILE.items():
        write_atomically(hostile / name, text)
    return folder
