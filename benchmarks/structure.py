"""The plan of the house in figures: `python -m benchmarks.structure [PACKAGE]`, of this checkout or of another one."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent / "autograder"
_NO_CODE: Final = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
                             tokenize.ENDMARKER})
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One function: lines of code without signature, docstring, comments and blank lines, and its parameters."""

    name: str
    lines: int
    parameters: int


def code_lines(text: str) -> set[int]:
    """Return the numbers of all lines that hold more than a comment."""
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    return found


def functions(name: str, text: str) -> Iterator[Measured]:
    """Yield the functions of a module."""
    code = code_lines(text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield Measured(name=f"{name}: {node.name}", lines=_length(node, code), parameters=_parameters(node))


def _length(function: Function, code: set[int]) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    first = min([body[0].lineno, *(one.lineno for one in getattr(body[0], "decorator_list", ()))])
    return len(code & set(range(first, (function.end_lineno or first) + 1)))


def _parameters(function: Function) -> int:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    several = [one for one in (given.vararg, given.kwarg) if one is not None]
    return len(names) - (names[:1] in (["self"], ["cls"])) + len(given.kwonlyargs) + len(several)


def rooms(package: Path) -> dict[str, set[str]]:
    """Return the rooms of ``pipeline/``, each with those that it imports: packages, and modules that stand alone."""
    root = package / "pipeline"
    found: dict[str, set[str]] = {}
    for path in sorted(root.rglob("*.py")):
        if path != root / "__init__.py":
            room = path.relative_to(root).parts[0].removesuffix(".py")
            found.setdefault(room, set()).update(_imported(path, "autograder.pipeline."))
    return {room: {other for other in targets if other in found and other != room} for room, targets in found.items()}


def _imported(path: Path, prefix: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.removeprefix(prefix).split(".")[0] for name in names if name.startswith(prefix)}


def in_cycles(graph: dict[str, set[str]]) -> set[str]:
    """Return the rooms from which a path of imports leads back to themselves."""
    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for target in graph[waiting.pop()] - seen:
                seen.add(target)
                waiting.append(target)
        return seen

    return {room for room in graph if room in reached(room)}


def main() -> None:
    """Print the figures."""
    package = Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE
    texts = {str(path.relative_to(package)): path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py"))}
    lengths = {name: len(text.splitlines()) for name, text in texts.items()}
    measured = [one for name, text in texts.items() for one in functions(name, text)]
    longest, widest = max(measured, key=lambda one: one.lines), max(measured, key=lambda one: one.parameters)
    module = max(lengths, key=lambda name: lengths[name])
    plan = rooms(package)
    print(f"rooms of pipeline/: {len(plan)}, of which packages: "
          f"{sum((package / 'pipeline' / room).is_dir() for room in plan)}")
    print(f"arrows between them: {sum(map(len, plan.values()))}; rooms in a cycle: {len(in_cycles(plan))}")
    print(f"longest module: {module}, {lengths[module]} lines")
    print(f"longest function: {longest.name}, {longest.lines} lines of code")
    print(f"longest signature: {widest.name}, {widest.parameters} parameters")


if __name__ == "__main__":
    main()
