"""What formgrader shows of one submission, and its answers, read from the files on disk.

Everything that students wrote is read here. `autograder.gradebook.bulk` gets a function for it: `draw` itself, or
one that runs it in a separate process, with a budget.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from autograder.gradebook.autograded import scored_notebook
from autograder.gradebook.recorded import read_executed, read_upload
from autograder.gradebook.release_cells import answers
from autograder.gradebook.scores import CellScore
from autograder.safe import safe_notebook


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One submission to draw.

    Attributes:
        executed: the executed notebook; None: nothing was graded.
        earlier: what formgrader shows now, which is kept where nothing was executed.
    """

    executed: Path | None
    upload: Path
    earlier: Path
    release: Path
    scores: tuple[CellScore, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return json.loads(json.dumps(asdict(self), default=str))  # type: ignore[no-any-return]  # as asdict made it

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Return what `to_json` was made from."""
        return cls(executed=Path(found["executed"]) if found["executed"] else None, upload=Path(found["upload"]),
                   earlier=Path(found["earlier"]), release=Path(found["release"]),
                   scores=tuple(CellScore(**score) for score in found["scores"]))


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A scored notebook as text, None where the earlier one is kept; and a fingerprint of the answer to each cell."""

    text: str | None
    answers: dict[str, str] = field(default_factory=dict)


Draw = Callable[[Drawing], Drawn]


def draw(wanted: Drawing) -> Drawn:
    """Return what formgrader shows; an upload that could not be graded leaves the earlier notebook in its place."""
    release = json.loads(wanted.release.read_bytes())
    executed = read_executed(wanted.executed) if wanted.executed else None
    earlier = _earlier(wanted.earlier) if executed is None else None
    if earlier is not None:
        # One written by an earlier version of ours still contains the student's text.
        notebook = safe_notebook(earlier, own=release["cells"])
        return Drawn(text=None if notebook == earlier else _text(notebook))
    shown = executed or read_upload(wanted.upload) or release
    return Drawn(text=_text(scored_notebook(shown, release, wanted.scores)),
                 answers=answers(executed) if executed is not None else {})


def draw_release(wanted: Drawing) -> Drawn:
    """Return the release's own cells with the scores: what formgrader shows where the student's cannot be read."""
    release = json.loads(wanted.release.read_bytes())
    return Drawn(text=_text(scored_notebook(release, release, wanted.scores)))


def _text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _earlier(path: Path) -> dict[str, Any] | None:
    try:
        notebook = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return notebook if isinstance(notebook, dict) else None
