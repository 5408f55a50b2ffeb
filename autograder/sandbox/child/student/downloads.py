"""``keras.utils.get_file`` without a network: files that the assignment ships are found, all others are named."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from keras.src.utils import file_utils

_HOLDERS = ("keras.utils", "keras.api.utils", "keras.src.utils", "keras.src.utils.file_utils",
            "keras._tf_keras.keras.utils")
"""Modules under whose names it is called; `keras.applications` calls it for weights."""
_MOST = 10_000
_PACKED = (".tar.gz", ".tgz", ".tar.bz2", ".tar", ".zip")


def answer_downloads(files: Mapping[str, str]) -> None:
    """Make ``get_file`` find released files by their names, wherever they are below the notebook.

    Args:
        files: name next to the notebook → path of the file or folder.
    """
    known = dict(_below(files))

    def get_file(fname: Any = None, origin: Any = None, *arguments: Any, **options: Any) -> str:
        name = os.path.basename(str(fname or origin or ""))  # noqa: PTH119  (pathlib is the student's to patch)
        packed = next((end for end in _PACKED if name.endswith(end)), "")
        unpacked = any(options.get(option) for option in ("extract", "untar")) or any(arguments[:1])
        wanted = name.removesuffix(packed) if unpacked else name
        if wanted in known:
            return known[wanted]
        raise OSError(f"`{name[:100]}` would have to be downloaded, but notebooks are graded without internet; weights "
                      "and data must be shipped: the instructor adds them to the assignment's folder"
                      + (f", unpacked, as `{wanted[:100]}`." if unpacked else "."))

    replaced = file_utils.get_file
    for holder in _HOLDERS:
        module: Any = sys.modules.get(holder)
        if module is not None and getattr(module, "get_file", None) is replaced:
            module.get_file = get_file


def _below(files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield name and path of released files and folders; one nearer to the notebook comes last, so that it counts."""
    found = []
    for name, path in files.items():
        for folder, folders, inside in os.walk(path):
            found += [(one, f"{folder}/{one}") for one in (*folders, *inside)]
            if len(found) > _MOST:
                break
        found.append((name, path))
    return iter(sorted(found, key=lambda one: -one[1].count("/")))
