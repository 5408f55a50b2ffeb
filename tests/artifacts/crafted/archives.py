"""Zip archives that no honest program writes, built byte by byte; each maps a name to what a student would upload."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LOCATOR, END64 = b"PK\x06\x07", b"PK\x06\x06"
DAY = (2027, 1, 2, 0, 0, 0)


def deflated(content: bytes) -> bytes:
    """Return a raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def endless(length: int) -> bytes:
    """Return a deflate stream of about ``length`` bytes that unpacks to nothing at all."""
    return b"\x00\x00\x00\xff\xff" * (length // 5) + b"\x01\x00\x00\xff\xff"


def common(
    name: bytes, packed: int, size: int, checksum: int, *, method: int = 8, flags: int = 0, extra: int = 0
) -> bytes:
    """Return the fields that a local and a central header share."""
    return struct.pack("<HHHHHLLLHH", 20, flags, method, 0, 0x5A21, checksum, packed, size, len(name), extra)


def local(name: bytes, packed: bytes, content: bytes, **changed: int) -> bytes:
    """Return a local header with its name and its bytes."""
    return LOCAL + common(name, len(packed), len(content), zlib.crc32(content), **changed) + name + packed


def central(
    name: bytes,
    packed: int,
    size: int,
    checksum: int,
    offset: int,
    *,
    extra: bytes = b"",
    attributes: int = 0,
    **changed: int,
) -> bytes:
    """Return an entry of the table of contents."""
    fields = common(name, packed, size, checksum, extra=len(extra), **changed)
    return CENTRAL + struct.pack("<H", 20) + fields + struct.pack("<HHHLL", 0, 0, 0, attributes, offset) + name + extra


def closed(body: bytes, table: bytes, count: int, *, before_end: bytes = b"") -> bytes:
    """Return the whole archive."""
    return body + table + before_end + END + struct.pack("<HHHHLLH", 0, 0, count, count, len(table), len(body), 0)


def plain(name: str, content: bytes, **attributes: int) -> bytes:
    """Return an archive with one member, as zipfile writes it."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as made:
        info = zipfile.ZipInfo("placeholder", DAY)
        for key, value in attributes.items():
            setattr(info, key, value)
        info.filename = name
        made.writestr(info, content)
    return memory.getvalue()


def one(content: bytes, name: bytes, **table: object) -> bytes:
    """Return an archive with one deflated member whose entry in the table of contents may say otherwise."""
    packed = deflated(content)
    said = {"packed": len(packed), "size": len(content), "checksum": zlib.crc32(content), "offset": 0, **table}
    return closed(local(name, packed, content), central(name, **said), 1)  # type: ignore[arg-type]  # the fields are chosen by name


def overlapping(content: bytes, count: int, name: bytes) -> bytes:
    """Return an archive whose members all lie in the same bytes."""
    packed, checksum = deflated(content), zlib.crc32(content)
    table = b"".join(central(name % number, len(packed), len(content), checksum, 0) for number in range(count))
    return closed(local(name % 0, packed, content), table, count)


def far(content: bytes, name: bytes, offset: int) -> bytes:
    """Return an archive whose only member is said to lie at a 64-bit place."""
    extra = struct.pack("<HHQ", 1, 8, offset)
    return one(content, name, offset=0xFFFFFFFF, extra=extra)


def locator(content: bytes, name: bytes, offset: int) -> bytes:
    """Return an archive with a zip64 locator that points anywhere."""
    packed = deflated(content)
    table = central(name, len(packed), len(content), zlib.crc32(content), 0)
    return closed(local(name, packed, content), table, 1, before_end=LOCATOR + struct.pack("<LQL", 0, offset, 1))


def huge64(content: bytes, name: bytes, size: int) -> bytes:
    """Return an archive that declares a 64-bit size."""
    return one(content, name, size=0xFFFFFFFF, extra=struct.pack("<HHQ", 1, 8, size))


def uploads(work: bytes) -> dict[str, bytes]:
    """Return zips that a student may hand in; ``work`` is a good notebook, so that anything taken is a finding."""
    name = b"sums.ipynb"
    return {
        "locator beyond 2**63": locator(work, name, 1 << 63),
        "locator at the end of 64 bits": locator(work, name, (1 << 64) - 1),
        "locator into the middle": locator(work, name, 5),
        "member beyond 2**63": far(work, name, 1 << 63),
        "member beyond the end": far(work, name, 10**6),
        "size of 64 bits": huge64(work, name, 1 << 62),
        "zip64 extra cut short": one(work, name, size=0xFFFFFFFF, extra=struct.pack("<HH", 1, 8)),
        "wrong checksum": one(work, name, checksum=1),
        "size too small": one(work, name, size=10),
        "size too large": one(work, name, size=len(work) + 9),
        "no deflate stream": closed(
            local(name, b"\xff" * 40, work), central(name, 40, len(work), zlib.crc32(work), 0), 1
        ),
        "unpacks to nothing for ever": closed(
            local(name, endless(1 << 18), work), central(name, 1 << 18, len(work), zlib.crc32(work), 0), 1
        ),
        "name is no UTF-8": one(work, b"sum\xff.ipynb", flags=0x800),
        "patched data": one(work, name, flags=0x20),
        "strong encryption": one(work, name, flags=0x40),
        "bzip2 without its data": one(work, name, method=12),
        "unknown method": one(work, name, method=99),
        "parent folder": plain("../../sums.ipynb", work),
        "absolute": plain("/ada/sums.ipynb", work),
        "drive": plain("C:\\sums.ipynb", work),
        "link": plain("sums.ipynb", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16),
        "device": plain("sums.ipynb", work, external_attr=(stat.S_IFCHR | 0o777) << 16),
        "archive in an archive": plain("inner.zip", plain("sums.ipynb", work)),
        "no member": closed(b"", b"", 0),
        "table cut off": one(work, name)[:-30],
        "only an end": END + b"\xff" * 18,
        "many entries said": END + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0, 0),
    }
