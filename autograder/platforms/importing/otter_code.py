"""Otter's marks inside code cells: solutions, prompts, ignored lines, and the settings of a test. Pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.notebook.code_names import parse
from autograder.platforms.importing import solution_marks
from autograder.platforms.importing.otter_marks import read_settings
from autograder.platforms.importing.plain_data import NotPlain, value_of

_SOLUTION_LINE = re.compile(r"#\s?SOLUTION(?:\s+NO\s+PROMPT)?\s*$")
_BEGIN_SOLUTION = re.compile(r"^\s*#\s*BEGIN SOLUTION(?:\s+NO\s+PROMPT)?\s*$", re.IGNORECASE)
_END_SOLUTION = re.compile(r"#\s*END SOLUTION\s*$", re.IGNORECASE)
_BEGIN_PROMPT = re.compile(r"#\s*BEGIN PROMPT\s*$", re.IGNORECASE)
_END_PROMPT = re.compile(r"#\s*END PROMPT\s*$", re.IGNORECASE)
_IGNORED_CELL = re.compile(r"\s*#+\s*ignore\s*#*\s*$", re.IGNORECASE)
_TEST_CELL = re.compile(r"\s*#+\s*(?P<hidden>hidden)?\s*tests?\s*#*\s*$", re.IGNORECASE)
_HIDDEN = re.compile(r"\s*#.*\bhidden\b", re.IGNORECASE)
_BEGIN_CONFIG = re.compile(r"\s*(?:[\w.]+\s*=\s*)?\"\"?\"?\s*#\s*BEGIN\s*TEST\s*CONFIG", re.IGNORECASE)
_END_CONFIG = re.compile(r"\s*\"\"?\"?\s*#\s*END\s*TEST\s*CONFIG", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Solved:
    """An answer cell with our marks; prompts are what Otter shows students in place of the solution."""

    source: str
    complete: bool
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TestCell:
    """A test cell without its settings."""

    code: str
    hidden: bool
    settings: Mapping[str, Any]
    fault: str | None = None


def is_ignored(text: str) -> bool:
    """Whether a cell is only for the instructor."""
    return _IGNORED_CELL.match(text.split("\n", 1)[0]) is not None


def is_old_test(text: str) -> bool:
    """Whether a code cell is a test in the form of the versions before 1: `# TEST`, `## Hidden Test ##`."""
    return _TEST_CELL.match(text.split("\n", 1)[0]) is not None


def has_solution(text: str) -> bool:
    """Whether a code cell has a mark of a solution."""
    return any(_SOLUTION_LINE.search(line) or _BEGIN_SOLUTION.match(line) for line in text.split("\n"))


def solved(text: str) -> Solved:
    """Return an answer cell; without marks all of it is the solution."""
    if not has_solution(text):
        made = solution_marks.from_placeholders(text) or solution_marks.whole(text)
        return Solved(source=made.source, complete=made.complete)
    lines: list[str] = []
    flags: list[bool] = []
    prompts: list[str] = []
    inside, prompt, ignored = False, False, False
    for line in text.split("\n"):
        if _BEGIN_PROMPT.search(line):
            prompt = True
        elif _END_PROMPT.search(line):
            prompt = False
        elif prompt:
            prompts.append(line)
        elif _BEGIN_SOLUTION.match(line):
            inside = True
        elif inside and _END_SOLUTION.search(line):
            inside = False
        elif re.match(r"\s*#\s*(BEGIN|END)\s+IGNORE\s*$", line, re.IGNORECASE):
            ignored = "BEGIN" in line.upper()
        elif not ignored and not line.rstrip().endswith("# IGNORE"):
            flags.append(inside or _SOLUTION_LINE.search(line) is not None)
            lines.append(_SOLUTION_LINE.sub("", line).rstrip())
    made = solution_marks.from_flags(lines, flags)
    return Solved(source=made.source, complete=made.complete, prompts=tuple(filter(str.strip, prompts)))


def read_test(text: str) -> TestCell:
    """Return a test cell: its settings and the lines after them."""
    lines = text.split("\n")
    hidden = _HIDDEN.match(lines[0]) is not None
    if is_old_test(text) or (hidden and _BEGIN_CONFIG.match(lines[0]) is None):
        lines = lines[1:]
    if not lines or _BEGIN_CONFIG.match(lines[0]) is None:
        return TestCell(code="\n".join(lines).strip("\n"), hidden=hidden, settings={})
    end = next((index for index, line in enumerate(lines) if _END_CONFIG.match(line)), len(lines) - 1)
    code = "\n".join(lines[end + 1:]).strip("\n")
    try:
        settings = read_settings("\n".join(lines[1:end]))
    except ValueError as error:
        return TestCell(code=code, hidden=hidden, settings={}, fault=str(error))
    return TestCell(code=code, hidden=settings.get("hidden", hidden) is True, settings=settings)


def asserted(code: str, shown: str | None) -> str:
    """Return a test with an `assert` in place of its last expression, which Otter compares with what the cell showed.

    Args:
        shown: the text of the cell's output; None where it has none that is compared.
    """
    tree = parse(code)
    last = tree.body[-1] if tree and tree.body else None
    if shown is None or not isinstance(last, ast.Expr) or last.end_lineno is None:
        return code
    lines = code.split("\n")
    expression = "\n".join(lines[last.lineno - 1:last.end_lineno]).strip().rstrip(";")
    wanted = parse(shown.strip()[:2000])
    if shown.strip() == "True":
        assertion = f"assert {expression}" if "\n" not in expression else f"assert ({expression})"
    elif wanted and len(wanted.body) == 1 and isinstance(wanted.body[0], ast.Expr) and _is_plain(wanted.body[0].value):
        plain = expression.replace(".", "").isalnum()
        assertion = f"assert {expression if plain else f'({expression})'} == {shown.strip()}"
    else:
        return code
    return "\n".join([*lines[:last.lineno - 1], assertion, *lines[last.end_lineno:]])


def _is_plain(node: ast.expr) -> bool:
    try:
        value_of(node)
    except NotPlain:
        return False
    return True
