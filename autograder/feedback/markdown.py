"""Markdown of a notebook as safe HTML: no raw HTML, no picture from elsewhere, links to pages and mail only."""

from __future__ import annotations

import re
from typing import Any

import mistune
from markupsafe import Markup, escape

LONGEST_LINK = 500
"""Characters: one reference can be repeated by a few signs."""
LONGER, ROOM = 12, 2_000
"""The longest HTML for so many characters: signs of markup become tags of some ten."""
_LINK = re.compile(r"(?i)(https?://[^\s]|mailto:[^\s])")
_FORMULA = r"\$\$(?P<block_formula>[^$]{1,1000})\$\$|\$(?![\s$])(?P<formula>[^$\n]{1,300})(?<!\s)\$(?!\d)"
_ALIGNED = {"left", "center", "right"}


class _SafeRenderer(mistune.HTMLRenderer):
    """What a student wrote becomes text, emphasis, lists, tables and code; no attribute but a checked link."""

    def __init__(self) -> None:
        super().__init__(escape=True)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Keep links to pages and mail; of any other only the text is left.

        This method and not ``safe_url`` is overridden: since version 3.4 mistune's own ``link`` does not ask that.
        """
        if not _LINK.match(url) or len(url) > LONGEST_LINK:
            return text
        return f'<a href="{escape(url)}" rel="noopener noreferrer nofollow">{text}</a>'

    def heading(self, text: str, level: int, **_: Any) -> str:
        """Keep a notebook's headings below those of the page."""
        below = min(level + 2, 6)
        return f"<h{below}>{text}</h{below}>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show what a picture is called; the page loads nothing."""
        return f"[picture: {text}]"  # mistune hands the text over escaped

    def block_code(self, code: str, info: str | None = None) -> str:
        """Show code; the language that was named changes nothing."""
        return f"<pre><code>{escape(code)}</code></pre>\n"

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


def _table_cell(_: mistune.HTMLRenderer, text: str, align: str | None = None, head: bool = False) -> str:
    """Align by a class: the page's policy forbids styles that stand in an attribute."""
    tag = "th" if head else "td"
    named = f' class="{align}"' if align in _ALIGNED else ""
    return f"<{tag}{named}>{text}</{tag}>\n"


def _made() -> mistune.Markdown:
    renderer = _SafeRenderer()
    markdown = mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough"])
    renderer.register("table_cell", _table_cell)
    _formulas(markdown)
    return markdown


_markdown = _made()


def as_typed(source: str) -> Markup:
    """Return Markdown as the text that was typed."""
    return Markup("<pre>{}</pre>").format(source)


def html(source: str) -> Markup:
    """Return a Markdown cell as HTML in which nothing of its author's can act, load or leave its place.

    What would become much longer than it is, or is nested without end, is shown as it was typed.
    """
    try:
        rendered = str(_markdown(source))
    except RecursionError:  # deeply nested lists and quotes
        return as_typed(source)
    if len(rendered) > LONGER * len(source) + ROOM:
        return as_typed(source)
    return Markup(rendered)  # noqa: S704 - rendered with raw HTML escaped, see _SafeRenderer
