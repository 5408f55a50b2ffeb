"""The solution and its variants as submissions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from autograder import notebook
from autograder.errors import ReleaseError
from autograder.model import Merged
from autograder.notebook.variants import Variant, apply_variant, parse_variant, solution_submission
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.source_notebook import read_source
from autograder.workspace.layout import Workspace

Kind = Literal["right", "wrong", "hostile"]

SOLUTION = "solution"
KINDS: tuple[Kind, ...] = ("right", "wrong", "hostile")


def load_variants(
    workspace: Workspace, assignment: str, kind: Kind
) -> tuple[Variant, ...]:
    """Return the variants of one kind in the order of their names; a hostile one names no checks.

    Raises:
        ReleaseError: a file cannot be read as a variant.
    """
    folder = workspace.variants(assignment) / kind
    as_kind: Literal["right", "wrong"] = "wrong" if kind == "wrong" else "right"
    return tuple(parse_variant(path.read_text(encoding="utf-8"), path.stem, as_kind)
                 for path in sorted(folder.glob("*.py")))


def merged_variant(session: Session, name: str) -> Merged:
    """Return the solution or one right variant, fitted into the release.

    Raises:
        ReleaseError: there is no such variant.
    """
    submission = make_submission(session.workspace, session.assignment.id, name, session.release)
    return notebook.merge(session.release, submission)


def make_submission(
    workspace: Workspace, assignment: str, name: str, release: dict[str, Any], source: Path | None = None
) -> dict[str, Any]:
    """Return the notebook that a student with this variant (or ``solution``) would hand in."""
    solution = read_source(source or workspace.source(assignment))
    if name == SOLUTION:
        return solution_submission(solution, release)
    for kind in KINDS:
        for variant in load_variants(workspace, assignment, kind):
            if variant.name == name:
                return apply_variant(solution, variant, release)
    raise ReleaseError(f"There is no variant {name!r} of {assignment}; see reference/{assignment}/variants/.")


def as_file(submission: dict[str, Any]) -> bytes:
    """Return a submission as the bytes of an .ipynb file."""
    return json.dumps(submission, indent=1, ensure_ascii=False).encode()
