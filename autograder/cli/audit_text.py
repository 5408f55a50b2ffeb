"""An audit as text for a terminal: checks as rows, mistakes as numbered columns, then what has to be fixed. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from autograder.pipeline.audit.matrix import Deviation, Matrix, Row, State

WIDTH = 100
KEPT, CAUGHT, BLOCKED, WITHHELD, SURPRISE, MISSED, UNJUDGED = "·", "x", "b", "?", "!", "o", "-"
KEY = (f"As declared: {CAUGHT} caught, {BLOCKED} blocked, {WITHHELD} withheld. "
       f"Otherwise: {SURPRISE} not declared, {MISSED} declared but not seen. {UNJUDGED} not judged in this form.")
GROUP = 5
"""Columns between two gaps, which make counting easier."""
_WORDS = {State.KEPT: "passed", State.LOST: "failed", State.BLOCKED: "blocked", State.WITHHELD: "withheld"}
_REMEDIES = {
    State.LOST: "add it to LOSES or fix the check",
    State.BLOCKED: "add it to BLOCKS or let the check judge on its own",
    State.WITHHELD: "let the grader judge it, or add it to WITHHOLDS",
    State.KEPT: "make the check stricter, or remove it from the list",
}


def render(matrix: Matrix, width: int = WIDTH) -> str:
    """Return the whole report on one assignment, no line longer than ``width`` characters."""
    mistakes = [row for row in matrix.rows if row.kind == "wrong"]
    body = _grid(matrix, mistakes, width) or _list(matrix, width)
    parts = [*textwrap.wrap(_headline(matrix), width), "", *body, "",
             *_legend(mistakes, width), "", *_findings(matrix, width)]
    return "\n".join(line.rstrip() for line in parts) + "\n"


def verdict(matrix: Matrix) -> str:
    """Return the audit in one sentence."""
    if matrix.clean and matrix.partial:
        return f"{matrix.assignment}: the selected rows are as declared; the others were not run."
    if matrix.clean:
        return f"{matrix.assignment}: clean; every row is as declared, every check catches a mistake."
    counts = [(len(matrix.undeclared), "row", "not as declared"), (len(matrix.idle), "check", "catching nothing")]
    found = " and ".join(f"{count} {noun}{'s' if count > 1 else ''} {what}" for count, noun, what in counts if count)
    return f"{matrix.assignment}: {found}."


def _headline(matrix: Matrix) -> str:
    kinds = [row.kind for row in matrix.rows]
    runs = sum(len(row.runs) for row in matrix.rows)
    return (f"{matrix.assignment}, {matrix.form} form on {matrix.data}: {len(matrix.judged)} of {len(matrix.checks)} "
            f"checks, {kinds.count('right')} right and {kinds.count('wrong')} wrong variants, {runs} runs")


def _grid(matrix: Matrix, mistakes: Sequence[Row], width: int) -> list[str]:
    """Return the matrix itself; empty where it would be wider than the terminal."""
    names = max(len(check.id) for check in matrix.checks) + 4
    gap = next((gap for gap in (" ", "") if names + len(_spread("x" * len(mistakes), gap)) <= width), None)
    if gap is None or not mistakes:
        return []
    numbers = [str(number) for number in range(1, len(mistakes) + 1)]
    digits = len(numbers[-1])
    lines = [" " * names + _spread([number.rjust(digits)[place] for number in numbers], gap) for place in range(digits)]
    task = None
    for check in matrix.checks:
        if check.task != task:
            task = check.task
            lines.append(task)
        marks = [_mark(matrix, row, check.id) for row in mistakes]
        lines.append(f"  {check.id}".ljust(names) + _spread(marks, gap))
    return [*lines, "", *textwrap.wrap(KEY, width)]


def _spread(marks: Iterable[str], gap: str) -> str:
    marks = list(marks)
    return "  ".join(gap.join(marks[start : start + GROUP]) for start in range(0, len(marks), GROUP))


def _mark(matrix: Matrix, row: Row, check: str) -> str:
    """Return one cell: a deviation from the declaration takes precedence."""
    if check in matrix.unjudged:
        return UNJUDGED
    declared, seen = row.declared(check), {run.states.get(check, State.WITHHELD) for run in row.runs}
    if seen == {declared}:
        return {State.KEPT: KEPT, State.LOST: CAUGHT, State.BLOCKED: BLOCKED, State.WITHHELD: WITHHELD}[declared]
    return SURPRISE if declared is State.KEPT else MISSED


def _list(matrix: Matrix, width: int) -> list[str]:
    """Return the same as sentences, for a terminal that is too narrow for columns."""
    lines: list[str] = []
    task, catches = None, matrix.catches
    for check in matrix.checks:
        if check.task != task:
            task = check.task
            lines.append(task)
        by = ", ".join(catches.get(check.id, ())) or "nothing"
        result = "not judged in this form" if check.id in matrix.unjudged else f"catches {by}"
        lines += textwrap.wrap(f"{check.id}: {result}", width, initial_indent="  ", subsequent_indent="      ")
    return lines


def _legend(mistakes: Sequence[Row], width: int) -> Iterator[str]:
    names = max((len(row.name) for row in mistakes), default=0)
    for number, row in enumerate(mistakes, start=1):
        yield textwrap.shorten(f"{number:3}  {row.name}".ljust(names + 7).replace(" ", "\0") + row.why, width,
                               placeholder=" …").replace("\0", " ")


def _findings(matrix: Matrix, width: int) -> list[str]:
    lines: list[str] = []

    def add_section(title: str, sentences: Iterable[str]) -> None:
        items = [line for text in sentences
                 for line in textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ")]
        if items:
            lines.extend([title, *items])

    add_section("The solution no longer reaches its own minimum", [
        f"{check}: calibrate again, or fix the solution." for check in matrix.missed_minimums])
    add_section("Not as declared", (text for row in matrix.rows for text in _not_as_declared(row)))
    add_section("Mistakes that nothing catches", (f"{name}: write a check or make one "
                                                  "stricter." for name in matrix.uncaught))
    add_section("Checks that catch nothing", (f"{check}: write a wrong variant that fails "
                                              "it." for check in matrix.idle))
    add_section("Right variants that lose points", matrix.losing)
    add_section("Left out of this form, since only training shows "
                "them", [", ".join(matrix.left_out)] * bool(matrix.left_out))
    add_section("Left out, since they do not run with this backend of "
                "Keras", [", ".join(matrix.unusable)] * bool(matrix.unusable))
    return [*lines, *textwrap.wrap(verdict(matrix), width)]


def _not_as_declared(row: Row) -> Iterator[str]:
    for run in row.runs:
        if run.message:
            yield f"{row.name} could not be graded: {run.message}"
    together: dict[tuple[str, State, State], list[Deviation]] = {}
    for found in row.deviations():
        together.setdefault((found.check, found.expected, found.seen), []).append(found)
    for (check, expected, seen), items in together.items():
        seeds = ", ".join(str(item.seed) for item in items)
        note = f" ({items[0].note})" if items[0].note else ""
        yield (f"{row.name}: {check} {_WORDS[seen]} with seed {seeds}, declared {_WORDS[expected]}{note}; "
               f"{_remedy(row, seen)}.")


def _remedy(row: Row, seen: State) -> str:
    if row.kind == "wrong":
        return _REMEDIES[seen]
    return "an unanswered task must earn nothing: make the check stricter" if row.kind == "blank" else (
        "fix the check, or move the variant to wrong/" if row.kind == "right" else "fix the check or the solution")
