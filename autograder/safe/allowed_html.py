"""What is allowed in the HTML and in the SVG drawings of a notebook: what pandas, rich and matplotlib write."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS = _words(
    "a abbr b blockquote br caption code col colgroup dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img "
    "ins kbd li mark ol p pre s samp small span strong sub sup table tbody td tfoot th thead tr u ul var")
SVG_TAGS = _words(
    "svg g defs path rect circle ellipse line polyline polygon text tspan use clipPath linearGradient radialGradient "
    "stop title desc marker symbol pattern mask")
NESTING_ENDS = _words("td th tr p li dt dd tbody thead tfoot br hr img col")
FORMATTING = _words("a b big code em font i nobr s small strike strong tt u")
WITHOUT_CONTENT = _words(
    "script style iframe noscript noembed noframes object template textarea title math")
_COLOUR = r"(?:#[0-9A-Fa-f]{3,8}|[A-Za-z]{3,30}|rgba?\([0-9., %]{1,40}\)|hsla?\([0-9., %deg]{1,40}\))"
_WORD = r"[a-z-]{1,20}"
_LENGTH = r"(?:0|[0-9]{1,3}(?:\.[0-9]{1,3})?(?:px|em|rem|%|pt|ch)?)"
STYLES = {
    **dict.fromkeys(("color", "background-color", "text-decoration-color"), _COLOUR),
    **dict.fromkeys(("font-style", "text-align", "vertical-align", "white-space", "overflow-x", "border-collapse",
                     "text-decoration", "text-decoration-line"), _WORD),
    "font-weight": r"(?:[a-z]{1,10}|[1-9]00)",
    "line-height": r"(?:normal|[1-3](?:\.[0-9]{1,2})?)",
    "font-family": r"[A-Za-z0-9 ,'-]{1,200}",
    "border": rf"{_LENGTH}(?: {_WORD})?(?: {_COLOUR})?",
    **dict.fromkeys(("padding", "padding-left", "padding-right", "padding-top", "padding-bottom"),
                    rf"{_LENGTH}(?: {_LENGTH}){{0,3}}"),
}
_PAINT = rf"(?:{_COLOUR}|url\(#[A-Za-z0-9_.:-]{{1,100}}\))"
_NUMBERS = r"[0-9eE., +-]{1,200}"
SVG_STYLES = {
    **dict.fromkeys(("fill", "stroke"), _PAINT),
    **dict.fromkeys(("opacity", "fill-opacity", "stroke-opacity", "stroke-width", "stroke-dasharray",
                     "stroke-dashoffset", "stroke-miterlimit", "stop-opacity", "font-size"),
                    rf"(?:none|{_NUMBERS}(?:px|pt|em|%)?)"),
    **dict.fromkeys(("stroke-linecap", "stroke-linejoin", "fill-rule", "clip-rule", "text-anchor", "font-style",
                     "font-weight", "font-stretch", "font-variant", "dominant-baseline"), r"[a-z0-9-]{1,20}"),
    "stop-color": _COLOUR,
    **dict.fromkeys(("font", "font-family"), r"[A-Za-z0-9 ,.'-]{1,200}"),
}
SVG_PLAIN = _words(
    "d x y x1 x2 y1 y2 cx cy r rx ry fx fy dx dy width height points viewBox transform offset version "
    "gradientUnits gradientTransform clipPathUnits preserveAspectRatio patternUnits refX refY markerWidth "
    "markerHeight orient rotate textLength lengthAdjust")
