"""docs/authoring/cookbook.md: each of its checks can be collected, and has no mistake that its text shows."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from autograder.checks import collect
from autograder.checks.source import Declared, mistakes
from autograder.model import CheckSpec

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "authoring" / "cookbook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
RECIPES = 25


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> tuple[CheckSpec, ...]:
    folder = tmp_path_factory.mktemp("cookbook")
    (folder / "test_cookbook.py").write_text("\n\n".join(BLOCKS))
    return collect(folder)


def test_there_are_as_many_as_the_title_says() -> None:
    assert re.findall(r"^\*\*(\d+)\. ", PAGE, re.MULTILINE) == [str(number) for number in range(1, RECIPES + 1)]
    assert f"{RECIPES} checks" in PAGE.splitlines()[0]


def test_every_check_can_be_collected(specs: tuple[CheckSpec, ...]) -> None:
    assert len(specs) == len(re.findall(r"^def test_", PAGE, re.MULTILINE)) >= RECIPES
    assert all(spec.title.endswith(".") for spec in specs)


def test_no_check_has_a_mistake_that_its_text_shows(specs: tuple[CheckSpec, ...]) -> None:
    predicts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    calls: dict[str, set[str]] = defaultdict(set)
    for spec in specs:
        predicts[spec.task].update(spec.predicts)
        calls[spec.task].update(one.function for one in spec.calls)
    known = Declared(
        tasks=frozenset({spec.task for spec in specs} | {"load"}), sizes=frozenset({"EPOCHS"}),
        predicts={task: frozenset(pairs) for task, pairs in predicts.items()},
        calls={task: frozenset(names) for task, names in calls.items()})
    assert mistakes({"cookbook.md": "\n\n".join(BLOCKS)}, known) == ()
    assert mistakes({"cookbook.md": "\n\n".join(BLOCKS).replace("is_one_hot", "is_onehot")}, known)
