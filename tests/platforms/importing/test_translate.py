"""Tests of other systems as lines of hidden checks: what is certain, what is a plain condition, and what is left."""

from __future__ import annotations

import ast

import pytest

from autograder.platforms.importing.subjects import kinds_of
from autograder.platforms.importing.translate import MOST_ROUNDS, Body, translate

CERTAIN = [
    ("x.shape == (3, 4)", 'student.array("x").has_shape(3, 4)'),
    ("(3, 4) == x.shape", 'student.array("x").has_shape(3, 4)'),
    ("x.shape[0] == 7", 'student.array("x").has_length(7)'),
    ("len(x) == 5", 'student.array("x").has_length(5)'),
    ("x.dtype == np.float32", 'student.array("x").has_dtype("float32")'),
    ("x.dtype == 'int64'", 'student.array("x").has_dtype("int64")'),
    ("x.min() >= 0", 'student.array("x").lies_between(0, float("inf"))'),
    ("model.count_params() == 784 * 10 + 10", 'student.model("model").has_parameter_count(7850)'),
    ("model.output_shape == (None, 10)", 'student.model("model").has_output_shape(10)'),
    ("isinstance(model, tf.keras.Model)", 'student.model("model")'),
    ("isinstance(x, (int, float))", 'student.number("x")'),
    ("type(x) == str", 'student.text("x")'),
    ("callable(f)", 'student.function("f")'),
    ("x == 7", 'student.number("x").is_about(7, tolerance=1e-09)'),
    ("x == 'relu'", "student.text(\"x\").is_one_of('relu')"),
    ("x in ['a', 'b']", "student.text(\"x\").is_one_of('a', 'b')"),
    ("x == [1, 2]", 'student.sequence("x").is_about([1, 2], tolerance=1e-09)'),
    ("0 <= x <= 1", 'student.number("x").lies_between(0, 1)'),
    ("abs(x - 2.5) < 1e-3", 'student.number("x").is_about(2.5, tolerance=0.001)'),
    ("np.isclose(x, 100)", 'student.number("x").is_about(100, tolerance=0.001)'),
    ("math.isclose(x, 2, rel_tol=0.5)", 'student.number("x").is_about(2, tolerance=1.0)'),
    ("round(x, 2) == 0.25", 'student.number("x").is_about(0.25, tolerance=0.005)'),
    ("x == pytest.approx(2, abs=0.1)", 'student.number("x").is_about(2, tolerance=0.1)'),
    ("f(3, n=2) == 9", 'student.called("f", 3, n=2).number().is_about(9, tolerance=1e-09)'),
    ("f(X) == 9", 'student.called("f", student_value("X")).number().is_about(9, tolerance=1e-09)'),
    ("f(np.array([1, 2])).shape == (2,)", 'student.called("f", np.array([1, 2])).array().has_shape(2)'),
]


def lines(code: str, solution: str = "") -> list[str]:
    body = translate(code, kinds_of(solution))
    assert not body.left, body.left
    return body.lines


def untranslated(code: str) -> Body:
    body = translate(code, {})
    assert body.left and not body.lines, (body.lines, body.left)
    return body


@pytest.mark.parametrize(("condition", "line"), CERTAIN, ids=[condition for condition, _ in CERTAIN])
def test_what_is_certain_is_an_assertion_of_the_vocabulary(condition: str, line: str) -> None:
    body = translate(f"assert {condition}", {})
    assert body.lines == [line] and not body.plain and not body.left


def test_an_array_is_compared_in_shape_and_values() -> None:
    assert lines("np.testing.assert_allclose(x, [[1, 2], [3, 4]], atol=0.01)") == [
        "expected = np.array([[1, 2], [3, 4]])",
        'student.array("x").has_shape(*expected.shape).equals_rows_of(expected, tolerance=0.01)']
    assert "expected = np.zeros((3,))" in lines("assert np.array_equal(np.zeros(3), x)")


def test_a_dict_is_compared_in_keys_and_numbers() -> None:
    made = lines("assert d == {'a': 1, 'b': 2.5}")
    assert made[0] == "found = student.mapping(\"d\").has_keys('a', 'b')" and "assert len(found.keys) == 2" in made
    assert "found.number('b').is_about(2.5, tolerance=1e-09)" in made


def test_the_kind_of_a_name_comes_from_the_solution() -> None:
    assert lines("assert len(d) == 2", "d = {'a': 1}") == ['assert len(student.mapping("d").keys) == 2']
    assert lines("assert len(t) == 2", "t = f'{1}2'") == ['assert len(student.text("t").value) == 2']
    assert lines("assert 'a' in d", "d = dict_of = {'a': 1}") == ["student.mapping(\"d\").has_keys('a')"]
    assert translate("assert len(words) == 2", kinds_of("words = ['a', 'b']")).left
    assert kinds_of("x = 1\nx = 'a'") == {}, "what is assigned twice may have changed"


@pytest.mark.parametrize(("condition", "line"), [
    ("x > 3", 'assert student.number("x").value > 3'),
    ("x < y", 'assert student.number("x").value < student.number("y").value'),
    ("x + 2 * y == 10", 'assert (student.number("x").value + (2 * student.number("y").value)) == 10'),
    ("x != 'a'", "assert student.text(\"x\").value != 'a'"),
    ("x in (1, 2)", 'assert student.number("x").value in (1, 2)'),
    ("x == 1 or x == 2", 'assert (student.number("x").value == 1) or (student.number("x").value == 2)'),
    ("x is not None", 'assert "x" in student.names()'),
    ("len(model.layers) == 2", 'assert len(student.model("model").layers()) == 2'),
    ("even(4)", 'assert getattr(student.called("even", 4).value, "value", None) is True'),
    ("even(3) == False", 'assert not (getattr(student.called("even", 3).value, "value", None) is True)'),
])
def test_other_conditions_on_numbers_and_texts_are_plain_asserts(condition: str, line: str) -> None:
    body = translate(f"assert {condition}", {})
    assert body.lines == [line] and body.plain == 1


@pytest.mark.parametrize("code", [
    "with pytest.raises(ValueError):\n    f(-1)",
    "assert_raises(ValueError, f, -1)",
    "try:\n    f(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')",
    "try:\n    f(-1)\n    assert False\nexcept ValueError:\n    pass",
])
def test_a_call_that_has_to_raise(code: str) -> None:
    assert lines(code) == [r'with pytest.raises(CheckFailed, match=r"\braised ValueError\b"):',
                           '    student.called("f", -1).value']


def test_names_that_the_test_sets_are_replaced() -> None:
    assert lines("want = [1, 4]\nseen = f(2)\nassert seen == want") == [
        'student.called("f", 2).sequence().is_about([1, 4], tolerance=1e-09)']
    assert lines("for n, want in [(1, 2), (2, 4)]:\n    assert f(n) == want, 'double'") == [
        'student.called("f", 1).number().is_about(2, tolerance=1e-09)',
        'student.called("f", 2).number().is_about(4, tolerance=1e-09)']
    assert lines("def test_area(area):\n    assert area(0) == 0\n\ntest_area(area)") == [
        'student.called("area", 0).number().is_about(0, tolerance=1e-09)']


@pytest.mark.parametrize("code", [
    "assert helper.compare(x)",
    "assert x.sum() == 4",
    "assert f(1) is not None",
    "assert isinstance(x, bool)",
    "assert os.path.exists('model.h5')",
    "reference = np.load('secret')\nassert x == reference",
    "import subprocess\nassert subprocess.run('id') == 0",
    "if True:\n    assert x == 1",
    "while True:\n    assert x == 1",
    "assert x == 10 ** 10 ** 10",
    "assert x == [0] * 10 ** 12",
    "assert x.shape == np.zeros((10 ** 9, 10 ** 9)).shape",
    "this is not Python",
])
def test_what_has_no_certain_meaning_is_left_for_a_person(code: str) -> None:
    untranslated(code)


def test_no_code_of_the_source_is_in_a_check() -> None:
    """Only values and names pass: whatever is called in a check is of the vocabulary or of numpy."""
    hostile = "\n".join(["assert x == __import__('os').system('id')", "assert f(open('/etc/passwd').read()) == 1",
                         "assert f(**secrets) == 1", "y = eval('1')", "assert y == 1", "assert np.save('a', [1]) == x",
                         "assert x == '\"\"\"; import os; \"\"\"'"])
    body = translate(hostile, {})
    tree = ast.parse("\n".join(body.lines))
    called = {node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
              for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called == {"text", "is_one_of"}
    assert len(body.left) == 5


@pytest.mark.slow
def test_large_and_deep_tests_end() -> None:
    deep = "assert x == " + "+".join(["1"] * 5_000)
    growing = "a = [1, 2]\n" + "\n".join(f"a = [a, a, {number}]" for number in range(40)) + "\nassert x == a"
    loops = "for a in range(50):\n" + "".join(
        f"{'    ' * depth}for {name} in range(50):\n" for depth, name in ((1, "b"), (2, "c")))
    loops += " " * 12 + "assert f(a, b, c)"
    for code in (deep, growing, loops, "assert " + "(" * 500 + "x" + ")" * 500, "assert " + "not " * 3_000 + "x"):
        body = translate(code, {})
        assert len(body.lines) <= 401
    assert translate(f"for n in range({MOST_ROUNDS + 1}):\n    assert f(n) == 1", {}).left
