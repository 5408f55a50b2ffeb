"""Which locked cells draw the same picture in every student's notebook, so that grading needs to draw it only once.

A cell is named only where its code shows that leaving it out changes nothing else: it sets no name that other cells
use, changes no object, draws no random number, and reads nothing that a student could have made. Whatever is not
recognized here is run in each notebook, as all other cells are.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from autograder.notebook.cells import Cell, is_code, is_locked, is_test, source
from autograder.notebook.code_names import names_of, parse

_MODULES = frozenset({"np", "plt"})
_FUNCTIONS = frozenset({
    "abs", "all", "any", "bool", "dict", "enumerate", "filter", "float", "int", "len", "list", "map", "max", "min",
    "print", "range", "reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip"})
_NUMPY = frozenset({
    "abs", "arange", "argmax", "argmin", "argsort", "array", "asarray", "bincount", "clip", "column_stack",
    "concatenate", "cos", "cumsum", "diff", "exp", "expm1", "eye", "flatnonzero", "float32", "float64", "full",
    "histogram", "hstack", "inf", "isfinite", "isnan", "linspace", "log", "log1p", "maximum", "mean", "meshgrid",
    "minimum", "moveaxis", "nan", "ndim", "ndindex", "ones", "outer", "pi", "power", "ravel", "repeat", "reshape",
    "shape", "sign", "sin", "sqrt", "square", "stack", "std", "sum", "tanh", "tile", "unique", "vstack", "where",
    "zeros", "zeros_like"})
_DRAWING = frozenset({"Circle", "Polygon", "Rectangle", "legend", "plot", "scatter", "show", "style", "subplots",
                      "tight_layout", "title", "xlabel", "ylabel"})
_READING = frozenset({"astype", "copy", "max", "mean", "min", "ravel", "reshape", "round", "shape", "std", "sum",
                      "tolist"})
"""What a picture may do with an array that the locked cells before it loaded."""
_CHANGING = frozenset({"byteswap", "dump", "fill", "itemset", "partition", "put", "resize", "savefig", "setfield",
                       "setflags", "sort", "tofile"})
_SYNTAX = (ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Delete, ast.Await, ast.Yield, ast.YieldFrom,
           ast.ClassDef, ast.Try, ast.AsyncFunctionDef, ast.NamedExpr)
_LOOKING_AROUND = frozenset({"In", "Out", "_", "__", "___", "_i", "_ih", "_oh", "_dh", "dir", "gc", "get_ipython",
                             "globals", "inspect", "locals", "sys", "vars"})
"""By these, code reaches values whose names are nowhere in it."""
_WORD = re.compile(r"\w+")
_USUAL = re.compile(r"import numpy as np|import matplotlib\.pyplot as plt|from matplotlib import pyplot as plt")


def shared_pictures(cells: Sequence[Cell], *, own_numbers: bool = False) -> dict[int, str]:
    """Return index → source of the cells that draw the same in every notebook, in order.

    Args:
        cells: of a merged notebook, or of a release.
        own_numbers: whether the numbers of the sizes cell are this student's own: a picture may show them.
    """
    code = {index: source(cell) for index, cell in enumerate(cells) if is_code(cell)}
    locked = {index: text for index, text in code.items() if is_locked(cells[index])}
    written = [text for index, text in code.items() if index not in locked]
    if not _is_open(written):
        return {}
    first = next((index for index in code if index not in locked), len(cells))
    words = frozenset(_WORD.findall("\n".join(written)))
    taken = {index: _taken(text) for index, text in locked.items()}
    found = {}
    for index, text in locked.items():
        needs = None if is_test(cells[index]) else picture_needs(text)
        if needs is None or (needs and (own_numbers or index > first)):
            continue
        others = words.union(*(names for other, names in taken.items() if other != index))
        if not (names_of(text).bound - {"_"}) & others:
            found[index] = text
    return found


def _is_open(written: Iterable[str]) -> bool:
    """Whether the student's cells say by name all that they read and set, and set nothing that pictures use."""
    for text in written:
        tree, names = parse(text), names_of(text)
        if tree is None or "\n%" in f"\n{text}" or "\n!" in f"\n{text}":
            return False
        loaded = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        own = names_of(_USUAL.sub("pass", text)).bound
        if loaded & _LOOKING_AROUND or own & (_MODULES | _FUNCTIONS) or names.changed & _MODULES:
            return False
    return True


@lru_cache(maxsize=256)
def picture_needs(code: str) -> frozenset[str] | None:
    """Return the names other than NumPy and Matplotlib that a cell reads, if all that it does is draw and print.

    None for every other cell.
    """
    tree = parse(code)
    if tree is None or "plt.show()" not in code or "\n%" in f"\n{code}" or "\n!" in f"\n{code}":
        return None
    if not all(name.startswith("_") for name in names_of(code).bound):
        return None
    needs = _taken(code) - _MODULES
    return needs if all(_is_harmless(node, needs) for node in ast.walk(tree)) else None


@lru_cache(maxsize=256)
def _taken(code: str) -> frozenset[str]:
    """Return the names that a cell takes from other cells: what it sets itself, it sets before it reads it."""
    tree, names = parse(code), names_of(code)
    if tree is None:
        return frozenset(_WORD.findall(code))
    inner = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension | ast.FunctionDef):
            inner |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)
                      and isinstance(name.ctx, ast.Store)}
    return names.read - names.bound - inner


def _is_harmless(node: ast.AST, needs: frozenset[str]) -> bool:
    match node:
        case ast.Attribute(ctx=ast.Store()) | ast.keyword(arg="out"):
            return False
        case ast.Attribute(value=ast.Name(id="np"), attr=name):
            return name in _NUMPY
        case ast.Attribute(value=ast.Name(id="plt"), attr=name):
            return name in _DRAWING
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="plt"), attr="style"), attr=name):
            return name == "context"
        case ast.Attribute(value=value, attr=name):
            return not name.startswith("_") and name not in _CHANGING and (
                name in _READING or not _root(value) & needs)
        case ast.Name(id=name, ctx=ast.Load()):
            return name in _FUNCTIONS or not hasattr(builtins, name)
        case ast.AugAssign() | ast.Subscript(ctx=ast.Store()):
            return not needs  # a name of its own may be part of an array that other cells use
    return not isinstance(node, _SYNTAX)


def _root(node: ast.AST) -> frozenset[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return frozenset({node.id}) if isinstance(node, ast.Name) else frozenset()
