"""Decides which files of a watched folder have arrived completely; pure: it is given what a scan found, and the time.

A file is complete when its size and time have not changed for a moment. What belongs together is taken together: all
files of one entry of the watched folder, such as a student's folder or one hand-in of nbgrader's exchange.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Parts = tuple[str, ...]
"""The path of a file below the watched folder."""
PARTIAL: Final = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".tmp", ".!ut", "~")
"""Ends of the names under which programs store a download, or a copy, that is not complete."""


@dataclass(frozen=True, slots=True)
class Stat:
    """Size in bytes and time of the last change in nanoseconds: a file with another one was written to."""

    size: int
    changed: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrival:
    """All files of one entry of the watched folder, each as it was when the entry was found complete."""

    name: str
    files: Mapping[Parts, Stat]

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(stat.size for stat in self.files.values())


@dataclass(frozen=True, slots=True)
class _Seen:
    stat: Stat
    since: float


@dataclass
class Arrivals:
    """The files of one watched folder, over several scans.

    Attributes:
        quiet: seconds for which no file of an entry may have changed.
        taken: files that were taken, as they were then. An entry is taken again if one of its files has changed since.
    """

    quiet: float
    taken: dict[Parts, Stat] = field(default_factory=dict)
    _seen: dict[Parts, _Seen] = field(default_factory=dict)

    def observe(self, found: Mapping[Parts, Stat], now: float) -> list[Arrival]:
        """Return the complete entries that have a new or changed file.

        Args:
            found: every file that a scan found.
            now: the time of the scan in seconds, by a clock that never goes back.
        """
        self._seen = {path: before if (before := self._seen.get(path)) and before.stat == stat else _Seen(stat, now)
                      for path, stat in found.items()}
        self.taken = {path: stat for path, stat in self.taken.items() if path in found}
        entries: dict[str, dict[Parts, Stat]] = defaultdict(dict)
        for path, stat in found.items():
            if not is_partial(path):
                entries[path[0]][path] = stat
        growing = _growing(found)
        return [Arrival(name=name, files=files) for name, files in sorted(entries.items())
                if name not in growing and self._is_new(files) and self._is_quiet(files, now)]

    def take(self, arrival: Arrival) -> None:
        """Remember that an entry was taken."""
        self.taken.update(arrival.files)

    @property
    def waiting(self) -> int:
        """How many files of the last scan were not taken in their present form; partial ones do not count."""
        return sum(self.taken.get(path) != seen.stat for path, seen in self._seen.items() if not is_partial(path))

    def _is_new(self, files: Mapping[Parts, Stat]) -> bool:
        return any(self.taken.get(path) != stat for path, stat in files.items())

    def _is_quiet(self, files: Mapping[Parts, Stat], now: float) -> bool:
        return all(now - self._seen[path].since >= self.quiet for path in files)


def is_partial(path: Parts) -> bool:
    """Whether a program that is still writing gave a file, or a folder around it, its name."""
    return any(part.lower().endswith(PARTIAL) for part in path)


def _growing(found: Mapping[Parts, Stat]) -> set[str]:
    """Return the entries that a partial file belongs to.

    It may be inside; or next to a file that a browser has created, empty, under the final name.
    """
    partial = [path for path in found if is_partial(path)]
    inside = {path[0] for path in partial if len(path) > 1}
    if all(len(path) > 1 for path in partial):
        return inside
    finals = {_final_name(path[0]) for path in partial if len(path) == 1}
    return inside | {path[0] for path, stat in found.items()
                     if len(path) == 1 and (path[0] in finals or stat.size == 0)}


def _final_name(name: str) -> str:
    end = next(end for end in PARTIAL if name.lower().endswith(end))
    return name[: -len(end)]
