"""Python source as a syntax tree, from any thread."""

from __future__ import annotations

import ast
import threading

_PARSING = threading.RLock()  # a finalizer that parses may run meanwhile, in the same thread


def parse_syntax(text: str) -> ast.Module:
    """Return the tree of a text, by one thread at a time.

    Python 3.11 counts the depth of the tree that it builds for all threads together: two that parse at the same time
    can end in a `SystemError` about it (python/cpython#106905).

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `ast.parse`.
    """
    with _PARSING:
        return ast.parse(text)
