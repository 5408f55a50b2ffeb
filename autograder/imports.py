"""Importing without what nobody here needs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SLOW: Final = ("rfc3987_syntax",)
"""jsonschema, below nbformat, compiles a grammar of web addresses when it is imported, for most of a second, where it
finds this package (some of Jupyter's bring it along). It is for a format that no notebook's schema asks for.
"""


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let imports of these modules fail within the block: for libraries that do without what they cannot import.

    What was imported before stays, and after the block everything can be imported again.
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # import's own way to say that there is none
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules.get(name, sys) is None:
                del sys.modules[name]
