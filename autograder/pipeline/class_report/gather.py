"""Gathers what a class report is made from: grades, results, receipts, variants and their runs, measured accuracies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import DataError, ReleaseError
from autograder.feedback.report import KnownMistake, Material, shape_of
from autograder.feedback.report.class_report import Kind, Need
from autograder.feedback.report.material import checks_of
from autograder.grades import Grade
from autograder.model import Reference, Result, Status
from autograder.pipeline.audit.audit import audits_of
from autograder.pipeline.class_report.accuracies import measure_class
from autograder.pipeline.requests import open_cases
from autograder.pipeline.session.calibration import explain_borrowed
from autograder.pipeline.session.course_files import load_class_reference
from autograder.pipeline.session.variant_files import load_variants
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.results_on_disk import stored_results


@dataclass(frozen=True, kw_only=True)
class ClassOf:
    """The class of one assignment: grades of everybody and the stored results that they are made from."""

    assignment: str
    grades: Sequence[Grade]
    results: Mapping[str, Result] = field(default_factory=dict)


def read_class(workspace: Workspace, assignments: Sequence[str], reporter: Reporter) -> list[ClassOf]:
    """Return the class of each chosen assignment of which anything is known."""
    chosen = workspace.chosen(assignments)
    results = {name: {result.student: result for result in stored_results(workspace, name, reporter)}
               for name in chosen}
    stored = [result for own in results.values() for result in own.values()]
    grades: dict[str, list[Grade]] = {}
    for grade in current_grades(workspace, assignments, stored=stored):
        grades.setdefault(grade.assignment, []).append(grade)
    return [ClassOf(assignment=name, grades=grades[name], results=results[name]) for name in chosen if name in grades]


def gather(workspace: Workspace, one: ClassOf, reporter: Reporter, *, measured: bool = True) -> Material:
    """Return everything for the report but likeness and links.

    Args:
        measured: also measure the class's accuracies, for which the data set has to be there.
    """
    notes: list[str] = []
    reference = load_class_reference(workspace, one.assignment)
    values: Mapping[str, Mapping[str, float]] = {}
    if measured and reference is not None:
        try:
            values = measure_class(workspace, one.results.values(), reference, reporter)
        except DataError as error:
            notes.append(f"The accuracies of the class are not shown. {error}")
    notes += _borrowed(one, reference)
    known, audited = _known(workspace, one, notes)
    return Material(
        assignment=one.assignment, title=workspace.course.assignment(one.assignment).title,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"), grades=one.grades, results=one.results,
        receipts={receipt.student: receipt for receipt in workspace.receipts(one.assignment)}, reference=reference,
        measured=values, known=known, audited=audited, notes=notes, extra=_requests(workspace, one.assignment))


def _borrowed(one: ClassOf, reference: Reference | None) -> list[str]:
    """Return a sentence for each backend that work was graded with by the bounds of another one."""
    made = [result.provenance for result in one.results.values() if result.provenance]
    if reference is None:
        return []
    said = {explain_borrowed(one.assignment, reference.calibration(it.data.split(":")[0], it.device, it.backend),
                             it.backend) for it in made}
    return sorted(sentence for sentence in said if sentence is not None)


def _requests(workspace: Workspace, assignment: str) -> list[Need]:
    """Return what students have asked of people and nobody has answered."""
    return [Need(kind=Kind.REQUEST, student=case.request.student,
                 says=" ".join(part for part in (case.request.about, case.request.reason, case.request.doubt) if part),
                 command=f"autograder requests answer {case.request.student} {assignment} --decision … --text …")
            for case in open_cases(workspace, (assignment,))]


def _known(workspace: Workspace, one: ClassOf, notes: list[str]) -> tuple[list[KnownMistake], bool]:
    """Return the wrong variants, with the messages of their runs in an audit by the same checks."""
    try:
        variants = load_variants(workspace, one.assignment, "wrong")
    except (ReleaseError, UnicodeDecodeError) as error:
        notes.append(f"Mistakes have no names, since the wrong variants cannot be read: {error}")
        return [], False
    said: dict[str, dict[str, set[str]]] = {}
    for run in _audited(workspace, one):
        for check in checks_of(run):
            if check.status is Status.FAILED:
                said.setdefault(run.student, {}).setdefault(check.id, set()).add(shape_of(check.seen))
    known = [KnownMistake(name=variant.name, why=variant.why, loses=variant.loses,
                          messages={check: tuple(sorted(shapes)) for check in variant.loses
                                    if (shapes := said.get(variant.name, {}).get(check))})
             for variant in variants]
    return known, bool(said)


def _audited(workspace: Workspace, one: ClassOf) -> Iterator[Result]:
    """Yield the results of audits that were judged by the same checks as most of the class."""
    used = Counter(result.provenance.checks_fingerprint for result in one.results.values() if result.provenance)
    checks = used.most_common(1)[0][0] if used else None
    for output in audit_outputs(workspace, one.assignment):
        for result in stored_results(replace(workspace, output=output), one.assignment):
            if result.provenance is not None and result.provenance.checks_fingerprint == checks:
                yield result


def audit_outputs(workspace: Workspace, assignment: str) -> list[Path]:
    """Return the output folders of stored audits, one per seed: see `autograder.pipeline.audit.audit.cache_folder`."""
    return sorted(audits_of(workspace, assignment).glob("*/seed-*"))
