"""Names of feedback files in a zip, by which a platform knows whose they are."""

from __future__ import annotations

import re
from typing import Final

_CANVAS: Final = re.compile(r"(?P<front>.*?)_(?:(?:LATE|late)_)?(?P<user>[0-9]+)_(?P<number>[0-9]+)_", re.DOTALL)
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|_]+")


def moodle_folder(name: str, participant: str) -> str:
    """Return the folder of one participant, as in Moodle's own download; Moodle reads the number behind the first "_".

    Source: ``mod/assign/feedback/file/importziplib.php``.
    """
    plain = " ".join(_UNSAFE.sub(" ", name).split()).strip(". ") or "student"
    return f"{plain}_{participant}_assignsubmission_file_"


def canvas_name(source: str, user: str, number: int, page: str) -> str | None:
    """Return the name of a page for Canvas, which has to begin like the file that the student handed in.

    Args:
        source: the name of that file in Canvas's download.
        user, number: Canvas's numbers of the student and of the file.

    Returns:
        None where ``source`` does not have these numbers. Canvas reads the last "_" as the end of its own part, so the
        page's own name has none.
    """
    own = source.split(" → ")[0].rsplit("/", 1)[-1]
    mark = f"_{user}_{number}_"
    if not number or mark not in own or _CANVAS.match(own) is None:
        return None
    front = own[: own.index(mark)].removesuffix("_LATE").removesuffix("_late")
    return f"{front}{mark}{page.replace('_', '-')}"
