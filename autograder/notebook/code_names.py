"""Which names a cell's code sets, changes and reads: enough to find dependencies without running anything."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.notebook.syntax import parse_syntax

PARSED = 100_000  # characters; longer code is not analysed
_MAGIC = re.compile(r"^(\s*)(%%?\w|!|\?|\w[\w.]*\?\s*$)")
_WORD = re.compile(r"[^\W\d_]+[,.;:!?]?")
_BUILTIN = frozenset(dir(builtins)) | {"get_ipython", "display", "In", "Out", "_"}
_CHANGING = frozenset({"add", "append", "compile", "extend", "fit", "insert", "load_weights", "pop", "remove",
                       "set_weights", "sort", "update"})
"""Methods that change the object that they are called on."""
_CONTINUING = (")", "]", "}", "else:", "elif ", "except", "finally:")


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a piece of code does with the names of the notebook.

    Attributes:
        bound: set at the top level: assigned, defined or imported.
        changed: not set, but their values are changed: ``model.compile(…)``, ``x[0] = 1``.
        read: taken from elsewhere.
        needed: read before this code sets them, so that they must have been set already.
    """

    bound: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()


def parse(code: str) -> ast.Module | None:
    """Return the code as a tree, IPython's own lines removed; None where it is not Python or too long."""
    if len(code) > PARSED:
        return None
    plain = "\n".join(_without_magic(line) for line in code.splitlines())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about invalid escapes in the student's code
            return parse_syntax(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def program_key(code: str) -> str | None:
    """Return a key that is equal for programs that differ only in quotation marks, comments and layout.

    None for code that cannot be parsed, that is empty, or that has IPython's own lines, which have no syntax tree.
    """
    if any(line.lstrip().startswith(("%", "!", "?")) for line in code.splitlines()):
        return None
    tree = parse(code)
    try:
        return ast.dump(tree) if tree is not None and tree.body else None
    except RecursionError:
        return None


def _without_magic(line: str) -> str:
    """Return the line, or a placeholder where it is not Python."""
    found = _MAGIC.match(line)
    return f"{found[1]}pass" if found else line


@lru_cache(maxsize=256)
def names_of(code: str) -> Names:
    """Return the names of a cell's code; none where it cannot be parsed."""
    tree = parse(code)
    if tree is None:
        return Names()
    try:
        return _names(tree)
    except RecursionError:
        return Names()


def names_in_parts(code: str) -> Names:
    """Return the names of a cell's code; where it cannot be parsed as a whole, of those statements that can.

    For code that is looked for, not run: one line that is not Python must not hide what all the others set.
    """
    if parse(code) is not None or len(code) > PARSED:
        return names_of(code)
    found = [names_of(part) for part in statements(code)]
    return Names(bound=frozenset().union(*(one.bound for one in found)),
                 changed=frozenset().union(*(one.changed for one in found)),
                 read=frozenset().union(*(one.read for one in found)),
                 needed=frozenset().union(*(one.needed for one in found)))


def prose_in(code: str) -> str:
    """Return what a code cell that is not Python has of plain text, such as a written answer pasted below the code."""
    if len(code) > PARSED or parse(code) is not None:
        return ""
    return "\n".join(part for part in statements(code) if parse(part) is None and _reads_like_text(part))


def _reads_like_text(part: str) -> bool:
    words = part.split()
    return 2 * sum(bool(_WORD.fullmatch(word)) for word in words) > len(words)


def statements(code: str) -> Iterator[str]:
    """Cut code before each line that is not indented, unless such a line can only continue the one before it."""
    part: list[str] = []
    for line in code.splitlines():
        if part and line and not line[0].isspace() and not line.startswith(_CONTINUING):
            yield "\n".join(part)
            part = []
        part.append(line)
    yield "\n".join(part)


def _names(tree: ast.Module) -> Names:
    bound, changed, read, needed = set[str](), set[str](), set[str](), set[str]()
    for statement in tree.body:
        used = _read(statement)
        needed |= used - bound
        read |= used
        for node in _outer(statement):
            bound |= _bound(node)
            changed |= _changed(node)
    return Names(bound=frozenset(bound), changed=frozenset(changed) - _BUILTIN, read=frozenset(read) - _BUILTIN,
                 needed=frozenset(needed) - _BUILTIN)


def _read(statement: ast.stmt) -> set[str]:
    found = set[str]()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return found


def _outer(tree: ast.Module | ast.stmt) -> Iterator[ast.AST]:
    """Yield all nodes whose names are those of the notebook: not those inside functions and classes."""
    waiting: list[ast.AST] = list(tree.body) if isinstance(tree, ast.Module) else [tree]
    while waiting:
        node = waiting.pop()
        yield node
        inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp,
                 ast.DictComp, ast.GeneratorExp)
        if not isinstance(node, inner):
            waiting.extend(ast.iter_child_nodes(node))


def _bound(node: ast.AST) -> set[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return {name}
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return {alias.asname or alias.name.partition(".")[0] for alias in aliases} - {"*"}
    return set()


def _changed(node: ast.AST) -> set[str]:
    """Return the names whose objects a statement changes in place."""
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _CHANGING:
            return _root(value)
        case ast.Subscript(value=value, ctx=ast.Store()) | ast.Attribute(value=value, ctx=ast.Store()):
            return _root(value)
    return set()


def _root(node: ast.AST) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


@lru_cache(maxsize=256)
def required_names(test: str) -> frozenset[str]:
    """Return the names that a test cell uses: those that it reads, and ``"name" in globals()``."""
    tree = parse(test)
    if tree is None:
        return frozenset()
    asked = {node.left.value for node in ast.walk(tree)
             if isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant)
             and isinstance(node.left.value, str)}
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return frozenset({name for name in asked if name.isidentifier()} | (_names(tree).read - own))


def bound_counts(code: str) -> Counter[str] | None:
    """Return how often each name is set at the top level; None where the code cannot be parsed."""
    tree = parse(code)
    return None if tree is None else Counter(name for node in _outer(tree) for name in _bound(node))
