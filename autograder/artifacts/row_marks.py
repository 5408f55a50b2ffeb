"""One number for each row of an array, by which both sides of the sandbox find the same rows again.

They tell rows apart that differ by accident; who wants two rows with one mark can make them.
"""

from __future__ import annotations

from typing import Any

from numpy import ascontiguousarray, errstate, float32, frombuffer, isnan, nan, uint8, uint64, zeros
from numpy.random import PCG64
from numpy.typing import NDArray

MOST_ROWS = 20_000
MOST_BYTES = 800
"""Of one row of a table whose marks are recorded."""
_WORD = 8
_BLOCK = 4096


def is_table(shape: tuple[int, ...], itemsize: int) -> bool:
    """Whether the marks of an array's rows are recorded: of tables, not of images."""
    return len(shape) == 2 and 0 < shape[0] <= MOST_ROWS and shape[1] >= 2 and shape[1] * itemsize <= MOST_BYTES


def row_marks(array: NDArray[Any]) -> NDArray[uint64]:
    """Return one number for each row that depends only on its bytes."""
    octets = ascontiguousarray(array).reshape(len(array), -1).view(uint8)
    width = -(-octets.shape[1] // _WORD) * _WORD
    factors = frombuffer(PCG64(12).random_raw(width // _WORD).tobytes(), uint64) | uint64(1)
    marks = zeros(len(array), uint64)
    for start in range(0, len(array), _BLOCK):
        block = octets[start : start + _BLOCK]
        words = zeros((len(block), width), uint8)
        words[:, : block.shape[1]] = block
        marks[start : start + _BLOCK] = (words.view(uint64) * factors).sum(axis=1, dtype=uint64)
    return marks


def table_marks(table: NDArray[Any]) -> NDArray[uint64]:
    """Return one number for each row of a table that depends only on its numbers, rounded to float32.

    So the number type of the array makes no difference, nor does the last digit, which readers of text files round in
    different ways.

    Args:
        table: shape (rows, columns), of any real or whole numbers.
    """
    with errstate(over="ignore", invalid="ignore"):
        rounded = table.astype(float32) + float32(0)  # there is only one zero then
    rounded[isnan(rounded)] = nan
    return row_marks(rounded)
