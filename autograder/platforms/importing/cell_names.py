"""Names for cells that have none, and valid ones for cells whose name cannot be kept. Pure."""

from __future__ import annotations

import re
import unicodedata

from autograder.notebook.cells import TEST_PREFIX

LONGEST = 50
_HEADING = re.compile(r"#{1,6}\s+(?P<hashes>[^#].*)|\*\*(?P<bold>[^*]+)\*\*")
_LONGEST_LINE = 300
_POINTS = re.compile(r"\s*[(\[]\d+(?:[.,]\d+)? ?(?:points?|pts?\.?|marks?)[)\]]", re.IGNORECASE)
_MARKUP = re.compile(r"[*_`$]|\[([^\]]*)\]\([^)]*\)|<[^>]*>")


def slug(text: str) -> str:
    """Return a text as a cell id: letters, digits and hyphens, at most 50; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:LONGEST].strip("-")


def heading(text: str) -> str:
    """Return the last heading or bold beginning of a line in Markdown, as plain text; empty where there is none."""
    lines = (line.strip() for line in text.splitlines() if len(line) <= _LONGEST_LINE)
    found = [match["hashes"] or match["bold"] for line in lines if (match := _HEADING.match(line))]
    plain = _MARKUP.sub(lambda match: match[1] or "", found[-1]) if found else ""
    return _POINTS.sub("", " ".join(plain.split())).strip(" .:#")[:80]


def is_first_level(text: str) -> bool:
    """Whether the last heading of a Markdown text is one of the first level."""
    lines = [line.strip() for line in text.splitlines() if len(line) <= _LONGEST_LINE]
    found = [line for line in lines if _HEADING.match(line)]
    return bool(found) and found[-1].startswith("# ")


class Names:
    """The ids of one notebook: each is used once, and a test cell's belongs to its task."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, *, task: bool) -> str:
        """Return ``wanted`` or what is nearest to it, and reserve it; for a task also the id of its test cell."""
        name = wanted if re.fullmatch(r"[A-Za-z0-9_-]{1,59}", wanted) else slug(wanted) or "cell"
        free, number = name, 1
        while self._used(free, task=task):
            number += 1
            free = f"{name}-{number}"
        self._taken |= {free.casefold()} | ({TEST_PREFIX + free.casefold()} if task else set())
        return free

    def _used(self, name: str, *, task: bool) -> bool:
        wanted = {name.casefold()} | ({TEST_PREFIX + name.casefold()} if task else set())
        return bool(wanted & self._taken)
