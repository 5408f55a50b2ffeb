"""Files next to the scored notebook, which formgrader serves from its own address, including web pages."""

from __future__ import annotations

import filecmp
import os
from pathlib import Path

from autograder.workspace.file_names import EXCHANGE_KEY, TIMESTAMP
from autograder.workspace.layout import Workspace

KEPT = (TIMESTAMP, EXCHANGE_KEY)
"""Files by which nbgrader knows the submission; a receipt has sentences for staff and goes no further."""


def keep_only_released(workspace: Workspace, student: str, assignment: str) -> None:
    """Remove from ``autograded/<student>/<assignment>/`` what nbgrader copied there from a submission.

    Unchanged files of the release stay. Submitted files stay in ``submitted/``.
    """
    folder = workspace.autograded(student, assignment).parent
    released = (workspace.release(assignment).parent, workspace.source(assignment).parent)
    for parent, _, names in os.walk(folder):
        for path in (Path(parent) / name for name in names):
            own = path.parent == folder and path.name in (f"{assignment}.ipynb", *KEPT) and not path.is_symlink()
            part = path.relative_to(folder)
            if not own and not any(_same(path, root / part) for root in released):
                path.unlink()


def _same(path: Path, released: Path) -> bool:
    return not path.is_symlink() and released.is_file() and filecmp.cmp(path, released, shallow=False)
