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
NO_PICTURE = "[a picture that cannot be shown]"
# Bounded repetitions: a sequence that never ends must not be read again from each of its characters.
_ANSI = re.compile(r"\x1b\[[0-9;?:]{0,64}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)|\x1b[@-_]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_LINK = re.compile(r"(?i)^(https?://|mailto:|#)")
_SVG = "image/svg+xml"
_FORMULA = r"\$\$(?P<block_formula>[^$]{1,1000})\$\$|\$(?![\s$])(?P<formula>[^$\n]{1,300})(?<!\s)\$(?!\d)"


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

    def heading(self, text: str, level: int, **_: Any) -> str:
        """Keep a notebook's headings below those of the page."""
        below = min(level + 2, 6)
        return f"<h{below}>{text}</h{below}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show what a picture is called; the page loads nothing."""
        return f"[picture: {text}]"  # mistune hands the text over escaped

    def inline_math(self, text: str) -> str:
        """Show a formula as it was typed: the page has no script that could set it."""
        return f'<code class="math">{escape(text)}</code>'

    def block_math(self, text: str) -> str:
        """Show a formula of its own line, as typed."""
        return f'<code class="math block">{escape(text.strip())}</code>'


def _formulas(markdown: mistune.Markdown) -> None:
    """Keep Markdown away from $formulas$: an underscore in one is no emphasis.

    mistune's own plugin does the same with patterns that take 20 seconds on one hostile cell.
    """
    def keep(_: mistune.InlineParser, match: re.Match[str], state: mistune.InlineState) -> int:
        block, line = match.group("block_formula"), match.group("formula")
        state.append_token({"type": "inline_math" if block is None else "block_math", "raw": block or line})
        return match.end()

    markdown.inline.register("kept_formula", _FORMULA, keep, before="codespan")


_markdown = mistune.create_markdown(renderer=_SafeRenderer(), plugins=["table", "strikethrough"])
_formulas(_markdown)


def shown_cells(notebook: Mapping[str, Any]) -> tuple[ShownCell, ...]:
    """Return the cells of an executed notebook for the template."""
    cells = []
    for cell in notebook.get("cells", ()):
        source = _bounded(_text(cell.get("source", "")))
        count = cell.get("execution_count")
        cells.append(ShownCell(
            kind=str(cell.get("cell_type", "raw")), number=str(count) if isinstance(count, int) else " ", source=source,
            markdown=_html(source) if cell.get("cell_type") == "markdown" else Markup(""),
            outputs=outputs(cell), task=_grade_id(cell)))
    return tuple(cells)


def outputs(cell: Mapping[str, Any]) -> tuple[Output, ...]:
    """Return the outputs of one code cell; rich HTML is shown by its plain text."""
    given = cell.get("outputs") or []
    found = [shown for output in given[:MOST_OUTPUTS] if (shown := _output(output))]
    if len(given) > MOST_OUTPUTS:
        found.append(Output(text=CUT.strip()))
    return tuple(found)


def _output(output: Mapping[str, Any]) -> Output | None:
    kind = output.get("output_type")
    if kind == "stream":
        return Output(text=_plain(_text(output.get("text", ""))), error=output.get("name") == "stderr")
    if kind == "error":
        lines = output.get("traceback")
        if not isinstance(lines, list) or not lines:
            lines = [f"{output.get('ename', '')}: {output.get('evalue', '')}"]
        return Output(text=_plain("\n".join(str(line) for line in lines)), error=True)
    data = output.get("data")
    return _rich(data) if isinstance(data, Mapping) else None


def _rich(data: Mapping[str, Any]) -> Output | None:
    """Return the richest form that is safe: a picture, else text; never HTML."""
    for mime in _MAGIC:
        if mime in data:
            return _image(mime, _text(data[mime]))
    if _SVG in data:
        return _drawing(_text(data[_SVG]))
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
        return Output(text=NO_PICTURE)
    return Output(image=f"data:{mime};base64,{packed}")


def _drawing(source: str) -> Output:
    """An SVG drawing is shown as a picture: in an ``img`` no script of it runs and nothing is loaded."""
    packed = base64.b64encode(source.encode("utf-8", "replace")).decode()
    if len(packed) > LONGEST_IMAGE or "<svg" not in source[:4_000]:
        return Output(text=NO_PICTURE)
    return Output(image=f"data:{_SVG};base64,{packed}")


def _plain(text: str) -> str:
    """Return terminal output as a reader of the terminal would see it in the end."""
    shown = _ANSI.sub("", text[: 4 * LONGEST_TEXT]).replace("\r\n", "\n")
    shown = "\n".join(_last_written(line) for line in shown.split("\n"))
    shown = _CONTROL.sub("", shown)
    return _bounded(shown) if len(text) <= 4 * LONGEST_TEXT else shown[:LONGEST_TEXT] + CUT


def _last_written(line: str) -> str:
    """Return what a line shows after its carriage returns: progress bars write over themselves."""
    return next((part for part in reversed(line.split("\r")) if part), "")


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
    nbgrader = cell.get("metadata", {}).get("nbgrader")
    return str(nbgrader.get("grade_id", "")) if isinstance(nbgrader, Mapping) else ""
