"""The executed notebook as safe HTML: nothing of the student's is ever inserted as markup."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import mistune
from markupsafe import Markup, escape

LONGEST_TEXT = 20_000
LONGEST_IMAGE = 4 << 20
MOST_OUTPUTS = 100
CUT = "\n… cut"
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")
_OVERWRITTEN = re.compile(r"[^\n\r]*\r(?=[^\n])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_LINK = re.compile(r"(?i)^(https?://|mailto:|#)")


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


class _SafeRenderer(mistune.HTMLRenderer):
    """Markdown without raw HTML, with links that open pages only and no picture from elsewhere."""

    def __init__(self) -> None:
        super().__init__(escape=True)

    def safe_url(self, url: str) -> str:
        """Keep links to pages and mail; everything else leads nowhere."""
        return str(escape(url)) if _LINK.match(url.strip()) else "#"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show what a picture is called; the page loads nothing."""
        return f"[picture: {escape(text)}]"


_markdown = mistune.create_markdown(renderer=_SafeRenderer(), plugins=["table", "strikethrough"])


def shown_cells(notebook: Mapping[str, Any]) -> tuple[ShownCell, ...]:
    """Return the cells of an executed notebook for the template."""
    cells = []
    for cell in notebook.get("cells", ()):
        source = _bounded(_text(cell.get("source", "")))
        count = cell.get("execution_count")
        cells.append(ShownCell(
            kind=cell.get("cell_type", "raw"), number=str(count) if isinstance(count, int) else " ", source=source,
            markdown=_html(source) if cell.get("cell_type") == "markdown" else Markup(""),
            outputs=outputs(cell), task=_grade_id(cell)))
    return tuple(cells)


def outputs(cell: Mapping[str, Any]) -> tuple[Output, ...]:
    """Return the outputs of one code cell; rich HTML is shown by its plain text."""
    found = [shown for output in cell.get("outputs", ())[:MOST_OUTPUTS] if (shown := _output(output))]
    if len(cell.get("outputs", ())) > MOST_OUTPUTS:
        found.append(Output(text=CUT.strip()))
    return tuple(found)


def figures(notebook: Mapping[str, Any]) -> tuple[str, ...]:
    """Return all pictures of a notebook as data URIs."""
    return tuple(output.image for cell in notebook.get("cells", ()) for output in outputs(cell) if output.image)


def _output(output: Mapping[str, Any]) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        return Output(text=_plain(_text(output.get("text", ""))), error=output.get("name") == "stderr")
    if kind == "error":
        lines = output.get("traceback") or [f"{output.get('ename', '')}: {output.get('evalue', '')}"]
        return Output(text=_plain("\n".join(str(line) for line in lines)), error=True)
    data = output.get("data", {})
    for mime in _MAGIC:
        if mime in data:
            return _image(mime, _text(data[mime]))
    if "text/plain" in data:
        return Output(text=_plain(_text(data["text/plain"])))
    return None


def _image(mime: str, encoded: str) -> Output:
    """A picture is shown only when its bytes are what its type says."""
    packed = "".join(encoded.split())
    try:
        content = base64.b64decode(packed, validate=True) if len(packed) <= LONGEST_IMAGE else b""
    except (binascii.Error, ValueError):
        content = b""
    if not content.startswith(_MAGIC[mime]):
        return Output(text="[a picture that cannot be shown]")
    return Output(image=f"data:{mime};base64,{packed}")


def _plain(text: str) -> str:
    """Return terminal output as a reader of the terminal would see it in the end."""
    text = _ANSI.sub("", text[: 4 * LONGEST_TEXT])
    text = _OVERWRITTEN.sub("", text.replace("\r\n", "\n")).replace("\b", "")
    return _bounded(_CONTROL.sub("", text))


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + CUT


def _html(source: str) -> Markup:
    try:
        rendered = _markdown(source)
    except RecursionError:  # deeply nested lists and quotes
        return escape(source)
    return Markup(rendered)  # noqa: S704 - rendered with raw HTML escaped, see _SafeRenderer


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "".join(str(part) for part in value) if isinstance(value, Sequence) else str(value)


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", ""))
