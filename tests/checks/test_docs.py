"""docs/authoring/checks.md names every keyword of the marker, every fixture and every assertion."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from autograder.checks import vocabulary
from autograder.checks.plugin import ChecksPlugin
from autograder.checks.spec import KEYWORDS
from autograder.checks.student import Student
from autograder.checks.vocabulary.subject import Subject

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "authoring" / "checks.md").read_text(encoding="utf-8")
PARTS = {"any", "evidence", "quoted", "known_rows", "accepts", "confusion"}
"""What one assertion offers to another, not to a check."""


def names() -> list[str]:
    """Return every public assertion and property of every subject, and every method of `Student`."""
    modules = [importlib.import_module(f"{vocabulary.__name__}.{item.name}")
               for item in pkgutil.iter_modules(vocabulary.__path__)]
    classes = [kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)
               if issubclass(kind, Subject)]
    found = {name for kind in [*classes, Student] for name, item in vars(kind).items()
             if not name.startswith("_") and (inspect.isfunction(item) or isinstance(item, property))}
    return sorted(found - PARTS - {"names"})


@pytest.mark.parametrize("name", names())
def test_every_assertion_has_an_example(name: str) -> None:
    assert re.search(rf"\.{name}\b", PAGE), f"docs/authoring/checks.md lacks an example of .{name}"


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_every_keyword_is_explained(keyword: str) -> None:
    assert f"`{keyword}=" in PAGE or f"{keyword}=" in PAGE


@pytest.mark.parametrize("fixture", [name for name, item in vars(ChecksPlugin).items()
                                     if "fixture" in type(item).__name__.lower()])
def test_every_fixture_is_named(fixture: str) -> None:
    assert f"`{fixture}`" in PAGE
