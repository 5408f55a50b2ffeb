"""Reads ``.npz`` bytes that a student's process wrote, under limits and without pickle.

NumPy's own reader unpacks a small bomb into gigabytes, takes the last of duplicate members and passes ``../`` names.
So the few structures that ``numpy.savez`` writes are read here, by hand, and anything else is refused. Every size is
compared with the limits before a byte is unpacked or an array is made.
"""

from __future__ import annotations

import math
import re
import struct
import zlib
from dataclasses import dataclass

import numpy as np

from autograder.artifacts.values import Array
from autograder.errors import ArtifactError

MAX_HEADER = 4096
MAX_DIMENSIONS = 6
MAX_CODE_POINT = 0x10FFFF
MAX_SPAN = 1 << 40

_END = struct.Struct("<4sL2H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_STORED, _DEFLATED = 0, 8
_NAME = re.compile(rb"([A-Za-z0-9_]{1,64})\.npy")
# Exactly what numpy.lib.format writes: untrusted Python literals need not be parsed.
_HEADER = re.compile(
    r"\{'descr': '([<>|=]?)([fiubU])(\d{1,6})', 'fortran_order': (True|False), 'shape': \(([\d, ]{0,200})\), ?\} *\n?"
)
_ITEM_SIZES = {"f": (2, 4, 8), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "b": (1,)}


@dataclass(frozen=True, kw_only=True, slots=True)
class NpzLimits:
    """Bounds of one file: its bytes, the bytes of all members unpacked, the number of members."""

    packed: int = 256 << 20
    unpacked: int = 256 << 20
    members: int = 2048


@dataclass(frozen=True, kw_only=True, slots=True)
class _Member:
    name: str
    method: int
    checksum: int
    packed: int
    unpacked: int
    offset: int


def read_npz(data: bytes, limits: NpzLimits | None = None) -> dict[str, Array]:
    """Return the arrays of an ``.npz`` file, in the order of the file.

    Names are flat; kinds are float, int, unsigned, bool and text; at most 6 dimensions. Values may be NaN or Inf.

    Raises:
        ArtifactError: the bytes are not such a file, or exceed a limit.
    """
    limits = limits or NpzLimits()
    if len(data) > limits.packed:
        raise ArtifactError(f"Expected an .npz of at most {limits.packed} bytes, got {len(data)}: it was not read.")
    members = _directory(data, limits)
    total = sum(member.unpacked for member in members)
    if total > limits.unpacked:
        raise ArtifactError(f"Expected arrays of at most {limits.unpacked} bytes, the .npz declares {total}: not read.")
    if sum(member.packed for member in members) > len(data):
        # Members that share their bytes: each would be unpacked separately, hours of work from one file.
        raise ArtifactError("The arrays of an .npz overlap: it was not read.")
    return {member.name: _array(_unpack(data, member), member.name) for member in members}


def _directory(data: bytes, limits: NpzLimits) -> list[_Member]:
    """Return the members that the central directory lists, refusing odd and duplicate names."""
    position, count = _end_record(data)
    if count > limits.members:
        raise ArtifactError(f"Expected at most {limits.members} arrays in an .npz, got {count}: it was not read.")
    members: list[_Member] = []
    for _ in range(count):
        if position + _CENTRAL.size > len(data):
            raise ArtifactError("The directory of an .npz is cut off: the file was not read.")
        member, position = _central_entry(data, position)
        members.append(member)
    if len({member.name for member in members}) != count:
        raise ArtifactError("An .npz has two arrays of one name: it was not read.")
    return members


def _end_record(data: bytes) -> tuple[int, int]:
    """Return where the central directory starts and how many members it lists."""
    # numpy writes no archive comment, so the record is the very end of the file.
    start = len(data) - _END.size
    if start < 0 or data[start : start + 4] != b"PK\x05\x06":
        raise ArtifactError("Expected an .npz as numpy.savez writes it, got other bytes: the file was not read.")
    _, disks, here, total, size, offset, comment = _END.unpack_from(data, start)
    if disks or here != total or comment or offset + size != start:
        raise ArtifactError("The directory of an .npz does not fit its file: it was not read.")
    return offset, total


def _central_entry(data: bytes, position: int) -> tuple[_Member, int]:
    fields = _CENTRAL.unpack_from(data, position)
    signature, flags, method = fields[0], fields[3], fields[4]
    checksum, packed, unpacked = fields[7:10]
    name_length, extra_length, comment_length, offset = *fields[10:13], fields[16]
    start = position + _CENTRAL.size
    name = _NAME.fullmatch(data[start : start + name_length])
    if signature != b"PK\x01\x02" or flags & _ENCRYPTED or method not in (_STORED, _DEFLATED):
        raise ArtifactError("An .npz has an encrypted or unknown kind of member: it was not read.")
    if name is None:
        raise ArtifactError("Expected flat names such as w0.npy in an .npz, got another: it was not read.")
    member = _Member(name=name[1].decode("ascii"), method=method, checksum=checksum,
                     packed=packed, unpacked=unpacked, offset=offset)
    return member, start + name_length + extra_length + comment_length


def _unpack(data: bytes, member: _Member) -> memoryview:
    """Return the bytes of one member; never more than it declares. What is stored as it is, is not copied."""
    if member.offset + _LOCAL.size > len(data) or data[member.offset : member.offset + 4] != b"PK\x03\x04":
        raise ArtifactError(f"Array {member.name} of an .npz is not where its directory says: it was not read.")
    fields = _LOCAL.unpack_from(data, member.offset)
    name_length, extra_length = fields[9], fields[10]
    start = member.offset + _LOCAL.size + name_length + extra_length
    packed = memoryview(data)[start : start + member.packed]
    if len(packed) != member.packed:
        raise ArtifactError(f"Array {member.name} of an .npz is cut off: it was not read.")
    content = packed if member.method == _STORED else memoryview(_inflate(packed, member))
    if len(content) != member.unpacked or zlib.crc32(content) != member.checksum:
        raise ArtifactError(f"Array {member.name} of an .npz has another size or checksum than it says: not read.")
    return content


def _inflate(packed: memoryview, member: _Member) -> bytes:
    inflater = zlib.decompressobj(-15)
    try:
        content = inflater.decompress(packed, member.unpacked + 1)
    except zlib.error:
        raise ArtifactError(f"Array {member.name} of an .npz cannot be unpacked: it was not read.") from None
    if not inflater.eof or inflater.unused_data:
        raise ArtifactError(f"Array {member.name} of an .npz is larger than it says: it was not read.")
    return content


def _array(content: memoryview, name: str) -> Array:
    """Turn the bytes of one ``.npy`` into an array of native byte order."""
    header, start = _header_text(content, name)
    match = _HEADER.fullmatch(header)
    if match is None:
        raise ArtifactError(f"Array {name} of an .npz is of a kind that is not accepted: it was not read.")
    order, kind, width = match[1], match[2], int(match[3])
    dtype = _dtype(order, kind, width, name)
    shape = _shape(match[5], name)
    # math.prod of Python ints cannot overflow; the member's own size bounds it.
    # Sides of 0 hide the others from that size, but not from NumPy, which cannot make an array of such sides.
    span = math.prod(side or 1 for side in shape) * dtype.itemsize
    if math.prod(shape) * dtype.itemsize != len(content) - start or span > MAX_SPAN:
        raise ArtifactError(f"Array {name} of an .npz has another size than its shape says: it was not read.")
    array = np.frombuffer(content, dtype=dtype, offset=start).astype(dtype.newbyteorder("="))
    _check_values(array, kind, name)
    return array.reshape(shape, order="F" if match[4] == "True" else "C")


def _header_text(content: memoryview, name: str) -> tuple[str, int]:
    if bytes(content[:6]) != b"\x93NUMPY" or len(content) < 12 or content[6] not in (1, 2):
        raise ArtifactError(f"Member {name} of an .npz is not an array: it was not read.")
    size, start = (2, 10) if content[6] == 1 else (4, 12)
    length = int.from_bytes(content[8 : 8 + size], "little")
    if length > MAX_HEADER or start + length > len(content):
        raise ArtifactError(f"Array {name} of an .npz has a header of {length} bytes: it was not read.")
    return bytes(content[start : start + length]).decode("latin-1"), start + length


def _dtype(order: str, kind: str, width: int, name: str) -> np.dtype[np.generic]:
    sizes = _ITEM_SIZES.get(kind)
    if (sizes and width not in sizes) or (kind == "U" and width == 0):
        raise ArtifactError(f"Array {name} of an .npz has an unknown number format: it was not read.")
    return np.dtype(f"{order}{kind}{width}")


def _shape(text: str, name: str) -> tuple[int, ...]:
    sides = [side.strip() for side in text.split(",")]
    if sides[-1] == "":
        sides.pop()
    if len(sides) > MAX_DIMENSIONS or not all(re.fullmatch(r"\d{1,18}", side) for side in sides):
        raise ArtifactError(f"Array {name} of an .npz has a shape that is not accepted: it was not read.")
    return tuple(int(side) for side in sides)


def _check_values(array: Array, kind: str, name: str) -> None:
    """Refuse bit patterns that are not a value of their type, which would break later code."""
    if array.size == 0:
        return
    if kind == "b" and int(array.view(np.uint8).max()) > 1:
        raise ArtifactError(f"Array {name} of an .npz has bytes that are not valid booleans: it was not read.")
    if kind == "U":
        points = array.view(np.uint32)
        if int(points.max()) > MAX_CODE_POINT or bool(((points >= 0xD800) & (points <= 0xDFFF)).any()):
            raise ArtifactError(f"Array {name} of an .npz has bytes that are not valid text: it was not read.")
