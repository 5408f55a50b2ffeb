"""One assertion of a foreign test as assertions of the vocabulary, where that is certain. Pure.

    assert X.shape == (100, 4)        student.array("X").has_shape(100, 4)
    assert model.count_params() == 7  student.model("model").has_parameter_count(7)
    assert squares(2) == [1, 4]       student.called("squares", 2).sequence().is_about([1, 4], tolerance=1e-09)
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from autograder.platforms.importing.plain_data import ArrayText, NotPlain, is_number, numbers, shape_of, value_of
from autograder.platforms.importing.subjects import Context, Subject, Untranslated

EXACT = 1e-9
_RELATIVE, _ABSOLUTE = 1e-5, 1e-8
"""What `np.isclose` and `np.allclose` allow where nothing is named."""
_TYPES = {"int": "number", "float": "number", "complex": "number", "Number": "number", "Real": "number", "str": "text",
          "Integral": "number", "dict": "mapping", "ndarray": "array", "Model": "model", "Sequential": "model",
          "Functional": "model", "integer": "number", "floating": "number", "float64": "number", "float32": "number",
          "int64": "number", "int32": "number"}
_SWAPPED: dict[type[ast.cmpop], ast.cmpop] = {ast.Lt: ast.Gt(), ast.Gt: ast.Lt(), ast.LtE: ast.GtE(),
                                              ast.GtE: ast.LtE(), ast.Eq: ast.Eq(), ast.NotEq: ast.NotEq()}


def certain(node: ast.expr, context: Context) -> list[str]:
    """Return the lines of a check that say what a condition says.

    Raises:
        Untranslated: no assertion of the vocabulary is sure to say the same.
    """
    match node:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return _equal(left, right, context)
        case ast.Compare(left=low, ops=[ast.LtE(), ast.LtE()], comparators=[middle, high]):
            bounds = f"{_number(low)!r}, {_number(high)!r}"
            return [f"{context.subject(middle).as_kind('number')}.lies_between({bounds})"]
        case ast.Compare(left=left, ops=[ast.In()], comparators=[right]):
            return _member(left, right, context)
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() as op], comparators=[right]):
            return _bounded(left, op, right, context)
        case ast.Call():
            return _called(node, context)
    raise Untranslated


def _equal(left: ast.expr, right: ast.expr, context: Context) -> list[str]:
    if _is_plain(left) and not _is_plain(right):
        left, right = right, left
    match left:
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            return _length(context.subject(inner), _whole(right), context)
        case ast.Call(func=ast.Name(id="round"), args=[inner, digits]):
            return equal_number(context.subject(inner), _number(right), 0.5 * 10.0 ** -min(_whole(digits), 12))
        case ast.Call(func=ast.Attribute(value=inner, attr="count_params"), args=[]):
            return [f"{context.subject(inner).as_kind('model')}.has_parameter_count({_whole(right)})"]
        case ast.Call(func=ast.Name(id="type"), args=[inner]):
            return _typed(context.subject(inner), right)
        case ast.Attribute(value=inner, attr="shape"):
            return [f"{context.subject(inner).as_kind('array')}.has_shape({_axes(_value(right))})"]
        case ast.Attribute(value=inner, attr="input_shape" | "output_shape" as what):
            return [f"{context.subject(inner).as_kind('model')}.has_{what}({_axes(_value(right, batch=True))})"]
        case ast.Attribute(value=inner, attr="dtype"):
            return [f'{context.subject(inner).as_kind("array")}.has_dtype("{_type_name(right)}")']
        case ast.Subscript(value=ast.Attribute(value=inner, attr="shape"), slice=ast.Constant(value=0)):
            return [f"{context.subject(inner).as_kind('array')}.has_length({_whole(right)})"]
    if (approximate := _approx(right)) is not None:
        return equal_number(context.subject(left), *approximate)
    return equal(context.subject(left), _value(right), EXACT, context)


def equal(subject: Subject, value: Any, tolerance: float, context: Context) -> list[str]:
    """Return the lines for a subject that has to be equal to a value.

    Raises:
        Untranslated: the vocabulary does not compare with such a value.
    """
    if is_number(value):
        return equal_number(subject, value, tolerance)
    if isinstance(value, str):
        return [f"{subject.as_kind('text')}.is_one_of({value!r})"]
    if (flat := numbers(value)) is not None:
        return [f"{subject.as_kind('sequence')}.is_about({flat!r}, tolerance={tolerance!r})"]
    if isinstance(value, ArrayText) or (shape_of(value) or ()):
        array = value if isinstance(value, ArrayText) else ArrayText(f"np.array({value!r})")
        context.imports.add("np")
        return [f"expected = {array!r}", f"{subject.as_kind('array')}.has_shape(*expected.shape).equals_rows_of("
                                         f"expected, tolerance={tolerance!r})"]
    if isinstance(value, dict) and value and all(map(is_number, value.values())):
        keys = [str(key) for key in value]
        lines = [f"found = {subject.as_kind('mapping')}.has_keys({', '.join(map(repr, keys))})",
                 f"assert len(found.keys) == {len(keys)}"]
        return lines + [f"found.number({key!r}).is_about({item!r}, tolerance={tolerance!r})"
                        for key, item in zip(keys, value.values(), strict=True)]
    raise Untranslated


def equal_number(subject: Subject, value: float, tolerance: float) -> list[str]:
    """Return the line for a subject that has to be a number."""
    allowed = max(tolerance, abs(value) * 1e-12)
    return [f"{subject.as_kind('number')}.is_about({value!r}, tolerance={float(f'{allowed:.3g}')!r})"]


def _length(subject: Subject, length: int, context: Context) -> list[str]:
    match context.kind(subject):
        case "dict":
            return [f"assert len({subject.as_kind('mapping')}.keys) == {length}"]
        case "text":
            return [f"assert len({subject.as_kind('text')}.value) == {length}"]
        case "list":
            raise Untranslated
    return [f"{subject.as_kind('array')}.has_length({length})"]


def _member(left: ast.expr, right: ast.expr, context: Context) -> list[str]:
    """Return the line for `word in mapping`, or for `x in ["a", "b"]`."""
    if _is_plain(left):
        subject = context.subject(right)
        if context.kind(subject) == "dict" and isinstance(key := value_of(left), str):
            return [f"{subject.as_kind('mapping')}.has_keys({key!r})"]
        raise Untranslated
    words = _value(right)
    if isinstance(words, list | tuple) and words and all(isinstance(word, str) for word in words):
        return [f"{context.subject(left).as_kind('text')}.is_one_of({', '.join(map(repr, words))})"]
    raise Untranslated


def _bounded(left: ast.expr, op: ast.cmpop, right: ast.expr, context: Context) -> list[str]:
    """Return the line for a number near another one, or for the least or the largest value of an array."""
    if _is_plain(left):
        left, op, right = right, _SWAPPED[type(op)], left
    bound = _number(right)
    match left, op:
        case ast.Call(func=func, args=[ast.BinOp(left=first, op=ast.Sub(), right=second)]), ast.Lt() | ast.LtE() if (
                _last_name(func) in ("abs", "fabs")):
            value, subject = (second, first) if _is_plain(second) else (first, second)
            return equal_number(context.subject(subject), _number(value), bound)
        case ast.Call(func=ast.Attribute(value=inner, attr="min"), args=[]), ast.GtE():
            return [f'{context.subject(inner).as_kind("array")}.lies_between({bound!r}, float("inf"))']
        case ast.Call(func=ast.Attribute(value=inner, attr="max"), args=[]), ast.LtE():
            return [f'{context.subject(inner).as_kind("array")}.lies_between(float("-inf"), {bound!r})']
    raise Untranslated


def _called(node: ast.Call, context: Context) -> list[str]:
    """Return the lines for a condition that is a call, and for a call that raises where its condition does not hold."""
    name = _last_name(node.func)
    match name, node.args:
        case "isinstance" | "assert_is_instance" | "assertIsInstance", [inner, kind]:
            return _typed(context.subject(inner), kind)
        case "callable", [inner]:
            return [context.subject(inner).as_kind("function")]
        case "isclose" | "allclose" | "assert_allclose", [left, right, *rest] if not rest:
            return _close(left, right, node, context)
        case "assert_almost_equal" | "assertAlmostEqual" | "assert_array_almost_equal", [left, right, *_]:
            digits = next((word.value for word in node.keywords if word.arg in ("places", "decimal")), None)
            places = _whole(node.args[2]) if len(node.args) > 2 else 7 if digits is None else _whole(digits)
            return _either(left, right, context, 0.5 * 10.0 ** -min(places, 12))
        case ("array_equal" | "assert_array_equal" | "assert_equal" | "assertEqual" | "array_equiv",
              [left, right, *_]):
            return _equal(left, right, context)
        case "all" | "assert_true" | "assertTrue" | "assert_", [inner, *_]:
            return certain(inner, context)
        case "all", [] if isinstance(node.func, ast.Attribute):
            return certain(node.func.value, context)
    raise Untranslated


def _close(left: ast.expr, right: ast.expr, node: ast.Call, context: Context) -> list[str]:
    given = {word.arg: _number(word.value) for word in node.keywords}
    in_math = isinstance(node.func, ast.Attribute) and _last_name(node.func.value) == "math"
    relative = given.get("rtol", given.get("rel_tol", 1e-9 if in_math else _RELATIVE))
    absolute = given.get("atol", given.get("abs_tol", 0.0 if in_math else _ABSOLUTE))
    if _last_name(node.func) == "assert_allclose":
        relative, absolute = given.get("rtol", 1e-7), given.get("atol", 0.0)

    def tolerance(value: Any) -> float:
        largest = max(map(abs, numbers(value) or ([value] if is_number(value) else [1.0])))
        return float(absolute + relative * largest)

    return _either(left, right, context, tolerance)


def _either(left: ast.expr, right: ast.expr, context: Context, tolerance: float | Callable[[Any], float]) -> list[str]:
    if _is_plain(left):
        left, right = right, left
    value = _value(right)
    allowed = tolerance if isinstance(tolerance, float) else tolerance(value)
    return equal(context.subject(left), value, float(f"{allowed:.3g}"), context)


def _typed(subject: Subject, kind: ast.expr) -> list[str]:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    found = {_TYPES.get(_last_name(one) or "") for one in kinds}
    accessor = found.pop() if len(found) == 1 else None
    if accessor is None:
        raise Untranslated
    return [subject.as_kind(accessor)]


def _approx(node: ast.expr) -> tuple[float, float] | None:
    """Return value and tolerance of `pytest.approx`."""
    if not isinstance(node, ast.Call) or _last_name(node.func) != "approx" or len(node.args) != 1:
        return None
    value = _number(node.args[0])
    given = {word.arg: _number(word.value) for word in node.keywords}
    return value, max(given.get("abs", 1e-12), given.get("rel", 0.0 if "abs" in given else 1e-6) * abs(value))


def _type_name(node: ast.expr) -> str:
    name = node.value if isinstance(node, ast.Constant) else _last_name(node)
    if isinstance(node, ast.Call) and _last_name(node.func) == "dtype" and len(node.args) == 1:
        return _type_name(node.args[0])
    if not isinstance(name, str) or not name.isidentifier() or name.rstrip("0123456789_") not in (
            "float", "int", "uint", "bool", "complex"):
        raise Untranslated
    return {"float": "float64", "int": "int64", "bool": "bool", "bool_": "bool"}.get(name, name)


def _last_name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None


def _is_plain(node: ast.expr) -> bool:
    try:
        value_of(node)
    except NotPlain:
        return False
    return True


def _value(node: ast.expr, *, batch: bool = False) -> Any:
    """Return plain data; of the shape of a model's input or output without its first entry, the batch."""
    try:
        value = value_of(node)
    except NotPlain:
        raise Untranslated from None
    if batch:
        if not isinstance(value, tuple) or not value or value[0] is not None:
            raise Untranslated
        return value[1:]
    return value


def _axes(value: Any) -> str:
    if not isinstance(value, tuple) or not value or not all(type(length) is int and length >= 0 for length in value):
        raise Untranslated
    return ", ".join(map(str, value))


def _number(node: ast.expr) -> float:
    value = _value(node)
    if not is_number(value):
        raise Untranslated
    return value


def _whole(node: ast.expr) -> int:
    value = _value(node)
    if type(value) is not int or value < 0:
        raise Untranslated
    return value
