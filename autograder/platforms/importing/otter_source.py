"""Reads sources of `otter assign`, from the versions before 1 to 7. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from autograder.notebook import source
from autograder.platforms.importing import otter_code, solution_marks
from autograder.platforms.importing.nbgrader_source import refuse_repeated
from autograder.platforms.importing.otter_marks import Mark, Plain, events
from autograder.platforms.importing.otter_points import points_of, shared
from autograder.platforms.importing.parts import Answer, Cell, Findings, Locked, Part, Test, Written
from autograder.platforms.importing.plain_source import locked

ASSIGNMENT: Final = frozenset({
    "name", "config_file", "requirements", "overwrite_requirements", "environment", "run_tests", "solutions_pdf",
    "template_pdf", "init_cell", "check_all_cell", "export_cell", "seed", "generate", "save_environment", "files",
    "autograder_files", "student_files", "plugins", "tests", "show_question_points", "runs_on", "python_version",
    "strip_solutions_from_all_cells", "variables", "ignore_modules", "seed_required", "assignment_id", "course_id",
    "colab", "test_files", "nb_format", "notebook", "service", "save_variables", "instructions", "pdfs",
})
"""Settings of an assignment in any version."""
QUESTION: Final = frozenset({"name", "manual", "points", "check_cell", "export", "all_or_nothing", "format", "public",
                             "private", "subparts"})
TEST: Final = frozenset({"hidden", "points", "success_message", "failure_message"})
_HAVE_A_PLACE: Final = frozenset({"name", "tests", "init_cell", "check_all_cell", "export_cell", "show_question_points",
                                  "run_tests", "solutions_pdf", "template_pdf", "files"})


@dataclass(kw_only=True)
class _Question:
    """A question that is being read."""

    name: str
    settings: Mapping[str, Any]
    place: str
    old: bool
    section: str = ""
    answers: int = 0
    tests: list[tuple[otter_code.TestCell, Test]] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def manual(self) -> bool:
        """Whether a person grades it."""
        return self.settings.get("manual") is True


def read_otter(notebook: dict[str, Any], found: Findings) -> list[Part]:
    """Return the parts of a source.

    Raises:
        ReleaseError: two questions have one name.
    """
    _refuse_repeated(notebook)
    reader = _Reader(found)
    for event in events(notebook):
        if isinstance(event, Mark):
            reader.mark(event)
        else:
            reader.cell(event.cell, event.place)
    reader.finish()
    return reader.parts


class _Reader:
    def __init__(self, found: Findings) -> None:
        self.parts: list[Part] = []
        self._found = found
        self._question: _Question | None = None

    def mark(self, mark: Mark) -> None:
        """Begin or end a question or one of its sections."""
        if mark.fault:
            self._found.look.append(f"The mark “{mark.kind}” in {mark.place} was read without its settings, because "
                                    f"{mark.fault}.")
        match mark.kind.split():
            case ["config"]:
                self._config(mark)
            case ["begin", "question"]:
                self.finish()
                self._begin(mark)
            case ["end", "question"]:
                self.finish()
            case ["begin", section] if self._question:
                self._question.section = section
            case ["end", _] if self._question:
                self._question.section = ""
            case _:
                self._found.look.append(f"The mark “{mark.kind}” in {mark.place} is outside of a question and was left "
                                        "out.")

    def cell(self, cell: Cell, place: str) -> None:
        """Read one cell."""
        question = self._question
        if otter_code.is_ignored(source(cell)):
            self._found.done.append(f"{place.capitalize()} is marked IGNORE; it was left out.")
        elif question is None:
            self.parts += locked(cell, place, self._found)
        elif question.old:
            self._old_cell(question, cell, place)
        elif question.section == "tests" and cell["cell_type"] == "code":
            self._test(question, cell, place)
        elif question.section == "solution":
            self._solution(question, cell, place)
        elif question.section == "prompt":
            self._prompt(cell, place)
        else:
            question.parts += locked(cell, place, self._found)

    def finish(self) -> None:
        """End the question that is being read, and give its tests their points."""
        question, self._question = self._question, None
        if question is None:
            return
        self.parts += question.parts
        points = points_of(question.settings, question.name, self._found)
        if question.tests and (question.written or question.manual or not question.answers):
            self._found.impossible.append(f"The question {question.name!r} is graded by a person, so its tests in "
                                          f"{', '.join(test.place for _, test in question.tests)} were left out.")
        if question.written:
            self._add_written(question, 1.0 if points.total is None else points.total)
        elif question.manual or (question.answers and not question.tests):
            total = 1.0 if points.total is None else points.total
            self.parts.append(Test(place=question.place, name=question.name, points=total))
        elif question.answers:
            self.parts += shared(question.tests, points, question.settings, question.name, self._found)
        else:
            self._found.impossible.append(f"The question {question.name!r} ({question.place}) has no solution cell, so "
                                          "it has no place for an answer.")

    def _add_written(self, question: _Question, total: float) -> None:
        """Give the points to the first written answer of a question."""
        if question.answers:
            self._found.look.append(f"The question {question.name!r} has code and words; the words have its points.")
        for number, written in enumerate(question.written):
            share = total if number == 0 else 1.0
            self.parts.append(Written(source=written.source, place=written.place, points=share,
                                      name=question.name if number == 0 else None, complete=written.complete))
        if len(question.written) > 1:
            self._found.look.append(f"The question {question.name!r} has {len(question.written)} written answers; the "
                                    "first has its points, the others were given 1.")

    def _begin(self, mark: Mark) -> None:
        name = str(mark.settings.get("name") or f"question-{mark.number}")
        if "name" not in mark.settings:
            self._found.done.append(f"The question in {mark.place} had no name; it is {name!r}.")
        self._unknown(mark.settings, QUESTION, f"the question {name!r}")
        self._question = _Question(name=name, settings=mark.settings, place=mark.place, old=mark.old)

    def _config(self, mark: Mark) -> None:
        self._unknown(mark.settings, ASSIGNMENT, "the assignment")
        without = sorted(key for key in mark.settings if key in ASSIGNMENT - _HAVE_A_PLACE)
        if without:
            self._found.look.append(f"Otter's settings {', '.join(without)} have no counterpart in course.yml; check "
                                    "what they are for.")

    def _unknown(self, settings: Mapping[str, Any], known: frozenset[str], owner: str) -> None:
        for key in settings:
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), n=1, cutoff=0.6)
                hint = f"; the nearest is {near[0]!r}" if near else ""
                self._found.look.append(f"Otter has no setting {key[:60]!r} for {owner}{hint}; it was left out.")

    def _test(self, question: _Question, cell: Cell, place: str) -> None:
        read = otter_code.read_test(source(cell))
        if read.fault:
            self._found.look.append(f"The test in {place} was read without its settings, because {read.fault}.")
        self._unknown(read.settings, TEST, f"the test in {place}")
        code = otter_code.asserted(read.code, _shown(cell))
        test = Test(place=place, name=question.name, public="" if read.hidden else code,
                    hidden=code if read.hidden else "")
        question.tests.append((read, test))

    def _solution(self, question: _Question, cell: Cell, place: str) -> None:
        text = source(cell)
        if cell["cell_type"] != "code":
            complete = not solution_marks.TEXT_PLACEHOLDER.search(text)
            question.written.append(Written(source=text, place=place, points=1.0, complete=complete))
            return
        solved = otter_code.solved(text)
        question.parts.append(Answer(source=solved.source, complete=solved.complete, place=place, name=question.name,
                                     manual=question.manual))
        question.answers += 1
        if solved.prompts:
            self._prompts(question.parts, "\n".join(solved.prompts), place)

    def _prompt(self, cell: Cell, place: str) -> None:
        assert self._question is not None  # noqa: S101 - sections are only of questions
        if cell["cell_type"] == "code":
            self._prompts(self._question.parts, source(cell), place)
        else:
            self._found.done.append(f"The prompt in {place} was left out: an answer begins empty.")

    def _prompts(self, parts: list[Part], prompt: str, place: str) -> None:
        """Keep the code that students begin with as a text, since an answer cell runs as it was released."""
        text = f"Begin with:\n\n```python\n{prompt.strip()}\n```"
        last = parts[-1] if parts else None
        at = len(parts) - 1 if isinstance(last, Answer) else len(parts)
        parts.insert(at, Locked(kind="markdown", source=text, place=place))
        self._found.look.append(f"The prompt in {place} became a text before the answer; an answer cell begins empty.")

    def _old_cell(self, question: _Question, cell: Cell, place: str) -> None:
        """Read a cell after an old mark: first the answer, then its tests; anything else ends the question."""
        text = source(cell)
        code = cell["cell_type"] == "code"
        is_solution = otter_code.has_solution(text) if code else _is_old_written(question, text)
        if code and otter_code.is_old_test(text):
            self._test(question, cell, place)
        elif not question.tests and (is_solution or (code and not question.answers and not question.written)):
            self._solution(question, cell, place)
        elif not question.answers and not question.written:
            question.parts += locked(cell, place, self._found)
        else:
            self.finish()
            self.parts += locked(cell, place, self._found)


def _is_old_written(question: _Question, text: str) -> bool:
    first = text.lstrip().split("\n", 1)[0].lower()
    return "solution" in first or (question.manual and solution_marks.TEXT_PLACEHOLDER.search(text[:400]) is not None)


def _refuse_repeated(notebook: dict[str, Any]) -> None:
    places: dict[str, list[int]] = {}
    for event in events(notebook):
        if not isinstance(event, Plain) and event.kind == "begin question" and event.settings.get("name"):
            places.setdefault(str(event.settings["name"]), []).append(event.number)
    refuse_repeated(places, "name of a question")


def _shown(cell: Cell) -> str | None:
    """Return what a test cell shows, as text: Otter compares it; None where it shows nothing or prints."""
    shown = [source({"source": output.get("data", {}).get("text/plain", "")}) for output in cell.get("outputs", ())
             if output.get("output_type") == "execute_result"]
    return shown[0] if len(shown) == 1 and shown[0].strip() else None
