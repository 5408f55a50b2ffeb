"""Tests that require an exception: the call has to raise it when the grader makes the call. Pure."""

from __future__ import annotations

import ast
import builtins

from autograder.platforms.importing.subjects import Context, Untranslated


def raising(error: str, call: ast.expr, context: Context) -> list[str]:
    """Return the lines for a call that has to raise.

    Raises:
        Untranslated: the call cannot be made by the grader, or the error is none of Python's own.
    """
    subject = context.subject(call)
    if subject.arguments is None or not _is_error(error):
        raise Untranslated
    context.imports.add("CheckFailed")
    return [f'with pytest.raises(CheckFailed, match=r"\\braised {error}\\b"):', f"    {subject.value}"]


def required_error(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    """Return the error and the call of `with raises(E): f()`, or of a `try` that fails where nothing is raised."""
    match statement:
        case ast.With(items=[ast.withitem(context_expr=ast.Call(func=func, args=[error, *_]))],
                      body=[ast.Expr(value=call) | ast.Assign(value=call)]):
            if _name(func) in ("raises", "assertRaises", "assert_raises") and (name := _name(error)):
                return name, call
        case ast.Try(body=[ast.Expr(value=call) | ast.Assign(value=call), *rest], handlers=[handler], orelse=other,
                     finalbody=[]):
            name = _name(handler.type) if handler.type is not None else None
            harmless = all(isinstance(one, ast.Pass) for one in handler.body)
            if name and harmless and _fails([*rest, *other]):
                return name, call
    return None


def raised_by_function(call: ast.Call) -> tuple[str, ast.expr] | None:
    """Return the error and the call of `assert_raises(E, f, 1, 2)`."""
    if _name(call.func) not in ("assert_raises", "assertRaises", "raises") or len(call.args) < 2:
        return None
    name = _name(call.args[0])
    return None if name is None else (name, ast.Call(func=call.args[1], args=call.args[2:], keywords=call.keywords))


def _fails(statements: list[ast.stmt]) -> bool:
    """Whether statements only say that the test has failed."""
    if len(statements) != 1:
        return False
    match statements[0]:
        case ast.Raise() | ast.Assert(test=ast.Constant(value=False)):
            return True
    return False


def _is_error(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, Exception) and found is not Exception


def _name(node: ast.expr | None) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
