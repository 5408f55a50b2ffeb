"""nbgrader for this course: `nbgrader`, formgrader and `autograder` work on the same folders and gradebook.

nbgrader never runs student code here: its `autograde` takes over what `autograder grade` found out.
`AUTOGRADER_OUTPUT=demo` shows another output folder than the course itself.
Deadlines, extensions and the late rule are those of `course.yml`.
"""

from pathlib import Path

from autograder.gradebook import chosen_output, configure
from autograder.workspace import open_workspace

here = Path(__file__).resolve().parent
c = get_config()  # noqa: F821  # given by traitlets
configure(c, open_workspace(here, chosen_output(here)))
