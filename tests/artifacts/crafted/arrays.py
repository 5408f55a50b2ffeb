"""Files of arrays that `numpy.savez` never writes: every one must be refused, and quickly."""

from __future__ import annotations

import io
import struct
import zipfile


def npy(header: str | bytes, body: bytes = b"", *, version: int = 1) -> bytes:
    """Return an ``.npy`` with any header."""
    text = header.encode("latin-1") if isinstance(header, str) else header
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + body


def described(descr: str, shape: str, body: bytes = b"", order: str = "False") -> bytes:
    """Return an ``.npy`` whose header has the usual form."""
    return npy(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n", body)


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return stored members under any names."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return memory.getvalue()


SIDE = 1 << 31
HEADERS = {
    "no elements, sides beyond memory": described("'<f8'", f"(0, {SIDE}, {SIDE}, {SIDE})"),
    "no elements, in Fortran order": described("'<f8'", f"({SIDE}, {SIDE}, 0)", order="True"),
    "no elements, one long side": described("'|u1'", f"(0, {10**15})"),
    "negative side": described("'<f4'", "(-2,)", bytes(8)),
    "side as a float": described("'<f4'", "(2.0,)", bytes(8)),
    "side as a truth value": described("'|u1'", "(True,)", bytes(1)),
    "side in other digits": described("'|u1'", "(\u00b2,)", bytes(2)),
    "shape is a number": described("'<f4'", "2", bytes(8)),
    "shape of 18 digits": described("'<f4'", f"({'9' * 18},)", bytes(8)),
    "shape of 150 digits": described("'<f4'", f"({'9' * 150},)", bytes(8)),
    "two commas": described("'<f4'", "(2,,)", bytes(8)),
    "nested shape": described("'<f4'", "((2,),)", bytes(8)),
    "objects": described("'|O'", "(1,)", bytes(8)),
    "objects, as a pickle": npy(
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
        b"\x80\x04\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
    ),
    "a structure": described("[('a', '<f4'), ('b', '|O')]", "(1,)", bytes(12)),
    "a structure in a text": described("'f4,O'", "(1,)", bytes(12)),
    "a sub-array": described("('<f4', (2, 2))", "(1,)", bytes(16)),
    "a wide float": described("'<f16'", "(1,)", bytes(16)),
    "a float of three bytes": described("'<f3'", "(1,)", bytes(3)),
    "text as wide as memory": described("'<U999999999'", "(1,)"),
    "text of four megabytes, none of it there": described("'<U999999'", "(1,)", bytes(4)),
    "Fortran by a word": described("'<f4'", "(2,)", bytes(8), order="yes"),
    "Fortran by a number": described("'<f4'", "(2,)", bytes(8), order="1"),
    "keys in another order": npy("{'shape': (2,), 'fortran_order': False, 'descr': '<f4', }\n", bytes(8)),
    "a key twice": npy("{'descr': '<f4', 'descr': '|O', 'fortran_order': False, 'shape': (2,), }\n", bytes(8)),
    "a fourth key": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1, }\n", bytes(8)),
    "thousands of brackets": npy("[" * 4000),
    "a sum of thousands": npy("1+" * 2000 + "1"),
    "a power that never ends": npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9**9**9,), }\n"),
    "a call": npy("__import__('os').system('true')"),
    "escapes": npy("{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (2,), }\n", bytes(8)),
    "version 0": b"\x93NUMPY\x00\x00" + described("'<f4'", "(2,)", bytes(8))[8:],
    "version 3": b"\x93NUMPY\x03\x00" + described("'<f4'", "(2,)", bytes(8))[8:],
    "a length beyond the file": b"\x93NUMPY\x01\x00\xff\x0f" + b" " * 40,
    "nothing": b"",
    "half a magic word": b"\x93NUM",
}
NPZ = {name: zipped(("w0.npy", content)) for name, content in HEADERS.items()}
