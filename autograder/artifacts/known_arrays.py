"""Arrays of files that were read before: a model that was built and then compiled has the same weights twice."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.artifacts.values import Array

MOST: Final = 64 << 20
"""Bytes of files that are kept to compare others with."""
FILES: Final = 8
"""Files that are kept, the newest: a student's many files that differ in their last byte must not take long to compare.
"""


@dataclass(frozen=True, kw_only=True)
class _Known:
    data: bytes
    arrays: dict[str, Array]
    size: int


class KnownArrays:
    """Reads ``.npz`` files; of equal bytes, compared in full, the arrays are unpacked once."""

    def __init__(self) -> None:
        self._known: deque[_Known] = deque(maxlen=FILES)

    def read(self, data: bytes, limits: NpzLimits) -> dict[str, Array]:
        """Return the arrays by name, which cannot be written to, since others may have the same ones.

        Raises:
            ArtifactError: as `read_npz` does.
        """
        for known in self._known:
            if known.size <= limits.unpacked and len(data) <= limits.packed and known.data == data:
                return dict(known.arrays)
        arrays = read_npz(data, limits)
        for array in arrays.values():
            array.flags.writeable = False
        if len(data) <= MOST // FILES:
            # Headers count too where a limit is compared; twice the size is always more.
            size = 2 * sum(array.nbytes for array in arrays.values()) + 4096 * (len(arrays) + 1)
            self._known.append(_Known(data=data, arrays=arrays, size=size))
        return dict(arrays)
