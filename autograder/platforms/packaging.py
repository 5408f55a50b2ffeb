"""What a foreign grader has to install: this package as a wheel, and the exact versions of everything that it needs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

import autograder
from autograder.errors import CourseError
from autograder.platforms.bundle import as_zip

PACKAGE: Final = "keras-autograder"
_REQUIRED: Final = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA: Final = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


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


@cache
def pins(*wanted: str) -> tuple[str, ...]:
    """Return ``name==version`` of all packages that some need, as they are installed here; not those themselves.

    Args:
        wanted: packages, with extras where they are needed: ``keras-autograder[cpu]``.
    """
    roots = [_named(one) for one in wanted]
    todo, found = list(roots), dict[tuple[str, frozenset[str]], str]()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        found[name, extras] = distribution.version
        todo += _needs(distribution, extras)
    own = {name for name, _ in roots}
    versions = {name: version for (name, _), version in found.items() if name not in own}
    return tuple(f"{name}=={version}" for name, version in sorted(versions.items()))


def _needs(distribution: metadata.Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for line in distribution.requires or ():
        requirement, _, marker = line.partition(";")
        only = _EXTRA.findall(marker)
        if not only or extras & set(only):
            yield _named(requirement)


def _named(requirement: str) -> tuple[str, frozenset[str]]:
    match = _REQUIRED.match(requirement)
    if match is None:
        raise CourseError(f"{requirement!r} is no name of a package.")
    name = re.sub(r"[-_.]+", "-", match[1]).lower()
    return name, frozenset(extra.strip() for extra in (match[2] or "").split(",") if extra.strip())
