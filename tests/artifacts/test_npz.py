"""Every way in which an .npz may be other than numpy.savez makes it."""

from __future__ import annotations

import contextlib
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.errors import ArtifactError

SMALL = NpzLimits(packed=1 << 20, unpacked=1 << 20, members=16)


def saved(**arrays: Any) -> bytes:
    memory = io.BytesIO()
    np.savez(memory, **arrays)
    return memory.getvalue()


def compressed(**arrays: Any) -> bytes:
    memory = io.BytesIO()
    np.savez_compressed(memory, **arrays)
    return memory.getvalue()


def npy(header: str | bytes, body: bytes = b"", *, version: int = 1) -> bytes:
    text = header.encode() if isinstance(header, str) else header
    size = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + body


def described(descr: str, shape: str, body: bytes = b"") -> bytes:
    return npy(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n", body)


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", compression) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return memory.getvalue()


def patched(data: bytes, field: int, value: int, *, size: int = 4) -> bytes:
    """Change one field of the first central directory entry."""
    start = data.index(b"PK\x01\x02") + field
    return data[:start] + value.to_bytes(size, "little") + data[start + size :]


ARRAYS: dict[str, Any] = {
    "w0": np.arange(12, dtype=np.float32).reshape(3, 4),
    "w1": np.asfortranarray(np.arange(6, dtype=np.int64).reshape(2, 3)),
    "w2": np.array([True, False]),
    "w3": np.array(["ä", "digit"]),
    "w4": np.float64(2.5).reshape(()),
    "w5": np.zeros((0, 7), np.uint8),
    "w6": np.array([np.nan, np.inf], dtype=">f8"),
    "w7": np.arange(3, dtype=np.float16),
}


@pytest.mark.parametrize("write", [saved, compressed])
def test_what_numpy_saves_is_read_as_it_was(write: Callable[..., bytes]) -> None:
    seen = read_npz(write(**ARRAYS))
    assert list(seen) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert np.array_equal(seen[name], array, equal_nan=array.dtype.kind == "f")
        assert seen[name].dtype == array.dtype.newbyteorder("=")
        assert seen[name].flags.writeable


def test_an_archive_without_arrays_is_empty() -> None:
    assert read_npz(saved()) == {}


OK = described("<f4", "(2,)", bytes(8))
HOSTILE = {
    "claims 80 GB": zipped(("w0.npy", described("<f4", "(20000000000,)", bytes(8)))),
    "claims 80 GB in its directory": patched(zipped(("w0.npy", OK)), 24, 0xFFFFFFF0),
    "bomb": zipped(("w0.npy", described("|u1", "(50000000,)", bytes(50_000_000))), compression=zipfile.ZIP_DEFLATED),
    "bomb that hides its size": patched(
        zipped(("w0.npy", described("|u1", "(900000,)", bytes(900_000))), compression=zipfile.ZIP_DEFLATED), 24, 100),
    "stored member that hides its size": patched(zipped(("w0.npy", OK)), 24, 100),
    "compressed with bzip2": zipped(("w0.npy", OK), compression=zipfile.ZIP_BZIP2),
    "compressed with lzma": zipped(("w0.npy", OK), compression=zipfile.ZIP_LZMA),
    "encrypted": patched(zipped(("w0.npy", OK)), 8, 1, size=2),
    "objects": saved(w0=np.array([{}, None], dtype=object)),
    "object header": zipped(("w0.npy", described("|O", "(2,)", bytes(16)))),
    "raw pickle": zipped(("w0.npy", b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.")),
    "pickle instead of a zip": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00.",
    "bare npy": OK,
    "structure": saved(w0=np.zeros(2, dtype=[("a", "f4")])),
    "void": saved(w0=np.zeros(2, dtype="V8")),
    "complex": saved(w0=np.zeros(2, dtype=complex)),
    "bytes": saved(w0=np.array([b"a"])),
    "time": saved(w0=np.zeros(2, dtype="datetime64[s]")),
    "long double": saved(w0=np.zeros(2, dtype=np.longdouble)),
    "huge header": zipped(("w0.npy", npy(" " * 60_000 + "{}"))),
    "huge header of version 2": zipped(("w0.npy", npy(b" " * 70_000, version=2))),
    "header that claims 4 GB": zipped(("w0.npy", b"\x93NUMPY\x02\x00" + b"\xff" * 4 + bytes(20))),
    "deep header": zipped(("w0.npy", npy("(" * 4000))),
    "header with code": zipped(("w0.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (exit(),), }"))),
    "header without shape": zipped(("w0.npy", npy("{'descr': '<f4', 'fortran_order': False, }"))),
    "unknown version": zipped(("w0.npy", b"\x93NUMPY\x09\x00" + OK[8:])),
    "product overflows": zipped(("w0.npy", described("<f8", "(4294967296, 4294967296)"))),
    "zero size, huge side": zipped(("w0.npy", described("<f8", "(0, 4611686018427387904)"))),
    "negative side": zipped(("w0.npy", described("<f4", "(-1, -2)", bytes(8)))),
    "seven dimensions": saved(w0=np.zeros((1,) * 7)),
    "too short": zipped(("w0.npy", described("<f4", "(3,)", bytes(8)))),
    "too long": zipped(("w0.npy", described("<f4", "(1,)", bytes(8)))),
    "empty member": zipped(("w0.npy", b"")),
    "two of one name": zipped(("w0.npy", OK), ("w1.npy", OK)).replace(b"w1.npy", b"w0.npy"),
    "parent folder": zipped(("../w0.npy", OK)),
    "absolute": zipped(("/etc/w0.npy", OK)),
    "folder": zipped(("a/w0.npy", OK)),
    "null byte": zipped(("wX.npy", OK)).replace(b"wX.npy", b"w\0.npy"),
    "other suffix": zipped(("w0.pkl", OK)),
    "wrong checksum": patched(zipped(("w0.npy", OK)), 16, 1),
    "local header elsewhere": patched(zipped(("w0.npy", OK)), 42, 3),
    "local header behind the end": patched(zipped(("w0.npy", OK)), 42, 0xFFFFFFF0),
    "cut": zipped(("w0.npy", OK))[:-30],
    "nothing": b"",
    "comment": zipped(("w0.npy", OK))[:-2] + b"\x02\x00hi",
    "bytes in front": b"GIF89a" + zipped(("w0.npy", OK)),
    "truth value 7": zipped(("w0.npy", described("|b1", "(2,)", b"\x07\x01"))),
    "text beyond Unicode": zipped(("w0.npy", described("<U1", "(1,)", b"\xff\xff\xff\x7f"))),
    "half a surrogate pair": zipped(("w0.npy", described("<U1", "(1,)", b"\x00\xd8\x00\x00"))),
    "text of no width": zipped(("w0.npy", described("<U0", "(5,)"))),
    "sum of members": saved(**{f"w{i}": np.zeros(30_000) for i in range(10)}),
    "too many members": saved(**{f"w{i}": np.zeros(1) for i in range(17)}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_everything_else_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(ArtifactError) as caught:
        read_npz(HOSTILE[name], SMALL)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(ArtifactError, match="at most 100 bytes"):
        read_npz(bytes(200), NpzLimits(packed=100))


def test_sixty_thousand_members_are_counted_before_they_are_listed() -> None:
    data = zipped(*((f"w{i}.npy", b"") for i in range(60_000)))
    tracemalloc.start()
    with pytest.raises(ArtifactError, match="60000"):
        read_npz(data)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_a_bomb_is_refused_without_the_memory_that_it_asks_for() -> None:
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = raw.compress(bytes(200_000_000)) + raw.flush()
    honest = zipped(("w0.npy", bytes(1000)), compression=zipfile.ZIP_DEFLATED)
    start = honest.index(b"PK\x01\x02")
    directory = bytearray(honest[start:])
    directory[20:24] = len(packed).to_bytes(4, "little")
    data = honest[:30] + b"w0.npy" + packed
    end = len(directory) - 22
    directory[end + 16 : end + 20] = len(data).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(ArtifactError, match="larger than it says"):
        read_npz(data + bytes(directory), SMALL)
    assert tracemalloc.get_traced_memory()[1] < 4 << 20
    tracemalloc.stop()


SEEDS = [saved(**ARRAYS), compressed(**ARRAYS), zipped(("w0.npy", OK)), saved(x=np.ones((32, 4)), y=np.ones((32, 2)))]


@settings(max_examples=600, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    edits=st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
    cut=st.integers(0, 40),
)
def test_mutated_bytes_raise_nothing_else_and_never_grow(
    seed: bytes, edits: list[tuple[int, bytes]], cut: int
) -> None:
    data = bytearray(seed)
    for place, change in edits:
        start = place % len(data)
        data[start : start + len(change)] = change
    limits = NpzLimits(packed=1 << 16, unpacked=1 << 16, members=64)
    try:
        arrays = read_npz(bytes(data[: len(data) - cut]), limits)
    except ArtifactError:
        return
    assert sum(array.nbytes for array in arrays.values()) <= limits.unpacked
    assert all(array.dtype.kind in "fiubU" for array in arrays.values())


@settings(max_examples=300, deadline=None)
@given(header=st.text(max_size=120), body=st.binary(max_size=64))
def test_any_header_is_read_or_refused(header: str, body: bytes) -> None:
    for text in (header, f"{{'descr': '{header}', 'fortran_order': False, 'shape': (2,), }}",
                 f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({header}), }}"):
        with contextlib.suppress(ArtifactError):
            read_npz(zipped(("w0.npy", npy(text.encode("utf-8", "replace"), body))), SMALL)
