"""The drafts of hidden checks: one function for each test of the source. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.platforms.importing.assemble import NamedTask
from autograder.platforms.importing.parts import Findings, Test, counted, neat, points_text
from autograder.platforms.importing.subjects import kinds_of
from autograder.platforms.importing.translate import Body, translate

_WIDTH = 110
_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e\xa1-\u2027\u202f-\ud7ff\ue000-\uffef]")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One drafted check.

    Attributes:
        name: the name of its function.
        complete: False where a person has to write at least a part of it.
    """

    name: str
    task: str
    points: float
    text: str
    imports: frozenset[str]
    complete: bool


def draft_checks(tasks: Sequence[NamedTask], found: Findings) -> list[Draft]:
    """Return a draft for every test with points, and add to the findings what a person has to do about them."""
    drafts: list[Draft] = []
    used: set[str] = set()
    for named in tasks:
        kinds = kinds_of(named.task.answer.source)
        scored = [test for test in named.task.tests if test.points]
        for number, test in enumerate(scored, 1):
            name = _function(named.id if len(scored) == 1 else f"{named.id}-{number}", used)
            drafts.append(_draft(named, test, name, kinds, found))
    return drafts


def checks_file(assignment: str, source: str, drafts: Sequence[Draft]) -> str:
    """Return the text of the file with all drafts."""
    imports = {name for draft in drafts for name in draft.imports}
    ours = sorted(imports - {"np"})
    head = [f'"""Hidden checks of {assignment}, drafted by `autograder import` from {_words(source)}.', "",
            "Read each of them: whether it judges what the task says, and whether its first sentence helps a student.",
            '"""', ""]
    lines = [*(["import numpy as np"] if "np" in imports else []), "import pytest", ""]
    lines += [f"from autograder.checks import {', '.join(ours)}", ""] if ours else []
    return "\n".join([*head, *lines, *(f"\n{draft.text}\n" for draft in drafts)])


def _draft(named: NamedTask, test: Test, name: str, kinds: dict[str, str], found: Findings) -> Draft:
    code = "\n".join(part for part in (test.public, test.hidden) if part.strip())
    body = translate(code, kinds)
    _report(name, test, body, found, manual=named.task.answer.manual)
    calls = f", calls=[{', '.join(body.context.calls)}]" if body.context.calls else ""
    lines = [_marker(named.id, test.points, calls), f"def {name}(student):",
             f'    """{_sentence(named, test, body)}"""']
    lines += [f"    {line}" for line in body.lines]
    lines += _left(body, test)
    return Draft(name=name, task=named.id, points=test.points, text="\n".join(lines),
                 imports=frozenset(body.context.imports), complete=bool(body.lines) and not body.left)


def _left(body: Body, test: Test) -> list[str]:
    """Return comments with what has no translation; where nothing has one, the check withholds its points."""
    if not body.left and body.lines:
        return []
    lines = [f"    # To be written: the following lines of {test.place} have no translation."] if body.left else [
        f"    # To be written: {test.place} has no test that could be translated."]
    lines += [f"    #     {_clean(line)[:200]}".rstrip() for line in body.left]
    if not body.lines:
        lines.append('    raise NotImplementedError("write this check")')
    return lines


def _report(name: str, test: Test, body: Body, found: Findings, *, manual: bool) -> None:
    points = points_text(test.points)
    if manual:
        found.look.append(f"A person graded the code in {test.place}; here checks grade code: write {name}, which has "
                          f"its {points}, or ask for a written answer.")
    elif not body.lines:
        found.look.append(f"Write the check {name} ({points}): nothing of the test in {test.place} could be "
                          "translated.")
    elif body.left:
        found.look.append(f"Complete the check {name} ({points}): {counted(len(body.left), 'line')} of the "
                          f"test in {test.place} could not be translated and became a comment in it.")
    if body.lines and body.plain:
        found.look.append(f"Read the check {name}: it has {counted(body.plain, 'plain condition')}; where one fails, "
                          "students read only that the step is not solved yet.")
    elif body.lines and not body.left:
        found.done.append(f"The test in {test.place} became the check {name} ({points}).")


def _marker(task: str, points: float, calls: str) -> str:
    line = f'@pytest.mark.task("{task}", points={neat(points)!r}, basis="measured"{calls})'
    if len(line) <= _WIDTH:
        return line
    indent = "\n" + " " * len("@pytest.mark.task(")
    return line.replace(", calls=[", f",{indent}calls=[").replace("), call(", f"),{indent}       call(")


def _sentence(named: NamedTask, test: Test, body: Body) -> str:
    """Return what students read: the test's own message if it has one that they could see, else the names in it."""
    if len(body.messages) == 1 and not test.hidden and len(body.messages[0]) <= 150:
        text = _words(body.messages[0])
        if text:
            return text if text.endswith((".", "!", "?")) else f"{text}."
    names = [f"`{name}`" for name in body.context.names[:4]]
    if not names:
        return f"The step “{_words(named.title)}” is solved."
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed} {'meets' if len(names) == 1 else 'meet'} what the step requires."


def _function(name: str, used: set[str]) -> str:
    base = "test_" + re.sub(r"\W", "_", name.replace("-", "_"), flags=re.ASCII).lower().removeprefix("test_")
    free, number = base, 1
    while free in used:
        number += 1
        free = f"{base}_{number}"
    used.add(free)
    return free


def _clean(text: str) -> str:
    """Return a text that is one line of a Python file whatever is in it."""
    return _NOT_PRINTABLE.sub(" ", text.replace('"""', "'''"))


def _words(text: str) -> str:
    """Return a text as a part of a docstring."""
    return " ".join(_clean(text).replace("\\", "/").replace('"', "'").split())
