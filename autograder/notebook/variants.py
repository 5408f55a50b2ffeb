"""Variants: full solutions with some answer cells replaced, kept as small Python files next to the reference.

Such a file is read, never executed::

    \"\"\"Standardizes the test images with their own mean: they end up on another scale.\"\"\"
    LOSES = ["test-uses-training-statistics"]

    # %% [standardize]
    X_train = (X_train - X_train.mean()) / X_train.std()
    …

``# %% [task]`` replaces the answer of a task (several of them split it over several cells), ``# %% [task] before`` puts
one more code cell before it, ``# %% [task] markdown`` replaces a written answer. The cells may contain magics.
"""

from __future__ import annotations

import ast
import copy
import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from autograder.errors import ReleaseError
from autograder.model import BACKENDS, Value
from autograder.notebook.syntax import parse_syntax

Kind = Literal["right", "wrong"]
Place = Literal["replace", "before", "markdown"]

_HEADER = re.compile(r"^# %%\s*\[([^\]]*)\]\s*(\w*)\s*$")
_SOLUTION_MARK = re.compile(r"(BEGIN|END) SOLUTION")
_HIDDEN_TESTS = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE)


class VariantCell(Value):
    """One cell of a variant: code for the slot of ``task``, or the text of a written answer."""

    task: str
    place: Place
    source: str


class Variant(Value):
    """A full solution, described by its differences."""

    name: str
    kind: Kind
    why: str
    loses: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    withholds: tuple[str, ...] = ()
    backends: tuple[str, ...] = BACKENDS
    cells: tuple[VariantCell, ...]


def parse_variant(text: str, name: str, kind: Kind) -> Variant:
    """Return the variant that a Python file describes, without executing it.

    ``LOSES`` names the checks that have to fail, ``BLOCKS`` those that cannot be judged as a consequence, because they
    need one of these, ``WITHHOLDS`` those that a person has to decide; a right variant has none of these lists.
    ``BACKENDS`` names the backends of Keras with which the cells run, where they do not run with every one.

    Raises:
        ReleaseError: no docstring, anything but these lists before the first cell, an unreadable cell header.
    """
    header, cells = _split(text, name)
    why, lists = _read_header(header, name)
    backends = _backends(lists.pop("BACKENDS", BACKENDS), name)
    if kind == "right" and lists:
        raise ReleaseError(f"Right variant {name} has to keep full marks, but it has {min(lists)}; move it to wrong/.")
    if kind == "wrong" and not lists.get("LOSES"):
        raise ReleaseError(f'Wrong variant {name} has to name the checks it loses; add LOSES = ["check-id"].')
    if not cells:
        raise ReleaseError(f"Variant {name} replaces nothing; add at least one cell under # %% [task].")
    return Variant(
        name=name, kind=kind, why=why, loses=lists.get("LOSES", ()), blocks=lists.get("BLOCKS", ()),
        withholds=lists.get("WITHHOLDS", ()), backends=backends, cells=cells,
    )


def _backends(named: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return the backends that a variant names, checked: with a wrong name it would never be run."""
    unknown = sorted(set(named) - set(BACKENDS))
    if unknown or not named:
        raise ReleaseError(f"Variant {name} should name backends of Keras in BACKENDS, which are "
                           f"{', '.join(BACKENDS)}; it names {', '.join(unknown) or 'none'}.")
    return named


def _split(text: str, name: str) -> tuple[str, tuple[VariantCell, ...]]:
    """Cut the text at its cell headers; what precedes the first one is the file's own header."""
    header: list[str] = []
    found: list[tuple[str, Place, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# %%"):
            found.append((*_cell_header(line, name, number), []))
        else:
            (found[-1][2] if found else header).append(line)
    cells = tuple(
        VariantCell(task=task, place=place, source=_uncomment(body) if place == "markdown" else _joined(body))
        for task, place, body in found
    )
    return "\n".join(header), cells


def _cell_header(line: str, name: str, number: int) -> tuple[str, Place]:
    match = _HEADER.match(line)
    if match and match[1].strip() and match[2] in ("", "before", "markdown"):
        place: Place = "before" if match[2] == "before" else "markdown" if match[2] == "markdown" else "replace"
        return match[1].strip(), place
    raise ReleaseError(
        f"Variant {name}, line {number}: {line.strip()!r} is not a cell header; "
        "write # %% [task], # %% [task] before or # %% [task] markdown."
    )


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n")


def _uncomment(lines: Sequence[str]) -> str:
    """Return the text of a written answer, which may be in comments so that the file stays valid Python."""
    if all(line.startswith("#") for line in lines if line.strip()):
        lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
    return _joined(lines)


def _read_header(header: str, name: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    try:
        module = parse_syntax(header)
    except SyntaxError as error:
        raise ReleaseError(f"Variant {name}, line {error.lineno}: {error.msg}; correct it.") from None
    why = ast.get_docstring(module)
    if not why:
        raise ReleaseError(f"Variant {name} has no docstring; say in its first lines what is different and why.")
    lists: dict[str, tuple[str, ...]] = {}
    for statement in module.body[1:]:
        key, value = _literal_list(statement, name)
        lists[key] = value
    return " ".join(why.split()), lists


def _literal_list(statement: ast.stmt, name: str) -> tuple[str, tuple[str, ...]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id="LOSES" | "BLOCKS" | "WITHHOLDS" | "BACKENDS" as key)],
                        value=ast.List(elts=elements)):
            values = [element.value for element in elements if isinstance(element, ast.Constant)]
            strings = tuple(value for value in values if isinstance(value, str))
            if len(strings) == len(elements):
                return key, strings
    raise ReleaseError(
        f"Variant {name}, line {statement.lineno}: before the first # %% only LOSES, BLOCKS, WITHHOLDS and BACKENDS "
        "are allowed, each a list of names in quotation marks."
    )


def solution_submission(source: dict[str, Any], release: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the solution as a student would hand it in: the release with every answer filled in.

    Args:
        source: the instructor's notebook (nbformat 4 JSON), solutions included.
        release: the released notebook; without one the source is the skeleton.

    Raises:
        ReleaseError: the release lacks an answer cell of the source.
    """
    return _fill(source, release, ())


def apply_variant(
    source: dict[str, Any], variant: Variant, release: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a submission: the solution with the variant's cells in place of its answers.

    Raises:
        ReleaseError: the variant names a task that the assignment does not have, or the wrong kind of cell for it.
    """
    _verify(variant, _answers(source))
    return _fill(source, release, variant.cells)


def _verify(variant: Variant, answers: dict[str, dict[str, Any]]) -> None:
    """Raise where there is no answer cell of the right kind for a cell of the variant."""
    for cell in variant.cells:
        if cell.task not in answers:
            nearest = difflib.get_close_matches(cell.task, answers, n=1, cutoff=0.0)
            raise ReleaseError(
                f"Variant {variant.name} answers task {cell.task!r}, which the assignment does not have; "
                f"the nearest is {nearest[0]!r}." if nearest else f"Variant {variant.name}: no task has an answer cell."
            )
        written = answers[cell.task]["cell_type"] == "markdown"
        if written != (cell.place == "markdown"):
            right = f"# %% [{cell.task}] markdown" if written else f"# %% [{cell.task}]"
            raise ReleaseError(f"Variant {variant.name} has the wrong kind of cell for {cell.task!r}; write {right}.")


def _fill(
    source: dict[str, Any], release: dict[str, Any] | None, replacements: Sequence[VariantCell]
) -> dict[str, Any]:
    answers = _answers(source)
    skeleton = copy.deepcopy(source if release is None else release)
    missing = sorted(set(answers) - set(_answers(skeleton)))
    if missing:
        raise ReleaseError(f"The release has no answer cell {missing[0]!r}, which the source has; release again.")
    skeleton["cells"] = [
        filled for cell in skeleton["cells"] for filled in _filled(cell, answers.get(_task(cell) or ""), replacements)
    ]
    return skeleton


def _filled(
    cell: dict[str, Any], answer: dict[str, Any] | None, replacements: Sequence[VariantCell]
) -> Iterator[dict[str, Any]]:
    """Yield what replaces one cell of the skeleton, outputs cleared."""
    if cell["cell_type"] == "code":
        cell |= {"outputs": [], "execution_count": None}
    if answer is None:
        yield cell | {"source": _HIDDEN_TESTS.sub("", _source(cell))}
        return
    task = _task(cell)
    own = [item for item in replacements if item.task == task]
    before = [item.source for item in own if item.place == "before"]
    instead = [item.source for item in own if item.place != "before"] or [_solution(answer)]
    for number, text in enumerate(before, start=1):
        yield _extra(f"{task}-before-{number}", text)
    yield cell | {"source": instead[0]}
    for number, text in enumerate(instead[1:], start=2):
        yield _extra(f"{task}-part-{number}", text)


def _extra(cell_id: str, source: str) -> dict[str, Any]:
    new = {"cell_type": "code", "id": cell_id[-64:], "metadata": {}, "source": source}
    return new | {"outputs": [], "execution_count": None}


def _answers(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the answer cells by task, in the order of the notebook."""
    return {task: cell for cell in notebook["cells"] if (task := _task(cell)) is not None}


def _task(cell: dict[str, Any]) -> str | None:
    """Return the task that a cell answers; None for all other cells."""
    grading = cell.get("metadata", {}).get("nbgrader", {})
    return str(grading["grade_id"]) if grading.get("solution") and "grade_id" in grading else None


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _solution(cell: dict[str, Any]) -> str:
    return _joined([line for line in _source(cell).splitlines() if not _SOLUTION_MARK.search(line)])
