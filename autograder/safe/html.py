"""HTML and SVG of a notebook's outputs through an allow-list (nh3): tables, text and drawings, nothing active.

What is allowed is what pandas, rich and matplotlib write. Classes, ids and data attributes are left out: formgrader's
own script uses them. The cost of a text is estimated before a parser sees it, since deep or broken nesting
can take quadratic time.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import nh3

from autograder.safe import allowed_html, images
from autograder.safe.plain_text import formula

LONGEST_HTML = 1 << 20
LONGEST_SVG = 4 << 20
MOST_COST = 20_000_000
"""Most cost of one text; a unit is about the time for one character."""

_OPENING = re.compile(r"<([A-Za-z][^\s/>]{0,40})")
_ACTIVE = re.compile(
    r"(?i)<[\s/]*(?:script|iframe|frame|object|embed|applet|svg|math|form|input|button|textarea|select|link|meta|base|"
    r"template|audio|video|source|portal)\b|<style(?!\s+scoped>)|@import|url\(|[\s/\"']on[a-z]{3,}\s*=|"
    r"(?:java|vb)script\s*:|\bhref\s{0,9}=\s{0,9}[\"']?(?:data|file|blob):|"
    r"\bsrc\s{0,9}=\s{0,9}[\"']?(?!data:image/(?:png|jpeg|gif);base64,)[a-z/.]")
_ACTIVE_SVG = re.compile(r"(?i)<[\s/]*(?:script|foreignobject|iframe|animate\w*|set|image|feimage|a|handler)\b|"
                         r"[\s/\"']on[a-z]{3,}\s*=|(?:java|vb)script\s*:|<!ENTITY|@import")

_PLAIN_VALUE = re.compile(r"[A-Za-z0-9_ \t\n.,()%+-]*")
_REFERENCE = re.compile(r"#[A-Za-z0-9_.:-]{1,100}")
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\"'<>`\\]{1,2000}", re.IGNORECASE)
_SOURCE = re.compile(r"data:(image/(?:png|jpeg|gif));base64,(.*)", re.DOTALL)
_SMALL = re.compile(r"[0-9]{1,4}(?:px|%)?")
_ALIGN = re.compile(r"(?i)left|right|center|justify|top|middle|bottom|baseline|row|col")
_PREFIX = "drawing-"
_FACT = re.compile(r'(?<= )(?!xmlns)[A-Za-z:-]+="[^"]*"')
_NOTHING = re.compile(r"<img(?![^>]* src=)[^>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """The cleaned text, and whether active content was removed; an empty text shows nothing."""

    text: str
    active: bool


def cost(source: str, *, drawing: bool = False) -> int:
    """Return an upper bound of a parser's work on a text, in characters; linear in the text's length itself."""
    opened = Counter(name.lower() for name in _OPENING.findall(source))
    flat = {name.lower() for name in allowed_html.SVG_TAGS} if drawing else allowed_html.NESTING_ENDS
    nesting = sum(count for name, count in opened.items() if name not in flat)
    others = sum(opened.values()) - nesting + source.count("</")
    formatting = sum(count for name, count in opened.items() if name in allowed_html.FORMATTING)
    return len(source) * (4 if drawing else 1) + nesting * (nesting + others) // 5 + 3 * formatting * others


def html(source: str) -> Cleaned:
    """Return HTML as tables and text without ids, classes, scripts, forms or anything that is loaded."""
    text = _NOTHING.sub("", formula(_page_cleaner().clean(source)))
    shown = re.sub(r"<(?!img\b)[^>]*>|&nbsp;|\s+", "", text)
    return Cleaned(text=text.strip() if shown else "", active=_ACTIVE.search(source) is not None)


def svg(source: str) -> Cleaned:
    """Return an SVG drawing as shapes and text without references to the outside, as XML for a browser."""
    start = source.find("<svg")
    if start < 0 or start > 4_000:
        return Cleaned(text="", active=False)
    text = _drawing_cleaner().clean(source[start:]).strip().replace("&nbsp;", "&#160;")
    end = text.rfind("</svg>")
    if not text.startswith("<svg") or end < 0:
        return Cleaned(text="", active=_ACTIVE_SVG.search(source) is not None)
    # HTML serialisation omits what XML requires; the line joins replace matplotlib's style sheet.
    root, rest = text[: end + 6].split(">", 1)
    facts = " ".join(sorted(_FACT.findall(root)))
    head = ('<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'stroke-linejoin="round" stroke-linecap="butt" {facts}>')
    return Cleaned(text=head + rest, active=_ACTIVE_SVG.search(source) is not None)


@cache
def _page_cleaner() -> nh3.Cleaner:
    everywhere = {"style", "align", "valign"}
    return nh3.Cleaner(
        tags=set(allowed_html.TAGS), clean_content_tags=set(allowed_html.WITHOUT_CONTENT | {"svg"}),
        attribute_filter=_page_attribute,
        attributes={"*": everywhere, "a": {"href"}, "img": {"src", "alt", "width", "height"},
                    "table": {"border"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
                    "col": {"span"}, "ol": {"start"}},
        allowed_classes={"table": {"dataframe"}}, url_schemes={"http", "https", "mailto", "data"}, url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _page_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return _style(value, allowed_html.STYLES)
    if name == "href":
        return value if _ADDRESS.fullmatch(value) else None
    if name == "src":
        match = _SOURCE.fullmatch(value.strip())
        kept = images.packed(match[1], match[2]) if match else ""
        return f"data:{match[1]};base64,{kept}" if match and kept else None
    if name in ("align", "valign", "scope"):
        return value if _ALIGN.fullmatch(value) else None
    if name in ("alt", "class"):
        return re.sub(r"[<>]", "", value[:500])
    return value if _SMALL.fullmatch(value) else None


@cache
def _drawing_cleaner() -> nh3.Cleaner:
    plain = set(allowed_html.SVG_PLAIN | allowed_html.SVG_STYLES.keys())
    plain |= {"id", "style", "clip-path", "mask", "href", "xlink:href"}
    return nh3.Cleaner(
        tags=set(allowed_html.SVG_TAGS),
        clean_content_tags=set(allowed_html.WITHOUT_CONTENT - {"title"} | {"foreignObject", "metadata"}),
        attributes={"*": plain}, attribute_filter=_drawing_attribute, url_schemes=set(), link_rel=None,
        id_prefix=_PREFIX,
    )


def _drawing_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "svg" and name.startswith("stroke-line"):
        return None  # written by `svg` itself
    if name == "style":
        return _style(value, allowed_html.SVG_STYLES)
    if name in ("href", "xlink:href"):
        return _reference(value) if tag == "use" and _REFERENCE.fullmatch(value) else None
    if name == "id":
        return value if _NAME.fullmatch(value) else None
    if name in ("clip-path", "mask"):
        return _prefixed(value) if re.fullmatch(r"url\(#[A-Za-z0-9_.:-]{1,100}\)", value.strip()) else None
    if name in allowed_html.SVG_STYLES:
        return _prefixed(value) if re.fullmatch(allowed_html.SVG_STYLES[name], value.strip()) else None
    return value if _PLAIN_VALUE.fullmatch(value) else None


def _style(value: str, properties: dict[str, str]) -> str | None:
    """Return the declarations whose property and value are on the list; no functions except those for colours."""
    kept = []
    for declaration in value[:2_000].split(";"):
        name, _, said = (part.strip() for part in declaration.partition(":"))
        pattern = properties.get(name.lower())
        if pattern and re.fullmatch(pattern, said):
            kept.append(f"{name.lower()}: {_prefixed(said)}")
    return "; ".join(kept) or None


def _prefixed(value: str) -> str:
    """Return a reference within the drawing, whose ids have a prefix so that they differ from those of the page."""
    return re.sub(rf"^url\(#(?!{_PREFIX})", f"url(#{_PREFIX}", value.strip())


def _reference(value: str) -> str:
    return value if value.startswith(f"#{_PREFIX}") else f"#{_PREFIX}{value[1:]}"
