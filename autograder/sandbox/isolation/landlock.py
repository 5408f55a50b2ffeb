"""Landlock: file rules of the kernel that a process without privileges can impose on itself."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from autograder.sandbox.isolation import syscalls

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_CREATE_VERSION: Final = 1
SCOPES_SINCE: Final = 6  # the ABI that also keeps signals and abstract sockets inside


def abi() -> int:
    """Return the version of Landlock that the kernel offers, 0 where there is none."""
    if not syscalls.SUPPORTED:
        return 0
    try:
        return syscalls.call("landlock_create_ruleset", None, 0, _CREATE_VERSION)
    except OSError:
        return 0


def _handled(version: int) -> int:
    rights = (1 << 13) - 1
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        if version >= since:
            rights |= right
    return rights


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Restrict this process to ``readable`` paths (which it may also execute) and ``writable`` ones, with all below.

    Paths that do not exist are left out. TCP is denied as well if the kernel supports that.

    Raises:
        OSError: the kernel has no Landlock, or refuses.
    """
    version = abi()
    if version < 1:
        raise OSError(95, "landlock_create_ruleset: this kernel has no Landlock")
    handled = _handled(version)
    size = 24 if version >= SCOPES_SINCE else 16 if version >= 4 else 8
    attributes = struct.pack("=3Q", handled, 3 if version >= 4 else 0, 3 if version >= SCOPES_SINCE else 0)
    ruleset = syscalls.call("landlock_create_ruleset", attributes[:size], size, 0)
    for paths, rights in ((readable, _READ), (writable, handled)):
        for path in paths:
            _allow(ruleset, path, rights & handled)
    syscalls.call("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return  # what cannot be opened now stays inaccessible
    try:
        if not Path(path).is_dir():
            rights &= _ON_FILES
        syscalls.call("landlock_add_rule", ruleset, 1, struct.pack("=Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)
