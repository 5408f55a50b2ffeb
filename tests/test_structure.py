"""How long a module, a function and a signature may be, and how far a submission travels: the plan in figures."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest

from benchmarks.structure import PACKAGE, Measured, functions, in_cycles, rooms

PAGE = (PACKAGE.parent / "docs/design/architecture.md").read_text(encoding="utf-8")
MODULE_LINES = 300
FUNCTION_LINES = 30
PARAMETERS = 7
"""Without ``self`` and ``cls``. What a command of the command line gets as ``**given`` is one object."""
ROOMS = 12
HOPS = (
    ("cli/grading.py", "grade"), ("pipeline/grade/batch.py", "grade_class"),
    ("pipeline/grade/batch.py", "grade_assignment"), ("pipeline/grade/batch.py", "grade_receipts"),
    ("pipeline/grade/best_attempt.py", "grade_attempts"), ("pipeline/grade/submission.py", "grade_submission"),
    ("pipeline/grade/judging.py", "check_answers"),
)
MODULES = sorted(PACKAGE.rglob("*.py"))


def too_long(name: str, text: str) -> list[Measured]:
    return [one for one in functions(name, text) if one.lines > FUNCTION_LINES or one.parameters > PARAMETERS]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_is_read_at_once_is_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES, "split this module by meaning"
    assert not too_long(path.name, text), "give parts of it a name of their own, and parameters that belong together"


def test_what_is_too_long_is_found() -> None:
    body = "\n".join(["    x = 1", "", "    # why"] * FUNCTION_LINES)
    just = f'def f():\n    """One.\n\n    Two.\n    """\n{body}\n'
    assert not too_long("a.py", just)
    assert too_long("a.py", just + "    y = (\n        2)\n") == [
        Measured(name="a.py: f", lines=FUNCTION_LINES + 2, parameters=0)]
    names = ", ".join(f"p{number}" for number in range(PARAMETERS))
    assert not too_long("a.py", f"class A:\n    def f(self, {names}): ...\n")
    assert [one.parameters for one in too_long("a.py", f"def f({names}, *, k=1, **more): ...\n")] == [PARAMETERS + 2]


def test_the_pipeline_has_few_packages_and_no_cycle() -> None:
    plan = rooms(PACKAGE)
    assert not in_cycles(plan)
    assert in_cycles({"a": {"b"}, "b": {"a"}, "c": {"a"}}) == {"a", "b"}
    packages = sum((PACKAGE / "pipeline" / room).is_dir() for room in plan)
    assert packages <= ROOMS and f"`pipeline/` has {packages} packages" in PAGE


def test_a_submission_travels_as_the_page_says() -> None:
    """Each function of the way calls the next one, or was given it by its own caller; the page has their order."""
    given: set[str] = set()
    for (module, name), (_, called) in itertools.pairwise(HOPS):
        tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
        (function,) = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
        named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        assert called in named | given, f"{name} → {called}"
        given = named
    told = re.search(r"there are six calls: (.*?)\.\n", PAGE, re.DOTALL)
    assert told is not None and re.findall(r"`(\w+)`", told[1]) == [name for _, name in HOPS]
    assert len(HOPS) - 1 <= 6
