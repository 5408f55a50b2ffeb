"""A foreign condition as a plain `assert` over the student's numbers and texts, where no assertion says it. Pure."""

from __future__ import annotations

import ast
import json

from autograder.platforms.importing.plain_data import NotPlain, is_number, value_of
from autograder.platforms.importing.subjects import Context, Subject, Untranslated

_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
                                              ast.FloorDiv: "//", ast.Mod: "%"}
_COMPARED: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">",
                                         ast.GtE: ">=", ast.Is: "==", ast.IsNot: "!="}


def plain(node: ast.expr, context: Context) -> list[str]:
    """Return one line with a plain `assert` that says what a condition says.

    Raises:
        Untranslated: it looks at more than numbers, texts and what functions return.
    """
    return [f"assert {_condition(node, context)}"]


def _condition(node: ast.expr, context: Context) -> str:
    match node:
        case ast.BoolOp(op=op, values=values):
            word = " and " if isinstance(op, ast.And) else " or "
            return word.join(f"({_condition(value, context)})" for value in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return f"not ({_condition(operand, context)})"
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is() | ast.NotEq() | ast.IsNot() as op],
                         comparators=[ast.Constant(value=bool() as wanted)]):
            same = isinstance(op, ast.Eq | ast.Is) is wanted
            return _truth(left, context) if same else f"not ({_truth(left, context)})"
        case ast.Compare(left=ast.Name() as name, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return f'"{context.subject(name).name}" in student.names()'
        case ast.Compare(left=left, ops=ops, comparators=rest):
            return _comparison(left, ops, rest, context)
        case ast.Call() | ast.Name():
            return _truth(node, context)
    raise Untranslated


def _truth(node: ast.expr, context: Context) -> str:
    """Return what a call returns, as a condition: names do not keep truth values that checks could read."""
    subject = context.subject(node)
    if subject.arguments is None:
        raise Untranslated
    return f'getattr({subject.value}, "value", None) is True'


def _comparison(left: ast.expr, ops: list[ast.cmpop], rest: list[ast.expr], context: Context) -> str:
    if isinstance(ops[0], ast.In) and len(ops) == 1:
        choices = _plain_value(rest[0])
        if isinstance(choices, list | tuple | range) and choices and all(map(is_number, choices)):
            return f"{_numeric(left, context)} in {choices!r}"
        raise Untranslated
    operands = [left, *rest]
    texts = [isinstance(_maybe(operand), str) for operand in operands]
    if not all(type(op) in _COMPARED for op in ops) or all(_maybe(operand) is not None for operand in operands):
        raise Untranslated
    render = _text if any(texts) else _numeric
    parts = [render(operands[0], context)]
    for op, operand in zip(ops, operands[1:], strict=True):
        parts += [_COMPARED[type(op)], render(operand, context)]
    return " ".join(parts)


def _numeric(node: ast.expr, context: Context) -> str:
    value = _maybe(node)
    if is_number(value):
        return repr(value)
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return f"({_numeric(left, context)} {_ARITHMETIC[type(op)]} {_numeric(right, context)})"
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2 | 3 as power)):
            return f"{_numeric(left, context)} ** {power}"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_numeric(operand, context)}"
        case ast.Call(func=ast.Name(id="abs"), args=[inner], keywords=[]):
            return f"abs({_numeric(inner, context)})"
        case ast.Call(func=ast.Name(id="len"), args=[ast.Attribute(value=inner, attr="layers")], keywords=[]):
            return f"len({context.subject(inner).as_kind('model')}.layers())"
        case ast.Call(func=ast.Name(id="len"), args=[inner], keywords=[]):
            return _length(context.subject(inner), context)
        case ast.Subscript(value=inner, slice=ast.Constant(value=str() as key)):
            return f"{context.subject(inner).as_kind('mapping')}.number({json.dumps(key)}).value"
        case ast.Subscript(value=inner, slice=ast.Constant(value=int() as place)) if type(place) is int:
            return _item(context.subject(inner), place, context)
        case ast.Name() | ast.Call():
            return f"{context.subject(node).as_kind('number')}.value"
    raise Untranslated


def _length(subject: Subject, context: Context) -> str:
    match context.kind(subject):
        case "dict":
            return f"len({subject.as_kind('mapping')}.keys)"
        case "text":
            return f"len({subject.as_kind('text')}.value)"
        case "numbers":
            return f"len({subject.as_kind('sequence')}.values)"
    raise Untranslated


def _item(subject: Subject, place: int, context: Context) -> str:
    """Return one number of a list; of long arrays under a name only some rows are known."""
    if place < 0 or (subject.arguments is None and context.kind(subject) != "numbers"):
        raise Untranslated
    return f'dict(enumerate({subject.as_kind("sequence")}.values)).get({place}, float("nan"))'


def _text(node: ast.expr, context: Context) -> str:
    value = _maybe(node)
    return repr(value) if isinstance(value, str) else f"{context.subject(node).as_kind('text')}.value"


def _maybe(node: ast.expr) -> object:
    try:
        return value_of(node)
    except NotPlain:
        return None


def _plain_value(node: ast.expr) -> object:
    match node:
        case ast.Call(func=ast.Name(id="range"), args=[*bounds], keywords=[]):
            found = [value for bound in bounds if type(value := _maybe(bound)) is int]
            if 1 <= len(found) == len(bounds) <= 2:
                return range(*found)
    return _maybe(node)
