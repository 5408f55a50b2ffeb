"""What a watch remembers for its next start: which files it has taken, and when each student's work was begun.

None of this decides whether work was graded: that is said by its stored result alone. If these files are lost, files
are collected again, which changes nothing, and the hourly number of each student begins from zero.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.watch.arrivals import Parts, Stat
from autograder.watch.turn_order import Start
from autograder.workspace.storage import write_atomically


def load_taken(folder: Path, source: Path) -> dict[Parts, Stat]:
    """Return the files of a watched folder that were taken, as they were then; none if that cannot be read."""
    try:
        return {tuple(map(str, parts)): Stat(size=int(size), changed=int(changed))
                for parts, size, changed in _load(_taken(folder, source))}
    except (TypeError, ValueError):
        return {}


def save_taken(folder: Path, source: Path, taken: Mapping[Parts, Stat]) -> None:
    """Store which files of a watched folder were taken.

    Raises:
        OSError: the file cannot be written.
    """
    _save(_taken(folder, source), [[list(parts), stat.size, stat.changed] for parts, stat in taken.items()])


def load_starts(folder: Path) -> list[Start]:
    """Return when submissions were begun; none if that cannot be read."""
    try:
        return [Start(student=str(student), at=float(at)) for student, at in _load(folder / "starts.json")]
    except (TypeError, ValueError):
        return []


def save_starts(folder: Path, starts: Iterable[Start]) -> None:
    """Store when submissions were begun.

    Raises:
        OSError: the file cannot be written.
    """
    _save(folder / "starts.json", [[start.student, start.at] for start in starts])


def _taken(folder: Path, source: Path) -> Path:
    return folder / f"taken-{hashlib.sha256(str(source.resolve()).encode(errors='replace')).hexdigest()[:16]}.json"


def _load(path: Path) -> list[Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _save(path: Path, rows: list[Any]) -> None:
    write_atomically(path, json.dumps(rows))
