"""The executed notebook, cell by cell, ready for the page: nothing from the student is ever inserted as markup.

Cells and outputs come from a student's process and may be any JSON; what is not a valid part of a notebook is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from autograder.feedback import markdown, pictures
from autograder.feedback.terminal_text import CUT, bounded, terminal, text_of, visible

MOST_CELLS = 2_000
MOST_OUTPUTS = 100
MOST_TEXT = 1_500_000
MOST_IMAGE = 12 << 20
MOST_SOURCE = 1_000_000
MOST_MARKDOWN = 2_000_000
"""Characters of a whole page: the rest is replaced by a sentence, since a phone could not open a larger page. Markdown
after this point, which is counted as HTML, is shown as source."""
NO_PICTURE = "[a picture that cannot be shown]"
LEFT_OUT = "[left out here: the outputs of this notebook are too large for one page]"
CELL_LEFT_OUT = "[left out here: the cells of this notebook are too long for one page]"
_WIDEST = 80
"""Most characters of a folded cell's title."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """One output: either ``text`` or ``image`` (a data URI) is set."""

    text: str = ""
    image: str = ""
    error: bool = False


@dataclass(frozen=True, kw_only=True)
class ShownCell:
    """One cell, ready for the template."""

    kind: str
    number: str
    source: str
    markdown: Markup
    outputs: tuple[Output, ...]
    task: str
    locked: bool = False

    @property
    def title(self) -> str:
        """What the line says to which a cell is folded: its last heading or its first line."""
        if self.kind == "code" and self.task.startswith("test-"):
            return "The checks that came with the notebook"
        lines = [line.strip() for line in self.source.splitlines() if line.strip()]
        headings = [line for line in lines if line.startswith("#")] if self.kind == "markdown" else []
        # Colab shows a cell under the title that its first line gives.
        title = (headings[-1:] or lines[:1] or [""])[0].lstrip("# ").removeprefix("@title ")
        return title if len(title) <= _WIDEST else f"{title[:_WIDEST].rstrip()}…"


def shown_cells(notebook: Mapping[str, Any]) -> tuple[ShownCell, ...]:
    """Return the cells of an executed notebook for the template; places are those of the notebook."""
    cells = notebook.get("cells")
    given = cells[:MOST_CELLS] if isinstance(cells, list) else []
    room = _Room()
    return tuple(_shown(cell if isinstance(cell, Mapping) else {}, room) for cell in given)


@dataclass(kw_only=True)
class _Room:
    """The space left on the page; earlier cells take theirs first."""

    text: int = MOST_TEXT
    image: int = MOST_IMAGE
    source: int = MOST_SOURCE
    markdown: int = MOST_MARKDOWN

    def cell(self, source: str) -> str:
        """Return a cell's text, or a sentence in its place."""
        if len(source) > self.source:
            return CELL_LEFT_OUT
        self.source -= len(source)
        return source

    def html(self, source: str) -> Markup:
        """Return Markdown as HTML, or as source."""
        if len(source) > self.markdown:
            return markdown.as_typed(source)
        made = markdown.html(source)
        if len(made) > self.markdown:
            self.markdown = 0
            return markdown.as_typed(source)
        self.markdown -= len(made)
        return made

    def takes(self, output: Output) -> bool:
        """Whether an output fits; if so, its space is used up."""
        if len(output.text) > self.text or len(output.image) > self.image:
            return False
        self.text -= len(output.text)
        self.image -= len(output.image)
        return True


def _shown(cell: Mapping[str, Any], room: _Room) -> ShownCell:
    kind, count = cell.get("cell_type"), cell.get("execution_count")
    source = room.cell(visible(bounded(text_of(cell.get("source", "")))))
    return ShownCell(
        kind=kind if kind in ("code", "markdown") else "raw", number=str(count) if type(count) is int else " ",
        source=source, markdown=room.html(source) if kind == "markdown" else Markup(""),
        outputs=_fitting(cell, room), task=_grade_id(cell), locked=_is_locked(cell))


def outputs(cell: Mapping[str, Any]) -> tuple[Output, ...]:
    """Return the outputs of one code cell; rich HTML is shown by its plain text."""
    return _fitting(cell, _Room())


def _fitting(cell: Mapping[str, Any], room: _Room) -> tuple[Output, ...]:
    """Return the outputs that fit on the page, and a sentence where some do not."""
    value = cell.get("outputs")
    given = value if isinstance(value, list) else []
    found: list[Output] = []
    full = False
    for output in given[:MOST_OUTPUTS]:
        shown = _output(output) if isinstance(output, Mapping) else None
        if shown and (shown.text or shown.image):
            if room.takes(shown):
                found.append(shown)
            else:
                full = True
    if len(given) > MOST_OUTPUTS:
        found.append(Output(text=CUT.strip()))
    if full:
        found.append(Output(text=LEFT_OUT))
    return tuple(found)


def _output(output: Mapping[str, Any]) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        return Output(text=terminal(text_of(output.get("text", ""))), error=output.get("name") == "stderr")
    if kind == "error":
        lines = output.get("traceback")
        if not isinstance(lines, list) or not lines:
            lines = [f"{output.get('ename', '')}: {output.get('evalue', '')}"]
        return Output(text=terminal("\n".join(str(line) for line in lines)), error=True)
    data = output.get("data")
    return _rich(data) if isinstance(data, Mapping) else None


def _rich(data: Mapping[str, Any]) -> Output | None:
    """Return the richest safe form: a picture, else text; never HTML."""
    for mime in pictures.TYPES:
        if mime in data:
            image = pictures.data_uri(mime, text_of(data[mime]))
            return Output(image=image) if image else Output(text=NO_PICTURE)
    if "text/plain" in data:
        return Output(text=terminal(text_of(data["text/plain"])))
    return None


def _grading(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return nbgrader if isinstance(nbgrader, Mapping) else {}


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(_grading(cell).get("grade_id", ""))


def _is_locked(cell: Mapping[str, Any]) -> bool:
    """Whether the cell is ours: nbgrader's rule, graded or locked, and no solution."""
    found = _grading(cell)
    return found.get("solution") is not True and (found.get("grade") is True or found.get("locked") is True)
