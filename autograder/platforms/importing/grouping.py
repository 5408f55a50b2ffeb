"""From the parts of a foreign notebook to tasks: every answer cell with its tests. Pure.

Our tasks are stricter than nbgrader's: an answer cell is followed by exactly one test cell. So tests of one answer are
put together, and an answer that nothing tests becomes an ungraded cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from autograder.platforms.importing.parts import (
    Answer,
    Findings,
    Item,
    Locked,
    Part,
    Task,
    Test,
    Ungraded,
    Written,
    points_text,
)

RULE = "---"
"""The text of a cell that separates an ungraded cell from a graded one: a horizontal line."""


@dataclass(kw_only=True)
class _Open:
    """An answer, and what follows it until the next answer."""

    answer: Answer
    tests: list[Test] = field(default_factory=list)
    between: list[Locked] = field(default_factory=list)
    """Locked code before the last test: what the test may need."""
    after: list[Item] = field(default_factory=list)
    """Texts, and locked code that no later test needs."""


def group(parts: Sequence[Part], found: Findings) -> list[Item]:
    """Return the items of an assignment in the order of the source."""
    items: list[Item] = []
    current: _Open | None = None
    for part in parts:
        if isinstance(part, Answer):
            if current is not None and not current.tests and not current.after and not current.answer.manual:
                current.answer = _merged(current.answer, part, found)
                continue
            items += _closed(current, found)
            current = _Open(answer=part)
        elif isinstance(part, Test):
            if current is None:
                items += _without_answer(part, found)
            else:
                _add(current, part, found)
        elif current is not None:
            current.after.append(part)
        else:
            items.append(part)
    return _separated([*items, *_closed(current, found)])


def _add(current: _Open, test: Test, found: Findings) -> None:
    """Add a test to the latest answer; locked code between them moves into the test cell."""
    code = [item for item in current.after if isinstance(item, Locked) and item.kind == "code"]
    texts = [item for item in current.after if item not in code]
    if texts and test.points:
        found.moved.append(test.place)
    if code:
        found.look.append(f"The locked code in {_places(code)} lies between the answer in {current.answer.place} and "
                          "its test; it is now the beginning of the test cell. Check that this is right.")
    current.between += code
    current.after = list(texts)
    current.tests.append(test)


def _closed(current: _Open | None, found: Findings) -> list[Item]:
    if current is None:
        return []
    answer, tests = current.answer, current.tests
    if any(test.points for test in tests):
        if len(tests) > 1:
            found.done.append(f"The {len(tests)} tests of the answer in {answer.place} became one test cell.")
        return [Task(answer=answer, tests=tests, between=current.between), *current.after]
    if tests:
        found.done.append(f"The tests of the answer in {answer.place} have no points; the answer is ungraded, and its "
                          "tests are locked code.")
    else:
        found.done.append(f"Nothing tests the answer in {answer.place}; it is an ungraded cell.")
    code = [Locked(kind="code", source=test.public, place=test.place, name=test.name) for test in tests if test.public]
    return [Ungraded(answer=answer), *current.between, *code, *current.after]


def _merged(first: Answer, second: Answer, found: Findings) -> Answer:
    found.done.append(f"The answers in {first.place} and {second.place} have one test; they became one cell.")
    return replace(second, source=f"{first.source}\n\n{second.source}", name=second.name or first.name,
                   complete=first.complete and second.complete, place=first.place)


def _without_answer(test: Test, found: Findings) -> list[Item]:
    if test.points:
        found.impossible.append(f"The test in {test.place} comes before any answer, so its "
                                f"{points_text(test.points)} cannot be kept.")
    if not test.public.strip():
        return []
    return [Locked(kind="code", source=test.public, place=test.place, name=test.name)]


def _separated(items: Sequence[Item]) -> list[Item]:
    """Put a line between an ungraded cell and a graded one: without it their code would be one task."""
    made: list[Item] = []
    for item in items:
        if made and isinstance(made[-1], Ungraded) and isinstance(item, Task | Ungraded | Written):
            made.append(Locked(kind="markdown", source=RULE, place=made[-1].answer.place))
        made.append(item)
    return made


def _places(parts: Sequence[Locked]) -> str:
    return ", ".join(part.place for part in parts)
