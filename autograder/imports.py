"""Imports without optional dependencies that are not needed here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SLOW: Final = ("rfc3987_syntax",)
"""jsonschema, which nbformat uses, compiles a grammar of web addresses on import, which takes most of a second, if this
package is installed (some of Jupyter's packages require it). No notebook's schema uses that format.
"""


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Make imports of these modules fail within the block, for libraries that treat them as optional.

    Modules imported before stay imported, and after the block everything can be imported again.
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
