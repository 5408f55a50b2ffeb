"""Lists the files of a watched folder: names, sizes and times only; no file is opened.

The folder is listed again and again instead of asking the kernel for changes, which it does not report for folders
that another machine writes into, such as network folders.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from autograder.errors import SubmissionError
from autograder.pipeline.collect.archive import MAX_DEPTH
from autograder.pipeline.collect.entries import is_hidden, shown
from autograder.watch.arrivals import Parts, Stat, is_partial

LARGEST_ENTRY: Final = 2000
"""Files and folders in one student's folder; with more, it is left out: nobody may use up what all others need."""


@dataclass(kw_only=True)
class Listing:
    """The files that were found, and the names of entries that were left out since they have too many."""

    files: dict[Parts, Stat] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def scan(folder: Path, most: int, *, largest: int = LARGEST_ENTRY) -> Listing:
    """Return every file that `collect` would look at, and partial ones; links are not followed.

    Args:
        most: how many files the folder may have.
        largest: how many files and folders each entry of it may have.

    Raises:
        SubmissionError: the folder cannot be read, or has more files.
    """
    found = Listing()
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
    except OSError as error:
        raise SubmissionError(f"{shown(str(folder))} is a watched folder, but cannot be read ({error.strerror}): "
                              "create it, or check its permissions.") from None
    for entry in listed:
        walk = _Walk(folder, largest)
        walk.add(entry, (entry.name,))
        if walk.left < 0:
            found.left_out.append(entry.name)
        else:
            found.files |= walk.files
        if len(found.files) > most:
            raise SubmissionError(f"{shown(str(folder))} has more files than 'collect.files' in course.yml: move what "
                                  "was graded somewhere else.")
    return found


class _Walk:
    """Lists one entry of a watched folder; ``left`` is negative once it has too many files and folders."""

    def __init__(self, root: Path, largest: int) -> None:
        self.files: dict[Parts, Stat] = {}
        self.left = largest
        self._root = root

    def add(self, entry: os.DirEntry[str], path: Parts) -> None:
        """Add a file, or all files in a folder; what is removed meanwhile or cannot be read is not there."""
        self.left -= 1
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_hidden((entry.name, "x.ipynb") if is_folder else path[-2:]) and not is_partial(path):
                return
            if not is_folder:
                status = entry.stat(follow_symlinks=False)
                self.files[path] = Stat(size=status.st_size, changed=status.st_mtime_ns)
            elif len(path) < MAX_DEPTH:
                self._list(path)
        except OSError:
            return

    def _list(self, path: Parts) -> None:
        with os.scandir(self._root.joinpath(*path)) as entries:
            for entry in entries:
                if self.left < 0:
                    return
                self.add(entry, (*path, entry.name))
