"""Lists the files of a watched folder: names, sizes and times only; no file is opened.

The folder is listed again and again instead of asking the kernel for changes, which it does not report for folders
that another machine writes into, such as network folders.
"""

from __future__ import annotations

import os
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.pipeline.collect.archive import MAX_DEPTH
from autograder.pipeline.collect.entries import is_hidden, shown
from autograder.pipeline.watch.arrivals import Parts, Stat, is_partial


def scan(folder: Path, most: int) -> dict[Parts, Stat]:
    """Return every file that `collect` would look at, and partial ones; links are not followed.

    Args:
        most: how many files the folder may have.

    Raises:
        SubmissionError: the folder cannot be read, or has more files.
    """
    found: dict[Parts, Stat] = {}
    try:
        _list(folder, (), found, most)
    except OSError as error:
        raise SubmissionError(f"{shown(str(folder))} is a watched folder, but cannot be read ({error.strerror}): "
                              "create it, or check its permissions.") from None
    return found


def _list(root: Path, parts: Parts, found: dict[Parts, Stat], most: int) -> None:
    with os.scandir(root.joinpath(*parts)) as entries:
        listed = list(entries)
    for entry in listed:
        path = (*parts, entry.name)
        is_folder = entry.is_dir(follow_symlinks=False)
        if is_hidden((entry.name, "x.ipynb") if is_folder else path[-2:]) and not is_partial(path):
            continue
        if is_folder and len(path) < MAX_DEPTH:
            _list_inner(root, path, found, most)
        elif not is_folder:
            _add(entry, path, found)
        if len(found) > most:
            raise SubmissionError(f"{shown(str(root))} has more files than 'collect.files' in course.yml: move what "
                                  "was graded somewhere else.")


def _list_inner(root: Path, path: Parts, found: dict[Parts, Stat], most: int) -> None:
    """List a folder inside the watched one; one that cannot be read or is just being removed has no files."""
    try:
        _list(root, path, found, most)
    except OSError:
        return


def _add(entry: os.DirEntry[str], path: Parts, found: dict[Parts, Stat]) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return  # it was removed meanwhile
    found[path] = Stat(size=status.st_size, changed=status.st_mtime_ns)
