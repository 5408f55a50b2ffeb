"""Markdown of a notebook as safe HTML: no raw HTML, no external pictures, links only to pages and mail."""

from __future__ import annotations

import re
from typing import Any

import mistune
from markupsafe import Markup, escape

LONGEST_LINK = 500
"""In characters: a few characters can repeat one link reference."""
LONGER, ROOM = 12, 2_000
"""The longest HTML for that many characters: one character of markup becomes a tag of about ten."""
_LINK = re.compile(r"(?i)(https?://[^\s]|mailto:[^\s])")
_FORMULA = r"\$\$(?P<block_formula>[^$]{1,1000})\$\$|\$(?![\s$])(?P<formula>[^$\n]{1,300})(?<!\s)\$(?!\d)"
_ALIGNED = {"left", "center", "right"}


class _SafeRenderer(mistune.HTMLRenderer):
    """Renders a student's text as text, emphasis, lists, tables and code; the only attribute is a checked link."""

    def __init__(self) -> None:
        super().__init__(escape=True)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Keep links to pages and mail; other links become plain text.

        This method and not ``safe_url`` is overridden: since version 3.4 mistune's own ``link`` does not call that.
        """
        if not _LINK.match(url) or len(url) > LONGEST_LINK:
            return text
        return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{text}</a>'

    def heading(self, text: str, level: int, **_: Any) -> str:
        """Keep a notebook's headings below those of the page."""
        below = min(level + 2, 6)
        return f"<h{below}>{text}</h{below}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show the name of a picture; the page loads nothing."""
        return f"[picture: {text}]"  # mistune passes the text escaped

    def block_code(self, code: str, info: str | None = None) -> str:
        """Show code, ignoring the language."""
        return f"<pre><code>{escape(code)}</code></pre>\n"

    def inline_math(self, text: str) -> str:
        """Show a formula as source: the page has no script to typeset it."""
        return f'<code class="math">{escape(text)}</code>'

    def block_math(self, text: str) -> str:
        """Show a formula on its own line, as source."""
        return f'<code class="math block">{escape(text.strip())}</code>'


def _formulas(markdown: mistune.Markdown) -> None:
    """Keep $formulas$ out of Markdown: an underscore in one is not emphasis.

    mistune's own plugin does the same with patterns that take 20 seconds on one hostile cell.
    """
    def keep(_: mistune.InlineParser, match: re.Match[str], state: mistune.InlineState) -> int:
        block, line = match.group("block_formula"), match.group("formula")
        state.append_token({"type": "inline_math" if block is None else "block_math", "raw": block or line})
        return match.end()

    markdown.inline.register("kept_formula", _FORMULA, keep, before="codespan")


def _table_cell(_: mistune.HTMLRenderer, text: str, align: str | None = None, head: bool = False) -> str:
    """Align by a class: the page's policy forbids style attributes."""
    tag = "th" if head and text.strip() else "td"  # a header without words names nothing
    named = f' class="{align}"' if align in _ALIGNED else ""
    return f"<{tag}{named}>{text}</{tag}>\n"


def _table(_: mistune.HTMLRenderer, text: str) -> str:
    """Let a table that is wider than the screen be scrolled, with the keyboard too."""
    return f'<div class="scrolls" tabindex="0" role="group" aria-label="Table">\n<table>\n{text}</table>\n</div>\n'


def _made() -> mistune.Markdown:
    renderer = _SafeRenderer()
    markdown = mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough"])
    renderer.register("table_cell", _table_cell)
    renderer.register("table", _table)
    _formulas(markdown)
    return markdown


_markdown = _made()


def as_typed(source: str) -> Markup:
    """Return Markdown as its source text."""
    return Markup("<pre>{}</pre>").format(source)


def html(source: str) -> Markup:
    """Return a Markdown cell as HTML in which nothing can run, load or leave its place.

    Text whose HTML would be much longer, or that is nested too deeply, is shown as source.
    """
    try:
        rendered = str(_markdown(source))
    except RecursionError:  # deeply nested lists and quotes
        return as_typed(source)
    if len(rendered) > LONGER * len(source) + ROOM:
        return as_typed(source)
    return Markup(rendered)  # noqa: S704 - rendered with raw HTML escaped, see _SafeRenderer
