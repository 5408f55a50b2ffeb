"""Which attributes of which classes some code reads, found in its syntax trees with the types of its annotations.

A field called ``seconds`` or ``image`` is one of many objects: only what is read of the right class counts.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Types = frozenset[Any]
"""Names of classes, and (\"of\", Types) for mappings to and sequences of them."""
NONE: Types = frozenset()
Members = dict[str, dict[str, Types]]
_HOLDERS = {"dict", "Mapping", "list", "tuple", "Sequence", "Iterable", "Iterator", "set", "frozenset"}
_SAME = {"replace", "sorted", "list", "tuple", "reversed", "enumerate"}
Read = tuple[str, str]


def declared(annotation: ast.expr | None) -> Types:
    """Return what an annotation says."""
    if isinstance(annotation, ast.Name):
        return frozenset({annotation.id})
    if isinstance(annotation, ast.Attribute):
        return frozenset({annotation.attr})
    if isinstance(annotation, ast.BinOp):
        return declared(annotation.left) | declared(annotation.right)
    if isinstance(annotation, ast.Subscript) and isinstance(annotation.value, ast.Name):
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        if annotation.value.id in _HOLDERS:
            last = inner[0] if annotation.value.id == "tuple" else inner[-1]
            return frozenset({("of", declared(last))})
        return declared(inner[0])
    return NONE


class Code:
    """Some modules and what their annotations tell."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._trees = [ast.parse(source) for source in sources]
        self._members: Members = defaultdict(dict)
        self._functions: dict[str, Types] = defaultdict(lambda: NONE)
        for tree in self._trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    self._learn_class(node)
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    self._functions[node.name] |= declared(node.returns)
        for _ in range(2):  # attributes of self may rest on each other
            for owner, function in self.functions():
                self._learn_self(owner, function)

    def functions(self) -> Iterator[tuple[str, ast.FunctionDef]]:
        """Yield every function with the name of its class, '' for one of a module."""
        for tree in self._trees:
            for node in tree.body:
                if isinstance(node, ast.FunctionDef):
                    yield "", node
                for inner in node.body if isinstance(node, ast.ClassDef) else ():
                    if isinstance(inner, ast.FunctionDef):
                        yield node.name, inner

    def reads(self) -> dict[Read, set[Read]]:
        """Return, by function (class, name), the attributes (class, name) that it reads."""
        found: dict[Read, set[Read]] = defaultdict(set)
        for owner, function in self.functions():
            names = self._names(owner, function)
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                    found[owner, function.name] |= {(kind, node.attr) for kind in self._of(node.value, names)
                                                    if isinstance(kind, str)}
        return found

    def plain_keys(self, name: str) -> set[str]:
        """Return the constant keys with which a plain mapping of that name is read."""
        return {str(node.slice.value) for tree in self._trees for node in ast.walk(tree)
                if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
                and isinstance(node.value, ast.Name) and node.value.id == name}

    def _learn_class(self, node: ast.ClassDef) -> None:
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                self._members[node.name][item.target.id] = declared(item.annotation)
            elif isinstance(item, ast.FunctionDef):
                self._members[node.name][item.name] = declared(item.returns)

    def _learn_self(self, owner: str, function: ast.FunctionDef) -> None:
        names = self._names(owner, function)
        for node in ast.walk(function):
            for target, value in _assigned(node):
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and owner and (
                        target.value.id == "self"):
                    known = self._members[owner].get(target.attr, NONE)
                    self._members[owner][target.attr] = known | self._of(value, names)

    def _names(self, owner: str, function: ast.FunctionDef) -> dict[str, Types]:
        names: dict[str, Types] = defaultdict(lambda: NONE)
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            names[argument.arg] = declared(argument.annotation)
        if owner:
            names["self"] = frozenset({owner})
        for _ in range(2):
            for node in ast.walk(function):
                for target, value in _assigned(node):
                    if isinstance(target, ast.Name):
                        names[target.id] |= self._of(value, names)
                if isinstance(node, ast.For | ast.comprehension):
                    inner = _inner(self._of(node.iter, names))
                    targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
                    if isinstance(targets[-1], ast.Name):
                        names[targets[-1].id] |= inner
        return names

    def _of(self, node: ast.expr, names: dict[str, Types]) -> Types:
        if isinstance(node, ast.Name):
            return names.get(node.id, NONE)
        if isinstance(node, ast.Attribute):
            kinds = self._of(node.value, names)
            if node.attr in ("values", "items", "model_copy"):
                return kinds
            if node.attr in ("get", "pop") and _inner(kinds):
                return _inner(kinds)
            return frozenset().union(*(self._members[kind].get(node.attr, NONE) for kind in kinds
                                       if isinstance(kind, str)))
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                if node.func.id in _SAME and node.args:
                    return self._of(node.args[0], names)
                return self._functions[node.func.id] or frozenset({node.func.id} & self._members.keys())
            named = self._functions[node.func.attr] if isinstance(node.func, ast.Attribute) else NONE
            return self._of(node.func, names) or named
        if isinstance(node, ast.Subscript):
            return _inner(self._of(node.value, names))
        parts = {ast.BoolOp: "values", ast.IfExp: "body orelse", ast.NamedExpr: "value"}.get(type(node), "")
        inside = [part for name in parts.split() for part in ast.iter_child_nodes(
            ast.List(elts=getattr(node, name) if name == "values" else [getattr(node, name)], ctx=ast.Load()))]
        return frozenset().union(*(self._of(part, names) for part in inside if isinstance(part, ast.expr)))


def _inner(kinds: Types) -> Types:
    return frozenset().union(*(kind[1] for kind in kinds if isinstance(kind, tuple)))


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield targets with their values, parts of tuples each with its own."""
    if isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
        yield node.target, node.value
    for target in node.targets if isinstance(node, ast.Assign) else ():
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value
