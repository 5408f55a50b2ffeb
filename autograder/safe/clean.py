"""Makes a notebook safe to open: the same cells and outputs, with a sentence where active content was removed."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.safe import html, images, plain_text

ACTIVE_HTML = "[an HTML output was removed because it contained active content]"
ACTIVE_PART = "[active content was removed from this HTML output]"
LARGE_HTML = "[an HTML output was removed because it was too large]"
SCRIPT = "[a script was removed from this output]"
DRAWING = "[an SVG drawing was removed because it could not be shown safely]"
ACTIVE_DRAWING = "[active content was removed from this SVG drawing]"
UNKNOWN = "[an output was removed because it is of a kind that cannot be shown safely]"
TOO_MUCH = "[further outputs were removed because this notebook has too much of them]"

MOST_COST = 40_000_000
"""Of a whole notebook's HTML and drawings, as `html.cost` counts."""
MOST_CHARACTERS = 64 << 20
MOST_MIMES = 30
_TEXT = ("text/plain", "text/markdown", "text/latex")
_SVG = "image/svg+xml"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WORDS = re.compile(r"[\w .+()-]{0,100}")
_FLAGS = ("collapsed", "scrolled", "deletable", "editable")
_JSON_DEPTH = 6

Json = dict[str, Any]


@dataclass(kw_only=True, slots=True)
class _Budget:
    """The remaining processing budget for this notebook's outputs."""

    cost: int = MOST_COST
    characters: int = MOST_CHARACTERS
    reported: bool = False

    def affords(self, source: str, *, drawing: bool = False) -> bool:
        price = html.cost(source, drawing=drawing)
        if price > min(self.cost, html.MOST_COST):
            return False
        self.cost -= price
        return True


@dataclass(kw_only=True, slots=True)
class _Shown:
    """The data of one output, and sentences about what was removed."""

    data: Json = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


def safe_notebook(notebook: Mapping[str, Any], own: Iterable[Mapping[str, Any]] = ()) -> Json:
    """Return a copy of a notebook in which nothing from a student runs, loads or links when a person opens it.

    Linear in the notebook's size; a second pass changes nothing.

    Args:
        notebook: nbformat 4 JSON of any origin; parts that are not valid in a notebook are left out.
        own: cells of the release: a text that is exactly the same in the notebook is the instructor's and is kept.
    """
    cells = notebook.get("cells")
    given = cells if isinstance(cells, list) else []
    written = {_identity(cell) for cell in own}
    budget = _Budget()
    minor = notebook.get("nbformat_minor")
    return {
        "cells": [_cell(cell, number, written, budget) for number, cell in enumerate(given)
                  if isinstance(cell, Mapping)],
        "metadata": _notebook_metadata(notebook.get("metadata")),
        "nbformat": 4,
        "nbformat_minor": minor if type(minor) is int and 0 <= minor <= 9 else 5,
    }


def _identity(cell: Mapping[str, Any]) -> tuple[str, str, str]:
    return (str(cell.get("cell_type")), _joined(cell.get("source")),
            json.dumps(cell.get("attachments"), sort_keys=True, default=str) if cell.get("attachments") else "")


def _cell(cell: Mapping[str, Any], number: int, written: set[tuple[str, str, str]], budget: _Budget) -> Json:
    kind, source = cell.get("cell_type"), _joined(cell.get("source"))
    kind = kind if kind in ("code", "markdown") else "raw"
    made: Json = {"cell_type": kind, "metadata": _cell_metadata(cell.get("metadata"))}
    if "id" in cell:
        name = cell["id"]
        made["id"] = name if isinstance(name, str) and _CELL_ID.fullmatch(name) else f"cell-{number}"
    if kind == "code":
        count = cell.get("execution_count")
        outputs = cell.get("outputs")
        made.update(source=source, execution_count=count if type(count) is int else None,
                    outputs=_outputs(outputs if isinstance(outputs, list) else [], budget))
        return made
    instructors = _identity(cell) in written
    attached = copy.deepcopy(cell["attachments"]) if instructors and "attachments" in cell else \
        _attachments(cell.get("attachments"), budget)
    made["source"] = source
    if not instructors:
        made["source"] = plain_text.raw(source) if kind == "raw" else plain_text.markdown(source, attached)
    if attached:
        made["attachments"] = attached
    return made


def _outputs(given: list[Any], budget: _Budget) -> list[Json]:
    shown: list[Json] = []
    for output in given:
        if not isinstance(output, Mapping):
            continue
        found = _output(output, budget)
        size = sum(_size(item) for item in found)
        if size > budget.characters:
            if not budget.reported:
                budget.reported = True
                shown.append(_sentence(TOO_MUCH))
            continue
        budget.characters -= size
        shown += found
    return shown


def _size(output: Json) -> int:
    texts = [output.get("text", ""), *output.get("traceback", ()), *output.get("data", {}).values()]
    return 100 + sum(len(one) for one in texts)


def _output(output: Mapping[str, Any], budget: _Budget) -> list[Json]:
    """Return an output in its safe form, followed by remarks about it as separate outputs."""
    kind = output.get("output_type")
    if kind == "stream":
        name = output.get("name")
        return [{"output_type": kind, "name": name if name in ("stdout", "stderr") else "stdout",
                 "text": plain_text.terminal(_joined(output.get("text")))}]
    if kind == "error":
        lines = output.get("traceback")
        return [{"output_type": kind, "ename": plain_text.plain_words(str(output.get("ename", ""))),
                 "evalue": plain_text.terminal(str(output.get("evalue", ""))),
                 "traceback": [plain_text.terminal(line) for line in lines if isinstance(line, str)]
                 if isinstance(lines, list) else []}]
    if kind not in ("display_data", "execute_result"):
        return []
    data = output.get("data")
    shown = _data(data if isinstance(data, Mapping) else {}, budget)
    said = [_sentence(one) for one in dict.fromkeys(shown.said)]
    if not shown.data and said:
        return said
    made: Json = {"output_type": kind, "data": shown.data,
                  "metadata": _output_metadata(output.get("metadata"), shown.data)}
    if kind == "execute_result":
        count = output.get("execution_count")
        made["execution_count"] = count if type(count) is int else None
    return [made, *said]


def _sentence(said: str) -> Json:
    return {"output_type": "display_data", "data": {"text/plain": said}, "metadata": {}}


def _data(data: Mapping[str, Any], budget: _Budget) -> _Shown:
    """Return the representations of one display whose types are exactly on the list."""
    shown = _Shown()
    for mime, given in list(data.items())[:MOST_MIMES]:
        if mime in _TEXT:
            words = _joined(given)
            shown.data[mime] = (plain_text.terminal(words) if mime == "text/plain" else
                                plain_text.markdown(words) if mime == "text/markdown" else plain_text.raw(words))
        elif mime == "text/html":
            _html(_joined(given), shown, budget)
        elif mime == _SVG:
            _drawing(_joined(given), shown, budget)
        elif mime in images.RASTER:
            kept = images.packed(mime, _joined(given))
            if kept:
                shown.data[mime] = kept
            else:
                shown.said.append(plain_text.NO_PICTURE)
        elif isinstance(mime, str) and "script" in mime.lower():
            shown.said.append(SCRIPT)
    if data and not shown.data and not shown.said:
        shown.said.append(UNKNOWN)
    return shown


def _html(source: str, shown: _Shown, budget: _Budget) -> None:
    if len(source) > html.LONGEST_HTML or not budget.affords(source):
        shown.said.append(LARGE_HTML)
        return
    cleaned = html.html(source)
    if cleaned.text:
        shown.data["text/html"] = cleaned.text
    if cleaned.active:
        shown.said.append(ACTIVE_PART if cleaned.text else ACTIVE_HTML)


def _drawing(source: str, shown: _Shown, budget: _Budget) -> None:
    cleaned = html.svg(source) if len(source) <= html.LONGEST_SVG and budget.affords(source, drawing=True) else None
    if cleaned is None or not cleaned.text:
        shown.said.append(DRAWING)
        return
    shown.data[_SVG] = cleaned.text
    if cleaned.active:
        shown.said.append(ACTIVE_DRAWING)


def _attachments(given: Any, budget: _Budget) -> Json:
    """Return the valid pictures, under names that have no special meaning in Markdown."""
    kept: Json = {}
    for name, bundle in given.items() if isinstance(given, Mapping) else ():
        if not isinstance(bundle, Mapping) or not isinstance(name, str) or not _NAME.fullmatch(name):
            continue
        found = {mime: packed for mime in images.RASTER
                 if (packed := images.packed(mime, _joined(bundle.get(mime))))}
        size = sum(map(len, found.values()))
        if found and size <= budget.characters:
            budget.characters -= size
            kept[name] = found
    return kept


def _output_metadata(given: Any, data: Json) -> Json:
    """Return width and height of pictures; everything else (an isolated frame, file names) could be active."""
    kept: Json = {}
    for mime in images.RASTER:
        sizes = given.get(mime) if isinstance(given, Mapping) and mime in data else None
        if isinstance(sizes, Mapping):
            plain = {key: sizes[key] for key in ("width", "height")
                     if type(sizes.get(key)) in (int, float) and 0 < sizes[key] < 10_000}
            kept |= {mime: plain} if plain else {}
    return kept


def _cell_metadata(given: Any) -> Json:
    if not isinstance(given, Mapping):
        return {}
    kept: Json = {key: given[key] for key in _FLAGS if type(given.get(key)) is bool}
    tags = given.get("tags")
    if isinstance(tags, list):
        kept["tags"] = [tag for tag in tags if isinstance(tag, str) and _NAME.fullmatch(tag)]
    nbgrader = given.get("nbgrader")
    if isinstance(nbgrader, Mapping) and _NAME.fullmatch(str(nbgrader.get("grade_id", ""))):
        kept["nbgrader"] = _plain(nbgrader)
    if isinstance(given.get("autograder"), Mapping):
        kept["autograder"] = _plain(given["autograder"])
    return kept


def _notebook_metadata(given: Any) -> Json:
    """Return language and release; state of widgets, titles and the like are left out."""
    if not isinstance(given, Mapping):
        return {}
    return {key: _plain(given[key]) for key in ("kernelspec", "language_info", "autograder")
            if isinstance(given.get(key), Mapping)}


def _plain(value: Any, depth: int = 0) -> Any:
    """Return JSON whose strings have no special meaning in HTML; others are made harmless."""
    if depth > _JSON_DEPTH:
        return None
    if isinstance(value, Mapping):
        return {key: _plain(item, depth + 1) for key, item in value.items()
                if isinstance(key, str) and _WORDS.fullmatch(key)}
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, str):
        return value if _WORDS.fullmatch(value) else re.sub(r"[<>\"&]", "", plain_text.plain_words(value[:1_000]))
    return value if value is None or isinstance(value, bool | int | float) else None


def _joined(value: Any) -> str:
    """Return text that is stored as one string or as a list of lines; anything else counts as empty."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
