"""nbgrader for this course: `nbgrader`, formgrader and `autograder` work on the same folders and gradebook.

nbgrader never runs student code here: its `autograde` takes over what `autograder grade` found out.
`AUTOGRADER_OUTPUT=demo` shows another output folder than the course itself.
Deadlines, extensions and the late rule are those of `course.yml`.
"""

from pathlib import Path

from autograder.course import parse
from autograder.gradebook import Places, chosen_output, configure

here = Path(__file__).resolve().parent
folders = (folder.name for folder in (here / "assignments").iterdir() if folder.is_dir())
course = parse((here / "course.yml").read_text(encoding="utf-8"), folders=folders)
c = get_config()  # noqa: F821  # given by traitlets
configure(c, Places.in_folders(here, chosen_output(here), course.id))
