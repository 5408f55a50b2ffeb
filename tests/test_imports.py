"""What is left out of imports, and that it stays importable."""

from __future__ import annotations

import importlib
import sys

import pytest

from autograder.imports import without

NAME = "this_module_is_slow"


@pytest.fixture
def slow(tmp_path, monkeypatch):
    (tmp_path / f"{NAME}.py").write_text("VALUE = 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop(NAME, None)


def test_a_module_that_is_left_out_cannot_be_imported_inside_and_can_afterwards(slow):
    with without(NAME), pytest.raises(ImportError):
        importlib.import_module(NAME)
    assert importlib.import_module(NAME).VALUE == 7


def test_what_was_imported_before_stays(slow):
    module = importlib.import_module(NAME)
    with without(NAME):
        assert importlib.import_module(NAME) is module
    assert sys.modules[NAME] is module


def test_an_error_inside_leaves_nothing_behind(slow):
    with pytest.raises(KeyError), without(NAME):
        raise KeyError
    assert importlib.import_module(NAME).VALUE == 7
