"""The host's paths that student code may read: the system's libraries, the interpreter, the installed packages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import autograder
from autograder.errors import IsolationError

_SYSTEM: Final = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
    "/etc/alternatives", "/etc/fonts", "/etc/mime.types", "/etc/localtime",
)
SCRATCH: Final = ("/work", "/student")  # the second where the interpreter lies below the first


def package_root() -> Path:
    """Return the folder that has to be on ``sys.path`` for this package to be importable."""
    return Path(autograder.__file__).resolve().parent.parent


def import_paths(extra: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return what the zygote needs on ``sys.path``: this process's package folders, not its working directory."""
    packages = [entry for entry in sys.path if entry and Path(entry).name in ("site-packages", "dist-packages")]
    return tuple(dict.fromkeys([*packages, *(str(path) for path in extra), str(package_root())]))


def readable(extra: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return the existing paths that children see, each under its own name, outermost first."""
    wanted = [*_SYSTEM, sys.prefix, sys.base_prefix, sys.exec_prefix,
              *(path for path in import_paths() if path != str(package_root())), str(Path(autograder.__file__).parent)]
    wanted += [str(path) for path in extra]
    resolved = [str(Path(path).resolve()) for path in wanted if Path(path).exists()]
    candidates = dict.fromkeys([*(path for path in wanted if Path(path).exists()), *resolved])
    chosen: list[str] = []
    for path in sorted(candidates, key=lambda p: (p.count("/"), p)):
        above = [Path(parent) for parent in chosen]
        if not any(parent in Path(path).parents for parent in above):
            chosen.append(path)
    return tuple(chosen)


def search_path(path: str) -> str:
    """Return the folders of a ``PATH`` that children see: the others would only reveal the machine's layout."""
    seen = [Path(shown) for shown in readable()]
    return os.pathsep.join(entry for entry in path.split(os.pathsep)
                           if entry and any(shown in [Path(entry), *Path(entry).parents] for shown in seen))


def scratch_inside(paths: Iterable[str]) -> str:
    """Return where the scratch folder is mounted inside the child's root: at a path that hides none of ``paths``."""
    return next(place for place in SCRATCH if not any(p == place or p.startswith(place + "/") for p in paths))


def refuse_exposure(private: Iterable[Path], paths: Iterable[str]) -> None:
    """Check that no private folder lies below a path that student code may read.

    Raises:
        IsolationError: one does; the sentence names both.
    """
    seen = [Path(path).resolve() for path in paths]
    for folder in private:
        for path in seen:
            if path == folder.resolve() or path in folder.resolve().parents:
                raise IsolationError(
                    f"Expected {folder} to be out of sight of student code, but it lies in {path}, which student code "
                    "may read; move the course out of there."
                )


def needs_search(paths: Iterable[str]) -> bool:
    """Return whether an unprivileged user could not reach one of ``paths`` (a closed folder above it)."""
    for path in paths:
        for folder in [Path(path).resolve(), *Path(path).resolve().parents]:
            if folder.is_dir() and not folder.stat().st_mode & 0o001:
                return True
    return False
