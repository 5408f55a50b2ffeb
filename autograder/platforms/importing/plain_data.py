"""Plain data in the code of a foreign test, evaluated without running any of it. Pure.

Whatever ends up in a draft of a hidden check is written here from values: no code of the source is copied into a file
that the grader executes.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

MOST: Final = 1e15
"""The largest number that arithmetic may give."""
MOST_ITEMS: Final = 1_000
MOST_CELLS: Final = 20_000
"""Numbers of an array that `np.zeros` and its like may have."""
_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}
_CONSTANTS: Final = {"pi": math.pi, "e": math.e}
_MODULES: Final = ("np", "numpy", "math")
_FILLED: Final = {"zeros": 0.0, "ones": 1.0}


class NotPlain(Exception):
    """The code is something else than plain data."""


@dataclass(frozen=True)
class ArrayText:
    """An array as a check writes it: with `np.`."""

    text: str

    def __repr__(self) -> str:
        """Return the code of the array."""
        return self.text


def value_of(node: ast.expr) -> Any:
    """Return the value of plain data: numbers and arithmetic on them, strings, lists, tuples, dicts, arrays.

    Raises:
        NotPlain: it is something else, or larger than a test needs.
    """
    match node:
        case ast.Constant(value=bool() | str() | None as value):
            return value
        case ast.Constant(value=int() | float() as value):
            return _bounded(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return _computed(_number(left), op, _number(right))
        case ast.List(elts=items):
            return [value_of(item) for item in _few(items)]
        case ast.Tuple(elts=items):
            return tuple(value_of(item) for item in _few(items))
        case ast.Dict(keys=keys, values=values):
            return {_key(key): value_of(item) for key, item in zip(_few(keys), values, strict=True)}
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES and name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name), args=args, keywords=[]):
            return _array(name, args)
    raise NotPlain


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def numbers(value: object) -> list[float] | None:
    """Return a list or tuple of numbers; None for anything else and for an empty one."""
    if isinstance(value, list | tuple) and value and all(map(is_number, value)):
        return list(value)
    return None


def shape_of(value: object) -> tuple[int, ...] | None:
    """Return the shape of a list of lists of numbers; None where it is no table."""
    if is_number(value):
        return ()
    if not isinstance(value, list | tuple) or not value:
        return None
    shapes = {shape_of(item) for item in value}
    inner = shapes.pop()
    return None if shapes or inner is None else (len(value), *inner)


def _bounded(value: float) -> float:
    if not abs(value) <= MOST:
        raise NotPlain
    return value


def _number(node: ast.expr) -> float:
    value = value_of(node)
    if not is_number(value):
        raise NotPlain
    return float(value) if isinstance(value, float) else int(value)


def _computed(left: float, op: ast.operator, right: float) -> float:
    try:
        if isinstance(op, ast.Pow):
            if abs(right) > 60 or abs(left) > 1e6:
                raise NotPlain
            result = left ** right
        elif type(op) in _OPERATORS:
            result = _OPERATORS[type(op)](left, right)
        else:
            raise NotPlain
    except ArithmeticError:
        raise NotPlain from None
    if not is_number(result):
        raise NotPlain
    return _bounded(result)


def _key(node: ast.expr | None) -> Any:
    key = value_of(node) if node is not None else None
    if not isinstance(key, str | int | float):
        raise NotPlain
    return key


def _few(items: list[Any]) -> list[Any]:
    if len(items) > MOST_ITEMS:
        raise NotPlain
    return items


def _array(name: str, args: list[ast.expr]) -> ArrayText | list[Any]:
    given = [value_of(arg) for arg in args]
    if name in ("array", "asarray") and len(given) == 1 and shape_of(given[0]):
        return ArrayText(f"np.array({given[0]!r})")
    if name in _FILLED and len(given) == 1:
        shape = given[0] if isinstance(given[0], tuple) else (given[0],)
        _check_size(shape)
        return ArrayText(f"np.{name}({shape!r})")
    if name == "eye" and len(given) == 1:
        _check_size((given[0], given[0]))
        return ArrayText(f"np.eye({given[0]!r})")
    if name == "arange" and 1 <= len(given) <= 2:
        _check_size((given[-1],))
        return ArrayText(f"np.arange({', '.join(map(repr, given))})")
    if name == "linspace" and len(given) == 3 and all(map(is_number, given)):
        _check_size((given[2],))
        return ArrayText(f"np.linspace({', '.join(map(repr, given))})")
    raise NotPlain


def _check_size(shape: tuple[Any, ...]) -> None:
    if not all(isinstance(length, int) and not isinstance(length, bool) and length > 0 for length in shape):
        raise NotPlain
    if math.prod(shape) > MOST_CELLS:
        raise NotPlain
