"""Threads that parse at the same time do not disturb each other."""

from __future__ import annotations

import ast
import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.notebook.syntax import parse_syntax

TEXT = "\n".join(f"x{i} = [(a + {i}) * f(b, [c, (d, {{'e': {i}}})]) for a in range({i})]" for i in range(60))


class _Garbage:
    """Lets another thread run when it is collected, which may be in the middle of the building of a tree."""

    def __init__(self) -> None:
        self.cycle = self

    def __del__(self) -> None:
        time.sleep(0)


@pytest.fixture
def busy_collector() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(50, 2, 2)
    yield
    gc.set_threshold(*before)


def errors(parse: Callable[[str], ast.Module]) -> int:
    """Return how often Python itself failed to build a tree, in four threads."""

    def work() -> int:
        failed = 0
        for _ in range(12):
            _Garbage()
            try:
                parse(TEXT)
            except SystemError:
                failed += 1
        return failed

    with ThreadPoolExecutor(4) as threads:
        return sum(one.result() for one in [threads.submit(work) for _ in range(4)])


@pytest.mark.usefixtures("busy_collector")
def test_no_thread_is_disturbed_by_another_ones_tree() -> None:
    assert errors(parse_syntax) == 0


def test_code_that_is_none_says_so() -> None:
    with pytest.raises(SyntaxError):
        parse_syntax("a =")
    assert isinstance(parse_syntax("a = 1").body[0], ast.Assign)
