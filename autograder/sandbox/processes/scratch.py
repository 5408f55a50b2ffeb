"""Folders of the host for children without namespaces: the scratch folder, and copies of what the job mounts."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.model import Mount


class Place:
    """One child's folder: ``work`` is its scratch folder, ``mounts`` copies of its mounts."""

    def __init__(self, folder: Path, uid: int | None) -> None:
        """Make the folders; ``uid`` becomes the owner of the scratch folder."""
        self.folder = folder
        self.work = folder / "work"
        self._mounts = folder / "mounts"
        folder.mkdir(mode=0o711)
        self.work.mkdir(mode=0o700)
        self._mounts.mkdir(mode=0o711)
        folder.chmod(0o711)
        self._mounts.chmod(0o711)
        if uid is not None:
            os.chown(self.work, uid, uid)

    def copy(self, mounts: Iterable[Mount]) -> dict[str, str]:
        """Copy each mount, and return where the child finds it: target → path."""
        found: dict[str, str] = {}
        for number, mount in enumerate(mounts):
            place = self._mounts / f"{number}-{Path(mount.target).name}"
            _copy(mount.source, place)
            found[mount.target] = str(place)
        return found

    def remove(self) -> None:
        """Delete everything."""
        remove(self.folder)


class Shelf:
    """Copies of files for notebooks, made once for all of them, under names that do not reveal where they came from.

    Thread-safe. The folder is removed with its pool.
    """

    def __init__(self, folder: Path) -> None:
        """Remember ``folder``, which is created with the first copy."""
        self._folder = folder
        self._turn = threading.Lock()
        self._copies: dict[tuple[object, ...], str] = {}

    def copy_of(self, source: Path) -> str:
        """Return the path of a copy that everyone can read; a new copy if the file has changed since."""
        source = source.resolve()
        key = tuple(_facts(path) for path in ([source, *sorted(source.rglob("*"))] if source.is_dir() else [source]))
        with self._turn:
            if key not in self._copies:
                self._folder.mkdir(mode=0o711, exist_ok=True)
                self._folder.chmod(0o711)
                place = self._folder / str(len(self._copies))
                _copy(source, place)
                self._copies[key] = str(place)
            return self._copies[key]


def _facts(path: Path) -> tuple[str, int, int, int]:
    found = path.stat()
    return str(path), found.st_ino, found.st_size, found.st_mtime_ns


def _copy(source: Path, place: Path) -> None:
    """Copy a file or folder so that everyone can read it and nobody can write to it."""
    if source.is_dir():
        shutil.copytree(source, place)
        _open_up(place)
    else:
        shutil.copyfile(source, place)
        place.chmod(0o444)


def remove(folder: Path) -> None:
    """Delete a folder of a dead child, whatever rights, names and depths are in it."""
    # Not shutil.rmtree: it fails on paths that are too deep, and at folders that are closed to their own owner.
    for command in (["chmod", "-R", "u+rwX", "--", str(folder)], ["rm", "-rf", "--", str(folder)]):
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)


def _open_up(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)


def redirect(job: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
    """Return the job with the targets of its mounts replaced by the paths where the child finds them."""
    return {key: value if key in ("cells", "sampling_key", "mounts") else _redirect(value, places)
            for key, value in job.items()}


def _redirect(value: Any, places: dict[str, str]) -> Any:
    if isinstance(value, str):
        for target, place in places.items():
            if value == target or value.startswith(target.rstrip("/") + "/"):
                return place + value[len(target.rstrip("/")):]
        return value
    if isinstance(value, dict):
        return {key: _redirect(item, places) for key, item in value.items()}
    if isinstance(value, list):
        return [_redirect(item, places) for item in value]
    return value


def usage(folder: Path, most: int) -> tuple[int, int]:
    """Return the bytes and the number of entries below a folder; stops counting after ``most`` entries."""
    size = count = 0
    queue = [str(folder)]
    while queue and count <= most:
        try:
            with os.scandir(queue.pop()) as entries:
                for entry in entries:
                    count += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        queue.append(entry.path)
                    if count > most:
                        break
        except FileNotFoundError:
            continue  # removed meanwhile
        except PermissionError:
            continue  # closed by the student for everyone, the student included
        except OSError:
            count = most + 1  # a path too long to follow: deeper than any honest work
    return size, count


def open_to_all(source: Path) -> bool:
    """Return whether a user without any rights could read a file, or a folder with all that is in it."""
    paths = [source, *source.rglob("*")] if source.is_dir() else [source]
    return all(path.stat().st_mode & (0o005 if path.is_dir() else 0o004) == (0o005 if path.is_dir() else 0o004)
               for path in paths)
