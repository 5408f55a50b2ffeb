"""The executed notebook, cell by cell, ready for the page: nothing of the student's is ever inserted as markup.

Cells and outputs come from a student's process and may be any JSON; what has not the form of a notebook is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from autograder.feedback import markdown, pictures
from autograder.feedback.plain import CUT, bounded, terminal, text_of, visible

MOST_CELLS = 2_000
MOST_OUTPUTS = 100
MOST_TEXT = 1_500_000
MOST_IMAGE = 12 << 20
"""Of a whole page: outputs beyond it are replaced by a sentence, or a phone could not open the page."""
NO_PICTURE = "[a picture that cannot be shown]"
LEFT_OUT = "[left out here: the outputs of this notebook are too large for one page]"


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


def shown_cells(notebook: Mapping[str, Any]) -> tuple[ShownCell, ...]:
    """Return the cells of an executed notebook for the template; places are those of the notebook."""
    cells = notebook.get("cells")
    given = cells[:MOST_CELLS] if isinstance(cells, list) else []
    return _within_budget([_shown(cell if isinstance(cell, Mapping) else {}) for cell in given])


def _shown(cell: Mapping[str, Any]) -> ShownCell:
    kind, count = cell.get("cell_type"), cell.get("execution_count")
    source = visible(bounded(text_of(cell.get("source", ""))))
    return ShownCell(
        kind=kind if kind in ("code", "markdown") else "raw", number=str(count) if type(count) is int else " ",
        source=source, markdown=markdown.html(source) if kind == "markdown" else Markup(""),
        outputs=outputs(cell), task=_grade_id(cell))


def outputs(cell: Mapping[str, Any]) -> tuple[Output, ...]:
    """Return the outputs of one code cell; rich HTML is shown by its plain text."""
    value = cell.get("outputs")
    given = value if isinstance(value, list) else []
    found = [shown for output in given[:MOST_OUTPUTS]
             if isinstance(output, Mapping) and (shown := _output(output)) and (shown.text or shown.image)]
    if len(given) > MOST_OUTPUTS:
        found.append(Output(text=CUT.strip()))
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
    """Return the richest form that is safe: a picture, else text; never HTML."""
    for mime in pictures.TYPES:
        if mime in data:
            image = pictures.data_uri(mime, text_of(data[mime]))
            return Output(image=image) if image else Output(text=NO_PICTURE)
    if "text/plain" in data:
        return Output(text=terminal(text_of(data["text/plain"])))
    return None


def _within_budget(cells: list[ShownCell]) -> tuple[ShownCell, ...]:
    """Return the cells with the outputs that fit on one page, those of earlier cells first."""
    text, image = MOST_TEXT, MOST_IMAGE
    kept = []
    for cell in cells:
        fitting: list[Output] = []
        for output in cell.outputs:
            if len(output.text) <= text and len(output.image) <= image:
                text, image = text - len(output.text), image - len(output.image)
                fitting.append(output)
        if len(fitting) < len(cell.outputs):
            fitting.append(Output(text=LEFT_OUT))
        kept.append(replace(cell, outputs=tuple(fitting)))
    return tuple(kept)


def _grade_id(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return str(nbgrader.get("grade_id", "")) if isinstance(nbgrader, Mapping) else ""
