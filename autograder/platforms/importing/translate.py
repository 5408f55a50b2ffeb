"""The code of a foreign test as the body of a hidden check: statement by statement, nothing of it is run. Pure."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.model.call import MAX_CALLS
from autograder.notebook.code_names import parse
from autograder.platforms.importing.assertions import certain
from autograder.platforms.importing.conditions import plain
from autograder.platforms.importing.plain_data import NotPlain
from autograder.platforms.importing.raising import raised_by_function, raising, required_error
from autograder.platforms.importing.subjects import Context, Untranslated

MOST_ROUNDS = 50
"""Rounds of a loop in a test that are written out."""
MOST_NODES = 500
MOST_LINES = 400
MOST_STATEMENTS = 3_000
"""Statements that are read, those of each round of a loop counted again."""
_IGNORED = (ast.Import, ast.ImportFrom, ast.Pass)


@dataclass(kw_only=True)
class Body:
    """What became of a test.

    Attributes:
        lines: the check's lines.
        left: code that has no translation, as in the source.
        plain: how many lines are plain `assert`s, which a person should read.
        messages: what the test says to students where an assertion fails.
    """

    context: Context
    lines: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    plain: int = 0
    messages: list[str] = field(default_factory=list)


def translate(code: str, kinds: Mapping[str, str]) -> Body:
    """Return the translation of a test.

    Args:
        kinds: names whose kind the solution shows, see `kinds_of`.
    """
    body = Body(context=Context(kinds=kinds))
    tree = parse(code)
    if tree is None:
        body.left = [line for line in code.splitlines() if line.strip()]
        return body
    _Reader(body).read(tree.body)
    body.lines = [line for line in body.lines if not any(other.startswith(f"{line}.") for other in body.lines)]
    return body


class _Reader:
    """Reads the statements of one test in their order; names that it sets are replaced by what they were set to."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._set: dict[str, ast.expr] = {}
        self._read = 0

    def read(self, statements: Sequence[ast.stmt]) -> None:
        """Translate statements into lines of the body, or keep them in what is left."""
        for statement in statements:
            self._read += 1
            if self._read > MOST_STATEMENTS:
                return
            try:
                known = len(self._body.lines) <= MOST_LINES and self._known(statement)
            except RecursionError:
                known = False
            if not known:
                self._leave(statement)

    def _known(self, statement: ast.stmt) -> bool:
        match statement:
            case ast.Assert(test=test, msg=message):
                return self._assertion(test, message)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return self._assignment(name, value)
            case ast.For(target=target, iter=rounds, body=inner, orelse=[]):
                return self._loop(target, rounds, inner)
            case ast.FunctionDef(name=name, body=inner) if name.startswith("test"):
                self._body.context.own.add(name)
                self.read(inner)
                return True
            case ast.Expr(value=ast.Constant()) | ast.Expr(value=ast.Name()):
                return True
            case ast.Expr(value=ast.Call() as call):
                return self._call(call)
            case ast.Try() | ast.With():
                return self._raising(statement)
        return isinstance(statement, _IGNORED)

    def _assertion(self, test: ast.expr, message: ast.expr | None) -> bool:
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            for value in test.values:
                self._assertion(value, message)
            return True
        condition = self._replaced(test)
        if condition is None or not self._lines(condition):
            self._leave(ast.Assert(test=test, msg=message))
        elif isinstance(message, ast.Constant) and isinstance(message.value, str):
            self._body.messages.append(message.value)
        return True

    def _lines(self, condition: ast.expr) -> bool:
        """Add the lines for a condition; what is known about calls changes only where there is a translation."""
        context = self._body.context
        for number, meaning in enumerate((certain, plain)):
            trial = copy.deepcopy(context)
            try:
                lines = meaning(condition, trial)
            except (Untranslated, NotPlain):
                continue
            if len(trial.calls) > MAX_CALLS:
                return False
            context.calls, context.names, context.imports = trial.calls, trial.names, trial.imports
            self._body.lines += [line for line in lines if line.startswith(("expected", "found"))
                                 or line not in self._body.lines]
            self._body.plain += number
            return True
        return False

    def _assignment(self, name: str, value: ast.expr) -> bool:
        self._body.context.own.add(name)
        self._set.pop(name, None)
        replaced = self._replaced(value)
        if replaced is None:
            return False
        self._set[name] = replaced
        return True

    def _call(self, call: ast.Call) -> bool:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if isinstance(call.func, ast.Name) and (name in ("print", "display") or name.startswith("test")):
            return True
        condition = self._replaced(call)
        if isinstance(condition, ast.Call) and (error := raised_by_function(condition)) is not None:
            return self._raises(*error)
        return name.startswith("assert") and condition is not None and self._lines(condition)

    def _raising(self, statement: ast.stmt) -> bool:
        """Translate the forms in which tests require that a call raises an exception."""
        found = required_error(statement)
        call = self._replaced(found[1]) if found else None
        return found is not None and call is not None and self._raises(found[0], call)

    def _raises(self, error: str, call: ast.expr) -> bool:
        trial = copy.deepcopy(self._body.context)
        try:
            lines = raising(error, call, trial)
        except (Untranslated, NotPlain):
            return False
        self._body.context = trial
        self._body.lines += lines
        self._body.plain += 1
        return True

    def _loop(self, target: ast.expr, rounds: ast.expr, inner: list[ast.stmt]) -> bool:
        """Write the rounds of a loop over plain data out."""
        names = [one.id for one in (target.elts if isinstance(target, ast.Tuple) else [target])
                 if isinstance(one, ast.Name)]
        items = self._items(rounds)
        if items is None or len(items) > MOST_ROUNDS or not names:
            return False
        per_round = [item.elts if isinstance(target, ast.Tuple) and isinstance(item, ast.Tuple | ast.List) else [item]
                     for item in items]
        if any(len(values) != len(names) for values in per_round):
            return False
        self._body.context.own |= set(names)
        for values in per_round:
            self._set |= dict(zip(names, values, strict=True))
            self.read(inner)
        return True

    def _items(self, rounds: ast.expr) -> list[ast.expr] | None:
        replaced = self._replaced(rounds)
        match replaced:
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return list(items)
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=int() as stop)]) if stop <= MOST_ROUNDS:
                return [ast.Constant(value=number) for number in range(stop)]
            case ast.Call(func=ast.Attribute(value=ast.Dict(keys=keys, values=values), attr="items"), args=[]):
                return [ast.Tuple(elts=[key, value], ctx=ast.Load()) for key, value in zip(keys, values, strict=True)
                        if key is not None]
        return None

    def _replaced(self, node: ast.expr) -> ast.expr | None:
        """Return an expression with the names that the test sets replaced; None where that would be too long."""
        if _size(node) > MOST_NODES:
            return None
        made = _Replace(self._set).visit(copy.deepcopy(node))
        return made if _size(made) <= MOST_NODES and isinstance(made, ast.expr) else None

    def _leave(self, statement: ast.stmt) -> None:
        self._body.context.own |= {node.id for node in ast.walk(statement)
                                   if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        try:
            text = ast.unparse(ast.fix_missing_locations(statement))
        except (RecursionError, ValueError):
            text = "a statement that is too long to be shown"
        if text not in self._body.left:
            self._body.left += text.splitlines()


class _Replace(ast.NodeTransformer):
    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return what a name was set to."""
        return self._values.get(node.id, node)


def _size(node: ast.AST) -> int:
    """Return how many nodes there are, counting at most a few more than are allowed."""
    return sum(1 for _, _ in zip(range(MOST_NODES + 2), ast.walk(node), strict=False))

