"""What both sides of the sandbox must compute alike: sampled rows, probe inputs, fingerprints of arrays.

Only raw bits of PCG64 are used, whose stream NumPy promises to keep, so that a student's process and the grader
draw the same numbers from the same key, whatever version either uses.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import Any

# Imported once and by name: a student who patches numpy's functions must not change what is recorded.
from numpy import arange, argsort, ascontiguousarray, cos, dtype, float64, int64, log, resize, sin, sort, sqrt, uint8
from numpy import array as array_of
from numpy import concatenate as join
from numpy.random import PCG64
from numpy.typing import NDArray
from xxhash import xxh3_128

BLOCK_BYTES = 1 << 20
PROBE_SIDE = 8
"""The length of an axis of a probe where the model leaves it open."""
LOUD = 8.0
_INTEGERS = 10
_DRAWN = 65_537


def sample_indices(key: str, n: int, count: int) -> NDArray[int64]:
    """Return which rows of an array of ``n`` rows are sampled: sorted, unique, all of them when ``n <= count``."""
    if n <= count:
        return arange(max(n, 0), dtype=int64)
    bits = _bits(key, "rows", n, count)
    if n <= 4 * count:
        return sort(argsort(bits.random_raw(n), kind="stable")[:count]).astype(int64)
    seen: set[int] = set()
    while len(seen) < count:
        seen.add(int(bits.random_raw()) % n)
    return array_of(sorted(seen), dtype=int64)


def probe_inputs(key: str, shape: tuple[int, ...], dtype: str, count: int) -> NDArray[Any]:
    """Return ``count`` inputs of ``shape`` on which both sides evaluate a model.

    Standard normal numbers (Box and Muller's transform) for floating types, whole numbers from 0 to 9 for the others.
    """
    kind = _numpy_type(dtype)
    size = count * math.prod(shape)
    bits = _bits(key, "probe", *shape, count)
    if kind.kind in "iub":
        return (bits.random_raw(size) % (2 if kind.kind == "b" else _INTEGERS)).astype(kind).reshape(count, *shape)
    half = (size + 1) // 2
    radius = sqrt(-2.0 * log(1.0 - _uniform(bits, half)))
    angle = 2.0 * math.pi * _uniform(bits, half)
    normal = join([radius * cos(angle), radius * sin(angle)])[:size]
    return normal.astype(kind).reshape(count, *shape)


def probe_sides(shape: Sequence[int | None]) -> tuple[int, ...]:
    """Return the shape of one probe input of a model, batch axis left out, from the input shape that it states."""
    return tuple(PROBE_SIDE if side is None else int(side) for side in shape[1:])


def louder(inputs: NDArray[Any]) -> NDArray[Any]:
    """Return probe inputs with every second row eight times as large, which reveals functions that clip.

    Whole numbers, which index something, do not change.
    """
    loud = inputs.copy()
    if loud.dtype.kind == "f":
        loud[1::2] *= LOUD
    return loud


def probe_weights(key: str, shapes: Sequence[tuple[int, ...]]) -> list[NDArray[Any]]:
    """Return weights (float32) of these shapes with which both sides evaluate a model, to compare its function.

    A model's own weights may hide what its layers compute: zeros, NaN, or kernels that never make a negative number.
    Kernels are normal numbers scaled to keep the size of what goes through; vectors are between 0.2 and 0.8, so that
    they are valid as a variance too.
    """
    bits = _bits(key, "weights", len(shapes))
    normal = sqrt(-2.0 * log(1.0 - _uniform(bits, _DRAWN))) * cos(2.0 * math.pi * _uniform(bits, _DRAWN))
    vector = 0.2 + 0.6 * _uniform(bits, _DRAWN)
    made: list[NDArray[Any]] = []
    for shape in shapes:
        drawn = normal * math.sqrt(2.0 / max(1, math.prod(shape[:-1]))) if len(shape) > 1 else vector
        made.append(resize(drawn, shape).astype("float32"))
    return made


def fingerprint(array: NDArray[Any], body: bytes | None = None) -> str:
    """Return the XXH3-128 hex digest of an array's type and shape, and of the digest of its bytes in C order.

    The head that is hashed first is ``"<dtype.str>|<n>,<m>,…|"``, e.g. ``"<f4|6000,784|"``.

    Args:
        body: the digest of the bytes where it is known; another shape of the same numbers shares it.
    """
    head = f"{array.dtype.str}|{','.join(str(side) for side in array.shape)}|"
    return xxh3_128(head.encode() + (body or bytes_digest(array))).hexdigest()


def bytes_digest(array: NDArray[Any]) -> bytes:
    """Return the XXH3-128 digest of an array's bytes in C order, whatever its shape.

    It distinguishes arrays, at the speed of memory, but does not resist deliberate collisions. Nothing depends on that:
    the digest is computed in the student's process, which could report any other.
    """
    digest = xxh3_128()
    for block in blocks(array):
        digest.update(block.view(uint8).data)
    return digest.digest()


def blocks(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Yield an array's elements in C order as contiguous one-dimensional pieces of about a mebibyte."""
    if array.size == 0:
        return
    if array.flags.c_contiguous:
        flat = array.reshape(-1)
        step = max(1, BLOCK_BYTES // array.itemsize)
        for start in range(0, flat.shape[0], step):
            yield flat[start : start + step]
        return
    step = max(1, BLOCK_BYTES // (array.nbytes // array.shape[0]))
    for start in range(0, array.shape[0], step):
        yield ascontiguousarray(array[start : start + step]).reshape(-1)


def _bits(key: str, *labels: object) -> PCG64:
    text = "|".join([key, *map(str, labels)])
    return PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))


def _uniform(bits: PCG64, size: int) -> NDArray[float64]:
    # The upper 53 bits of a word, as a number in [0, 1).
    return (bits.random_raw(size) >> 11).astype(float64) * 2.0**-53


def _numpy_type(name: str) -> dtype[Any]:
    """Return the type of a probe; Keras's bfloat16 has none in NumPy and takes float32."""
    try:
        return dtype(name)
    except TypeError:
        return dtype("float32")
