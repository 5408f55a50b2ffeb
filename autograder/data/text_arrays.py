"""Texts as rows: an array with the type ``<U…``, within bounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.artifacts import Array
from autograder.errors import DataError

MAX_CHARACTERS = 20_000
"""Of one text."""
MAX_BYTES = 256 << 20
"""Of all texts: an array gives each as much room as the longest one."""


def text_array(texts: Sequence[str], called: str) -> Array:
    """Return texts as an array ``(n,)``.

    Args:
        called: what sentences call their source.

    Raises:
        DataError: one is empty or too long, or all together are too large.
    """
    longest = max(map(len, texts), default=0)
    if longest > MAX_CHARACTERS or 4 * longest * len(texts) > MAX_BYTES:
        raise DataError(f"{called} was expected to have texts of at most {MAX_CHARACTERS:,} characters, and "
                        f"{MAX_BYTES >> 20} MiB with all as long as the longest, but it has {len(texts):,} of up to "
                        f"{longest:,}; shorten the longest, or keep fewer rows.")
    empty = next((place for place, text in enumerate(texts) if not text.strip()), None)
    if empty is not None:
        raise DataError(f"Text {empty + 1:,} of {called} is empty, but a model needs words to read; fill it in, or "
                        "remove the row.")
    return np.array(texts, np.str_)
