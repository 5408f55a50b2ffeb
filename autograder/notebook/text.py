"""How the texts of cells are compared: white space makes no difference."""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
import warnings
from collections import Counter

from autograder.notebook.syntax import parse_syntax

_BLANK_MARKS = re.compile(r"your\s+(code|answer)\s+here", re.IGNORECASE)
_QUOTES = ("'", '"', "r'", 'r"')
_WORDS = 3  # fewer words in comments count as a remark, not an answer
_TOKENIZED = 100_000  # characters; longer text is compared by lines


def squeeze(text: str) -> str:
    """Return the text without any white space: equal keys look the same to a reader."""
    return "".join(text.split())


def code_key(text: str) -> str:
    """Return code without comments and white space; equal keys run alike (up to indentation)."""
    if len(text) <= _TOKENIZED:
        try:
            tokens = tokenize.generate_tokens(io.StringIO(text).readline)
            return "".join(squeeze(token.string) for token in tokens if token.type != tokenize.COMMENT)
        except (tokenize.TokenError, SyntaxError, ValueError):
            pass
    return squeeze("\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")))


def prose_key(text: str) -> str:
    """Return prose without white space and without the placeholder for a missing answer."""
    return squeeze(_BLANK_MARKS.sub("", text))


def added_lines(original: str, changed: str) -> list[str]:
    """Return the lines of ``changed`` that ``original`` does not have, ignoring white space and empty lines."""
    known = {squeeze(line) for line in original.splitlines()}
    return [line for line in changed.splitlines() if squeeze(line) and squeeze(line) not in known]


def kept_share(original: Counter[str], changed: Counter[str]) -> float:
    """Return the share, 0 to 1, of the words of ``original`` that ``changed`` still has; linear in ``original``."""
    total = original.total()
    return (original & changed).total() / total if total else 0.0


def looks_like_code(text: str) -> bool:
    """Whether a text cell contains Python that does something, perhaps inside a code fence."""
    body = without_fences(text)
    if not body.strip() or len(body) > _TOKENIZED:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the student's escapes
            tree = parse_syntax(body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    doing = (ast.Assign, ast.AugAssign, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Call)
    return any(isinstance(node, doing) for node in ast.walk(tree))


def without_fences(text: str) -> str:
    """Return text without the lines that open and close a block of code in Markdown."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("```"))


def _is_python(text: str) -> bool:
    """Whether text is code, such as a line that was commented out."""
    try:
        parse_syntax(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def words_of_code(text: str) -> str | None:
    """Return the prose of a code cell that contains only comments, or one string; otherwise None."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and all(line.startswith("#") for line in lines):
        words = "\n".join(line.lstrip("#").strip() for line in lines)
        said = len(_BLANK_MARKS.sub("", words).split()) >= _WORDS
        return words if said and not _is_python("\n".join(line.removeprefix("#") for line in lines)) else None
    if len(text) > _TOKENIZED or not text.lstrip().startswith(_QUOTES):
        return None
    try:
        body = parse_syntax(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    match body:
        case [ast.Expr(value=ast.Constant(value=str(words)))] if words.strip():
            return words
    return None
