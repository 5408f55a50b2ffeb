"""Joins what is known of a class into its report. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median

from autograder.feedback.report.class_report import Accuracy, ClassReport, Kind, Mistake, Need, Person
from autograder.feedback.report.items import list_items
from autograder.feedback.report.likeness import compare, find_same_answers
from autograder.feedback.report.material import Material
from autograder.feedback.report.mistakes import list_mistakes
from autograder.feedback.report.needs import list_needs
from autograder.feedback.words import out_of
from autograder.grades import Grade, State
from autograder.model import Calibration, Result


def make_report(material: Material) -> ClassReport:
    """Return the report of one assignment; all points of students are read from their grades."""
    needs, mistakes = list_needs(material), list_mistakes(material)
    people = tuple(_people(material, needs, mistakes))
    totals = [person.total for person in people if person.state is State.GRADED]
    made_by = {person.student: person.mistakes for person in people}
    same, likeness = find_same_answers(material.graded), None
    if material.traits is not None:
        likeness = compare(material.traits, material.reference_traits, unread=material.unread, mistakes=made_by,
                           same=same)
    return ClassReport(
        assignment=material.assignment, title=material.title, made_at=material.made_at, people=people, needs=needs,
        max_points=max((grade.max_points for grade in material.grades), default=0.0),
        median=median(totals) if totals else None, mean=round(fmean(totals), 6) if totals else None,
        accuracies=tuple(_accuracies(material)), items=list_items(material.graded), mistakes=mistakes,
        audited=material.audited, same_answers=same, likeness=likeness, notes=tuple(material.notes))


def _people(material: Material, needs: Sequence[Need], mistakes: Sequence[Mistake]) -> Iterator[Person]:
    kinds: dict[str, dict[Kind, None]] = {}
    for need in needs:
        kinds.setdefault(need.student, {})[need.kind] = None
    made: dict[str, list[str]] = {}
    for mistake in mistakes:
        for student in mistake.students:
            made.setdefault(student, []).append(mistake.key)
    for grade in material.grades:
        yield _person(material, grade, tuple(kinds.get(grade.student, ())), tuple(made.get(grade.student, ())))


def _person(material: Material, grade: Grade, needs: tuple[Kind, ...], mistakes: tuple[str, ...]) -> Person:
    return Person(
        student=grade.student, name=f"{grade.first_name} {grade.last_name}".strip(), state=grade.state,
        enrolled=grade.enrolled, total=grade.total, score=grade.score, max_points=grade.max_points,
        out_of=out_of(grade), waiting=grade.waiting, late_penalty=grade.late_penalty,
        tasks={task.id: task.counted for task in grade.tasks}, needs=needs, mistakes=mistakes,
        page=material.pages.get(grade.student), formgrader=material.formgrader.get(grade.student))


def _accuracies(material: Material) -> Iterator[Accuracy]:
    """Yield the calibrated numbers for the data, the device and the backend that most of the class was graded with."""
    graded = material.graded
    used = Counter(conditions for result in graded.values() if (conditions := _conditions(result)) is not None)
    if not used:
        return
    most = used.most_common(1)[0][0]
    here = {student: result for student, result in graded.items() if _conditions(result) == most}
    calibration = material.calibration(next(iter(here.values())))
    if calibration is not None:
        yield from _metrics(material, here, calibration, most)


def _conditions(result: Result) -> tuple[str, str, str] | None:
    made = result.provenance
    return (made.data.split(":")[0], made.device, made.backend) if made else None


def _metrics(
    material: Material, here: Mapping[str, Result], calibration: Calibration, used: tuple[str, str, str]
) -> Iterator[Accuracy]:
    for metric, spread in calibration.metrics.items():
        values = sorted(((student, material.measured[student][metric]) for student in here
                         if metric in material.measured.get(student, {})), key=lambda pair: (pair[1], pair[0]))
        if values:
            yield Accuracy(
                metric=metric, data=used[0], device=used[1], mean=spread.mean, deviation=spread.deviation,
                low=min(spread.values, default=spread.mean), high=max(spread.values, default=spread.mean),
                minimum=spread.minimum, maximum=spread.maximum, values=tuple(values))
