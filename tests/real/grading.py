"""Grades the notebooks of an assignment with the real engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.model import Result
from autograder.pipeline.grade.alone import grade_all
from autograder.pipeline.release.proof import grade_notebook
from autograder.pipeline.session.session import Session
from autograder.workspace.progress import Silent
from tests.real import (
    cnn_challenge,
    conv_digits,
    deep_conv_digits,
    deep_digits,
    first_network,
    iris_classes,
    mlp_digits,
    optimizer_search,
    surface_regression,
)
from tests.real.agreement import Agreement, compare, grader
from tests.real.tables import rows
from tests.real.work import made

MODULES = (first_network, mlp_digits, conv_digits, deep_digits, deep_conv_digits, optimizer_search, iris_classes,
           surface_regression, cnn_challenge)
"""Importing them fills `tests.real.work.BUILDERS`."""


def grade_some(assignment: str, names: Sequence[str], folder: Path, *, whole: bool = False) -> Iterator[Agreement]:
    """Yield the agreement on each notebook as it is graded."""

    def grade(session: Session, name: str) -> Result:
        return grade_notebook(session, name, made(assignment, name))

    with grader(assignment, folder, whole=whole) as session:
        for result in grade_all(session, names, grade, Silent()):
            yield compare(result, rows(assignment)[result.student])
