"""Walks through the text of hidden checks and says what cannot work, with file and line. Pure.

Only what the text itself shows is said: where a value comes from a helper function, a loop or another file, nothing
is. So a check that passes may still be wrong, and the release's proof runs it; a check that is refused cannot work.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.checks.source import kinds
from autograder.checks.source.declared import Declared
from autograder.checks.source.kinds import FIXTURES, Kind
from autograder.checks.source.rules import problems_of_call, problems_of_function

_OURS = "autograder.checks"
_BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.Match, ast.match_case, ast.ExceptHandler)
_BUILTIN_FIXTURES = frozenset({"request"})


def mistakes(files: Mapping[str, str], declared: Declared) -> tuple[str, ...]:
    """Return one sentence for each mistake in hidden checks, each with its file and line.

    Args:
        files: file name as messages show it → its text.
    """
    trees = {name: _parsed(text) for name, text in files.items()}
    fixtures = {one.name for tree in trees.values() if tree for one in ast.walk(tree)
                if isinstance(one, ast.FunctionDef) and _is_fixture(one)}
    known = frozenset(fixtures | FIXTURES.keys() | _BUILTIN_FIXTURES)
    return tuple(problem for name, tree in trees.items() if tree is not None
                 for problem in _File(name, tree, declared, known).problems())


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None  # collecting the checks says so


class _File:
    """One file of hidden checks."""

    def __init__(self, name: str, tree: ast.Module, declared: Declared, fixtures: frozenset[str]) -> None:
        self._name = name
        self._tree = tree
        self._declared = declared
        self._fixtures = fixtures
        self._found: dict[tuple[int, str], str] = {}
        self._imported = dict(_imports(tree))
        self._constants = dict(_constants(tree))

    def problems(self) -> list[str]:
        for statement in self._tree.body:
            if isinstance(statement, ast.FunctionDef):
                self._function(statement)
            else:
                self._walk(statement, {})
        return [text for _, text in sorted(self._found.items())]

    def _function(self, function: ast.FunctionDef) -> None:
        task, marked = _task(function)
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
        if marked:
            missing = [name for name in names if name not in self._fixtures]
            for name in missing:
                self._say(function, f"there is no fixture {name!r}; checks get {', '.join(FIXTURES)}")
            for text in problems_of_function(task, names, self._declared):
                self._say(function, text)
        env: dict[str, Kind | None] = dict.fromkeys(names)
        for name in names:
            if name in FIXTURES:
                env[name] = Kind(type=FIXTURES[name], task=task)
        for decorator in function.decorator_list:
            self._walk(decorator, {})
        for statement in function.body:
            self._walk(statement, env)

    def _walk(self, node: ast.AST, env: dict[str, Kind | None]) -> None:
        """Visit a statement or expression; names are assigned in the order of the text."""
        if isinstance(node, ast.Assign):
            kind = self._kind(node.value, env)
            for target in node.targets:
                for name in _names(target):
                    env[name] = kind if isinstance(target, ast.Name) else None
            return
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            env = {**env, **dict.fromkeys(_bound(node))}
        if isinstance(node, (ast.For, ast.With, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
            env.update(dict.fromkeys(name for one in ast.iter_child_nodes(node) for name in _names(one)))
        if isinstance(node, _BRANCHES):
            self._branches(node, env)
            return
        if isinstance(node, ast.expr):
            self._kind(node, env)
            return
        for child in ast.iter_child_nodes(node):
            self._walk(child, env)

    def _branches(self, node: ast.AST, env: dict[str, Kind | None]) -> None:
        """Visit each branch by itself; afterwards it is unknown what a name holds that one of them assigns."""
        for _, value in ast.iter_fields(node):
            own = dict(env)
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self._walk(child, own)
        env.update(dict.fromkeys(_names(node)))

    def _kind(self, node: ast.expr, env: dict[str, Kind | None]) -> Kind | None:
        """Return what an expression is, and look for mistakes in it."""
        if isinstance(node, ast.Name):
            return env.get(node.id)
        if isinstance(node, ast.Call):
            return self._call(node, env)
        if isinstance(node, ast.Attribute):
            kind = self._kind(node.value, env)
            found = kinds.method(kind, node.attr) if kind else None
            return kinds.result(kind, found, ()) if kind and isinstance(found, property) else None
        if isinstance(node, ast.Subscript):
            self._subscript(node, env)
        for child in ast.iter_child_nodes(node):
            self._walk(child, env)
        return None

    def _subscript(self, node: ast.Subscript, env: Mapping[str, Kind | None]) -> None:
        base = env.get(node.value.id) if isinstance(node.value, ast.Name) else None
        key, sizes = self._value(node.slice), self._declared.sizes
        if base is not None and base.type is dict and sizes is not None and isinstance(key, str) and key not in sizes:
            self._say(node, f"the notebook's sizes cell has {', '.join(sorted(sizes)) or 'no numbers'}, not {key!r}")

    def _call(self, node: ast.Call, env: dict[str, Kind | None]) -> Kind | None:
        for child in (*node.args, *(keyword.value for keyword in node.keywords)):
            self._walk(child, env)
        whole = not any(isinstance(one, ast.Starred) for one in node.args) and all(one.arg for one in node.keywords)
        keywords = [one.arg for one in node.keywords if one.arg]
        if isinstance(node.func, ast.Name):
            function = self._imported.get(node.func.id) if node.func.id not in env else None
            if function is not None:
                self._judge(node, None, function, whole, keywords)
            return None
        if not isinstance(node.func, ast.Attribute):
            return self._kind(node.func, env) and None
        kind = self._kind(node.func.value, env)
        if kind is None or not kind.type.__module__.startswith(_OURS):
            return None
        found = kinds.method(kind, node.func.attr)
        if found is None:
            near = kinds.nearest(kind, node.func.attr)
            if not any(node.func.attr in getattr(base, "__annotations__", {}) for base in kind.type.__mro__):
                self._say(node, f"{kind.type.__name__} has no {node.func.attr!r}" +
                          (f" (did you mean {near!r}?)" if near else ""))
            return None
        if isinstance(found, property) or not callable(getattr(found, "__func__", found)):
            return None
        self._judge(node, kind, found, whole, keywords)
        return kinds.result(kind, found, [self._value(one) for one in node.args])

    def _judge(self, node: ast.Call, kind: Kind | None, function: Any, whole: bool, keywords: list[str]) -> None:
        bound = kind is not None and not isinstance(function, staticmethod)
        wrong = kinds.misuse(function, len(node.args), keywords, bound=bound) if whole else None
        if wrong is not None:
            self._say(node, f"{_called(node)} cannot be called like this: {wrong}")
            return
        if not any(isinstance(one, ast.Starred) for one in node.args):
            given = {one.arg: self._value(one.value) for one in node.keywords if one.arg}
            for text in problems_of_call(kind, _called(node), [self._value(one) for one in node.args], given,
                                         self._declared):
                self._say(node, text)

    def _value(self, node: ast.expr) -> Any:
        """Return the value of a constant, a list of constants or a name of one; None for anything else."""
        try:
            return ast.literal_eval(self._constants.get(node.id, node) if isinstance(node, ast.Name) else node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None

    def _say(self, node: ast.expr | ast.FunctionDef, text: str) -> None:
        self._found.setdefault((node.lineno, text), f"{self._name}, line {node.lineno}: {text}.")


def _imports(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    """Yield the functions that a file imports from `autograder.checks`, by the name that it gives them."""
    import autograder.checks

    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == _OURS:
            for one in node.names:
                found = getattr(autograder.checks, one.name, None)
                if callable(found) and not isinstance(found, type):
                    yield one.asname or one.name, found


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def _task(function: ast.FunctionDef) -> tuple[str | None, bool]:
    """Return the task that a function's marker names, and whether it has such a marker."""
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "task":
            first = one.args[0] if one.args else None
            return (first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None), True
    return None, False


def _is_fixture(function: ast.FunctionDef) -> bool:
    return any("fixture" in ast.dump(one) for one in function.decorator_list)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _names(node: ast.AST) -> list[str]:
    return [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]


def _bound(node: ast.AST) -> list[str]:
    """Return the names that a function, lambda or comprehension gives a meaning of its own."""
    arguments = [one.arg for one in ast.walk(node) if isinstance(one, ast.arg)]
    return [*arguments, *_names(node)]
