"""How long a module, a function and a signature may be: what no longer fits has more than one meaning."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "autograder"
MODULE_LINES = 300
FUNCTION_LINES = 30
"""Lines of code: without signature, docstring, comments and blank lines."""
PARAMETERS = 7
"""Without ``self`` and ``cls``. What a command of the command line gets as ``**given`` is one object."""
MODULES = sorted(PACKAGE.rglob("*.py"))
_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def code_lines(text: str) -> set[int]:
    """Return the numbers of all lines that hold more than a comment."""
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    return found


def functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function, code: set[int]) -> int:
    documented = ast.get_docstring(function) is not None
    body = function.body[1:] if documented else function.body
    if not body:
        return 0
    first = min([body[0].lineno, *(one.lineno for one in getattr(body[0], "decorator_list", ()))])
    return len(code & set(range(first, (function.end_lineno or first) + 1)))


def parameters(function: Function) -> int:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)]
    several = [one for one in (given.vararg, given.kwarg) if one is not None]
    return len(names) - (names[:1] in (["self"], ["cls"])) + len(given.kwonlyargs) + len(several)


def named(path: Path, function: Function) -> str:
    return f"{path.relative_to(PACKAGE)}: {function.name}"


def long_functions(path: Path, text: str) -> dict[str, int]:
    code = code_lines(text)
    lengths = {named(path, one): length(one, code) for one in functions(ast.parse(text))}
    return {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES}


def long_signatures(path: Path, text: str) -> dict[str, int]:
    counts = {named(path, one): parameters(one) for one in functions(ast.parse(text))}
    return {name: count for name, count in counts.items() if count > PARAMETERS}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_is_read_at_once_is_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES, "split this module by meaning"
    assert not long_functions(path, text), "give parts of these functions a name of their own"
    assert not long_signatures(path, text), "some of these parameters belong together: make an object of them"


def test_what_is_too_long_is_found() -> None:
    body = "\n".join(["    x = 1", "", "    # why"] * FUNCTION_LINES)
    just = f'def f():\n    """One.\n\n    Two.\n    """\n{body}\n'
    assert not long_functions(PACKAGE / "a.py", just)
    assert long_functions(PACKAGE / "a.py", just + "    y = (\n        2)\n") == {"a.py: f": FUNCTION_LINES + 2}
    names = ", ".join(f"p{number}" for number in range(PARAMETERS))
    assert not long_signatures(PACKAGE / "a.py", f"class A:\n    def f(self, {names}): ...\n")
    assert long_signatures(PACKAGE / "a.py", f"def f({names}, *, k=1, **more): ...\n") == {"a.py: f": PARAMETERS + 2}
