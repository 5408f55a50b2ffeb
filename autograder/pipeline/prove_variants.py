"""Grades solutions and wrong variants with drawn numbers, as a class would hand them in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from autograder import notebook
from autograder.model import Receipt, Result
from autograder.notebook.variants import Variant
from autograder.pipeline.audit.audit import declared_row
from autograder.pipeline.audit.matrix import Row, summarize_run
from autograder.pipeline.grade.alone import grade_all
from autograder.pipeline.grade.student_variant import shown
from autograder.pipeline.grade.submission import grade_submission
from autograder.pipeline.grade.work import FIRST_SEED
from autograder.pipeline.release.student_copies import require_draws
from autograder.pipeline.session.course_files import read_release
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.student_numbers import Draws
from autograder.pipeline.session.variant_files import SOLUTION, as_file, load_variants, make_submission
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

FOLDER = "variants-proof"


@dataclass(frozen=True, kw_only=True)
class Proved:
    """One notebook with drawn numbers: what it lost, and whether that is what it declares.

    Attributes:
        numbers: as a sentence writes them.
        seeds: how many were tried: work whose only failure is a minimum is run again.
        said: the first deviation; empty where there is none.
    """

    name: str
    numbers: str
    lost: tuple[str, ...]
    seeds: int
    as_declared: bool
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class _Item:
    """A pseudonym, whose numbers are drawn, and the notebook that it hands in."""

    name: str
    row: Row


def prove_variants(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, *, count: int, wrong: bool
) -> tuple[Proved, ...]:
    """Return one row per notebook: `count` solutions, and each wrong variant once.

    Args:
        wrong: whether wrong variants are handed in too.

    Raises:
        CourseError: the release has no variants, or their secret is missing.
        AutograderError: course, data, checks or isolation are unusable.
    """
    release = read_release(workspace, assignment)
    draws = require_draws(workspace, assignment, release)
    output = workspace.cache / FOLDER / assignment
    with open_session(workspace, assignment, options, reporter=reporter) as opened:
        session = replace(opened, workspace=replace(workspace, output=output))
        items = _items(session, count, load_variants(workspace, assignment, "wrong") if wrong else ())
        found: dict[str, Proved] = {}

        def grade(session: Session, item: _Item) -> Result:
            return grade_submission(session, _hand_in(session, draws, item))

        with reporter.task(f"variants of {assignment}", len(items)) as bar:
            rows = {item.name: item.row for item in items}
            for result in grade_all(session, items, grade, reporter, workers=session.workers):
                found[result.student] = _proved(rows[result.student], result, draws)
                bar.advance(result.student)
    return tuple(found[item.name] for item in items)


def _items(session: Session, count: int, wrong: Sequence[Variant]) -> list[_Item]:
    solution = Row(name=SOLUTION, kind="solution", why="The instructor's solution.")
    items = [_Item(name=f"variant-{number:02}", row=solution) for number in range(1, count + 1)]
    rows = [declared_row(variant, session.specs) for variant in wrong]
    return items + [_Item(name=f"wrong-{row.name}", row=row) for row in rows if row.loses]


def _hand_in(session: Session, draws: Draws, item: _Item) -> Receipt:
    """Write a notebook as if its pseudonym had handed in the copy that it was given, and return the receipt."""
    workspace, assignment = session.workspace, session.assignment.id
    copy = notebook.personal_copy(session.release, draws.of(item.name), draws.code(item.name))
    data = as_file(make_submission(workspace, assignment, item.row.name, copy))
    path = workspace.submitted(item.name, assignment)
    write_atomically(path, data)
    return Receipt(student=item.name, assignment=assignment, accepted=True, source=path.name,
                   received_at=datetime.now(UTC).isoformat(timespec="seconds"), sha256=hashlib.sha256(data).hexdigest())


def _proved(row: Row, result: Result, draws: Draws) -> Proved:
    run = summarize_run(result, FIRST_SEED)
    deviations = row.model_copy(update={"runs": (run,)}).deviations()
    said = run.message or "; ".join(
        f"{one.check} was expected to be {one.expected.value} and is {one.seen.value} ({one.note or '-'})"
        for one in deviations)
    seeds = len(result.provenance.seeds) if result.provenance else 0
    return Proved(name=result.student, numbers=shown(draws.of(result.student)), lost=run.lost, seeds=seeds,
                  as_declared=not said, said=said)
