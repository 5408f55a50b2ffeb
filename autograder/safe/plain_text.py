"""Markdown, raw cells, formulas and terminal output without active content, whatever program renders them.

Programs disagree about what in a Markdown text is code and what is HTML, so nothing here parses Markdown. Where a
character could begin something active, an invisible word joiner (U+2060) is put after it: ``<script>`` then is text for
every parser, inside and outside of code, and a reader still sees every character that was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from autograder.safe import images

JOINER = "\u2060"
LONGEST = 200_000
CUT = "\n\n[The rest of this text is left out here because it is too long; the submitted notebook has it.]\n"
ELSEWHERE = "[an external picture is not shown: {}]"
NO_PICTURE = "[a picture was removed because its content does not match its type, or it is too large]"
MOST_COLOURS = 2_000_000_000
"""Colour sequences times characters: the amount that nbconvert copies when converting colours to HTML."""

# Elements that contain only text, without attributes; none of them can close an element of the surrounding page.
_PLAIN_TAGS = r"</?(?:b|i|u|s|em|strong|sub|sup|del|ins|mark|kbd|code|small|br|hr) ?/?>"
_ADDRESS = r"(?:https?://|mailto:)[A-Za-z0-9._~/?#@+,;=:%&-]{1,2000}"
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_TAG = re.compile(rf"({_PLAIN_TAGS})|<(?=[A-Za-z/!?])")
_PICTURE = r"!\[(?P<name>[^\[\]\n]{0,500})\]\([ ]?(?P<source>[^()\s]*)[ ]?\)"
_LINK = rf"\]\({_ADDRESS}(?: \"[A-Za-z0-9 .,-]{{0,200}}\")?\)|\]\(#[A-Za-z0-9_-]{{0,200}}\)"
_POINTER = re.compile(rf"(?P<picture>{_PICTURE})|(?P<kept>{_LINK})|!(?=\[)|\](?=\()")
_ATTACHMENT = re.compile(r"attachment:([A-Za-z0-9._-]{1,200})")
_EMBEDDED = re.compile(r"data:(image/(?:png|jpeg|gif));base64,([A-Za-z0-9+/=]+)")
_DEFINITION = re.compile(rf"(\]:[ ]{{0,4}}{_ADDRESS}[ \t]*$)|\](?=:)", re.MULTILINE)
_ENTITY = re.compile(r"(?i)&(?:#(?P<number>x?[0-9a-f]{1,8})?|(?:bsol|colon|tab|newline|lpar|rpar|lsqb|rsqb|lbrack|"
                     r"rbrack|dollar|excl|num|sol);)")
# nbconvert gives a heading its own text as id; such an id could replace that of the page's field for a score.
_HEADING = re.compile(rf"^([ \t>*+\-0-9.)]*#{{1,6}}[ \t]*)(?=[^#\s{JOINER}])", re.MULTILINE)
_UNDERLINED = re.compile(rf"(?<=[^\s{JOINER}])([ \t]*\n[ \t>]*(?:=+|-+)[ \t]*$)", re.MULTILINE)
_DIAGRAM = re.compile(r"(?i)([`~]{3}[ \t]{0,8}\{?)(?=[ \t]*mermaid)")
# Macros of MathJax that link, load, name, style or define; formulas keep all others.
_MACRO = re.compile(
    r"\\(?=(?:href|url|require|class|style|cssId|unicode|bbox|data|toggle|action|mathtip|texttip|tooltip|html[A-Za-z]*|"
    r"includegraphics|mmlToken|enclose|begingroup|def|gdef|edef|xdef|let|newcommand|renewcommand|providecommand|"
    r"newenvironment|renewenvironment|DeclareMathOperator|DeclarePairedDelimiters?[A-Za-z]*|Newextarrow|csname|input|"
    r"setOptions|texttip)(?![A-Za-z]))", re.IGNORECASE)
_KEPT_COLOUR = re.compile(r"\x1b\[[0-9;]{0,40}m")
# Bounded repetitions: an endless sequence must not be scanned again from each of its characters.
_SEQUENCE = re.compile(
    r"(\x1b\[[0-9;]{0,40}m)|\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)|"
    r"\x1b[@-Z\\-_]?|\x9b")


def without_joiners(text: str) -> str:
    """Return a text as it was before characters were made harmless; pictures that were removed do not come back."""
    return text.replace(JOINER, "")


def plain_words(text: str) -> str:
    """Make our own text, which quotes a student's values, safe: no HTML, link or formula for any program."""
    joined = text.replace("](", f"]{JOINER}(").replace("]:", f"]{JOINER}:").replace("![", f"!{JOINER}[")
    return raw(joined)


def raw(text: str) -> str:
    """Return the text of a raw cell, which nbconvert passes through as HTML, without tags and hidden characters."""
    return formula(_OPENING.sub(f"<{JOINER}", _ENTITY.sub(_entity, text)))


def formula(text: str) -> str:
    """Return a text in which no macro of MathJax links, loads, styles or defines anything."""
    return _MACRO.sub(rf"\\{JOINER}", text)


def markdown(text: str, attached: Collection[str] = ()) -> str:
    """Return Markdown without HTML, external pictures and links that are not plain addresses.

    The same text comes back where there is nothing to change, and a second pass changes nothing.

    Args:
        text: at most ``LONGEST`` characters of it are kept.
        attached: names of the cell's attachments that may be shown.
    """
    if len(text) > LONGEST + len(CUT):
        text = text[:LONGEST] + CUT
    text = _ENTITY.sub(_entity, text)
    text = _TAG.sub(_behind, text)
    text = _POINTER.sub(lambda found: _pointer(found, attached), text)
    text = _DEFINITION.sub(_behind, text)
    text = _HEADING.sub(rf"\1{JOINER}", text)
    text = _UNDERLINED.sub(rf"{JOINER}\1", text)
    return formula(_DIAGRAM.sub(rf"\1{JOINER}", text))


def terminal(text: str) -> str:
    """Return output of a program with a bounded number of colours as its only escape sequences."""
    if "\x1b" not in text and "\x9b" not in text:
        return text
    text = _SEQUENCE.sub(_keep, text)
    return text if text.count("\x1b") * len(text) <= MOST_COLOURS else _KEPT_COLOUR.sub("", text)


def _keep(found: re.Match[str]) -> str:
    return found[1] or ""


def _behind(found: re.Match[str]) -> str:
    """Keep what is harmless; otherwise put a joiner after the character."""
    return found[1] or found[0] + JOINER


def _pointer(found: re.Match[str], attached: Collection[str]) -> str:
    """Keep a plain link and a picture that the notebook contains."""
    if not found["picture"]:
        return found["kept"] or found[0] + JOINER
    source = found["source"]
    if match := _ATTACHMENT.fullmatch(source):
        right, said = match[1] in attached, NO_PICTURE
    elif match := _EMBEDDED.fullmatch(source):
        right, said = bool(images.packed(match[1], match[2])), NO_PICTURE
    else:
        right, said = False, ELSEWHERE.format(found["name"])
    # Joiners around it: with the characters before and after, the sentence's brackets must not form a link again.
    return found[0] if right else f"{JOINER}{said}{JOINER}"


def _entity(found: re.Match[str]) -> str:
    """Keep the number of a letter that ASCII does not have; all others could hide a character that is searched for."""
    number = (found["number"] or "").lower()
    try:
        code = int(number[1:], 16) if number.startswith("x") else int(number)
    except ValueError:
        code = 0
    return found[0] if 128 <= code < 0x110000 else f"&{JOINER}{found[0][1:]}"
