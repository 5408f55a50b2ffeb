"""What a foreign grader has to install: this package as a wheel, and the exact versions of everything that it needs."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

import autograder
from autograder.course import Lock
from autograder.errors import CourseError
from autograder.installed import PACKAGE, needed_by
from autograder.platforms.bundle import as_zip


@cache
def wheel() -> tuple[str, bytes]:
    """Return the file name and the bytes of a wheel of this very installation, however it was installed.

    Raises:
        CourseError: the package was not installed, so its metadata are missing.
    """
    try:
        found = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        raise CourseError(f"Expected {PACKAGE} to be installed, but it is not: run `pip install -e .` in its "
                          "folder.") from None
    stem = f"{PACKAGE.replace('-', '_')}-{found.version}"
    root = Path(autograder.__file__).resolve().parent
    files = {f"autograder/{path.relative_to(root)}": path.read_bytes() for path in sorted(root.rglob("*"))
             if path.is_file() and "__pycache__" not in path.parts}
    about = f"{stem}.dist-info"
    files |= {
        f"{about}/METADATA": (found.read_text("METADATA") or found.read_text("PKG-INFO") or "").encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": b"[console_scripts]\nautograder = autograder.cli:main\n",
    }
    files[f"{about}/RECORD"] = _record(files, f"{about}/RECORD")
    return f"{stem}-py3-none-any.whl", as_zip(files)


def _record(files: dict[str, bytes], own: str) -> bytes:
    lines = []
    for name, content in sorted(files.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{own},,", ""]).encode()


def pins(*wanted: str) -> tuple[str, ...]:
    """Return ``name==version`` of all packages that some need, as they are installed here; not those themselves.

    Args:
        wanted: packages, with extras where they are needed: ``keras-autograder[cpu]``.
    """
    return tuple(f"{name}=={version}" for name, version in needed_by(*wanted).items())


def requirements_text(*wanted: str, lock: Lock) -> bytes:
    """Return the file that pip installs a foreign grader's packages from, those of the course included.

    Args:
        wanted: as for `pins`.
        lock: of the course's packages; they take precedence.
    """
    return "\n".join([*all_pins(*wanted, lock=lock), ""]).encode()


def all_pins(*wanted: str, lock: Lock) -> list[str]:
    """Return the lines of `requirements_text`."""
    own = [line for line in pins(*wanted) if line.partition("==")[0] not in lock.pins]
    return [*own, *lock.lines]
