"""Parses ``course.yml`` to a `Course`, or raises one sentence that says what is wrong and where."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from autograder.course.config import Course
from autograder.course.data_sets import BUILT_IN, RESERVED, problem_of
from autograder.course.file import (
    AssignmentForm,
    CollectForm,
    CourseForm,
    DatasetForm,
    GraderForm,
    HoldoutForm,
    LateForm,
    LeaderboardForm,
    LimitsForm,
    LinksForm,
    LtiForm,
    MinimumForm,
    RefitForm,
    Settings,
    TestForm,
    VariantsForm,
    build,
)
from autograder.course.requirements import package_name
from autograder.course.serve import ServeRule
from autograder.course.source import FILE, Path, Source, fault, read_source


def parse(text: str, *, folders: Iterable[str]) -> Course:
    """Parse and check the whole file.

    Args:
        text: the contents of ``course.yml``.
        folders: names of the folders under ``assignments/``; names that begin with ``.`` or ``_`` do not count.

    Raises:
        CourseError: one sentence with the line and, for a wrong key, the nearest right one.
    """
    source = read_source(text)
    try:
        form = CourseForm.model_validate_json(json.dumps(source.data))
    except ValidationError as error:
        details = min(error.errors(), key=lambda detail: _order(detail, source))
        raise fault(_line(details, source), _sentence(details)) from None
    _check_assignments(form, source, [name for name in folders if not name.startswith((".", "_"))])
    _check_datasets(form, source)
    _check_requirements(form, source)
    _check_deadlines(form, source)
    _check_attempts(form, source)
    return build(form)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of ``course.yml`` for editors."""
    result = CourseForm.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **result, "title": FILE}


def _order(details: ErrorDetails, source: Source) -> tuple[int, int]:
    # A typo in a key also makes the right key "missing": the typo is the more useful message.
    return (details["type"] == "missing", _line(details, source))


def _where(details: ErrorDetails) -> Path:
    return tuple(part for part in details["loc"] if part != "[key]")


def _line(details: ErrorDetails, source: Source) -> int:
    return source.line(_where(details))


def _sentence(details: ErrorDetails) -> str:
    path = _where(details)
    key, parent = (str(path[-1]) if path else ""), path[:-1]
    place = f" in {_shown(parent)}" if parent else ""
    kind = details["type"]
    if kind == "extra_forbidden":
        return f"the key '{key[:60]}' is unknown{place}: {_nearest(key, _keys(parent))}"
    if kind == "missing":
        return f"the key '{key}' is missing{place}: add it."
    if path[:1] == ("graders",) and len(path) == 2 and "[key]" in details["loc"]:
        return f"the grader '{key[:60]}' is unknown: {_nearest(key, ['cpu', 'gpu'])}"
    expected = details["msg"].removeprefix("Value error, ")
    for wording in ("Input should be ", "Input must be ", "should be ", "must be "):
        expected = expected.removeprefix(wording)
    expected = expected.replace("a valid integer", "a whole number").replace("a valid ", "a ")
    expected = expected.replace("a boolean", "true or false").replace("an object", "a mapping of keys and values")
    if "[key]" in details["loc"]:
        return f"the key '{key[:60]}'{place} must be {expected}."
    return f"{_shown(path)} must be {expected}, but is {_value(details.get('input'))}."


def _shown(path: Path) -> str:
    return "'" + ".".join(str(part)[:60] for part in path) + "'"


def _value(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:77] + "…"


def _nearest(key: str, keys: list[str]) -> str:
    close = difflib.get_close_matches(key.lower(), keys, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else f"known keys are {', '.join(keys)}."


def _keys(path: Path) -> list[str]:
    form: type[Any] = CourseForm
    inner: dict[str, type[Any]] = {
        "limits": LimitsForm, "full_limits": LimitsForm, "minimum": MinimumForm, "leaderboard": LeaderboardForm,
        "late": LateForm, "refit": RefitForm, "test": TestForm, "holdout": HoldoutForm,
        "variants": VariantsForm}
    match path:
        case ():
            pass
        case ("collect",):
            form = CollectForm
        case ("links",):
            form = LinksForm
        case ("lti",):
            form = LtiForm
        case ("serve",):
            form = ServeRule
        case ("graders", _):
            form = GraderForm
        case ("defaults",):
            form = Settings
        case ("assignments", _):
            form = AssignmentForm
        case ("datasets", _):
            form = DatasetForm
        case (*_, str(last)) if last in inner:
            form = inner[last]
    return list(form.model_fields)


def _check_attempts(form: CourseForm, source: Source) -> None:
    """Refuse `counts: best` without a number of attempts: each is run, so one student could occupy a grader."""
    for name, assignment in form.assignments.items():
        settings = {**form.defaults.given(), **assignment.given()}
        if settings.get("counts") == "best" and settings.get("attempts") is None:
            place = ("assignments", name) if "counts" in assignment.given() else ("defaults",)
            raise fault(source.line((*place, "counts")), f"'counts: best' runs every attempt of '{name[:60]}', but "
                        "'attempts' sets no number: write how many there are, such as 'attempts: 5'.")


def _check_assignments(form: CourseForm, source: Source, folders: list[str]) -> None:
    seen: dict[str, str] = {}
    for name, assignment in form.assignments.items():
        line = source.line(("assignments", name))
        if name.casefold() in seen:
            raise fault(line, f"'{name}' and '{seen[name.casefold()]}' differ in capitals only, and some disks cannot "
                              f"distinguish their folders: rename one.")
        seen[name.casefold()] = name
        if name not in folders:
            advice = _nearest(name, sorted(folders)) if folders else "make it."
            raise fault(line, f"the assignment '{name}' has no folder assignments/{name}: {advice}")
        wanted = assignment.given().get("grader", form.defaults.grader)
        if form.graders and wanted != "any" and wanted not in form.graders:
            known = ", ".join(form.graders)
            raise fault(source.line(("assignments", name, "grader")),
                        f"the grader '{wanted}' of '{name}' is not among 'graders' ({known}): add it there.")
    profiles = {name for assignment in form.assignments.values() for name in assignment.sizes}
    for name, grader in form.graders.items():
        if grader.sizes is not None and grader.sizes not in profiles:
            raise fault(source.line(("graders", name, "sizes")), f"no assignment has the profile of sizes "
                        f"'{grader.sizes}': {_nearest(grader.sizes, sorted(profiles)) if profiles else 'remove it.'}")
    _check_memory(form, source)
    _check_variants(form, source)
    for folder in sorted(set(folders) - set(form.assignments)):
        raise fault(source.line(("assignments",)), f"the folder assignments/{folder[:80]} is not named under "
                    f"'assignments': add it, or let the folder's name begin with _ while it is a draft.")
    ids = [student.casefold() for student in form.students or ()]
    for index, student in enumerate(ids):
        if student in ids[:index]:
            line = source.line(("students", index))
            raise fault(line, f"the student '{student}' is in the list twice: remove one.")


def _check_datasets(form: CourseForm, source: Source) -> None:
    """Check each entry of `datasets`, and that every assignment's data is among them."""
    for name, one in form.datasets.items():
        if name in RESERVED:
            raise fault(source.line(("datasets", name)), f"the name '{name}' of a data set is reserved: choose "
                                                         "another.")
        if (problem := problem_of(one)) is not None:
            raise fault(source.line(("datasets", name)), f"the data set '{name}' {problem}")
    known = [*form.datasets, *BUILT_IN]
    for name, assignment in form.assignments.items():
        if assignment.data not in known:
            raise fault(source.line(("assignments", name, "data")), f"the data set '{assignment.data}' of '{name}' is "
                        f"not declared under 'datasets': {_nearest(assignment.data, known)}")


def _check_requirements(form: CourseForm, source: Source) -> None:
    """Refuse two requirements for one package: which of them a student needs would be a guess."""
    seen: dict[str, str] = {}
    for index, text in enumerate(form.requirements):
        name = package_name(text)
        if name in seen:
            raise fault(source.line(("requirements", index)), f"the package '{name}' is required twice, as "
                        f"'{seen[name]}' and as '{text}': write both as one, with a comma between the versions.")
        seen[name] = text


def _check_memory(form: CourseForm, source: Source) -> None:
    """Check that one submission fits into the memory of its grader."""
    for name, assignment in form.assignments.items():
        wanted = assignment.given().get("grader", form.defaults.grader)
        memory = {**form.defaults.limits.given(), **assignment.limits.given()}.get("memory", LimitsForm().memory)
        for kind, grader in form.graders.items():
            if wanted in (kind, "any") and grader.memory is not None and memory > grader.memory:
                line = source.line(("graders", kind, "memory"))
                raise fault(line, f"one submission of '{name}' may use {memory} MiB (limits.memory), more than the "
                                  f"{grader.memory} MiB of the grader '{kind}': raise it, or lower limits.memory.")


def _check_variants(form: CourseForm, source: Source) -> None:
    """Refuse variants where either device may grade: their bounds are calibrated for one."""
    for name, assignment in form.assignments.items():
        if assignment.variants is not None and assignment.given().get("grader", form.defaults.grader) == "any":
            raise fault(source.line(("assignments", name, "variants")), f"'{name}' has variants, whose bounds are "
                        "calibrated for one device, but 'grader: any': write 'cpu' or 'gpu'.")


def _check_deadlines(form: CourseForm, source: Source) -> None:
    """Check deadlines against the course's time zone, and extensions against class, assignments and dates."""
    named = [(("assignments", name, "due"), own.due) for name, own in form.assignments.items()]
    named += [(("extensions", student, name), moment)
              for student, given in form.extensions.items() for name, moment in given.items()]
    for path, moment in (*named, (("defaults", "due"), form.defaults.due)):
        if moment is not None and form.timezone:
            local = moment.astimezone(ZoneInfo(form.timezone))
            if local.utcoffset() != moment.utcoffset():
                raise fault(source.line(path), f"{_shown(path)} says {moment:%z}, but clocks in {form.timezone} then "
                                               f"show {local:%z}: write {local.isoformat()} or correct the zone.")
    for student, names in form.excused.items():
        for name in names:
            if name not in form.assignments:
                raise fault(source.line(("excused", student)), f"there is no assignment '{name}' to excuse: "
                            f"{_nearest(name, list(form.assignments))}")
    for student, given in form.extensions.items():
        if form.students is not None and student not in form.students:
            raise fault(source.line(("extensions", student)), f"the student '{student}' of 'extensions' is not among "
                        f"'students': {_nearest(student, list(form.students))}")
        for name, moment in given.items():
            line = source.line(("extensions", student, name))
            if name not in form.assignments:
                raise fault(line, f"there is no assignment '{name}' to extend: "
                            f"{_nearest(name, list(form.assignments))}")
            due = form.assignments[name].due or form.defaults.due
            if due is None or moment <= due:
                raise fault(line, f"an extension has to be later than the deadline of '{name}' "
                                  f"({due.isoformat() if due else 'it has none'}), but is {moment.isoformat()}.")
