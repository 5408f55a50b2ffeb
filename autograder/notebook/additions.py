"""What a student added to a locked code cell: imports, which are run after it, and other lines, which are not run."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.notebook.code_names import bound_counts, parse, program_key
from autograder.notebook.text import added_lines, squeeze

_INLINE = re.compile(r"\s*%matplotlib\b")  # every figure is inline here, whatever is requested
_BINDS = re.compile(r"^\s*(?:async\s+)?(?:def|class)\s+(\w+)|^\s*(\w+)\s*=(?!=)")


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What one copy of a locked code cell has that the release's does not.

    Attributes:
        imports: each a pure import statement, regenerated from its syntax tree.
        lines: the other added lines.
        binds: names that the other lines set and that the release's own cell does not set as often.
        only_imports: only imports were changed; one that the student removed is restored without a note.
    """

    imports: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    binds: frozenset[str] = frozenset()
    only_imports: bool = False


def additions(original: str, changed: str) -> Additions:
    """Compare a locked code cell with a student's copy of it."""
    known = {text for _, text in _pure_imports(original)}
    imports = dict.fromkeys(text for _, text in _pure_imports(changed) if text not in known)
    before, after = _without_imports(original), _without_imports(changed)
    added = tuple(added_lines(original, after))
    return Additions(imports=tuple(imports), lines=added, binds=_bound_by(before, after, added),
                     only_imports=squeeze(before) == squeeze(after))


def same_code(original: str, changed: str) -> bool:
    """Whether two cells are the same program, apart from quotation marks, comments and layout."""
    if squeeze(original) == squeeze(changed):
        return True
    first = program_key(original)
    return first is not None and first == program_key(changed)


def _without_imports(code: str) -> str:
    taken = {row for rows, _ in _pure_imports(code) for row in rows}
    return "\n".join(line for row, line in enumerate(code.splitlines())
                     if row not in taken and not _INLINE.match(line))


def _pure_imports(code: str) -> Iterator[tuple[set[int], str]]:
    """Yield the lines (from 0) and the text of each top-level import that is alone on its lines."""
    tree = parse(code)
    if tree is not None:
        yield from _imports_of(tree)
        return
    for row, line in enumerate(code.splitlines()):
        if line.startswith(("import ", "from ")) and (single := parse(line)) is not None:
            for _, text in _imports_of(single):
                yield {row}, text


def _imports_of(tree: ast.Module) -> Iterator[tuple[set[int], str]]:
    others = {row for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom) for row in _rows(node)}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and not _rows(node) & others:
            yield _rows(node), ast.unparse(node)


def _rows(node: ast.stmt) -> set[int]:
    return set(range(node.lineno - 1, node.end_lineno or node.lineno))


def _bound_by(original: str, rest: str, added: tuple[str, ...]) -> frozenset[str]:
    """Return the names that the added lines set; a line that was only changed adds none."""
    before, after = bound_counts(original), bound_counts(rest)
    if after is not None:
        return frozenset((after - (before or Counter())).keys())
    return frozenset(name for line in added if (found := _BINDS.match(line)) for name in found.groups() if name)
