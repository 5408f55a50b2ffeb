"""The stored results of an assignment. A result is used only where it says whose it is, and lies in that place."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from autograder.course import is_student_id
from autograder.model import Result
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter, Silent


def stored_results(
    workspace: Workspace, assignment: str, reporter: Reporter | None = None, *,
    students: Collection[str] | None = None,
) -> list[Result]:
    """Return the results of an assignment in the output folder, by student; report those that cannot be read.

    Args:
        students: only of these; None: of everybody.
    """
    reporter = reporter or Silent()
    found = []
    for folder in _folders(workspace, assignment, students):
        student = folder.parent.name
        try:
            result = Result.from_json((folder / RESULT).read_bytes())
        except OSError:
            continue  # not graded yet
        except ValueError:
            result = None
        # A result that was copied into another student's folder must not replace that student's page.
        own = result is not None and (result.student, result.assignment) == (student, assignment)
        if result is not None and own and is_student_id(student):
            found.append(result)
        else:
            reporter.note(f"A result of {student[:80]} for {assignment} was expected, but its result.json is of "
                          f"another version or another student; run `autograder grade {assignment}` again.")
    return found


def _folders(workspace: Workspace, assignment: str, students: Collection[str] | None) -> Iterable[Path]:
    if students is None:
        return sorted(workspace.results_root.glob(f"*/{assignment}"))
    return [folder for student in sorted(students) if (folder := workspace.results(student, assignment)).is_dir()]
